//! What the types cannot say: ids that must be unique, references that must lead somewhere, severities on the scale.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::aggregate::AggregateRule;
use super::annotations::Placed;
use super::card::line_of_key;
use super::files::SetFiles;
use super::jsonl::Located;
use super::names::{Distinct, MOST_VALUES, check_annotation_names, check_example_names, too_many_values};
use crate::model::{Annotation, Axis, Card, Example, Item, LabelSource, Problem, Problems, RaterKind, Text, shown};

/// Roles of a chat message.
const ROLES: [&str; 3] = ["system", "user", "assistant"];

/// How far the labels of a set are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// They are made.
    Whole,
    /// They are being made: none has to be there, nor the rater who decides, nor a rule for ties.
    InTheMaking,
}

/// What was read of a set. `all_examples_read` is false where lines of the examples could not be read: an annotation of an
/// unknown example then says nothing.
#[derive(Clone, Copy)]
pub(super) struct Records<'a> {
    pub(super) files: &'a SetFiles,
    pub(super) examples: &'a [Located<Example>],
    pub(super) annotations: &'a [Placed<'a>],
    pub(super) all_examples_read: bool,
}

/// Checks the records of a set against each other.
pub(super) fn check_records(card: &Card, records: &Records<'_>, stage: Stage, problems: &mut Problems) {
    let Records { files, examples, annotations, all_examples_read } = *records;
    check_examples(&files.examples.0, examples, all_examples_read, problems);
    check_annotations(card, records, problems);
    check_card(card, files, annotations, stage, problems);
    if all_examples_read && examples.is_empty() {
        problems.push(Problem::file(&files.examples.0, "holds no example; allowed: at least one example"));
    }
    let place = files.annotations.0.as_path();
    let read = files.by_rater.iter().map(|(path, _)| path.as_path()).chain([place]).collect::<Vec<_>>();
    if stage == Stage::Whole
        && annotations.is_empty()
        && problems.iter().all(|problem| !read.contains(&problem.file.as_path()))
    {
        problems.push(Problem::file(place, "holds no annotation; allowed: at least one annotation"));
    }
}

fn check_examples(file: &Path, examples: &[Located<Example>], all_read: bool, problems: &mut Problems) {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for Located { line, value: example } in examples {
        let mut fault = |key: &str, message: String| problems.push(Problem::key(file, *line, key, message));
        check_example_names(example, &mut fault);
        if let Some(first) = lines.insert(&example.id, *line) {
            fault(
                "id",
                format!("found {} a second time, first on line {first}; allowed: unique ids", shown(&example.id)),
            );
            lines.insert(&example.id, first);
        }
        let distinct: BTreeSet<Axis> = example.axes.iter().copied().collect();
        if distinct.is_empty() || distinct.len() != example.axes.len() {
            fault("axes", "found no axis or one twice; allowed: \"omission\", \"commission\" or both".to_owned());
        }
        for (key, items) in [("required", &example.required), ("prohibited", &example.prohibited)] {
            if let Some(id) = repeated_item(items) {
                fault(key, format!("found item {} twice; allowed: unique ids", shown(id)));
            }
        }
        for (key, text) in [("prompt", Some(&example.prompt)), ("response", example.response.as_ref())] {
            if matches!(text, Some(Text::Chat(messages)) if messages.is_empty()) {
                fault(key, "found an empty list; allowed: text, or one message or more".to_owned());
            }
            if let Some(Text::Chat(messages)) = text
                && let Some(message) = messages.iter().find(|message| !ROLES.contains(&message.role.as_str()))
            {
                fault(key, format!("found role {}; allowed: {}", shown(&message.role), ROLES.join(", ")));
            }
        }
    }
    for Located { line, value: example } in examples {
        let Some(twin) = &example.twin_of else { continue };
        let own = *twin == example.id;
        if own || (all_read && !lines.contains_key(twin.as_str())) {
            let which = if own { ", the example itself" } else { "" };
            let message = format!("found {}{which}; allowed: the id of another example", shown(twin));
            problems.push(Problem::key(file, *line, "twin_of", message));
        }
    }
    for (line, key, message) in too_many_values(examples) {
        problems.push(Problem::key(file, line, key, message));
    }
}

fn repeated_item(items: &[Item]) -> Option<&str> {
    let mut seen = BTreeSet::new();
    items.iter().map(|item| item.id.as_str()).find(|id| !seen.insert(*id))
}

fn check_annotations(card: &Card, records: &Records<'_>, problems: &mut Problems) {
    let Records { files, examples, annotations, all_examples_read } = *records;
    let known: BTreeMap<&str, &Example> =
        examples.iter().map(|located| (located.value.id.as_str(), &located.value)).collect();
    let mut seen: BTreeMap<(&str, &str), &Placed<'_>> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, RaterKind> = BTreeMap::new();
    let mut mechanisms = Distinct::at_most(MOST_VALUES, "mechanisms");
    for placed in annotations {
        let Placed { file, line, value: annotation } = placed;
        let mut fault = |key: &str, message: String| problems.push(Problem::key(file, *line, key, message));
        check_annotation_names(annotation, &mut fault);
        if let Some(message) = annotation.mechanism.as_deref().and_then(|mechanism| mechanisms.add(mechanism)) {
            fault("mechanism", message);
        }
        if ["majority", "median"].contains(&annotation.rater.as_str()) {
            fault("rater", format!("found {}; allowed: a pseudonym", shown(&annotation.rater)));
        }
        if *kinds.entry(&annotation.rater).or_insert(annotation.rater_kind) != annotation.rater_kind {
            fault(
                "rater_kind",
                format!("rater {} had another kind before; allowed: one kind a rater", shown(&annotation.rater)),
            );
        }
        if let Some(first) = seen.insert((&annotation.example, &annotation.rater), placed) {
            fault(
                "rater",
                format!(
                    "rater {} annotated this example on line {} already; allowed: one line per rater and example",
                    shown(&annotation.rater),
                    if first.file == *file {
                        first.line.to_string()
                    } else {
                        format!("{} of {}", first.line, first.file.display())
                    }
                ),
            );
        }
        let example = known.get(annotation.example.as_str());
        if example.is_none() && all_examples_read {
            fault(
                "example",
                format!("found {}; allowed: an id of {}", shown(&annotation.example), files.examples.0.display()),
            );
        }
        check_severities(card, annotation, example.copied(), &mut fault);
        for id in annotation.items.keys() {
            if example.is_some_and(|example| example.required.iter().all(|item| item.id != *id)) {
                fault("items", format!("found item {}; allowed: ids of the example's required items", shown(id)));
            }
        }
    }
}

/// Severities on the scale, on axes that apply; axes that the rater could not judge have none.
fn check_severities(
    card: &Card,
    annotation: &Annotation,
    example: Option<&Example>,
    fault: &mut impl FnMut(&str, String),
) {
    for (index, axis) in annotation.cannot_judge.iter().enumerate() {
        if annotation.cannot_judge[..index].contains(axis) {
            fault("cannot_judge", format!("found \"{axis}\" twice; allowed: once"));
        }
    }
    for axis in Axis::ALL {
        let applies = example.is_none_or(|example| example.axes.contains(&axis));
        let unclear = annotation.cannot_judge.contains(&axis);
        if unclear && !applies {
            let id = shown(&annotation.example);
            fault("cannot_judge", format!("found \"{axis}\", which does not apply to {id}; allowed: axes that apply"));
        }
        let Some(severity) = annotation.severity(axis) else { continue };
        let top = card.axis(axis).top();
        if !(0..=i64::from(top)).contains(&severity) {
            fault(axis.name(), format!("found {severity}; allowed: 0 to {top}, or null for not rated"));
        } else if !applies {
            fault(
                axis.name(),
                format!(
                    "found {severity} on an axis that does not apply to {}; allowed: null",
                    shown(&annotation.example)
                ),
            );
        } else if unclear {
            fault(axis.name(), format!("found {severity} on an axis of `cannot_judge`; allowed: null"));
        }
    }
}

fn check_card(card: &Card, files: &SetFiles, annotations: &[Placed<'_>], stage: Stage, problems: &mut Problems) {
    let file = &files.card.0;
    let text = String::from_utf8_lossy(&files.card.1);
    let mut fault = |key: &str, message: String| {
        problems.push(Problem::key(file, line_of_key(&text, "", key), key, message));
    };
    let rule = AggregateRule::from_card(&card.aggregate);
    let deciding = |annotation: &Annotation| match &rule {
        AggregateRule::Adjudicator(id) => annotation.rater == *id,
        AggregateRule::Majority | AggregateRule::Median => true,
    };
    let finished = stage == Stage::Whole;
    if let AggregateRule::Adjudicator(id) = &rule
        && finished
        && !annotations.iter().any(|located| located.value.rater == *id)
    {
        fault(
            "aggregate",
            format!(
                "found {}; allowed: \"majority\", \"median\" or a rater of {}",
                shown(id),
                files.annotations.0.display()
            ),
        );
    } else if finished && matches!(rule, AggregateRule::Majority | AggregateRule::Median) {
        let mut ratings: BTreeMap<(&str, Axis), usize> = BTreeMap::new();
        let raters = annotations.iter().filter(|placed| !card.is_adjudicator(&placed.value.rater));
        for Placed { value: annotation, .. } in raters {
            for axis in Axis::ALL.into_iter().filter(|axis| annotation.severity(*axis).is_some()) {
                *ratings.entry((&annotation.example, axis)).or_default() += 1;
            }
        }
        if card.tie.is_none() && ratings.values().any(|raters| *raters >= 2) {
            fault(
                "tie",
                "is missing, and raters of one example can tie; allowed: \"higher\", \"lower\" or \"exclude\""
                    .to_owned(),
            );
        }
    }
    if card.label_source == LabelSource::Human
        && let Some(located) =
            annotations.iter().find(|located| deciding(&located.value) && located.value.rater_kind != RaterKind::Human)
    {
        fault(
            "label_source",
            format!(
                "found \"human\", but rater {} is not ({}:{}); allowed: \"model\" or \"constructed\"",
                shown(&located.value.rater),
                located.file.display(),
                located.line
            ),
        );
    }
}
