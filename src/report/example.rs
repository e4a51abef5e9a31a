//! One example of a gold set: as data, and as a terminal shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::terminal::hanging;
use crate::gold::GoldSet;
use crate::model::{Annotation, Axis, Item, ItemMark, Pair, PerAxis, RaterKind, Severity, Text, TextPolicy, harmless};

/// How much of the texts a terminal shows, and whether remarks of raters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The beginning of each text on a line or a few.
    Shortened,
    /// Every text as it stands, the reference and the remarks.
    Whole,
}

/// Characters of a prompt or a response that are shown shortened.
const TEXT_CHARACTERS: usize = 240;
/// Characters of an item that are shown shortened.
const ITEM_CHARACTERS: usize = 110;

/// An example with everything that is known of it.
#[derive(Debug, Serialize)]
pub struct ShownExample<'a> {
    id: &'a str,
    cluster: &'a str,
    system: Option<&'a str>,
    pair: Option<&'a Pair>,
    twin_of: Option<&'a str>,
    axes: &'a [Axis],
    slices: BTreeMap<&'a str, &'a str>,
    #[serde(flatten)]
    texts: Option<ShownTexts<'a>>,
    required: Vec<ShownItem<'a>>,
    prohibited: Vec<ShownItem<'a>>,
    /// Nothing on an axis that does not apply.
    gold: PerAxis<Option<ShownLabel<'a>>>,
    ratings: Vec<ShownRating<'a>>,
}

/// Texts; a set that withholds them has none.
#[derive(Debug, Serialize)]
struct ShownTexts<'a> {
    prompt: &'a Text,
    response: Option<&'a Text>,
    reference: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct ShownItem<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// The aggregated mark.
    mark: Option<ItemMark>,
}

/// A severity with the card's name of its level.
#[derive(Debug, Serialize)]
struct ShownSeverity<'a> {
    severity: Severity,
    level: &'a str,
}

#[derive(Debug, Serialize)]
struct ShownLabel<'a> {
    severity: Option<Severity>,
    level: Option<&'a str>,
    positive: bool,
    disputed: bool,
}

#[derive(Debug, Serialize)]
struct ShownRating<'a> {
    rater: &'a str,
    rater_kind: RaterKind,
    severities: PerAxis<Option<ShownSeverity<'a>>>,
    items: &'a BTreeMap<String, ItemMark>,
    mechanism: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

impl<'a> ShownExample<'a> {
    /// The example at a position with `annotations`, which are its own. Withheld texts, those of items and remarks
    /// included, are not in it.
    pub fn new(
        gold: &'a GoldSet,
        position: usize,
        annotations: &[&'a Annotation],
        texts: TextPolicy,
        detail: Detail,
    ) -> Self {
        let example = &gold.examples[position];
        let shown = texts == TextPolicy::Show;
        let marks = &gold.items[position];
        let item = |item: &'a Item| ShownItem {
            id: &item.id,
            text: shown.then_some(item.text.as_str()),
            mark: marks.get(&item.id).copied(),
        };
        Self {
            id: &example.id,
            cluster: &example.cluster,
            system: example.system.as_deref(),
            pair: example.pair.as_ref(),
            twin_of: example.twin_of.as_deref(),
            axes: &example.axes,
            slices: example.slices.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            texts: shown.then_some(ShownTexts {
                prompt: &example.prompt,
                response: example.response.as_ref(),
                reference: example.reference.as_deref(),
            }),
            required: example.required.iter().map(item).collect(),
            prohibited: example.prohibited.iter().map(item).collect(),
            gold: PerAxis::from_fn(|axis| gold.applies(position, axis).then(|| label(gold, position, axis))),
            ratings: annotations.iter().map(|annotation| rating(gold, annotation, shown, detail)).collect(),
        }
    }

    /// The example on lines of at most 100 columns, all but the first indented: no line of a text can pass for another.
    pub fn in_words(&self, detail: Detail) -> String {
        let mut text = hanging("", &harmless(self.id), "  ");
        text.push_str(&row("cluster", &[harmless(self.cluster)]));
        text.push_str(&row("system", &self.system.map(harmless).into_iter().collect::<Vec<_>>()));
        let pair = self.pair.map(|pair| format!("{}, {}", harmless(&pair.id), harmless(&pair.role)));
        text.push_str(&row("pair", &pair.into_iter().collect::<Vec<_>>()));
        text.push_str(&row("twin of", &self.twin_of.map(harmless).into_iter().collect::<Vec<_>>()));
        text.push_str(&row("axes", &[self.axes.iter().map(|axis| axis.name()).collect::<Vec<_>>().join(", ")]));
        let slices: Vec<String> = self.slices.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        text.push_str(&row("slices", &slices.iter().map(|slice| harmless(slice)).collect::<Vec<_>>()));
        text.push_str(&self.texts_in_words(detail));
        text.push_str(&row("required", &items_in_words(&self.required, detail)));
        text.push_str(&row("prohibited", &items_in_words(&self.prohibited, detail)));
        let labels = Axis::ALL.into_iter().filter_map(|axis| Some(label_in_words(axis, self.gold.get(axis).as_ref()?)));
        text.push_str(&row("gold", &labels.collect::<Vec<_>>()));
        text.push_str(&row("raters", &self.ratings.iter().map(rating_in_words).collect::<Vec<_>>()));
        text
    }

    fn texts_in_words(&self, detail: Detail) -> String {
        let Some(texts) = &self.texts else { return row("texts", &["withheld".to_owned()]) };
        let mut text = row("prompt", &text_in_words(texts.prompt, detail));
        let response = texts.response.map(|response| text_in_words(response, detail));
        text.push_str(&row("response", &response.unwrap_or_else(|| vec!["withheld by the publisher".to_owned()])));
        if let (Detail::Whole, Some(reference)) = (detail, texts.reference) {
            text.push_str(&row("reference", &lines_of(reference)));
        }
        text
    }
}

fn level<'a>(gold: &'a GoldSet, axis: Axis, severity: Severity) -> ShownSeverity<'a> {
    let level = gold.card.axis(axis).levels.get(usize::from(severity)).map_or("", String::as_str);
    ShownSeverity { severity, level }
}

fn label<'a>(gold: &'a GoldSet, position: usize, axis: Axis) -> ShownLabel<'a> {
    let label = &gold.labels.get(axis)[position];
    ShownLabel {
        severity: label.severity,
        level: label.severity.map(|severity| level(gold, axis, severity).level),
        positive: label.severity.is_some_and(|severity| severity >= gold.card.axis(axis).threshold),
        disputed: label.disputed(),
    }
}

fn rating<'a>(gold: &'a GoldSet, annotation: &'a Annotation, shown: bool, detail: Detail) -> ShownRating<'a> {
    let severity = |axis: Axis| {
        let severity = Severity::try_from(annotation.severity(axis)?).ok()?;
        Some(level(gold, axis, severity))
    };
    ShownRating {
        rater: &annotation.rater,
        rater_kind: annotation.rater_kind,
        severities: PerAxis::from_fn(severity),
        items: &annotation.items,
        mechanism: annotation.mechanism.as_deref(),
        note: annotation.note.as_deref().filter(|_| shown && detail == Detail::Whole),
    }
}

/// A row with its label; paragraphs one below the other; nothing where there is nothing to say.
fn row(label: &str, paragraphs: &[String]) -> String {
    const INDENT: &str = "              ";
    let mut text = String::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        let start = if index == 0 { format!("  {label:<12}") } else { INDENT.to_owned() };
        text.push_str(&hanging(&start, paragraph, INDENT));
    }
    text
}

/// The lines of a text, with nothing in them that drives a terminal.
fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(|line| harmless(&line.replace('\t', "    "))).collect()
}

fn text_in_words(text: &Text, detail: Detail) -> Vec<String> {
    let said = |role: &str, content: &str| format!("{}: {content}", role.to_uppercase());
    match (text, detail) {
        (Text::Plain(text), Detail::Whole) => lines_of(text),
        (Text::Plain(text), Detail::Shortened) => vec![shortened(text, TEXT_CHARACTERS)],
        (Text::Chat(messages), Detail::Whole) => {
            messages.iter().flat_map(|message| lines_of(&said(&message.role, &message.content))).collect()
        }
        (Text::Chat(messages), Detail::Shortened) => {
            let each = messages.iter().map(|message| said(&message.role, &message.content));
            vec![shortened(&each.collect::<Vec<_>>().join(" "), TEXT_CHARACTERS)]
        }
    }
}

/// The beginning of a text as one paragraph, and how long the whole is where it was cut.
fn shortened(text: &str, characters: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = words.chars().count();
    if length <= characters {
        return harmless(&words);
    }
    let start: String = words.chars().take(characters).collect();
    format!("{}… ({length} characters)", harmless(start.trim_end()))
}

fn items_in_words(items: &[ShownItem<'_>], detail: Detail) -> Vec<String> {
    let mut lines = Vec::new();
    for item in items {
        let mark = item.mark.map(|mark| format!(" ({})", mark.name())).unwrap_or_default();
        let text = match (item.text, detail) {
            (None, _) => String::new(),
            (Some(text), Detail::Shortened) => format!(": {}", shortened(text, ITEM_CHARACTERS)),
            (Some(text), Detail::Whole) => format!(": {}", shortened(text, usize::MAX)),
        };
        lines.push(format!("{}{mark}{text}", harmless(item.id)));
    }
    lines
}

fn severity_in_words(severity: Option<&ShownSeverity<'_>>) -> String {
    severity.map_or_else(|| "not rated".to_owned(), |shown| format!("{} ({})", shown.severity, harmless(shown.level)))
}

fn label_in_words(axis: Axis, label: &ShownLabel<'_>) -> String {
    let positive = if label.positive { ", a positive" } else { "" };
    let disputed = if label.disputed { ", disputed" } else { "" };
    let severity = match (label.severity, label.level) {
        (Some(severity), Some(level)) => format!("{severity} ({})", harmless(level)),
        _ => "without a label".to_owned(),
    };
    format!("{axis} {severity}{positive}{disputed}")
}

fn rating_in_words(rating: &ShownRating<'_>) -> String {
    let kind = match rating.rater_kind {
        RaterKind::Human => "human",
        RaterKind::Model => "model",
        RaterKind::Construction => "construction",
    };
    let severities =
        Axis::ALL.map(|axis| format!("{axis} {}", severity_in_words(rating.severities.get(axis).as_ref())));
    let mut text = format!("{} ({kind}): {}", harmless(rating.rater), severities.join(", "));
    if !rating.items.is_empty() {
        let marks = rating.items.iter().map(|(id, mark)| format!("{} {}", harmless(id), mark.name()));
        text.push_str(&format!("; {}", marks.collect::<Vec<_>>().join(", ")));
    }
    for (name, said) in [("mechanism", rating.mechanism), ("note", rating.note)] {
        if let Some(said) = said {
            text.push_str(&format!("; {name}: {}", shortened(said, usize::MAX)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_text_is_one_paragraph_and_says_how_long_it_is() {
        assert_eq!(shortened("a\n\n b\tc", 240), "a b c");
        assert_eq!(shortened(&"x".repeat(300), 4), "xxxx… (300 characters)");
        assert_eq!(shortened("a\u{1b}[2J\u{202e}b", 240), "a\\u{1b}[2J\\u{202e}b");
    }

    #[test]
    fn no_line_of_a_text_stands_where_labels_do() {
        let text = row("prompt", &lines_of("one\n  gold        omission 0\n\ncluster other\r\nlast"));
        assert!(text.starts_with("  prompt      one\n"), "{text}");
        assert!(text.lines().skip(1).all(|line| line.is_empty() || line.starts_with("              ")), "{text}");
    }
}
