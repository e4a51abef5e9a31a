//! Controlled probes: matched responses built from reference answers in which an author marked what carries each item.
//!
//! Nothing is written by a model and nothing is guessed: a response is put together from the author's own sentences, so what it
//! holds and what it lacks is known. `docs/probes.md` describes the scenario files and the responses that are made of them.

mod annotate;
mod card;
mod compose;
mod file;
mod kind;
mod leak;
mod lines;
mod marks;
mod padding;
mod read;
mod variants;

use std::path::Path;

pub use file::{ScenarioFile, SetFile as ProbeSetFile};

use super::files::SetFiles;
use super::jsonl::json_lines;
use super::set::GoldSet;
use crate::model::{Annotation, Example, Problems};
use leak::leaks;
use read::{Folder, Scenario};

/// What is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProbeOptions {
    /// Orders the neutral sentences and decides which items a response lacks.
    pub seed: u64,
    /// Also k items removed for k from 0 to all of them, and k of them made wrong.
    pub doses: bool,
    /// Every kind of response in both framings.
    pub both_framings: bool,
}

/// A gold set made of scenarios.
#[derive(Debug, Clone)]
pub struct Probes {
    /// The files of the set, by their names in its folder.
    pub files: SetFiles,
    /// The set, as it will be read back.
    pub gold: GoldSet,
    /// How many scenarios it was made of.
    pub scenarios: usize,
    /// What an author should know: kinds that could not be made, sentences that give an item away, uneven lengths.
    pub notes: Vec<String>,
}

/// Builds a set from a folder of scenario files, or from one file.
pub fn build_probes(path: &Path, options: ProbeOptions) -> Result<Probes, Problems> {
    let folder = Folder::read(path)?;
    let mut notes = Vec::new();
    let (mut examples, mut annotations): (Vec<Example>, Vec<Annotation>) = (Vec::new(), Vec::new());
    for scenario in &folder.scenarios {
        notes.extend(leaks(scenario, &folder.set));
        for built in variants::build(scenario, &folder.set, options, &mut notes) {
            let (example, annotation) = annotate::records(scenario, built);
            examples.push(example);
            annotations.push(annotation);
        }
    }
    let files = SetFiles::made(card::text(&folder), json_lines(&examples), json_lines(&annotations));
    let gold = GoldSet::from_files(&files)?;
    Ok(Probes { files, gold, scenarios: folder.scenarios.len(), notes })
}

/// What a scenario is called in a note.
fn noted(scenario: &Scenario, message: &str) -> String {
    format!("{}: {message}", scenario.id)
}

#[cfg(test)]
mod tests;
