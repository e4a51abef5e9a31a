//! Comparing judges: two on the same examples, several at once, their ranks, and what many tests do to a p-value.

mod adjust;
mod bradley_terry;
mod clustered;
mod cochran;
mod mcnemar;
mod paired;
mod ranks;
mod simultaneous;

pub use adjust::{Adjustment, adjust_p_values};
pub use bradley_terry::{BradleyTerry, bradley_terry};
pub use clustered::{
    CLUSTER_ROBUST_T, ClusteredMcNemar, DiscordantCount, clustered_mcnemar, paired_difference, paired_test,
};
pub use cochran::{CochranQ, cochran_q};
pub use mcnemar::{McNemar, mcnemar};
pub use paired::{
    CLUSTERED_T, DifferenceTest, DoubleCount, double_difference, double_difference_test, paired_difference_test,
};
pub use ranks::{RankSets, rank_sets};
pub use simultaneous::{SimultaneousIntervals, max_t_intervals};

/// A chi-squared statistic with its p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    /// The statistic.
    pub statistic: f64,
    /// Probability of a larger one.
    pub p_value: f64,
}

impl ChiSquared {
    fn new(statistic: f64, df: f64) -> Self {
        Self { statistic, p_value: super::special::chi_squared_sf(statistic, df) }
    }
}
