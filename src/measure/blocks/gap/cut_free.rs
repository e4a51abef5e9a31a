//! The gap of separation: area under the curve on omission minus that on commission, which needs no cut.

use crate::measure::answers::{Answered, Context, Subject};
use crate::measure::evaluation::{AucBasis, AucGap};
use crate::model::{Axis, PerAxis};
use crate::stats::auc::{LabelledScores, PairSums};
use crate::stats::jackknife::{CLUSTER_JACKKNIFE_T, Scale, jackknife_with};
use crate::stats::{Estimate, Undefined};

/// No gap of separation, for this reason.
pub(super) fn undefined_auc_gap(level: f64, reason: Undefined) -> AucGap {
    AucGap { basis: None, gap: Estimate::undefined(reason, level, CLUSTER_JACKKNIFE_T) }
}

/// The gap of separation, by probabilities where the judge states some on both axes, else by its score or its severities.
pub(super) fn auc_gap(subject: &Subject<'_>, context: &Context<'_>) -> AucGap {
    let level = context.options.level;
    let everywhere =
        |value: fn(&Answered) -> bool| Axis::ALL.into_iter().all(|axis| subject.on(axis).iter().any(value));
    let (basis, value): (AucBasis, fn(&Answered) -> Option<f64>) = if everywhere(|row| row.probability.is_some()) {
        (AucBasis::Probability, |row| row.probability)
    } else if everywhere(|row| row.score.is_some()) {
        (AucBasis::Score, |row| row.score)
    } else if everywhere(|row| row.severity.is_some()) {
        (AucBasis::Severity, |row| row.severity)
    } else {
        return undefined_auc_gap(level, Undefined::NoData);
    };
    let clusters = context.layout.clusters.len();
    let sums = PerAxis::from_fn(|axis| pair_sums(subject.on(axis), value, clusters));
    let occupied: Vec<usize> =
        (0..clusters).filter(|cluster| sums.omission.holds(*cluster) || sums.commission.holds(*cluster)).collect();
    let carrying = sums.omission.fewest_clusters().min(sums.commission.fewest_clusters());
    let mut gap = jackknife_with(occupied.len(), carrying as f64 - 1.0, Scale::Atanh, level, |left_out| {
        let without = left_out.map(|index| occupied[index]);
        Ok(sums.omission.auc(without)? - sums.commission.auc(without)?)
    });
    gap.n = sums.omission.items() + sums.commission.items();
    let asked = subject.on(Axis::Omission).len() + subject.on(Axis::Commission).len();
    gap.missing = asked as f64 - gap.n;
    AucGap { basis: Some(basis), gap }
}

fn pair_sums(answers: &[Answered], value: fn(&Answered) -> Option<f64>, clusters: usize) -> PairSums {
    let (mut labels, mut scores, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for row in answers {
        let Some(value) = value(row) else { continue };
        labels.push(row.positive);
        scores.push(value);
        ids.push(row.cluster as usize);
    }
    let items = LabelledScores::new(&labels, &scores).expect("severities, probabilities and scores are finite");
    PairSums::new(&items, &ids, clusters).expect("every example has a cluster of the layout")
}
