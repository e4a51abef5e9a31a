//! How many examples an audit needs, and which of them to label.

mod allocation;
mod expected;
mod sample_size;

pub use allocation::{
    ActiveMean, CalibrationSplit, active_mean, calibration_split, neyman_allocation, verified_sensitivity,
};
pub use expected::{Arm, GapDesign, PairDesign, around, expected_interval, half_width, independent_discordance};
pub use sample_size::{
    Power, design_effect, examples_to_collect, minimum_detectable_gap, pairs_for_mcnemar, size_per_arm,
};
