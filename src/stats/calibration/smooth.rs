//! Smooth calibration error: calibration error under a kernel instead of bins.

use std::f64::consts::PI;

use super::forecasts::Forecasts;
use crate::Undefined;
use crate::input::InputError;

/// Smooth calibration error with the bandwidth at which it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmoothError {
    /// The error, 0 to 1.
    pub value: f64,
    /// The bandwidth; equal to the value, but for the floor of 0.001.
    pub bandwidth: f64,
}

/// The least bandwidth. Below it the kernel is finer than any forecast that a judge gives.
const LEAST_BANDWIDTH: f64 = 1e-3;
/// Intervals of the trapezoid rule on [0, 1]: two to the least bandwidth.
const INTERVALS: usize = 2048;
/// Cosine terms whose kernel factor is below e^-37, the rounding error of 1, are left out.
const LARGEST_EXPONENT: f64 = 37.0;
/// The fixed point is bracketed to this width.
const BRACKET: f64 = 1e-10;

/// Smooth expected calibration error (SmoothECE).
///
/// A calibration error that varies continuously with the forecasts, so that nothing hangs on where bins begin; the
/// bandwidth is chosen by the data (the error equals its own bandwidth). As every ECE it is above 0 for a calibrated
/// judge on few items.
///
/// **Returns**: the error and its bandwidth. **Undefined**: `no_data`.
/// **Cost**: O(atoms M + G M) for M cosine terms (26 at bandwidth 0.1, 2740 at 0.001) and G = 2049 grid points, per
/// bisection step.
/// **Source**: Blasiok and Nakkiran (2024, ICLR), with the reflected Gaussian kernel. Evaluated by the
/// cosine series of that kernel (it is the heat kernel of the unit interval with reflecting ends) rather than by
/// summing reflections; agrees with the exact fixed point to 1e-6 and with relplot 1.0.3 to its own mesh, 5e-3.
pub fn smooth_error(forecasts: &Forecasts) -> Result<SmoothError, Undefined> {
    let mut upper = 1.0;
    // The error does not rise with the bandwidth, so error - bandwidth has one root. A wide kernel needs few terms: the root
    // is sought from above.
    for lower in [0.1, 0.01, LEAST_BANDWIDTH] {
        let residuals = ResidualField::new(forecasts, lower)?;
        let at_lower = residuals.error_at(lower);
        if at_lower > lower {
            let bandwidth = root(&residuals, lower, upper);
            return Ok(SmoothError { value: residuals.error_at(bandwidth), bandwidth });
        }
        if lower == LEAST_BANDWIDTH {
            return Ok(SmoothError { value: at_lower, bandwidth: lower });
        }
        upper = lower;
    }
    unreachable!("the last bandwidth returns")
}

/// Where error - bandwidth changes sign: above 0 at `lower`, not above 0 at `upper`. Secants that keep the bracket
/// (the Illinois rule halves the weight of an end that stays).
fn root(residuals: &ResidualField, lower: f64, upper: f64) -> f64 {
    let excess = |bandwidth: f64| residuals.error_at(bandwidth) - bandwidth;
    let (mut low, mut high) = ((lower, excess(lower)), (upper, excess(upper)));
    let mut stayed = 0;
    if high.1 >= 0.0 {
        return upper;
    }
    while high.0 - low.0 > BRACKET {
        let secant = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
        let inside = if secant > low.0 && secant < high.0 { secant } else { f64::midpoint(low.0, high.0) };
        let value = excess(inside);
        if value.abs() <= BRACKET {
            return inside;
        }
        if value > 0.0 {
            low = (inside, value);
            high.1 *= if stayed == 1 { 0.5 } else { 1.0 };
            stayed = 1;
        } else {
            high = (inside, value);
            low.1 *= if stayed == -1 { 0.5 } else { 1.0 };
            stayed = -1;
        }
    }
    f64::midpoint(low.0, high.0)
}

/// Smooth calibration error at a given bandwidth.
///
/// **Inputs**: forecasts; the bandwidth, 0.001 to 1. **Returns**: 0 to 1. **Undefined**: `no_data`.
/// **Errors**: the bandwidth is out of range. **Cost** and **Source**: as [`smooth_error`].
pub fn smooth_error_at(forecasts: &Forecasts, bandwidth: f64) -> Result<Result<f64, Undefined>, InputError> {
    if !(LEAST_BANDWIDTH..=1.0).contains(&bandwidth) {
        if !bandwidth.is_finite() {
            return Err(InputError::NotFinite { what: "bandwidth", index: 0 });
        }
        return Err(InputError::OutOfRange { what: "bandwidth", index: 0, value: bandwidth, allowed: "0.001 to 1" });
    }
    Ok(ResidualField::new(forecasts, bandwidth).map(|residuals| residuals.error_at(bandwidth)))
}

/// The residuals (outcome - forecast) / n as a measure on [0, 1], by its cosine coefficients.
struct ResidualField {
    coefficients: Vec<f64>,
    /// cos(pi k / INTERVALS) for k = 0 to 2 INTERVALS - 1.
    cosines: Vec<f64>,
}

impl ResidualField {
    /// The field down to a bandwidth: a narrower kernel needs more terms.
    fn new(forecasts: &Forecasts, narrowest: f64) -> Result<Self, Undefined> {
        if forecasts.atoms().is_empty() {
            return Err(Undefined::NoData);
        }
        let n = forecasts.n();
        let residual = |atom: &super::Atom| (atom.positives - atom.n * atom.p) / n;
        let mut coefficients = vec![0.0; terms(narrowest) + 1];
        for atom in forecasts.atoms() {
            let (residual, (sine, cosine)) = (residual(atom), (PI * atom.p).sin_cos());
            // cos(pi m p) by turning m times through pi p: thousands of terms lose no more than four digits.
            let (mut x, mut y) = (1.0, 0.0);
            for coefficient in &mut coefficients {
                *coefficient += residual * x;
                (x, y) = (x * cosine - y * sine, x * sine + y * cosine);
            }
        }
        // On [0, 1] the functions sqrt(2) cos(pi m t) are orthonormal; the constant one has norm 1.
        coefficients.iter_mut().skip(1).for_each(|coefficient| *coefficient *= 2.0);
        let cosines = (0..2 * INTERVALS).map(|k| (PI * k as f64 / INTERVALS as f64).cos()).collect();
        Ok(Self { coefficients, cosines })
    }

    /// Integral over [0, 1] of the absolute smoothed residual.
    fn error_at(&self, bandwidth: f64) -> f64 {
        let damped: Vec<f64> = self.coefficients[..=terms(bandwidth)]
            .iter()
            .enumerate()
            .map(|(term, coefficient)| coefficient * (-(PI * term as f64 * bandwidth).powi(2) / 2.0).exp())
            .collect();
        let smoothed = |point: usize| {
            let term = |(term, value): (usize, &f64)| value * self.cosines[term * point % (2 * INTERVALS)];
            damped.iter().enumerate().map(term).sum::<f64>().abs()
        };
        let ends = (smoothed(0) + smoothed(INTERVALS)) / 2.0;
        ((1..INTERVALS).map(smoothed).sum::<f64>() + ends) / INTERVALS as f64
    }
}

/// Index of the last cosine term that matters at a bandwidth.
fn terms(bandwidth: f64) -> usize {
    ((2.0 * LARGEST_EXPONENT).sqrt() / (PI * bandwidth)).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::forecasts::arbitrary;
    use crate::calibration::{Binning, calibration_error};

    /// The smoothed residual as the definition has it: Gaussians reflected at 0 and 1, summed one by one.
    fn by_reflections(p: &[f64], y: &[bool], bandwidth: f64) -> f64 {
        let density = |x: f64| (-(x / bandwidth).powi(2) / 2.0).exp() / (bandwidth * (2.0 * PI).sqrt());
        let kernel = |t: f64, p: f64| -> f64 {
            (-8..=8).map(|j| density(t - p - 2.0 * f64::from(j)) + density(t + p - 2.0 * f64::from(j))).sum()
        };
        let at = |t: f64| {
            let residual = |(p, y): (&f64, &bool)| (f64::from(*y) - p) * kernel(t, *p);
            (p.iter().zip(y).map(residual).sum::<f64>() / p.len() as f64).abs()
        };
        let inner: f64 = (1..2000).map(|k| at(f64::from(k) / 2000.0)).sum();
        (inner + (at(0.0) + at(1.0)) / 2.0) / 2000.0
    }

    #[test]
    fn the_cosine_series_is_the_reflected_kernel() {
        let (p, y) = ([0.0, 0.15, 0.5, 0.5, 0.93], [true, false, true, false, false]);
        let forecasts = Forecasts::new(&p, &y).unwrap();
        for bandwidth in [0.01, 0.05, 0.3, 1.0] {
            let series = smooth_error_at(&forecasts, bandwidth).unwrap().unwrap();
            assert!((series - by_reflections(&p, &y, bandwidth)).abs() < 1e-5, "{bandwidth}");
        }
    }

    /// One forecast, residual 1/4: any kernel integrates to 1, so the error is 1/4 at every bandwidth.
    #[test]
    fn a_constant_forecast_by_hand() {
        let forecasts = Forecasts::new(&[0.5; 4], &[true, true, true, false]).unwrap();
        let error = smooth_error(&forecasts).unwrap();
        assert!((error.value - 0.25).abs() < 1e-9 && (error.bandwidth - 0.25).abs() < 1e-9);
        assert!((smooth_error_at(&forecasts, 0.001).unwrap().unwrap() - 0.25).abs() < 1e-9);
    }

    #[test]
    fn calibrated_is_zero_at_the_floor_and_bad_bandwidths_are_refused() {
        let forecasts = Forecasts::new(&[0.25; 4], &[true, false, false, false]).unwrap();
        assert_eq!(smooth_error(&forecasts), Ok(SmoothError { value: 0.0, bandwidth: 0.001 }));
        for bandwidth in [0.0, 1.5, f64::NAN] {
            assert!(smooth_error_at(&forecasts, bandwidth).is_err());
        }
        let none = Forecasts::new(&[], &[]).unwrap();
        assert_eq!(smooth_error(&none), Err(Undefined::NoData));
        assert_eq!(smooth_error_at(&none, 0.1), Ok(Err(Undefined::NoData)));
    }

    /// Smoothing cannot create error: never above the ECE on atoms, and it does not rise with the bandwidth.
    #[test]
    fn below_the_atoms_error_and_falling() {
        let mut random = Arbitrary::new(11);
        for _ in 0..10 {
            let (p, y) = arbitrary(&mut random);
            let forecasts = Forecasts::new(&p, &y).unwrap();
            let Ok(error) = smooth_error(&forecasts) else { continue };
            assert!(error.value <= calibration_error(&forecasts, Binning::Atoms).unwrap().ece + 1e-9);
            let at = |bandwidth| smooth_error_at(&forecasts, bandwidth).unwrap().unwrap();
            assert!(at(0.05) + 1e-9 >= at(0.2) && at(0.2) + 1e-9 >= at(0.8));
        }
    }
}
