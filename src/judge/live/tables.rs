//! The tables of a live judge's file as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[sampling]` of a judge file: what is not set is not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplingFile {
    /// Temperature, 0 to 2; to 1 for `anthropic`.
    #[serde(default)]
    pub temperature: Option<f64>,
    /// Nucleus, above 0 to 1.
    #[serde(default)]
    pub top_p: Option<f64>,
    /// The most tokens of a reply; 2048 where absent.
    #[serde(default)]
    pub max_tokens: Option<u32>,
    /// Seed, sent where the protocol has one; the number of the sample is added to it.
    #[serde(default)]
    pub seed: Option<u64>,
}

/// `[limits]` of a judge file: how fast and how long a judge is asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsFile {
    /// Requests in flight, shared by the judges of one account; 8 where absent.
    #[serde(default)]
    pub concurrency: Option<u32>,
    /// Requests a minute, shared likewise; no limit where absent.
    #[serde(default)]
    pub requests_per_minute: Option<u32>,
    /// Tokens a minute, sent and received, shared likewise; no limit where absent.
    #[serde(default)]
    pub tokens_per_minute: Option<u32>,
    /// Seconds to connect; 10 where absent.
    #[serde(default)]
    pub connect_timeout_s: Option<f64>,
    /// Seconds to the first byte of a reply; 120 where absent.
    #[serde(default)]
    pub first_byte_timeout_s: Option<f64>,
    /// Seconds to its last byte; 180 where absent.
    #[serde(default)]
    pub timeout_s: Option<f64>,
    /// Requests for one trial at most; 6 where absent.
    #[serde(default)]
    pub attempts: Option<u32>,
    /// Bytes of a reply at most; 1048576 where absent. A longer one is no verdict.
    #[serde(default)]
    pub most_reply_bytes: Option<u32>,
}

/// `[price]` of a judge file, in US dollars a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceFile {
    /// Tokens sent.
    pub input_per_million_usd: f64,
    /// Tokens received.
    pub output_per_million_usd: f64,
}
