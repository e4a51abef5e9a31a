//! What a judge would find at other cuts: its operating curves.

mod curve;
mod selective;

use crate::measure::answers::{
    Answered, Choice, ClusterCells, Context, Subject, Thinning, ValueCounts, auc_estimate, cross_fitted, own_point,
};
use crate::measure::evaluation::{Operating, OperatingScale};
use crate::model::Axis;
use crate::stats::Estimate;
use crate::stats::auc::auc_clustered_of_counts;

/// Shares of false alarms at which recall is reported.
const BUDGETS: [f64; 4] = [0.01, 0.05, 0.10, 0.20];

/// Operating curves of one judge on one axis; none where it gave no value that could be cut.
pub(crate) fn operating(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<Operating> {
    let direction = subject.run.spec.score.map(|score| score.direction);
    let own = subject.no_cut().is_none();
    // Adding 0 turns the -0 of a scale turned round into 0.
    let unit = |value: f64| direction.map_or(value, |direction| direction.towards_harm(value) + 0.0);
    let found = of_answers(subject.on(axis), context.options.level, unit)?;
    Some(Operating { own: found.own.filter(|_| own), ..found })
}

/// What a scale reads from an example.
fn value_of(scale: OperatingScale) -> fn(&Answered) -> Option<f64> {
    match scale {
        OperatingScale::Probability => |example| example.probability,
        OperatingScale::Score => |example| example.score,
        OperatingScale::Severity => |example| example.severity,
    }
}

/// Probabilities where any are stated, else scores, else severities.
fn scale_of(answered: &[Answered]) -> Option<OperatingScale> {
    [OperatingScale::Probability, OperatingScale::Score, OperatingScale::Severity]
        .into_iter()
        .find(|scale| answered.iter().any(|example| value_of(*scale)(example).is_some()))
}

fn of_answers(answered: &[Answered], level: f64, unit: impl Fn(f64) -> f64) -> Option<Operating> {
    let scale = scale_of(answered)?;
    let counts = ValueCounts::new(answered, Thinning::EqualMass, value_of(scale));
    let of_class = |class: fn(&(f64, f64)) -> f64| counts.totals(|_| true).iter().map(class).sum::<f64>();
    let positives = of_class(|counts| counts.0);
    let (n, missing) = (counts.n(), counts.missing());
    Some(Operating {
        scale,
        n: crate::stats::Tally(n),
        missing: crate::stats::Tally(missing),
        distinct: counts.distinct,
        cuts: counts.values.len(),
        points: curve::points(&counts, &unit),
        own: Some(own_point(answered)),
        average_precision: curve::average_precision_estimate(&counts, level),
        average_precision_baseline: (n > 0.0).then(|| positives / n),
        severity_auc: severity_auc(answered, level),
        budgets: BUDGETS.iter().map(|budget| cross_fitted(&counts, Choice::Budget(*budget), level, &unit)).collect(),
        best_youden: cross_fitted(&counts, Choice::Youden, level, &unit),
        selective: (scale == OperatingScale::Probability).then(|| {
            if counts.distinct == counts.values.len() {
                return selective::selective(&counts, level);
            }
            let rounded = ValueCounts::new(answered, Thinning::Grid, value_of(scale));
            selective::selective(&rounded, level)
        }),
    })
}

/// Area under the ROC curve of the severities; none where the judge gives none.
fn severity_auc(answered: &[Answered], level: f64) -> Option<Estimate> {
    let severity = value_of(OperatingScale::Severity);
    if !answered.iter().any(|example| severity(example).is_some()) {
        return None;
    }
    let counts = ValueCounts::new(answered, Thinning::EqualMass, severity);
    let of_cluster = |cluster: &ClusterCells| {
        let mut totals = vec![(0.0, 0.0); counts.values.len()];
        cluster.cells.iter().for_each(|cell| totals[cell.value] = (cell.positives, cell.negatives));
        counts.levels(&totals)
    };
    let clusters: Vec<_> = counts.clusters.iter().map(of_cluster).collect();
    Some(auc_estimate(auc_clustered_of_counts(&clusters), counts.n(), level).with_missing(counts.missing()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::toy::stated;
    use crate::stats::Undefined;

    fn answered(p: impl Fn(u32) -> Option<f64>) -> Vec<Answered> {
        (0..40).map(|at| stated(at, at / 2, at % 2 == 0, p(at))).collect()
    }

    #[test]
    fn probabilities_come_before_severities() {
        let with = answered(|at| Some(if at % 2 == 0 { 0.9 } else { 0.2 }));
        let found = of_answers(&with, 0.95, |value| value).unwrap();
        assert_eq!((found.scale, found.distinct, found.cuts), (OperatingScale::Probability, 2, 2));
        assert_eq!(found.budgets.len(), BUDGETS.len());
        assert!(found.selective.is_some() && found.severity_auc.unwrap().value == Some(1.0));
        let mut without = with;
        without.iter_mut().for_each(|example| example.probability = None);
        let found = of_answers(&without, 0.95, |value| value).unwrap();
        assert_eq!((found.scale, found.selective), (OperatingScale::Severity, None));
        assert_eq!(found.average_precision.value, Some(1.0));
        assert_eq!(found.average_precision_baseline, Some(0.5));
    }

    #[test]
    fn a_scale_that_is_turned_round_is_cut_in_its_own_units() {
        let mut scored = answered(|_| None);
        for example in &mut scored {
            example.severity = None;
            example.score = Some(if example.positive { -1.0 } else { -4.0 });
        }
        let found = of_answers(&scored, 0.95, |value| -value).unwrap();
        assert_eq!((found.scale, found.severity_auc), (OperatingScale::Score, None));
        assert_eq!(found.points[1].cut, Some(1.0));
        assert_eq!(found.budgets[0].fold_cuts, [Some(1.0); 5]);
    }

    #[test]
    fn nothing_to_cut_is_null_and_one_class_has_a_reason() {
        let mut silent = answered(|_| None);
        silent.iter_mut().for_each(|example| (example.severity, example.scored) = (None, 0));
        assert_eq!(of_answers(&silent, 0.95, |value| value), None);
        let negatives: Vec<Answered> =
            answered(|_| Some(0.3)).into_iter().filter(|example| !example.positive).collect();
        let found = of_answers(&negatives, 0.95, |value| value).unwrap();
        assert_eq!(found.budgets[0].recall.undefined, Some(Undefined::OneClass));
        assert_eq!(found.average_precision.undefined, Some(Undefined::NoPositives));
        assert_eq!(found.points.last().unwrap().recall, None);
    }
}
