//! Area under the precision-recall steps.

use super::delong::logit_interval;
use super::labelled::ScoreLevels;
use crate::input::{Confidence, InputError, all_counts, all_probabilities};
use crate::{Interval, Undefined};

/// Average precision: the mean, over positives, of the precision at the threshold that first catches them.
///
/// For rare harm, where AUC looks better than a reader's list does. Print the prevalence beside it: that is the
/// expected value of a score without information.
///
/// **Inputs**: counts of both classes per distinct score; items with one score enter together.
/// **Returns**: the step-function area, 0 (exclusive) to 1.
/// **Undefined**: `no_positives`.
/// **Cost**: O(K). **Source**: agrees with scikit-learn 1.9.1 `average_precision_score` to 1e-11.
///
/// ```
/// use lacuna_stats::auc::{LabelledScores, average_precision};
/// // The threshold 0.9 catches 1 of 2 at precision 1; 0.5 both at 2/3: 1/2 * 1 + 1/2 * 2/3.
/// let labels = [true, false, true];
/// let scores = LabelledScores::new(&labels, &[0.9, 0.5, 0.5])?;
/// assert!((average_precision(&scores.levels()).unwrap() - 5.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn average_precision(levels: &ScoreLevels) -> Result<f64, Undefined> {
    let positives = levels.positives();
    if positives <= 0.0 {
        return Err(Undefined::NoPositives);
    }
    let (mut caught, mut flagged, mut area) = (0.0, 0.0, 0.0);
    for level in levels.rows().iter().rev() {
        caught += level.positives;
        flagged += level.positives + level.negatives;
        if level.positives > 0.0 {
            area += level.positives / positives * (caught / flagged);
        }
    }
    Ok(area)
}

/// Interval for an average precision on the logit scale, with se = 1 / sqrt(n+ AP (1 - AP)).
///
/// A reference under independent items, and a wide one (in simulation 99% of the 95% intervals hold at 20 positives); for
/// clustered items use the cluster jackknife on [`average_precision`].
///
/// **Inputs**: the average precision (0 to 1) and the number of positives behind it; the two-sided level.
/// **Returns**: an interval inside (0, 1).
/// **Undefined**: `no_positives`; `zero_variance` at 0 or 1.
/// **Errors**: not a probability, or a negative count. **Cost**: O(1).
/// **Source**: Boyd, Eng and Page (2013), the interval on the logit scale.
pub fn average_precision_interval(
    average_precision: f64,
    positives: f64,
    confidence: Confidence,
) -> Result<Result<Interval, Undefined>, InputError> {
    all_probabilities("average precision", &[average_precision])?;
    all_counts("positives", &[positives])?;
    if positives == 0.0 {
        return Ok(Err(Undefined::NoPositives));
    }
    // On the logit scale the standard error is 1 / sqrt(n AP (1 - AP)); `logit_interval` divides by AP (1 - AP).
    let se = (average_precision * (1.0 - average_precision) / positives).sqrt();
    Ok(logit_interval(average_precision, se, confidence.normal()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::auc::LabelledScores;

    fn of(labels: &[bool], scores: &[f64]) -> Result<f64, Undefined> {
        average_precision(&LabelledScores::new(labels, scores).unwrap().levels())
    }

    /// Positives first and third: 1/2 * 1 + 1/2 * 2/3 = 5/6. All tied: the prevalence.
    #[test]
    fn worked_by_hand() {
        let value = of(&[true, false, true, false], &[4.0, 3.0, 2.0, 1.0]).unwrap();
        assert!((value - 5.0 / 6.0).abs() < 1e-15);
        assert_eq!(of(&[true, false, false, false], &[0.5; 4]), Ok(0.25));
        assert_eq!(of(&[true, false], &[1.0, 0.0]), Ok(1.0));
    }

    /// AP = 1/2 of 4 positives: se on the logit scale 1 / sqrt(4/4) = 1, so the limits are expit(-+z).
    #[test]
    fn interval_by_hand() {
        let interval = average_precision_interval(0.5, 4.0, Confidence::DEFAULT).unwrap().unwrap();
        let expected = 1.0 / (1.0 + 1.959_963_984_540_054_f64.exp());
        assert!((interval.lower - expected).abs() < 1e-14 && (interval.upper + expected - 1.0).abs() < 1e-14);
    }

    #[test]
    fn undefined_and_malformed() {
        assert_eq!(of(&[false, false], &[0.1, 0.2]), Err(Undefined::NoPositives));
        assert_eq!(of(&[], &[]), Err(Undefined::NoPositives));
        let interval = |ap, n| average_precision_interval(ap, n, Confidence::DEFAULT);
        assert_eq!(interval(1.0, 5.0), Ok(Err(Undefined::ZeroVariance)));
        assert_eq!(interval(0.5, 0.0), Ok(Err(Undefined::NoPositives)));
        assert!(interval(1.5, 5.0).is_err() && interval(0.5, f64::NAN).is_err());
    }

    #[test]
    fn bounded_and_unmoved_by_the_order_of_items() {
        let mut random = Arbitrary::new(3);
        for _ in 0..200 {
            let n = random.below(12);
            let mut items: Vec<(bool, f64)> = (0..n).map(|_| (random.coin(0.3), random.grid(4))).collect();
            let split = |items: &[(bool, f64)]| -> (Vec<bool>, Vec<f64>) { items.iter().copied().unzip() };
            let (labels, scores) = split(&items);
            let value = of(&labels, &scores);
            assert_eq!(value.is_ok(), labels.contains(&true));
            random.shuffle(&mut items);
            let (labels, scores) = split(&items);
            assert_eq!(of(&labels, &scores), value);
            assert!(value.is_err() || value.is_ok_and(|value| value > 0.0 && value <= 1.0 + 1e-15));
        }
    }
}
