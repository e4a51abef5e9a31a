//! Judges in the order of a metric, with what is sure of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Axis;
use crate::stats::{Estimate, Interval, Undefined};

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
