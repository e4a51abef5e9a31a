//! What separates a judge's examples on an axis, ranked once for all comparisons.

use crate::measure::answers::{Answered, Subject};
use crate::measure::evaluation::SeparatingScore;
use crate::model::{Axis, PerAxis};

/// The ranks of one judge's scores on one axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ranks {
    /// What the score is.
    pub(super) of: SeparatingScore,
    /// For each of the judge's answers on the axis, the place of its score among the distinct ones; none without a score.
    pub(super) ranks: Vec<Option<u32>>,
}

/// The ranks on each axis; none where the judge gives nothing to rank by.
pub(super) fn ranks(subject: &Subject<'_>) -> PerAxis<Option<Ranks>> {
    PerAxis::from_fn(|axis| {
        let of = separating(subject, axis)?;
        let scores: Vec<Option<f64>> = subject.on(axis).iter().map(|answered| score(answered, of)).collect();
        let mut distinct: Vec<f64> = scores.iter().flatten().copied().collect();
        distinct.sort_unstable_by(f64::total_cmp);
        // `==`, so that -0.0 and 0.0 are one score.
        distinct.dedup_by(|one, other| one == other);
        let place = |score: f64| distinct.partition_point(|other| *other < score) as u32;
        Some(Ranks { of, ranks: scores.into_iter().map(|score| score.map(place)).collect() })
    })
}

/// Probabilities before scores before severities.
fn separating(subject: &Subject<'_>, axis: Axis) -> Option<SeparatingScore> {
    let has = |of: fn(&Answered) -> Option<f64>| subject.on(axis).iter().any(|answered| of(answered).is_some());
    if subject.scale.is_some() {
        return has(|answered| answered.score).then_some(SeparatingScore::Score);
    }
    if has(|answered| answered.probability) {
        return Some(SeparatingScore::Probability);
    }
    has(|answered| answered.severity).then_some(SeparatingScore::Severity)
}

fn score(answered: &Answered, of: SeparatingScore) -> Option<f64> {
    match of {
        SeparatingScore::Probability => answered.probability,
        SeparatingScore::Score => answered.score,
        SeparatingScore::Severity => answered.severity,
    }
}
