//! Observations in the order in which they came, and limits that hold at every time.

use crate::input::{InputError, all_probabilities};
use crate::{Interval, Undefined};

/// Observations between 0 and 1 in their order of arrival.
///
/// For clustered data an observation is the mean of a scenario, and scenarios come in a random order fixed beforehand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitStream<'a> {
    values: &'a [f64],
}

/// Observations in the prior: one, of 1/2, with variance 1/4.
const PRIOR_MEAN: f64 = 0.5;
const PRIOR_VARIANCE: f64 = 0.25;

impl<'a> UnitStream<'a> {
    /// **Errors**: a value outside 0-1.
    pub fn new(values: &'a [f64]) -> Result<Self, InputError> {
        all_probabilities("observations", values)?;
        Ok(Self { values })
    }

    /// The observations.
    pub fn values(&self) -> &'a [f64] {
        self.values
    }

    /// Bets sqrt(2 ln(1/alpha) / (t ln(1+t) s^2_(t-1))) of each time t, from what came before it (Waudby-Smith and Ramdas
    /// 2024, with one prior observation); not yet truncated.
    pub(super) fn bets(values: &[f64], alpha: f64) -> Vec<f64> {
        let (mut sum, mut squares, mut variance) = (0.0, 0.0, PRIOR_VARIANCE);
        let mut bets = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let t = (index + 1) as f64;
            bets.push((-2.0 * alpha.ln() / (t * t.ln_1p() * variance)).sqrt());
            sum += value;
            let mean = ((PRIOR_MEAN + sum) / (t + 1.0)).min(1.0);
            squares += (value - mean).powi(2);
            variance = (PRIOR_VARIANCE + squares) / (t + 1.0);
        }
        bets
    }
}

/// Lower and upper limits after each observation; all of them hold together at the stated level.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfidenceSequence {
    /// Lower limits.
    pub lower: Vec<f64>,
    /// Upper limits. Where one lies below its lower limit, the set is empty: the mean drifts.
    pub upper: Vec<f64>,
}

impl ConfidenceSequence {
    /// The limits after the last observation; `no_data` before the first, `incompatible` where the set is empty.
    pub fn latest(&self) -> Result<Interval, Undefined> {
        match (self.lower.last(), self.upper.last()) {
            (Some(&lower), Some(&upper)) if lower <= upper => Ok(Interval { lower, upper }),
            (Some(_), Some(_)) => Err(Undefined::Incompatible),
            _ => Err(Undefined::NoData),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// alpha = e^-2. t = 1: sqrt(4 / (ln 2 / 4)). After x = 1: mean (1/2 + 1)/2 = 3/4, variance (1/4 + 1/16)/2 = 5/32;
    /// t = 2: sqrt(4 / (2 ln 3 * 5/32)).
    #[test]
    fn bets_by_hand() {
        let bets = UnitStream::bets(&[1.0, 0.0], (-2.0_f64).exp());
        assert!((bets[0] - (16.0 / 2.0_f64.ln()).sqrt()).abs() < 1e-13);
        assert!((bets[1] - (12.8 / 3.0_f64.ln()).sqrt()).abs() < 1e-13);
    }

    #[test]
    fn latest_and_malformed() {
        let sequence =
            |lower: &[f64], upper: &[f64]| ConfidenceSequence { lower: lower.to_vec(), upper: upper.to_vec() };
        assert_eq!(sequence(&[], &[]).latest(), Err(Undefined::NoData));
        assert_eq!(sequence(&[0.6], &[0.5]).latest(), Err(Undefined::Incompatible));
        assert_eq!(sequence(&[0.0, 0.1], &[1.0, 0.5]).latest(), Ok(Interval { lower: 0.1, upper: 0.5 }));
        assert!(UnitStream::new(&[0.5, 1.1]).is_err());
        assert_eq!(UnitStream::new(&[0.5]).unwrap().values(), [0.5]);
    }
}
