//! A row of a table, and the columns by which a mapping finds its cells.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::Problem;

/// Stands for the line on which a row begins in its file (in Parquet: its number): rows of a table without ids need one all
/// the same. A column of that name is `/@line`.
pub(super) const LINE: &str = "@line";

/// A row with the place it was read from. Its cells are a JSON object: a joined row stands in it under its source's name.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) file: Arc<Path>,
    pub(super) line: usize,
    pub(super) cells: Json,
}

impl Row {
    /// A fault of this row.
    pub(super) fn fault(&self, key: &str, message: impl Into<String>) -> Problem {
        Problem::key(&self.file, self.line, key, message)
    }

    /// Where it stands, as a message says it.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }
}

/// A column: its name, a dotted path into nested objects, or a JSON pointer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) path: String,
    /// The key of the mapping file that names it.
    pub(super) key: String,
}

impl Column {
    /// The cell of a row; none where the row has no such column.
    pub(super) fn find<'r>(&self, row: &'r Row) -> Option<&'r Json> {
        if self.path.starts_with('/') {
            return row.cells.pointer(&self.path);
        }
        if let Some(found) = row.cells.get(&self.path) {
            return Some(found);
        }
        self.path.split('.').try_fold(&row.cells, |value, part| match value {
            Json::Object(map) => map.get(part),
            Json::Array(list) => list.get(part.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The text form of a cell; none where it is absent, null or empty.
    pub(super) fn text(&self, row: &Row) -> Option<String> {
        if self.path == LINE {
            return Some(row.line.to_string());
        }
        self.find(row).and_then(text_of)
    }
}

/// The text form of a cell, without spaces around it where it is a label; none for an empty one.
pub(super) fn text_of(cell: &Json) -> Option<String> {
    match cell {
        Json::Null => None,
        Json::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        // 3.0 and 3 are the same label: tables with gaps turn whole numbers into doubles.
        Json::Number(number) => Some(match number.as_f64() {
            Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < 1e15 => format!("{value:.0}"),
            _ => number.to_string(),
        }),
        other => Some(other.to_string()),
    }
}
