//! What recalibration fitted on other clusters would mend.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operating::CrossFittedCut;
use crate::stats::{Estimate, Undefined};

/// What recalibration fitted on other clusters would mend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecalibrationReport {
    /// Folds of clusters.
    pub folds: usize,
    /// The map whose numbers are quoted, fixed beforehand: Platt's below 30 positives, else the isotonic one.
    pub preferred: RecalibrationFamily,
    /// The probabilities as stated.
    pub before: RecalibratedScores,
    /// Each map, fitted on the other folds and measured on this one.
    pub maps: Vec<RecalibrationMap>,
    /// Recall at the false alarms of the judge's own rule, by a cut of the stated probabilities that is fitted on other clusters; null
    /// where the judge has no rule of its own.
    pub at_own_false_alarms: Option<AtOwnFalseAlarms>,
}

/// A family of maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecalibrationFamily {
    /// The isotonic curve, joined by lines.
    Isotonic,
    /// A logistic curve through the logit, with smoothed targets.
    Platt,
    /// One factor for all logits.
    Temperature,
    /// Two coefficients and a constant on ln p and ln(1 - p).
    Beta,
    /// Venn-Abers, merged.
    VennAbers,
}

/// Scores of some probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecalibratedScores {
    /// Mean squared distance of probability and outcome.
    pub brier: Option<f64>,
    /// CORP miscalibration.
    pub miscalibration: Option<f64>,
    /// Area under the ROC curve.
    pub auc: Option<f64>,
}

/// One map, out of fold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecalibrationMap {
    /// The family.
    pub family: RecalibrationFamily,
    /// Why it cannot be fitted.
    pub undefined: Option<Undefined>,
    /// Scores of the recalibrated probabilities.
    pub after: RecalibratedScores,
    /// Brier score before minus after, maps taken as given: above 0 the map helps.
    pub brier_gain: Estimate,
    /// Recall at the false alarms of the judge's own rule, by a cut of the recalibrated probabilities; null where the judge has no
    /// rule of its own, or the map none.
    pub at_own_false_alarms: Option<CrossFittedCut>,
}

/// Recall that the judge's own probabilities give at its own false alarms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtOwnFalseAlarms {
    /// Recall of the judge's own rule on the examples with a probability.
    pub own_recall: Option<f64>,
    /// Its false-alarm rate there.
    pub own_false_alarm_rate: f64,
    /// The cut of the probabilities at that rate.
    pub by_probability: CrossFittedCut,
    /// Recall by that cut minus recall of the judge's own rule, on the same examples.
    pub recall_gain: Estimate,
}
