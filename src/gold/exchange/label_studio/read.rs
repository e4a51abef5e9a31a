//! Label Studio's JSON export as it is written; what is not asked for here is passed over.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

use crate::gold::files::read_file;
use crate::model::{Problem, Problems};

/// One task with everything that was said of it.
#[derive(Debug, Deserialize)]
pub(super) struct Task {
    /// What the task was made of; an export named JSON-MIN has none.
    pub(super) data: Option<Map<String, Json>>,
    /// Submitted and skipped annotations.
    pub(super) annotations: Option<Vec<Submitted>>,
    /// Answers that nobody submitted.
    #[serde(default)]
    pub(super) drafts: Vec<IgnoredAny>,
}

/// One annotation.
#[derive(Debug, Deserialize)]
pub(super) struct Submitted {
    /// The person: a number, or an object with one.
    #[serde(default)]
    pub(super) completed_by: Json,
    /// The answers.
    #[serde(default)]
    pub(super) result: Vec<Answer>,
    /// Whether the task was skipped.
    #[serde(default)]
    pub(super) was_cancelled: bool,
    /// When it was made and last changed.
    #[serde(default)]
    pub(super) created_at: Option<String>,
    #[serde(default)]
    pub(super) updated_at: Option<String>,
}

/// One answer of one control.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    pub(super) from_name: Option<String>,
    #[serde(default)]
    pub(super) value: AnswerValue,
}

/// What was chosen or written.
#[derive(Debug, Default, Deserialize)]
pub(super) struct AnswerValue {
    #[serde(default)]
    pub(super) choices: Option<Vec<String>>,
    #[serde(default)]
    pub(super) text: Option<Written>,
}

/// A text area holds one text or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Written {
    One(String),
    Several(Vec<String>),
}

impl Submitted {
    /// The number of the person. Names and addresses are never read.
    pub(super) fn person(&self) -> Option<u64> {
        self.completed_by.as_u64().or_else(|| self.completed_by.get("id")?.as_u64())
    }

    /// When it was last changed.
    pub(super) fn at(&self) -> Option<&String> {
        self.updated_at.as_ref().or(self.created_at.as_ref())
    }
}

/// Where something stands in the export, as a message names it.
pub(super) fn fault(file: &Path, key: impl Into<String>, message: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), line: None, key: Some(key.into()), message: message.into() }
}

/// Reads the export.
pub(super) fn read_export(path: &Path) -> Result<Vec<Task>, Problems> {
    let bytes = read_file(path)?;
    let allowed = "Label Studio's export named JSON (not JSON-MIN, CSV or a snapshot of predictions)";
    let mut reader = serde_json::Deserializer::from_slice(&bytes);
    let tasks: Vec<Task> = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let place = error.path().to_string();
        let inner = error.inner();
        // The parser's own words may quote a text of a response.
        let message = match inner.classify() {
            serde_json::error::Category::Data => format!("has another shape than it should; allowed: {allowed}"),
            _ => format!("is not JSON (line {}, column {}); allowed: {allowed}", inner.line(), inner.column()),
        };
        let line = Some(inner.line()).filter(|line| *line > 0);
        let key = (!["", ".", "?"].contains(&place.as_str())).then_some(place);
        Problem { file: path.to_owned(), line, key, message }
    })?;
    reader
        .end()
        .map_err(|error| Problem::line(path, error.line(), format!("goes on after its list; allowed: {allowed}")))?;
    for (at, task) in tasks.iter().enumerate() {
        for (key, there) in [("data", task.data.is_some()), ("annotations", task.annotations.is_some())] {
            if !there {
                return Err(fault(path, format!("[{at}].{key}"), format!("is missing; allowed: {allowed}")).into());
            }
        }
    }
    Ok(tasks)
}

/// The key of a task.
pub(super) fn key_of<'a>(path: &Path, at: usize, task: &'a Task, name: &str) -> Result<&'a str, Problem> {
    let found = task.data.as_ref().and_then(|data| data.get(name));
    found.and_then(Json::as_str).ok_or_else(|| {
        let found = if found.is_some() { "something that is no text" } else { "nothing" };
        fault(path, format!("[{at}].data.{name}"), format!("found {found}; allowed: a key that was exported"))
    })
}
