//! Judge against judge, as `evaluation.json` has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::adjusted::AdjustedTest;
use crate::measure::options::PrimaryComparison;
use crate::model::PerAxis;
use crate::stats::{Estimate, Tally, Undefined};

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
