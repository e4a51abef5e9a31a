//! Dose and response: how the share flagged rises with the number of items that were removed or made wrong.

mod coordinates;
mod curve;
mod data;
mod fit;
mod maximum;
mod mixture;
mod profile;
mod rise;
mod robust;
mod search;
#[cfg(test)]
mod tests;

pub use curve::Curve;
pub use data::DoseCounts;
pub use fit::{IndependentDetection, LapseRate, Psychometric, fit_psychometric};
pub use rise::rise;
pub use robust::GoodnessOfFit;

/// Name of the interval in an [`Estimate`](super::Estimate).
pub const PROFILE_LIKELIHOOD_T: &str = "profile_likelihood_t";

/// The largest lapse rate that is fitted. A judge that passes more than half of whatever it is shown has no ceiling that a
/// threshold could be halfway to.
pub const MOST_LAPSE: f64 = 0.5;
/// Smallest and largest shape that is fitted. A fit at either end says that the doses do not tell the shape.
pub const SHAPES: [f64; 2] = [0.2, 10.0];
/// Doses, 0 among them, that a curve of four parameters needs.
pub const FEWEST_DOSES: usize = 4;
