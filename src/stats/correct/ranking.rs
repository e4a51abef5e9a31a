//! What a judge does to the order of systems.

use crate::Undefined;
use crate::input::{InputError, all_finite, all_probabilities, same_length};
use crate::special::normal_cdf;

/// How likely two systems stand in the wrong order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReversalPair {
    /// Index of the first system.
    pub first: usize,
    /// Index of the second system, above `first`.
    pub second: usize,
    /// Probability that sampling turns their observed order; 1/2 for a tie.
    pub probability: f64,
}

/// Reversal probabilities of all pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct RankReversal {
    /// All pairs, in order.
    pub pairs: Vec<ReversalPair>,
    /// Expected number of pairs in the wrong order (Kendall's distance).
    pub expected_kendall: f64,
}

/// Probability that a judge's leaderboard has two systems in the wrong order, by sampling error.
///
/// Sampling error only: that a judge with different error rates per system swaps them for good is
/// [`apparent_ranking`]'s subject.
///
/// **Inputs**: estimated rates; their joint covariance (from one jackknife over clusters for all systems).
/// **Returns**: Phi(-|difference| / sd) a pair; a variance of 0 gives 0, a tie 1/2.
/// **Errors**: the covariance is not square and finite, or has a negative variance. **Cost**: O(J^2).
/// **Source**: the normal law of the estimates; equals 200,000 draws of scipy `multivariate_normal` to 5e-3.
///
/// ```
/// use lacuna_stats::correct::rank_reversal;
/// // Difference 1, variance 1/2 + 1/2: Phi(-1) = 0.158655…
/// let found = rank_reversal(&[2.0, 1.0], &[vec![0.5, 0.0], vec![0.0, 0.5]])?;
/// assert!((found.expected_kendall - 0.158_655_253_931_457).abs() < 1e-14);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn rank_reversal(estimates: &[f64], covariance: &[Vec<f64>]) -> Result<RankReversal, InputError> {
    all_finite("estimates", estimates)?;
    same_length("covariance rows", covariance.len(), estimates.len())?;
    for (index, row) in covariance.iter().enumerate() {
        same_length("covariance columns", row.len(), estimates.len())?;
        all_finite("covariance", row)?;
        if row[index] < 0.0 {
            let value = row[index];
            return Err(InputError::OutOfRange { what: "variances", index, value, allowed: "0 or more" });
        }
    }
    let mut pairs = Vec::new();
    for first in 0..estimates.len() {
        for second in first + 1..estimates.len() {
            let variance = covariance[first][first] + covariance[second][second] - 2.0 * covariance[first][second];
            let probability = reversal(estimates[first] - estimates[second], variance);
            pairs.push(ReversalPair { first, second, probability });
        }
    }
    let expected_kendall = pairs.iter().map(|pair| pair.probability).sum();
    Ok(RankReversal { pairs, expected_kendall })
}

fn reversal(difference: f64, variance: f64) -> f64 {
    if difference == 0.0 {
        0.5
    } else if variance <= 0.0 {
        0.0
    } else {
        normal_cdf(-difference.abs() / variance.sqrt())
    }
}

/// A system's harm rate and the judge's error rates on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SystemRates {
    /// True harm rate.
    pub harm_rate: f64,
    /// The judge's sensitivity on this system's responses.
    pub sensitivity: f64,
    /// The judge's specificity on this system's responses.
    pub specificity: f64,
}

/// Systems as a judge ranks them with unlimited data.
#[derive(Debug, Clone, PartialEq)]
pub struct ApparentRanking {
    /// Expected flag rate of each system.
    pub apparent: Vec<f64>,
    /// Pairs whose order the judge turns.
    pub swapped: Vec<(usize, usize)>,
}

/// The flag rates that a judge tends to, and the pairs of systems that it puts the wrong way round.
///
/// Blindness that is the same for all systems shrinks differences and turns none (J > 0); blindness that differs does.
///
/// **Inputs**: rates a system. **Returns**: Se th + (1 - Sp)(1 - th) each; swapped pairs in order. Ties are no swaps.
/// **Errors**: a rate outside 0-1. **Cost**: O(J^2). **Source**: Rogan and Gladen (1978).
pub fn apparent_ranking(systems: &[SystemRates]) -> Result<ApparentRanking, InputError> {
    for system in systems {
        all_probabilities("rates of a system", &[system.harm_rate, system.sensitivity, system.specificity])?;
    }
    let flag_rate = |system: &SystemRates| {
        system.sensitivity * system.harm_rate + (1.0 - system.specificity) * (1.0 - system.harm_rate)
    };
    let apparent: Vec<f64> = systems.iter().map(flag_rate).collect();
    let mut swapped = Vec::new();
    for first in 0..systems.len() {
        for second in first + 1..systems.len() {
            let truth = systems[first].harm_rate - systems[second].harm_rate;
            if truth * (apparent[first] - apparent[second]) < 0.0 {
                swapped.push((first, second));
            }
        }
    }
    Ok(ApparentRanking { apparent, swapped })
}

/// Smallest difference of sensitivity between two systems that would put them the wrong way round.
///
/// **Inputs**: Youden's J of the judge; the two true harm rates. **Returns**: J |th_1 - th_2| / max(th_1, th_2).
/// **Undefined**: `worse_than_chance` at J <= 0; `no_positives` where neither system is ever harmful.
/// **Errors**: a rate outside 0-1, J not finite. **Cost**: O(1).
/// **Source**: the flag rates of [`apparent_ranking`] set equal, with the sensitivity of the more harmful system lowered.
pub fn swapping_difference(youden_j: f64, first: f64, second: f64) -> Result<Result<f64, Undefined>, InputError> {
    all_finite("Youden's J", &[youden_j])?;
    all_probabilities("harm rates", &[first, second])?;
    if youden_j <= 0.0 {
        return Ok(Err(Undefined::WorseThanChance));
    }
    let larger = first.max(second);
    Ok(if larger > 0.0 { Ok(youden_j * (first - second).abs() / larger) } else { Err(Undefined::NoPositives) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn system(harm_rate: f64, sensitivity: f64, specificity: f64) -> SystemRates {
        SystemRates { harm_rate, sensitivity, specificity }
    }

    #[test]
    fn no_variance_and_ties() {
        let none = vec![vec![0.0; 3]; 3];
        let found = rank_reversal(&[0.1, 0.2, 0.2], &none).unwrap();
        let probabilities: Vec<f64> = found.pairs.iter().map(|pair| pair.probability).collect();
        assert_eq!(probabilities, [0.0, 0.0, 0.5]);
        assert_eq!(found.expected_kendall, 0.5);
        assert_eq!(rank_reversal(&[], &[]).unwrap().pairs, []);
    }

    #[test]
    fn malformed_is_refused() {
        assert!(rank_reversal(&[0.1], &[]).is_err());
        assert!(rank_reversal(&[0.1], &[vec![]]).is_err());
        assert!(rank_reversal(&[0.1], &[vec![-1.0]]).is_err());
        assert!(rank_reversal(&[f64::NAN], &[vec![1.0]]).is_err());
        assert!(apparent_ranking(&[system(1.1, 0.5, 0.5)]).is_err());
        assert!(swapping_difference(0.5, -0.1, 0.5).is_err());
    }

    /// Harm 1/2 seen at 1/4 (flag rate 1/8 + 0), harm 1/4 seen at 1 (1/4): the order turns. With equal sight it stays.
    #[test]
    fn unequal_sight_turns_the_order() {
        let found = apparent_ranking(&[system(0.5, 0.25, 1.0), system(0.25, 1.0, 1.0)]).unwrap();
        assert_eq!((found.apparent, found.swapped), (vec![0.125, 0.25], vec![(0, 1)]));
        let equal = apparent_ranking(&[system(0.5, 0.25, 1.0), system(0.25, 0.25, 1.0)]).unwrap();
        assert_eq!(equal.swapped, []);
    }

    /// At the smallest swapping difference the two flag rates are equal.
    #[test]
    fn the_swapping_difference_is_where_flag_rates_meet() {
        let mut random = Arbitrary::new(22);
        for _ in 0..100 {
            let (high, low) = (0.3 + 0.6 * random.unit(), 0.3 * random.unit());
            let (sensitivity, specificity) = (0.6 + 0.4 * random.unit(), 0.6 + 0.4 * random.unit());
            let difference = swapping_difference(sensitivity + specificity - 1.0, high, low).unwrap().unwrap();
            let pair = [
                system(high, sensitivity - difference.min(sensitivity), specificity),
                system(low, sensitivity, specificity),
            ];
            let apparent = apparent_ranking(&pair).unwrap().apparent;
            assert!((apparent[0] - apparent[1]).abs() < 1e-14 || difference > sensitivity);
        }
        assert_eq!(swapping_difference(0.0, 0.1, 0.2), Ok(Err(Undefined::WorseThanChance)));
        assert_eq!(swapping_difference(0.5, 0.0, 0.0), Ok(Err(Undefined::NoPositives)));
    }
}
