//! Sources of a mapping: which files they are, how they are laid out, and what joins them.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde_json::Value as Json;

use super::cells::ValueFile;
use super::context::Context;
use super::expression::{Conditions, Value};
use super::file::{SourceFile, TableFormat, Unmatched};
use super::pattern::Pattern;
use super::row::{Column, Row};
use crate::model::{Problem, Problems, shown};

/// A file name of a source: a folder below the mapping's, and a pattern in it.
#[derive(Debug)]
pub(super) struct FileName {
    pub(super) folder: PathBuf,
    pub(super) pattern: Pattern,
    /// The name as it is written.
    pub(super) text: String,
    /// Its key in the mapping file.
    pub(super) key: String,
}

/// A source that passed every check of its own.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) files: Vec<FileName>,
    pub(super) format: Option<TableFormat>,
    pub(super) delimiter: Option<u8>,
    pub(super) only: Conditions,
    /// The id of the example that a row is about.
    pub(super) example: Value,
    pub(super) join: Option<Join>,
}

/// How rows of a source find the rows of the first one.
#[derive(Debug)]
pub(super) struct Join {
    key: Value,
    to: Value,
    agree: Vec<(Column, Column)>,
    unmatched: Unmatched,
}

/// How `[example]` writes the id of an example, and the key by which other sources know it.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) id: &'a ValueFile,
    pub(super) key: Option<&'a ValueFile>,
}

/// Checks the sources.
pub(super) fn check_sources(context: &mut Context<'_>, files: &[SourceFile], names: Names<'_>) -> Vec<Source> {
    context.sources = names_of(context, files);
    context.joined = (0..files.len()).filter(|index| files[*index].join.is_some()).collect();
    if files.is_empty() {
        context.fault("sources", "found none; allowed: one or more [[sources]]");
    }
    let sources: Vec<Source> =
        files.iter().enumerate().map(|(index, file)| check_source(context, index, file, names)).collect();
    if sources.first().is_some_and(|source| source.join.is_some()) {
        context.fault("sources[0].join", "found on the first source; allowed: on the sources after it");
    }
    sources
}

/// Names of the sources; one without a name is `rows` where it is the first, otherwise it needs one.
fn names_of(context: &mut Context<'_>, files: &[SourceFile]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let key = format!("sources[{index}].name");
        let name = file.name.clone().unwrap_or_else(|| if index == 0 { "rows".to_owned() } else { String::new() });
        if name.is_empty() || name.contains(['.', '/', '{', '}']) {
            context.fault(&key, "is missing or not plain; allowed: text without `.`, `/` and braces");
        } else if names.contains(&name) {
            context.fault(&key, format!("found {} a second time; allowed: unique names", shown(&name)));
        }
        names.push(name);
    }
    names
}

fn check_source(context: &mut Context<'_>, index: usize, file: &SourceFile, names: Names<'_>) -> Source {
    let at = format!("sources[{index}]");
    let files = file_names(context, &at, &file.files.0);
    let delimiter = file.delimiter.as_ref().and_then(|text| match text.as_bytes() {
        [byte] => Some(*byte),
        _ => {
            context.fault(&format!("{at}.delimiter"), format!("found {}; allowed: one ASCII character", shown(text)));
            None
        }
    });
    let join = file.join.as_ref().map(|join| {
        let to = join.to.as_ref().unwrap_or(&join.key);
        let mut agree = Vec::new();
        for (position, path) in join.agree.iter().enumerate() {
            let key = format!("{at}.join.agree[{position}]");
            agree.push((context.column(0, &key, path), context.column(index, &key, path)));
        }
        Join {
            key: Value::check(context, index, &format!("{at}.join.key"), &join.key),
            to: Value::check(context, 0, &format!("{at}.join.to"), to),
            agree,
            unmatched: join.unmatched,
        }
    });
    let example = match (&file.example, &join) {
        (Some(_), Some(_)) => {
            context.fault(&format!("{at}.example"), "found beside `join`; allowed: one of them");
            Value::Text(String::new())
        }
        (Some(example), None) => Value::check(context, index, &format!("{at}.example"), example),
        // Rows of a joined source are never read on their own.
        (None, Some(_)) => Value::Text(String::new()),
        (None, None) if index == 0 => Value::check(context, index, "example.id", names.id),
        (None, None) => Value::check(context, index, &format!("{at}.example"), names.key.unwrap_or(names.id)),
    };
    Source {
        name: context.sources[index].clone(),
        files,
        format: file.format,
        delimiter,
        only: Conditions::check(context, index, &format!("{at}.where"), &file.only),
        example,
        join,
    }
}

/// File names below the folder of the tables: a mapping from a stranger must not reach any other file.
fn file_names(context: &mut Context<'_>, at: &str, texts: &[String]) -> Vec<FileName> {
    let several = context.lines.has(&format!("{at}.files[0]"));
    let mut names = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let key = if several { format!("{at}.files[{index}]") } else { format!("{at}.files") };
        let path = Path::new(text);
        let plain = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| plain) else {
            let message = "allowed: a file below the folder of the tables, without `..`";
            context.fault(&key, format!("found {}; {message}", shown(text)));
            continue;
        };
        match Pattern::read(name) {
            Ok(pattern) => {
                let folder = path.parent().unwrap_or_else(|| Path::new("")).to_owned();
                names.push(FileName { folder, pattern, text: text.clone(), key });
            }
            Err(message) => context.fault(&key, message),
        }
    }
    if texts.is_empty() {
        context.fault(&format!("{at}.files"), "found none; allowed: one file name or more");
    }
    names
}

impl Join {
    /// Puts each of `others` into its partner among `rows`, under the name of its source.
    pub(super) fn complete(&self, name: &str, rows: &mut [Row], others: &[Row], problems: &mut Problems) {
        let mut by_key: BTreeMap<String, usize> = BTreeMap::new();
        for (position, other) in others.iter().enumerate() {
            let Some(key) = self.key.text(other) else {
                problems.push(other.fault(&self.key.name(), "found nothing; allowed: the key of a join"));
                continue;
            };
            if let Some(first) = by_key.insert(key.clone(), position) {
                let message = format!("{} is the key of {} already", shown(&key), others[first].place());
                problems.push(other.fault(&self.key.name(), format!("{message}; allowed: one row a key")));
            }
        }
        for row in rows {
            let key = self.to.text(row);
            match key.as_ref().and_then(|key| by_key.get(key)) {
                Some(position) => self.put(name, row, &others[*position], problems),
                None if self.unmatched == Unmatched::Empty => {}
                None => {
                    let found = key.as_ref().map_or("nothing".to_owned(), |key| shown(key));
                    problems
                        .push(row.fault(&self.to.name(), format!("found {found}; allowed: a key of source {name}")));
                }
            }
        }
    }

    fn put(&self, name: &str, row: &mut Row, other: &Row, problems: &mut Problems) {
        for (own, joined) in &self.agree {
            if own.find(row) != joined.find(other) {
                let message = format!("differs from {}; allowed: the same in both (`agree`)", row.place());
                problems.push(other.fault(&joined.path, message));
            }
        }
        let Json::Object(cells) = &mut row.cells else { return };
        if cells.contains_key(name) {
            let message = format!("is a column and the name of a source; allowed: another name for source {name}");
            problems.push(Problem::key(&row.file, row.line, name, message));
        } else {
            cells.insert(name.to_owned(), other.cells.clone());
        }
    }
}
