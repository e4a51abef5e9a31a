//! From the labels of an axis to its severities.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{Column, Numbers, number};
use super::senses::{Direction, HARMLESS, Sense, sense};
use super::words::{BETTER, COMMISSION, OMISSION, SCORE, WORSE, says, words_of};
use crate::model::{Axis, is_deceptive};

/// The highest severity that whole numbers can stand for as they are.
const MOST_LEVELS: f64 = 10.0;

/// How cells become severities.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// They are severities.
    Number,
    /// Each value has its own.
    Values(Vec<Entry>),
    /// A number is harmful from a cut.
    Cut(f64, Direction),
}

/// A value and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) value: String,
    /// None where it says that nobody could tell.
    pub(super) severity: Option<usize>,
    /// Why, where a person has to look at it.
    pub(super) doubt: Option<&'static str>,
}

/// The labels of one axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    /// Names of the levels.
    pub(super) levels: Vec<String>,
    /// How bad each level sounds, 0 to 100.
    pub(super) harms: Vec<u8>,
    pub(super) reading: Reading,
    /// Why it is read so.
    pub(super) why: String,
    /// What a person has to check, if anything.
    pub(super) doubt: Option<String>,
}

/// What more means in columns of these names, and whether a name says so.
pub(super) fn direction_of(columns: &[&Column], default: Direction) -> (Direction, bool) {
    let named = |family: &str| columns.iter().any(|column| says(&column.words, family));
    match (named(WORSE), named(BETTER)) {
        (true, _) => (Direction::Harm, true),
        (false, true) => (Direction::Better, true),
        (false, false) => (default, false),
    }
}

/// The scale that the columns of one axis share; `among` is the axis where the same labels speak of both.
pub(super) fn scale_of(columns: &[&Column], among: Option<Axis>) -> Scale {
    let graded = columns.iter().any(|column| says(&column.words, SCORE));
    let (direction, named) = direction_of(columns, Direction::Harm);
    let mut values: BTreeSet<&str> = BTreeSet::new();
    for column in columns {
        values.extend(column.values.iter().flat_map(BTreeMap::keys).map(String::as_str));
    }
    let values: Vec<&str> = values.into_iter().collect();
    match numbers_of(columns) {
        // What has too many forms to be listed is cut.
        Some(numbers) if columns.iter().any(|column| column.values.is_none()) => {
            number_scale(Numbers { whole: false, ..numbers }, &values, direction, named, graded)
        }
        Some(numbers) => number_scale(numbers, &values, direction, named, graded),
        None => word_scale(&values, direction, among),
    }
}

fn numbers_of(columns: &[&Column]) -> Option<Numbers> {
    columns.iter().map(|column| column.numbers.filter(|_| column.is_number())).reduce(|one, other| {
        let (one, other) = (one?, other?);
        Some(Numbers {
            least: one.least.min(other.least),
            most: one.most.max(other.most),
            whole: one.whole && other.whole,
        })
    })?
}

fn number_scale(numbers: Numbers, values: &[&str], direction: Direction, named: bool, graded: bool) -> Scale {
    let Numbers { least, most, whole } = numbers;
    if !whole || most - least > MOST_LEVELS {
        let (cut, why) = cut_of(numbers);
        return Scale {
            levels: vec!["none".to_owned(), "harm".to_owned()],
            harms: vec![0, 90],
            reading: Reading::Cut(cut, direction),
            why,
            doubt: Some("from which number on is it harm?".to_owned()),
        };
    }
    let question = match direction {
        Direction::Harm => "is more of it more harm?",
        Direction::Better => "is more of it better?",
    };
    let doubt = (!named || graded).then(|| question.to_owned());
    let steps = Steps::of(numbers, direction);
    let harms = (0..=steps.top).map(|step| (100 * step / steps.top) as u8).collect();
    if least == 0.0 && direction == Direction::Harm {
        let binary = || vec!["none".to_owned(), "harm".to_owned()];
        let levels = if steps.top == 1 { binary() } else { steps.names() };
        let why = format!("whole numbers from 0 to {most}: severities as they are");
        return Scale { levels, harms, reading: Reading::Number, why, doubt };
    }
    let why = format!("whole numbers from {least} to {most}");
    Scale { levels: steps.names(), harms, reading: Reading::Values(steps.entries(values)), why, doubt }
}

/// Whole numbers as severities, in either direction.
struct Steps {
    /// The lowest number that is a label.
    from: f64,
    top: usize,
    direction: Direction,
}

impl Steps {
    fn of(numbers: Numbers, direction: Direction) -> Self {
        // Many tables write -1 where there is no label.
        let from = if numbers.least == -1.0 && numbers.most > 0.0 { 0.0 } else { numbers.least };
        Self { from, top: ((numbers.most - from) as usize).max(1), direction }
    }

    /// The number of each severity.
    fn names(&self) -> Vec<String> {
        let step = |severity: usize| match self.direction {
            Direction::Harm => severity,
            Direction::Better => self.top - severity,
        };
        (0..=self.top).map(|severity| format!("{}", self.from + step(severity) as f64)).collect()
    }

    /// Every number in each way in which it is written, such as `1` and `1.0`, and those that nobody gave.
    fn entries(&self, values: &[&str]) -> Vec<Entry> {
        let unseen: Vec<String> = self.names().into_iter().filter(|name| !values.contains(&name.as_str())).collect();
        let forms = values.iter().map(|value| (*value).to_owned()).chain(unseen);
        let mut entries: Vec<Entry> = forms
            .filter_map(|form| {
                let value = number(&form)? - self.from;
                let severity = match self.direction {
                    _ if value < 0.0 => None,
                    Direction::Harm => Some(value as usize),
                    Direction::Better => Some(self.top - (value as usize).min(self.top)),
                };
                let doubt = severity.is_none().then_some("a number below 0 is taken for a missing label");
                Some(Entry { value: form, severity, doubt })
            })
            .collect();
        entries.sort_by_key(|entry| entry.severity.unwrap_or(usize::MAX));
        entries
    }
}

/// A cut in the middle of the scale that numbers seem to lie on; never from what anybody labelled.
pub(super) fn cut_of(numbers: Numbers) -> (f64, String) {
    let Numbers { least, most, .. } = numbers;
    let (low, high) = bounds_of(numbers);
    let middle = f64::midpoint(low, high);
    if least < middle && middle <= most {
        return (middle, format!("numbers from {least} to {most}, on a scale of {low} to {high}: cut in its middle"));
    }
    (f64::midpoint(least, most), format!("numbers from {least} to {most}: cut in their middle"))
}

/// The usual scale that the numbers lie on.
pub(super) fn bounds_of(numbers: Numbers) -> (f64, f64) {
    let Numbers { least, most, whole } = numbers;
    match (least, most) {
        (least, most) if least >= 0.0 && most <= 1.0 => (0.0, 1.0),
        (least, most) if whole && least >= 1.0 && most <= 5.0 => (1.0, 5.0),
        // Whole numbers without a zero: scales that start at 1 are the commoner ones, and nothing here says otherwise.
        (least, most) if whole && least >= 1.0 && most <= 10.0 => (1.0, 10.0),
        (least, most) if least >= 0.0 && most <= 10.0 => (0.0, 10.0),
        (least, most) if least >= 0.0 && most <= 100.0 => (0.0, 100.0),
        (least, most) => (least, most),
    }
}

fn word_scale(values: &[&str], direction: Direction, among: Option<Axis>) -> Scale {
    let senses: Vec<Sense> = values.iter().map(|value| sense_on(value, direction, among)).collect();
    let ranks = ranks_of(values, &senses);
    let mut harms: Vec<u8> = ranks.iter().flatten().copied().collect();
    harms.sort_unstable();
    harms.dedup();
    // Where even the mildest label is harm, what is not harmful has a level of its own below it.
    if harms.first().is_none_or(|least| *least > HARMLESS) {
        harms.insert(0, 0);
    }
    if harms.len() == 1 {
        harms.push(90);
    }
    let entry = |(value, (rank, sense)): (&&str, (&Option<u8>, &Sense))| Entry {
        value: (*value).to_owned(),
        severity: rank.and_then(|rank| harms.iter().position(|harm| *harm == rank)),
        doubt: match (rank, sense) {
            (Some(_), Sense::Unknown) => Some("its place in the order could not be known"),
            (None, Sense::Unknown) => Some("its severity could not be known"),
            (None, _) => Some("taken for a label that nobody gave"),
            (Some(_), _) => None,
        },
    };
    let mut entries: Vec<Entry> = values.iter().zip(ranks.iter().zip(&senses)).map(entry).collect();
    entries.sort_by_key(|entry| entry.severity.unwrap_or(usize::MAX));
    let guessed = ranks.iter().zip(&senses).any(|(rank, sense)| rank.is_some() && *sense == Sense::Unknown);
    let why =
        if guessed { "words in an order that is only a guess" } else { "words in the order of the harm they name" };
    Scale {
        levels: distinct(harms.iter().map(|harm| level_name(*harm, values, &ranks, direction))),
        harms,
        reading: Reading::Values(entries),
        why: why.to_owned(),
        doubt: guessed.then(|| "the order of these labels could not be known".to_owned()),
    }
}

/// Names of levels that can be seen and told apart, whatever the labels look like.
fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut levels: Vec<String> = Vec::new();
    for name in names {
        let visible = name.replace(is_deceptive, " ");
        let taken = levels.contains(&visible);
        let level = if taken || visible.trim().is_empty() { format!("{visible} ({})", levels.len()) } else { visible };
        levels.push(level);
    }
    levels
}

/// How bad each label is, where that can be said: by its sense; where at most one has a sense, by an order.
fn ranks_of(values: &[&str], senses: &[Sense]) -> Vec<Option<u8>> {
    let known = senses.iter().filter(|sense| matches!(sense, Sense::Harm(_))).count();
    if known < 2 && senses.contains(&Sense::Unknown) {
        return in_order(values, senses);
    }
    let rank = |sense: &Sense| if let Sense::Harm(harm) = sense { Some(*harm) } else { None };
    senses.iter().map(rank).collect()
}

/// A label of that rank. One that stands there only because it speaks of the other axis names it last.
fn level_name(harm: u8, values: &[&str], ranks: &[Option<u8>], direction: Direction) -> String {
    let own = |position: &usize| match sense(values[*position], direction) {
        Sense::Harm(harm) => ranks[*position] == Some(harm),
        Sense::NoAnswer | Sense::Unknown => true,
    };
    let mut at = (0..values.len()).filter(|position| ranks[*position] == Some(harm));
    let found = at.clone().find(own).or_else(|| at.next());
    let absent = if harm == 0 { "none" } else { "harm" };
    found.map_or_else(|| absent.to_owned(), |position| named(values[position]))
}

/// What a label says on one of two axes that share their labels: one that names the other kind of harm says that there is
/// none of this one.
fn sense_on(value: &str, direction: Direction, among: Option<Axis>) -> Sense {
    let (own, other) = match among {
        None => return sense(value, direction),
        Some(Axis::Omission) => (OMISSION, COMMISSION),
        Some(Axis::Commission) => (COMMISSION, OMISSION),
    };
    let words = words_of(value);
    match sense(value, direction) {
        Sense::Harm(harm) if harm > HARMLESS && says(&words, other) && !says(&words, own) => Sense::Harm(0),
        Sense::Unknown if words == ["both"] => Sense::Harm(90),
        found => found,
    }
}

/// The axes that harmful labels of a column speak of.
pub(super) fn axes_named(column: &Column) -> Vec<Axis> {
    let harmful = |value: &&String| matches!(sense(value, Direction::Harm), Sense::Harm(harm) if harm > HARMLESS);
    let values: Vec<&String> = column.values.iter().flat_map(BTreeMap::keys).filter(harmful).collect();
    let named = |family: &str| values.iter().any(|value| says(&words_of(value), family));
    let found = [(Axis::Omission, named(OMISSION)), (Axis::Commission, named(COMMISSION))];
    found.into_iter().filter_map(|(axis, is)| is.then_some(axis)).collect()
}

/// Places of labels of which nothing is known: by the numbers that they begin with, otherwise by their letters.
fn in_order(values: &[&str], senses: &[Sense]) -> Vec<Option<u8>> {
    let leading = |value: &str| {
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    };
    let rated: Vec<&str> =
        values.iter().zip(senses).filter(|(_, sense)| **sense != Sense::NoAnswer).map(|(value, _)| *value).collect();
    let mut order = rated.clone();
    if order.iter().all(|value| leading(value).is_some()) {
        order.sort_by_key(|value| leading(value));
    }
    let last = order.len().saturating_sub(1).max(1);
    // Steps of ten: no more levels than a scale can have.
    let rank = |at: usize| (10 * at / last * 10) as u8;
    values.iter().map(|value| order.iter().position(|one| one == value).map(rank)).collect()
}

/// A label as the name of a level: without the number before it.
fn named(label: &str) -> String {
    let bare = label.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | ':' | ' ' | ')'));
    if bare.is_empty() { label.to_owned() } else { bare.replace('_', " ") }
}
