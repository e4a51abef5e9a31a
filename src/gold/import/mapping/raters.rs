//! Raters: columns of a wide table, or rows of a long one, become one annotation per rater and example.

use std::collections::BTreeMap;

use super::answers::{Covers, RaterFile};
use super::context::{Context, Place};
use super::examples::{Examples, unknown_example};
use super::expression::{Conditions, Value};
use super::forms::LevelOrWord;
use super::items::Marks;
use super::reading::{Aggregate, Answer, Answerer, Reading, Surroundings};
use super::row::{Column, Row};
use super::source::Source;
use super::tables::Table;
use crate::model::{Annotation, Axis, Card, ItemMark, PerAxis, Problems, RaterKind, shown};

/// Who rated a row.
#[derive(Debug, Clone)]
enum Who {
    /// Always the same rater.
    Named(String),
    /// Whoever the row names.
    In(Column),
}

/// A rater, or several that a column names, checked.
#[derive(Debug)]
pub(super) struct RaterSpec {
    source: usize,
    who: Who,
    kind: RaterKind,
    /// Where the mapping says what kind it is.
    kind_place: Place,
    covers: Covers,
    only: Conditions,
    axes: PerAxis<Option<Reading>>,
    marks: Option<Marks>,
    mechanism: Option<Value>,
    note: Option<Value>,
    at: Option<Value>,
}

/// Checks one `[[raters]]`, which may stand for several raters.
pub(super) fn check_rater(
    context: &mut Context<'_>,
    at: &str,
    file: &RaterFile,
    card: &Card,
    named: &BTreeMap<String, BTreeMap<String, LevelOrWord>>,
) -> Vec<RaterSpec> {
    let source = context.source(&format!("{at}.source"), file.source.as_deref());
    if file.omission.is_none() && file.commission.is_none() && file.items.is_none() {
        context.fault(at, "rates nothing; allowed: `omission`, `commission`, `items`");
    }
    let who: Vec<(Who, Option<(&str, String)>)> = match (&file.id, &file.id_column, &file.columns) {
        (Some(id), None, None) => vec![(Who::Named(id.clone()), None)],
        (None, Some(path), None) => {
            vec![(Who::In(context.column(source, &format!("{at}.id_column"), path)), None)]
        }
        (None, None, Some(columns)) => columns
            .iter()
            .map(|(id, path)| (Who::Named(id.clone()), Some((path.as_str(), format!("{at}.columns.{id}")))))
            .collect(),
        _ => {
            context.fault(at, "found none or several; allowed: one of `id`, `id_column`, `columns`");
            Vec::new()
        }
    };
    let spec = |(who, column): (Who, Option<(&str, String)>)| {
        let column_key = column.as_ref().map_or("", |(_, key)| key.as_str());
        let axes = PerAxis::from_fn(|axis| {
            let reading = match axis {
                Axis::Omission => file.omission.as_ref(),
                Axis::Commission => file.commission.as_ref(),
            }?;
            let around = Surroundings {
                source,
                answerer: Answerer::Rater,
                column: column.as_ref().map(|(path, _)| *path),
                column_key,
                unmapped: file.unmapped,
                top: i64::from(card.axis(axis).top()),
                named,
            };
            Some(Reading::check(context, around, &format!("{at}.{axis}"), reading))
        });
        let mut value = |name: &str, file: &Option<_>| {
            file.as_ref().map(|file| Value::check(context, source, &format!("{at}.{name}"), file))
        };
        let (mechanism, note, when) =
            (value("mechanism", &file.mechanism), value("note", &file.note), value("at", &file.at));
        check_covers(context, at, file.covers, &who, &axes);
        RaterSpec {
            source,
            who,
            kind: file.kind.unwrap_or(RaterKind::Human),
            kind_place: context.place(&format!("{at}.kind")),
            covers: file.covers,
            only: Conditions::check(context, source, &format!("{at}.where"), &file.only),
            axes,
            marks: file.items.as_ref().map(|marks| Marks::check(context, source, &format!("{at}.items"), named, marks)),
            mechanism,
            note,
            at: when,
        }
    };
    who.into_iter().map(spec).collect()
}

/// A rater who read everything needs a name and a severity for what has no row.
fn check_covers(context: &mut Context<'_>, at: &str, covers: Covers, who: &Who, axes: &PerAxis<Option<Reading>>) {
    let key = format!("{at}.covers");
    if covers == Covers::All && matches!(who, Who::In(_)) {
        context.fault(&key, "found \"all\" beside `id_column`; allowed: with `id`, one rater at a time");
    }
    let without = Axis::ALL.into_iter().find(|axis| axes.get(*axis).as_ref().is_some_and(|one| one.absent.is_none()));
    if let Some(axis) = without.filter(|_| covers == Covers::All) {
        context
            .fault(&key, format!("found \"all\", but `{axis}` has no `absent`; allowed: with `absent` on each axis"));
    }
}

/// What the rows of one rater say of one example.
#[derive(Debug)]
struct Said {
    row: Row,
    kind: RaterKind,
    levels: PerAxis<Vec<(i64, String)>>,
    cannot_judge: Vec<Axis>,
    items: BTreeMap<String, ItemMark>,
    mechanism: Vec<String>,
    note: Vec<String>,
    at: Vec<String>,
}

impl Said {
    fn new(row: &Row, kind: RaterKind) -> Self {
        Self {
            row: row.clone(),
            kind,
            levels: PerAxis::default(),
            cannot_judge: Vec::new(),
            items: BTreeMap::new(),
            mechanism: Vec::new(),
            note: Vec::new(),
            at: Vec::new(),
        }
    }
}

/// Annotations with the row that each began with.
#[derive(Debug, Default)]
pub(super) struct Annotations {
    pub(super) list: Vec<Annotation>,
    pub(super) rows: Vec<Row>,
}

/// Makes the annotations, in the order of the examples.
pub(super) fn build_annotations(
    specs: &[RaterSpec],
    sources: &[Source],
    tables: &[Table],
    examples: &Examples,
    notes: &mut Vec<String>,
    problems: &mut Problems,
) -> Annotations {
    // Example, then the place of the rater in the mapping, then the rater's id.
    let mut made: BTreeMap<(usize, usize, String), (Annotation, Row)> = BTreeMap::new();
    let mut places: BTreeMap<(usize, String), String> = BTreeMap::new();
    let mut silent: BTreeMap<String, usize> = BTreeMap::new();
    for (order, spec) in specs.iter().enumerate() {
        let mut said: BTreeMap<(usize, String), Said> = BTreeMap::new();
        if let (Covers::All, Who::Named(id)) = (spec.covers, &spec.who) {
            let all = examples.rows.iter().enumerate();
            said.extend(all.map(|(position, row)| ((position, id.clone()), Said::new(row, spec.kind))));
        }
        for row in tables[spec.source].rows.iter().filter(|row| spec.only.hold(row)) {
            let value = &sources[spec.source].example;
            let id = value.text(row);
            match id.as_ref().and_then(|id| examples.position(spec.source, id)) {
                Some(position) => spec.hear(row, position, examples, &mut said, problems),
                None => problems.push(unknown_example(row, value, id.as_deref())),
            }
        }
        for ((position, rater), said) in said {
            let row = said.row.clone();
            let Some(annotation) = spec.annotation(examples, position, &rater, said) else {
                *silent.entry(rater).or_default() += 1;
                continue;
            };
            if let Some(place) = places.insert((position, rater.clone()), row.place()) {
                let message = format!("rater {} has another annotation of this example from {place}", shown(&rater));
                problems.push(row.fault("rater", format!("{message}; allowed: one [[raters]] a rater")));
            }
            made.insert((position, order, rater), (annotation, row));
        }
    }
    notes.extend(
        silent
            .into_iter()
            .map(|(rater, count)| format!("{rater}: no rating on {count} of the examples that have a row")),
    );
    let (list, rows) = made.into_values().unzip();
    Annotations { list, rows }
}

impl RaterSpec {
    /// Where the mapping says that this is no person.
    pub(super) fn other_than_human(&self) -> Option<String> {
        (self.kind != RaterKind::Human).then(|| self.kind_place.told())
    }

    /// Adds what one row says to what the rater said before.
    fn hear(
        &self,
        row: &Row,
        position: usize,
        examples: &Examples,
        said: &mut BTreeMap<(usize, String), Said>,
        problems: &mut Problems,
    ) {
        let rater = match &self.who {
            Who::Named(id) => id.clone(),
            Who::In(column) => match column.text(row) {
                Some(id) => id.trim().to_owned(),
                None => return problems.push(row.fault(&column.path, "found nothing; allowed: the id of a rater")),
            },
        };
        let said = said.entry((position, rater)).or_insert_with(|| Said::new(row, self.kind));
        for axis in examples.list[position].axes.iter().copied() {
            let Some(reading) = self.axes.get(axis) else { continue };
            match reading.read(row) {
                Ok(Some(Answer::Level(level))) => add_level(said, axis, level, reading, row, problems),
                Ok(Some(Answer::CannotJudge)) if said.cannot_judge.contains(&axis) => {}
                Ok(Some(Answer::CannotJudge)) => said.cannot_judge.push(axis),
                Ok(None | Some(Answer::NotRated | Answer::Unscored(_))) => {}
                Err((key, message)) => problems.push(row.fault(&key, message)),
            }
        }
        let required = &examples.list[position].required;
        match self.marks.as_ref().map_or(Ok(Vec::new()), |marks| marks.read(row, required)) {
            Ok(marks) => {
                for (item, mark) in marks {
                    if *said.items.entry(item.clone()).or_insert(mark) != mark {
                        let item = shown(&item);
                        let message = format!("another mark of item {item} than {}; allowed: one", said.row.place());
                        problems.push(row.fault("items", message));
                    }
                }
            }
            Err((key, message)) => problems.push(row.fault(&key, message)),
        }
        let words = [(&self.mechanism, &mut said.mechanism), (&self.note, &mut said.note), (&self.at, &mut said.at)];
        for (value, list) in words {
            let text = value.as_ref().and_then(|value| value.text(row));
            list.extend(text.filter(|text| !list.contains(text)));
        }
    }

    /// The annotation, unless the rater said nothing.
    fn annotation(&self, examples: &Examples, position: usize, rater: &str, said: Said) -> Option<Annotation> {
        let example = &examples.list[position];
        let severity = |axis: Axis| {
            let reading = self.axes.get(axis).as_ref().filter(|_| example.axes.contains(&axis))?;
            let levels: Vec<i64> = said.levels.get(axis).iter().map(|(level, _)| *level).collect();
            reading.aggregate.of(&levels).or(reading.absent)
        };
        let (omission, commission) = (severity(Axis::Omission), severity(Axis::Commission));
        // Who could not tell from one row and gave a severity in another has given one.
        let rated = PerAxis { omission: omission.is_some(), commission: commission.is_some() };
        let cannot_judge: Vec<Axis> = said.cannot_judge.iter().copied().filter(|axis| !rated.get(*axis)).collect();
        if !rated.omission && !rated.commission && cannot_judge.is_empty() && said.items.is_empty() {
            return None;
        }
        let joined = |list: Vec<String>| (!list.is_empty()).then(|| list.join("; "));
        Some(Annotation {
            example: example.id.clone(),
            rater: rater.to_owned(),
            rater_kind: said.kind,
            omission,
            commission,
            cannot_judge,
            items: said.items,
            mechanism: joined(said.mechanism),
            note: joined(said.note),
            at: joined(said.at),
        })
    }
}

/// Keeps a severity; without an aggregation, it has to be the only one.
fn add_level(said: &mut Said, axis: Axis, level: i64, reading: &Reading, row: &Row, problems: &mut Problems) {
    let levels = said.levels.get_mut(axis);
    match levels.first() {
        Some((first, place)) if reading.aggregate == Aggregate::One && *first != level => {
            let message = format!("found {level} where {place} has {first} of the same rater for the same example");
            let allowed = format!("allowed: one row per rater and example, or `aggregate` (`{}`)", reading.key);
            problems.push(row.fault(axis.name(), format!("{message}; {allowed}")));
        }
        _ => levels.push((level, row.place())),
    }
}
