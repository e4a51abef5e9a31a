//! One table a judge, an example a row, and what blocks make of it: sums by cluster, jackknives, values that are cut.

mod auc;
mod groups;
mod jackknife;
mod mid_p;
mod severity;
mod sums;
mod systems;
mod table;
#[cfg(test)]
pub(crate) mod toy;
mod values;

pub(crate) use auc::auc_estimate;
pub(crate) use groups::{Groups, grouped, shuffled_places};
pub(crate) use jackknife::{jackknife_of_sums, without_each};
pub(crate) use mid_p::MidP;
pub(crate) use severity::{class_of, severity_matched_scores};
pub(crate) use sums::{Part, alarm, counts, difference, flag, hit, share, share_of, unscored};
pub(crate) use systems::{MOST_SYSTEMS, of_systems};
pub(crate) use table::{Answered, Context, Subject, mean, place_of, twelve_digits};
#[cfg(test)]
pub(crate) use toy::Toy;
pub(crate) use values::{
    Cell, Choice, ClusterCells, FOLDS, Thinning, ValueCounts, cluster_ranks, cross_fitted, own_point, thinned,
};
