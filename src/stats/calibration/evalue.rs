//! An e-value against calibration.

use super::forecasts::Forecasts;
use crate::Undefined;
use crate::input::{Clusters, InputError, all_probabilities, same_length};

/// What one fold says against calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FoldEvidence {
    /// Natural logarithm of the fold's e-value.
    Log(f64),
    /// A forecast was certain and wrong: the e-value is infinite, calibration is refuted outright.
    Unbounded,
    /// The rival forecast was certain and wrong: the e-value is 0.
    Nothing,
}

/// Evidence against calibration.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationEvidence {
    /// One entry a fold, in the order of the sorted fold ids.
    pub folds: Vec<FoldEvidence>,
    /// Logarithm of the mean e-value over folds; reject calibration at ln 20 = 3.0 (5%). `infinite` where a fold is
    /// unbounded or all folds are 0.
    pub log_e: Result<f64, Undefined>,
}

/// Cross-fitted e-value against calibration: how much better a recalibrated forecast q predicts than the judge's own p.
///
/// May be looked at any time and averaged over judges, which a p-value may not. Items are assumed independent given p:
/// with clusters it describes and does not test.
///
/// **Inputs**: forecast p, rival forecast q (fitted **without** the item's fold, for example by
/// [`crossfit`](crate::recalibrate::crossfit)), outcome and fold id per item; folds are whole clusters.
/// **Returns**: log e-values by fold and of their mean (never the product: folds share training data).
/// **Undefined**: `no_data`; `infinite`. **Errors**: lengths differ, or a value is not a probability. **Cost**: O(n).
/// **Source**: Henzi, Puke, Dimitriadis and Ziegel (2024), NEJSDS; Vovk and Wang (2021) for averaging.
pub fn calibration_evidence(
    p: &[f64],
    rival: &[f64],
    outcomes: &[bool],
    folds: &[usize],
) -> Result<Result<CalibrationEvidence, Undefined>, InputError> {
    same_length("rival forecasts", rival.len(), p.len())?;
    same_length("outcomes", outcomes.len(), p.len())?;
    same_length("folds", folds.len(), p.len())?;
    all_probabilities("forecasts", p)?;
    all_probabilities("rival forecasts", rival)?;
    if p.is_empty() {
        return Ok(Err(Undefined::NoData));
    }
    let members = Clusters::new(folds).members();
    let folds: Vec<FoldEvidence> = members.iter().map(|items| fold_evidence(p, rival, outcomes, items)).collect();
    let log_e = log_mean(&folds);
    Ok(Ok(CalibrationEvidence { folds, log_e }))
}

fn fold_evidence(p: &[f64], rival: &[f64], outcomes: &[bool], items: &[usize]) -> FoldEvidence {
    let of = |forecast: &[f64], item: usize| if outcomes[item] { forecast[item] } else { 1.0 - forecast[item] };
    if items.iter().any(|&item| of(p, item) <= 0.0) {
        return FoldEvidence::Unbounded;
    }
    if items.iter().any(|&item| of(rival, item) <= 0.0) {
        return FoldEvidence::Nothing;
    }
    FoldEvidence::Log(items.iter().map(|&item| (of(rival, item) / of(p, item)).ln()).sum())
}

/// [`calibration_evidence`] from counts per distinct forecast, one table a fold.
///
/// **Inputs**: one table a fold; the rival forecast of each of its atoms. **Returns**, **Undefined**: as
/// [`calibration_evidence`]. **Errors**: lengths differ, or a rival is no probability. **Cost**: O(atoms).
pub fn calibration_evidence_of_counts(
    folds: &[Forecasts],
    rivals: &[Vec<f64>],
) -> Result<Result<CalibrationEvidence, Undefined>, InputError> {
    same_length("rival forecasts", rivals.len(), folds.len())?;
    for (fold, rival) in folds.iter().zip(rivals) {
        same_length("rival forecasts", rival.len(), fold.atoms().len())?;
        all_probabilities("rival forecasts", rival)?;
    }
    if folds.iter().all(|fold| fold.atoms().is_empty()) {
        return Ok(Err(Undefined::NoData));
    }
    let folds: Vec<FoldEvidence> = folds.iter().zip(rivals).map(|(fold, rival)| of_counts(fold, rival)).collect();
    let log_e = log_mean(&folds);
    Ok(Ok(CalibrationEvidence { folds, log_e }))
}

fn of_counts(fold: &Forecasts, rival: &[f64]) -> FoldEvidence {
    let wrong = |positives: f64, negatives: f64, p: f64| (positives > 0.0 && p <= 0.0) || (negatives > 0.0 && p >= 1.0);
    let cells =
        || fold.atoms().iter().zip(rival).map(|(atom, q)| (atom.positives, atom.n - atom.positives, atom.p, *q));
    if cells().any(|(positives, negatives, p, _)| wrong(positives, negatives, p)) {
        return FoldEvidence::Unbounded;
    }
    if cells().any(|(positives, negatives, _, q)| wrong(positives, negatives, q)) {
        return FoldEvidence::Nothing;
    }
    let part = |count: f64, q: f64, p: f64| if count > 0.0 { count * (q / p).ln() } else { 0.0 };
    FoldEvidence::Log(
        cells().map(|(positives, negatives, p, q)| part(positives, q, p) + part(negatives, 1.0 - q, 1.0 - p)).sum(),
    )
}

/// ln of the mean of the e-values, by the largest exponent.
fn log_mean(folds: &[FoldEvidence]) -> Result<f64, Undefined> {
    if folds.contains(&FoldEvidence::Unbounded) {
        return Err(Undefined::Infinite);
    }
    let logs: Vec<f64> =
        folds.iter().filter_map(|fold| if let FoldEvidence::Log(log) = fold { Some(*log) } else { None }).collect();
    let largest = logs.iter().copied().reduce(f64::max).ok_or(Undefined::Infinite)?;
    let sum: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
    Ok(largest + (sum / folds.len() as f64).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// p = 1/2 throughout. Fold 0: q = 3/4 came true, e = 3/2. Fold 1: q = 3/4 failed twice, e = 1/4. Mean 7/8.
    #[test]
    fn worked_by_hand() {
        let evidence = calibration_evidence(&[0.5; 3], &[0.75; 3], &[true, false, false], &[0, 1, 1]).unwrap().unwrap();
        let FoldEvidence::Log(first) = evidence.folds[0] else { panic!("{evidence:?}") };
        assert!((first - 1.5_f64.ln()).abs() < 1e-15);
        assert!((evidence.log_e.unwrap() - 0.875_f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn certainty_that_was_wrong() {
        let of = |p: [f64; 2], q: [f64; 2]| calibration_evidence(&p, &q, &[true, true], &[0, 1]).unwrap().unwrap();
        let refuted = of([0.0, 0.5], [0.5, 0.5]);
        assert_eq!((refuted.folds[0], refuted.log_e), (FoldEvidence::Unbounded, Err(Undefined::Infinite)));
        let rival = of([0.5, 0.5], [0.0, 1.0]);
        assert_eq!(rival.folds[0], FoldEvidence::Nothing);
        assert!(rival.log_e.unwrap().abs() < 1e-15);
        assert_eq!(of([0.5, 0.5], [0.0, 0.0]).log_e, Err(Undefined::Infinite));
    }

    /// Under calibration E[e] = 1: over both outcomes of one item, p q/p + (1-p)(1-q)/(1-p) = 1.
    #[test]
    fn the_expectation_under_calibration_is_one() {
        for (p, q) in [(0.3, 0.9), (0.5, 0.1), (0.99, 0.4)] {
            let e = |outcome| calibration_evidence(&[p], &[q], &[outcome], &[0]).unwrap().unwrap().log_e.unwrap().exp();
            assert!((p * e(true) + (1.0 - p) * e(false) - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn undefined_and_malformed() {
        assert_eq!(calibration_evidence(&[], &[], &[], &[]), Ok(Err(Undefined::NoData)));
        assert!(calibration_evidence(&[0.5], &[], &[true], &[0]).is_err());
        assert!(calibration_evidence(&[0.5], &[0.5], &[], &[0]).is_err());
        assert!(calibration_evidence(&[0.5], &[0.5], &[true], &[]).is_err());
        assert!(calibration_evidence(&[0.5], &[1.5], &[true], &[0]).is_err());
    }

    #[test]
    fn counts_give_what_items_give() {
        let (p, rival) = ([0.2, 0.2, 0.7, 0.7, 0.2], [0.4, 0.4, 0.6, 0.9, 0.3]);
        let outcomes = [true, false, true, true, false];
        let of_items = calibration_evidence(&p, &rival, &outcomes, &[0, 0, 0, 1, 1]).unwrap().unwrap();
        let folds =
            [Forecasts::new(&p[..3], &outcomes[..3]).unwrap(), Forecasts::new(&p[3..], &outcomes[3..]).unwrap()];
        let rivals = [vec![0.4, 0.6], vec![0.3, 0.9]];
        let of_counts = calibration_evidence_of_counts(&folds, &rivals).unwrap().unwrap();
        assert!((of_items.log_e.unwrap() - of_counts.log_e.unwrap()).abs() < 1e-14);
        let certain = [Forecasts::new(&[0.0], &[true]).unwrap()];
        let refuted = calibration_evidence_of_counts(&certain, &[vec![0.5]]).unwrap().unwrap();
        assert_eq!((refuted.folds[0], refuted.log_e), (FoldEvidence::Unbounded, Err(Undefined::Infinite)));
        assert!(calibration_evidence_of_counts(&certain, &[vec![]]).is_err());
        assert_eq!(calibration_evidence_of_counts(&[], &[]).unwrap(), Err(Undefined::NoData));
    }
}
