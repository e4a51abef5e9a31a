//! A band for the calibration curve that holds at any number of items.

use super::forecasts::Forecasts;
use crate::stats::Undefined;
use crate::stats::input::Confidence;
use crate::stats::special::{beta_cdf, beta_quantile, beta_sf};

/// The band at one distinct forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandPoint {
    /// The forecast.
    pub p: f64,
    /// Lower limit of P(positive | forecast).
    pub lower: f64,
    /// Upper limit; below `lower` somewhere, the data refute that the curve rises.
    pub upper: f64,
}

/// Simultaneous confidence band for a rising calibration curve, valid in finite samples.
///
/// The honest band: where it leaves the diagonal, the judge is miscalibrated there, at one error rate for the whole
/// curve and without asymptotics. It assumes independent items and a curve that rises; report it as iid. Wide by
/// construction.
///
/// **Inputs**: forecasts (counts per atom; fractional ones are taken as they are); the simultaneous level.
/// **Returns**: one point an atom, ascending. Crossed limits are returned as they are.
/// **Undefined**: `no_data`. **Cost**: O(atoms^2) beta quantiles: round the forecasts to at most 200 values before.
/// **Source**: Dimitriadis, Dümbgen, Henzi, Puke and Ziegel (2023), Biometrika 110:663, at the distinct
/// forecasts, delta = alpha / (N (N + 1)); agrees with R calibrationband 0.2 to 4e-15.
pub fn calibration_band(forecasts: &Forecasts, confidence: Confidence) -> Result<Vec<BandPoint>, Undefined> {
    let atoms = forecasts.atoms();
    if atoms.is_empty() {
        return Err(Undefined::NoData);
    }
    let count = atoms.len() as f64;
    let delta = (1.0 - confidence.level()) / (count * (count + 1.0));
    let (mut lower, mut upper) = (vec![0.0_f64; atoms.len()], vec![1.0_f64; atoms.len()]);
    for (start, upper) in upper.iter_mut().enumerate() {
        let (mut positives, mut n) = (0.0, 0.0);
        for (atom, lower) in atoms[start..].iter().zip(&mut lower[start..]) {
            positives += atom.positives;
            n += atom.n;
            // Clopper-Pearson limits of the block: the lower one holds from its end on, the upper one up to its start.
            // Where a limit would not improve, its tail says so at a tenth of the cost of the quantile.
            let (hits, misses) = (positives, n - positives);
            if hits > 0.0 && (*lower <= 0.0 || beta_cdf(*lower, hits, misses + 1.0) < delta) {
                *lower = lower.max(beta_quantile(delta, hits, misses + 1.0));
            }
            if misses > 0.0 && (*upper >= 1.0 || beta_sf(*upper, hits + 1.0, misses) < delta) {
                *upper = upper.min(beta_quantile(1.0 - delta, hits + 1.0, misses));
            }
        }
    }
    for index in 1..atoms.len() {
        lower[index] = lower[index].max(lower[index - 1]);
    }
    for index in (1..atoms.len()).rev() {
        upper[index - 1] = upper[index - 1].min(upper[index]);
    }
    let point = |index: usize| BandPoint { p: atoms[index].p, lower: lower[index], upper: upper[index] };
    Ok((0..atoms.len()).map(point).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::arbitrary::Arbitrary;
    use crate::stats::calibration::forecasts::arbitrary;

    /// One atom, both of two items positive: delta = alpha / 2 = 0.025, lower limit sqrt(0.025), upper limit 1.
    #[test]
    fn one_atom_by_hand() {
        let forecasts = Forecasts::new(&[0.5, 0.5], &[true, true]).unwrap();
        let band = calibration_band(&forecasts, Confidence::DEFAULT).unwrap();
        assert_eq!((band.len(), band[0].p, band[0].upper), (1, 0.5, 1.0));
        assert!((band[0].lower - 0.025_f64.sqrt()).abs() < 1e-12);
    }

    /// Two atoms, delta = 0.05 / 6. One item each, 0 then 1: the upper limit at the first is that of block {1} or of
    /// both, min(1 - delta, u(1 of 2) = sqrt(1 - delta)); u(0 of 1) = 1 - delta is the smaller.
    #[test]
    fn two_atoms_by_hand() {
        let forecasts = Forecasts::new(&[0.2, 0.8], &[false, true]).unwrap();
        let band = calibration_band(&forecasts, Confidence::DEFAULT).unwrap();
        let delta = 0.05 / 6.0;
        assert!((band[0].upper - (1.0 - delta)).abs() < 1e-12 && band[0].lower == 0.0);
        assert!((band[1].lower - delta).abs() < 1e-12 && band[1].upper == 1.0);
    }

    /// Enough items against the order refute a rising curve: the limits cross.
    #[test]
    fn a_falling_curve_crosses_the_limits() {
        let (mut p, mut y) = (vec![0.1; 40], vec![true; 40]);
        p.extend([0.9; 40]);
        y.extend([false; 40]);
        let band = calibration_band(&Forecasts::new(&p, &y).unwrap(), Confidence::DEFAULT).unwrap();
        assert!(band[0].lower > band[0].upper);
    }

    #[test]
    fn limits_rise_stay_in_range_and_no_data_is_undefined() {
        let none = Forecasts::new(&[], &[]).unwrap();
        assert_eq!(calibration_band(&none, Confidence::DEFAULT), Err(Undefined::NoData));
        let mut random = Arbitrary::new(14);
        for _ in 0..100 {
            let (p, y) = arbitrary(&mut random);
            let Ok(band) = calibration_band(&Forecasts::new(&p, &y).unwrap(), Confidence::DEFAULT) else { continue };
            assert!(band.is_sorted_by(|a, b| a.lower <= b.lower && a.upper <= b.upper));
            assert!(band.iter().all(|point| point.lower >= 0.0 && point.upper <= 1.0));
        }
    }
}
