//! From Label Studio's export to annotations: every answer becomes a label or is counted, and none is lost in silence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::read::{Answer, AnswerValue, Submitted, Task, Written, fault, key_of, read_export};
use super::{CANNOT_JUDGE, KEY, MECHANISM, NOTE, OTHER_MECHANISM, item_number, shown_level};
use crate::gold::exchange::{Files, Keys, most_items};
use crate::gold::jsonl::json_lines;
use crate::gold::names::fault_of;
use crate::gold::people::people_set;
use crate::gold::{GoldSet, SetFiles};
use crate::model::{Annotation, Axis, Example, ItemMark, Problem, Problems, RaterKind, Severity, shown};

/// Other controls that a note names.
const NAMED: usize = 5;

/// Pseudonyms by the number of a person; `rater-<number>` for everybody else.
pub type RaterNames = BTreeMap<u64, String>;

/// A gold set of the same examples with the answers as its annotations.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Contents of the folder.
    pub files: Files,
    /// The set, as it will be read back.
    pub gold: GoldSet,
    /// What became no label, and why.
    pub notes: Vec<String>,
}

/// Reads exports of one project or more that were made from `export_label_studio`; persons have the same numbers in all.
pub fn import_label_studio(
    exports: &[PathBuf],
    keys: &Path,
    (gold, files): (&GoldSet, &SetFiles),
    raters: &RaterNames,
) -> Result<Answered, Problems> {
    let keys = Keys::read(keys, gold, files)?;
    let mut reading = Reading {
        export: Path::new("--from"),
        gold,
        keys: &keys,
        raters,
        most_items: most_items(gold),
        latest: BTreeMap::new(),
        people: BTreeSet::new(),
        counts: Counts::default(),
        problems: Problems::default(),
    };
    for export in exports {
        reading.export = export;
        for (at, task) in read_export(export)?.iter().enumerate() {
            reading.task(at, task);
        }
    }
    reading.check_names();
    let Reading { latest, counts, problems, .. } = reading;
    if !problems.is_empty() {
        return Err(problems);
    }
    if latest.is_empty() {
        let message = "holds no submitted answer; allowed: at least one";
        return Err(Problem::file(exports.first().map_or(Path::new("--from"), PathBuf::as_path), message).into());
    }
    assemble(gold, files, latest.into_values().map(|(_, annotation)| annotation).collect(), &counts)
}

fn assemble(
    gold: &GoldSet,
    files: &SetFiles,
    annotations: Vec<Annotation>,
    counts: &Counts,
) -> Result<Answered, Problems> {
    let set = people_set(gold, files, "in Label Studio", json_lines(&annotations));
    let made = GoldSet::from_files(&set)?;
    let notes = counts.notes(gold, &annotations);
    Ok(Answered { files: set.into_folder(), gold: made, notes })
}

/// What became no label.
#[derive(Debug, Default)]
struct Counts {
    skipped: usize,
    drafts: usize,
    empty: usize,
    earlier: usize,
    unrated: BTreeMap<Axis, usize>,
    not_applicable: usize,
    no_such_item: usize,
    others: BTreeSet<String>,
}

impl Counts {
    fn notes(&self, gold: &GoldSet, annotations: &[Annotation]) -> Vec<String> {
        let answered: BTreeSet<&str> = annotations.iter().map(|annotation| annotation.example.as_str()).collect();
        let unanswered = gold.examples.len() - answered.len();
        let mut notes = Vec::new();
        let mut note = |count: usize, what: &str| {
            if count > 0 {
                notes.push(format!("{count} {what}"));
            }
        };
        note(self.skipped, "skipped annotations are no labels");
        note(self.drafts, "drafts, which nobody submitted, were left out");
        note(self.empty, "annotations without an answer were left out");
        note(self.earlier, "annotations were replaced by a later one of the same person for the same task");
        for (axis, count) in &self.unrated {
            note(*count, &format!("annotations leave {axis} open where it applies"));
        }
        note(self.not_applicable, "severities on an axis that does not apply to the example were left out");
        note(self.no_such_item, "marks of an item that the example does not have were left out");
        note(unanswered, "examples have no answer");
        if !self.others.is_empty() {
            let named: Vec<String> = self.others.iter().take(NAMED).map(|name| shown(name)).collect();
            let more = if self.others.len() > NAMED { " and others" } else { "" };
            notes.push(format!("answers of controls that no export has were left out: {}{more}", named.join(", ")));
        }
        notes
    }
}

/// An export being read.
struct Reading<'a> {
    export: &'a Path,
    gold: &'a GoldSet,
    keys: &'a Keys,
    raters: &'a RaterNames,
    /// The most required items that an example has.
    most_items: usize,
    /// The last answer of each person by example, with its time.
    latest: BTreeMap<(usize, String), (Option<String>, Annotation)>,
    people: BTreeSet<u64>,
    counts: Counts,
    problems: Problems,
}

impl Reading<'_> {
    fn fault(&mut self, key: String, message: String) {
        self.problems.push(fault(self.export, key, message));
    }

    fn task(&mut self, at: usize, task: &Task) {
        self.counts.drafts += task.drafts.len();
        let key = match key_of(self.export, at, task, KEY) {
            Ok(key) => key,
            Err(problem) => return self.problems.push(problem),
        };
        let Some(position) = self.keys.keys.get(key).and_then(|id| self.gold.position(id)) else {
            return self
                .fault(format!("[{at}].data.{KEY}"), format!("found {}; allowed: a key of keys.json", shown(key)));
        };
        for (number, submitted) in task.annotations.iter().flatten().enumerate() {
            self.submitted(position, &format!("[{at}].annotations[{number}]"), submitted);
        }
    }

    fn submitted(&mut self, position: usize, place: &str, submitted: &Submitted) {
        let Some(person) = submitted.person() else {
            return self.fault(
                format!("{place}.completed_by"),
                "names nobody by number; allowed: the number of a person, or an object with it as `id`".to_owned(),
            );
        };
        self.people.insert(person);
        if submitted.was_cancelled {
            self.counts.skipped += 1;
            return;
        }
        let rater = self.raters.get(&person).cloned().unwrap_or_else(|| format!("rater-{person}"));
        let Some(annotation) = self.annotation(position, place, submitted, rater) else { return };
        let at = submitted.at().cloned();
        let key = (position, annotation.rater.clone());
        match self.latest.get(&key) {
            None => drop(self.latest.insert(key, (at, annotation))),
            Some((before, _)) => {
                self.counts.earlier += 1;
                // Times are RFC 3339 in UTC: their order is that of their texts. Without times the later in the list counts.
                if at >= *before {
                    self.latest.insert(key, (at, annotation));
                }
            }
        }
    }

    /// The annotation; none where the person answered nothing.
    fn annotation(&mut self, position: usize, place: &str, submitted: &Submitted, rater: String) -> Option<Annotation> {
        let example = &self.gold.examples[position];
        let mut annotation = Annotation {
            example: example.id.clone(),
            rater,
            rater_kind: RaterKind::Human,
            omission: None,
            commission: None,
            cannot_judge: Vec::new(),
            items: BTreeMap::new(),
            mechanism: None,
            note: None,
            at: submitted.at().cloned(),
        };
        for (number, answer) in submitted.result.iter().enumerate() {
            if let Err((key, message)) = self.answer(example, answer, &mut annotation) {
                self.fault(format!("{place}.result[{number}].{key}"), message);
            }
        }
        let rated = |axis: &Axis| annotation.answers(*axis);
        if !Axis::ALL.iter().any(rated) && annotation.items.is_empty() {
            self.counts.empty += 1;
            return None;
        }
        for axis in example.axes.iter().filter(|axis| !rated(axis)) {
            *self.counts.unrated.entry(*axis).or_default() += 1;
        }
        Some(annotation)
    }

    fn answer(
        &mut self,
        example: &Example,
        answer: &Answer,
        annotation: &mut Annotation,
    ) -> Result<(), (&'static str, String)> {
        // A relation between two answers has no name; no export asks for one.
        let Some(name) = answer.from_name.as_deref() else { return Ok(()) };
        let value = &answer.value;
        if let Some(axis) = Axis::ALL.into_iter().find(|axis| axis.name() == name) {
            let severity = self.severity(axis, value)?;
            if !example.axes.contains(&axis) {
                self.counts.not_applicable += 1;
            } else if let Some(severity) = severity {
                let place = match axis {
                    Axis::Omission => &mut annotation.omission,
                    Axis::Commission => &mut annotation.commission,
                };
                *place = Some(i64::from(severity));
            } else {
                annotation.cannot_judge.push(axis);
            }
            return Ok(());
        }
        match name {
            MECHANISM => {
                let mechanism = one_choice(value)?.to_owned();
                // What a person wrote goes before what was offered.
                annotation.mechanism.get_or_insert(mechanism);
            }
            OTHER_MECHANISM => annotation.mechanism = written(value).or_else(|| annotation.mechanism.take()),
            NOTE => annotation.note = written(value),
            _ => self.item(example, name, value, annotation)?,
        }
        Ok(())
    }

    /// The severity; none where the person could not tell.
    fn severity(&self, axis: Axis, value: &AnswerValue) -> Result<Option<Severity>, (&'static str, String)> {
        let chosen = one_choice(value)?;
        let card = self.gold.card.axis(axis);
        if [CANNOT_JUDGE.0, CANNOT_JUDGE.1].contains(&chosen) {
            return Ok(None);
        }
        let is = |severity: &Severity| chosen == severity.to_string() || chosen == shown_level(card, *severity);
        (0..=card.top()).find(is).map(Some).ok_or_else(|| {
            let message = format!("found {}; allowed: 0 to {} or \"{}\"", shown(chosen), card.top(), CANNOT_JUDGE.1);
            ("value.choices", message)
        })
    }

    fn item(
        &mut self,
        example: &Example,
        name: &str,
        value: &AnswerValue,
        annotation: &mut Annotation,
    ) -> Result<(), (&'static str, String)> {
        let Some(number) = item_number(name).filter(|number| (1..=self.most_items).contains(number)) else {
            self.counts.others.insert(name.to_owned());
            return Ok(());
        };
        let chosen = one_choice(value)?;
        let mark = [ItemMark::Hit, ItemMark::Partial, ItemMark::Miss].into_iter().find(|mark| mark.name() == chosen);
        let mark = mark.ok_or_else(|| {
            ("value.choices", format!("found {}; allowed: \"hit\", \"partial\", \"miss\"", shown(chosen)))
        })?;
        match example.required.get(number - 1) {
            Some(item) => drop(annotation.items.insert(item.id.clone(), mark)),
            None => self.counts.no_such_item += 1,
        }
        Ok(())
    }

    /// Every person has a name of its own, and every name a person.
    fn check_names(&mut self) {
        let mut taken: BTreeMap<String, u64> = BTreeMap::new();
        for person in &self.people {
            let name = self.raters.get(person).cloned().unwrap_or_else(|| format!("rater-{person}"));
            if let Some(first) = taken.insert(name.clone(), *person) {
                let message =
                    format!("{} would name {first} and {person}; allowed: a name of its own for each", shown(&name));
                self.problems.push(Problem::file(Path::new("--raters"), message));
            }
        }
        for (person, name) in self.raters {
            if !self.people.contains(person) {
                let people: Vec<String> = self.people.iter().map(u64::to_string).collect();
                let message =
                    format!("{person} answered nothing; allowed: a number of the export: {}", people.join(", "));
                self.problems.push(Problem::file(Path::new("--raters"), message));
            } else if let Some(message) = fault_of(name) {
                self.problems.push(Problem::file(Path::new("--raters"), message));
            }
        }
    }
}

fn one_choice(value: &AnswerValue) -> Result<&str, (&'static str, String)> {
    match value.choices.as_deref() {
        Some([one]) => Ok(one.trim()),
        found => {
            let count = found.map_or(0, <[String]>::len);
            Err(("value.choices", format!("found {count} choices; allowed: one")))
        }
    }
}

/// What a person wrote; a second text goes on the first.
fn written(value: &AnswerValue) -> Option<String> {
    let text = match value.text.as_ref()? {
        Written::One(text) => text.trim().to_owned(),
        Written::Several(texts) => texts.iter().map(|text| text.trim()).collect::<Vec<_>>().join("; "),
    };
    (!text.trim_matches([';', ' ']).is_empty()).then_some(text)
}
