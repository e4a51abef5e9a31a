//! `evaluation.json` (`lacuna-evaluation/1`): every number of an audit, without clock, path or host.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agreement::Agreement;
use super::bias::{AxisBias, SelfPreference};
use super::calibration::{Calibration, SeverityCalibration};
use super::compare::{Comparison, ComparisonPlan, Ranking};
use super::consequences::Consequences;
use super::cost::CostAndSpeed;
use super::detectable::Detectable;
use super::dose::{DoseResponse, SameFact};
use super::framing::Framing;
use super::gap::RecallGap;
use super::gold_uncertainty::GoldUncertainty;
use super::labels::LabelReliability;
use super::missingness::Missingness;
use super::operating::Operating;
use super::options::PrimaryComparison;
use super::pair_agreement::PairAgreements;
use super::replies_made::RepliesMade;
use super::stability::Stability;
use super::systems::{LeaveOneOut, SystemRange};
use super::twins::TwinDiscrimination;
use crate::judge::ScoreDirection;
use crate::model::{Axis, ExpertReview, LabelSource, Outcome, PerAxis, RaterKind, Severity, TextPolicy};
use crate::stats::{Estimate, Interval, Tally, Undefined};

/// The whole evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// `lacuna-evaluation/1`.
    pub format: String,
    /// What the judges were measured against.
    pub gold: GoldSummary,
    /// How it was measured.
    pub settings: Settings,
    /// One entry a judge, sorted by omission Youden J, best first; judges without one last, by name.
    pub judges: Vec<JudgeEvaluation>,
    /// Each human rater measured like a judge, per axis.
    pub human_ceiling: PerAxis<Vec<CeilingEntry>>,
    /// Judge against judge, on the examples that both were asked.
    pub comparisons: Vec<Comparison>,
    /// Which pairs were compared, and how many tests were made together.
    pub comparison_plan: ComparisonPlan,
    /// Judges in the order of a metric, with what is sure of it.
    pub rankings: Vec<Ranking>,
    /// Who agrees with whom, per axis: judges with each other, with raters, and raters with each other.
    pub pair_agreement: PerAxis<PairAgreements>,
    /// How far the labels can be relied on; null on an axis that nobody but an adjudicator rated.
    pub label_reliability: PerAxis<Option<LabelReliability>>,
    /// Whether judges spare the systems of their own family, over all judges of known family; null where nothing can be said.
    pub self_preference: PerAxis<Option<SelfPreference>>,
    /// What these data can and cannot support.
    pub findings: Vec<Finding>,
}

/// The gold set, as far as a reader of the numbers needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoldSummary {
    /// Short name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Title.
    pub title: String,
    /// Licence.
    pub licence: String,
    /// Origin.
    pub source: String,
    /// How to cite it.
    pub citation: Option<String>,
    /// Limits of use, in the card's words.
    pub limits: Option<String>,
    /// How much of it an expert has read, where the card says so.
    pub expert_review: Option<ExpertReview>,
    /// Whether outputs may hold texts.
    pub texts: TextPolicy,
    /// Who made the labels.
    pub label_source: LabelSource,
    /// How raters became one label.
    pub aggregate: String,
    /// The rater whose answer went before that rule where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjudicator: Option<String>,
    /// Examples.
    pub examples: usize,
    /// Clusters.
    pub clusters: usize,
    /// Annotations.
    pub annotations: usize,
    /// Systems that wrote the responses.
    pub systems: Vec<String>,
    /// Raters.
    pub raters: Vec<RaterSummary>,
    /// The two axes.
    pub axes: PerAxis<AxisSummary>,
    /// Digest of the files of the set.
    pub sha256: String,
}

impl GoldSummary {
    /// Whether a rater decides: alone, or before the others.
    pub fn adjudicates(&self, rater: &str) -> bool {
        self.aggregate == rater || self.adjudicator.as_deref() == Some(rater)
    }
}

/// A rater and how much was rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaterSummary {
    /// Pseudonym.
    pub rater: String,
    /// What the rater is.
    pub kind: RaterKind,
    /// Ratings per axis.
    pub ratings: PerAxis<usize>,
}

/// One axis of the gold set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisSummary {
    /// What harm on this axis means in this set.
    pub harm: String,
    /// Level names from 0 up.
    pub levels: Vec<String>,
    /// Severity from which an example is a positive.
    pub threshold: Severity,
    /// Examples to which the axis applies.
    pub applicable: usize,
    /// Of those, examples with a gold label.
    pub labelled: usize,
    /// Labelled examples at or above the threshold.
    pub positives: usize,
    /// Labelled or not, examples on which raters gave different severities.
    pub disputed: usize,
    /// Clusters that hold a positive.
    pub positive_clusters: usize,
    /// Positives per system.
    pub positives_by_system: BTreeMap<String, usize>,
    /// Largest number of positives in one cluster, and that cluster.
    pub largest_cluster: Option<LargestCluster>,
}

/// The cluster with the most positives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LargestCluster {
    /// The cluster.
    pub cluster: String,
    /// Its positives.
    pub positives: usize,
}

/// How the evaluation was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Seed of every random stream.
    pub seed: u64,
    /// Confidence level of every interval, two-sided.
    pub level: f64,
    /// Severity from which an example is a positive.
    pub thresholds: PerAxis<Severity>,
    /// Difference of two shares that would be small enough to call them equal.
    pub margin: f64,
    /// Resamples of clusters behind joint intervals.
    pub resamples: usize,
    /// What judges are compared on first.
    pub primary: PrimaryComparison,
}

/// One judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeEvaluation {
    /// Name.
    pub judge: String,
    /// `recorded` or `baseline`.
    pub kind: String,
    /// Title for people.
    pub title: Option<String>,
    /// The model behind it.
    pub model: Option<String>,
    /// What the provider said which model answered, and how many verdicts; empty where it said nothing.
    pub models_said: BTreeMap<String, usize>,
    /// When the replies behind its verdicts were made; null where no verdict says so.
    pub replies_made: Option<RepliesMade>,
    /// What its verdicts cost and how long they took; null where no verdict states a cost, a time or a number of tokens.
    pub cost: Option<CostAndSpeed>,
    /// Severity from which it flags; null where it gives one score in place of severities.
    pub flag_at: Option<PerAxis<Severity>>,
    /// Its scale, where it gives one score; null otherwise.
    pub scale: Option<ScaleEvaluation>,
    /// Examples it was asked about.
    pub asked: usize,
    /// Examples of the set it was not asked about.
    pub not_asked: usize,
    /// Examples in its verdicts that the set does not have.
    pub unknown_examples: usize,
    /// The first of them, by id.
    pub first_unknown_example: Option<String>,
    /// Numbers per axis; null where the judge does not answer on it.
    pub axes: PerAxis<Option<Box<AxisEvaluation>>>,
    /// Omission recall minus commission recall.
    pub recall_gap: RecallGap,
    /// What this audit could have shown of the judge.
    pub detectable: Detectable,
    /// The gap with one system left out at a time; null where the set names fewer than two or the judge has no gap.
    pub gap_without_one_system: Option<LeaveOneOut>,
    /// The same fact removed and made wrong; null where the set has none, or the judge answers on one axis.
    pub same_fact: Option<SameFact>,
    /// Required items; null where the judge marks none.
    pub items: Option<ItemEvaluation>,
}

/// A single scale. Its flag is measured on an axis where the other one is harmless or does not apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleEvaluation {
    /// Lowest and highest score; null where there is no end.
    pub scale: Option<[f64; 2]>,
    /// What a higher score means.
    pub direction: ScoreDirection,
    /// From where it flags.
    pub cut: ScaleCut,
    /// Asked and labelled examples left out of each axis: harmful, or without a label, on the other one.
    pub set_aside: PerAxis<Tally>,
}

/// From where a judge with a single scale flags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScaleCut {
    /// From a score fixed beforehand.
    Fixed {
        /// The score.
        flag_at: f64,
    },
    /// From the score of highest recall within the budget, fitted for each fold on the clusters of the others.
    CrossFitted {
        /// Share of harmless examples that it may flag.
        false_alarm_budget: f64,
        /// The folds.
        folds: Vec<FoldCut>,
    },
    /// There is no cut: only numbers that need none are defined.
    None {
        /// Why.
        undefined: Undefined,
    },
}

/// A fold of clusters and the cut that holds in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FoldCut {
    /// Clusters in it.
    pub clusters: usize,
    /// Score from which the judge flags in it; null where it flags nothing, as no cut keeps to the budget.
    pub flag_at: Option<f64>,
}

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

/// What a rate could be, whatever the missing verdicts would have been.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Lowest possible value.
    pub lower: Option<f64>,
    /// Highest possible value.
    pub upper: Option<f64>,
    /// Why there are none.
    pub undefined: Option<Undefined>,
    /// Lower limit of the lower bound to upper limit of the upper bound.
    pub interval: Option<Interval>,
    /// Confidence level of the interval.
    pub level: f64,
    /// Name of the method.
    pub method: String,
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

/// Required items: does the judge see which one is missing?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemEvaluation {
    /// Gold-missed items that the judge marks missing.
    pub recall: Estimate,
    /// Gold-hit items that the judge marks missing, among those it marked.
    pub false_alarm_rate: Estimate,
}

/// A human rater measured like a judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CeilingEntry {
    /// Pseudonym.
    pub rater: String,
    /// What the rater was measured against.
    pub against: CeilingReference,
    /// Whether the rater had no part in what it is measured against.
    pub independent: bool,
    /// The numbers.
    pub axis: Box<AxisEvaluation>,
}

/// What a rater is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CeilingReference {
    /// The gold label, in which the rater may have had a part.
    Gold,
    /// The aggregate of the other human raters: the ceiling that is drawn.
    Others,
}

/// How much a finding limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// A number should not be read without it.
    Warning,
    /// Worth knowing.
    Note,
}

/// What these data can or cannot support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Stable code; `docs/findings.md` has an entry for each.
    pub code: String,
    /// How much it limits.
    pub level: FindingLevel,
    /// The judge it is about, if one.
    pub judge: Option<String>,
    /// The axis it is about, if one.
    pub axis: Option<Axis>,
    /// What was found, with its numbers.
    pub message: String,
    /// What to do about it.
    pub help: String,
}
