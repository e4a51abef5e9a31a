//! Cox's calibration intercept and slope.

use nalgebra::DMatrix;

use super::forecasts::Forecasts;
use crate::Undefined;
use crate::input::InputError;
use crate::logistic::{Logistic, Penalty};
use crate::logit::logit;

/// A regression coefficient with its model-based standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The estimate.
    pub value: f64,
    /// Its standard error under independent items.
    pub se: f64,
}

/// Intercept and slope of the recalibration line; (0, 1) is calibrated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecalibrationLine {
    /// Intercept a.
    pub intercept: Coefficient,
    /// Slope b; below 1 the forecasts are over-confident.
    pub slope: Coefficient,
}

/// Calibration in the large and calibration slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoxCalibration {
    /// Mean forecast.
    pub mean_forecast: f64,
    /// Share of positives.
    pub mean_outcome: f64,
    /// Positives over expected positives; `no_flags` where all forecasts are 0.
    pub observed_over_expected: Result<f64, Undefined>,
    /// a in logit P = a + logit p; above 0 the judge under-calls. `one_class`.
    pub in_the_large: Result<Coefficient, Undefined>,
    /// a and b in logit P = a + b logit p. `one_class`, `no_variation` of a constant forecast, or `separation`.
    pub line: Result<RecalibrationLine, Undefined>,
}

/// Forecasts of 0 and 1 are taken to lie this far inside unless a caller has a better scale.
pub const DEFAULT_LOGIT_CLIP: f64 = 1e-12;

/// Cox's calibration in the large, and calibration intercept and slope.
///
/// Two numbers that say how forecasts are off: shifted (intercept), or too bold or too timid (slope). Forecasts of exactly
/// 0 or 1 have an infinite logit; they are moved inwards by `clip`, and **then dominate the slope**. For shares of k
/// votes give 1 / (2k) and print both.
///
/// **Inputs**: forecasts; the distance from 0 and 1 at which they are held, in (0, 1/2).
/// **Returns**: estimates with model-based standard errors (independent items; for clusters jackknife this function).
/// **Undefined**: `no_data`; per field `one_class`, `no_variation`, `separation`.
/// **Errors**: the clip is out of range. **Cost**: O(atoms) a Newton step, about eight steps.
/// **Source**: Cox (1958), Biometrika 45:562; agrees with R `glm` to 2e-9 (rms `val.prob` stops earlier).
pub fn cox_calibration(forecasts: &Forecasts, clip: f64) -> Result<Result<CoxCalibration, Undefined>, InputError> {
    if !clip.is_finite() {
        return Err(InputError::NotFinite { what: "clip", index: 0 });
    }
    if clip <= 0.0 || clip >= 0.5 {
        return Err(InputError::OutOfRange { what: "clip", index: 0, value: clip, allowed: "between 0 and 1/2" });
    }
    Ok(fit(forecasts, clip))
}

fn fit(forecasts: &Forecasts, clip: f64) -> Result<CoxCalibration, Undefined> {
    let mean_outcome = forecasts.base_rate()?;
    let atoms = forecasts.atoms();
    let held: Vec<f64> = atoms.iter().map(|atom| atom.p.clamp(clip, 1.0 - clip)).collect();
    let expected: f64 = atoms.iter().map(|atom| atom.n * atom.p).sum();
    let over_expected = if expected > 0.0 { Ok(forecasts.positives() / expected) } else { Err(Undefined::NoFlags) };
    let logits: Vec<f64> = held.iter().map(|p| logit(*p)).collect();
    let shares: Vec<f64> = atoms.iter().map(super::Atom::observed).collect();
    let weights: Vec<f64> = atoms.iter().map(|atom| atom.n).collect();
    let regression = Regression { logits: &logits, shares: &shares, weights: &weights };
    let both = if mean_outcome > 0.0 && mean_outcome < 1.0 { Ok(()) } else { Err(Undefined::OneClass) };
    Ok(CoxCalibration {
        mean_forecast: expected / forecasts.n(),
        mean_outcome,
        observed_over_expected: over_expected,
        in_the_large: both.and_then(|()| regression.in_the_large()),
        line: both.and_then(|()| regression.line()),
    })
}

struct Regression<'a> {
    logits: &'a [f64],
    shares: &'a [f64],
    weights: &'a [f64],
}

impl Regression<'_> {
    fn in_the_large(&self) -> Result<Coefficient, Undefined> {
        let design = DMatrix::from_element(self.logits.len(), 1, 1.0);
        let fit = Logistic {
            design: &design,
            targets: self.shares,
            weights: Some(self.weights),
            offset: Some(self.logits),
            penalty: Penalty::None,
        };
        let fit = fit.fit()?;
        Ok(Coefficient { value: fit.coefficients[0], se: fit.standard_errors()[0] })
    }

    fn line(&self) -> Result<RecalibrationLine, Undefined> {
        if self.logits.iter().all(|logit| *logit == self.logits[0]) {
            return Err(Undefined::NoVariation);
        }
        let column = |row: usize, column: usize| if column == 0 { 1.0 } else { self.logits[row] };
        let design = DMatrix::from_fn(self.logits.len(), 2, column);
        let fit = Logistic {
            design: &design,
            targets: self.shares,
            weights: Some(self.weights),
            offset: None,
            penalty: Penalty::None,
        };
        let fit = fit.fit()?;
        let se = fit.standard_errors();
        Ok(RecalibrationLine {
            intercept: Coefficient { value: fit.coefficients[0], se: se[0] },
            slope: Coefficient { value: fit.coefficients[1], se: se[1] },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::Atom;
    use crate::calibration::forecasts::arbitrary;

    fn cox(forecasts: &Forecasts) -> Result<CoxCalibration, Undefined> {
        cox_calibration(forecasts, DEFAULT_LOGIT_CLIP).unwrap()
    }

    /// Forecast 1/10 with 1 of 4 positive, 9/10 with 3 of 4: logits -+ 2 ln 3 against outcomes -+ ln 3, so the slope is
    /// 1/2 and the intercept 0. Slope variance: 8/3 / (4 ln 3)^2 (the difference of the two logits over 4 ln 3).
    #[test]
    fn worked_by_hand() {
        let table = [Atom { p: 0.1, n: 4.0, positives: 1.0 }, Atom { p: 0.9, n: 4.0, positives: 3.0 }];
        let result = cox(&Forecasts::from_atoms(table.to_vec()).unwrap()).unwrap();
        let line = result.line.unwrap();
        assert!(line.intercept.value.abs() < 1e-14 && (line.slope.value - 0.5).abs() < 1e-14);
        let se = (8.0_f64 / 3.0).sqrt() / (4.0 * 3.0_f64.ln());
        assert!((line.slope.se - se).abs() < 1e-13);
        assert!(result.in_the_large.unwrap().value.abs() < 1e-14);
        assert_eq!((result.mean_forecast, result.mean_outcome), (0.5, 0.5));
        assert_eq!(result.observed_over_expected, Ok(1.0));
    }

    #[test]
    fn undefined_with_its_reason() {
        assert_eq!(cox(&Forecasts::new(&[], &[]).unwrap()), Err(Undefined::NoData));
        let one_class = cox(&Forecasts::new(&[0.2, 0.4], &[false, false]).unwrap()).unwrap();
        assert_eq!(one_class.observed_over_expected, Ok(0.0));
        assert_eq!((one_class.in_the_large, one_class.line), (Err(Undefined::OneClass), Err(Undefined::OneClass)));
        let separated = Forecasts::new(&[0.1, 0.2, 0.8, 0.9], &[false, false, true, true]).unwrap();
        let separated = cox(&separated).unwrap();
        assert_eq!(separated.line, Err(Undefined::Separation));
        assert!(separated.in_the_large.is_ok());
        let never = cox(&Forecasts::new(&[0.0, 0.0], &[true, false]).unwrap()).unwrap();
        assert_eq!(never.observed_over_expected, Err(Undefined::NoFlags));
        let constant = cox(&Forecasts::new(&[0.5, 0.5], &[true, false]).unwrap()).unwrap();
        assert_eq!(constant.line, Err(Undefined::NoVariation));
        let forecasts = Forecasts::new(&[0.5], &[true]).unwrap();
        assert!(cox_calibration(&forecasts, 0.5).is_err() && cox_calibration(&forecasts, f64::NAN).is_err());
    }

    #[test]
    fn no_table_panics_and_every_value_is_finite() {
        let mut random = Arbitrary::new(12);
        for _ in 0..300 {
            let (p, y) = arbitrary(&mut random);
            let Ok(result) = cox(&Forecasts::new(&p, &y).unwrap()) else { continue };
            if let Ok(line) = result.line {
                assert!(line.slope.value.is_finite() && line.slope.se.is_finite() && line.slope.se > 0.0);
            }
            if let Ok(shift) = result.in_the_large {
                assert!(shift.value.is_finite() && shift.se > 0.0);
            }
        }
    }
}
