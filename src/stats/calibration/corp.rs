//! The CORP decomposition of a proper score.

use super::forecasts::Forecasts;
use super::isotonic::{calibrated, pool_adjacent_violators};
use super::scores::ProperScore;
use crate::Undefined;

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
/// use lacuna_stats::calibration::{Forecasts, ProperScore, corp};
/// // Forecast 0.3 four times, one positive: the curve is 1/4, so MCB = (0.3 - 1/4)^2.
/// let forecasts = Forecasts::new(&[0.3; 4], &[true, false, false, false])?;
/// let parts = corp(&forecasts, ProperScore::Brier).unwrap();
/// assert!((parts.miscalibration.unwrap() - 0.0025).abs() < 1e-15);
/// assert_eq!((parts.discrimination, parts.uncertainty), (0.0, 0.1875));
/// # Ok::<(), lacuna_stats::InputError>(())
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

/// The CORP parts of the Brier score without each cluster in turn, for a jackknife.
///
/// **Inputs**: the table of all clusters together; one table a cluster. **Returns**: one entry a cluster, in order.
/// **Undefined**: `no_data` where nothing is left, or where a cluster is no part of the table. **Cost**: O(atoms of the whole) a
/// cluster. **Source**: [`corp`].
pub fn brier_parts_without(whole: &Forecasts, clusters: &[Forecasts]) -> Vec<Result<Corp, Undefined>> {
    let atoms = whole.atoms();
    let without = |cluster: &Forecasts| {
        let mut counts: Vec<(f64, f64)> = atoms.iter().map(|atom| (atom.positives, atom.n)).collect();
        for atom in cluster.atoms() {
            let counts = &mut counts[whole.position(atom.p).ok_or(Undefined::NoData)?];
            counts.0 -= atom.positives;
            counts.1 -= atom.n;
        }
        brier_parts(atoms, &counts)
    };
    clusters.iter().map(without).collect()
}

/// The parts from positives and items per atom; atoms without items count for nothing.
fn brier_parts(atoms: &[super::Atom], counts: &[(f64, f64)]) -> Result<Corp, Undefined> {
    let occupied = || counts.iter().zip(atoms).filter(|((_, n), _)| *n > 0.0);
    let (positives, n) = occupied().fold((0.0, 0.0), |(sum, total), ((p, n), _)| (sum + p, total + n));
    if n <= 0.0 {
        return Err(Undefined::NoData);
    }
    // Positives at r cost (1 - r)^2, negatives r^2: P - 2 r P + r^2 n in all.
    let cost = |positives: f64, n: f64, r: f64| positives - 2.0 * r * positives + r * r * n;
    let fitted = pool_adjacent_violators(occupied().map(|(counts, _)| *counts));
    let own: f64 = occupied().map(|((positives, n), atom)| cost(*positives, *n, atom.p)).sum();
    let best: f64 = occupied().zip(fitted).map(|(((positives, n), _), r)| cost(*positives, *n, r)).sum();
    let uncertainty = positives / n * (1.0 - positives / n);
    Ok(Corp {
        score: Ok(own / n),
        miscalibration: Ok(((own - best) / n).max(0.0)),
        discrimination: (uncertainty - best / n).max(0.0),
        uncertainty,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::forecasts::arbitrary;

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

    #[test]
    fn without_a_cluster_is_the_decomposition_of_the_rest() {
        let mut random = crate::arbitrary::Arbitrary::new(29);
        for _ in 0..50 {
            let table = |random: &mut crate::arbitrary::Arbitrary| {
                let (p, y) = crate::calibration::forecasts::arbitrary(random);
                Forecasts::new(&p, &y).unwrap()
            };
            let clusters: Vec<Forecasts> = (0..4).map(|_| table(&mut random)).collect();
            let found = brier_parts_without(&Forecasts::merged(&clusters), &clusters);
            for (left_out, found) in found.iter().enumerate() {
                let rest = clusters.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, table)| table);
                let expected = corp(&Forecasts::merged(rest), ProperScore::Brier);
                let (Ok(found), Ok(expected)) = (found, expected) else {
                    assert_eq!((found.is_err(), expected.is_err()), (true, true));
                    continue;
                };
                for (one, other) in [
                    (found.score.unwrap(), expected.score.unwrap()),
                    (found.miscalibration.unwrap(), expected.miscalibration.unwrap()),
                    (found.discrimination, expected.discrimination),
                    (found.uncertainty, expected.uncertainty),
                ] {
                    assert!((one - other).abs() < 1e-12, "{one} and {other}");
                }
            }
        }
    }
}
