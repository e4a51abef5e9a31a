//! Expected calibration error over bins, and its corrections.

use std::f64::consts::PI;

use super::bins::{Bin, BinnedForecasts, Binning};
use super::forecasts::Forecasts;
use crate::Undefined;
use crate::special::normal_cdf;

/// Binned calibration errors: distances between mean forecast and observed share, weighted by the bins' counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationError {
    /// Mean absolute distance, the ECE.
    pub ece: f64,
    /// Root mean square distance.
    pub l2: f64,
    /// Largest distance.
    pub largest: f64,
    /// Root mean square distance without the noise of the bins' shares, 0 where that leaves less than nothing.
    pub l2_debiased: f64,
    /// Its square before the root; may be negative.
    pub l2_squared_debiased: f64,
    /// Mean absolute distance less its expected excess from noise.
    pub l1_debiased: f64,
    /// Non-empty bins.
    pub bins: usize,
}

/// Expected calibration error, its relatives, and their corrections for finite counts.
///
/// Report [`corp`](super::corp) first and this second, always with the binning. The plain ECE of a perfectly calibrated
/// judge is about 0.14 at 50 items and 0.04 at 500: never compare it between judges with different n.
///
/// **Inputs**: forecasts; how they are binned ([`Binning::recommended`] for our reports).
/// **Returns**: distances 0 to 1. **Undefined**: `no_data`. **Cost**: O(atoms).
/// **Source**: Naeini, Cooper and Hauskrecht (2015) for the ECE; Kumar, Liang and Ma (2019) for the
/// debiased squares (a bin of one item adds nothing, as in their code); the debiased L1 is the expectation of the
/// Monte-Carlo correction of uncertainty-calibration 0.1.4, by the mean of a folded normal.
///
/// ```
/// use lacuna_stats::calibration::{Binning, Forecasts, calibration_error};
/// // Forecast 3/4 came true in 1 of 2; forecast 1/4 in 1 of 2: distance 1/4 each.
/// let forecasts = Forecasts::new(&[0.75, 0.75, 0.25, 0.25], &[true, false, true, false])?;
/// assert_eq!(calibration_error(&forecasts, Binning::Atoms).unwrap().ece, 0.25);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn calibration_error(forecasts: &Forecasts, binning: Binning) -> Result<CalibrationError, Undefined> {
    if forecasts.atoms().is_empty() {
        return Err(Undefined::NoData);
    }
    let binned = BinnedForecasts::new(forecasts, binning);
    let n = forecasts.n();
    let (mut ece, mut square, mut largest, mut debiased, mut expected) = (0.0, 0.0, 0.0_f64, 0.0, 0.0);
    for bin in binned.bins() {
        let (weight, distance) = (bin.n / n, bin.mean_forecast() - bin.observed());
        let spread = bin.observed() * (1.0 - bin.observed());
        ece += weight * distance.abs();
        square += weight * distance * distance;
        largest = largest.max(distance.abs());
        if bin.n > 1.0 {
            debiased += weight * (distance * distance - spread / (bin.n - 1.0));
        }
        expected += weight * expected_distance(bin, distance);
    }
    Ok(CalibrationError {
        ece,
        l2: square.sqrt(),
        largest,
        l2_debiased: debiased.max(0.0).sqrt(),
        l2_squared_debiased: debiased,
        l1_debiased: 2.0 * ece - expected,
        bins: binned.bins().len(),
    })
}

/// E|N(distance, s^2)| with s^2 the variance of the bin's share: the mean of a folded normal.
fn expected_distance(bin: &Bin, distance: f64) -> f64 {
    let spread = bin.observed() * (1.0 - bin.observed());
    if spread <= 0.0 {
        return distance.abs();
    }
    let s = (spread / bin.n).sqrt();
    let ratio = distance / s;
    s * (2.0 / PI).sqrt() * (-ratio * ratio / 2.0).exp() + distance * (1.0 - 2.0 * normal_cdf(-ratio))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::forecasts::arbitrary;

    /// One bin, 4 items at 1/2, 3 positives: distance 1/4; debiased square 1/16 - (3/16)/3 = 0;
    /// s^2 = 3/64. Calibrated bin of 4 (2 positives): s = 1/4, expected distance 1/4 sqrt(2/pi).
    #[test]
    fn worked_by_hand() {
        let off = Forecasts::new(&[0.5; 4], &[true, true, true, false]).unwrap();
        let error = calibration_error(&off, Binning::Atoms).unwrap();
        assert_eq!((error.ece, error.l2, error.largest, error.bins), (0.25, 0.25, 0.25, 1));
        assert_eq!((error.l2_squared_debiased, error.l2_debiased), (0.0, 0.0));
        let calibrated = Forecasts::new(&[0.5; 4], &[true, true, false, false]).unwrap();
        let error = calibration_error(&calibrated, Binning::Atoms).unwrap();
        assert_eq!(error.ece, 0.0);
        assert!((error.l1_debiased + 0.25 * (2.0 / PI).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn bounds_hold_and_no_data_is_undefined() {
        let none = Forecasts::new(&[], &[]).unwrap();
        assert_eq!(calibration_error(&none, Binning::Atoms), Err(Undefined::NoData));
        let mut random = Arbitrary::new(7);
        for _ in 0..300 {
            let (p, y) = arbitrary(&mut random);
            let forecasts = Forecasts::new(&p, &y).unwrap();
            for binning in [Binning::Atoms, Binning::equal_width(4), Binning::equal_mass(3)] {
                let Ok(error) = calibration_error(&forecasts, binning) else {
                    assert!(p.is_empty());
                    continue;
                };
                assert!(0.0 <= error.ece && error.ece <= error.l2 + 1e-15);
                assert!(error.l2 <= error.largest + 1e-15 && error.largest <= 1.0);
                assert!(error.l1_debiased <= error.ece + 1e-15);
                // Twice the data: the same distances.
                let twice = calibration_error(&Forecasts::merged([&forecasts, &forecasts]), binning).unwrap();
                assert!((twice.ece - error.ece).abs() < 1e-14);
            }
        }
    }
}
