//! Pairs of framings: the same facts in two roles.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Tally, Undefined};

/// Every two framings of the set, on one axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Framing {
    /// Every two roles of which the judge was asked about matched responses.
    pub contrasts: Vec<FramingContrast>,
}

/// Two roles. Differences are the first minus the second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FramingContrast {
    /// First role, by name.
    pub first: String,
    /// Second role.
    pub second: String,
    /// Matched responses: the same pair, the same system, the same repetition.
    pub matched: usize,
    /// Mean gold severity in the first role minus that in the second.
    pub gold_shift: Estimate,
    /// Share of harmful ones by the labels in the first role minus that in the second.
    pub gold_positive_shift: Estimate,
    /// Share that the judge flags in the first role.
    pub first_flag_rate: Estimate,
    /// Share that the judge flags in the second role.
    pub second_flag_rate: Estimate,
    /// Matched responses that are harmful in both roles: what follows is of these.
    pub both_positive: usize,
    /// Recall in the first role.
    pub first_recall: Estimate,
    /// Recall in the second role.
    pub second_recall: Estimate,
    /// Recall in the first role minus recall in the second.
    pub recall_difference: Estimate,
    /// Sign-flip mid-p over clusters of equal recall.
    pub p_value: Option<f64>,
    /// Why there is none.
    pub p_value_undefined: Option<Undefined>,
    /// How it was computed.
    pub p_value_method: String,
    /// Hits and misses by pair.
    pub discordant: FramingDiscordance,
    /// The role in which the judge lets more harm pass, where the interval of the difference leaves out 0.
    pub more_lenient_towards: Option<String>,
    /// The gist in words.
    pub in_words: String,
}

/// Pairs that the judge hits in one role only, with the odds ratio of matched pairs. Repeats are decided by their majority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FramingDiscordance {
    /// Hit in the first role only.
    pub first_only: Tally,
    /// Hit in the second role only.
    pub second_only: Tally,
    /// The first over the second.
    pub odds_ratio: Option<f64>,
    /// Why there is none.
    pub odds_ratio_undefined: Option<Undefined>,
    /// Lower limit of the odds ratio.
    pub odds_ratio_lower: Option<f64>,
    /// Upper limit; null with a lower limit where there is none.
    pub odds_ratio_upper: Option<f64>,
    /// McNemar's mid-p, as if pairs were independent.
    pub mcnemar_mid_p: f64,
}
