//! Prevalence post-stratified on the judge's flag.

use super::Confusion;
use crate::input::{Confidence, InputError, all_counts};
use crate::logit::{expit, logit};
use crate::{Interval, Undefined};

/// A post-stratified prevalence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PostStratified {
    /// The estimated prevalence.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// Interval on the logit scale; `zero_variance` at a standard error of 0.
    pub interval: Result<Interval, Undefined>,
}

/// On the logit scale the prevalence is held this far inside 0-1.
const LOGIT_EDGE: f64 = 1e-6;

/// Prevalence as the mean of the harm rates among flagged and passed items, weighted by how often the judge flags
/// elsewhere.
///
/// The efficient estimator for a binary judge whose labelled items are a random sample (not one stratified on gold:
/// then [`rogan_gladen`](super::rogan_gladen)). Independent items.
///
/// **Inputs**: labelled items by gold and flag; flagged and passed items among the unlabelled; the two-sided level.
/// **Returns**: estimate, standard error, interval inside (0, 1).
/// **Undefined**: `no_data` without unlabelled items; `no_flags` or `too_few` where no labelled item was flagged, or none
/// passed. **Errors**: a negative count. **Cost**: O(1).
/// **Source**: Chen et al. (2026, arXiv 2601.05420), efficient influence function, delta variance and logit interval;
/// agrees with their R `eif_point_and_ci` to 1e-9.
pub fn post_stratified(
    labelled: &Confusion,
    flagged: f64,
    passed: f64,
    confidence: Confidence,
) -> Result<Result<PostStratified, Undefined>, InputError> {
    all_counts("unlabelled counts", &[flagged, passed])?;
    Ok(estimate(labelled, flagged, passed, confidence))
}

/// Harm rates among the flagged and among the passed.
fn strata(labelled: &Confusion) -> Result<[(f64, f64); 2], Undefined> {
    let (flagged, passed) = (labelled.caught() + labelled.false_alarms(), labelled.missed() + labelled.passed());
    if flagged <= 0.0 {
        return Err(Undefined::NoFlags);
    }
    if passed <= 0.0 {
        return Err(Undefined::TooFew);
    }
    Ok([(labelled.caught() / flagged, flagged), (labelled.missed() / passed, passed)])
}

fn estimate(
    labelled: &Confusion,
    flagged: f64,
    passed: f64,
    confidence: Confidence,
) -> Result<PostStratified, Undefined> {
    let n = flagged + passed;
    if n <= 0.0 {
        return Err(Undefined::NoData);
    }
    let [(among_flagged, n1), (among_passed, n0)] = strata(labelled)?;
    let rate = flagged / n;
    let value = (1.0 - rate) * among_passed + rate * among_flagged;
    let variance = (among_flagged - among_passed).powi(2) * rate * (1.0 - rate) / n
        + (1.0 - rate).powi(2) * among_passed * (1.0 - among_passed) / n0
        + rate.powi(2) * among_flagged * (1.0 - among_flagged) / n1;
    let se = variance.sqrt();
    let interval = if se > 0.0 {
        let held = value.clamp(LOGIT_EDGE, 1.0 - LOGIT_EDGE);
        let half = confidence.normal() * se / (held * (1.0 - held));
        Ok(Interval { lower: expit(logit(held) - half), upper: expit(logit(held) + half) })
    } else {
        Err(Undefined::ZeroVariance)
    };
    Ok(PostStratified { value, se, interval })
}

/// The joint maximum-likelihood estimate of prevalence, sensitivity and specificity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointMle {
    /// Prevalence.
    pub prevalence: f64,
    /// Sensitivity; `no_positives` at a prevalence of 0.
    pub sensitivity: Result<f64, Undefined>,
    /// Specificity; `no_negatives` at a prevalence of 1.
    pub specificity: Result<f64, Undefined>,
}

/// Joint maximum likelihood of prevalence, sensitivity and specificity from labelled and unlabelled items.
///
/// [`post_stratified`] with the flag rate pooled over both samples: what numerical optimisers of this likelihood
/// approach has this closed form.
///
/// **Inputs**: as [`post_stratified`]; no unlabelled items are allowed. **Undefined**: `no_flags` or `too_few` as there.
/// **Errors**: a negative count. **Cost**: O(1).
/// **Source**: the likelihood of Chen et al. (2026, arXiv 2601.05420); their BFGS agrees to 1.6e-6.
pub fn joint_mle(labelled: &Confusion, flagged: f64, passed: f64) -> Result<Result<JointMle, Undefined>, InputError> {
    all_counts("unlabelled counts", &[flagged, passed])?;
    let strata = match strata(labelled) {
        Ok(strata) => strata,
        Err(reason) => return Ok(Err(reason)),
    };
    let [(among_flagged, n1), (among_passed, n0)] = strata;
    let rate = (n1 + flagged) / (n1 + n0 + flagged + passed);
    let prevalence = rate * among_flagged + (1.0 - rate) * among_passed;
    let harmless = 1.0 - prevalence;
    Ok(Ok(JointMle {
        prevalence,
        sensitivity: if prevalence > 0.0 { Ok(rate * among_flagged / prevalence) } else { Err(Undefined::NoPositives) },
        specificity: if harmless > 0.0 {
            Ok((1.0 - rate) * (1.0 - among_passed) / harmless)
        } else {
            Err(Undefined::NoNegatives)
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn table(caught: f64, missed: f64, false_alarms: f64, passed: f64) -> Confusion {
        Confusion::new(caught, missed, false_alarms, passed).unwrap()
    }

    /// Harm rates 3/4 of 4 flagged and 1/4 of 4 passed; elsewhere 1 of 4 flagged: 1/4 * 3/4 + 3/4 * 1/4 = 3/8.
    /// Variance: 1/4 * 3/16 / 4 + 9/16 * 3/64 + 1/16 * 3/64 = 3/256 + 27/1024 + 3/1024 = 42/1024.
    #[test]
    fn worked_by_hand() {
        let found = post_stratified(&table(3.0, 1.0, 1.0, 3.0), 1.0, 3.0, Confidence::DEFAULT).unwrap().unwrap();
        assert_eq!(found.value, 0.375);
        assert!((found.se.powi(2) - 42.0 / 1024.0).abs() < 1e-16);
        let interval = found.interval.unwrap();
        assert!(0.0 < interval.lower && interval.lower < 0.375 && 0.375 < interval.upper && interval.upper < 1.0);
    }

    /// Pooled flag rate 5/12: prevalence 5/12 * 3/4 + 7/12 * 1/4 = 22/48, sensitivity (15/48) / (22/48).
    #[test]
    fn joint_estimate_by_hand() {
        let found = joint_mle(&table(3.0, 1.0, 1.0, 3.0), 1.0, 3.0).unwrap().unwrap();
        assert!((found.prevalence - 22.0 / 48.0).abs() < 1e-15);
        assert!((found.sensitivity.unwrap() - 15.0 / 22.0).abs() < 1e-15);
        assert!((found.specificity.unwrap() - 21.0 / 26.0).abs() < 1e-15);
        // With no unlabelled items it is the labelled table.
        let alone = joint_mle(&table(3.0, 1.0, 1.0, 3.0), 0.0, 0.0).unwrap().unwrap();
        assert_eq!((alone.prevalence, alone.sensitivity, alone.specificity), (0.5, Ok(0.75), Ok(0.75)));
    }

    #[test]
    fn undefined_and_malformed() {
        let of = |table, flagged, passed| post_stratified(&table, flagged, passed, Confidence::DEFAULT);
        assert_eq!(of(table(1.0, 1.0, 1.0, 1.0), 0.0, 0.0), Ok(Err(Undefined::NoData)));
        assert_eq!(of(table(0.0, 1.0, 0.0, 1.0), 1.0, 1.0), Ok(Err(Undefined::NoFlags)));
        assert_eq!(of(table(1.0, 0.0, 1.0, 0.0), 1.0, 1.0), Ok(Err(Undefined::TooFew)));
        assert!(of(table(1.0, 1.0, 1.0, 1.0), -1.0, 1.0).is_err());
        let sure = of(table(0.0, 0.0, 2.0, 2.0), 1.0, 1.0).unwrap().unwrap();
        assert_eq!((sure.value, sure.interval), (0.0, Err(Undefined::ZeroVariance)));
        let none = joint_mle(&table(0.0, 0.0, 2.0, 2.0), 1.0, 1.0).unwrap().unwrap();
        assert_eq!((none.sensitivity, none.specificity.is_ok()), (Err(Undefined::NoPositives), true));
        let all = joint_mle(&table(2.0, 2.0, 0.0, 0.0), 1.0, 1.0).unwrap().unwrap();
        assert_eq!(all.specificity, Err(Undefined::NoNegatives));
        assert_eq!(joint_mle(&table(0.0, 1.0, 0.0, 1.0), 1.0, 1.0), Ok(Err(Undefined::NoFlags)));
        assert!(joint_mle(&table(1.0, 1.0, 1.0, 1.0), 1.0, f64::NAN).is_err());
    }

    #[test]
    fn estimates_are_proportions() {
        let mut random = Arbitrary::new(32);
        for _ in 0..300 {
            let mut cell = || random.below(5) as f64;
            let labelled = table(cell(), cell(), cell(), cell());
            let (flagged, passed) = (cell(), cell());
            if let Ok(found) = post_stratified(&labelled, flagged, passed, Confidence::DEFAULT).unwrap() {
                assert!((0.0..=1.0).contains(&found.value));
                if let Ok(interval) = found.interval {
                    assert!(0.0 <= interval.lower && interval.lower <= interval.upper && interval.upper <= 1.0);
                }
            }
            if let Ok(found) = joint_mle(&labelled, flagged, passed).unwrap() {
                for rate in [Ok(found.prevalence), found.sensitivity, found.specificity].into_iter().flatten() {
                    assert!((-1e-15..=1.0 + 1e-15).contains(&rate));
                }
            }
        }
    }
}
