//! Agreement of a judge with the gold labels on an ordinal scale, from the table of both.
//!
//! The categories are those of the full scale, never the observed ones: dropping an unused level changes every weighted measure.
//! Standard errors here assume independent examples; reports take [`super::jackknife`] over clusters, for which a table is cheap to
//! sum without one cluster ([`ConfusionTable::sum_without`]).

mod alpha;
mod association;
mod binary;
mod errors;
mod gwet;
mod kappa;
mod marginal;
mod ratings;
mod reliability;
mod table;

pub use alpha::{Metric, krippendorff_alpha, krippendorff_alpha_of_ratings};
pub use association::{RankAssociation, rank_association};
pub use binary::{BinaryTable, ParadoxPanel, paradox_panel};
pub use errors::{OrdinalErrors, ordinal_errors};
pub use gwet::{GwetCoefficient, gwet_coefficient, gwet_coefficient_of_ratings};
pub use kappa::{CohenKappa, Weighting, clustered_kappa_error, cohen_kappa};
pub use marginal::{Bowker, StuartMaxwell, bowker, stuart_maxwell};
pub use ratings::{RatingCounts, RatingError};
pub use reliability::{IntraclassCorrelations, fleiss_kappa, intraclass_agreement, intraclass_correlations};
pub use table::{ConfusionTable, TableError};
