//! The variance of an AUC over independent items, after DeLong.

use super::labelled::LabelledScores;
use super::placements::Placements;
use crate::input::{Confidence, InputError};
use crate::logit::{expit, logit};
use crate::special::normal_sf;
use crate::{Interval, Undefined};

/// An AUC with its variance over independent items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DelongAuc {
    /// The AUC.
    pub auc: f64,
    /// Its variance, or `too_few` with a single positive or negative.
    pub variance: Result<f64, Undefined>,
    /// Wald interval, cut at 0 and 1.
    pub wald: Result<Interval, Undefined>,
    /// Interval on the logit scale, the one to print; `zero_variance` at an AUC of 0 or 1.
    pub logit: Result<Interval, Undefined>,
}

/// AUC with DeLong's variance: the reference value under independent items.
///
/// Responses to one scenario are not independent: for the standard error to report see
/// [`auc_clustered`](super::auc_clustered). At an AUC of 1 the variance is 0 and the logit interval undefined: say
/// "separable" with both counts, and give an interval for the recall at zero false alarms.
///
/// **Inputs**: labels and scores per item; the two-sided level.
/// **Returns**: AUC, variance, Wald and logit intervals.
/// **Undefined**: `one_class`; the variance `too_few` with one positive or one negative.
/// **Cost**: O(n log n).
/// **Source**: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837; ranks after Sun and Xu (2014). Agrees with
/// R pROC 1.18.0 (`var`, `ci.auc`) to 4e-14.
pub fn delong(items: &LabelledScores, confidence: Confidence) -> Result<DelongAuc, Undefined> {
    let placements = Placements::new(items)?;
    Ok(estimate(placements.auc, covariance(&placements, &placements), confidence))
}

fn estimate(auc: f64, variance: Result<f64, Undefined>, confidence: Confidence) -> DelongAuc {
    let wald = variance.map(|variance| {
        let half = confidence.normal() * variance.sqrt();
        Interval { lower: (auc - half).max(0.0), upper: (auc + half).min(1.0) }
    });
    let logit = variance.and_then(|variance| logit_interval(auc, variance.sqrt(), confidence.normal()));
    DelongAuc { auc, variance, wald, logit }
}

/// `auc -+ critical * se` on the logit scale; `zero_variance` at 0 and 1, where that scale ends.
pub(super) fn logit_interval(auc: f64, se: f64, critical: f64) -> Result<Interval, Undefined> {
    if auc <= 0.0 || auc >= 1.0 {
        return Err(Undefined::ZeroVariance);
    }
    let half = critical * se / (auc * (1.0 - auc));
    Ok(Interval { lower: expit(logit(auc) - half), upper: expit(logit(auc) + half) })
}

/// Covariance of the AUCs of two judges on the same items: S10 / m + S01 / n.
fn covariance(first: &Placements, second: &Placements) -> Result<f64, Undefined> {
    let (m, n) = (first.positives.len(), first.negatives.len());
    if m < 2 || n < 2 {
        return Err(Undefined::TooFew);
    }
    let s10 = sample_covariance(&first.positives, &second.positives);
    let s01 = sample_covariance(&first.negatives, &second.negatives);
    Ok(s10 / m as f64 + s01 / n as f64)
}

fn sample_covariance(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / (n - 1.0)
}

/// Two AUCs on the same items and the test of their difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AucComparison {
    /// The first judge.
    pub first: DelongAuc,
    /// The second judge.
    pub second: DelongAuc,
    /// Covariance of the two AUCs, or `too_few`.
    pub covariance: Result<f64, Undefined>,
    /// (first - second) / se, standard normal under equal AUCs; `zero_variance` for equal rankings.
    pub z: Result<f64, Undefined>,
    /// Two-sided p-value of `z`.
    pub p: Result<f64, Undefined>,
}

/// A variance below this is that of two judges which rank alike; what is left of it is rounding.
const NO_VARIANCE: f64 = 1e-18;

/// DeLong's test of two judges' AUCs on the same items, under independent items.
///
/// For clustered items use [`auc_clustered_difference`](super::auc_clustered_difference).
///
/// **Inputs**: one label and two scores per item. **Returns**: both AUCs, their covariance, z and two-sided p.
/// **Undefined**: `one_class`; `too_few`; `zero_variance` where both judges rank alike.
/// **Errors**: lengths differ, or a score is not finite. **Cost**: O(n log n).
/// **Source**: DeLong et al. (1988); agrees with R pROC `roc.test(paired, delong)` to 4e-14.
pub fn delong_paired(
    labels: &[bool],
    first: &[f64],
    second: &[f64],
    confidence: Confidence,
) -> Result<Result<AucComparison, Undefined>, InputError> {
    let first = LabelledScores::new(labels, first)?;
    let second = LabelledScores::new(labels, second)?;
    Ok(compare(&first, &second, confidence))
}

fn compare(
    first: &LabelledScores,
    second: &LabelledScores,
    confidence: Confidence,
) -> Result<AucComparison, Undefined> {
    let (one, two) = (Placements::new(first)?, Placements::new(second)?);
    let (v1, v2, covariance) = (covariance(&one, &one), covariance(&two, &two), covariance(&one, &two));
    let z = difference_z(one.auc - two.auc, v1, v2, covariance);
    Ok(AucComparison {
        first: estimate(one.auc, v1, confidence),
        second: estimate(two.auc, v2, confidence),
        covariance,
        z,
        p: z.map(|z| 2.0 * normal_sf(z.abs())),
    })
}

fn difference_z(
    difference: f64,
    v1: Result<f64, Undefined>,
    v2: Result<f64, Undefined>,
    covariance: Result<f64, Undefined>,
) -> Result<f64, Undefined> {
    let variance = v1? + v2? - 2.0 * covariance?;
    if variance > NO_VARIANCE { Ok(difference / variance.sqrt()) } else { Err(Undefined::ZeroVariance) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::auc::auc;

    /// Positives 3, 1; negatives 2, 0. V10 = 1, 1/2; V01 = 1/2, 1; AUC = 3/4.
    /// S10 = S01 = 1/8, so the variance is 1/16 + 1/16 = 1/8.
    #[test]
    fn worked_by_hand() {
        let items = LabelledScores::new(&[true, false, true, false], &[3.0, 2.0, 1.0, 0.0]).unwrap();
        let estimate = delong(&items, Confidence::DEFAULT).unwrap();
        assert_eq!(estimate.auc, 0.75);
        assert!((estimate.variance.unwrap() - 0.125).abs() < 1e-15);
        assert_eq!(estimate.wald.unwrap().upper, 1.0);
    }

    #[test]
    fn undefined_with_its_reason() {
        let one_class = LabelledScores::new(&[true, true], &[0.1, 0.2]).unwrap();
        assert_eq!(delong(&one_class, Confidence::DEFAULT), Err(Undefined::OneClass));
        assert_eq!(auc(&one_class.levels()), Err(Undefined::OneClass));
        let empty = LabelledScores::new(&[], &[]).unwrap();
        assert_eq!(auc(&empty.levels()), Err(Undefined::OneClass));
        let single = LabelledScores::new(&[true, false, false], &[0.5, 0.1, 0.2]).unwrap();
        let estimate = delong(&single, Confidence::DEFAULT).unwrap();
        assert_eq!((estimate.auc, estimate.variance), (1.0, Err(Undefined::TooFew)));
        let labels = [true, true, false, false];
        let same = delong_paired(&labels, &[3.0, 1.0, 2.0, 0.0], &[6.0, 2.0, 4.0, 0.0], Confidence::DEFAULT);
        assert_eq!(same.unwrap().unwrap().z, Err(Undefined::ZeroVariance));
        assert!(delong_paired(&labels, &[1.0], &[1.0; 4], Confidence::DEFAULT).is_err());
    }

    #[test]
    fn order_of_items_is_irrelevant_and_opposite_scores_give_the_complement() {
        let mut random = Arbitrary::new(1);
        for _ in 0..200 {
            let n = 1 + random.below(12);
            let mut items: Vec<(bool, f64)> = (0..n).map(|_| (random.coin(0.4), random.grid(4))).collect();
            let value = of(&items, 1.0);
            let opposite = of(&items, -1.0);
            random.shuffle(&mut items);
            assert_eq!(of(&items, 1.0).is_ok(), value.is_ok());
            if let (Ok(value), Ok(shuffled), Ok(opposite)) = (value, of(&items, 1.0), opposite) {
                assert!((value.auc - shuffled.auc).abs() < 1e-14);
                assert!((value.auc + opposite.auc - 1.0).abs() < 1e-14);
                assert!((0.0..=1.0).contains(&value.auc));
                if let Ok(variance) = value.variance {
                    assert!((0.0..=0.5).contains(&variance));
                }
                if let Ok(interval) = value.logit {
                    assert!(interval.lower <= value.auc && value.auc <= interval.upper);
                }
            }
        }
    }

    fn of(items: &[(bool, f64)], sign: f64) -> Result<DelongAuc, Undefined> {
        let labels: Vec<bool> = items.iter().map(|item| item.0).collect();
        let scores: Vec<f64> = items.iter().map(|item| sign * item.1).collect();
        let items = LabelledScores::new(&labels, &scores).unwrap();
        let estimate = delong(&items, Confidence::DEFAULT);
        if let Ok(estimate) = estimate {
            assert!((estimate.auc - auc(&items.levels()).unwrap()).abs() < 1e-14);
        }
        estimate
    }
}
