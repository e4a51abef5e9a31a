//! The CORP decomposition of a proper score.

use super::forecasts::Forecasts;
use super::isotonic::calibrated;
use super::scores::ProperScore;
use crate::stats::Undefined;

/// A mean score in three parts: `score = miscalibration - discrimination + uncertainty`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corp {
    /// The mean score; `infinite` for a log score that was contradicted.
    pub score: Result<f64, Undefined>,
    /// MCB: what isotonic recalibration would save, 0 or more.
    pub miscalibration: Result<f64, Undefined>,
    /// DSC: what the calibrated forecast saves over the base rate, 0 or more.
    pub discrimination: f64,
    /// UNC: the score of the base rate.
    pub uncertainty: f64,
}

impl Corp {
    /// DSC / UNC: the share of the outcome's uncertainty that the judge could explain once recalibrated (for the Brier
    /// score, R^2); `one_class` where there is no uncertainty.
    pub fn explained(&self) -> Result<f64, Undefined> {
        if self.uncertainty > 0.0 { Ok(self.discrimination / self.uncertainty) } else { Err(Undefined::OneClass) }
    }
}

/// CORP decomposition of the mean score: miscalibration, discrimination, uncertainty. The calibration summary to report.
///
/// Tells a judge that can be fixed by recalibration (MCB) from one that does not see the harm (DSC). It has no bins and
/// nothing to tune. The same items fit the curve and are scored on it, so MCB of few items is above 0 even when
/// calibrated: put [`consistency_band`](super::consistency_band) beside it, and a cluster jackknife on clustered items.
///
/// **Inputs**: forecasts; the proper score. **Returns**: the three parts and their sum.
/// **Undefined**: `no_data`; score and miscalibration `infinite`. With one class UNC = DSC = 0; with a constant forecast
/// DSC = 0.
/// **Cost**: O(atoms).
/// **Source**: Dimitriadis, Gneiting and Jordan (2021), PNAS 118:e2016191118; agrees with model-diagnostics
/// 1.5.0 `decompose` to 1e-15.
///
/// ```
/// use lacuna::stats::calibration::{Forecasts, ProperScore, corp};
/// // Forecast 0.3 four times, one positive: the curve is 1/4, so MCB = (0.3 - 1/4)^2.
/// let forecasts = Forecasts::new(&[0.3; 4], &[true, false, false, false])?;
/// let parts = corp(&forecasts, ProperScore::Brier).unwrap();
/// assert!((parts.miscalibration.unwrap() - 0.0025).abs() < 1e-15);
/// assert_eq!((parts.discrimination, parts.uncertainty), (0.0, 0.1875));
/// # Ok::<(), lacuna::stats::InputError>(())
/// ```
pub fn corp(forecasts: &Forecasts, rule: ProperScore) -> Result<Corp, Undefined> {
    let base_rate = forecasts.base_rate()?;
    let atoms = forecasts.atoms();
    let recalibrated = rule.mean_of(atoms, &calibrated(atoms))?;
    let uncertainty = rule.mean_of(atoms, &vec![base_rate; atoms.len()])?;
    let score = rule.mean(forecasts);
    Ok(Corp {
        score,
        // The parts are non-negative by theory; what rounding leaves below 0 is 0.
        miscalibration: score.map(|score| (score - recalibrated).max(0.0)),
        discrimination: (uncertainty - recalibrated).max(0.0),
        uncertainty,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::arbitrary::Arbitrary;
    use crate::stats::calibration::forecasts::arbitrary;

    /// Forecasts 1/4 (false) and 3/4 (true): curve 0 and 1. Brier 1/16 = MCB 1/16 - DSC 1/4 + UNC 1/4.
    #[test]
    fn worked_by_hand() {
        let forecasts = Forecasts::new(&[0.25, 0.75], &[false, true]).unwrap();
        let parts = corp(&forecasts, ProperScore::Brier).unwrap();
        assert_eq!((parts.score, parts.miscalibration), (Ok(0.0625), Ok(0.0625)));
        assert_eq!((parts.discrimination, parts.uncertainty, parts.explained()), (0.25, 0.25, Ok(1.0)));
    }

    #[test]
    fn undefined_with_its_reason() {
        let none = Forecasts::new(&[], &[]).unwrap();
        assert_eq!(corp(&none, ProperScore::Brier), Err(Undefined::NoData));
        let contradicted = Forecasts::new(&[0.0, 0.5, 0.5], &[true, true, false]).unwrap();
        let parts = corp(&contradicted, ProperScore::Log).unwrap();
        assert_eq!((parts.score, parts.miscalibration), (Err(Undefined::Infinite), Err(Undefined::Infinite)));
        assert!(parts.uncertainty > 0.0);
        let one_class = Forecasts::new(&[0.3, 0.6], &[true, true]).unwrap();
        let parts = corp(&one_class, ProperScore::Brier).unwrap();
        assert_eq!((parts.discrimination, parts.uncertainty), (0.0, 0.0));
        assert_eq!(parts.explained(), Err(Undefined::OneClass));
    }

    /// The parts add up; recalibrated forecasts have MCB 0 and the same DSC; a monotone map leaves DSC alone.
    #[test]
    fn recalibration_takes_the_miscalibration_and_nothing_else() {
        let mut random = Arbitrary::new(9);
        for _ in 0..300 {
            let (p, y) = arbitrary(&mut random);
            for rule in [ProperScore::Brier, ProperScore::Log] {
                let Ok(parts) = corp(&Forecasts::new(&p, &y).unwrap(), rule) else {
                    assert!(p.is_empty());
                    continue;
                };
                if let (Ok(score), Ok(miscalibration)) = (parts.score, parts.miscalibration) {
                    assert!((score - (miscalibration - parts.discrimination + parts.uncertainty)).abs() < 1e-13);
                }
                let squeezed: Vec<f64> = p.iter().map(|p| 0.25 + p / 2.0).collect();
                let other = corp(&Forecasts::new(&squeezed, &y).unwrap(), rule).unwrap();
                assert!((other.discrimination - parts.discrimination).abs() < 1e-13);
                assert!(parts.discrimination <= parts.uncertainty + 1e-13);
            }
        }
    }
}
