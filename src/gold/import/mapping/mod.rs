//! Any table, by a mapping file (`lacuna-mapping/1`) that says which column is what. `docs/mapping.md` has every key.
//!
//! The mapping is checked first, on its own; then the tables are read and joined; then examples, annotations and verdicts
//! are made from their rows. Every fault names the file and line that the user wrote, never a file of ours.

mod answers;
mod causes;
mod cells;
mod context;
mod examples;
mod expression;
mod file;
mod forms;
mod items;
mod judges;
mod lines;
mod pattern;
mod preview;
mod raters;
mod readers;
mod reading;
mod repeats;
mod row;
mod scale;
mod signature;
mod source;
mod tables;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use file::{MappingFile, TableFormat};
pub use preview::{Layout, Preview};

use super::{Imported, assemble};
use crate::gold::card::{faults_of, read_toml};
use crate::gold::files::read_text;
use crate::gold::wording::in_plain_words;
use crate::model::{Card, GOLD_FORMAT, MAPPING_FORMAT, Problem, Problems, shown};
use causes::by_cause;
use context::Context;
use examples::{ExampleSpec, Examples};
use judges::{JudgeSpec, build_judges, check_judge, check_names};
use lines::Lines;
use raters::{Annotations, RaterSpec, build_annotations, check_rater};
use row::Row;
use source::{Names, Source, check_sources};
use tables::read_tables;

/// A mapping that passed every check of its own.
struct Mapping {
    card: Card,
    sources: Vec<Source>,
    example: ExampleSpec,
    raters: Vec<RaterSpec>,
    judges: Vec<JudgeSpec>,
}

/// Imports the tables that a mapping file names. They lie in `from`, or in the mapping's own folder; `format` is that of
/// files whose names do not tell.
pub fn import_mapping(mapping: &Path, from: Option<&Path>, format: TableFormat) -> Result<Imported, Problems> {
    import(mapping, from, format).map_err(|found| by_cause(&found))
}

fn import(mapping: &Path, from: Option<&Path>, format: TableFormat) -> Result<Imported, Problems> {
    let text = read_text(mapping)?;
    let lines = Lines::of_text(&text);
    let file = read_mapping(mapping, &text, &lines)?;
    let mut context = Context::new(mapping, &lines);
    let spec = check(&mut context, &file);
    let Some(spec) = spec.filter(|_| context.problems.is_empty()) else { return Err(context.problems) };
    let folder = from.or_else(|| mapping.parent()).unwrap_or_else(|| Path::new(""));
    if from.is_some_and(|folder| !folder.is_dir()) {
        return Err(Problem::file(folder, "is no folder; allowed: the folder of the tables").into());
    }
    let mut notes = Vec::new();
    let tables = read_tables(&mut context, &spec.sources, folder, format, &mut notes);
    if !context.problems.is_empty() {
        return Err(context.problems);
    }
    let mut problems = std::mem::take(&mut context.problems);
    let examples = spec.example.build(&spec.sources, &tables, &mut problems);
    if examples.torn {
        return Err(problems);
    }
    let annotations = build_annotations(&spec.raters, &spec.sources, &tables, &examples, &mut notes, &mut problems);
    notes.extend(repeats::note(&examples.list, &annotations.list, &context.place("example.id")));
    let judges = build_judges(&spec.judges, &spec.sources, &tables, &examples, &mut notes, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let place = |position: usize| JudgePlace {
        file: mapping.to_owned(),
        key: format!("judges[{position}].file"),
        lines: lines.clone(),
    };
    let places = judges.iter().map(|(position, judge)| (judge.name.clone(), place(*position))).collect();
    let judges = judges.into_iter().map(|(_, judge)| judge).collect();
    assemble(&spec.card, &examples.list, &annotations.list, judges, notes)
        .map(|imported| Imported { places, ..imported })
        .map_err(|found| at_their_sources(&found, mapping, &lines, (&spec, &examples, &annotations)))
}

/// Where a mapping says what the file of a judge holds.
#[derive(Debug, Clone)]
pub struct JudgePlace {
    file: PathBuf,
    key: String,
    lines: Lines,
}

impl JudgePlace {
    /// A fault of the judge's file, moved to where the user can mend it.
    pub fn fault(&self, found: &Problem) -> Problem {
        let key = found.key.as_ref().map_or(self.key.clone(), |key| self.lines.below(&self.key, key));
        Problem::key(&self.file, self.lines.line(&key), key, found.message.clone())
    }

    /// A fault of its verdicts, moved to the key that reads them.
    pub fn verdict_fault(&self, found: &Problem) -> Problem {
        let judge = self.key.strip_suffix(".file").unwrap_or(&self.key);
        let key = found.key.as_ref().map_or(judge.to_owned(), |key| format!("{judge}.{key}"));
        Problem::key(&self.file, self.lines.line(&key), key, found.message.clone())
    }
}

/// Reads the file; a fault carries its key and line.
fn read_mapping(path: &Path, text: &str, lines: &Lines) -> Result<MappingFile, Problem> {
    let table: toml::Table = read_toml(path, text).map_err(|problem| {
        let allowed = if problem.message.contains("; allowed: ") { "" } else { "; allowed: TOML" };
        let scale = problem
            .line
            .and_then(|line| text.lines().nth(line - 1))
            .is_some_and(|line| line.starts_with("[judges.score]"));
        let hint = if scale { "; the scale of a judge is `[judges.file.score]`" } else { "" };
        let message = format!("is not TOML: {}{allowed}{hint}", problem.message);
        Problem { message, ..problem }
    })?;
    if let Some(found) = table.get("format").filter(|found| found.as_str() != Some(MAPPING_FORMAT)) {
        let found = found.as_str().map_or_else(|| found.to_string(), shown);
        let message = format!("found {found}; allowed: \"{MAPPING_FORMAT}\"");
        return Err(Problem::key(path, lines.line("format"), "format", message));
    }
    read_part(path, lines, "", table)
}

/// Reads a table of the mapping into a record.
fn read_part<T: for<'de> Deserialize<'de>>(
    path: &Path,
    lines: &Lines,
    prefix: &str,
    table: toml::Table,
) -> Result<T, Problem> {
    serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
        let found = error.path().to_string();
        let key = match (prefix, if found == "." { "" } else { found.as_str() }) {
            ("", key) => key.to_owned(),
            (prefix, "") => prefix.to_owned(),
            (prefix, key) => format!("{prefix}.{key}"),
        };
        let mut message = in_plain_words(&error.inner().message().replace('\n', ", "));
        if !message.contains("; allowed: ") {
            message.push_str("; allowed: a mapping with it");
        }
        let line = lines.line(&key);
        Problem { file: path.to_owned(), line: Some(line), key: (!key.is_empty()).then_some(key), message }
    })
}

/// Checks everything that can be checked without the tables. None where the card cannot be read.
fn check(context: &mut Context<'_>, file: &MappingFile) -> Option<Mapping> {
    let sources = check_sources(context, &file.sources, Names { id: &file.example.id, key: file.example.key.as_ref() });
    let example = ExampleSpec::check(context, &file.example, &file.axes);
    let mut table = file.card.clone();
    table.entry("format".to_owned()).or_insert_with(|| toml::Value::from(GOLD_FORMAT));
    let card: Card = match read_part(context.file, context.lines, "card", table) {
        Ok(card) => card,
        Err(problem) => {
            context.problems.push(problem);
            return None;
        }
    };
    for (table, key, message) in faults_of(&card) {
        let key = if table.is_empty() { format!("card.{key}") } else { format!("card.{table}.{key}") };
        context.fault(&key, message);
    }
    let raters = file.raters.iter().enumerate();
    let raters =
        raters.flat_map(|(index, rater)| check_rater(context, &format!("raters[{index}]"), rater, &card, &file.values));
    let raters: Vec<RaterSpec> = raters.collect();
    if file.raters.is_empty() {
        context.fault("raters", "found none; allowed: one or more [[raters]]");
    }
    let judges = file.judges.iter().enumerate();
    let judges =
        judges.map(|(index, judge)| check_judge(context, &format!("judges[{index}]"), judge, &card, &file.values));
    let judges: Vec<JudgeSpec> = judges.collect();
    check_names(context, &judges);
    Some(Mapping { card, sources, example, raters, judges })
}

/// Moves the faults that the strict reader found to where the user can mend them.
fn at_their_sources(
    found: &Problems,
    mapping: &Path,
    lines: &Lines,
    (spec, examples, annotations): (&Mapping, &Examples, &Annotations),
) -> Problems {
    let mut moved = Problems::default();
    for problem in found.iter() {
        let mut message = without_our_files(&problem.message, &annotations.rows);
        let rows = match problem.file.to_str() {
            Some("examples.jsonl") => &examples.rows,
            Some("annotations.jsonl") => &annotations.rows,
            _ => {
                let key = problem.key.as_ref().map_or("card".to_owned(), |key| format!("card.{key}"));
                if key == "card.label_source" {
                    message.push_str(&other_kinds(&spec.raters));
                }
                moved.push(Problem::key(mapping, lines.line(&key), key, message));
                continue;
            }
        };
        let row = problem.line.and_then(|line| rows.get(line.checked_sub(1)?));
        moved.push(match (row, &problem.key) {
            (Some(row), Some(key)) => row.fault(key, message),
            (Some(row), None) => Problem::line(&row.file, row.line, message),
            (None, _) => Problem::file(mapping, message),
        });
    }
    moved
}

/// Where a mapping says that raters are no people, as the other end of a `label_source` that says they are.
fn other_kinds(raters: &[RaterSpec]) -> String {
    let mut places: Vec<String> = raters.iter().filter_map(RaterSpec::other_than_human).collect();
    places.dedup();
    if places.is_empty() { String::new() } else { format!(", or kind = \"human\" ({})", places.join("; ")) }
}

/// A message about a line of a file of ours, which the user never sees, speaks of the row that it was made from.
fn without_our_files(message: &str, annotations: &[Row]) -> String {
    const OURS: &str = "annotations.jsonl";
    let Some((before, after)) = message.split_once(OURS) else {
        return message.replace("examples.jsonl", "the tables");
    };
    let digits = after.strip_prefix(':').unwrap_or_default();
    let digits = &digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())];
    let row = digits.parse::<usize>().ok().and_then(|line| annotations.get(line.checked_sub(1)?));
    match row {
        Some(row) => format!("{before}{}{}", row.place(), &after[digits.len() + 1..]),
        None => format!("{before}the tables{after}"),
    }
}
