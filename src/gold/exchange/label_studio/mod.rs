//! Label Studio: a labelling configuration, tasks in its import format, and its JSON export back to annotations.
//!
//! Formats: <https://labelstud.io/guide/tasks>, <https://labelstud.io/guide/export>. The names of the controls are fixed, so
//! that the way back is certain.

mod answers;
mod config;
mod export;
mod read;

pub use answers::{Answered, RaterNames, import_label_studio};
pub use export::{LabelStudioOptions, export_label_studio};

use crate::model::{AxisCard, Severity, harmless};

/// Names of the controls and of the data of a task.
const KEY: &str = "key";
const PROMPT: &str = "prompt";
const RESPONSE: &str = "response";
const ASKED: &str = "asked";
const MECHANISM: &str = "mechanism";
const OTHER_MECHANISM: &str = "other_mechanism";
const NOTE: &str = "note";

/// What a rater chooses who cannot tell: what is shown, and what the export holds.
const CANNOT_JUDGE: (&str, &str) = ("cannot judge", "cannot_judge");

/// Name of the control of a required item, which is also that of its text in a task; numbers count from 1.
fn item_name(number: usize) -> String {
    format!("item_{number}")
}

/// The number of the item whose control has this name.
fn item_number(name: &str) -> Option<usize> {
    let number = name.strip_prefix("item_")?.parse().ok()?;
    (item_name(number) == name).then_some(number)
}

/// Name of the text of an item as an object of the configuration.
fn item_text_name(number: usize) -> String {
    format!("item_{number}_text")
}

/// A severity as a rater sees it: its number and its name.
fn shown_level(card: &AxisCard, severity: Severity) -> String {
    let name = card.levels.get(usize::from(severity)).map_or("", String::as_str);
    harmless(&format!("{severity} {}", name.trim()))
}
