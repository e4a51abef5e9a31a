//! How far labels can be relied on, as `evaluation.json` has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::RaterKind;
use crate::stats::{Estimate, Undefined};

/// How far the labels of one axis can be relied on, and what follows for judges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelReliability {
    /// The raters held against each other: people where the set has people, never the adjudicator.
    pub raters: Vec<RaterReliability>,
    /// Examples that one of them or more rated.
    pub rated: usize,
    /// Examples that two of them or more rated.
    pub rated_by_several: usize,
    /// Of those, with different severities.
    pub disputed: usize,
    /// Of those, positives to one rater and negatives to another.
    pub disputed_across_threshold: usize,
    /// Agreement of all of them, ordinal distances.
    pub krippendorff_alpha: Estimate,
    /// Share of the ratings that equal the lower median of the others' ratings of the example.
    pub leave_one_out_exact: Estimate,
    /// Mean distance of a rating from the mean of the others', in levels.
    pub leave_one_out_distance: Estimate,
    /// What is likely to be true behind the ratings.
    pub truth_behind_ratings: TruthBehindRatings,
    /// Whether each judge could stand in for a rater.
    pub alternative_annotator: Vec<AlternativeAnnotator>,
}

/// One rater held against the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaterReliability {
    /// Pseudonym.
    pub rater: String,
    /// What the rater is.
    pub kind: RaterKind,
    /// Examples rated.
    pub ratings: usize,
    /// Share of this rater's ratings that equal the lower median of the others'.
    pub leave_one_out_exact: Estimate,
    /// Mean distance of this rater's ratings from the mean of the others'.
    pub leave_one_out_distance: Estimate,
    /// Probability of saying a severity (rows) where another is true (columns); null without a model of the truth.
    pub confusion_with_truth: Option<Vec<Vec<f64>>>,
}

/// Severities as a model of raters of unequal skill has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TruthBehindRatings {
    /// Share of the rated examples at each severity.
    pub severity_shares: Option<Vec<f64>>,
    /// Why there is no model.
    pub undefined: Option<Undefined>,
    /// Whether fewer than three raters an example leave it weakly identified.
    pub flagged_weak_identification: bool,
    /// Name of the method.
    pub method: String,
}

/// The alternative annotator test of one judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlternativeAnnotator {
    /// The judge.
    pub judge: String,
    /// Advantage that the test grants to the judge for being cheap.
    pub epsilon: f64,
    /// False discovery rate over raters.
    pub false_discovery_rate: f64,
    /// Share of the raters that the judge could stand in for.
    pub winning_rate: Option<f64>,
    /// The same with every judge's comparisons in one family.
    pub winning_rate_all_judges: Option<f64>,
    /// Probability that the judge comes at least as close to the other raters as a rater does, mean over raters.
    pub advantage: Option<f64>,
    /// Whether it could stand in for half of the raters or more, every judge's comparisons in one family.
    pub passed: Option<bool>,
    /// Why there is no test.
    pub undefined: Option<Undefined>,
    /// The comparisons.
    pub comparisons_with_raters: Vec<RaterDuel>,
    /// Name of the method.
    pub method: String,
}

/// A judge and a rater, each held against the remaining raters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaterDuel {
    /// Who is left out.
    pub rater: String,
    /// Examples compared.
    pub examples: usize,
    /// Share on which the judge is at least as close to the remaining raters.
    pub judge_wins: f64,
    /// Share on which the rater is.
    pub rater_wins: f64,
    /// One-sided p-value of the rater being better by epsilon or more.
    pub p_value: f64,
    /// Adjusted over the raters of this judge.
    pub p_adjusted: f64,
    /// Adjusted over the raters of all judges.
    pub p_adjusted_all_judges: f64,
}
