//! Beta calibration: a three-parameter family on the unit interval.

use nalgebra::DMatrix;

use crate::Undefined;
use crate::calibration::Forecasts;
use crate::logistic::{Logistic, Penalty};
use crate::logit::{expit, logit};

/// logit P = a ln p - b ln(1 - p) + c with a, b >= 0: rising, and the identity at (1, 1, 0).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaMap {
    /// Coefficient of ln p.
    pub a: f64,
    /// Coefficient of -ln(1 - p).
    pub b: f64,
    /// Constant.
    pub c: f64,
}

impl BetaMap {
    /// The calibrated probability of a forecast.
    pub fn apply(&self, p: f64) -> f64 {
        let [ln_p, minus_ln_q] = features(p);
        expit(self.a * ln_p + self.b * minus_ln_q + self.c)
    }
}

/// ln p and -ln(1 - p), with p held one rounding error inside 0 and 1.
fn features(p: f64) -> [f64; 2] {
    let p = p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
    [p.ln(), -(-p).ln_1p()]
}

/// Beta calibration of probability forecasts.
///
/// More flexible than Platt's map on the logit (it can bend each end on its own) and holds the identity. Needs at least
/// three distinct forecasts.
///
/// **Inputs**: forecasts. **Returns**: a, b >= 0 and c: a negative coefficient is dropped and the rest fitted again.
/// **Undefined**: `no_data`; `one_class`; `too_few` distinct forecasts; `separation`. **Cost**: O(atoms) a Newton step.
/// **Source**: Kull, Silva Filho and Flach (2017); agrees with R `glm` to 1e-9. betacal 1.1.0
/// differs by its optimiser (3.6e-3) and does not check the coefficient that is left; this does.
pub fn beta_calibration(forecasts: &Forecasts) -> Result<BetaMap, Undefined> {
    let base_rate = forecasts.base_rate()?;
    if base_rate <= 0.0 || base_rate >= 1.0 {
        return Err(Undefined::OneClass);
    }
    if forecasts.atoms().len() < 3 {
        return Err(Undefined::TooFew);
    }
    let both = fit(forecasts, &[0, 1])?;
    if both[0] >= 0.0 && both[1] >= 0.0 {
        return Ok(BetaMap { a: both[0], b: both[1], c: both[2] });
    }
    let kept = usize::from(both[0] < 0.0);
    let one = fit(forecasts, &[kept])?;
    if one[0] < 0.0 {
        return Ok(BetaMap { a: 0.0, b: 0.0, c: logit(base_rate) });
    }
    let [a, b] = if kept == 0 { [one[0], 0.0] } else { [0.0, one[0]] };
    Ok(BetaMap { a, b, c: one[1] })
}

/// Coefficients of the chosen features, then the constant.
fn fit(forecasts: &Forecasts, chosen: &[usize]) -> Result<Vec<f64>, Undefined> {
    let atoms = forecasts.atoms();
    let cell = |row: usize, column: usize| chosen.get(column).map_or(1.0, |feature| features(atoms[row].p)[*feature]);
    let design = DMatrix::from_fn(atoms.len(), chosen.len() + 1, cell);
    let targets: Vec<f64> = atoms.iter().map(|atom| atom.observed()).collect();
    let weights: Vec<f64> = atoms.iter().map(|atom| atom.n).collect();
    let logistic =
        Logistic { design: &design, targets: &targets, weights: Some(&weights), offset: None, penalty: Penalty::None };
    Ok(logistic.fit()?.coefficients.iter().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::Atom;

    /// Calibrated forecasts 1/4, 1/2, 3/4 with matching shares: the identity.
    #[test]
    fn calibrated_forecasts_stay_as_they_are() {
        let table = [(0.25, 1.0), (0.5, 2.0), (0.75, 3.0)];
        let atoms = table.map(|(p, positives)| Atom { p, n: 4.0, positives });
        let map = beta_calibration(&Forecasts::from_atoms(atoms.to_vec()).unwrap()).unwrap();
        assert!((map.a - 1.0).abs() < 1e-12 && (map.b - 1.0).abs() < 1e-12 && map.c.abs() < 1e-12);
        assert!((map.apply(0.3) - 0.3).abs() < 1e-12);
        assert!(map.apply(0.0) >= 0.0 && map.apply(1.0) <= 1.0);
    }

    /// Forecasts that point the wrong way leave a constant, the base rate.
    #[test]
    fn a_falling_curve_becomes_the_base_rate() {
        let table = [(0.2, 3.0), (0.5, 2.0), (0.8, 1.0)];
        let atoms = table.map(|(p, positives)| Atom { p, n: 4.0, positives });
        let map = beta_calibration(&Forecasts::from_atoms(atoms.to_vec()).unwrap()).unwrap();
        assert_eq!((map.a, map.b), (0.0, 0.0));
        assert!((map.apply(0.9) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn undefined_with_its_reason() {
        let of = |p: &[f64], y: &[bool]| beta_calibration(&Forecasts::new(p, y).unwrap());
        assert_eq!(of(&[], &[]), Err(Undefined::NoData));
        assert_eq!(of(&[0.1, 0.2, 0.3], &[true; 3]), Err(Undefined::OneClass));
        assert_eq!(of(&[0.1, 0.2, 0.2], &[true, false, true]), Err(Undefined::TooFew));
        assert_eq!(of(&[0.1, 0.2, 0.8, 0.9], &[false, false, true, true]), Err(Undefined::Separation));
    }

    #[test]
    fn every_map_rises() {
        let mut random = Arbitrary::new(16);
        let mut fitted = 0;
        for _ in 0..200 {
            let n = 4 + random.below(12);
            let p: Vec<f64> = (0..n).map(|_| random.grid(6)).collect();
            let y: Vec<bool> = (0..n).map(|_| random.coin(0.5)).collect();
            let Ok(map) = beta_calibration(&Forecasts::new(&p, &y).unwrap()) else { continue };
            fitted += 1;
            let values: Vec<f64> = (0..=10).map(|tenth| map.apply(f64::from(tenth) / 10.0)).collect();
            assert!(values.is_sorted() && values.iter().all(|value| (0.0..=1.0).contains(value)));
        }
        assert!(fitted > 50, "{fitted}");
    }
}
