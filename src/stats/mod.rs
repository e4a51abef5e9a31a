//! Pure numerics: slices in, estimates out. No input or output, no clock, no randomness that was not given.
//!
//! Every method follows one formula page; `docs/statistics.md` names formula, undefined cases and source of each.

#[cfg(test)]
mod arbitrary;
pub mod auc;
pub mod calibration;
pub mod correct;
mod estimate;
mod input;
mod logistic;
mod logit;
mod quantile;
pub mod recalibrate;
#[cfg(test)]
mod reference;
pub mod special;

pub use estimate::{Estimate, Interval, Undefined};
pub use input::{Clusters, Confidence, InputError};
