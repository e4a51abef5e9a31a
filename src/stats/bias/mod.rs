//! What else drives a judge's hits: adjustment for confounders, differential functioning, stability, framing.
//!
//! With few clusters the linear probability model with CR2 ([`cr2_satterthwaite`]) is the one to trust; under separation
//! [`firth_logistic`] stays finite.

mod cr2;
mod dif;
mod firth;
mod gee;
mod logistic_clustered;
mod mantel_haenszel;
mod matched_pairs;
mod partial_spearman;
mod regression;
mod repeat_noise;
mod test_retest;
mod two_way;

pub use cr2::{Cr2, cr2_satterthwaite};
pub use dif::{LogisticDif, logistic_dif};
pub use firth::{FirthLogistic, firth_logistic};
pub use gee::{Gee, WorkingCorrelation, gee};
pub use logistic_clustered::{ClusteredLogistic, logistic_clustered, standardised_rates};
pub use mantel_haenszel::{EtsClass, MantelHaenszel, Stratum, mantel_haenszel};
pub use matched_pairs::{MatchedPairs, OddsInterval, matched_pairs_odds_ratio};
pub use partial_spearman::partial_spearman;
pub use regression::{HitRegression, LinearRegression};
pub use repeat_noise::{RepeatNoise, repeat_noise};
pub use test_retest::{TestRetest, test_retest};
pub use two_way::{TwoWayCell, two_way_effect};
