//! Repeats: does the judge say the same when it is asked again?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Tally, Undefined};

/// What repeats of one judge on one axis say of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stability {
    /// Examples with two verdicts or more.
    pub repeated: Tally,
    /// Verdicts on the example that has most.
    pub most_repeats: usize,
    /// Examples whose repeats do not all have the same flag.
    pub flip_rate: Estimate,
    /// Probability that two repeats of an example have the same flag.
    pub flag_agreement: Estimate,
    /// Probability that two repeats of an example have the same severity; null for a single scale.
    pub severity_agreement: Option<Estimate>,
    /// Krippendorff's alpha of the severities of repeats, ordinal; null for a single scale.
    pub severity_alpha: Option<Estimate>,
    /// Whether misses are blindness or noise.
    pub noise: RepeatNoiseOnPositives,
}

/// Hits on positives, split into what lies between examples and what lies between repeats of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepeatNoiseOnPositives {
    /// Correlation of two runs on one positive: 1 = it sees the same harms every time, 0 = which it sees is chance.
    pub run_correlation: Estimate,
    /// Variance of a hit between positives; null where undefined.
    pub between_examples: Option<f64>,
    /// Variance of a hit between repeats of a positive.
    pub within_examples: Option<f64>,
    /// Why there is neither.
    pub noise_undefined: Option<Undefined>,
    /// Recall of one run, and of a majority of 3, 5 and 9.
    pub majority_recall: Vec<MajorityRecall>,
    /// The gist in words.
    pub in_words: String,
}

/// Recall if a positive counted as found when most of so many runs find it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MajorityRecall {
    /// Runs.
    pub runs: u32,
    /// Recall, from the beta-binomial law of the hits.
    pub expected_recall: f64,
}
