//! What a judge's verdicts cost and how long they took.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Cost and speed of a judge. Each number is over the verdicts that state it; those that came to nothing are among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostAndSpeed {
    /// Verdicts, repeats and failed ones included.
    pub verdicts: usize,
    /// US dollars for a thousand verdicts: a thousand times the mean of the stated costs; null where none is stated.
    pub cost_usd_per_1000: Option<f64>,
    /// Verdicts that state a cost.
    pub cost_known: usize,
    /// Seconds from request to reply; null where no verdict states them.
    pub latency_seconds: Option<LatencySeconds>,
    /// Verdicts that state how long they took.
    pub latency_known: usize,
    /// Mean number of tokens sent, of the verdicts that state it; null where none does.
    pub input_tokens_per_verdict: Option<f64>,
    /// Mean number of tokens received, of the verdicts that state it; null where none does.
    pub output_tokens_per_verdict: Option<f64>,
}

/// How long a verdict takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LatencySeconds {
    /// Half of the verdicts take no longer.
    pub median: f64,
    /// Nine of ten verdicts take no longer.
    pub p90: f64,
}
