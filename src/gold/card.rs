//! `card.toml`: read strictly, with the line of each fault.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::names::fault_of;
use super::wording::in_plain_words;
use crate::model::{Axis, Card, GOLD_FORMAT, Problem, Problems, shown};

/// Most levels a scale can have.
const MOST_LEVELS: usize = 11;

/// Reads a TOML text into a record; a fault carries its line, and its key where the parser knows it.
pub fn read_toml<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, Problem> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_of_offset(text, span.start));
        let message = error.message();
        // The parser names an unknown key in its message only, and that of a wrong value not at all.
        let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
        let key = unknown.or_else(|| key_before(text, error.span()?.start)).map(str::to_owned);
        let twice = error.span().filter(|_| message == "duplicate key").and_then(|span| text.get(span));
        let message = twice.map_or_else(|| message.replace('\n', ", "), |name| format!("duplicate field `{name}`"));
        Problem { file: file.to_owned(), line, key, message: in_plain_words(&message) }
    })
}

/// The key of `key = value` on whose line a value begins.
fn key_before(text: &str, offset: usize) -> Option<&str> {
    let before = text.get(..offset)?;
    let (key, _) = before[before.rfind('\n').map_or(0, |end| end + 1)..].split_once('=')?;
    let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    Some(key.trim()).filter(|key| !key.is_empty() && key.chars().all(plain))
}

/// Line, counted from 1, of a byte offset.
fn line_of_offset(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Line of the first `key = …` after `[table]` (after the start where the table is empty).
pub fn line_of_key(text: &str, table: &str, key: &str) -> usize {
    let mut inside = table.is_empty();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']).trim() == table;
        } else if inside && line.split('=').next().is_some_and(|name| name.trim() == key) {
            return index + 1;
        }
    }
    1
}

/// Reads and checks a card.
pub(super) fn read_card(file: &Path, text: &str) -> Result<Card, Problems> {
    let card: Card = read_toml(file, text)?;
    let mut problems = Problems::default();
    for (table, key, message) in faults_of(&card) {
        problems.push(Problem::key(file, line_of_key(text, &table, key), key, message));
    }
    problems.or(card)
}

/// What the types of a card cannot say: table, key and message of each fault.
pub(super) fn faults_of(card: &Card) -> Vec<(String, &'static str, String)> {
    let mut faults = Vec::new();
    let mut fault = |table: &str, key: &'static str, message: String| faults.push((table.to_owned(), key, message));
    if card.format != GOLD_FORMAT {
        fault("", "format", format!("found {}; allowed: \"{GOLD_FORMAT}\"", shown(&card.format)));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if card.name.is_empty() || card.name.starts_with('.') || !card.name.chars().all(plain) {
        fault("", "name", format!("found {}; allowed: letters, digits, `-`, `_` and `.`", shown(&card.name)));
    }
    if let Some(review) = &card.expert_review {
        if let Some(message) = fault_of(review.units.trim()) {
            fault("expert_review", "units", message);
        }
        if review.of == 0 {
            fault("expert_review", "of", "found 0; allowed: 1 or more".to_owned());
        } else if review.read > review.of {
            fault("expert_review", "read", format!("found {}; allowed: 0 to {}, as in `of`", review.read, review.of));
        }
    }
    if let Some(adjudicator) = &card.adjudicator {
        let rules = ["majority", "median"];
        if let Some(message) = fault_of(adjudicator) {
            fault("", "adjudicator", message);
        } else if rules.contains(&adjudicator.as_str()) {
            fault("", "adjudicator", format!("found {}; allowed: the pseudonym of a rater", shown(adjudicator)));
        } else if !rules.contains(&card.aggregate.as_str()) {
            let alone = shown(&card.aggregate);
            let message = format!(
                "found beside aggregate = {alone}, whose labels alone count; allowed: beside \"majority\" or \"median\""
            );
            fault("", "adjudicator", message);
        }
    }
    for axis in Axis::ALL {
        let table = format!("axes.{axis}");
        let axis_card = card.axis(axis);
        let levels = axis_card.levels.len();
        if !(2..=MOST_LEVELS).contains(&levels) {
            fault(&table, "levels", format!("found {levels} levels; allowed: 2 to {MOST_LEVELS}"));
        } else if !(1..=axis_card.top()).contains(&axis_card.threshold) {
            fault(&table, "threshold", format!("found {}; allowed: 1 to {}", axis_card.threshold, axis_card.top()));
        }
        let names = axis_card.levels.iter().map(|name| name.trim()).take(MOST_LEVELS);
        for (index, name) in names.enumerate() {
            if let Some(message) = fault_of(name) {
                fault(&table, "levels", message);
            } else if axis_card.levels[..index].iter().any(|other| other.trim() == name) {
                fault(
                    &table,
                    "levels",
                    format!("found {} twice; allowed: a name of its own for each level", shown(name)),
                );
            }
        }
        if axis_card.harm.trim().is_empty() {
            fault(&table, "harm", "found nothing; allowed: one sentence".to_owned());
        }
    }
    faults
}
