//! Empirical-Bernstein confidence sequence of a bounded mean.

use super::stream::{ConfidenceSequence, UnitStream};
use crate::input::Confidence;

/// Largest bet.
const TRUNCATION: f64 = 0.5;

/// Confidence sequence of the mean of observations in [0, 1], by predictable empirical-Bernstein bets.
///
/// Closed form and O(1) an observation; the hedged one ([`hedged_sequence`](super::hedged_sequence)) is narrower.
///
/// **Inputs**: observations in order (for clusters, scenario means in random order); the level over all times, half of
/// alpha spent on each side. **Returns**: limits after each observation, each from all data so far (no running
/// intersection). Empty for no data.
/// **Cost**: O(T). **Source**: Waudby-Smith and Ramdas (2024), JRSSB 86:1, theorem 2, prior mean 1/2 and variance 1/4,
/// truncation 1/2; agrees with confseq 0.0.11 `predmix_empbern_twosided_cs` to 2e-16.
pub fn empirical_bernstein_sequence(stream: &UnitStream, confidence: Confidence) -> ConfidenceSequence {
    let alpha = confidence.tail();
    let mirrored: Vec<f64> = stream.values().iter().map(|value| 1.0 - value).collect();
    ConfidenceSequence {
        lower: lower_limits(stream.values(), alpha),
        upper: lower_limits(&mirrored, alpha).into_iter().map(|lower| 1.0 - lower).collect(),
    }
}

fn lower_limits(values: &[f64], alpha: f64) -> Vec<f64> {
    let bets = UnitStream::bets(values, alpha);
    let (mut weighted, mut penalty, mut weights, mut sum, mut last_mean) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let mut limits = Vec::with_capacity(values.len());
    for (index, (value, bet)) in values.iter().zip(bets).enumerate() {
        let bet = bet.min(TRUNCATION);
        weighted += bet * value;
        weights += bet;
        let surprise: f64 = value - last_mean;
        // psi(bet) = -ln(1 - bet) - bet.
        penalty += surprise * surprise * (-(-bet).ln_1p() - bet);
        sum += value;
        last_mean = sum / (index + 1) as f64;
        limits.push(((weighted + alpha.ln() - penalty) / weights).max(0.0));
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One observation of 1 at alpha = 0.05 (0.025 a side): the bet is truncated to 1/2, so the lower limit is
    /// (1/2 + ln 0.025 - psi) / (1/2) < 0, cut to 0; the upper from a stream of 0: 1 - 0 = 1.
    #[test]
    fn one_observation_says_nothing() {
        let found = empirical_bernstein_sequence(&UnitStream::new(&[1.0]).unwrap(), Confidence::DEFAULT);
        assert_eq!((found.lower, found.upper), (vec![0.0], vec![1.0]));
        let none = empirical_bernstein_sequence(&UnitStream::new(&[]).unwrap(), Confidence::DEFAULT);
        assert!(none.latest().is_err());
    }

    /// Two observations of 1 at ln alpha = -1 a side, both bets truncated: surprises 1 and 0, so the lower limit is
    /// (1/2 + 1/2 - 1 - psi) / 1 with psi = ln 2 - 1/2, below 0; after four, (2 - 1 - psi) / 2 = 3/4 - ln(2) / 2 if all
    /// bets are still truncated: at t = 4 the variance is (1/4 + 1/16 + 1/36 + 1/64) / 4 = 0.089, the bet 1.86.
    #[test]
    fn four_hits_by_hand() {
        let level = Confidence::new(1.0 - 2.0 * (-1.0_f64).exp()).unwrap();
        let found = empirical_bernstein_sequence(&UnitStream::new(&[1.0; 4]).unwrap(), level);
        assert_eq!(found.lower[1], 0.0);
        assert!((found.lower[3] - (0.75 - 2.0_f64.ln() / 2.0)).abs() < 1e-14);
        assert_eq!(found.upper[3], 1.0);
    }

    #[test]
    fn limits_close_in_on_a_constant() {
        let stream = vec![0.5; 400];
        let found = empirical_bernstein_sequence(&UnitStream::new(&stream).unwrap(), Confidence::DEFAULT);
        for (lower, upper) in found.lower.iter().zip(&found.upper) {
            assert!(*lower <= 0.5 && 0.5 <= *upper && (lower + upper - 1.0).abs() < 0.05);
        }
        let last = found.latest().unwrap();
        assert!(last.upper - last.lower < 0.1);
    }

    /// The mirrored stream has the mirrored sequence.
    #[test]
    fn symmetric() {
        let values = [1.0, 0.25, 0.0, 0.75, 1.0, 0.5];
        let mirrored = values.map(|value| 1.0 - value);
        let one = empirical_bernstein_sequence(&UnitStream::new(&values).unwrap(), Confidence::DEFAULT);
        let other = empirical_bernstein_sequence(&UnitStream::new(&mirrored).unwrap(), Confidence::DEFAULT);
        for (lower, upper) in one.lower.iter().zip(&other.upper) {
            assert!((lower + upper - 1.0).abs() < 1e-15);
        }
    }
}
