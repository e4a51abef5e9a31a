//! Confidence sets for ranks.

use super::adjust::{Adjustment, adjust_p_values};
use crate::Undefined;
use crate::proportion::check_level;
use crate::special::normal_sf;

/// Simultaneous confidence sets for the ranks of several estimates; rank 1 is the largest.
#[derive(Debug, Clone, PartialEq)]
pub struct RankSets {
    /// Best rank that cannot be excluded.
    pub lower: Vec<usize>,
    /// Worst rank that cannot be excluded.
    pub upper: Vec<usize>,
    /// Holm-adjusted p of each pair (0,1), (0,2), ..., (1,2), ...
    pub p_adjusted: Vec<f64>,
}

/// Confidence sets for all ranks at once, from Holm-adjusted pairwise z tests.
///
/// The set of j runs from 1 + the number significantly better to J - the number significantly worse. Percentile intervals of
/// bootstrapped ranks are no confidence sets near ties and are not offered.
///
/// **Inputs**: estimates and their joint covariance (common clusters, so shared examples count). **Undefined**: `NoData` without
/// estimates, `Incompatible` for a malformed matrix or level. **Cost** O(J^2 log J). **Source**: Mogstad, Romano, Shaikh & Wilhelm
/// (2024), Rev Econ Stud 91:476, with Holm's step-down for the family.
///
/// ```
/// use lacuna_stats::compare::rank_sets;
/// // 3/5 and 0 with error 1/10 each: z = 0.6/sqrt(0.02), far apart; 0.6 and 0.55 are not.
/// let variance = [[0.01, 0.0, 0.0], [0.0, 0.01, 0.0], [0.0, 0.0, 0.01]].map(|row| row.to_vec());
/// let sets = rank_sets(&[0.6, 0.55, 0.0], &variance, 0.95).unwrap();
/// assert_eq!((sets.lower, sets.upper), (vec![1, 1, 3], vec![2, 2, 3]));
/// ```
pub fn rank_sets(estimates: &[f64], covariance: &[Vec<f64>], level: f64) -> Result<RankSets, Undefined> {
    check_level(level)?;
    let count = estimates.len();
    if count == 0 {
        return Err(Undefined::NoData);
    }
    let square = covariance.len() == count && covariance.iter().all(|row| row.len() == count);
    if !square || !covariance.iter().flatten().chain(estimates).all(|value| value.is_finite()) {
        return Err(Undefined::Incompatible);
    }
    let pairs: Vec<(usize, usize)> = (0..count).flat_map(|i| (i + 1..count).map(move |j| (i, j))).collect();
    let p_value = |&(i, j): &(usize, usize)| {
        let variance = covariance[i][i] + covariance[j][j] - 2.0 * covariance[i][j];
        let difference = (estimates[i] - estimates[j]).abs();
        if variance > 0.0 {
            (2.0 * normal_sf(difference / variance.sqrt())).min(1.0)
        } else {
            f64::from(u8::from(difference == 0.0))
        }
    };
    let p_adjusted = adjust_p_values(&pairs.iter().map(p_value).collect::<Vec<_>>(), Adjustment::Holm)?;
    let (mut lower, mut upper) = (vec![1; count], vec![count; count]);
    for (&(i, j), p) in pairs.iter().zip(&p_adjusted) {
        if *p < 1.0 - level {
            let (better, worse) = if estimates[i] > estimates[j] { (i, j) } else { (j, i) };
            lower[worse] += 1;
            upper[better] -= 1;
        }
    }
    Ok(RankSets { lower, upper, p_adjusted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_error_tells_apart_what_separate_errors_do_not() {
        let separate = rank_sets(&[0.6, 0.5], &[vec![0.01, 0.0], vec![0.0, 0.01]], 0.95).unwrap();
        assert_eq!((separate.lower, separate.upper), (vec![1, 1], vec![2, 2]));
        let shared = rank_sets(&[0.6, 0.5], &[vec![0.01, 0.0099], vec![0.0099, 0.01]], 0.95).unwrap();
        assert_eq!((shared.lower, shared.upper), (vec![1, 2], vec![1, 2]));
    }

    #[test]
    fn adjusted_p_values_by_hand() {
        // Errors 1/sqrt(2) each, so differences 1, 3, 2 are deviates 1, 3, 2; Holm: three times the smallest, then two, then one.
        let half = [[0.5, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.5]].map(|row| row.to_vec());
        let sets = rank_sets(&[3.0, 2.0, 0.0], &half, 0.95).unwrap();
        let two_sided = |z: f64| 2.0 * normal_sf(z);
        let expected = [two_sided(1.0), 3.0 * two_sided(3.0), 2.0 * two_sided(2.0)];
        assert!(sets.p_adjusted.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-14));
        // 0.317, 0.008, 0.091: only the first beats the third.
        assert_eq!((sets.lower, sets.upper), (vec![1, 1, 2], vec![2, 3, 3]));
    }

    #[test]
    fn one_estimate_is_first_and_malformed_input_is_refused() {
        let one = rank_sets(&[0.3], &[vec![0.1]], 0.95).unwrap();
        assert_eq!((one.lower, one.upper, one.p_adjusted), (vec![1], vec![1], vec![]));
        assert_eq!(rank_sets(&[], &[], 0.95), Err(Undefined::NoData));
        assert_eq!(rank_sets(&[0.3, 0.2], &[vec![0.1]], 0.95), Err(Undefined::Incompatible));
        assert_eq!(rank_sets(&[f64::NAN], &[vec![0.1]], 0.95), Err(Undefined::Incompatible));
    }
}
