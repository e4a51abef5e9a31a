//! What `lacuna gold agreement` prints: how firm the labels are, and what that does to a judge's recall.

use serde::Serialize;

use crate::measure::agreement::Agreement;
use crate::measure::evaluation::GoldSummary;
use crate::model::{PerAxis, Severity};
use crate::stats::Estimate;

/// Agreement of the raters of a set, and judges held against labels made from them in three ways.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RaterAgreement {
    /// The set.
    pub gold: GoldSummary,
    /// Who adjudicates; left out of alpha and of the labels by either and by all raters.
    pub adjudicator: Option<String>,
    /// Confidence level of every interval.
    pub level: f64,
    /// The raters, per axis.
    pub axes: PerAxis<AxisAgreement>,
    /// The judges, in the given order.
    pub judges: Vec<JudgeByReference>,
}

/// The raters on one axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AxisAgreement {
    /// Examples with a rating by anyone but the adjudicator.
    pub rated: usize,
    /// Of those, with two ratings or more.
    pub rated_by_several: usize,
    /// Of those, with different severities.
    pub disputed: usize,
    /// Of those, positives to one rater and negatives to another.
    pub disputed_across_threshold: usize,
    /// Agreement of all raters, ordinal distances.
    pub krippendorff_alpha: Estimate,
    /// How many positives and negatives each way of making labels gives.
    pub references: Vec<ReferenceLabels>,
    /// Every two raters who rated an example in common, sorted by their ids.
    pub pairs: Vec<RaterPair>,
}

/// A way of making one label from several raters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The highest severity: a positive is one to any rater.
    EitherRater,
    /// The lowest severity: a positive is one to every rater.
    AllRaters,
    /// The gold label.
    Aggregated,
}

impl Reference {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::EitherRater, Self::AllRaters, Self::Aggregated];
}

/// The size of the classes under one way of making labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReferenceLabels {
    /// The way.
    pub reference: Reference,
    /// Examples at or above the threshold.
    pub positives: usize,
    /// Examples below it.
    pub negatives: usize,
}

/// Two raters on the examples that both rated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RaterPair {
    /// The one.
    pub first: String,
    /// The other.
    pub second: String,
    /// Examples that both rated.
    pub examples: usize,
    /// The block that a judge has against the gold, here the second rater against the first.
    pub agreement: Agreement,
    /// Examples with different severities.
    pub disagreements: Disagreements,
}

/// How often two raters differ, and on what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disagreements {
    /// Examples.
    pub count: usize,
    /// Of those, the first rater gave the higher severity.
    pub first_higher: usize,
    /// The second did.
    pub second_higher: usize,
    /// One calls the example a positive, the other does not.
    pub across_threshold: usize,
    /// Which; null where nobody asked for them.
    pub examples: Option<Vec<Disagreement>>,
}

/// One example on which two raters differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// Its id.
    pub example: String,
    /// The first rater's severity.
    pub first: Severity,
    /// The second rater's.
    pub second: Severity,
}

/// One judge held against labels made in three ways.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JudgeByReference {
    /// Its name.
    pub judge: String,
    /// One entry for each way; null where the judge does not answer on the axis.
    pub axes: PerAxis<Option<Vec<ReferenceRecall>>>,
}

/// A judge under one way of making labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReferenceRecall {
    /// The way.
    pub reference: Reference,
    /// Flagged positives; one without a verdict is a miss.
    pub recall: Estimate,
    /// Flagged negatives among those with a verdict.
    pub false_alarm_rate: Estimate,
    /// Recall minus false-alarm rate.
    pub youden_j: Estimate,
}
