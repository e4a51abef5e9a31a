//! What a judge's blindness does to conclusions drawn with it, and what can be put right.
//!
//! Which correction: a calibration set stratified on gold belongs to [`rogan_gladen`]; one sampled at random belongs to
//! [`ppi_mean`] and [`post_stratified`]. Mixing the two up is the commonest error.

mod confusion;
mod consequences;
mod inversion;
mod label_equivalent;
mod post_stratified;
mod ppi;
mod ppi_share;
mod ranking;
mod rogan_gladen;
mod totals;

pub use confusion::Confusion;
pub use consequences::{Consequences, consequences};
pub use inversion::{ConfusionInversion, confusion_inversion};
pub use label_equivalent::{LabelEquivalent, label_equivalent, label_multiplier};
pub use post_stratified::{JointMle, PostStratified, joint_mle, post_stratified};
pub use ppi::{ClusteredPpi, Ppi, Tuning, ppi_mean, ppi_mean_clustered};
pub use ppi_share::{PpiShare, ppi_share};
pub use ranking::{
    ApparentRanking, RankReversal, ReversalPair, SystemRates, apparent_ranking, rank_reversal, swapping_difference,
};
pub use rogan_gladen::{RoganGladen, rogan_gladen};
pub use totals::PpiTotals;
