//! What the cells of a column look like.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value as Json;

use super::words::words_of;
use crate::gold::import::Preview;
use crate::model::{ChatMessage, Item, is_deceptive};

/// Different values up to which a column could hold labels.
pub(super) const MOST_LABELS: usize = 11;

/// Characters up to which a cell could be a label.
const LONGEST_LABEL: usize = 40;

/// Characters from which cells are texts, on average.
const SHORTEST_TEXT: f64 = 25.0;

/// What all filled cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Text, numbers, true or false.
    Plain,
    /// Conversations: lists of `{role, content}`.
    Chat,
    /// Lists of texts or of `{id, text}`.
    List,
    /// Nothing, or something that no part of an example is.
    Other,
}

/// The numbers of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Numbers {
    pub(super) least: f64,
    pub(super) most: f64,
    /// Whether every one is whole.
    pub(super) whole: bool,
}

/// A column and what its cells look like.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its path, as a mapping writes it.
    pub(super) path: String,
    /// The words of its name.
    pub(super) words: Vec<String>,
    pub(super) shape: Shape,
    pub(super) rows: usize,
    /// Rows whose cell is not empty.
    pub(super) filled: usize,
    /// Different values.
    pub(super) distinct: usize,
    /// The values and how often each occurs, where they are few and short.
    pub(super) values: Option<BTreeMap<String, usize>>,
    /// Its numbers, where any cell is one.
    pub(super) numbers: Option<Numbers>,
    /// Filled cells that are numbers.
    pub(super) numeric: usize,
    pub(super) mean_characters: f64,
    pub(super) longest: usize,
    /// Whether a cell has a space within it.
    pub(super) spaced: bool,
    /// Whether a cell has a character that no name can have.
    pub(super) controls: bool,
    /// Whether its cells are numbers, some with a decimal comma.
    pub(super) commas: bool,
}

impl Column {
    /// Looks at every cell of a column.
    pub(super) fn of(preview: &Preview, path: &str) -> Self {
        let mut found = Found::default();
        preview.cells(path).zip(preview.texts(path)).for_each(|(cell, text)| found.add(cell, text));
        found.column(path, preview.len())
    }

    /// Whether every row has a value.
    pub(super) fn is_full(&self) -> bool {
        self.filled == self.rows
    }

    /// Whether its cells are texts to be read, not labels.
    pub(super) fn is_text(&self) -> bool {
        self.shape == Shape::Chat || (self.shape == Shape::Plain && self.mean_characters >= SHORTEST_TEXT)
    }

    /// Whether its values could be labels: few, short, and at least one of them more than once.
    pub(super) fn is_label(&self) -> bool {
        let few = self.values.as_ref().is_some_and(|values| values.len() <= MOST_LABELS);
        self.shape == Shape::Plain
            && !self.commas
            && few
            && self.distinct > 0
            && (self.distinct < self.filled || self.rows < 8)
    }

    /// Whether every filled cell is a number.
    pub(super) fn is_number(&self) -> bool {
        self.shape == Shape::Plain && self.filled > 0 && self.numeric == self.filled
    }

    /// Whether nearly every filled cell is a number: an automated score fails now and then.
    pub(super) fn is_nearly_number(&self) -> bool {
        self.shape == Shape::Plain && self.numeric > 0 && self.numeric * 5 >= self.filled * 4
    }
}

#[derive(Default)]
struct Found {
    filled: usize,
    hashes: BTreeSet<u64>,
    values: BTreeMap<String, usize>,
    too_many: bool,
    numeric: usize,
    fractions: usize,
    least: Option<f64>,
    most: Option<f64>,
    characters: usize,
    longest: usize,
    spaced: bool,
    controls: bool,
    commas: usize,
    chats: usize,
    lists: usize,
    others: usize,
}

impl Found {
    fn add(&mut self, cell: Option<&Json>, text: Option<String>) {
        let Some(text) = text else { return };
        self.filled += 1;
        match cell {
            Some(list @ Json::Array(_)) if is_chat(list) => self.chats += 1,
            Some(Json::Array(list)) if is_list(list) => self.lists += 1,
            Some(Json::Array(_) | Json::Object(_)) => self.others += 1,
            _ => {}
        }
        self.controls |= text.contains(is_deceptive);
        let text = text.trim();
        let characters = text.chars().count();
        self.characters += characters;
        self.longest = self.longest.max(characters);
        self.spaced |= text.contains(char::is_whitespace);
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        self.hashes.insert(hasher.finish());
        if let Some(value) = number(text) {
            self.numeric += 1;
            self.fractions += usize::from(value.fract() != 0.0 || value.abs() >= 1e9);
            self.least = Some(self.least.map_or(value, |least| least.min(value)));
            self.most = Some(self.most.map_or(value, |most| most.max(value)));
        }
        self.commas += usize::from(has_decimal_comma(text));
        // One more than the labels that there can be, for a word that says that there is none.
        if characters > LONGEST_LABEL || (self.values.len() > MOST_LABELS && !self.values.contains_key(text)) {
            self.too_many = true;
        } else if !self.too_many {
            *self.values.entry(text.to_owned()).or_default() += 1;
        }
    }

    fn column(self, path: &str, rows: usize) -> Column {
        let shape = match (self.filled, self.chats, self.lists, self.others) {
            (0, ..) => Shape::Other,
            (_, 0, 0, 0) => Shape::Plain,
            (filled, chats, 0, 0) if chats == filled => Shape::Chat,
            (filled, 0, lists, 0) if lists == filled => Shape::List,
            _ => Shape::Other,
        };
        let numbers = match (self.least, self.most) {
            (Some(least), Some(most)) => Some(Numbers { least, most, whole: self.fractions == 0 }),
            _ => None,
        };
        Column {
            path: path.to_owned(),
            words: words_of(path),
            shape,
            rows,
            filled: self.filled,
            distinct: self.hashes.len(),
            values: (!self.too_many).then_some(self.values),
            numbers,
            numeric: self.numeric,
            mean_characters: if self.filled == 0 { 0.0 } else { self.characters as f64 / self.filled as f64 },
            longest: self.longest,
            spaced: self.spaced,
            controls: self.controls,
            commas: shape == Shape::Plain && self.commas > 0 && self.commas + self.numeric == self.filled,
        }
    }
}

/// A finite number, as a mapping reads it.
pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|value| value.is_finite())
}

/// `7,3`, as many spreadsheets write 7.3.
fn has_decimal_comma(text: &str) -> bool {
    let whole = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    text.trim_start_matches('-').split_once(',').is_some_and(|(before, after)| whole(before) && whole(after))
}

/// A conversation that an example can hold.
fn is_chat(cell: &Json) -> bool {
    serde_json::from_value::<Vec<ChatMessage>>(cell.clone()).is_ok_and(|messages| {
        !messages.is_empty()
            && messages.iter().all(|message| ["system", "user", "assistant"].contains(&message.role.as_str()))
    })
}

/// Items that an example can hold: texts, or `{id, text}` with ids of their own.
fn is_list(list: &[Json]) -> bool {
    let mut ids = BTreeSet::new();
    let item = |entry: &Json| serde_json::from_value::<Item>(entry.clone()).is_ok_and(|item| ids.insert(item.id));
    list.iter().all(Json::is_string) || list.iter().all(item)
}
