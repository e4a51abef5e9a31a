//! Maps from a judge's score to a calibrated probability, fitted on other clusters than they are used on.
//!
//! "Can this judge be fixed by recalibration?" is answered out of fold: [`crossfit`], then
//! [`corp`](crate::calibration::corp) before and after. With fewer than 30 positives use Platt's map or
//! Venn-Abers, not the isotonic one.

mod beta;
mod crossfit;
mod isotonic;
mod platt;
mod temperature;
mod venn_abers;

pub use beta::{BetaMap, beta_calibration};
pub use crossfit::{Recalibration, crossfit, crossfit_counts, folds_of_clusters};
pub use isotonic::{IsotonicMap, isotonic_calibration};
pub use platt::{PlattMap, PlattTargets, platt_scaling};
pub use temperature::{Temperature, temperature_scaling};
pub use venn_abers::{VennAbers, venn_abers};
