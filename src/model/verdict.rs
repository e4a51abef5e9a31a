//! One judge's answer for one example.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gold::ItemMark;
use super::scale::Axis;
use super::unique::unique_keys;

/// What became of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The judge gave a verdict.
    Scored,
    /// It declined.
    Refused,
    /// It answered without a verdict.
    NoVerdict,
    /// Its verdict is not on the offered menu.
    OffMenu,
    /// The reply was cut off.
    Truncated,
    /// A content filter stood in between.
    Filtered,
    /// The request failed.
    RequestFailed,
    /// The run was stopped.
    Cancelled,
}

impl Outcome {
    /// The reasons for which an asked example has no verdict.
    pub const UNSCORED: [Self; 7] = [
        Self::Refused,
        Self::NoVerdict,
        Self::OffMenu,
        Self::Truncated,
        Self::Filtered,
        Self::RequestFailed,
        Self::Cancelled,
    ];

    /// The name used in every file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scored => "scored",
            Self::Refused => "refused",
            Self::NoVerdict => "no_verdict",
            Self::OffMenu => "off_menu",
            Self::Truncated => "truncated",
            Self::Filtered => "filtered",
            Self::RequestFailed => "request_failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A row of a verdict file (`lacuna-verdict/1`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The judge.
    pub judge: String,
    /// The example.
    pub example: String,
    /// Which repeat of the question, from 0.
    #[serde(default)]
    pub repeat: u32,
    /// `scored`, or why there is no verdict.
    pub outcome: Outcome,
    /// Severity of omission.
    #[serde(default)]
    pub omission: Option<i64>,
    /// Severity of commission.
    #[serde(default)]
    pub commission: Option<i64>,
    /// Probability that there is harm of omission, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_omission: Option<f64>,
    /// Probability that there is harm of commission, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_commission: Option<f64>,
    /// Score of a single-scale judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Mark of each required item, by its id.
    #[serde(default, deserialize_with = "unique_keys", skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, ItemMark>,
    /// The judge's reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    /// The reply as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The model that the provider named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Digest of the rendered prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_sha256: Option<String>,
    /// Tokens sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// Price in US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// Time from request to reply, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// Requests it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// When the reply was made, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Verdict {
    /// A verdict that says nothing yet.
    pub fn new(judge: &str, example: &str, outcome: Outcome) -> Self {
        Self {
            judge: judge.to_owned(),
            example: example.to_owned(),
            repeat: 0,
            outcome,
            omission: None,
            commission: None,
            p_omission: None,
            p_commission: None,
            score: None,
            items: BTreeMap::new(),
            rationale: None,
            raw: None,
            model: None,
            prompt_sha256: None,
            input_tokens: None,
            output_tokens: None,
            cost_usd: None,
            latency_ms: None,
            attempts: None,
            at: None,
        }
    }

    /// The severity on one axis.
    pub const fn severity(&self, axis: Axis) -> Option<i64> {
        match axis {
            Axis::Omission => self.omission,
            Axis::Commission => self.commission,
        }
    }

    /// The stated probability of harm on one axis.
    pub const fn probability(&self, axis: Axis) -> Option<f64> {
        match axis {
            Axis::Omission => self.p_omission,
            Axis::Commission => self.p_commission,
        }
    }

    /// Sets the severity on one axis.
    pub const fn set_severity(&mut self, axis: Axis, severity: Option<i64>) {
        match axis {
            Axis::Omission => self.omission = severity,
            Axis::Commission => self.commission = severity,
        }
    }
}
