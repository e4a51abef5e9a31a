//! Which examples to label, and what labels chosen on purpose estimate.

use crate::input::{Confidence, InputError, all_counts, all_finite, all_probabilities, same_length};
use crate::{Interval, Undefined};

/// Neyman's allocation of labels to strata: in proportion to size times standard deviation.
///
/// For strata of the judge's score. Oversampling what the judge passed is what makes recall estimable.
///
/// **Inputs**: items and standard deviation of the outcome of each stratum; the labels to spend.
/// **Returns**: labels a stratum, not rounded, adding up to the budget; in proportion to size where no stratum varies.
/// **Undefined**: `no_data` without items. **Errors**: lengths differ, or a negative value. **Cost**: O(strata).
/// **Source**: Neyman (1934), JRSS 97:558.
///
/// ```
/// // 100 items of deviation 1/2 and 100 of 1/4 share 30 labels 2 : 1.
/// let labels = lacuna_stats::power::neyman_allocation(&[100.0, 100.0], &[0.5, 0.25], 30.0)?.unwrap();
/// assert_eq!(labels, [20.0, 10.0]);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn neyman_allocation(
    items: &[f64],
    deviations: &[f64],
    budget: f64,
) -> Result<Result<Vec<f64>, Undefined>, InputError> {
    same_length("deviations", deviations.len(), items.len())?;
    all_counts("items", items)?;
    all_counts("deviations", deviations)?;
    all_counts("budget", &[budget])?;
    let weights: Vec<f64> = items.iter().zip(deviations).map(|(items, deviation)| items * deviation).collect();
    let shares = |weights: &[f64]| {
        let total: f64 = weights.iter().sum();
        (total > 0.0).then(|| weights.iter().map(|weight| budget * weight / total).collect())
    };
    Ok(shares(&weights).or_else(|| shares(items)).ok_or(Undefined::NoData))
}

/// Labels of a calibration set by gold class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalibrationSplit {
    /// Harmless examples, for the specificity.
    pub negatives: usize,
    /// Harmful examples, for the sensitivity.
    pub positives: usize,
}

/// Split of a calibration set between classes for a Rogan-Gladen correction.
///
/// **Inputs**: all labels; the flag rate of the target set; the pilot's sensitivity and specificity; the pilot's labels a
/// class, which are the least of either class. **Returns**: labels a class, adding up.
/// **Errors**: a rate outside 0-1, or fewer labels than two pilots. **Cost**: O(1).
/// **Source**: Lee et al. (2025, arXiv 2511.21140), allocation rule: m1 = m / (1 + (1/p - 1) sqrt(kappa)),
/// kappa = (pilot (1 - q0) + 1) / (pilot (1 - q1) + 1), rounded half to even.
pub fn calibration_split(
    labels: usize,
    flag_rate: f64,
    sensitivity: f64,
    specificity: f64,
    pilot: usize,
) -> Result<CalibrationSplit, InputError> {
    all_probabilities("rates", &[flag_rate, sensitivity, specificity])?;
    if labels < 2 * pilot {
        let value = labels as f64;
        return Err(InputError::OutOfRange { what: "labels", index: 0, value, allowed: "at least two pilots" });
    }
    let most = labels - pilot;
    let positives = if flag_rate < NEVER_FLAGS {
        most
    } else {
        let errors = |rate: f64| pilot as f64 * (1.0 - rate) + 1.0;
        let ratio = (errors(specificity) / errors(sensitivity)).sqrt();
        let wanted = labels as f64 / (1.0 + (1.0 / flag_rate - 1.0) * ratio);
        (wanted.min(most as f64).round_ties_even() as usize).max(pilot)
    };
    Ok(CalibrationSplit { negatives: labels - positives, positives })
}

/// Below this flag rate all labels but the pilot's go to the positives.
const NEVER_FLAGS: f64 = 1e-6;

/// A mean estimated from labels drawn with known, unequal probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActiveMean {
    /// The estimated mean.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// Normal interval; `zero_variance`.
    pub interval: Result<Interval, Undefined>,
}

/// Mean outcome when the judge decides which items are labelled.
///
/// Label where the judge is unsure, and correct for having done so: unbiased for any judge as long as every item had a
/// known chance above 0 of being labelled. Independent items.
///
/// **Inputs**: the judge's prediction, the labelling probability (above 0) and the label (none = not drawn) per item; the
/// two-sided level. **Returns**: mean of f + (y - f) 1{labelled} / pi, its standard error (1/n variance) and interval.
/// **Undefined**: `too_few` with fewer than two items; the interval `zero_variance`.
/// **Errors**: lengths differ, a value is not finite, or a probability is outside (0, 1]. **Cost**: O(n).
/// **Source**: Zrnic and Candes (2024, ICML).
pub fn active_mean(
    predictions: &[f64],
    probabilities: &[f64],
    labels: &[Option<f64>],
    confidence: Confidence,
) -> Result<Result<ActiveMean, Undefined>, InputError> {
    same_length("labelling probabilities", probabilities.len(), predictions.len())?;
    same_length("labels", labels.len(), predictions.len())?;
    all_finite("predictions", predictions)?;
    all_probabilities("labelling probabilities", probabilities)?;
    if let Some(index) = probabilities.iter().position(|probability| *probability == 0.0) {
        let what = "labelling probabilities";
        return Err(InputError::OutOfRange { what, index, value: 0.0, allowed: "above 0" });
    }
    let given: Vec<f64> = labels.iter().flatten().copied().collect();
    all_finite("labels", &given)?;
    if predictions.len() < 2 {
        return Ok(Err(Undefined::TooFew));
    }
    let term = |((f, pi), y): ((&f64, &f64), &Option<f64>)| y.map_or(*f, |y| f + (y - f) / pi);
    let terms: Vec<f64> = predictions.iter().zip(probabilities).zip(labels).map(term).collect();
    let n = terms.len() as f64;
    let value = terms.iter().sum::<f64>() / n;
    let se = (terms.iter().map(|term| (term - value).powi(2)).sum::<f64>() / n / n).sqrt();
    let half = confidence.normal() * se;
    let interval =
        if se > 0.0 { Ok(Interval { lower: value - half, upper: value + half }) } else { Err(Undefined::ZeroVariance) };
    Ok(Ok(ActiveMean { value, se, interval }))
}

/// Sensitivity when labels were drawn separately among flagged and passed items.
///
/// Without this, recall is conditioned on what the judge already sees (verification bias).
///
/// **Inputs**: flag rate of all items; harm rate among the labelled flagged ones, and among the labelled passed ones.
/// **Returns**: P(J+) P(Y|J+) / (P(J+) P(Y|J+) + P(J-) P(Y|J-)). **Undefined**: `no_positives`.
/// **Errors**: a rate outside 0-1. **Cost**: O(1). **Source**: Begg and Greenes (1983), Biometrics 39:207.
///
/// ```
/// // A tenth is flagged, half of it harmful; of the rest a ninth: 1/20 against 1/10, a recall of 1/3.
/// let recall = lacuna_stats::power::verified_sensitivity(0.1, 0.5, 1.0 / 9.0)?.unwrap();
/// assert!((recall - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn verified_sensitivity(
    flag_rate: f64,
    harm_among_flagged: f64,
    harm_among_passed: f64,
) -> Result<Result<f64, Undefined>, InputError> {
    all_probabilities("rates", &[flag_rate, harm_among_flagged, harm_among_passed])?;
    let (seen, unseen) = (flag_rate * harm_among_flagged, (1.0 - flag_rate) * harm_among_passed);
    Ok(if seen + unseen > 0.0 { Ok(seen / (seen + unseen)) } else { Err(Undefined::NoPositives) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Predictions 1/2, 1/2; the first labelled 1 at probability 1/2: 1/2 + (1/2) / (1/2) = 3/2; terms 3/2, 1/2: mean 1,
    /// variance 1/4, se sqrt(1/4 / 2).
    #[test]
    fn active_mean_by_hand() {
        let found = active_mean(&[0.5, 0.5], &[0.5, 0.5], &[Some(1.0), None], Confidence::DEFAULT).unwrap().unwrap();
        assert_eq!((found.value, found.se), (1.0, 0.125_f64.sqrt()));
    }

    /// Unbiased: over both draws of one item, pi (f + (y-f)/pi) + (1-pi) f = y.
    #[test]
    fn the_draw_is_unbiased() {
        let (f, pi, y) = (0.7, 0.2, 0.0);
        let term = |label| {
            active_mean(&[f, 0.0], &[pi, 1.0], &[label, None], Confidence::DEFAULT).unwrap().unwrap().value * 2.0
        };
        assert!((pi * term(Some(y)) + (1.0 - pi) * term(None) - y).abs() < 1e-15);
    }

    /// Flag rate 1/2 and equal error counts: half each. A specificity of 1 against a sensitivity of 0 at a pilot of 3:
    /// kappa = 1 / 4, so m1 = m / (1 + 1/2).
    #[test]
    fn splits_by_hand() {
        let split = |labels, rate, sensitivity, specificity, pilot| {
            calibration_split(labels, rate, sensitivity, specificity, pilot).unwrap()
        };
        assert_eq!(split(100, 0.5, 0.8, 0.8, 10), CalibrationSplit { negatives: 50, positives: 50 });
        assert_eq!(split(90, 0.5, 0.0, 1.0, 3), CalibrationSplit { negatives: 30, positives: 60 });
        assert_eq!(split(100, 0.0, 0.8, 0.8, 10), CalibrationSplit { negatives: 10, positives: 90 });
        assert_eq!(split(100, 1.0, 0.8, 0.8, 10), CalibrationSplit { negatives: 10, positives: 90 });
        assert_eq!(split(100, 0.01, 0.8, 0.8, 10), CalibrationSplit { negatives: 90, positives: 10 });
        assert!(calibration_split(19, 0.5, 0.8, 0.8, 10).is_err());
        assert!(calibration_split(100, 1.5, 0.8, 0.8, 10).is_err());
    }

    #[test]
    fn undefined_and_malformed() {
        assert_eq!(neyman_allocation(&[10.0, 30.0], &[0.0, 0.0], 8.0), Ok(Ok(vec![2.0, 6.0])));
        assert_eq!(neyman_allocation(&[], &[], 8.0), Ok(Err(Undefined::NoData)));
        assert!(neyman_allocation(&[1.0], &[], 8.0).is_err() && neyman_allocation(&[1.0], &[-1.0], 8.0).is_err());
        assert_eq!(verified_sensitivity(0.3, 0.0, 0.0), Ok(Err(Undefined::NoPositives)));
        assert!(verified_sensitivity(1.3, 0.0, 0.0).is_err());
        let of = |f: &[f64], pi: &[f64], y: &[Option<f64>]| active_mean(f, pi, y, Confidence::DEFAULT);
        assert_eq!(of(&[0.5], &[1.0], &[None]), Ok(Err(Undefined::TooFew)));
        assert_eq!(of(&[0.5; 2], &[1.0; 2], &[None; 2]).unwrap().unwrap().interval, Err(Undefined::ZeroVariance));
        assert!(of(&[0.5; 2], &[0.0, 1.0], &[None; 2]).is_err());
        assert!(of(&[0.5; 2], &[1.0; 2], &[Some(f64::NAN), None]).is_err());
        assert!(of(&[0.5; 2], &[1.0; 2], &[None]).is_err() && of(&[0.5; 2], &[1.0], &[None; 2]).is_err());
    }
}
