//! Rows of the counts table for raters: one subject for each two of them, one for all together.

use std::collections::BTreeSet;

use super::result::Reference;
use crate::gold::{GoldSet, Label, Labels};
use crate::measure::trials::Layout;
use crate::model::{Axis, PerAxis, Severity};
use crate::table::{Answer, TrialRow};

/// Two raters by their positions, the lower first.
pub(super) type Two = (usize, usize);

/// Position of the rater who adjudicates.
pub(super) fn adjudicator(gold: &GoldSet) -> Option<usize> {
    let id = gold.adjudicator()?;
    gold.raters.iter().position(|rater| rater.id == id)
}

/// Each two ratings of a label. Ratings stand in the order of the raters, so the lower position comes first.
pub(super) fn twos(label: &Label) -> impl Iterator<Item = (Two, (Severity, Severity))> + '_ {
    label.ratings.iter().enumerate().flat_map(|(index, (one, first))| {
        label.ratings[index + 1..].iter().map(move |(other, second)| ((*one, *other), (*first, *second)))
    })
}

/// Every two raters who rated an example in common, on either axis.
pub(super) fn pairs(gold: &GoldSet) -> Vec<Two> {
    let labels = Axis::ALL.into_iter().flat_map(|axis| gold.labels.get(axis));
    let found: BTreeSet<Two> = labels.flat_map(|label| twos(label).map(|(two, _)| two)).collect();
    found.into_iter().collect()
}

/// The labels without the ratings of the adjudicator, who may have seen the others'.
pub(super) fn independent_labels(gold: &GoldSet) -> PerAxis<Labels> {
    let adjudicator = adjudicator(gold);
    PerAxis::from_fn(|axis| {
        let own = |label: &Label| {
            let ratings = label.ratings.iter().copied().filter(|(rater, _)| Some(*rater) != adjudicator).collect();
            Label { severity: label.severity, ratings }
        };
        gold.labels.get(axis).iter().map(own).collect()
    })
}

/// Labels made in one way from independent ratings.
pub(super) fn labels_by(reference: Reference, independent: &PerAxis<Labels>) -> PerAxis<Labels> {
    let severity = |label: &Label| {
        let severities = label.ratings.iter().map(|(_, severity)| *severity);
        match reference {
            Reference::EitherRater => severities.max(),
            Reference::AllRaters => severities.min(),
            Reference::Aggregated => label.severity,
        }
    };
    PerAxis::from_fn(|axis| {
        let labels = independent.get(axis).iter();
        labels.map(|label| Label { severity: severity(label), ratings: label.ratings.clone() }).collect()
    })
}

/// One row for each two ratings of an example, the first rater in the place of the gold; `pairs[n]` is subject n.
pub(super) fn pair_rows(gold: &GoldSet, pairs: &[Two], layout: &Layout, rows: &mut Vec<TrialRow>) {
    for axis in Axis::ALL {
        for (position, label) in gold.labels.get(axis).iter().enumerate() {
            for (two, (first, second)) in twos(label) {
                let subject = pairs.binary_search(&two).expect("every two raters of a label are a pair") as u32;
                rows.push(layout.row(subject, axis, position, first, Answer::Severity(second), 1));
            }
        }
    }
}

/// Rows from which Krippendorff's coincidences follow.
///
/// An example with m ratings enters with each two of them at a weight of 1/(m - 1), which is what `repeats` of m - 1 say;
/// Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, step C.
pub(super) fn coincidence_rows(subject: u32, labels: &PerAxis<Labels>, layout: &Layout, rows: &mut Vec<TrialRow>) {
    for axis in Axis::ALL {
        for (position, label) in labels.get(axis).iter().enumerate() {
            for (_, (first, second)) in twos(label) {
                let others = (label.ratings.len() - 1) as u32;
                rows.push(layout.row(subject, axis, position, first, Answer::Severity(second), others));
            }
        }
    }
}
