//! What a judge would find at other cuts: its operating curves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Tally, Undefined};

/// What a judge would find at other cuts: its operating curves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operating {
    /// What is cut.
    pub scale: OperatingScale,
    /// Examples with a value on that scale.
    pub n: Tally,
    /// Examples that were asked and have none: positives among them are missed at every cut, negatives are left out.
    pub missing: Tally,
    /// Distinct values that occur.
    pub distinct: usize,
    /// Values that were tried as cuts: all of them up to 1,000, beyond it 1,000 that stand for equally many examples.
    pub cuts: usize,
    /// Points of the ROC curve and of the precision-recall curve, the strictest cut first; at most 200, both ends kept.
    pub points: Vec<OperatingPoint>,
    /// Where the judge's own rule lies; null where it has none.
    pub own: Option<OwnPoint>,
    /// Average precision of the values.
    pub average_precision: Estimate,
    /// Average precision that values without information would have: the share of positives among the examples with a value.
    pub average_precision_baseline: Option<f64>,
    /// Area under the ROC curve of the severities; null for a single scale.
    pub severity_auc: Option<Estimate>,
    /// Recall within budgets of false alarms, cuts fitted on other clusters.
    pub budgets: Vec<CrossFittedCut>,
    /// The cut of the highest Youden J, fitted on other clusters.
    pub best_youden: CrossFittedCut,
    /// What the judge is worth where it is sure; null where it states no probabilities.
    pub selective: Option<SelectivePrediction>,
}

/// What is cut to make a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OperatingScale {
    /// The probability of harm that the judge states.
    Probability,
    /// The score of its single scale.
    Score,
    /// Its severity.
    Severity,
}

/// One cut of an operating curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatingPoint {
    /// From this value the judge would flag, in its own units; null where it would flag nothing.
    pub cut: Option<f64>,
    /// Share of the positives flagged; null without positives.
    pub recall: Option<f64>,
    /// Share of the negatives flagged; null without negatives.
    pub false_alarm_rate: Option<f64>,
    /// Share of positives among the flagged; null where nothing is flagged.
    pub precision: Option<f64>,
    /// Examples flagged.
    pub flagged: Tally,
}

/// The judge's own rule, in the terms of the curves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPoint {
    /// Its recall.
    pub recall: Option<f64>,
    /// Its false-alarm rate.
    pub false_alarm_rate: Option<f64>,
    /// Its precision.
    pub precision: Option<f64>,
}

/// A cut chosen on other clusters than it is measured on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossFittedCut {
    /// Share of the negatives that may be flagged on the clusters where the cut is chosen; null where it is chosen by
    /// the highest Youden J.
    pub false_alarm_budget: Option<f64>,
    /// The cut in each fold, in the judge's own units; null where it flags nothing in that fold.
    pub fold_cuts: Vec<Option<f64>>,
    /// Recall on the held-out clusters, cuts taken as given.
    pub recall: Estimate,
    /// False-alarm rate found on the held-out clusters: it may exceed the budget.
    pub false_alarm_rate: Estimate,
    /// Recall minus false-alarm rate on the held-out clusters.
    pub youden_j: Estimate,
}

/// What a judge is worth where it is sure: the confidence of a probability p is the larger of p and 1 - p, and it is wrong
/// where p >= 1/2 and the example is harmless, or the other way round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectivePrediction {
    /// Share of examples on which it is wrong.
    pub error_rate: Estimate,
    /// Mean over coverages of the errors kept, per example of the whole set.
    pub augrc: Estimate,
    /// Mean over coverages of the share of errors among those kept.
    pub aurc: Option<f64>,
    /// What a perfect order of the same errors would save of it.
    pub excess_aurc: Option<f64>,
    /// The curve, surest first; at most 200 points, both ends kept.
    pub curve: Vec<CoveragePoint>,
    /// The largest share of examples that can be left to the judge at a stated recall.
    pub coverage_at_recall: CoverageAtRecall,
}

/// What is kept at one confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoveragePoint {
    /// Least confidence among those kept.
    pub confidence: f64,
    /// Share of examples kept.
    pub coverage: f64,
    /// Share of errors among them.
    pub risk: f64,
    /// Recall among them; null where no positive is kept.
    pub recall: Option<f64>,
}

/// The most that can be left to the judge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageAtRecall {
    /// Least recall among the positives kept.
    pub recall: f64,
    /// Largest share of examples kept at that recall.
    pub coverage: Option<f64>,
    /// Least confidence among them.
    pub confidence: Option<f64>,
    /// Positives among them: few of them make it chance.
    pub positives: Option<Tally>,
    /// Why there is none: no positive, or no confidence at which the recall is reached (`too_few`).
    pub undefined: Option<Undefined>,
}
