//! How a cell becomes a severity: value maps, cuts of a number, words for "no answer".

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::answers::{AggregateFile, Higher, ReadingFile, UnmappedFile, ValuesFile};
use super::context::{Context, Place};
use super::expression::Conditions;
use super::forms::{LevelOrWord, TextOr};
use super::row::{Column, Row, text_of};
use crate::model::{Outcome, shown};

/// Longest cell that a message repeats: anything longer is not a label but a text.
const LONGEST_LABEL: usize = 48;

/// Whose answers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answerer {
    /// A rater: an empty cell is an axis that was not rated.
    Rater,
    /// A judge: an empty cell is a verdict that never came.
    Judge,
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// A severity.
    Level(i64),
    /// Not rated.
    NotRated,
    /// The rater looked and could not tell.
    CannotJudge,
    /// No verdict, and why.
    Unscored(Outcome),
}

/// How several rows of one rater and example become one severity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Aggregate {
    /// They may not.
    One,
    /// The highest.
    Max,
    /// 1 where a row is above 0.
    Any,
    /// How many of these numbers the count of rows above 0 reaches.
    Count(Vec<i64>),
}

/// What a cell outside of the rules becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unmapped {
    Error,
    Answer(Answer),
    Number,
}

/// Where the severity comes from.
#[derive(Debug, Clone, PartialEq)]
enum Rule {
    /// The same for every row that counts.
    Constant(i64),
    /// A whole number.
    Number,
    /// A map from the cell's text.
    Values(BTreeMap<String, Answer>),
    /// The number of cuts that a number reaches (or stays below, where higher is better).
    Cuts(Vec<f64>, Higher),
}

/// One axis of a rater or a judge.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    column: Option<Column>,
    rule: Rule,
    unmapped: Unmapped,
    empty: Answer,
    when: Conditions,
    pub(super) aggregate: Aggregate,
    /// The severity where none of the rows says anything on this axis.
    pub(super) absent: Option<i64>,
    /// The highest number that is a severity; what is only counted needs no scale.
    most: i64,
    /// Its key in the mapping file.
    pub(super) key: String,
    /// Where the mapping says what its cells stand for.
    place: Place,
}

/// What a reading takes from the rater or judge around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) source: usize,
    pub(super) answerer: Answerer,
    pub(super) column: Option<&'a str>,
    /// The key of that column in the mapping file.
    pub(super) column_key: &'a str,
    pub(super) unmapped: Option<UnmappedFile>,
    /// The highest severity of the axis.
    pub(super) top: i64,
    pub(super) named: &'a BTreeMap<String, BTreeMap<String, LevelOrWord>>,
}

impl Reading {
    /// Checks one axis of a rater or judge.
    pub(super) fn check(
        context: &mut Context<'_>,
        around: Surroundings<'_>,
        key: &str,
        file: &TextOr<ReadingFile>,
    ) -> Self {
        let long = match file {
            TextOr::Text(column) => ReadingFile { column: Some(column.clone()), ..ReadingFile::default() },
            TextOr::Table(table) => table.clone(),
        };
        let inner = format!("{key}.column");
        let column = match (&long.column, around.column) {
            (Some(path), _) => {
                let at = if matches!(file, TextOr::Text(_)) { key } else { &inner };
                Some(context.column(around.source, at, path))
            }
            (None, Some(path)) if long.value.is_none() => Some(context.column(around.source, around.column_key, path)),
            _ => None,
        };
        let rule = rule_of(context, around, key, &long);
        if column.is_none() && !matches!(rule, Rule::Constant(_)) {
            context.fault(key, "names no column; allowed: `column`, or `value` for the same severity in every row");
        }
        let aggregate = aggregate_of(context, around, key, &long);
        let counted = matches!(aggregate, Aggregate::Any | Aggregate::Count(_));
        Self {
            column,
            rule,
            most: if counted { i64::MAX } else { around.top },
            unmapped: unmapped_of(context, around, key, long.unmapped),
            empty: match around.answerer {
                Answerer::Rater => Answer::NotRated,
                Answerer::Judge => Answer::Unscored(Outcome::NoVerdict),
            },
            when: Conditions::check(context, around.source, &format!("{key}.when"), &long.when),
            aggregate,
            absent: long.absent,
            place: place_of(context, key, &long),
            key: key.to_owned(),
        }
    }

    /// What a row says; none where the row is about something else. The error is the column and what is wrong with it.
    pub(super) fn read(&self, row: &Row) -> Result<Option<Answer>, (String, String)> {
        if !self.when.hold(row) {
            return Ok(None);
        }
        let cell = self.column.as_ref().and_then(|column| column.find(row)).unwrap_or(&Json::Null);
        let text = text_of(cell);
        let found = match (&self.rule, &text) {
            (Rule::Constant(level), _) => Some(Answer::Level(*level)),
            (Rule::Values(values), _) => values.get(text.as_deref().unwrap_or("").trim()).copied(),
            (Rule::Number, Some(text)) => self.level(text),
            (Rule::Cuts(cuts, higher), Some(text)) => {
                number(text).map(|value| Answer::Level(cut(cuts, *higher, value)))
            }
            (_, None) => None,
        };
        let Some(text) = text else { return Ok(Some(found.unwrap_or(self.empty))) };
        let otherwise = || match self.unmapped {
            Unmapped::Error => None,
            Unmapped::Answer(answer) => Some(answer),
            Unmapped::Number => self.level(&text),
        };
        found.or_else(otherwise).map(Some).ok_or_else(|| {
            let column = self.column.as_ref().map_or("", |column| column.path.as_str());
            (column.to_owned(), format!("found {}; allowed: {}", label(&text), self.allowed()))
        })
    }

    /// The severity that a number is, where it is on the scale.
    fn level(&self, text: &str) -> Option<Answer> {
        whole_number(text).filter(|level| (0..=self.most).contains(level)).map(Answer::Level)
    }

    /// The text of the cell, to be kept where it is no verdict.
    pub(super) fn raw(&self, row: &Row) -> Option<String> {
        self.column.as_ref().and_then(|column| column.text(row))
    }

    fn allowed(&self) -> String {
        match &self.rule {
            Rule::Values(values) => {
                let names: Vec<String> = values.keys().map(|value| shown(value)).collect();
                let mend = format!("a line for it ({}), or `unmapped`", self.place.told());
                format!("{} (`{}`); {mend}", names.join(", "), self.key)
            }
            Rule::Cuts(..) => format!("a number, or `unmapped` ({})", self.place.told()),
            Rule::Number | Rule::Constant(_) if self.most == i64::MAX => "a whole number from 0".to_owned(),
            Rule::Number | Rule::Constant(_) => {
                format!("0 to {}, empty, or what `values` or `unmapped` cover ({})", self.most, self.place.told())
            }
        }
    }
}

/// A cell as a message may repeat it.
pub(super) fn label(text: &str) -> String {
    let characters = text.chars().count();
    if characters <= LONGEST_LABEL { shown(text) } else { format!("a text of {characters} characters") }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|value| value.is_finite())
}

/// `2`, and `2.0`, which tables with gaps make of it.
fn whole_number(text: &str) -> Option<i64> {
    let value = number(text)?;
    (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64)
}

fn cut(cuts: &[f64], higher: Higher, value: f64) -> i64 {
    let reached = match higher {
        Higher::IsHarm => cuts.iter().filter(|cut| value >= **cut).count(),
        Higher::IsBetter => cuts.iter().filter(|cut| value < **cut).count(),
    };
    i64::try_from(reached).unwrap_or(i64::MAX)
}

/// The map of a reading where it has one, otherwise the reading itself.
fn place_of(context: &Context<'_>, key: &str, file: &ReadingFile) -> Place {
    match &file.values {
        Some(TextOr::Text(name)) => context.place(&format!("values.{name}")),
        Some(TextOr::Table(_)) => context.place(&format!("{key}.values")),
        None => context.place(key),
    }
}

fn rule_of(context: &mut Context<'_>, around: Surroundings<'_>, key: &str, file: &ReadingFile) -> Rule {
    let given = [("values", file.values.is_some()), ("cuts", file.cuts.is_some()), ("value", file.value.is_some())];
    let given: Vec<&str> = given.into_iter().filter_map(|(name, is)| is.then_some(name)).collect();
    if given.len() > 1 {
        context.fault(key, format!("found {}; allowed: one of `values`, `cuts`, `value`", given.join(" and ")));
    }
    if file.higher.is_some() && file.cuts.is_none() {
        context.fault(&format!("{key}.higher"), "found without `cuts`; allowed: beside `cuts`");
    }
    for (name, level) in [("value", file.value), ("absent", file.absent)] {
        if let Some(level) = level.filter(|level| !(0..=around.top).contains(level)) {
            context.fault(&format!("{key}.{name}"), format!("found {level}; allowed: 0 to {}", around.top));
        }
    }
    if let Some(values) = &file.values {
        return Rule::Values(answers_of(context, around, &format!("{key}.values"), values));
    }
    if let Some(cuts) = &file.cuts {
        let key = format!("{key}.cuts");
        if cuts.is_empty() || cuts.iter().any(|cut| !cut.is_finite()) || cuts.windows(2).any(|pair| pair[0] >= pair[1])
        {
            context.fault(&key, "is empty, not finite or not rising; allowed: rising numbers");
        } else if i64::try_from(cuts.len()).is_ok_and(|count| count > around.top) {
            context.fault(
                &key,
                format!("found {} cuts; allowed: 1 to {}, as the axis has levels", cuts.len(), around.top),
            );
        }
        return Rule::Cuts(cuts.clone(), file.higher.unwrap_or(Higher::IsHarm));
    }
    file.value.map_or(Rule::Number, Rule::Constant)
}

/// A value map with its severities and words checked.
fn answers_of(
    context: &mut Context<'_>,
    around: Surroundings<'_>,
    key: &str,
    file: &ValuesFile,
) -> BTreeMap<String, Answer> {
    let (map, at) = match resolve(context, around.named, key, file) {
        Some(found) => found,
        None => return BTreeMap::new(),
    };
    let mut answers = BTreeMap::new();
    for (text, answer) in map {
        let at = format!("{at}.{text}");
        let answer = match (answer, around.answerer) {
            (LevelOrWord::Level(level), _) if (0..=around.top).contains(level) => Answer::Level(*level),
            (LevelOrWord::Level(level), _) => {
                context.fault(&at, format!("found {level}; allowed: 0 to {}", around.top));
                continue;
            }
            (LevelOrWord::Word(word), Answerer::Rater) if word == "not_rated" => Answer::NotRated,
            (LevelOrWord::Word(word), Answerer::Rater) if word == "cannot_judge" => Answer::CannotJudge,
            (LevelOrWord::Word(word), Answerer::Rater) => {
                context.fault(
                    &at,
                    format!("found {}; allowed: a severity, \"not_rated\" or \"cannot_judge\"", shown(word)),
                );
                continue;
            }
            (LevelOrWord::Word(word), Answerer::Judge) => {
                let Some(outcome) = Outcome::UNSCORED.into_iter().find(|outcome| outcome.name() == word) else {
                    let names = Outcome::UNSCORED.map(|outcome| format!("\"{}\"", outcome.name())).join(", ");
                    context.fault(&at, format!("found {}; allowed: a severity or {names}", shown(word)));
                    continue;
                };
                Answer::Unscored(outcome)
            }
        };
        if answers.insert(text.trim().to_owned(), answer).is_some() {
            context.fault(&at, "differs from another label in spaces alone; allowed: each label once");
        }
    }
    answers
}

/// The map itself, or the named one, with its key in the mapping file.
pub(super) fn resolve<'a>(
    context: &mut Context<'_>,
    named: &'a BTreeMap<String, BTreeMap<String, LevelOrWord>>,
    key: &str,
    file: &'a ValuesFile,
) -> Option<(&'a BTreeMap<String, LevelOrWord>, String)> {
    match file {
        TextOr::Table(map) => Some((map, key.to_owned())),
        TextOr::Text(name) => {
            let found = named.get(name);
            if found.is_none() {
                let allowed: Vec<&str> = named.keys().map(String::as_str).collect();
                let allowed = if allowed.is_empty() { "a table".to_owned() } else { allowed.join(", ") };
                context.fault(key, format!("found {}; allowed: a map of [values]: {allowed}", shown(name)));
            }
            found.map(|map| (map, format!("values.{name}")))
        }
    }
}

fn unmapped_of(context: &mut Context<'_>, around: Surroundings<'_>, key: &str, own: Option<UnmappedFile>) -> Unmapped {
    // Set on the rater or judge as a whole, the key stands one level up.
    let outer = key.rsplit_once('.').map_or(key, |(outer, _)| outer);
    let key = if own.is_some() { format!("{key}.unmapped") } else { format!("{outer}.unmapped") };
    match (own.or(around.unmapped), around.answerer) {
        (None | Some(UnmappedFile::Error), _) => Unmapped::Error,
        (Some(UnmappedFile::Number), _) => Unmapped::Number,
        (Some(UnmappedFile::NoVerdict), Answerer::Judge) => Unmapped::Answer(Answer::Unscored(Outcome::NoVerdict)),
        (Some(UnmappedFile::NotRated), Answerer::Rater) => Unmapped::Answer(Answer::NotRated),
        (Some(UnmappedFile::NoVerdict), Answerer::Rater) => {
            context.fault(&key, "found no_verdict; allowed for a rater: error, not_rated, number");
            Unmapped::Error
        }
        (Some(UnmappedFile::NotRated), Answerer::Judge) => {
            context.fault(&key, "found not_rated; allowed for a judge: error, no_verdict, number");
            Unmapped::Error
        }
    }
}

fn aggregate_of(context: &mut Context<'_>, around: Surroundings<'_>, key: &str, file: &ReadingFile) -> Aggregate {
    let at = format!("{key}.aggregate");
    if around.answerer == Answerer::Judge && (file.aggregate.is_some() || file.absent.is_some()) {
        context.fault(&at, "belongs to raters; allowed for a judge: one row per example and repeat");
    }
    if file.absent.is_some() && file.aggregate.is_none() {
        context.fault(&format!("{key}.absent"), "found without `aggregate`; allowed: beside `aggregate`");
    }
    match (file.aggregate, &file.count_cuts) {
        (Some(AggregateFile::Count), Some(cuts)) => {
            let rising = cuts.windows(2).all(|pair| pair[0] < pair[1]);
            let fits = (1..=around.top).contains(&i64::try_from(cuts.len()).unwrap_or(i64::MAX));
            if !rising || !fits || cuts.first().is_some_and(|first| *first < 1) {
                let message = format!("found {cuts:?}; allowed: 1 to {} rising whole numbers from 1", around.top);
                context.fault(&format!("{key}.count_cuts"), message);
            }
            Aggregate::Count(cuts.clone())
        }
        (Some(AggregateFile::Count), None) => {
            context
                .fault(&at, "counts without `count_cuts`; allowed: `count_cuts = [1, 3]`, the counts that reach 1, 2");
            Aggregate::One
        }
        (_, Some(_)) => {
            context.fault(&format!("{key}.count_cuts"), "found without `aggregate = \"count\"`; allowed: beside it");
            Aggregate::One
        }
        (Some(AggregateFile::Max), None) => Aggregate::Max,
        (Some(AggregateFile::Any), None) => Aggregate::Any,
        (None, None) => Aggregate::One,
    }
}

impl Aggregate {
    /// One severity from those of several rows.
    pub(super) fn of(&self, levels: &[i64]) -> Option<i64> {
        let above = levels.iter().filter(|level| **level > 0).count();
        match (self, levels) {
            (_, []) => None,
            (Self::One | Self::Max, levels) => levels.iter().max().copied(),
            (Self::Any, _) => Some(i64::from(above > 0)),
            (Self::Count(cuts), _) => {
                let reached = cuts.iter().filter(|cut| usize::try_from(**cut).is_ok_and(|cut| above >= cut)).count();
                i64::try_from(reached).ok()
            }
        }
    }
}
