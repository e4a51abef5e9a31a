//! Pure numerics: slices in, estimates out. No input or output, no clock, no randomness that was not given.
//!
//! Every method follows one formula page; `docs/statistics.md` names formula, undefined cases and source of each.

pub mod agreement;
pub mod auc;
pub mod bias;
pub mod calibration;
pub mod compare;
pub mod correct;
mod estimate;
pub mod gap;
mod input;
pub mod jackknife;
mod logistic;
pub mod logit;
pub mod missing;
pub mod power;
pub mod proportion;
pub mod psychometric;
pub mod quantile;
pub mod random;
pub mod raters;
pub mod recalibrate;
pub mod resample;
mod root;
pub mod sequential;
pub mod signflip;
pub mod special;
pub mod surface;
mod tally;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod simulation;

pub use estimate::{Estimate, Interval, Undefined};
pub use input::{Clusters, Confidence, InputError};
pub use tally::Tally;
