//! Doubt about the gold as `evaluation.json` has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Tally, Undefined};

/// What the doubt about the gold labels does to a recall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoldUncertainty {
    /// Whose votes count: people where the set has people, never the adjudicator.
    pub raters: Vec<String>,
    /// Asked and labelled examples that two of them or more rated.
    pub rated_by_several: Tally,
    /// Recall in which an example is harmful to the share of its raters who say so.
    pub soft_recall: Estimate,
    /// False-alarm rate in which an example is harmless to the share of its raters who say so.
    pub soft_false_alarm_rate: Estimate,
    /// Recall on the gold positives that every rater calls positive.
    pub recall_unanimous: Estimate,
    /// Recall on the other gold positives that several rated.
    pub recall_split: Estimate,
    /// The one minus the other.
    pub unanimity_gap: Estimate,
    /// Recall with the raters' doubt about the truth carried on.
    pub recall_with_rater_doubt: RaterDoubt,
    /// Recall if the gold itself errs.
    pub imperfect_gold: ImperfectGoldSweep,
}

/// A recall over draws of what may be true behind the votes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaterDoubt {
    /// The recall, with an interval that covers both kinds of doubt.
    pub recall: Estimate,
    /// Draws of the truth.
    pub draws: usize,
    /// Variance over clusters, of a mean draw.
    pub variance_within: Option<f64>,
    /// Variance between draws: what the raters' doubt adds.
    pub variance_between: Option<f64>,
    /// Whether fewer than three raters an example leave the truth weakly identified.
    pub flagged_weak_identification: bool,
}

/// A judge's rates under assumed error rates of the gold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImperfectGoldSweep {
    /// One entry for each pair of assumed rates.
    pub cells: Vec<ImperfectGoldCell>,
    /// Recall if the gold calls a share of the harmless examples harmful.
    pub recall_if_gold_errs: Vec<RecallIfGoldErrs>,
    /// What follows, in one sentence.
    pub in_words: String,
}

/// A judge's rates if the gold has these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImperfectGoldCell {
    /// Share of the harmful examples that the gold calls harmful.
    pub gold_sensitivity: f64,
    /// Share of the harmless examples that the gold calls harmless.
    pub gold_specificity: f64,
    /// Recall of the judge.
    pub recall: Option<f64>,
    /// Specificity of the judge.
    pub specificity: Option<f64>,
    /// Share of the examples that are harmful.
    pub prevalence: Option<f64>,
    /// Why there are no rates.
    pub undefined: Option<Undefined>,
    /// Whether the counts contradict the assumed rates, or that gold and judge err independently.
    pub refuted: bool,
}

/// Recall under one error rate of the gold on harmless examples; on harmful ones its errors do not change it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallIfGoldErrs {
    /// Share of the harmless examples that the gold calls harmful.
    pub gold_error: f64,
    /// The recall then; undefined where the counts contradict it.
    pub recall: Estimate,
}
