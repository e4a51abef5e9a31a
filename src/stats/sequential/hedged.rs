//! Hedged-capital confidence sequence of a bounded mean.

use std::num::NonZeroUsize;

use super::stream::{ConfidenceSequence, UnitStream};
use crate::input::Confidence;

/// Bets are truncated to this share of what would risk all capital.
const TRUNCATION: f64 = 0.5;

/// Confidence sequence of the mean of observations in [0, 1], by betting for and against each candidate mean.
///
/// The narrowest here, and valid for any dependence on the past with a constant conditional mean: for clusters feed
/// scenario means in a random order.
///
/// **Inputs**: observations in order; the level over all times; the number of steps of the grid of candidate means (1000).
/// **Returns**: limits after each observation, widened by one grid step, as a running intersection. Empty for no data.
/// **Cost**: O(T x grid). **Source**: Waudby-Smith and Ramdas (2024), JRSSB 86:1, theorem 3, theta = 1/2, capital
/// max(K+, K-) / 2, truncation 1/2; agrees with confseq 0.0.11 `betting.hedged_cs` to 2e-16.
pub fn hedged_sequence(stream: &UnitStream, confidence: Confidence, grid: NonZeroUsize) -> ConfidenceSequence {
    let values = stream.values();
    let bets = UnitStream::bets(values, confidence.tail());
    let (mut lower, mut upper) = (vec![f64::INFINITY; values.len()], vec![f64::NEG_INFINITY; values.len()]);
    let limit = -(1.0 - confidence.level()).ln();
    for step in 0..=grid.get() {
        let mean = step as f64 / grid.get() as f64;
        let mut capital = Capital { for_more: 0.0, for_less: 0.0 };
        for (time, (value, bet)) in values.iter().zip(&bets).enumerate() {
            if capital.wager(*bet, value - mean, mean) <= limit {
                lower[time] = lower[time].min(mean);
                upper[time] = upper[time].max(mean);
            }
        }
    }
    intersect(lower, upper, 1.0 / grid.get() as f64)
}

/// Log-capital of the two gamblers.
struct Capital {
    for_more: f64,
    for_less: f64,
}

impl Capital {
    /// Plays one round and gives the logarithm of max(K+, K-) / 2.
    fn wager(&mut self, bet: f64, deviation: f64, mean: f64) -> f64 {
        // At means of 0 and 1 one gambler cannot lose all: the bound is infinite and the bet stands.
        self.for_more += (bet.min(TRUNCATION / mean) * deviation).ln_1p();
        self.for_less += (-bet.min(TRUNCATION / (1.0 - mean)) * deviation).ln_1p();
        self.for_more.max(self.for_less) - std::f64::consts::LN_2
    }
}

/// Widens by one grid step, cuts at 0 and 1, and keeps what all times so far allow. A time at which no candidate is left
/// allows everything: the grid was too coarse to hold the set.
fn intersect(mut lower: Vec<f64>, mut upper: Vec<f64>, step: f64) -> ConfidenceSequence {
    let (mut highest, mut lowest) = (0.0_f64, 1.0_f64);
    for (lower, upper) in lower.iter_mut().zip(&mut upper) {
        if *lower <= *upper {
            highest = highest.max(*lower - step);
            lowest = lowest.min(*upper + step);
        }
        (*lower, *upper) = (highest, lowest);
    }
    ConfidenceSequence { lower, upper }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn grid(steps: usize) -> NonZeroUsize {
        NonZeroUsize::new(steps).unwrap()
    }

    fn of(values: &[f64], steps: usize) -> ConfidenceSequence {
        hedged_sequence(&UnitStream::new(values).unwrap(), Confidence::DEFAULT, grid(steps))
    }

    /// All ones, grid 0, 1/2, 1. Candidate 1/2: the bet is held at 1, capital (3/2)^t / 2 > 20 from t = 10 on
    /// ((3/2)^9 / 2 = 19.2), where the candidates left are 1 alone, widened to 1/2.
    #[test]
    fn ones_by_hand() {
        let found = of(&[1.0; 10], 2);
        assert_eq!((found.lower[8], found.lower[9], found.upper[9]), (0.0, 0.5, 1.0));
    }

    #[test]
    fn limits_close_in_and_never_widen() {
        let mut random = Arbitrary::new(28);
        for _ in 0..20 {
            let values: Vec<f64> = (0..60).map(|_| f64::from(random.coin(0.3))).collect();
            let found = of(&values, 100);
            assert!(found.lower.is_sorted() && found.upper.is_sorted_by(|a, b| a >= b));
            let mirrored: Vec<f64> = values.iter().map(|value| 1.0 - value).collect();
            let other = of(&mirrored, 100);
            assert!((found.lower[59] + other.upper[59] - 1.0).abs() < 1e-9);
        }
        assert!(of(&[], 10).latest().is_err());
    }
}
