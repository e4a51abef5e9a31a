//! Which columns hold verdicts of automated judges, and how each is read on the scale of the labels.

use super::columns::{Column, Numbers, number};
use super::labels::{Entry, Reading, Scale, bounds_of, cut_of, direction_of};
use super::raters::{axis_by_name, is_bare_score, is_judge, key_of};
use super::senses::{Direction, HARMLESS, Sense, sense};
use super::texts::Free;
use super::words::{PROBABILITY, REMARK, SCORE, belongs, says, words_of};
use crate::model::{Axis, PerAxis};

/// A recorded judge.
#[derive(Debug, Clone, Default)]
pub(super) struct JudgeGuess {
    pub(super) name: String,
    pub(super) axes: PerAxis<Option<Verdict>>,
    /// A column of numbers on one scale, kept as it is.
    pub(super) score: Option<ScoreGuess>,
    pub(super) probability: PerAxis<Option<usize>>,
    pub(super) rationale: Option<usize>,
}

/// One axis of a judge.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) column: usize,
    pub(super) reading: VerdictReading,
    pub(super) why: String,
    pub(super) doubt: Option<String>,
}

/// How a verdict is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum VerdictReading {
    /// By the map of the labels.
    AsLabels,
    /// In its own way.
    Own(Reading),
}

/// A number on one scale.
#[derive(Debug, Clone)]
pub(super) struct ScoreGuess {
    pub(super) column: usize,
    pub(super) bounds: (f64, f64),
    pub(super) direction: Direction,
    /// The score from which the judge's file flags: the same rows as the cut of its column.
    pub(super) flag_at: f64,
}

/// The columns of judges, claimed before labels are looked for; a bare `score` is one where there are labels besides.
pub(super) fn judge_columns(free: &mut Free<'_>) -> Vec<usize> {
    let found: Vec<usize> = free.iter().filter(|(_, column)| is_judge(column)).map(|(position, _)| position).collect();
    free.taken.extend(found.iter().copied());
    found
}

/// Bare scores beside labels.
pub(super) fn bare_scores(free: &mut Free<'_>) -> Vec<usize> {
    let found: Vec<usize> =
        free.iter().filter(|(_, column)| is_bare_score(column)).map(|(position, _)| position).collect();
    free.taken.extend(found.iter().copied());
    found
}

/// Puts the columns of each judge together; `others` are names that are taken.
pub(super) fn judges_of(
    columns: &[Column],
    found: &[usize],
    remarks: &[usize],
    scales: &PerAxis<Option<Scale>>,
    others: &[String],
) -> Vec<JudgeGuess> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for position in found {
        let key = key_of(&columns[*position]);
        match groups.iter_mut().find(|(other, _)| *other == key) {
            Some((_, group)) => group.push(*position),
            None => groups.push((key, vec![*position])),
        }
    }
    let mut judges: Vec<JudgeGuess> = Vec::new();
    for (key, group) in groups {
        let mut judge =
            JudgeGuess { name: free_name(&key, &columns[group[0]], &judges, others), ..JudgeGuess::default() };
        for position in &group {
            add(&mut judge, columns, *position, scales);
        }
        let same = |position: &&usize| {
            let words = columns[**position].words.iter().filter(|word| !belongs(word, REMARK));
            words.cloned().collect::<Vec<_>>().join("-") == key
        };
        judge.rationale = remarks.iter().find(same).copied();
        if Axis::ALL.iter().any(|axis| judge.axes.get(*axis).is_some()) {
            judges.push(judge);
        }
    }
    judges
}

/// Marks a judge whose one column is read in opposite directions on the two axes.
pub(super) fn doubt_directions(judges: &mut [JudgeGuess], scales: &PerAxis<Option<Scale>>) {
    for judge in judges {
        let run = |axis: Axis| {
            let verdict = judge.axes.get(axis).as_ref()?;
            Some((verdict.column, direction_read(verdict, scales.get(axis).as_ref()?)?))
        };
        let (Some((one, up)), Some((other, down))) = (run(Axis::Omission), run(Axis::Commission)) else { continue };
        if one == other && up != down {
            for axis in Axis::ALL {
                add_doubt(judge, axis, "read in opposite directions on the two axes: which axis is it about?");
            }
        }
    }
}

/// Marks the judges whose names say no axis, where labels were left out because nothing says theirs.
pub(super) fn doubt_axes(judges: &mut [JudgeGuess], columns: &[Column]) {
    for judge in judges {
        for axis in Axis::ALL {
            let unsaid = |verdict: &Verdict| axis_by_name(&columns[verdict.column]).is_none();
            if judge.axes.get(axis).as_ref().is_some_and(unsaid) {
                add_doubt(judge, axis, "nothing says which axis it is about");
            }
        }
    }
}

fn add_doubt(judge: &mut JudgeGuess, axis: Axis, doubt: &str) {
    if let Some(verdict) = judge.axes.get_mut(axis) {
        verdict.doubt = Some(verdict.doubt.take().map_or(doubt.to_owned(), |known| format!("{known}; {doubt}")));
    }
}

/// What a higher number means as a verdict is read, where its cells are numbers.
fn direction_read(verdict: &Verdict, scale: &Scale) -> Option<Direction> {
    let reading = match &verdict.reading {
        VerdictReading::AsLabels => &scale.reading,
        VerdictReading::Own(reading) => reading,
    };
    match reading {
        Reading::Number => Some(Direction::Harm),
        Reading::Cut(_, direction) => Some(*direction),
        Reading::Values(entries) => {
            let levels = entries.iter().filter_map(|entry| Some((number(&entry.value)?, entry.severity?)));
            let mut levels: Vec<(f64, usize)> = levels.collect();
            levels.sort_by(|one, other| one.0.total_cmp(&other.0));
            match (levels.first()?.1, levels.last()?.1) {
                (low, high) if low < high => Some(Direction::Harm),
                (low, high) if low > high => Some(Direction::Better),
                _ => None,
            }
        }
    }
}

/// Whether two names of judges become the name of one file.
pub(super) fn same_file(one: &str, other: &str) -> bool {
    plain(one).eq_ignore_ascii_case(&plain(other))
}

fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// A name that a file can have and that no other judge has.
fn free_name(key: &str, column: &Column, judges: &[JudgeGuess], others: &[String]) -> String {
    let plain = |text: &str| plain(text).trim_matches('-').chars().take(40).collect::<String>();
    let name = [plain(key), plain(&column.words.join("-")), "judge".to_owned()];
    let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let taken = |name: &str| {
        judges.iter().any(|judge| same_file(&judge.name, name)) || others.iter().any(|other| same_file(other, name))
    };
    if !taken(&name) {
        return name;
    }
    (2..).map(|number| format!("{name}-{number}")).find(|name| !taken(name)).unwrap_or(name)
}

fn add(judge: &mut JudgeGuess, columns: &[Column], position: usize, scales: &PerAxis<Option<Scale>>) {
    let column = &columns[position];
    let named = axis_by_name(column).filter(|axis| scales.get(*axis).is_some());
    let axes: Vec<Axis> = match named {
        // With labels on both axes a name that says one of them means that one.
        Some(axis) => vec![axis],
        None => Axis::ALL.into_iter().filter(|axis| scales.get(*axis).is_some()).collect(),
    };
    for axis in axes {
        let Some(scale) = scales.get(axis) else { continue };
        let verdict = verdict_of(position, column, scale);
        let harm = matches!(verdict.reading, VerdictReading::Own(Reading::Cut(_, Direction::Harm)));
        if harm && column.is_number() && says(&column.words, PROBABILITY) && within_one(column) {
            judge.probability.get_mut(axis).get_or_insert(position);
        } else if let VerdictReading::Own(Reading::Cut(cut, direction)) = verdict.reading
            && column.is_number()
            && let Some(numbers) = column.numbers
        {
            let bounds = bounds_of(numbers);
            let flag_at = flag_at(column, numbers, cut, direction);
            judge.score.get_or_insert(ScoreGuess { column: position, bounds, direction, flag_at });
        }
        let slot = judge.axes.get_mut(axis);
        let worded = |verdict: &Verdict| !matches!(verdict.reading, VerdictReading::Own(Reading::Cut(..)));
        // Of two columns on one axis a word or a severity says more than a cut of a number.
        if slot.as_ref().is_none_or(|other| worded(&verdict) && !worded(other)) {
            *slot = Some(verdict);
        }
    }
}

/// The score that a judge's file flags at for the rows that a cut makes harm.
///
/// Where more is harm both include the number itself. Where more is better a cut is harm *below* it and `flag_at` flags at or
/// below: the highest score below the cut makes them the same.
fn flag_at(column: &Column, numbers: Numbers, cut: f64, direction: Direction) -> f64 {
    match direction {
        Direction::Harm => cut,
        Direction::Better if numbers.whole => cut.ceil() - 1.0,
        Direction::Better => {
            let values = column.values.iter().flat_map(|values| values.keys());
            // Where there are too many different scores to hold, the cut itself has to do: it differs at that very number.
            values.filter_map(|value| number(value)).filter(|value| *value < cut).max_by(f64::total_cmp).unwrap_or(cut)
        }
    }
}

fn within_one(column: &Column) -> bool {
    column.numbers.is_some_and(|numbers| numbers.least >= 0.0 && numbers.most <= 1.0)
}

/// How a column reads on the scale of the labels.
fn verdict_of(position: usize, column: &Column, scale: &Scale) -> Verdict {
    let verdict =
        |reading, why: &str, doubt: Option<String>| Verdict { column: position, reading, why: why.to_owned(), doubt };
    if let Reading::Values(entries) = &scale.reading
        && let Some(values) = &column.values
        && values.keys().all(|value| entries.iter().any(|entry| entry.value == *value && entry.severity.is_some()))
        && entries.iter().all(|entry| entry.severity.is_some())
    {
        return verdict(VerdictReading::AsLabels, "the words of the labels", None);
    }
    if column.is_nearly_number() {
        return number_verdict(position, column, scale);
    }
    let (direction, _) = direction_of(&[column], Direction::Harm);
    let values = column.values.iter().flat_map(|values| values.keys());
    let mut entries: Vec<Entry> = values.map(|value| word_entry(value, direction, scale)).collect();
    entries.sort_by_key(|entry| entry.severity.unwrap_or(usize::MAX));
    let unknown = entries.iter().any(|entry| entry.doubt.is_some());
    let doubt = unknown.then(|| "give a severity to each word that stands below as a comment".to_owned());
    verdict(VerdictReading::Own(Reading::Values(entries)), "words, each put at the level that it sounds like", doubt)
}

fn number_verdict(position: usize, column: &Column, scale: &Scale) -> Verdict {
    let numbers = column.numbers.unwrap_or(Numbers { least: 0.0, most: 1.0, whole: false });
    let scored = says(&column.words, SCORE);
    // What a score means is a matter of its rubric, never of how it sits with these labels.
    let default = if scored && !says(&column.words, PROBABILITY) { Direction::Better } else { Direction::Harm };
    let (direction, named) = direction_of(&[column], default);
    let top = scale.levels.len().saturating_sub(1) as f64;
    let on_scale = numbers.whole && numbers.least >= 0.0 && numbers.most <= top && scale.reading == Reading::Number;
    let (reading, why, question) = if numbers.whole && within_one(column) {
        let question = match direction {
            Direction::Harm => "is 1 harm?",
            Direction::Better => "is 0 harm?",
        };
        let entries = binary_entries(column, direction);
        (Reading::Values(entries), "zeros and ones".to_owned(), (!named).then_some(question))
    } else if on_scale && !scored && direction == Direction::Harm {
        let why = "whole numbers on the scale of the labels".to_owned();
        (Reading::Number, why, Some("are these severities on that scale?"))
    } else {
        let (cut, why) = cut_of(numbers);
        let question = match direction {
            Direction::Harm => "is more of it more harm, and is it harm from this number on?",
            Direction::Better => "is more of it better, and is it harm below this number?",
        };
        (Reading::Cut(cut, direction), why, Some(question))
    };
    let doubt = question.map(str::to_owned);
    Verdict { column: position, reading: VerdictReading::Own(reading), why, doubt }
}

/// Zeros and ones, in every way in which they are written.
fn binary_entries(column: &Column, direction: Direction) -> Vec<Entry> {
    let severity = |one: bool| usize::from(one == (direction == Direction::Harm));
    let values = column.values.iter().flat_map(|values| values.keys());
    let mut entries: Vec<Entry> = values
        .filter_map(|value| Some((value, number(value)? == 1.0)))
        .map(|(value, one)| Entry { value: value.clone(), severity: Some(severity(one)), doubt: None })
        .collect();
    entries.sort_by_key(|entry| entry.severity);
    entries
}

/// Words of a judge that broke down: `Error: time-out`. A bare `error` may be a label.
const BROKEN: &str = "timeout exception invalid parse unparseable malformed empty crash* traceback";

/// The level of the labels that a judge's word sounds like.
fn word_entry(value: &str, direction: Direction, scale: &Scale) -> Entry {
    let words = words_of(value);
    if says(&words, BROKEN) || (words.len() > 1 && words[0] == "error") {
        return Entry { value: value.to_owned(), severity: None, doubt: None };
    }
    let known = match &scale.reading {
        Reading::Values(entries) => entries.iter().find(|entry| entry.value == value).and_then(|entry| entry.severity),
        Reading::Number | Reading::Cut(..) => None,
    };
    let sounds = || match sense(value, direction) {
        Sense::Harm(harm) if harm <= HARMLESS => Some(0),
        Sense::Harm(harm) => (1..scale.levels.len()).min_by_key(|level| scale.harms[*level].abs_diff(harm)),
        Sense::NoAnswer | Sense::Unknown => None,
    };
    let severity = known.or_else(sounds);
    let doubt = match sense(value, direction) {
        Sense::Unknown if severity.is_none() => Some("its severity could not be known"),
        _ => None,
    };
    Entry { value: value.to_owned(), severity, doubt }
}
