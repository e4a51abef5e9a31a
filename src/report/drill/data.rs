//! The drill-down as the page reads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::case::Kind;
use super::embed::embedded;
use super::shelf::Shelf;
use crate::gold::GoldSet;
use crate::model::{
    Annotation, Axis, AxisCard, Item, ItemMark, Outcome, RaterKind, Text, TextPolicy, Verdict, is_deceptive,
};

/// Characters of one text that the page holds.
const MOST_CHARACTERS: usize = 12_000;

/// The whole of it. A case is `[example, judge, axis, kind, answers]`, each by position; what stands in several examples
/// or cases (a prompt, a list of items, the same verdict) is held once, as the JSON that stands on the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Data {
    pub(super) head: Head,
    pub(super) texts: Vec<Arc<str>>,
    pub(super) items: Vec<Arc<str>>,
    pub(super) examples: Vec<Arc<str>>,
    pub(super) answers: Vec<Arc<str>>,
    pub(super) cases: Vec<[usize; 5]>,
    /// Cases that are not here: `[judge, axis, kind, how many]`.
    pub(super) left_out: Vec<[usize; 4]>,
}

/// What stands before the cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Head {
    pub(super) withheld: bool,
    pub(super) judges: Vec<String>,
    /// Whether each judge answers on omission, on commission.
    pub(super) answers_on: Vec<[bool; 2]>,
    pub(super) axes: Vec<DrillAxis>,
    pub(super) kinds: Vec<DrillKind>,
    pub(super) slices: BTreeMap<String, Vec<String>>,
}

impl Data {
    /// All of it as one JSON object that is inert inside a page.
    pub(super) fn json(&self) -> Result<String, serde_json::Error> {
        let mut json = embedded(&serde_json::to_string(&self.head)?);
        json.pop();
        for (name, parts) in
            [("texts", &self.texts), ("items", &self.items), ("examples", &self.examples), ("answers", &self.answers)]
        {
            json.push_str(&format!(",\"{name}\":["));
            for (place, part) in parts.iter().enumerate() {
                json.push_str(if place == 0 { "" } else { "," });
                json.push_str(part);
            }
            json.push(']');
        }
        let (cases, left_out) = (serde_json::to_string(&self.cases)?, serde_json::to_string(&self.left_out)?);
        json.push_str(&format!(",\"cases\":{cases},\"left_out\":{left_out}}}"));
        Ok(json)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DrillAxis {
    name: &'static str,
    levels: Vec<String>,
}

impl DrillAxis {
    pub(super) fn new(axis: Axis, card: &AxisCard) -> Self {
        Self { name: axis.name(), levels: card.levels.iter().map(|level| visible(level)).collect() }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DrillKind {
    name: &'static str,
    words: &'static str,
    disagreement: bool,
}

impl From<Kind> for DrillKind {
    fn from(kind: Kind) -> Self {
        Self { name: kind.name(), words: kind.words(), disagreement: kind.is_disagreement() }
    }
}

/// A text, and how long it is where it was cut.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Shown {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    characters: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DrillItem {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DrillRating {
    rater: String,
    kind: &'static str,
    /// Omission, commission.
    severities: [Option<i64>; 2],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    items: BTreeMap<String, &'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mechanism: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Shown>,
}

/// An example; its texts and lists of items by their positions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DrillExample {
    id: String,
    cluster: String,
    slices: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prompt: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    response: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<usize>,
    required: usize,
    prohibited: usize,
    /// Gold marks of its items.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    marks: BTreeMap<String, &'static str>,
    /// Gold severity of omission and commission.
    gold: [Option<u8>; 2],
    /// Whether omission and commission apply to it; written where one does not.
    #[serde(skip_serializing_if = "both")]
    applies: [bool; 2],
    raters: Vec<DrillRating>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DrillVerdict {
    repeat: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    unscored: Option<&'static str>,
    severities: [Option<i64>; 2],
    #[serde(skip_serializing_if = "is_empty_pair")]
    probabilities: [Option<f64>; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    items: BTreeMap<String, &'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rationale: Option<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

fn both(pair: &[bool; 2]) -> bool {
    *pair == [true, true]
}

fn is_empty_pair(pair: &[Option<f64>; 2]) -> bool {
    pair.iter().all(Option::is_none)
}

/// What of the set the drill-down may show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selection<'a> {
    pub(super) gold: &'a GoldSet,
    pub(super) texts: TextPolicy,
    pub(super) notes: bool,
}

impl Selection<'_> {
    fn texts_shown(&self) -> bool {
        self.texts == TextPolicy::Show
    }

    fn shown(&self, text: &str) -> Option<Shown> {
        self.texts_shown().then(|| cut(None, text))
    }

    fn messages(&self, text: Option<&Text>) -> Vec<Shown> {
        match text.filter(|_| self.texts_shown()) {
            None => Vec::new(),
            Some(Text::Plain(text)) => vec![cut(None, text)],
            Some(Text::Chat(messages)) => {
                messages.iter().map(|message| cut(Some(visible(&message.role)), &message.content)).collect()
            }
        }
    }

    fn items(&self, items: &[Item]) -> Vec<DrillItem> {
        let item = |item: &Item| DrillItem {
            id: visible(&item.id),
            text: self.texts_shown().then(|| cut(None, &item.text).text),
        };
        items.iter().map(item).collect()
    }

    /// An example; what it shares with others goes into `shelf`.
    pub(super) fn example(&self, position: usize, annotations: &[&Annotation], shelf: &mut Shelf) -> DrillExample {
        let (gold, example) = (self.gold, &self.gold.examples[position]);
        let put = |texts: Vec<Shown>, shelf: &mut Shelf| texts.iter().map(|text| shelf.text(text)).collect();
        DrillExample {
            id: visible(&example.id),
            cluster: visible(&example.cluster),
            slices: self.slices(position),
            prompt: put(self.messages(Some(&example.prompt)), shelf),
            response: put(self.messages(example.response.as_ref()), shelf),
            reference: example.reference.as_deref().and_then(|text| self.shown(text)).map(|text| shelf.text(&text)),
            required: shelf.list(&self.items(&example.required)),
            prohibited: shelf.list(&self.items(&example.prohibited)),
            marks: marks(&gold.items[position]),
            gold: Axis::ALL
                .map(|axis| gold.labels.get(axis)[position].severity.filter(|_| gold.applies(position, axis))),
            applies: Axis::ALL.map(|axis| gold.applies(position, axis)),
            raters: annotations.iter().map(|annotation| self.rating(annotation)).collect(),
        }
    }

    /// The slices of an example as they are shown.
    pub(super) fn slices(&self, position: usize) -> BTreeMap<String, String> {
        self.gold.slices(position).iter().map(|(name, value)| (visible(name), visible(value))).collect()
    }

    fn rating(&self, annotation: &Annotation) -> DrillRating {
        DrillRating {
            rater: visible(&annotation.rater),
            kind: match annotation.rater_kind {
                RaterKind::Human => "person",
                RaterKind::Model => "model",
                RaterKind::Construction => "construction",
            },
            severities: Axis::ALL.map(|axis| annotation.severity(axis)),
            items: marks(&annotation.items),
            mechanism: annotation.mechanism.as_deref().map(visible),
            note: annotation.note.as_deref().filter(|_| self.notes).and_then(|note| self.shown(note)),
        }
    }

    pub(super) fn verdict(&self, verdict: &Verdict) -> DrillVerdict {
        DrillVerdict {
            repeat: verdict.repeat,
            unscored: (verdict.outcome != Outcome::Scored).then(|| verdict.outcome.name()),
            severities: Axis::ALL.map(|axis| verdict.severity(axis)),
            probabilities: Axis::ALL.map(|axis| verdict.probability(axis).filter(|value| value.is_finite())),
            score: verdict.score.filter(|value| value.is_finite()),
            items: marks(&verdict.items),
            rationale: verdict.rationale.as_deref().and_then(|text| self.shown(text)),
            raw: verdict.raw.as_deref().and_then(|text| self.shown(text)),
            model: verdict.model.as_deref().map(visible),
        }
    }
}

fn marks(items: &BTreeMap<String, ItemMark>) -> BTreeMap<String, &'static str> {
    items.iter().map(|(id, mark)| (visible(id), mark.name())).collect()
}

/// The beginning of a text, with what could hide in it made visible, and the length of the whole where it was cut.
fn cut(role: Option<String>, text: &str) -> Shown {
    // Most texts are so short that their characters need not be counted.
    let end = if text.len() <= MOST_CHARACTERS { None } else { text.char_indices().nth(MOST_CHARACTERS) };
    match end {
        None => Shown { text: visible(text), role, characters: None },
        Some((end, _)) => Shown { text: visible(&text[..end]), role, characters: Some(text.chars().count()) },
    }
}

/// A text in which characters that reorder or hide words stand by their number: `[U+202E]`.
pub(super) fn visible(text: &str) -> String {
    let hidden = |character: char| is_deceptive(character) && !matches!(character, '\n' | '\t');
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    if text.as_bytes().iter().all(plain) || !text.contains(hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        if hidden(character) {
            shown.push_str(&format!("[U+{:04X}]", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_named_and_long_texts_cut_with_their_length() {
        assert_eq!(visible("a\u{202e}b\u{1b}[31m\r\nc\td"), "a[U+202E]b[U+001B][31m\nc\td");
        let long = cut(None, &"é".repeat(1_000_000));
        assert_eq!((long.text.chars().count(), long.characters), (MOST_CHARACTERS, Some(1_000_000)));
        assert_eq!(cut(None, "short").characters, None);
    }
}
