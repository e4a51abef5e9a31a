//! What a severity of the judge is worth in gold severities, and the other way round.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Severity;
use crate::stats::{Estimate, Tally};

/// What a severity of the judge is worth in gold severities, and the other way round. Scored examples only; repeats are
/// averaged, so counts may be fractional.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityCalibration {
    /// Examples with a severity.
    pub n: Tally,
    /// Examples without.
    pub missing: Tally,
    /// Per severity of the judge: what it was worth.
    pub gold_given_judge: Vec<GoldGivenJudge>,
    /// Per gold severity: what the judge made of it.
    pub judge_given_gold: Vec<JudgeGivenGold>,
    /// Ranked probability score of the gold severities that the judge's severity forecasts, by shares found on other clusters:
    /// 0 is perfect.
    pub ranked_probability_score: Estimate,
    /// The same where the judge is not looked at.
    pub ranked_probability_score_marginal: Option<f64>,
    /// One minus the first over the second: the share of what is unknown about the severity that the judge removes; 0 sees nothing.
    pub ranked_probability_skill: Estimate,
    /// Calibration error of those forecasts of "this severity or above".
    pub cumulative: Vec<CumulativeError>,
}

/// What a severity of the judge was worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoldGivenJudge {
    /// Severity of the judge.
    pub severity: Severity,
    /// Mean gold severity.
    pub mean_gold: Estimate,
    /// Share of positives.
    pub positive_share: Estimate,
}

/// What the judge made of a gold severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeGivenGold {
    /// Gold severity.
    pub severity: Severity,
    /// Mean severity of the judge.
    pub mean_judge: Estimate,
}

/// Calibration error of forecasts of a severity or above.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CumulativeError {
    /// The severity, from 1.
    pub severity: Severity,
    /// Mean distance of forecast and share (ECE) over the distinct forecasts.
    pub ece: f64,
    /// The same less its expected excess from few examples; may be negative.
    pub ece_debiased: f64,
}
