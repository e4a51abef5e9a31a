//! Asymptotic confidence sequence of a mean.

use crate::input::{Confidence, InputError, all_finite};
use crate::{Interval, Undefined};

/// Confidence sequence of a mean of unbounded observations, valid from moderate times on.
///
/// For streams that [`hedged_sequence`](super::hedged_sequence) cannot take, such as residuals of prediction-powered
/// inference. Use it from 50 observations on; before, it does not hold.
///
/// **Inputs**: independent observations so far (for clusters, scenario means); the level over all times; the time at which
/// the sequence is to be narrowest. **Returns**: the interval after the last observation.
/// **Undefined**: `too_few` with fewer than two observations; `zero_variance`; `incompatible` at levels so low (below some
/// 13%) that no time can be the narrowest.
/// **Errors**: an observation is not finite, or the time is not above 0. **Cost**: O(T).
/// **Source**: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Annals of Statistics; tuned
/// by their approximation; population standard deviation.
pub fn asymptotic_sequence(
    values: &[f64],
    confidence: Confidence,
    narrowest_at: f64,
) -> Result<Result<Interval, Undefined>, InputError> {
    all_finite("observations", values)?;
    if !narrowest_at.is_finite() {
        return Err(InputError::NotFinite { what: "narrowest time", index: 0 });
    }
    if narrowest_at <= 0.0 {
        let value = narrowest_at;
        return Err(InputError::OutOfRange { what: "narrowest time", index: 0, value, allowed: "above 0" });
    }
    Ok(interval(values, 1.0 - confidence.level(), narrowest_at))
}

/// A standard deviation below this share of the largest value is that of a constant; what is left of it is rounding.
const NO_VARIANCE: f64 = 1e-14;

fn interval(values: &[f64], alpha: f64, narrowest_at: f64) -> Result<Interval, Undefined> {
    if values.len() < 2 {
        return Err(Undefined::TooFew);
    }
    let t = values.len() as f64;
    let mean = values.iter().sum::<f64>() / t;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / t).sqrt();
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if sd <= NO_VARIANCE * largest {
        return Err(Undefined::ZeroVariance);
    }
    let twice = -2.0 * alpha.ln();
    let tuning = (twice + twice.ln() + 1.0) / narrowest_at;
    if tuning <= 0.0 {
        return Err(Undefined::Incompatible);
    }
    let scaled = t * tuning + 1.0;
    let half = sd * (2.0 * scaled / (t * t * tuning) * (scaled.sqrt() / alpha).ln()).sqrt();
    Ok(Interval { lower: mean - half, upper: mean + half })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values 1, -1: mean 0, sd 1, t = 2. alpha = e^-1/2: 2 ln(1/alpha) = 1, tuning (1 + 0 + 1) / t* = 1 at t* = 2:
    /// half = sqrt(2 * 3 / 4 * (ln(3)/2 + 1/2)).
    #[test]
    fn worked_by_hand() {
        let level = Confidence::new(1.0 - (-0.5_f64).exp()).unwrap();
        let found = asymptotic_sequence(&[1.0, -1.0], level, 2.0).unwrap().unwrap();
        let half = (1.5 * (3.0_f64.ln() / 2.0 + 0.5)).sqrt();
        assert!((found.upper - half).abs() < 1e-13 && (found.lower + half).abs() < 1e-13);
    }

    #[test]
    fn undefined_and_malformed() {
        let of =
            |values: &[f64], level: f64, time: f64| asymptotic_sequence(values, Confidence::new(level).unwrap(), time);
        assert_eq!(of(&[1.0], 0.95, 100.0), Ok(Err(Undefined::TooFew)));
        assert_eq!(of(&[0.1, 0.1, 0.1], 0.95, 100.0), Ok(Err(Undefined::ZeroVariance)));
        assert_eq!(of(&[0.0, 1.0], 0.05, 100.0), Ok(Err(Undefined::Incompatible)));
        assert!(of(&[f64::NAN], 0.95, 100.0).is_err());
        assert!(of(&[0.0, 1.0], 0.95, 0.0).is_err() && of(&[0.0, 1.0], 0.95, f64::NAN).is_err());
    }

    /// Shifting the observations shifts the interval; scaling scales it.
    #[test]
    fn moves_with_the_data() {
        let values = [0.0, 0.5, 2.0, 1.0];
        let moved = values.map(|value| 3.0 * value + 7.0);
        let one = asymptotic_sequence(&values, Confidence::DEFAULT, 50.0).unwrap().unwrap();
        let other = asymptotic_sequence(&moved, Confidence::DEFAULT, 50.0).unwrap().unwrap();
        assert!((other.lower - (3.0 * one.lower + 7.0)).abs() < 1e-12);
        assert!((other.upper - (3.0 * one.upper + 7.0)).abs() < 1e-12);
    }
}
