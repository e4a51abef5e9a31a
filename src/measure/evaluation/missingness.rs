//! Missing verdicts as `evaluation.json` has them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Severity;
use crate::stats::{Estimate, Interval, Undefined};

/// Whether verdicts fail to come where the harm is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Missingness {
    /// Share without a verdict at each gold severity.
    pub by_severity: Vec<UnscoredAtSeverity>,
    /// Share of the positives without a verdict.
    pub unscored_positives: Estimate,
    /// Share of the negatives without a verdict.
    pub unscored_negatives: Estimate,
    /// The one minus the other: above zero, verdicts fail to come where the harm is.
    pub unscored_difference: Estimate,
    /// Whether verdicts go missing at graver severities within clusters.
    pub trend: MissingTrendTest,
    /// An interval that covers the recall, whatever the missing verdicts would have been.
    pub recall_covered: CoveredRecall,
}

/// Share without a verdict at one gold severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnscoredAtSeverity {
    /// Gold severity.
    pub severity: Severity,
    /// Share without a verdict.
    pub share_unscored: Estimate,
}

/// The correlation test of missing verdicts with gold severity, within clusters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MissingTrendTest {
    /// Severities of the examples without a verdict above those to be expected, summed; positive: the graver go missing.
    pub excess_severity: Option<f64>,
    /// Chi-squared with one degree of freedom.
    pub statistic: Option<f64>,
    /// p-value of no relation.
    pub p_value: Option<f64>,
    /// Why there is no test.
    pub undefined: Option<Undefined>,
    /// Name of the method.
    pub method: String,
}

/// An interval of a recall that is only bounded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoveredRecall {
    /// The interval.
    pub interval: Option<Interval>,
    /// Why there is none.
    pub undefined: Option<Undefined>,
    /// Imbens and Manski's critical value, between the one-sided and the two-sided normal quantile.
    pub critical_value: Option<f64>,
    /// Confidence level.
    pub level: f64,
    /// Name of the method.
    pub method: String,
}
