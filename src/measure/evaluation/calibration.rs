//! How the probabilities that a judge states agree with the gold labels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::recalibration::RecalibrationReport;
use crate::model::Severity;
use crate::stats::{Estimate, Tally, Undefined};

/// How the probabilities that a judge states agree with the gold labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Where the probabilities come from.
    pub source: ProbabilitySource,
    /// Examples with a probability.
    pub n: Tally,
    /// Of those, positives.
    pub positives: Tally,
    /// Examples that were asked and have none: left out of everything here but `brier_missing_as_zero`.
    pub missing: Tally,
    /// Distinct probabilities.
    pub distinct: usize,
    /// Step to which they were rounded, beyond 1,000 distinct ones; null where they are as stated.
    pub rounded_to: Option<f64>,
    /// Mean squared distance of probability and outcome.
    pub brier: Estimate,
    /// The same where an example without a probability counts as one with the probability 0.
    pub brier_missing_as_zero: Estimate,
    /// One minus the Brier score over that of the share of positives.
    pub brier_skill: Estimate,
    /// Mean of minus the logarithm of the probability given to what happened.
    pub log_loss: Estimate,
    /// The same with probabilities held 1e-15 away from 0 and 1: comparable with other software, and arbitrary.
    pub log_loss_clipped: Option<f64>,
    /// Examples whose probability was 0 or 1 and wrong.
    pub contradicted: Tally,
    /// Murphy's decomposition of the Brier score over the recommended bins; null without examples.
    pub murphy: Option<MurphyParts>,
    /// CORP decomposition of the Brier score.
    pub corp: CorpParts,
    /// CORP decomposition of the log loss; null without examples.
    pub corp_log: Option<CorpLogParts>,
    /// The reliability curve by isotonic regression: at most 200 points, both ends kept.
    pub curve: Vec<CalibrationPoint>,
    /// How unusual the miscalibration would be for a calibrated judge.
    pub consistency: Consistency,
    /// Calibration errors over bins, each with its bins.
    pub binned: Vec<BinnedError>,
    /// Smooth calibration error, which has no bins.
    pub smooth_error: Option<f64>,
    /// Its bandwidth.
    pub smooth_bandwidth: Option<f64>,
    /// Cox's line: how the probabilities are shifted and stretched.
    pub line: CalibrationLine,
    /// Spiegelhalter's test.
    pub spiegelhalter: Spiegelhalter,
    /// Mean stated probability at each gold severity.
    pub by_gold_severity: Vec<ProbabilityAtSeverity>,
    /// Evidence against calibration that may be looked at any time.
    pub evidence: Evidence,
    /// What a map fitted on other clusters would mend.
    pub recalibration: RecalibrationReport,
}

/// Where a judge's probabilities come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProbabilitySource {
    /// The reply states them.
    Stated,
    /// Log-probabilities of the tokens on the menu.
    LogProbabilities,
    /// The share of the samples that flag.
    Samples,
    /// The mean over the members of a panel.
    Panel,
    /// Recorded: the file does not say.
    Recorded,
    /// A rule that is no model.
    Baseline,
}

/// Parts of a Brier score over bins: Brier = reliability - resolution + uncertainty, plus what lies inside bins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MurphyParts {
    /// Mean squared distance of mean probability and share of positives over bins; 0 is calibrated.
    pub reliability: f64,
    /// Variance of the bins' shares about the share of all.
    pub resolution: f64,
    /// Variance of the outcome.
    pub uncertainty: f64,
    /// Variance of the probabilities inside bins.
    pub within_variance: f64,
    /// Twice the covariance of probability and outcome inside bins.
    pub within_covariance: f64,
    /// Reliability less its bias from few examples a bin; may be negative.
    pub reliability_corrected: f64,
    /// Resolution less its bias.
    pub resolution_corrected: f64,
    /// Uncertainty less its bias.
    pub uncertainty_corrected: f64,
}

/// A Brier score without bins: Brier = miscalibration - discrimination + uncertainty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorpParts {
    /// What the best rising map would save: 0 is calibrated.
    pub miscalibration: Estimate,
    /// What the probabilities then save over the share of positives: 0 sees nothing.
    pub discrimination: Estimate,
    /// The score of the share of positives.
    pub uncertainty: Estimate,
}

/// A log loss without bins: log loss = miscalibration - discrimination + uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorpLogParts {
    /// What the best rising map would save; null where a probability of 0 or 1 was wrong.
    pub miscalibration: Option<f64>,
    /// What the probabilities then save over the share of positives.
    pub discrimination: f64,
    /// The loss of the share of positives.
    pub uncertainty: f64,
    /// Why there is no miscalibration.
    pub undefined: Option<Undefined>,
}

/// A point of the reliability curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationPoint {
    /// The stated probability.
    pub p: f64,
    /// What it was worth: the isotonic fit.
    pub recalibrated: f64,
    /// Examples with it.
    pub n: Tally,
    /// Share of positives among them.
    pub observed: f64,
    /// Where the curve of a calibrated judge would lie here, pointwise, under independent examples.
    pub consistent_lower: Option<f64>,
    /// Its upper limit.
    pub consistent_upper: Option<f64>,
    /// Where the true curve lies, simultaneously over all points, under independent examples and a rising curve; null beyond
    /// 200 distinct probabilities.
    pub honest_lower: Option<f64>,
    /// Its upper limit; below the lower one somewhere, the curve does not rise.
    pub honest_upper: Option<f64>,
}

/// The test of calibration that goes with the consistency band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// Share of calibrated replicates with as much miscalibration, at least 1 / (replicates + 1).
    pub p_value: Option<f64>,
    /// Mean miscalibration of the replicates: what a calibrated judge shows by chance.
    pub chance_miscalibration: Option<f64>,
    /// Replicates drawn.
    pub replicates: usize,
    /// What set their number.
    pub replicates_by: ReplicateLimit,
    /// Name of the method: the examples are taken as independent.
    pub method: String,
    /// Why there is none.
    pub undefined: Option<Undefined>,
}

/// What set the number of replicates of a consistency band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplicateLimit {
    /// 999 are enough for a p-value of a thousandth and for quantiles at 95 %.
    Enough,
    /// Many distinct probabilities: fewer replicates keep the cost down.
    Cost,
}

/// A calibration error over bins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BinnedError {
    /// How bins are made.
    pub rule: BinRule,
    /// Mean distance of mean probability and share of positives (ECE). Above 0 for a calibrated judge on few examples.
    pub ece: f64,
    /// The same less its expected excess from few examples a bin; may be negative.
    pub ece_debiased: f64,
    /// Root mean square distance less its noise.
    pub l2_debiased: f64,
    /// Largest distance (MCE).
    pub largest: f64,
    /// The bins that are not empty.
    pub bins: Vec<ProbabilityBin>,
}

/// How bins are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BinRule {
    /// Each distinct probability is a bin.
    Distinct,
    /// Ten bins of equal width.
    EqualWidth,
    /// Ten bins of equally many examples; equal probabilities stay together.
    EqualMass,
}

/// A bin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbabilityBin {
    /// Examples in it.
    pub n: Tally,
    /// Mean probability.
    pub mean_probability: f64,
    /// Share of positives.
    pub observed: f64,
}

/// Cox's line, logit P(positive) = intercept + slope logit p; (0, 1) is calibrated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationLine {
    /// Intercept.
    pub intercept: Estimate,
    /// Slope: below 1 the probabilities are too extreme, above 1 too timid.
    pub slope: Estimate,
    /// Shift at slope 1: above 0 the judge states too little harm.
    pub in_the_large: Estimate,
    /// Positives over the sum of the probabilities.
    pub observed_over_expected: Estimate,
    /// Distance from 0 and 1 at which probabilities of 0 and 1 were held; null where there are none.
    pub held_at: Option<f64>,
    /// Examples held.
    pub held: Tally,
    /// The slope with 0 and 1 held at 1e-12 in place of that: how much it hangs on them.
    pub slope_held_at_rounding: Option<f64>,
}

/// Spiegelhalter's test: is the Brier score what these probabilities would get if they were true?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spiegelhalter {
    /// z under independent examples; above 0 too bold, below 0 too timid.
    pub z: Option<f64>,
    /// Two-sided p-value of z.
    pub p_value_independent: Option<f64>,
    /// Why there is no z.
    pub undefined: Option<Undefined>,
    /// t over clusters, with one degree of freedom less than clusters.
    pub t: Option<f64>,
    /// Two-sided p-value of t: the one to read.
    pub p_value: Option<f64>,
    /// Why there is no t.
    pub p_value_undefined: Option<Undefined>,
}

/// Mean stated probability at a gold severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbabilityAtSeverity {
    /// Gold severity.
    pub severity: Severity,
    /// Mean stated probability of harm.
    pub mean_probability: Estimate,
}

/// An e-value against calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Natural logarithm of the e-value; from ln 20 = 3.0 on it refutes calibration at 5 % where examples are independent.
    pub log_e: Option<f64>,
    /// Why there is none; `infinite` = refuted outright by a certainty that was wrong.
    pub undefined: Option<Undefined>,
    /// Name of the method.
    pub method: String,
}
