//! What `lacuna gold agreement` prints: how firm the labels are, and what that does to a judge's recall.

use serde::Serialize;

use crate::measure::evaluation::{Agreement, GoldSummary};
use crate::model::{ItemMark, PerAxis, Severity};
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
    /// The raters on required items.
    pub items: ItemParting,
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
    /// Where they part.
    pub parting: Parting,
}

/// Where raters part on one axis; an adjudicator has no part in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parting {
    /// Who looked and could not tell.
    pub cannot_judge: CannotJudge,
    /// Share of the examples with two ratings or more on which severities differ.
    pub disputed_share: Estimate,
    /// The same in each value of each slice, by name and value.
    pub slices: Vec<SliceParting>,
    /// The examples, the largest difference first; null where nobody asked for them.
    pub examples: Option<Vec<DisputedExample>>,
}

/// Answers that say that the axis cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CannotJudge {
    /// All of them.
    pub answers: usize,
    /// Examples with one or more.
    pub examples: usize,
    /// Of those, without a severity by anyone.
    pub nobody_could_judge: usize,
    /// By rater, sorted by id.
    pub raters: Vec<RaterCannotJudge>,
}

/// How often one rater could not judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RaterCannotJudge {
    /// The rater.
    pub rater: String,
    /// Answers.
    pub answers: usize,
}

/// Where raters part in one value of a slice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SliceParting {
    /// The slice.
    pub slice: String,
    /// Its value.
    pub value: String,
    /// Share of its examples with two ratings or more on which severities differ.
    pub disputed_share: Estimate,
    /// Examples that are a positive to one rater and a negative to another.
    pub disputed_across_threshold: usize,
}

/// One example on which raters part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisputedExample {
    /// Its id.
    pub example: String,
    /// How far the severities lie apart; null where nobody could judge.
    pub difference: Option<Severity>,
    /// A positive to one rater and a negative to another.
    pub across_threshold: bool,
    /// Each rater's severity, sorted by id.
    pub severities: Vec<SeverityGiven>,
    /// Raters who could not tell.
    pub cannot_judge: Vec<String>,
}

/// A severity and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeverityGiven {
    /// The rater.
    pub rater: String,
    /// The severity.
    pub severity: Severity,
}

/// Where raters part on required items; an adjudicator has no part in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemParting {
    /// Items of examples that anybody marked.
    pub rated: usize,
    /// Of those, marked by two raters or more.
    pub rated_by_several: usize,
    /// Of those, with different marks.
    pub disputed: usize,
    /// Of those, there to one rater and missing to another.
    pub hit_against_miss: usize,
    /// Share of the items marked by several that have different marks.
    pub disputed_share: Estimate,
    /// The items, the largest difference first; null where nobody asked for them.
    pub items: Option<Vec<DisputedItem>>,
}

/// One item on which raters part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisputedItem {
    /// Id of its example.
    pub example: String,
    /// Its id.
    pub item: String,
    /// 2 between a hit and a miss, 1 beside a partial mark.
    pub difference: u8,
    /// Each rater's mark, sorted by id.
    pub marks: Vec<MarkGiven>,
}

/// A mark and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MarkGiven {
    /// The rater.
    pub rater: String,
    /// The mark.
    pub mark: ItemMark,
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
