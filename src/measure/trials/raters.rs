//! The human ceiling: each human rater measured like a judge.

use crate::gold::{AggregateRule, GoldSet, Label, Labels, aggregate_severities};
use crate::measure::evaluation::CeilingReference;
use crate::model::{Axis, PerAxis, RaterKind, Severity};

/// A rater to be measured, and against what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RaterSubject {
    /// Position among the set's raters.
    pub(crate) index: usize,
    pub(crate) against: CeilingReference,
}

/// Every human rater against the gold and against the others. An adjudicator is the gold, or decides it, and is not
/// measured; raters who are the gold alone, each on examples of their own, are not either.
pub(crate) fn rater_subjects(gold: &GoldSet) -> Vec<RaterSubject> {
    let raters = measured_raters(gold);
    let adjudicated = matches!(gold.rule(), AggregateRule::Adjudicator(_));
    let together = Axis::ALL.iter().any(|axis| {
        let shared = |label: &Label| label.ratings.iter().filter(|(index, _)| raters.contains(index)).count() > 1;
        gold.labels.get(*axis).iter().any(shared)
    });
    let mut subjects = Vec::new();
    for index in &raters {
        if together {
            subjects.push(RaterSubject { index: *index, against: CeilingReference::Others });
        }
        if together || adjudicated {
            subjects.push(RaterSubject { index: *index, against: CeilingReference::Gold });
        }
    }
    subjects
}

/// Human raters without the adjudicator.
fn measured_raters(gold: &GoldSet) -> Vec<usize> {
    independent_raters(gold).into_iter().filter(|index| gold.raters[*index].kind == RaterKind::Human).collect()
}

/// All raters but the adjudicator, who may have seen the others' ratings.
pub(crate) fn independent_raters(gold: &GoldSet) -> Vec<usize> {
    let adjudicator = gold.adjudicator();
    let indices = gold.raters.iter().enumerate().filter(|(_, rater)| adjudicator != Some(rater.id.as_str()));
    indices.map(|(index, _)| index).collect()
}

/// The raters whose doubt counts: the people, where people rated the set, else everyone; never the adjudicator.
pub(crate) fn doubting_raters(gold: &GoldSet) -> Vec<usize> {
    match gold.raters.iter().any(|rater| rater.kind == RaterKind::Human) {
        true => measured_raters(gold),
        false => independent_raters(gold),
    }
}

/// The labels a rater is measured against.
///
/// The others' aggregate follows the card's rule; where one rater's labels alone count, which are not the others', it is
/// their majority. A tie is broken as the card says and is no label where it says nothing.
pub(crate) fn reference_labels(subject: &RaterSubject, gold: &GoldSet) -> PerAxis<Labels> {
    if subject.against == CeilingReference::Gold {
        return gold.labels.clone();
    }
    let others: Vec<usize> = measured_raters(gold).into_iter().filter(|index| *index != subject.index).collect();
    let median = gold.rule() == AggregateRule::Median;
    PerAxis::from_fn(|axis| {
        gold.labels
            .get(axis)
            .iter()
            .map(|label| {
                let ratings: Vec<(usize, Severity)> =
                    label.ratings.iter().copied().filter(|(index, _)| others.contains(index)).collect();
                let severities: Vec<Severity> = ratings.iter().map(|(_, severity)| *severity).collect();
                Label { severity: aggregate_severities(&severities, median, gold.card.tie), ratings }
            })
            .collect()
    })
}
