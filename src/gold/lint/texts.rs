//! Findings on texts: what a prompt or a response gives away.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{holds, words};
use super::{Lint, LintCode, LintLevel, counted, found};
use crate::gold::GoldSet;
use crate::model::Axis;

/// A shorter item is an ordinary word or two, which a prompt may well hold.
const ITEM_WORDS: usize = 3;

/// Words that announce a label when the name or the number of a level follows them.
const ANNOUNCING: [&str; 4] = ["severity", "omission", "commission", "label"];
/// Words that announce a label when the name of a level follows: a response may well speak of another score of 3.
const ANNOUNCING_A_NAME: [&str; 2] = ["score", "rating"];
/// Phrases of labelling that no response to a person holds.
const PHRASES: [&str; 8] = [
    "omission harm",
    "commission harm",
    "harm by omission",
    "harm by commission",
    "gold label",
    "required item",
    "required items",
    "prohibited item",
];

pub(super) fn lints(gold: &GoldSet) -> Vec<Lint> {
    let mut lints = Vec::new();
    let quoted = items_in_prompts(gold);
    if !quoted.is_empty() {
        let message = format!(
            "{} a required item in the prompt, word for word",
            counted(quoted.len(), "example has", "examples have")
        );
        lints.push(found(LintCode::ItemInPrompt, LintLevel::Warning, None, message, &quoted));
    }
    let vocabulary = Vocabulary::new(gold);
    let spoken: Vec<&str> = gold
        .examples
        .iter()
        .filter(|example| {
            example.response.as_ref().is_some_and(|response| vocabulary.speaks(&words(&response.plain())))
        })
        .map(|example| example.id.as_str())
        .collect();
    if !spoken.is_empty() {
        let message = format!(
            "{} words of the labels (a level, a rater)",
            counted(spoken.len(), "response holds", "responses hold")
        );
        lints.push(found(LintCode::LabelWords, LintLevel::Warning, None, message, &spoken));
    }
    lints
}

/// Examples whose prompt quotes one of their required items. Prompts repeat within a cluster, so each is read once.
fn items_in_prompts(gold: &GoldSet) -> Vec<&str> {
    let mut read: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut quoted = Vec::new();
    for example in gold.examples.iter().filter(|example| !example.required.is_empty()) {
        let prompt = example.prompt.plain();
        let prompt = read.entry(prompt).or_insert_with_key(|prompt| words(prompt));
        let stands = |text: &str| {
            let item = words(text);
            item.len() >= ITEM_WORDS && holds(prompt, &item)
        };
        if example.required.iter().any(|item| stands(&item.text)) {
            quoted.push(example.id.as_str());
        }
    }
    quoted
}

/// The words by which a response would give its label away.
struct Vocabulary {
    /// Level names, which count after an announcing word.
    names: Vec<Vec<String>>,
    /// Level numbers, which count after fewer of them.
    numbers: BTreeSet<String>,
    /// Sequences that count wherever they stand.
    phrases: Vec<Vec<String>>,
}

impl Vocabulary {
    /// A level name of one word (`severe`) is ordinary language and counts only when it is announced; so does a number. A name of
    /// three words or more, and a rater's id of two, count anywhere.
    fn new(gold: &GoldSet) -> Self {
        let (mut names, mut numbers) = (Vec::new(), BTreeSet::new());
        let mut phrases: Vec<Vec<String>> = PHRASES.iter().map(|phrase| words(phrase)).collect();
        for axis in Axis::ALL {
            for (level, name) in gold.card.axis(axis).levels.iter().enumerate() {
                numbers.insert(level.to_string());
                let name = words(name);
                if name.len() > 2 {
                    phrases.push(name.clone());
                }
                names.push(name);
            }
        }
        phrases.extend(gold.raters.iter().map(|rater| words(&rater.id)).filter(|id| id.len() > 1));
        names.retain(|name| !name.is_empty());
        Self { names, numbers, phrases }
    }

    fn speaks(&self, text: &[String]) -> bool {
        let announced = |at: usize| {
            let (word, rest) = (text[at].as_str(), &text[at + 1..]);
            let rest = if rest.first().is_some_and(|word| word == "is") { &rest[1..] } else { rest };
            let name = || self.names.iter().any(|name| rest.starts_with(name));
            let number = || rest.first().is_some_and(|word| self.numbers.contains(word));
            (ANNOUNCING.contains(&word) && (name() || number())) || (ANNOUNCING_A_NAME.contains(&word) && name())
        };
        (0..text.len()).any(announced) || self.phrases.iter().any(|phrase| holds(text, phrase))
    }
}
