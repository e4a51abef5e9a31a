//! Values and conditions: what a mapping says of one row.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::cells::{ConditionFile, ValueFile, ValueTable};
use super::context::Context;
use super::forms::{Scalar, Several, TextOr};
use super::row::{Column, Row};

/// Bytes of a digest that stand for a text: enough for any two texts of a table to differ.
const DIGEST_BYTES: usize = 8;

/// A text made from a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// One column.
    Column(Column),
    /// Words and columns.
    Template(Vec<Piece>),
    /// The same text for every row.
    Text(String),
    /// A name made from the text of one column.
    Digest(Column),
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Words.
    Words(String),
    /// A column.
    Column(Column),
}

impl Value {
    /// Checks a value: a text is a template where it holds a brace, otherwise a column.
    pub(super) fn check(context: &mut Context<'_>, source: usize, key: &str, file: &ValueFile) -> Self {
        match file {
            TextOr::Text(text) if text.contains(['{', '}']) => template(context, source, key, text),
            TextOr::Text(text) => Self::Column(context.column(source, key, text)),
            TextOr::Table(ValueTable { column: Some(column), template: None, text: None, digest: None }) => {
                Self::Column(context.column(source, &format!("{key}.column"), column))
            }
            TextOr::Table(ValueTable { column: None, template: Some(text), text: None, digest: None }) => {
                template(context, source, &format!("{key}.template"), text)
            }
            TextOr::Table(ValueTable { column: None, template: None, text: Some(text), digest: None }) => {
                Self::Text(text.clone())
            }
            TextOr::Table(ValueTable { column: None, template: None, text: None, digest: Some(column) }) => {
                Self::Digest(context.column(source, &format!("{key}.digest"), column))
            }
            TextOr::Table(_) => {
                context.fault(key, "found none or several; allowed: one of `column`, `template`, `text`, `digest`");
                Self::Text(String::new())
            }
        }
    }

    /// The text; none where the column, or a column of the template, is empty.
    pub(super) fn text(&self, row: &Row) -> Option<String> {
        match self {
            Self::Column(column) => column.text(row),
            Self::Text(text) => Some(text.clone()),
            Self::Digest(column) => column.text(row).map(|text| hex::encode(&Sha256::digest(text)[..DIGEST_BYTES])),
            Self::Template(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Words(words) => Some(words.clone()),
                    Piece::Column(column) => column.text(row),
                })
                .collect(),
        }
    }

    /// The cell as it is, where the value is a column.
    pub(super) fn cell<'r>(&self, row: &'r Row) -> Option<&'r Json> {
        match self {
            Self::Column(column) => column.find(row),
            Self::Template(_) | Self::Text(_) | Self::Digest(_) => None,
        }
    }

    /// What a message calls it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Column(column) | Self::Digest(column) => column.path.clone(),
            Self::Text(text) => text.clone(),
            Self::Template(pieces) => {
                let names = pieces.iter().filter_map(|piece| match piece {
                    Piece::Words(_) => None,
                    Piece::Column(column) => Some(column.path.as_str()),
                });
                names.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// Reads `"{system}/{id}"`; `{{` and `}}` stand for braces.
fn template(context: &mut Context<'_>, source: usize, key: &str, text: &str) -> Value {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        words.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            words.push_str(brace);
            rest = after;
            continue;
        }
        let Some((column, after)) = after.split_once('}').filter(|_| brace == "{") else {
            context.fault(key, "found a brace without its partner; allowed: `{column}`, and `{{` or `}}` for a brace");
            return Value::Text(String::new());
        };
        if !words.is_empty() {
            pieces.push(Piece::Words(std::mem::take(&mut words)));
        }
        pieces.push(Piece::Column(context.column(source, key, column)));
        rest = after;
    }
    words.push_str(rest);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    Value::Template(pieces)
}

/// What a condition asks of a cell's text form. An empty cell is the empty text.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    OneOf(Vec<String>),
    StartsWith(String),
    Contains(String),
    Empty,
}

/// A condition on one cell of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    column: Column,
    test: Test,
    /// Whether the test has to hold or to fail.
    wanted: Wanted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Holds,
    Fails,
}

impl Condition {
    fn check(context: &mut Context<'_>, source: usize, key: &str, file: &ConditionFile) -> Self {
        let column = context.column(source, &format!("{key}.column"), &file.column);
        let texts = |list: &Vec<Scalar>| Test::OneOf(list.iter().map(|scalar| scalar.0.clone()).collect());
        let one = |scalar: &Scalar| Test::OneOf(vec![scalar.0.clone()]);
        let empty = |truth: bool| (Test::Empty, if truth { Wanted::Holds } else { Wanted::Fails });
        let tests = [
            file.equals.as_ref().map(|scalar| (one(scalar), Wanted::Holds)),
            file.not_equals.as_ref().map(|scalar| (one(scalar), Wanted::Fails)),
            file.starts_with.clone().map(|text| (Test::StartsWith(text), Wanted::Holds)),
            file.not_starts_with.clone().map(|text| (Test::StartsWith(text), Wanted::Fails)),
            file.contains.clone().map(|text| (Test::Contains(text), Wanted::Holds)),
            file.not_contains.clone().map(|text| (Test::Contains(text), Wanted::Fails)),
            file.is_empty.map(empty),
            file.one_of.as_ref().map(|list| (texts(list), Wanted::Holds)),
            file.none_of.as_ref().map(|list| (texts(list), Wanted::Fails)),
        ];
        let mut tests: Vec<(Test, Wanted)> = tests.into_iter().flatten().collect();
        if tests.len() != 1 {
            context.fault(
                key,
                format!(
                    "found {} operators; allowed: one of `equals`, `not_equals`, `starts_with`, `not_starts_with`, \
                     `contains`, `not_contains`, `is_empty`, `in`, `not_in`",
                    tests.len()
                ),
            );
        }
        let (test, wanted) = tests.pop().unwrap_or((Test::Empty, Wanted::Holds));
        Self { column, test, wanted }
    }

    fn holds(&self, row: &Row) -> bool {
        let text = self.column.text(row).unwrap_or_default();
        let found = match &self.test {
            Test::OneOf(texts) => texts.iter().any(|one| one.trim() == text.trim()),
            Test::StartsWith(start) => text.trim_start().starts_with(start.as_str()),
            Test::Contains(part) => text.contains(part.as_str()),
            Test::Empty => text.is_empty(),
        };
        found == (self.wanted == Wanted::Holds)
    }
}

/// Conditions that all have to hold; none of them always do.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Conditions(Vec<Condition>);

impl Conditions {
    pub(super) fn check(context: &mut Context<'_>, source: usize, key: &str, file: &Several<ConditionFile>) -> Self {
        let one = context.lines.has(&format!("{key}.column"));
        let conditions = file.0.iter().enumerate().map(|(index, condition)| {
            let key = if one { key.to_owned() } else { format!("{key}[{index}]") };
            Condition::check(context, source, &key, condition)
        });
        Self(conditions.collect())
    }

    pub(super) fn hold(&self, row: &Row) -> bool {
        self.0.iter().all(|condition| condition.holds(row))
    }
}
