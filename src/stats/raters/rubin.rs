//! One share from several draws of an uncertain gold.

use crate::proportion::{ClusterCount, guarded_wilson, totals, wilson};
use crate::{Interval, Undefined};

/// A share over draws of gold, with both parts of its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RubinShare {
    /// Mean of the draws' shares.
    pub value: f64,
    /// Mean of the draws' denominators.
    pub total: f64,
    /// Mean variance of a draw's share over clusters.
    pub within: f64,
    /// Variance of the share between draws: what the gold's uncertainty adds.
    pub between: f64,
    /// Independent examples that both variances together are worth.
    pub n_effective: f64,
    /// Wilson's interval on that size.
    pub interval: Interval,
}

/// A clustered share whose gold was drawn several times.
///
/// The variance within a draw is that behind the guarded Wilson interval, `p (1 - p) / n_eff`; draws combine as multiple
/// imputations do, `T = W + (1 + 1/M) B`, and the interval is Wilson's on the size `p (1 - p) / T`. With one certain gold it is
/// the guarded Wilson interval.
///
/// **Inputs**: for each draw one count a cluster; the level. **Returns** an interval inside \[0, 1\].
/// **Undefined**: `too_few` below two draws; otherwise the reason of the first draw without an interval (`no_data`,
/// `single_cluster`, `too_few`). **Cost**: O(draws x clusters).
/// **Source**: Rubin (1987), Multiple Imputation for Nonresponse in Surveys, equation 3.1.5; the guarded size inside is this project's.
pub fn combine_shares(draws: &[Vec<ClusterCount>], level: f64) -> Result<RubinShare, Undefined> {
    if draws.len() < 2 {
        return Err(Undefined::TooFew);
    }
    let count = draws.len() as f64;
    let (mut shares, mut denominators, mut sizes, mut within) = (Vec::new(), 0.0, 0.0, 0.0);
    for cells in draws {
        let size = guarded_wilson(cells, level)?.n_effective;
        let ClusterCount { hits, total } = totals(cells);
        let share = hits / total;
        shares.push(share);
        denominators += total / count;
        sizes += size / count;
        within += share * (1.0 - share) / size / count;
    }
    let value = shares.iter().sum::<f64>() / count;
    let between = shares.iter().map(|share| (share - value).powi(2)).sum::<f64>() / (count - 1.0);
    let variance = within + (1.0 + 1.0 / count) * between;
    let spread = value * (1.0 - value);
    let n_effective = if variance > 0.0 && spread > 0.0 { (spread / variance).min(denominators) } else { sizes };
    let interval = wilson(n_effective * value, n_effective, level)?;
    Ok(RubinShare { value, total: denominators, within, between, n_effective, interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(counts: &[(f64, f64)]) -> Vec<ClusterCount> {
        counts.iter().map(|(hits, total)| ClusterCount::new(*hits, *total)).collect()
    }

    #[test]
    fn one_certain_gold_is_the_guarded_interval() {
        let once = cells(&[(1.0, 3.0), (2.0, 2.0), (0.0, 4.0)]);
        let found = combine_shares(&[once.clone(), once.clone(), once.clone()], 0.95).unwrap();
        let guarded = guarded_wilson(&once, 0.95).unwrap();
        assert_eq!(found.between, 0.0);
        assert!((found.n_effective - guarded.n_effective).abs() < 1e-9);
        assert!((found.interval.lower - guarded.interval.lower).abs() < 1e-12);
    }

    #[test]
    fn doubt_between_draws_widens_by_hand() {
        // Two draws of two clusters of two: shares 1/4 and 3/4, mean 1/2, B = 2 (1/4)^2 = 1/8.
        let low = cells(&[(1.0, 2.0), (0.0, 2.0)]);
        let high = cells(&[(2.0, 2.0), (1.0, 2.0)]);
        let found = combine_shares(&[low.clone(), high], 0.95).unwrap();
        assert_eq!((found.value, found.between, found.total), (0.5, 0.125, 4.0));
        let size = guarded_wilson(&low, 0.95).unwrap().n_effective;
        assert!((found.within - 3.0 / 16.0 / size).abs() < 1e-12);
        assert!((found.n_effective - 0.25 / (found.within + 1.5 * 0.125)).abs() < 1e-12);
    }

    #[test]
    fn each_reason_is_given() {
        let once = cells(&[(1.0, 3.0), (2.0, 2.0)]);
        assert_eq!(combine_shares(std::slice::from_ref(&once), 0.95), Err(Undefined::TooFew));
        assert_eq!(combine_shares(&[once.clone(), cells(&[(0.0, 0.0)])], 0.95), Err(Undefined::NoData));
        assert_eq!(combine_shares(&[once, cells(&[(1.0, 3.0)])], 0.95), Err(Undefined::SingleCluster));
    }
}
