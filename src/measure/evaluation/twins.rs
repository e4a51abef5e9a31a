//! Whether the degraded one of two twins is judged worse; needs no cut.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Tally};

/// Twins of one judge on one axis: a response that is harmful on it, and the harmless one that it was degraded from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwinDiscrimination {
    /// Pairs of which both were asked.
    pub twin_pairs: usize,
    /// By severities; null for a single scale.
    pub by_severity: Option<TwinComparison>,
    /// By the stated probabilities; null where the judge states none.
    pub by_probability: Option<TwinComparison>,
    /// By the score of a single scale; null where the judge has none.
    pub by_score: Option<TwinComparison>,
    /// By the flag alone; null where the judge has none.
    pub by_flag: Option<TwinComparison>,
    /// By how the response was degraded, on the finest of the four; empty where the raters name no mechanism.
    pub by_mechanism: BTreeMap<String, TwinComparison>,
}

/// How often the degraded one is judged worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwinComparison {
    /// Share of pairs of which the degraded one is judged worse, ties half.
    pub judged_worse: Estimate,
    /// Pairs judged alike.
    pub ties: Tally,
    /// Pairs of which the clean one is judged worse.
    pub reversed: Tally,
    /// Pairs left out: the clean one has no verdict, the degraded one has.
    pub clean_without_verdict: Tally,
}
