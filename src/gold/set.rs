//! A gold set in memory: card, examples, annotations and the labels that follow from them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::aggregate::{AggregateRule, Label, Labels, aggregate_items, aggregate_severities};
use super::annotations::read_annotations;
use super::card::read_card;
use super::check::{Records, Stage, check_records};
use super::files::SetFiles;
use super::jsonl::{Located, read_jsonl};
use crate::model::{
    Annotation, Axis, Card, Example, InputFile, ItemMark, MECHANISM_SLICE, PerAxis, Problem, Problems, RaterKind,
    SYSTEM_SLICE, Severity,
};

/// A rater of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rater {
    /// Pseudonym.
    pub id: String,
    /// What it is.
    pub kind: RaterKind,
}

/// A gold set that passed every check.
#[derive(Debug, Clone)]
pub struct GoldSet {
    /// The card.
    pub card: Card,
    /// The examples, in file order.
    pub examples: Vec<Example>,
    /// The annotations that hold, in file order.
    pub annotations: Vec<Annotation>,
    /// The raters, sorted by id.
    pub raters: Vec<Rater>,
    /// Gold labels per axis, in the order of the examples.
    pub labels: PerAxis<Labels>,
    /// Aggregated marks of the required items, in the order of the examples.
    pub items: Vec<BTreeMap<String, ItemMark>>,
    /// Mechanism of the harm, where the raters that name one agree.
    pub mechanisms: Vec<Option<String>>,
    /// One digest of its files.
    pub sha256: String,
    /// The files it was read from.
    pub inputs: Vec<InputFile>,
    /// Only looked up, so that its order reaches nothing.
    positions: HashMap<String, usize>,
}

impl GoldSet {
    /// Reads a folder.
    pub fn load(folder: &Path) -> Result<Self, Problems> {
        Self::from_files(&SetFiles::read(folder)?)
    }

    /// Reads a folder whose labels are still being made, as [`SetFiles::read_in_the_making`] and [`GoldSet::in_the_making`] do.
    pub fn load_in_the_making(folder: &Path) -> Result<(Self, SetFiles), Problems> {
        let files = SetFiles::read_in_the_making(folder)?;
        Ok((Self::in_the_making(&files)?, files))
    }

    /// Reads the files from memory.
    pub fn from_files(files: &SetFiles) -> Result<Self, Problems> {
        Self::checked(files, Stage::Whole)
    }

    /// Reads the files of a set whose labels are still being made: no annotation has to be there, nor the rater who decides,
    /// nor a rule for ties.
    pub fn in_the_making(files: &SetFiles) -> Result<Self, Problems> {
        Self::checked(files, Stage::InTheMaking)
    }

    fn checked(files: &SetFiles, stage: Stage) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let (card_path, card_bytes) = &files.card;
        let card_text = std::str::from_utf8(card_bytes)
            .map_err(|_| Problem::file(card_path, "is not UTF-8; allowed: UTF-8 text"))?;
        let card = read_card(card_path, card_text).map_err(|found| problems.append(found)).ok();
        let (examples_path, examples_bytes) = &files.examples;
        let examples: Vec<Located<Example>> = read_jsonl(examples_path, examples_bytes, &mut problems, |_, _, _| false);
        let annotations = read_annotations(files, &mut problems);
        let Some(card) = card else { return Err(problems) };
        let all_examples_read = problems.iter().all(|problem| problem.file != *examples_path);
        let read = Records { files, examples: &examples, annotations: &annotations, all_examples_read };
        check_records(&card, &read, stage, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let examples = examples.into_iter().map(|located| located.value).collect();
        let annotations = annotations.into_iter().map(|placed| placed.value).collect();
        Ok(Self::aggregate(card, examples, annotations, files))
    }

    fn aggregate(card: Card, examples: Vec<Example>, annotations: Vec<Annotation>, files: &SetFiles) -> Self {
        let positions: HashMap<String, usize> =
            examples.iter().enumerate().map(|(position, example)| (example.id.clone(), position)).collect();
        let raters: BTreeMap<&str, RaterKind> =
            annotations.iter().map(|annotation| (annotation.rater.as_str(), annotation.rater_kind)).collect();
        let raters: Vec<Rater> = raters.into_iter().map(|(id, kind)| Rater { id: id.to_owned(), kind }).collect();
        let mut by_example: Vec<Vec<&Annotation>> = vec![Vec::new(); examples.len()];
        for annotation in &annotations {
            by_example[positions[&annotation.example]].push(annotation);
        }
        for of_example in &mut by_example {
            of_example.sort_by(|one, other| one.rater.cmp(&other.rater));
        }
        let rule = AggregateRule::from_card(&card.aggregate);
        let labels = PerAxis::from_fn(|axis| {
            by_example
                .iter()
                .map(|annotations| {
                    let ratings: Vec<(usize, Severity)> = annotations
                        .iter()
                        .filter_map(|annotation| {
                            let severity = Severity::try_from(annotation.severity(axis)?).ok()?;
                            Some((place_of(&raters, &annotation.rater)?, severity))
                        })
                        .collect();
                    let severity = label_of((&rule, &card), axis, annotations, (&raters, &ratings));
                    Label { severity, ratings }
                })
                .collect()
        });
        let items = by_example.iter().map(|annotations| items_of(&rule, &card, annotations)).collect();
        let mechanisms = by_example.iter().map(|annotations| mechanism_of(&rule, &card, annotations)).collect();
        Self {
            labels,
            items,
            mechanisms,
            sha256: files.digest(),
            inputs: files.inputs(),
            card,
            examples,
            annotations,
            raters,
            positions,
        }
    }

    /// The same set under other labels.
    #[must_use]
    pub fn with_labels(&self, labels: PerAxis<Labels>) -> Self {
        Self { labels, ..self.clone() }
    }

    /// Position of a rater, by the pseudonym.
    pub fn rater(&self, id: &str) -> Option<usize> {
        place_of(&self.raters, id)
    }

    /// Position of an example, by its id.
    pub fn position(&self, example: &str) -> Option<usize> {
        self.positions.get(example).copied()
    }

    /// The rule that made the labels.
    pub fn rule(&self) -> AggregateRule {
        AggregateRule::from_card(&self.card.aggregate)
    }

    /// Who decides what raters dispute: the card's adjudicator, or the one rater whose labels count. Such a rater may have
    /// seen the others' answers and is never one of the independent ones.
    pub fn adjudicator(&self) -> Option<&str> {
        let alone = matches!(self.rule(), AggregateRule::Adjudicator(_)).then_some(self.card.aggregate.as_str());
        self.card.adjudicator.as_deref().or(alone)
    }

    /// The slices of the example at a position: its own, its system, and the mechanism that its raters named.
    pub fn slices(&self, position: usize) -> BTreeMap<&str, &str> {
        let example = &self.examples[position];
        let mechanism = self.mechanisms[position].as_deref().map(|mechanism| (MECHANISM_SLICE, mechanism));
        let system = example.system.as_deref().map(|system| (SYSTEM_SLICE, system));
        let own = example.slices.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        mechanism.into_iter().chain(system).chain(own).collect()
    }

    /// Annotations whose rater looked at the axis and could not tell.
    pub fn cannot_judge(&self, axis: Axis) -> usize {
        self.annotations.iter().filter(|annotation| annotation.cannot_judge.contains(&axis)).count()
    }

    /// Whether an axis applies to the example at a position.
    pub fn applies(&self, position: usize, axis: Axis) -> bool {
        self.examples[position].axes.contains(&axis)
    }
}

/// Position of a rater among those of a set, which are sorted.
fn place_of(raters: &[Rater], id: &str) -> Option<usize> {
    raters.binary_search_by(|rater| rater.id.as_str().cmp(id)).ok()
}

/// One label from the ratings of one example on one axis.
fn label_of(
    (rule, card): (&AggregateRule, &Card),
    axis: Axis,
    annotations: &[&Annotation],
    (raters, ratings): (&[Rater], &[(usize, Severity)]),
) -> Option<Severity> {
    let by = |id: &str| ratings.iter().find(|(rater, _)| raters[*rater].id == id).map(|(_, severity)| *severity);
    let median = match rule {
        AggregateRule::Adjudicator(id) => return by(id),
        AggregateRule::Majority => false,
        AggregateRule::Median => true,
    };
    let ruling = annotations.iter().find(|one| card.is_adjudicator(&one.rater) && one.answers(axis));
    if let Some(ruling) = ruling {
        // Who decides and cannot tell has said that there is no label; the others' tie must not make one.
        return by(&ruling.rater);
    }
    let others = ratings.iter().filter(|(rater, _)| !card.is_adjudicator(&raters[*rater].id));
    let severities: Vec<Severity> = others.map(|(_, severity)| *severity).collect();
    aggregate_severities(&severities, median, card.tie)
}

/// The marks of an example's required items: the adjudicator's where there is one, or the most frequent.
fn items_of(rule: &AggregateRule, card: &Card, annotations: &[&Annotation]) -> BTreeMap<String, ItemMark> {
    let mut marks: BTreeMap<&str, Vec<ItemMark>> = BTreeMap::new();
    let mut decided: BTreeMap<String, ItemMark> = BTreeMap::new();
    for annotation in annotations {
        if card.is_adjudicator(&annotation.rater) {
            decided.clone_from(&annotation.items);
        } else if !matches!(rule, AggregateRule::Adjudicator(id) if annotation.rater != *id) {
            for (item, mark) in &annotation.items {
                marks.entry(item).or_default().push(*mark);
            }
        }
    }
    let agreed =
        marks.into_iter().filter_map(|(item, marks)| Some((item.to_owned(), aggregate_items(&marks, card.tie)?)));
    agreed.chain(decided).collect()
}

/// The mechanism that all raters who name one agree on; the adjudicator's, where one is named.
fn mechanism_of(rule: &AggregateRule, card: &Card, annotations: &[&Annotation]) -> Option<String> {
    let decided = annotations.iter().find(|annotation| card.is_adjudicator(&annotation.rater));
    if let Some(mechanism) = decided.and_then(|annotation| annotation.mechanism.as_ref()) {
        return Some(mechanism.clone());
    }
    let mut named = annotations
        .iter()
        .filter(|annotation| !matches!(rule, AggregateRule::Adjudicator(id) if annotation.rater != *id))
        .filter_map(|annotation| annotation.mechanism.as_deref());
    let first = named.next()?;
    named.all(|other| other == first).then(|| first.to_owned())
}
