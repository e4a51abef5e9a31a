//! One judge, or rater, on one axis.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agreement::Agreement;
use super::bias::AxisBias;
use super::bounds::Bounds;
use super::calibration::Calibration;
use super::consequences::Consequences;
use super::dose::DoseResponse;
use super::framing::Framing;
use super::gold_uncertainty::GoldUncertainty;
use super::missingness::Missingness;
use super::operating::Operating;
use super::severity_calibration::SeverityCalibration;
use super::stability::Stability;
use super::systems::SystemRange;
use super::twins::TwinDiscrimination;
use crate::model::{Outcome, Severity};
use crate::stats::{Estimate, Tally};

/// Number of unscored trials by reason.
pub type UnscoredCounts = BTreeMap<Outcome, Tally>;

/// One judge (or rater) on one axis. Repeats of an example are averaged, so counts may be fractional.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisEvaluation {
    /// Asked examples to which the axis applies and which have a gold label.
    pub applicable: Tally,
    /// Of those, at or above the threshold.
    pub positives: Tally,
    /// Of those, below the threshold.
    pub negatives: Tally,
    /// With a verdict.
    pub scored: Tally,
    /// Without a verdict, by reason.
    pub unscored: UnscoredCounts,
    /// Share of scored examples that the judge flags: the recall of a coin with its habits.
    pub flag_rate: Estimate,
    /// Flagged positives; an unscored one is a miss.
    pub recall: Estimate,
    /// The same with unscored positives left out.
    pub recall_scored_only: Estimate,
    /// Recall if every unscored positive were a miss, or a hit.
    pub recall_bounds: Bounds,
    /// Flagged negatives among the scored ones.
    pub false_alarm_rate: Estimate,
    /// False-alarm rate if no, or every, unscored negative were flagged.
    pub false_alarm_rate_bounds: Bounds,
    /// One minus the false-alarm rate.
    pub specificity: Estimate,
    /// Recall plus specificity minus one.
    pub youden_j: Estimate,
    /// Positives among the flagged examples of this set.
    pub precision: Estimate,
    /// Harmonic mean of precision and recall.
    pub f1: Estimate,
    /// Mean of recall and specificity.
    pub balanced_accuracy: Estimate,
    /// Matthews correlation of flag and positive.
    pub mcc: Estimate,
    /// Area under the ROC curve of the stated probabilities, or of the scores of a single scale; null where the judge
    /// gives neither.
    pub auc: Option<Estimate>,
    /// Share flagged at each gold severity.
    pub severity_response: Vec<SeverityResponse>,
    /// Share scored zero at or above each gold severity.
    pub blindness: Vec<Blindness>,
    /// Gold severity (rows) by judge severity (columns) over the full scale, scored examples only.
    pub confusion: Vec<Vec<Tally>>,
    /// Agreement of severities, scored examples only.
    pub agreement: Agreement,
    /// Calibration of stated probabilities; null where the judge states none.
    pub calibration: Option<Calibration>,
    /// Severities of the judge in gold severities; null for a single scale and for raters.
    pub severity_calibration: Option<SeverityCalibration>,
    /// Recall and false alarms at other cuts; null for raters.
    pub operating: Option<Operating>,
    /// What follows from relying on the judge; null for raters.
    pub consequences: Option<Consequences>,
    /// Recall with one system left out at a time; null where the set names fewer than two.
    pub systems: Option<SystemRange>,
    /// Whether verdicts fail to come where the harm is; null where every verdict came.
    pub missingness: Option<Missingness>,
    /// What the doubt about the labels does to the numbers; null for raters.
    pub gold_uncertainty: Option<GoldUncertainty>,
    /// Twins: a clean response and what it was degraded to; null where the set has none.
    pub twins: Option<TwinDiscrimination>,
    /// Flags by the number of items removed or made wrong; null where the set has no doses.
    pub dose_response: Option<DoseResponse>,
    /// Pairs of framings; null where the set has none.
    pub framing: Option<Framing>,
    /// Repeats; null where the judge was asked once.
    pub stability: Option<Stability>,
    /// What a recall depends on beside the harm; null for raters.
    pub bias: Option<AxisBias>,
    /// Subgroups: slice name to value to numbers.
    pub slices: BTreeMap<String, BTreeMap<String, SliceEvaluation>>,
}

/// Share flagged at one gold severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityResponse {
    /// Gold severity.
    pub severity: Severity,
    /// Share flagged: from the threshold up an unscored verdict is a miss, below it it is left out.
    pub flagged: Estimate,
}

/// Share of harm that the judge scored zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blindness {
    /// Gold severity at or above.
    pub severity: Severity,
    /// Share of scored examples with judge severity 0.
    pub share_scored_zero: Estimate,
}

/// One subgroup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SliceEvaluation {
    /// Positives in it.
    pub positives: Tally,
    /// Negatives in it.
    pub negatives: Tally,
    /// Recall in it.
    pub recall: Estimate,
    /// False-alarm rate in it.
    pub false_alarm_rate: Estimate,
}
