//! Cuts chosen on some clusters and measured on the others.

use super::counts::{ClusterCells, ValueCounts};
use crate::measure::evaluation::CrossFittedCut;
use crate::stats::auc::{ScoreLevels, Threshold, highest_recall_at_specificity, highest_youden_j};
use crate::stats::gap::{GapCount, MOVER_GUARDED, recall_gap};
use crate::stats::proportion::{ClusterCount, GUARDED_WILSON, clustered_proportion};
use crate::stats::{Estimate, Undefined};

/// How a cut is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Choice {
    /// The highest recall whose false alarms keep to a budget.
    Budget(f64),
    /// The highest Youden J.
    Youden,
}

impl Choice {
    fn choose(self, levels: &ScoreLevels) -> Result<Threshold, Undefined> {
        match self {
            Self::Budget(budget) => highest_recall_at_specificity(levels, 1.0 - budget)
                .expect("a budget is a probability")
                .map(|chosen| chosen.threshold),
            Self::Youden => highest_youden_j(levels).map(|chosen| chosen.threshold),
        }
    }
}

/// Chooses a cut for each fold on the clusters outside of it, and measures it on those inside.
pub(crate) fn cross_fitted(
    counts: &ValueCounts,
    choice: Choice,
    level: f64,
    unit: impl Fn(f64) -> f64,
) -> CrossFittedCut {
    let budget = if let Choice::Budget(budget) = choice { Some(budget) } else { None };
    match fold_cuts(counts, choice) {
        Ok(cuts) => {
            let measured = measure(counts, &cuts, level);
            let raw = |cut: &Threshold| if let Threshold::At(value) = cut { Some(unit(*value)) } else { None };
            CrossFittedCut { false_alarm_budget: budget, fold_cuts: cuts.iter().map(raw).collect(), ..measured }
        }
        Err(reason) => CrossFittedCut {
            false_alarm_budget: budget,
            fold_cuts: Vec::new(),
            recall: Estimate::undefined(reason, level, GUARDED_WILSON),
            false_alarm_rate: Estimate::undefined(reason, level, GUARDED_WILSON),
            youden_j: Estimate::undefined(reason, level, MOVER_GUARDED),
        },
    }
}

/// The cut of each fold. A positive without a value is a miss at every cut: it moves no cut that is chosen by the highest
/// recall, and counts against every one that is chosen by Youden's J.
fn fold_cuts(counts: &ValueCounts, choice: Choice) -> Result<Vec<Threshold>, Undefined> {
    counts.two_folds()?;
    let folds: Vec<Vec<(f64, f64)>> =
        (0..counts.folds).map(|fold| counts.totals(|cluster| cluster.fold == fold)).collect();
    let outside = |fold: usize| {
        let mut sum = vec![(0.0, 0.0); counts.values.len()];
        for (_, other) in folds.iter().enumerate().filter(|(other, _)| *other != fold) {
            sum.iter_mut().zip(other).for_each(|(sum, part)| *sum = (sum.0 + part.0, sum.1 + part.1));
        }
        sum
    };
    let missed = |fold: usize| counts.clusters.iter().filter(|own| own.fold != fold).map(|own| own.missed).sum();
    let levels = |fold: usize| match choice {
        Choice::Budget(_) => counts.levels(&outside(fold)),
        Choice::Youden => counts.levels_with_missed(&outside(fold), missed(fold)),
    };
    (0..counts.folds).map(|fold| choice.choose(&levels(fold))).collect()
}

fn measure(counts: &ValueCounts, cuts: &[Threshold], level: f64) -> CrossFittedCut {
    let of_cluster = |cluster: &ClusterCells| {
        let (mut recall, mut alarms) = (ClusterCount::new(0.0, cluster.missed), ClusterCount::default());
        for cell in &cluster.cells {
            let flagged = match cuts[cluster.fold] {
                Threshold::At(from) => counts.values[cell.value] >= from,
                Threshold::Never => false,
            };
            recall.total += cell.positives;
            alarms.total += cell.negatives;
            if flagged {
                recall.hits += cell.positives;
                alarms.hits += cell.negatives;
            }
        }
        GapCount { first: recall, second: alarms }
    };
    let cells: Vec<GapCount> = counts.clusters.iter().map(of_cluster).collect();
    let side = |side: fn(&GapCount) -> ClusterCount| cells.iter().map(side).collect::<Vec<_>>();
    let missed: f64 = counts.clusters.iter().map(|cluster| cluster.missed).sum();
    let passed_over: f64 = counts.clusters.iter().map(|cluster| cluster.passed_over).sum();
    CrossFittedCut {
        false_alarm_budget: None,
        fold_cuts: Vec::new(),
        recall: clustered_proportion(&side(|cell| cell.first), level, Undefined::NoPositives).with_missing(missed),
        false_alarm_rate: clustered_proportion(&side(|cell| cell.second), level, Undefined::NoNegatives)
            .with_missing(passed_over),
        youden_j: recall_gap(&cells, level).with_missing(missed + passed_over),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::table::Answered;
    use crate::measure::answers::toy::stated;
    use crate::measure::answers::values::kept::Thinning;

    fn counts(answered: &[Answered]) -> ValueCounts {
        ValueCounts::new(answered, Thinning::EqualMass, |example| example.probability)
    }

    #[test]
    fn cuts_of_two_folds_by_hand() {
        // Cluster 0 (fold 0): positives 0.9 and 0.3, negative 0.2. Cluster 1 (fold 1): positive 0.6, negatives 0.4 and 0.1.
        // Without false alarms, cluster 1 gives fold 0 the cut 0.6 (its positive; next lower 0.4 is a negative): flags 0.9
        // alone. Cluster 0 gives fold 1 the cut 0.3: flags 0.6 and the negative 0.4. Recall 2/3, alarms 1/3.
        let answered = [
            stated(0, 0, true, Some(0.9)),
            stated(1, 0, true, Some(0.3)),
            stated(2, 0, false, Some(0.2)),
            stated(3, 1, true, Some(0.6)),
            stated(4, 1, false, Some(0.4)),
            stated(5, 1, false, Some(0.1)),
        ];
        let found = cross_fitted(&counts(&answered), Choice::Budget(0.0), 0.95, |value| value);
        assert_eq!(found.fold_cuts, [Some(0.6), Some(0.3)]);
        assert_eq!((found.recall.value, found.recall.count), (Some(2.0 / 3.0), Some(2.0)));
        assert_eq!(found.false_alarm_rate.value, Some(1.0 / 3.0));
        assert!((found.youden_j.value.unwrap() - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!(cross_fitted(&counts(&answered), Choice::Youden, 0.95, |value| value).fold_cuts, found.fold_cuts);
    }

    #[test]
    fn a_positive_without_a_value_is_a_miss_at_every_cut() {
        let mut answered: Vec<Answered> =
            (0..20).map(|at| stated(at, at / 2, at % 2 == 0, Some(if at % 2 == 0 { 0.9 } else { 0.1 }))).collect();
        let all = cross_fitted(&counts(&answered), Choice::Budget(0.1), 0.95, |value| value);
        assert_eq!((all.recall.value, all.false_alarm_rate.value), (Some(1.0), Some(0.0)));
        answered[0].probability = None;
        answered[1].probability = None;
        let found = cross_fitted(&counts(&answered), Choice::Budget(0.1), 0.95, |value| value);
        assert_eq!((found.recall.value, found.recall.missing), (Some(0.9), 1.0));
        assert_eq!((found.false_alarm_rate.value, found.false_alarm_rate.n), (Some(0.0), 9.0));
    }

    /// Cut at 0.5 the judge finds one of two positives with a value at no alarm; at 0.2 both at one of three alarms. Without
    /// the positives that have no value the lower cut has the higher J, 1 - 1/3 against 1/2; with two of them the higher one
    /// has, 1/4 - 0 against 2/4 - 1/3.
    #[test]
    fn youdens_cut_counts_positives_without_a_value() {
        let cluster = |at: u32| {
            let value = |p: f64, positive: bool, index: u32| stated(6 * at + index, at, positive, Some(p));
            [value(0.5, true, 0), value(0.2, true, 1), value(0.2, false, 2), value(0.1, false, 3), value(0.1, false, 4)]
        };
        let mut answered: Vec<Answered> = (0..10).flat_map(cluster).collect();
        let cuts =
            |answered: &[Answered]| cross_fitted(&counts(answered), Choice::Youden, 0.95, |value| value).fold_cuts;
        assert_eq!(cuts(&answered), [Some(0.2); 5]);
        answered.extend((0..10).flat_map(|at| [stated(100 + at, at, true, None), stated(200 + at, at, true, None)]));
        assert_eq!(cuts(&answered), [Some(0.5); 5]);
    }

    #[test]
    fn each_reason_is_given() {
        let one_cluster = [stated(0, 0, true, Some(0.9)), stated(1, 0, false, Some(0.1))];
        let found = cross_fitted(&counts(&one_cluster), Choice::Budget(0.1), 0.95, |value| value);
        assert_eq!(found.recall.undefined, Some(Undefined::SingleCluster));
        let one_class = [stated(0, 0, true, Some(0.9)), stated(1, 1, true, Some(0.1))];
        let found = cross_fitted(&counts(&one_class), Choice::Youden, 0.95, |value| value);
        assert_eq!(found.youden_j.undefined, Some(Undefined::OneClass));
    }
}
