//! Points of the ROC and precision-recall curves, and the average precision.

use crate::measure::answers::{ValueCounts, thinned};
use crate::measure::evaluation::OperatingPoint;
use crate::stats::auc::average_precision;
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::{Estimate, Tally};

/// Every cut as a point, the strictest first, thinned; `unit` turns a value into the judge's own units.
pub(super) fn points(counts: &ValueCounts, unit: impl Fn(f64) -> f64) -> Vec<OperatingPoint> {
    let totals = counts.totals(|_| true);
    let missed: f64 = counts.clusters.iter().map(|cluster| cluster.missed).sum();
    let positives = missed + totals.iter().map(|counts| counts.0).sum::<f64>();
    let negatives: f64 = totals.iter().map(|counts| counts.1).sum();
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let point = |cut: Option<f64>, caught: f64, alarms: f64| OperatingPoint {
        cut: cut.map(&unit),
        recall: share(caught, positives),
        false_alarm_rate: share(alarms, negatives),
        precision: share(caught, caught + alarms),
        flagged: Tally(caught + alarms),
    };
    let mut points = vec![point(None, 0.0, 0.0)];
    let (mut caught, mut alarms) = (0.0, 0.0);
    for (value, (positives, negatives)) in counts.values.iter().zip(&totals).rev() {
        caught += positives;
        alarms += negatives;
        points.push(point(Some(*value), caught, alarms));
    }
    let place =
        |point: &OperatingPoint| [point.recall, point.false_alarm_rate, point.precision].map(Option::unwrap_or_default);
    thinned(points, place)
}

/// Average precision among the examples with a value, with its jackknife interval over clusters.
pub(super) fn average_precision_estimate(counts: &ValueCounts, level: f64) -> Estimate {
    let totals = counts.totals(|_| true);
    let occupied: Vec<_> = counts.clusters.iter().filter(|cluster| !cluster.cells.is_empty()).collect();
    let mut estimate = jackknife(occupied.len(), Scale::Logit, level, |left_out| {
        let mut totals = totals.clone();
        for cell in left_out.iter().flat_map(|cluster| &occupied[*cluster].cells) {
            totals[cell.value].0 -= cell.positives;
            totals[cell.value].1 -= cell.negatives;
        }
        average_precision(&counts.levels(&totals))
    });
    estimate.n = counts.n();
    estimate.with_missing(counts.missing())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::toy::stated;
    use crate::measure::answers::{Thinning, ValueCounts};

    #[test]
    fn points_by_hand() {
        // Cut 0.9: the positive of 0.9 of three positives (one has no value), no alarm. Cut 0.4: one more positive and one of
        // two negatives. Cut 0.1: all that have a value.
        let answered = [
            stated(0, 0, true, Some(0.9)),
            stated(1, 1, true, Some(0.4)),
            stated(2, 1, false, Some(0.4)),
            stated(3, 2, false, Some(0.1)),
            stated(4, 2, true, None),
        ];
        let counts = ValueCounts::new(&answered, Thinning::EqualMass, |example| example.probability);
        let points = points(&counts, |value| value);
        let place = |at: usize| (points[at].cut, points[at].recall, points[at].false_alarm_rate, points[at].precision);
        assert_eq!(place(0), (None, Some(0.0), Some(0.0), None));
        assert_eq!(place(1), (Some(0.9), Some(1.0 / 3.0), Some(0.0), Some(1.0)));
        assert_eq!(place(2), (Some(0.4), Some(2.0 / 3.0), Some(0.5), Some(2.0 / 3.0)));
        assert_eq!(place(3), (Some(0.1), Some(2.0 / 3.0), Some(1.0), Some(0.5)));
        // 1/2 * 1 + 1/2 * 2/3 among the examples with a value.
        let found = average_precision_estimate(&counts, 0.95);
        assert!((found.value.unwrap() - 5.0 / 6.0).abs() < 1e-15);
        assert_eq!((found.n, found.missing, found.clusters), (4.0, 1.0, 3));
    }
}
