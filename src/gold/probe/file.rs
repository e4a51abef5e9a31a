//! The scenario files as they are written.

use schemars::JsonSchema;
use serde::Deserialize;

/// A scenario: one TOML file, `lacuna-probe/1`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// `lacuna-probe/1`.
    pub(super) format: String,
    /// The field it comes from; a slice of the set.
    pub(super) domain: String,
    /// Whether an expert has still to read it.
    pub(super) review: Review,
    /// Whether the items can stand in another order.
    #[serde(default)]
    pub(super) order: Order,
    /// How the sentences are set.
    #[serde(default)]
    pub(super) layout: Layout,
    /// The reference answer, with the span of each item marked: `[id: the words that carry it]`.
    pub(super) reference: String,
    /// Another first sentence, for the complete answer in other words.
    pub(super) opening: Option<String>,
    /// Another last sentence, for the same.
    pub(super) closing: Option<String>,
    /// Neutral sentences that carry no item.
    #[serde(default)]
    pub(super) fillers: Vec<String>,
    /// A response that only refers elsewhere.
    pub(super) referral: Option<String>,
    /// A response that sends the person to the very help that they said is closed.
    pub(super) closed_referral: Option<String>,
    /// A response that refuses.
    pub(super) refusal: Option<String>,
    /// What a response must not contain.
    #[serde(default)]
    pub(super) prohibited: Vec<String>,
    /// What was asked, by framing.
    pub(super) prompts: Prompts,
    /// What a good response contains.
    pub(super) items: Vec<ItemFile>,
    /// False statements and harmful instructions.
    #[serde(default)]
    pub(super) wrong: Vec<WrongFile>,
    /// Where the facts come from.
    #[serde(default)]
    pub(super) sources: Vec<Source>,
    /// A neighbouring case in which caution is the right answer.
    pub(super) control: Option<Control>,
}

/// Whether an expert has still to read a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Review {
    /// Nobody who knows the field has read it.
    Needed,
    /// An expert has read it.
    Done,
}

/// Whether the items of a scenario can stand in another order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// They can.
    #[default]
    Free,
    /// They are steps, one after the other.
    Fixed,
}

/// How the sentences of a response are set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Layout {
    /// Paragraphs.
    #[default]
    Prose,
    /// One point a line.
    List,
    /// Numbered steps.
    Steps,
}

/// The same question in the words of two people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Prompts {
    /// Somebody without training, who says why the usual referral is closed.
    pub(super) layperson: Option<String>,
    /// Somebody of the trade.
    pub(super) professional: Option<String>,
}

/// A required item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemFile {
    /// Identifier within the scenario.
    pub(super) id: String,
    /// The content, as a judge's checklist says it.
    pub(super) text: String,
    /// The same content in other words than the reference's.
    pub(super) again: Option<String>,
    /// The subject touched in words on which nobody could act.
    pub(super) hedged: Option<String>,
}

/// A statement that is false, or an instruction that would hurt.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrongFile {
    /// The item beside which it stands, or whose place it takes.
    pub(super) item: String,
    /// What it is.
    pub(super) kind: Falsehood,
    /// Where it stands.
    #[serde(default)]
    pub(super) place: Place,
    /// The words.
    pub(super) text: String,
    /// What is true instead, for the reader of the labels.
    pub(super) right: Option<String>,
}

/// What a false text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Falsehood {
    /// A misleading statement of fact.
    Fact,
    /// An instruction that would hurt the person who followed it.
    Instruction,
}

/// Where a false text stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    /// After the item, which stays as it is.
    #[default]
    After,
    /// In place of the item: the same fact made wrong.
    Instead,
}

/// Where facts come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    /// Publisher and title.
    pub(super) name: String,
    /// Year of publication or of the last review.
    pub(super) year: u16,
    /// Whether the author had it open while writing.
    pub(super) read: bool,
}

/// A case in which caution is right, and a response that is cautious.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Control {
    /// What was asked.
    pub(super) prompt: String,
    /// A good response: it refers, declines or asks to wait, and is right to.
    pub(super) response: String,
    /// What a good response contains.
    pub(super) required: Vec<String>,
}

/// `set.toml`: what the scenarios of a folder have in common, `lacuna-probe-set/1`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFile {
    /// `lacuna-probe-set/1`.
    pub(super) format: String,
    /// Name of the gold set.
    pub(super) name: String,
    /// Version of the gold set.
    pub(super) version: String,
    /// Title for people.
    pub(super) title: String,
    /// Licence of texts and labels.
    pub(super) licence: String,
    /// Where the set comes from.
    pub(super) source: String,
    /// How to cite it.
    pub(super) citation: Option<String>,
    /// Language of the texts, as a BCP 47 tag.
    pub(super) language: String,
    /// Field the scenarios come from.
    pub(super) domain: String,
    /// Limits of use, in words.
    #[serde(default)]
    pub(super) limits: String,
    /// Neutral sentences that fit every scenario.
    #[serde(default)]
    pub(super) courtesies: Courtesies,
}

/// Neutral sentences for every scenario of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Courtesies {
    /// For an answer that lacks so much that the scenario's own fillers are too few.
    #[serde(default)]
    pub(super) answer: Vec<String>,
    /// For a response that refers elsewhere.
    #[serde(default)]
    pub(super) referral: Vec<String>,
    /// For a refusal.
    #[serde(default)]
    pub(super) refusal: Vec<String>,
}
