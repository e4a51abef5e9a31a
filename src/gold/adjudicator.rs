//! The adjudicator of a card: named in its text, with everything else as it was.

use std::path::Path;

use super::GoldSet;
use super::aggregate::AggregateRule;
use super::card::{line_of_key, read_card};
use super::files::SetFiles;
use crate::model::{Annotation, Card, LabelSource, Problem, Problems, RaterKind, shown};

/// The text of a card that names this adjudicator; none where it does already.
///
/// Refused where somebody else decides, where the rater has labels of an independent rater, and where labels are not
/// people's: an adjudicator is a person.
pub fn card_with_adjudicator(gold: &GoldSet, files: &SetFiles, rater: &str) -> Result<Option<String>, Problems> {
    let (path, bytes) = &files.card;
    let text = String::from_utf8_lossy(bytes);
    let mut problems = Problems::default();
    let mut fault = |key: &str, message: String| {
        problems.push(Problem::key(path, line_of_key(&text, "", key), key, message));
    };
    if matches!(AggregateRule::from_card(&gold.card.aggregate), AggregateRule::Adjudicator(_)) {
        let message =
            "names a rater whose labels alone count; allowed: \"majority\" or \"median\", beside an adjudicator";
        fault("aggregate", message.to_owned());
    }
    let other = gold.card.adjudicator.as_deref().filter(|other| *other != rater);
    if let Some(other) = other {
        fault("adjudicator", format!("names {}; allowed: {}, or that name as --rater", shown(other), shown(rater)));
    }
    let person = |kind: RaterKind| kind == RaterKind::Human;
    if gold.card.label_source != LabelSource::Human || !gold.raters.iter().all(|rater| person(rater.kind)) {
        fault("label_source", "the labels are not people's alone; allowed: a set that people labelled".to_owned());
    }
    let is_rater = gold.raters.iter().any(|one| one.id == rater);
    if is_rater && gold.card.adjudicator.is_none() {
        let message =
            format!("{} has labelled this set, and would decide on that; allowed: another pseudonym", shown(rater));
        problems.push(Problem::file(Path::new("--rater"), message));
    }
    let shared = files.annotations.1.split(|byte| *byte == b'\n');
    let mut shared = shared.filter_map(|line| serde_json::from_slice::<Annotation>(line).ok());
    if shared.any(|annotation| annotation.rater == rater) {
        let message =
            format!("holds labels of {} already, and is not added to; allowed: another pseudonym", shown(rater));
        problems.push(Problem::file(&files.annotations.0, message));
    }
    problems.or(())?;
    if gold.card.adjudicator.is_some() {
        return Ok(None);
    }
    let line = line_of_key(&text, "", "aggregate");
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let own = format!("adjudicator = \"{rater}\"\n");
    lines.insert(line.min(lines.len()), &own);
    let made = lines.concat();
    let card = read_card(path, &made)?;
    if card.adjudicator.as_deref() != Some(rater) || (Card { adjudicator: None, ..card }) != gold.card {
        let message = "could not be given an adjudicator; allowed: a line `aggregate = …` of its own";
        return Err(Problem::file(path, message).into());
    }
    Ok(Some(made))
}
