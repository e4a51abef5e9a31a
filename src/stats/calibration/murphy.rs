//! Murphy's decomposition of the Brier score over bins.

use super::bins::{BinnedForecasts, Binning};
use super::forecasts::Forecasts;
use super::scores::brier_score;
use crate::Undefined;

/// The Brier score in parts: `brier = reliability - resolution + uncertainty + within_variance - within_covariance`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Murphy {
    /// The Brier score.
    pub brier: f64,
    /// Mean squared distance of forecast and outcome over bins; 0 is calibrated.
    pub reliability: f64,
    /// Variance of the bins' outcomes about the base rate; more is better.
    pub resolution: f64,
    /// Variance of the outcome.
    pub uncertainty: f64,
    /// Variance of forecasts inside bins; 0 when bins are atoms.
    pub within_variance: f64,
    /// Twice the covariance of forecast and outcome inside bins; 0 when bins are atoms.
    pub within_covariance: f64,
    /// Resolution that also counts what is resolved inside bins.
    pub generalised_resolution: f64,
    /// Reliability less its bias from the bins' finite counts; may be negative, and is then printed so.
    pub reliability_corrected: f64,
    /// Resolution less its bias.
    pub resolution_corrected: f64,
    /// Uncertainty less its bias.
    pub uncertainty_corrected: f64,
}

/// Murphy's decomposition, with the terms inside bins and the finite-sample corrections.
///
/// [`corp`](super::corp) is the decomposition to report: it needs no bins. This one is for comparison with published
/// tables, on atoms or on fixed bins.
///
/// **Inputs**: forecasts; how they are binned. **Returns**: the ten terms of [`Murphy`].
/// **Undefined**: `no_data`. A bin of one item adds nothing to the corrections. **Cost**: O(atoms).
/// **Source**: Murphy (1973); Stephenson, Coelho and Jolliffe (2008), Weather and Forecasting 23:752, for the terms
/// inside bins; Ferro and Fricker (2012), QJRMS 138:1954, for the corrections. R SpecsVerification shrinks the
/// corrections to stay non-negative, which this does not.
pub fn murphy(forecasts: &Forecasts, binning: Binning) -> Result<Murphy, Undefined> {
    let brier = brier_score(forecasts)?;
    let base_rate = forecasts.base_rate()?;
    let bins = BinnedForecasts::new(forecasts, binning);
    let n = forecasts.n();
    let (mut reliability, mut resolution, mut bias) = (0.0, 0.0, 0.0);
    for bin in bins.bins() {
        let (forecast, observed) = (bin.mean_forecast(), bin.observed());
        reliability += bin.n * (forecast - observed).powi(2) / n;
        resolution += bin.n * (observed - base_rate).powi(2) / n;
        if bin.n > 1.0 {
            bias += bin.n * observed * (1.0 - observed) / (bin.n - 1.0) / n;
        }
    }
    let (mut within_variance, mut within_covariance) = (0.0, 0.0);
    for (atom, &bin) in forecasts.atoms().iter().zip(bins.bin_of_atom()) {
        let bin = &bins.bins()[bin];
        let deviation = atom.p - bin.mean_forecast();
        within_variance += atom.n * deviation.powi(2) / n;
        within_covariance += 2.0 * (atom.positives - atom.n * bin.observed()) * deviation / n;
    }
    let uncertainty = base_rate * (1.0 - base_rate);
    let of_base_rate = if n > 1.0 { uncertainty / (n - 1.0) } else { 0.0 };
    Ok(Murphy {
        brier,
        reliability,
        resolution,
        uncertainty,
        within_variance,
        within_covariance,
        generalised_resolution: resolution - within_variance + within_covariance,
        reliability_corrected: reliability - bias,
        resolution_corrected: resolution - bias + of_base_rate,
        uncertainty_corrected: uncertainty + of_base_rate,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::forecasts::arbitrary;

    /// Forecasts 1/2 (one of two true) and 1 (both true): base rate 3/4, reliability 0, resolution
    /// 1/2 (1/16 + 1/16) = 1/16, uncertainty 3/16; Brier = 3/16 - 1/16 = 1/8. Correction: 2 * 1/4 / 1 / 4 = 1/8 for the
    /// first bin, 3/16 / 3 = 1/16 for the base rate.
    #[test]
    fn worked_by_hand() {
        let forecasts = Forecasts::new(&[0.5, 0.5, 1.0, 1.0], &[true, false, true, true]).unwrap();
        let terms = murphy(&forecasts, Binning::Atoms).unwrap();
        assert_eq!((terms.brier, terms.reliability, terms.resolution), (0.125, 0.0, 0.0625));
        assert_eq!((terms.uncertainty, terms.within_variance), (0.1875, 0.0));
        assert_eq!((terms.reliability_corrected, terms.resolution_corrected), (-0.125, 0.0));
        assert_eq!(terms.uncertainty_corrected, 0.25);
    }

    #[test]
    fn the_parts_add_up() {
        let mut random = Arbitrary::new(6);
        for _ in 0..300 {
            let (p, y) = arbitrary(&mut random);
            let forecasts = Forecasts::new(&p, &y).unwrap();
            let Ok(terms) = murphy(&forecasts, Binning::equal_width(3)) else {
                assert!(p.is_empty());
                continue;
            };
            let sum = terms.reliability - terms.resolution + terms.uncertainty + terms.within_variance
                - terms.within_covariance;
            assert!((sum - terms.brier).abs() < 1e-14);
            let corrected = terms.reliability_corrected - terms.resolution_corrected + terms.uncertainty_corrected;
            let plain = terms.reliability - terms.resolution + terms.uncertainty;
            assert!((corrected - plain).abs() < 1e-14);
        }
    }
}
