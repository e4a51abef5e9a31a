//! A judge file as written, and which keys belong to which kind.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::live::{ConfidenceSource, LimitsFile, PanelRule, PriceFile, Provider, SamplingFile};
use super::score::ScoreFile;
use crate::model::{Axis, Severity};

/// A baseline computed in process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// Flags everything at the highest level.
    Always,
    /// Flags nothing.
    Never,
    /// Flags each axis with a stated probability.
    Random,
    /// Flags a response that holds a stock phrase of refusal.
    RefusalPhrases,
    /// Flags a response that does not hold the words of the required items.
    ItemCoverage,
    /// Scores a response by its length.
    Length,
}

/// `judges/<name>.toml` as written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeFile {
    /// `lacuna-judge/1`.
    pub format: String,
    /// Short name, unique in an audit.
    pub name: String,
    /// Title for people.
    #[serde(default)]
    pub title: Option<String>,
    /// `openai`, `anthropic`, `gemini`, `command`, `panel`, `recorded` or `baseline`.
    pub kind: String,
    /// The model to ask for; of recorded verdicts the model behind them, for the report.
    #[serde(default)]
    pub model: Option<String>,
    /// Axes that the judge answers; both where absent.
    #[serde(default)]
    pub axes: Option<Vec<Axis>>,
    /// Severity from which it flags, where that is not the card's threshold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flag_at: BTreeMap<Axis, Severity>,
    /// `recorded`: the file of verdicts, inside the judge's own folder.
    #[serde(default)]
    pub verdicts: Option<PathBuf>,
    /// `baseline`: which one.
    #[serde(default)]
    pub baseline: Option<Baseline>,
    /// `baseline = "random"`: probability of a flag, 0 to 1.
    #[serde(default)]
    pub rate: Option<f64>,
    /// `baseline = "random"`: verdicts per example, 1 to 1000; 1 where absent. More of them bring the recall to the rate.
    #[serde(default)]
    pub repeats: Option<u32>,
    /// `baseline = "refusal-phrases"`: a file of phrases, inside the judge's own folder; the bundled list where absent.
    #[serde(default)]
    pub phrases: Option<PathBuf>,
    /// A judge with one scale for everything: its scale, and from where it flags.
    #[serde(default)]
    pub score: Option<ScoreFile>,
    /// `openai`, `anthropic`, `gemini`: address of the service; the provider's own where absent.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Likewise: a variable whose value, where it is set, takes the place of `base_url`.
    #[serde(default)]
    pub base_url_env: Option<String>,
    /// Likewise: name of the variable that holds the key; the usual one of the host where absent.
    #[serde(default)]
    pub api_key_env: Option<String>,
    /// Likewise: more headers. Never a key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Likewise: query parameters. Never a key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, String>,
    /// `command`: the program and its arguments.
    #[serde(default)]
    pub command: Option<Vec<String>>,
    /// A judge that is asked: name of a shipped prompt, or a `*.md` file inside the judge's own folder; `dual-axis` where
    /// absent, `overall` beside `[score]`.
    #[serde(default)]
    pub prompt: Option<String>,
    /// A judge that is asked: whether the reply is held to a JSON Schema. Where absent, at the provider's own address.
    #[serde(default)]
    pub structured: Option<bool>,
    /// A judge that is asked: verdicts an example, 1 to 1000; 1 where absent.
    #[serde(default)]
    pub samples: Option<u32>,
    /// A judge that is asked: where the probability of harm comes from.
    #[serde(default)]
    pub confidence: Option<ConfidenceSource>,
    /// A judge that is asked: how the model samples.
    #[serde(default)]
    pub sampling: Option<SamplingFile>,
    /// A judge that is asked: how fast and how long.
    #[serde(default)]
    pub limits: Option<LimitsFile>,
    /// A judge that is asked: what tokens cost.
    #[serde(default)]
    pub price: Option<PriceFile>,
    /// `panel`: names of the judges whose verdicts it combines.
    #[serde(default)]
    pub members: Option<Vec<String>>,
    /// `panel`: how; `majority` where absent.
    #[serde(default)]
    pub rule: Option<PanelRule>,
}

impl JudgeFile {
    /// Keys that are set although the judge's kind has no use for them.
    pub(super) fn keys_of_other_kinds(&self) -> Vec<&'static str> {
        let baseline = self.kind == "baseline";
        let recorded = self.kind == "recorded";
        let panel = self.kind == "panel";
        let command = self.kind == Provider::Command.name();
        let live = Provider::of_kind(&self.kind).is_some();
        let http = live && !command;
        let set = [
            ("verdicts", self.verdicts.is_some() && !recorded),
            ("model", self.model.is_some() && (baseline || panel)),
            ("baseline", self.baseline.is_some() && !baseline),
            ("rate", self.rate.is_some() && self.baseline != Some(Baseline::Random)),
            ("repeats", self.repeats.is_some() && self.baseline != Some(Baseline::Random)),
            ("phrases", self.phrases.is_some() && self.baseline != Some(Baseline::RefusalPhrases)),
            ("score", self.score.is_some() && (panel || baseline && self.baseline != Some(Baseline::Length))),
            ("base_url", self.base_url.is_some() && !http),
            ("base_url_env", self.base_url_env.is_some() && !http),
            ("api_key_env", self.api_key_env.is_some() && !http),
            ("headers", !self.headers.is_empty() && !http),
            ("query", !self.query.is_empty() && !http),
            ("command", self.command.is_some() && !command),
            ("prompt", self.prompt.is_some() && !live),
            ("structured", self.structured.is_some() && !live),
            ("samples", self.samples.is_some() && !live),
            ("confidence", self.confidence.is_some() && !live),
            ("sampling", self.sampling.is_some() && !live),
            ("limits", self.limits.is_some() && !live),
            ("price", self.price.is_some() && !live),
            ("members", self.members.is_some() && !panel),
            ("rule", self.rule.is_some() && !panel),
        ];
        set.into_iter().filter_map(|(key, wrong)| wrong.then_some(key)).collect()
    }
}
