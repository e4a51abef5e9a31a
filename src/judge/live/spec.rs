//! A judge that is asked: everything its file says, validated.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::score::ScoreSpec;
use crate::model::Axis;

/// Whose protocol a judge speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// OpenAI chat completions, and the many servers that speak it.
    OpenAi,
    /// Anthropic Messages.
    Anthropic,
    /// Google Gemini `generateContent`.
    Gemini,
    /// A local program that speaks JSON lines.
    Command,
}

impl Provider {
    /// The provider of a kind of judge.
    pub fn of_kind(kind: &str) -> Option<Self> {
        [Self::OpenAi, Self::Anthropic, Self::Gemini, Self::Command].into_iter().find(|one| one.name() == kind)
    }

    /// The name that judge files use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Command => "command",
        }
    }
}

/// Where a judge is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Address of the service, without a slash at the end; empty for a local program.
    pub base_url: String,
    /// A variable whose value, where it is set, takes the place of `base_url`.
    pub base_url_env: Option<String>,
    /// More headers.
    pub headers: BTreeMap<String, String>,
    /// Query parameters.
    pub query: BTreeMap<String, String>,
    /// Name of the variable that holds the key; none where there is no key.
    pub api_key_env: Option<String>,
    /// The local program and its arguments.
    pub command: Vec<String>,
}

/// What a reply has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyShape {
    /// A severity on each axis that the judge answers.
    Severities,
    /// One score on the judge's scale.
    Score,
    /// A mark for each required item, and for each prohibited one whether it is there.
    Checklist,
}

/// What a prompt shows beside the prompt and the response under test. Nothing else of an example reaches a judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A good response.
    Reference,
    /// The items that a good response contains.
    Required,
    /// The items that it must not contain, if there are any.
    Prohibited,
}

impl Need {
    /// The name that prompt files use, and of the variable.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Required => "required",
            Self::Prohibited => "prohibited",
        }
    }
}

/// A prompt template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Short name, such as `dual-axis`.
    pub name: String,
    /// Version that its file states.
    pub version: String,
    /// What a reply has to hold.
    pub shape: ReplyShape,
    /// What it shows beside prompt and response.
    pub needs: Vec<Need>,
    /// Template of the system message; empty for none.
    pub system: String,
    /// Template of the user message.
    pub user: String,
    /// Digest of the file, 64 hexadecimal digits.
    pub sha256: String,
}

/// How a model samples; what is not set is not sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Temperature, 0 to 2.
    pub temperature: Option<f64>,
    /// Nucleus, above 0 to 1.
    pub top_p: Option<f64>,
    /// The most tokens of a reply.
    pub max_tokens: u32,
    /// Seed, sent where the protocol has one; the repeat is added to it.
    pub seed: Option<u64>,
}

/// Where the probability of harm comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConfidenceSource {
    /// Nowhere.
    None,
    /// The reply states it.
    Stated,
    /// Log-probabilities of the tokens on the menu.
    LogProbabilities,
    /// The share of the samples that flag.
    Samples,
}

/// How fast and how long a judge is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Requests in flight, shared by the judges of one account.
    pub concurrency: usize,
    /// Requests a minute, shared likewise.
    pub requests_per_minute: Option<u32>,
    /// Tokens a minute, sent and received, shared likewise.
    pub tokens_per_minute: Option<u32>,
    /// Seconds to connect.
    pub connect_timeout_s: f64,
    /// Seconds to the first byte of a reply.
    pub first_byte_timeout_s: f64,
    /// Seconds to its last byte.
    pub timeout_s: f64,
    /// Requests for one trial at most, from 1.
    pub attempts: u32,
    /// Bytes of a reply at most; a longer one is no verdict.
    pub most_reply_bytes: usize,
}

/// What tokens cost, in US dollars a million.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Tokens sent.
    pub input_per_million_usd: f64,
    /// Tokens received.
    pub output_per_million_usd: f64,
}

impl Price {
    /// What so many tokens sent and received cost, in US dollars.
    pub fn cost_usd(&self, sent: f64, received: f64) -> f64 {
        const MILLION: f64 = 1e6;
        (sent * self.input_per_million_usd + received * self.output_per_million_usd) / MILLION
    }
}

/// A judge that is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveSpec {
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// Model to ask for.
    pub model: String,
    /// Where it is reached.
    pub endpoint: Endpoint,
    /// What it is asked.
    pub prompt: Prompt,
    /// Axes that it answers, omission first.
    pub axes: Vec<Axis>,
    /// Its scale, where it gives one score.
    pub score: Option<ScoreSpec>,
    /// Whether the reply is held to a JSON Schema where the protocol can.
    pub structured: bool,
    /// How the model samples.
    pub sampling: Sampling,
    /// Verdicts an example.
    pub samples: u32,
    /// Where the probability of harm comes from.
    pub confidence: ConfidenceSource,
    /// How fast and how long it is asked.
    pub limits: Limits,
    /// What tokens cost; none where nobody knows.
    pub price: Option<Price>,
}

/// How the verdicts of a panel's members become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PanelRule {
    /// Each member flags or not; the majority decides, a tie flags.
    Majority,
    /// The median severity, the higher of two middle ones.
    Median,
    /// The highest severity.
    Max,
    /// The mean of the members' probabilities; flags from one half.
    MeanProbability,
}

/// A judge made of the verdicts of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelSpec {
    /// Names of the members, as in their files.
    pub members: Vec<String>,
    /// How their verdicts become one.
    pub rule: PanelRule,
}
