//! Points: those of a drawn curve, and that of the judge's own rule.

use crate::measure::answers::table::Answered;
use crate::measure::evaluation::OwnPoint;

/// Points of a drawn curve at most.
pub(crate) const MOST_POINTS: usize = 200;

/// At most [`MOST_POINTS`] points, the first and the last among them: a point is left out where it lies close to the last
/// one that was kept.
pub(crate) fn thinned<T: Copy, const N: usize>(points: Vec<T>, place: impl Fn(&T) -> [f64; N]) -> Vec<T> {
    let mut apart = 2.0 / MOST_POINTS as f64;
    let mut kept = points.clone();
    while kept.len() > MOST_POINTS {
        kept.clear();
        for (index, point) in points.iter().enumerate() {
            let far = |last: &T| place(last).iter().zip(place(point)).map(|(a, b)| (a - b).abs()).sum::<f64>() >= apart;
            if index + 1 == points.len() || kept.last().is_none_or(far) {
                kept.push(*point);
            }
        }
        apart *= 1.5;
    }
    kept
}

/// The judge's own rule: a trial without a verdict on a positive is a miss, on a negative it is left out.
pub(crate) fn own_point(answered: &[Answered]) -> OwnPoint {
    let (mut caught, mut positives, mut alarms, mut negatives) = (0.0, 0.0, 0.0, 0.0);
    for example in answered {
        if example.positive {
            caught += example.flagged_of_asked();
            positives += 1.0;
        } else {
            alarms += example.flagged_of_asked();
            negatives += 1.0 - example.unscored();
        }
    }
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    OwnPoint {
        recall: share(caught, positives),
        false_alarm_rate: share(alarms, negatives),
        precision: share(caught, caught + alarms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::toy::stated;

    #[test]
    fn a_long_curve_is_thinned_and_keeps_its_ends() {
        let line: Vec<f64> = (0..=1000).map(|at| f64::from(at) / 1000.0).collect();
        let kept = thinned(line.clone(), |at| [*at, *at, 0.0]);
        assert!(kept.len() <= MOST_POINTS && kept.len() > MOST_POINTS / 3, "{}", kept.len());
        assert_eq!((kept[0], kept[kept.len() - 1]), (0.0, 1.0));
        assert_eq!(thinned(line[..50].to_vec(), |at| [*at]), line[..50]);
    }

    #[test]
    fn the_own_point_averages_repeats() {
        // Positives flagged in 1 of 2 trials and in 0 of 2 (one unscored): recall 1/4. Negative flagged in 1 of its one scored
        // trial of two: 1/2 of an alarm in 1/2 of a negative.
        let mut answered = [stated(0, 0, true, None), stated(1, 0, true, None), stated(2, 1, false, None)];
        for (example, (scored, flagged)) in answered.iter_mut().zip([(2, 1), (1, 0), (1, 1)]) {
            (example.trials, example.scored, example.flagged) = (2, scored, flagged);
        }
        let own = own_point(&answered);
        assert_eq!((own.recall, own.false_alarm_rate, own.precision), (Some(0.25), Some(1.0), Some(0.5)));
        assert_eq!(own_point(&answered[2..]).recall, None);
    }
}
