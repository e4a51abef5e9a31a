//! A judge's values by cluster, the cuts that are chosen on them, and points to be drawn.

mod counts;
mod cuts;
mod kept;
mod points;

pub(crate) use counts::{Cell, ClusterCells, FOLDS, ValueCounts, cluster_ranks};
pub(crate) use cuts::{Choice, cross_fitted};
pub(crate) use kept::Thinning;
pub(crate) use points::{own_point, thinned};
