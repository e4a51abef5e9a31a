//! What is legal in a set and still deserves a look before somebody relies on it.
//!
//! `docs/lints.md` has an entry for each code; a test holds both together.

mod code;
mod duplicates;
mod groups;
mod labels;
mod structure;
mod texts;
mod words;

pub use code::LintCode;
pub use labels::looks_like_a_person;

use serde::Serialize;

use super::set::GoldSet;
use crate::model::Axis;

/// Examples that a finding names; the rest are counted.
const NAMED: usize = 20;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LintLevel {
    /// To be mended, or understood and said.
    Warning,
    /// Worth knowing.
    Note,
}

/// One finding on a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lint {
    /// Its code.
    pub code: &'static str,
    /// How much it matters.
    pub level: LintLevel,
    /// The axis it is about, if one.
    pub axis: Option<Axis>,
    /// What was found.
    pub message: String,
    /// What to do.
    pub help: &'static str,
    /// How many examples (clusters, raters) it is about.
    pub count: usize,
    /// Ids of the first of them.
    pub ids: Vec<String>,
}

/// All findings on a set; warnings before notes.
pub fn lint(gold: &GoldSet) -> Vec<Lint> {
    let mut lints = labels::lints(gold);
    lints.extend(structure::lints(gold));
    lints.extend(duplicates::lints(gold));
    lints.extend(texts::lints(gold));
    lints.sort_by_key(|lint| lint.level);
    lints
}

/// A finding about the named things.
fn found(code: LintCode, level: LintLevel, axis: Option<Axis>, message: String, ids: &[&str]) -> Lint {
    Lint {
        code: code.name(),
        level,
        axis,
        message,
        help: code.help(),
        count: ids.len(),
        ids: ids.iter().take(NAMED).map(|id| (*id).to_owned()).collect(),
    }
}

/// `1 example`, `2 examples`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests;
