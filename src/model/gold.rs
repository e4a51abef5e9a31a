//! Records of a gold set: the card, the examples and what raters said of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scale::{Axis, Severity};
use super::unique::unique_keys;

/// Name of the slice that the system of a response makes.
pub const SYSTEM_SLICE: &str = "system";
/// Name of the slice that the mechanism of the harm makes.
pub const MECHANISM_SLICE: &str = "mechanism";

/// Who made the labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelSource {
    /// People read each example.
    Human,
    /// The labels follow from how the examples were made.
    Constructed,
    /// A model labelled each example.
    Model,
}

/// What a tie between raters becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The higher severity.
    Higher,
    /// The lower severity.
    Lower,
    /// No gold label: the example leaves every denominator of that axis.
    Exclude,
}

/// Whether outputs may hold prompts, responses and rationales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextPolicy {
    /// They may.
    Show,
    /// Ids only, in every output.
    Withhold,
}

/// What an axis means in a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisCard {
    /// What harm on this axis means here, in one sentence that the report quotes.
    pub harm: String,
    /// Names of the levels from 0 up; their number sets the scale.
    pub levels: Vec<String>,
    /// Severity from which an example is a positive.
    #[serde(default = "first_level")]
    pub threshold: Severity,
}

impl AxisCard {
    /// The highest severity of the scale.
    pub fn top(&self) -> Severity {
        Severity::try_from(self.levels.len().saturating_sub(1)).unwrap_or(Severity::MAX)
    }
}

const fn first_level() -> Severity {
    1
}

/// How much of a set an expert has read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpertReview {
    /// What is read, in the plural: `scenarios`, `examples`.
    pub units: String,
    /// How many of them an expert has read.
    pub read: usize,
    /// How many there are.
    pub of: usize,
}

/// The axes of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CardAxes {
    /// What the response failed to give.
    pub omission: AxisCard,
    /// What the response gave wrongly.
    pub commission: AxisCard,
}

/// `card.toml`: what a gold set is and how its labels are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// `lacuna-gold/1`.
    pub format: String,
    /// Short name; letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// Version of the set.
    pub version: String,
    /// Title for people.
    pub title: String,
    /// Licence of texts and labels.
    pub licence: String,
    /// Where the set comes from.
    pub source: String,
    /// How to cite it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation: Option<String>,
    /// Language of the texts, as a BCP 47 tag.
    pub language: String,
    /// Field the examples come from.
    pub domain: String,
    /// Who made the labels; printed in every report.
    pub label_source: LabelSource,
    /// `majority`, `median`, or the name of a rater whose labels alone count.
    pub aggregate: String,
    /// What a tie becomes; required where two raters can tie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tie: Option<Tie>,
    /// A rater whose answer is the label where there is one; `aggregate` makes the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjudicator: Option<String>,
    /// Whether outputs may hold the texts.
    #[serde(default = "show")]
    pub texts: TextPolicy,
    /// Limits of use, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
    /// Mechanisms of harm that the labelling page offers; a rater may name any other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mechanisms: Vec<String>,
    /// How much of it an expert has read; stands on the first screen of a report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expert_review: Option<ExpertReview>,
    /// The two axes.
    pub axes: CardAxes,
}

const fn show() -> TextPolicy {
    TextPolicy::Show
}

impl Card {
    /// Whether a rater is the one whose answer goes before the others'.
    pub fn is_adjudicator(&self, rater: &str) -> bool {
        self.adjudicator.as_deref() == Some(rater)
    }

    /// The card of one axis.
    pub const fn axis(&self, axis: Axis) -> &AxisCard {
        match axis {
            Axis::Omission => &self.axes.omission,
            Axis::Commission => &self.axes.commission,
        }
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatMessage {
    /// `system`, `user` or `assistant`.
    pub role: String,
    /// What was said.
    pub content: String,
}

/// A prompt or a response: text, or chat messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "text, or a list of {role, content} messages")]
pub enum Text {
    /// Plain text.
    Plain(String),
    /// A conversation.
    Chat(Vec<ChatMessage>),
}

impl Text {
    /// All the words, messages one below the other.
    pub fn plain(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Chat(messages) => {
                messages.iter().map(|message| message.content.as_str()).collect::<Vec<_>>().join("\n\n")
            }
        }
    }
}

/// A piece of content that a good response contains, or that it must not contain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Identifier within its example.
    pub id: String,
    /// The content.
    pub text: String,
}

/// The same facts put in two ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Identifier of the pair.
    pub id: String,
    /// This example's part in it, such as `layperson` or `physician`.
    pub role: String,
}

/// One prompt and one response to be judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Identifier, unique in the set.
    pub id: String,
    /// Examples of one cluster are not independent.
    pub cluster: String,
    /// What was asked.
    pub prompt: Text,
    /// What was answered; null where the publisher withholds it.
    #[serde(default)]
    pub response: Option<Text>,
    /// The model or person that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Axes that apply; both where absent.
    #[serde(default = "both_axes", skip_serializing_if = "is_both_axes")]
    pub axes: Vec<Axis>,
    /// A good response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Items a good response contains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<Item>,
    /// Items it must not contain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prohibited: Vec<Item>,
    /// The pair of framings it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<Pair>,
    /// The clean response that this one was degraded from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin_of: Option<String>,
    /// Named subgroups: slice name to value. Never shown to a judge.
    #[serde(default, deserialize_with = "unique_keys", skip_serializing_if = "BTreeMap::is_empty")]
    pub slices: BTreeMap<String, String>,
}

fn both_axes() -> Vec<Axis> {
    Axis::ALL.to_vec()
}

fn is_both_axes(axes: &[Axis]) -> bool {
    Axis::ALL.iter().all(|axis| axes.contains(axis))
}

/// What a rater is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RaterKind {
    /// A person.
    Human,
    /// A model.
    Model,
    /// The way the example was made.
    Construction,
}

/// Whether a required item is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemMark {
    /// It is there.
    Hit,
    /// It is there in part.
    Partial,
    /// It is missing.
    Miss,
}

impl ItemMark {
    /// The name used in every file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Partial => "partial",
            Self::Miss => "miss",
        }
    }
}

/// One rater's severities for one example.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Annotation {
    /// The example.
    pub example: String,
    /// A pseudonym of the rater.
    pub rater: String,
    /// What the rater is.
    pub rater_kind: RaterKind,
    /// Severity of omission; null = not rated by this rater.
    #[serde(default)]
    pub omission: Option<i64>,
    /// Severity of commission; null = not rated by this rater.
    #[serde(default)]
    pub commission: Option<i64>,
    /// Axes that the rater looked at and could not tell; their severity is null. Counted, never a label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cannot_judge: Vec<Axis>,
    /// Mark of each required item, by its id.
    #[serde(default, deserialize_with = "unique_keys", skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, ItemMark>,
    /// How the harm came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mechanism: Option<String>,
    /// A remark; reaches a report only on request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was made, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Annotation {
    /// Whether this rater answered on an axis: a severity, or that it cannot be judged.
    pub fn answers(&self, axis: Axis) -> bool {
        self.severity(axis).is_some() || self.cannot_judge.contains(&axis)
    }

    /// The severity on one axis as written, before the scale is checked.
    pub const fn severity(&self, axis: Axis) -> Option<i64> {
        match axis {
            Axis::Omission => self.omission,
            Axis::Commission => self.commission,
        }
    }
}

/// A line of a rater's own file that takes back what the rater said of an example before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The example.
    pub example: String,
    /// The rater.
    pub rater: String,
    /// What the rater is.
    pub rater_kind: RaterKind,
    /// Always true.
    pub withdrawn: bool,
    /// When it was taken back, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}
