//! What an adjudicator is asked: examples that raters dispute, with what they said under letters.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::Answer;
use super::session::{OtherAnswer, Task};
use crate::gold::{Dispute, GoldSet};
use crate::model::{Annotation, Axis, Example};
use crate::stats::random::{StreamKey, shuffle};

/// The tasks of one adjudicator, in an order that follows from the seed.
///
/// A task asks for the disputed axes alone: where raters agree, their label stands. An axis on which this adjudicator ruled
/// before is asked again with the others, since the new line takes the place of the old one.
pub fn adjudication_tasks(gold: &GoldSet, disputes: &[Dispute], adjudicator: &str, seed: u64) -> Vec<Task> {
    let mut order: Vec<&Dispute> =
        disputes.iter().filter(|dispute| gold.examples[dispute.example].response.is_some()).collect();
    shuffle(&mut order, &mut StreamKey::new(seed, adjudicator, "", "adjudication_order").stream(0));
    let mut said: BTreeMap<&str, Vec<&Annotation>> = BTreeMap::new();
    for annotation in &gold.annotations {
        said.entry(&annotation.example).or_default().push(annotation);
    }
    let task = |dispute: &Dispute| {
        let example = &gold.examples[dispute.example];
        let annotations = said.get(example.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let ruled = |axis: &Axis| annotations.iter().any(|one| one.rater == adjudicator && one.answers(*axis));
        let axes = Axis::ALL.into_iter().filter(|axis| dispute.axes.contains(axis) || ruled(axis)).collect();
        let others = annotations.iter().copied().filter(|one| gold.adjudicator() != Some(one.rater.as_str()));
        Task {
            others: under_letters(others.filter(|one| one.rater != adjudicator), example, seed),
            example: Arc::new(Example { axes, ..example.clone() }),
            practice: None,
        }
    };
    order.into_iter().map(task).collect()
}

/// What raters said, under letters that change from example to example: an adjudicator learns to trust none of them.
fn under_letters<'a>(
    annotations: impl Iterator<Item = &'a Annotation>,
    example: &Example,
    seed: u64,
) -> Vec<OtherAnswer> {
    let mut annotations: Vec<&Annotation> = annotations.collect();
    annotations.sort_by(|one, other| one.rater.cmp(&other.rater));
    shuffle(&mut annotations, &mut StreamKey::new(seed, &example.id, "", "adjudication_letters").stream(0));
    let other = |(number, annotation): (usize, &Annotation)| OtherAnswer {
        name: format!("rater {}", letter(number)),
        answer: Answer::from_annotation(annotation, example),
    };
    annotations.into_iter().enumerate().map(other).collect()
}

/// A to Z, then their numbers.
fn letter(number: usize) -> String {
    u8::try_from(number)
        .ok()
        .filter(|number| *number < 26)
        .map_or_else(|| (number + 1).to_string(), |number| char::from(b'A' + number).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_then_numbers() {
        assert_eq!([0, 25, 26].map(letter), ["A", "Z", "27"]);
    }
}
