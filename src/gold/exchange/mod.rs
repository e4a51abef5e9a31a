//! Examples out to other labelling tools, and the answers back.
//!
//! What goes out is blind: a task holds the texts and the required items under an opaque key. Which example a key stands for
//! is kept beside it and is needed on the way back.

mod keys;
mod label_studio;
mod sheets;
mod texts;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use keys::Keys;
pub use label_studio::{Answered, LabelStudioOptions, RaterNames, export_label_studio, import_label_studio};
pub use sheets::export_sheets;

use super::set::GoldSet;
use crate::model::{Axis, Problem, Problems};

/// Contents of a folder by path within it.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Refuses what cannot be labelled: a response that nobody can read.
fn check_responses(gold: &GoldSet, examples_file: &std::path::Path) -> Result<(), Problems> {
    let withheld = gold.examples.iter().filter(|example| example.response.is_none()).count();
    if withheld == 0 {
        return Ok(());
    }
    let message = format!("{withheld} examples have no response to be read; allowed: a set whose responses are there");
    Err(Problem::key(examples_file, 1, "response", message).into())
}

/// Whether an axis applies to every example of a set, to some, or to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    All,
    Some,
    None,
}

fn reach(gold: &GoldSet, axis: Axis) -> Reach {
    match (0..gold.examples.len()).filter(|at| gold.applies(*at, axis)).count() {
        0 => Reach::None,
        count if count == gold.examples.len() => Reach::All,
        _ => Reach::Some,
    }
}

/// The most required items that an example has.
fn most_items(gold: &GoldSet) -> usize {
    gold.examples.iter().map(|example| example.required.len()).max().unwrap_or(0)
}
