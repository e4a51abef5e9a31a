//! Proper scores of probability forecasts.

use super::forecasts::{Atom, Forecasts};
use crate::Undefined;

/// Which proper score a method is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProperScore {
    /// Mean squared error of the probability.
    Brier,
    /// Mean negative log-probability of what happened, natural logarithm.
    Log,
}

impl ProperScore {
    /// Mean score of the forecasts, smaller is better; `no_data`, or `infinite` for a log score that was contradicted.
    pub fn mean(self, forecasts: &Forecasts) -> Result<f64, Undefined> {
        let own: Vec<f64> = forecasts.atoms().iter().map(|atom| atom.p).collect();
        self.mean_of(forecasts.atoms(), &own)
    }

    /// Mean score when `replacement[k]` is forecast in place of the probability of atom k.
    pub(super) fn mean_of(self, atoms: &[Atom], replacement: &[f64]) -> Result<f64, Undefined> {
        if atoms.is_empty() {
            return Err(Undefined::NoData);
        }
        let (mut total, mut n) = (0.0, 0.0);
        for (atom, &p) in atoms.iter().zip(replacement) {
            let negatives = atom.n - atom.positives;
            n += atom.n;
            total += match self {
                Self::Brier => atom.positives * (1.0 - p).powi(2) + negatives * p * p,
                Self::Log if contradicted(atom, p) > 0.0 => return Err(Undefined::Infinite),
                Self::Log => -(weighted_ln(atom.positives, p) + weighted_ln(negatives, 1.0 - p)),
            };
        }
        Ok(total / n)
    }
}

/// `weight * ln(p)`, 0 where the weight is 0.
fn weighted_ln(weight: f64, p: f64) -> f64 {
    if weight == 0.0 { 0.0 } else { weight * p.ln() }
}

/// Items for which `p` was certain and wrong.
fn contradicted(atom: &Atom, p: f64) -> f64 {
    let positives = if p <= 0.0 { atom.positives } else { 0.0 };
    let negatives = if p >= 1.0 { atom.n - atom.positives } else { 0.0 };
    positives + negatives
}

/// Brier score: the mean squared difference between forecast probability and outcome.
///
/// For a first look at probability forecasts. It mixes calibration with separation: [`corp`](super::corp) takes it apart.
///
/// **Returns**: 0 (perfect) to 1. **Undefined**: `no_data`. **Cost**: O(atoms).
/// **Source**: Brier (1950), half his two-class form; agrees with scikit-learn 1.9.1 to 1e-12.
///
/// ```
/// use lacuna_stats::calibration::{Forecasts, brier_score};
/// // (1/4 + 1/16) / 2
/// let forecasts = Forecasts::new(&[0.5, 0.25], &[true, false])?;
/// assert_eq!(brier_score(&forecasts), Ok(0.15625));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn brier_score(forecasts: &Forecasts) -> Result<f64, Undefined> {
    ProperScore::Brier.mean(forecasts)
}

/// Logarithmic score, with what certainty did to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLoss {
    /// Mean negative log-probability of the outcome; `infinite` where a forecast of 0 or 1 was contradicted.
    pub value: Result<f64, Undefined>,
    /// The same with forecasts held within [1e-15, 1 - 1e-15]: comparable with other software, and arbitrary.
    pub clipped: f64,
    /// Items whose forecast was certain and wrong.
    pub contradicted: f64,
}

/// Distance from 0 and 1 at which other software clips.
const CLIP: f64 = 1e-15;

/// Logarithmic score (log loss, cross-entropy) in nats.
///
/// Punishes confident errors without bound. One contradicted certainty makes it infinite, which is a finding about the
/// judge and not a number: then read `contradicted`.
///
/// **Returns**: 0 or more. **Undefined**: `no_data`; the value `infinite`. **Cost**: O(atoms).
/// **Source**: Good (1952); the clipped value agrees with scikit-learn 1.9.1 `log_loss` to 1e-12.
pub fn log_loss(forecasts: &Forecasts) -> Result<LogLoss, Undefined> {
    let clipped: Vec<f64> = forecasts.atoms().iter().map(|atom| atom.p.clamp(CLIP, 1.0 - CLIP)).collect();
    Ok(LogLoss {
        clipped: ProperScore::Log.mean_of(forecasts.atoms(), &clipped)?,
        value: ProperScore::Log.mean(forecasts),
        contradicted: forecasts.atoms().iter().map(|atom| contradicted(atom, atom.p)).sum(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::forecasts::arbitrary;

    /// 1/2 and 1/4, both came true: -(ln 1/2 + ln 1/4) / 2 = 3/2 ln 2.
    #[test]
    fn log_loss_by_hand() {
        let loss = log_loss(&Forecasts::new(&[0.5, 0.25], &[true, true]).unwrap()).unwrap();
        assert!((loss.value.unwrap() - 1.5 * 2.0_f64.ln()).abs() < 1e-15);
        assert_eq!(loss.contradicted, 0.0);
    }

    #[test]
    fn a_contradicted_certainty_is_infinite_and_counted() {
        let loss = log_loss(&Forecasts::new(&[0.0, 1.0, 1.0], &[true, false, true]).unwrap()).unwrap();
        assert_eq!((loss.value, loss.contradicted), (Err(Undefined::Infinite), 2.0));
        assert!((loss.clipped - 2.0 / 3.0 * -(1e-15_f64.ln())).abs() < 0.1);
        let certain = log_loss(&Forecasts::new(&[0.0, 1.0], &[false, true]).unwrap()).unwrap();
        assert_eq!(certain.value, Ok(0.0));
        let none = Forecasts::new(&[], &[]).unwrap();
        assert_eq!((brier_score(&none), log_loss(&none)), (Err(Undefined::NoData), Err(Undefined::NoData)));
    }

    #[test]
    fn scores_are_means_over_items() {
        let mut random = Arbitrary::new(5);
        for _ in 0..300 {
            let (p, y) = arbitrary(&mut random);
            let forecasts = Forecasts::new(&p, &y).unwrap();
            let Ok(brier) = brier_score(&forecasts) else {
                assert!(p.is_empty());
                continue;
            };
            let direct: f64 = p.iter().zip(&y).map(|(p, y)| (p - f64::from(*y)).powi(2)).sum::<f64>() / p.len() as f64;
            assert!((brier - direct).abs() < 1e-14);
            let loss = log_loss(&forecasts).unwrap();
            assert_eq!(loss.value.is_err(), loss.contradicted > 0.0);
            assert!(loss.clipped >= 0.0);
        }
    }
}
