//! What a user may choose of how judges are measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Axis, Card, PerAxis, Severity};

/// What a user may choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasureOptions {
    /// Seed of every random stream.
    pub seed: u64,
    /// Confidence level of every interval, in (0, 1).
    pub level: f64,
    /// Thresholds instead of the card's.
    pub thresholds: PerAxis<Option<Severity>>,
    /// Difference of two shares that would be small enough to call them equal, in (0, 1).
    pub margin: f64,
    /// Resamples of clusters behind joint intervals, at least 999.
    pub resamples: usize,
    /// What judges are compared on first.
    pub primary: PrimaryComparison,
}

impl MeasureOptions {
    /// Severities from which an example is a positive: the chosen ones, else the card's.
    pub fn thresholds_on(&self, card: &Card) -> PerAxis<Severity> {
        PerAxis::from_fn(|axis| self.thresholds.get(axis).unwrap_or_else(|| card.axis(axis).threshold))
    }
}

/// Margin of equivalence where nobody names another; it has to be fixed before the data are seen.
pub const DEFAULT_MARGIN: f64 = 0.10;

/// Resamples where nobody names another number: (resamples + 1) times 0.05 is whole.
pub const DEFAULT_RESAMPLES: usize = 9_999;

/// What a comparison may be decided on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrimaryMetric {
    /// Recall plus specificity minus one.
    #[default]
    YoudenJ,
    /// Recall.
    Recall,
}

impl PrimaryMetric {
    /// The name used in every file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::YoudenJ => "youden_j",
            Self::Recall => "recall",
        }
    }
}

/// The metric and the axis on which judges are compared first: fixed before the data are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrimaryComparison {
    /// The metric.
    pub metric: PrimaryMetric,
    /// The axis.
    pub axis: Axis,
}

impl Default for PrimaryComparison {
    fn default() -> Self {
        Self { metric: PrimaryMetric::YoudenJ, axis: Axis::Omission }
    }
}

/// Whether disagreements are named or only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Counted.
    Counts,
    /// Named.
    Examples,
}
