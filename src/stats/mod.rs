//! Pure numerics: slices in, estimates out. No input or output, no clock, no randomness that was not given.
//!
//! Every method follows one formula page; `docs/statistics.md` names formula, undefined cases and source of each.

pub mod agreement;
pub mod compare;
#[cfg(test)]
mod coverage;
mod estimate;
pub mod gap;
pub mod jackknife;
pub mod missing;
#[cfg(test)]
mod properties;
pub mod proportion;
pub mod quantile;
pub mod random;
#[cfg(test)]
mod reference;
pub mod resample;
mod root;
pub mod signflip;
pub mod special;
pub mod surface;

pub mod auc;
pub mod bias;
pub mod calibration;
pub mod correct;
pub mod power;
pub mod raters;
pub mod recalibrate;
pub mod sequential;

#[cfg(test)]
mod arbitrary;
mod input;
mod logistic;
mod logit;
#[cfg(test)]
mod simulation;

pub use estimate::{Estimate, Interval, Undefined};
pub use input::{Clusters, Confidence, InputError};
