//! Required and prohibited items, and the marks that raters and judges give them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::answers::MarksFile;
use super::context::Context;
use super::file::ItemsFile;
use super::forms::{LevelOrWord, TextOr};
use super::reading::{label, resolve};
use super::row::{Column, Row, text_of};
use crate::model::{Item, ItemMark, shown};

/// Words of a mark.
const MARKS: [(&str, ItemMark); 3] = [("hit", ItemMark::Hit), ("partial", ItemMark::Partial), ("miss", ItemMark::Miss)];

/// Where the items of an example stand.
#[derive(Debug)]
pub(super) enum Items {
    /// A list in one cell: JSON, or text to be split.
    List(Column, Option<String>),
    /// One column an item; an empty cell is no item.
    Columns(Vec<(String, Column)>),
    /// One row an item, in a source.
    Rows {
        /// Position of the source.
        source: usize,
        id: Column,
        text: Column,
    },
}

impl Items {
    /// Checks the items; `prefix` begins the ids of those that have none.
    pub(super) fn check(context: &mut Context<'_>, key: &str, file: &TextOr<ItemsFile>) -> Self {
        let long = match file {
            TextOr::Text(column) => return Self::List(context.column(0, key, column), None),
            TextOr::Table(long) => long,
        };
        let rows = long.id.is_some() || long.text.is_some() || long.source.is_some();
        match (&long.column, &long.columns, rows) {
            (Some(column), None, false) => {
                if long.split.as_ref().is_some_and(String::is_empty) {
                    context.fault(&format!("{key}.split"), "found nothing; allowed: the text between two items");
                }
                Self::List(context.column(0, &format!("{key}.column"), column), long.split.clone())
            }
            (None, Some(columns), false) if long.split.is_none() => {
                let at = |index: usize| format!("{key}.columns[{index}]");
                let columns = columns.iter().enumerate();
                Self::Columns(
                    columns.map(|(index, name)| (name.clone(), context.column(0, &at(index), name))).collect(),
                )
            }
            (None, None, true) if long.id.is_some() && long.text.is_some() && long.split.is_none() => {
                let source = context.source(&format!("{key}.source"), long.source.as_deref());
                let mut column = |name: &str, path: &Option<String>| {
                    context.column(source, &format!("{key}.{name}"), path.as_deref().unwrap_or_default())
                };
                Self::Rows { source, id: column("id", &long.id), text: column("text", &long.text) }
            }
            _ => {
                let allowed = "`column` (and `split`), `columns`, or `id` and `text` (and `source`)";
                context.fault(key, format!("found another combination; allowed: {allowed}"));
                Self::Columns(Vec::new())
            }
        }
    }

    /// The items that one row holds. The error is the column and what is wrong with it.
    pub(super) fn read(&self, row: &Row, prefix: &str) -> Result<Vec<Item>, (String, String)> {
        let numbered = |texts: Vec<String>| {
            let texts = texts.into_iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            (1..).zip(texts).map(|(number, text)| Item { id: format!("{prefix}{number}"), text }).collect()
        };
        match self {
            Self::List(column, None) => match column.find(row) {
                None | Some(Json::Null) => Ok(Vec::new()),
                Some(Json::String(text)) => Ok(numbered(vec![text.clone()])),
                Some(Json::Array(list)) => listed(list, prefix).ok_or_else(|| {
                    let message = "is not a list of items; allowed: texts, or {id, text} objects";
                    (column.path.clone(), message.to_owned())
                }),
                Some(_) => Err((column.path.clone(), "is no list; allowed: a list of texts, or text".to_owned())),
            },
            Self::List(column, Some(split)) => {
                let text = column.text(row).unwrap_or_default();
                Ok(numbered(text.split(split.as_str()).map(str::to_owned).collect()))
            }
            Self::Columns(columns) => Ok(columns
                .iter()
                .filter_map(|(id, column)| Some(Item { id: id.clone(), text: column.text(row)? }))
                .collect()),
            Self::Rows { id, text, .. } => Ok(match (id.text(row), text.text(row)) {
                (Some(id), Some(text)) => vec![Item { id: id.trim().to_owned(), text }],
                (None, None) => Vec::new(),
                (None, _) => return Err((id.path.clone(), "found nothing; allowed: the id of an item".to_owned())),
                (_, None) => return Err((text.path.clone(), "found nothing; allowed: the text of an item".to_owned())),
            }),
        }
    }
}

/// A JSON list of texts or of `{id, text}` objects.
fn listed(list: &[Json], prefix: &str) -> Option<Vec<Item>> {
    (1..)
        .zip(list)
        .map(|(number, entry)| match entry {
            Json::String(text) => Some(Item { id: format!("{prefix}{number}"), text: text.clone() }),
            Json::Object(map) => Some(Item { id: text_of(map.get("id")?)?, text: text_of(map.get("text")?)? }),
            _ => None,
        })
        .collect()
}

/// Where marks stand and which words they use.
#[derive(Debug)]
pub(super) struct Marks {
    place: Place,
    words: BTreeMap<String, ItemMark>,
}

#[derive(Debug)]
enum Place {
    /// One column an item.
    Columns(Vec<(String, Column)>),
    /// One row an item.
    Rows { id: Column, mark: Column },
    /// One column an item, by its number in the example: what stands before and after the number.
    Numbered(String, String),
}

/// What stands for the number of an item in the name of a column.
const NUMBER: &str = "{n}";

impl Marks {
    pub(super) fn check(
        context: &mut Context<'_>,
        source: usize,
        key: &str,
        named: &BTreeMap<String, BTreeMap<String, LevelOrWord>>,
        file: &MarksFile,
    ) -> Self {
        let place = match (&file.columns, &file.id, &file.column) {
            (None, None, None) if file.numbered.is_some() => {
                numbered(context, source, &format!("{key}.numbered"), file.numbered.as_deref().unwrap_or_default())
            }
            (Some(columns), None, None) if file.numbered.is_none() => Place::Columns(
                columns
                    .iter()
                    .map(|(item, path)| (item.clone(), context.column(source, &format!("{key}.columns.{item}"), path)))
                    .collect(),
            ),
            (None, Some(id), Some(mark)) if file.numbered.is_none() => Place::Rows {
                id: context.column(source, &format!("{key}.id"), id),
                mark: context.column(source, &format!("{key}.column"), mark),
            },
            _ => {
                context.fault(key, "found another combination; allowed: `columns`, `numbered`, or `id` and `column`");
                Place::Columns(Vec::new())
            }
        };
        let at = format!("{key}.values");
        let found = file.values.as_ref().and_then(|values| resolve(context, named, &at, values));
        let words = match found {
            None => MARKS.into_iter().map(|(word, mark)| (word.to_owned(), mark)).collect(),
            Some((map, at)) => words_of(context, &at, map),
        };
        Self { place, words }
    }

    /// The marks that one row holds; an empty cell is no mark. `required` are the items of its example.
    pub(super) fn read(&self, row: &Row, required: &[Item]) -> Result<Vec<(String, ItemMark)>, (String, String)> {
        let mark = |column: &Column| -> Result<Option<ItemMark>, (String, String)> {
            let Some(text) = column.text(row) else { return Ok(None) };
            self.words.get(text.trim()).copied().map(Some).ok_or_else(|| {
                let allowed: Vec<String> = self.words.keys().map(|word| shown(word)).collect();
                (column.path.clone(), format!("found {}; allowed: {}", label(&text), allowed.join(", ")))
            })
        };
        match &self.place {
            Place::Columns(columns) => columns
                .iter()
                .filter_map(|(item, column)| Some(mark(column).transpose()?.map(|mark| (item.clone(), mark))))
                .collect(),
            Place::Numbered(before, after) => {
                let column = |number: usize| {
                    let path = format!("{before}{number}{after}");
                    Column { key: path.clone(), path }
                };
                let beyond = column(required.len() + 1);
                let word = beyond.text(row).filter(|text| self.words.contains_key(text.trim()));
                if word.is_some() {
                    let message = format!("found a mark; allowed: none, as the example has {} items", required.len());
                    return Err((beyond.path, message));
                }
                let marks = required.iter().zip(1..);
                marks
                    .filter_map(|(item, number)| {
                        Some(mark(&column(number)).transpose()?.map(|mark| (item.id.clone(), mark)))
                    })
                    .collect()
            }
            Place::Rows { id, mark: column } => match (id.text(row), mark(column)?) {
                (Some(item), Some(mark)) => Ok(vec![(item.trim().to_owned(), mark)]),
                (_, None) => Ok(Vec::new()),
                (None, Some(_)) => Err((id.path.clone(), "found nothing; allowed: the id of an item".to_owned())),
            },
        }
    }
}

/// Columns by number; the first one has to be there.
fn numbered(context: &mut Context<'_>, source: usize, key: &str, pattern: &str) -> Place {
    match pattern.split_once(NUMBER) {
        Some((before, after)) if !after.contains(NUMBER) => {
            context.column(source, key, &format!("{before}1{after}"));
            Place::Numbered(before.to_owned(), after.to_owned())
        }
        _ => {
            context.fault(
                key,
                format!("found {}; allowed: the name of a column with {NUMBER} in it, once", shown(pattern)),
            );
            Place::Columns(Vec::new())
        }
    }
}

fn words_of(context: &mut Context<'_>, key: &str, map: &BTreeMap<String, LevelOrWord>) -> BTreeMap<String, ItemMark> {
    let mut words = BTreeMap::new();
    for (text, word) in map {
        let named = match word {
            LevelOrWord::Word(word) => MARKS.into_iter().find(|(name, _)| name == word),
            LevelOrWord::Level(_) => None,
        };
        match named {
            Some((_, mark)) => drop(words.insert(text.trim().to_owned(), mark)),
            None => context.fault(&format!("{key}.{text}"), "is no mark; allowed: \"hit\", \"partial\", \"miss\""),
        }
    }
    words
}
