//! A first mapping for a table that nobody has described: what each column seems to be, why, and what a person has to
//! check. Rows in, texts out; nothing is asked and nothing is written here.
//!
//! A guess that could be wrong is marked `CORRECT:` on its line. What no table says, such as who made the labels, is
//! written in the way that claims least. The cut and the direction of a judge's score are never taken from the labels:
//! that would flatter the judge.

mod answers;
mod audit;
mod card;
mod columns;
mod examples;
mod judges;
mod keys;
mod labels;
mod mapping;
mod page;
mod raters;
mod senses;
mod summary;
mod texts;
mod words;

use std::collections::BTreeSet;

use crate::gold::import::{Layout, Preview};
use crate::model::{Axis, PerAxis};
use columns::Column;
use examples::{ExampleGuess, example_of, system_of};
use judges::{JudgeGuess, bare_scores, doubt_axes, doubt_directions, judge_columns, judges_of};
use labels::{Scale, scale_of};
use raters::{Raters, holds_labels, rater_column, raters_of};
use texts::{Free, Pick, Texts, texts_of};

/// Where the table lies and how it is called.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table, from the folder of the tables.
    pub file: &'a str,
    /// How it is laid out.
    pub layout: Layout,
    /// A short name for the set: letters, digits, `-`, `_` and `.`.
    pub name: &'a str,
    /// The folder that the set will be imported into, from the folder of `lacuna.toml`.
    pub set: &'a str,
}

/// Files to be corrected, and what was guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// `mapping.toml`.
    pub mapping: String,
    /// `lacuna.toml`.
    pub audit: String,
    /// What was guessed, a line each.
    pub summary: String,
    /// Lines of the mapping that a person has to check.
    pub to_correct: usize,
}

/// Everything that was guessed.
struct Guess {
    columns: Vec<Column>,
    texts: Texts,
    example: ExampleGuess,
    /// The column that names the rater of a row.
    rater: Option<Pick>,
    /// Values of it that are models, not people.
    models: Vec<String>,
    /// Values of it that are names of rules, which no rater can have.
    rules: Vec<&'static str>,
    raters: Raters,
    scales: PerAxis<Option<Scale>>,
    judges: Vec<JudgeGuess>,
    /// Columns of judges that differ between rows of one example.
    unsteady: Vec<usize>,
    /// Columns that hold labels by their values, of an axis that nothing says.
    unnamed: Vec<usize>,
    /// Columns of numbers with a decimal comma.
    commas: Vec<usize>,
    /// Whether a rater has several rows of one example.
    several: bool,
    /// Whether the prompts are English.
    english: bool,
}

/// Drafts a mapping and an audit file for a table.
pub fn draft(preview: &Preview, place: &Place<'_>) -> Draft {
    let guess = Guess::of(preview);
    let mapping = mapping::mapping_text(&guess, place);
    let to_correct = mapping.lines().filter(|line| line.contains(page::MARK)).count();
    Draft { audit: audit::audit_text(&guess, place), summary: summary::summary(&guess, place), mapping, to_correct }
}

impl Guess {
    fn of(preview: &Preview) -> Self {
        let columns: Vec<Column> = preview.paths().iter().map(|path| Column::of(preview, path)).collect();
        let mut free = Free { columns: &columns, taken: BTreeSet::new() };
        let mut texts = texts_of(&mut free);
        let rater = rater_column(&mut free);
        let mut graded = judge_columns(&mut free);
        let raters = raters_of(&mut free, rater.is_some());
        if !raters.list.is_empty() {
            graded.extend(bare_scores(&mut free));
        }
        let system = system_of(&mut free);
        let example = example_of(preview, &mut free, &texts, system, rater.as_ref().map(|pick| pick.column));
        let shared = |position: usize| example.groups.share(preview, &columns[position].path);
        for pick in [&mut texts.reference, &mut texts.required, &mut texts.prohibited] {
            *pick = pick.take().filter(|pick| shared(pick.column));
        }
        let scales = PerAxis::from_fn(|axis| {
            let labels: Vec<&Column> =
                raters.list.iter().filter_map(|rater| Some(&columns[(*rater.labels.get(axis))?])).collect();
            (!labels.is_empty()).then(|| scale_of(&labels, raters.both.then_some(axis)))
        });
        let several = match &rater {
            Some(pick) => !example.groups.once_each(preview, &columns[pick.column].path),
            None => !example.groups.is_unique(),
        };
        let who = rater.as_ref().map_or_else(BTreeSet::new, |pick| names_in(preview, &columns[pick.column]));
        let rules = ["majority", "median"].into_iter().filter(|rule| who.contains(*rule)).collect();
        let models = if raters.list.is_empty() || several { Vec::new() } else { models_among(&who) };
        let (graded, unsteady) = graded.into_iter().partition::<Vec<usize>, _>(|position| shared(*position));
        let judges = judges_of(&columns, &graded, &texts.remarks, &scales, &models);
        let mut judges = steady(judges, &shared);
        let left = |fits: &dyn Fn(&Column) -> bool| {
            let slices = &example.slices;
            let found = free.iter().filter(|(position, column)| fits(column) && !slices.contains(position));
            found.map(|(position, _)| position).collect::<Vec<_>>()
        };
        let (unnamed, commas) = (left(&holds_labels), left(&|column| column.commas));
        doubt_directions(&mut judges, &scales);
        if !unnamed.is_empty() {
            doubt_axes(&mut judges, &columns);
        }
        let text = texts.prompt.as_ref().or(texts.response.as_ref());
        let english = text.is_some_and(|pick| card::is_english(preview, &columns[pick.column].path));
        Self {
            texts,
            example,
            rater,
            models,
            rules,
            raters,
            scales,
            judges,
            unsteady,
            unnamed,
            commas,
            several,
            english,
            columns,
        }
    }

    fn column(&self, position: usize) -> &Column {
        &self.columns[position]
    }

    fn path(&self, position: usize) -> &str {
        &self.columns[position].path
    }

    /// Axes with labels.
    fn axes(&self) -> Vec<Axis> {
        Axis::ALL.into_iter().filter(|axis| self.scales.get(*axis).is_some()).collect()
    }
}

/// A rationale that differs between the rows of an example belongs to none of them.
fn steady(judges: Vec<JudgeGuess>, shared: &impl Fn(usize) -> bool) -> Vec<JudgeGuess> {
    let keep = |judge: JudgeGuess| JudgeGuess { rationale: judge.rationale.filter(|one| shared(*one)), ..judge };
    judges.into_iter().map(keep).collect()
}

fn names_in(preview: &Preview, column: &Column) -> BTreeSet<String> {
    preview.texts(&column.path).flatten().map(|text| text.trim().to_owned()).collect()
}

/// Names of models among the raters, where there are people besides; not those that would become one file name.
fn models_among(who: &BTreeSet<String>) -> Vec<String> {
    let model = |name: &&String| words::says(&words::words_of(name), words::MODELS);
    let models: Vec<&String> = who.iter().filter(model).collect();
    if models.len() == who.len() {
        return Vec::new();
    }
    let alone = |name: &&&String| models.iter().filter(|other| judges::same_file(other, name)).count() == 1;
    models.iter().filter(alone).map(|name| (*name).clone()).collect()
}
