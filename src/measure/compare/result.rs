//! Judge against judge, as `evaluation.json` has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measure::options::PrimaryComparison;
use crate::model::{Axis, PerAxis};
use crate::stats::{Estimate, Interval, Tally, Undefined};

/// Which tests were made together, and what that does to a p-value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestFamily {
    /// The tests that were named beforehand; Holm's method.
    Confirmatory,
    /// All others; Benjamini and Hochberg's method.
    Exploratory,
}

/// A p-value after the other tests of its family are reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustedTest {
    /// The adjusted p-value.
    pub p_value: f64,
    /// The family.
    pub family: TestFamily,
    /// Tests in it.
    pub family_size: usize,
}

/// One number of two judges on the same examples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairedDifference {
    /// The first judge's value on the common examples.
    pub first: Option<f64>,
    /// The second judge's.
    pub second: Option<f64>,
    /// First minus second.
    pub difference: Estimate,
    /// Two-sided p of no difference.
    pub p_value: Option<f64>,
    /// Why there is none.
    pub p_value_undefined: Option<Undefined>,
    /// How it was computed.
    pub p_value_method: String,
    /// The same within its family of tests; null where there is no p-value.
    pub adjusted: Option<AdjustedTest>,
}

/// Common examples by who flags them; repeats are averaged, so a count may be fractional.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discordance {
    /// Flagged by both judges.
    pub both: Tally,
    /// By the first only.
    pub only_first: Tally,
    /// By the second only.
    pub only_second: Tally,
    /// By neither.
    pub neither: Tally,
}

/// Tests of a paired difference that other software prints; the one to read is in the difference itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceTests {
    /// McNemar's mid-p, as if no two examples shared a cluster.
    pub mcnemar_mid_p_independent: f64,
    /// Obuchowski's p, over clusters.
    pub obuchowski_p: Option<f64>,
    /// Durkalski's.
    pub durkalski_p: Option<f64>,
    /// Yang's.
    pub yang_p: Option<f64>,
    /// Why there are no clustered ones.
    pub undefined: Option<Undefined>,
}

/// Who flags what, and the reference tests.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairedFlags {
    /// The common examples by who flags them.
    pub examples: Discordance,
    /// Tests for reference.
    pub tests: ReferenceTests,
}

/// What an AUC was taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeparatingScore {
    /// Stated probabilities of harm.
    Probability,
    /// Scores of a single scale.
    Score,
    /// Severities.
    Severity,
}

/// Two judges on one axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisComparison {
    /// Examples that both were asked.
    pub examples: usize,
    /// Of those, positives.
    pub positives: usize,
    /// And negatives.
    pub negatives: usize,
    /// Recall; an unscored positive is a miss.
    pub recall: PairedDifference,
    /// False-alarm rate, on the negatives on which both have a verdict.
    pub false_alarm_rate: PairedDifference,
    /// Youden J.
    pub youden_j: PairedDifference,
    /// Area under the ROC curve, on the examples for which both have a score.
    pub auc: PairedDifference,
    /// What the first and the second judge's AUC is of; null where it has none.
    pub auc_of: [Option<SeparatingScore>; 2],
    /// Who finds which positives; null where a judge has no flag or there are none.
    pub positives_flagged: Option<PairedFlags>,
    /// Who flags which negatives; null likewise.
    pub negatives_flagged: Option<PairedFlags>,
}

/// Two judges on the examples that both were asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// One judge, the first by name.
    pub first: String,
    /// The other.
    pub second: String,
    /// Numbers per axis; null where one of them does not answer on it.
    pub axes: PerAxis<Option<AxisComparison>>,
    /// Recall gap of the first minus that of the second, on the common examples.
    pub recall_gap: PairedDifference,
    /// What that allows to say, one sentence or a few.
    pub in_words: String,
}

/// Which pairs were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparedPairs {
    /// Every two judges.
    All,
    /// Every two of the twenty best by the primary metric, and each other judge with the best.
    TwentyBest,
}

/// What was compared and tested together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparisonPlan {
    /// What judges are compared on first.
    pub primary: PrimaryComparison,
    /// Which pairs were compared.
    pub pairs: ComparedPairs,
    /// Confirmatory tests: the primary metric of every two judges that are no baselines, and one gap a judge.
    pub confirmatory_tests: usize,
    /// All others.
    pub exploratory_tests: usize,
}

/// By what judges are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RankedMetric {
    /// Recall.
    Recall,
    /// Recall plus specificity minus one.
    YoudenJ,
    /// Omission recall minus commission recall.
    RecallGap,
}

/// Why a judge is in no ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// It is a baseline, and there are two judges or more that are none.
    Baseline,
    /// It does not answer on an axis that the metric needs.
    NotAnswered,
    /// It has one score and no cut from which it flags.
    NoCut,
    /// It has no value on the common examples, such as no verdict on any negative, and two others have one.
    NoValue,
}

/// A judge that is in no ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOutOfRanking {
    /// The judge.
    pub judge: String,
    /// Why.
    pub reason: LeftOutReason,
}

/// One judge in a ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RankedJudge {
    /// The judge.
    pub judge: String,
    /// Its value on the examples that all ranked judges were asked.
    pub estimate: Estimate,
    /// An interval that holds for all judges of this ranking at once.
    pub simultaneous: Option<Interval>,
    /// Why there is none.
    pub simultaneous_undefined: Option<Undefined>,
    /// Place by the value, 1 the highest; equal values share the better one. Null without a value.
    pub rank: Option<usize>,
    /// Best place that cannot be excluded, for all judges at once.
    pub rank_lower: Option<usize>,
    /// Worst one.
    pub rank_upper: Option<usize>,
    /// Whether it is not told apart from the judge with the highest value; null where no rank can be bounded.
    pub with_best: Option<bool>,
    /// Letters shared by judges that are not told apart; two judges without a common letter are. Empty where unknown.
    pub groups: String,
}

/// Cochran's Q: whether the judges find the same share of the positives, as if no two examples shared a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CochranTest {
    /// The statistic.
    pub statistic: Option<f64>,
    /// Judges less one.
    pub df: Option<f64>,
    /// Probability of a larger statistic if all judges found the same share.
    pub p_value_independent: Option<f64>,
    /// Why there is no test.
    pub undefined: Option<Undefined>,
}

/// Judges in the order of one metric, with what is sure of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// The metric.
    pub metric: RankedMetric,
    /// The axis; null for the recall gap.
    pub axis: Option<Axis>,
    /// Examples that all judges of this ranking were asked, on the axes that it needs.
    pub examples: usize,
    /// Clusters of those.
    pub clusters: usize,
    /// The judges, highest value first.
    pub judges: Vec<RankedJudge>,
    /// The judges that are not in it.
    pub left_out: Vec<LeftOutOfRanking>,
    /// How many standard errors a simultaneous interval reaches to either side; null where there are none.
    pub critical: Option<f64>,
    /// Why no rank can be bounded.
    pub undefined: Option<Undefined>,
    /// Cochran's Q for recall; null for other metrics.
    pub cochran_q: Option<CochranTest>,
}
