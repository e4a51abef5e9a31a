//! Two judges on the same clustered examples.

use super::ChiSquared;
use crate::gap::{GapCount, MOVER_GUARDED, RecallGap, describe_gap};
use crate::random::StreamKey;
use crate::signflip::{SignFlip, sign_flip};
use crate::{Estimate, Interval, Undefined};

/// Name of the cluster-robust t interval in an [`Estimate`].
pub const CLUSTER_ROBUST_T: &str = "cluster_robust_t";

/// The difference of two judges' shares on the same examples, ready for a report.
///
/// First minus second, with the cluster-robust t interval; where either share is 0 or 1, or the clusters do not vary, with the guarded
/// MOVER of [`crate::gap::recall_gap`], and `method` says which. The t test errs in 4.2 to 6.7% at a nominal 5%.
///
/// **Inputs**: both judges' counts a cluster, with the same totals: judges are compared on the examples that both were asked.
/// **Undefined**: `NoPositives` without examples; `Incompatible` for different totals or malformed counts; the interval `SingleCluster`.
/// **Cost** O(G). **Source**: ratio linearisation, Cochran (1977).
pub fn paired_difference(cells: &[GapCount], level: f64) -> Estimate {
    let gap = match same_examples(cells).and_then(|()| describe_gap(cells, level)) {
        Ok(gap) => gap,
        Err(reason) => return Estimate::undefined(reason, level, CLUSTER_ROBUST_T),
    };
    let certain = |share: f64| share <= 0.0 || share >= 1.0;
    let still = gap.variance.is_ok_and(|variance| variance.standard_error <= 0.0);
    let (method, interval) = if certain(gap.first) || certain(gap.second) || still {
        (MOVER_GUARDED, gap.guarded.difference)
    } else {
        (CLUSTER_ROBUST_T, inside_range(&gap))
    };
    let mut estimate = Estimate::undefined(Undefined::NoData, level, method);
    (estimate.value, estimate.undefined) = (Some(gap.value), None);
    (estimate.n, estimate.clusters) = (0.5 * gap.total, gap.clusters);
    match interval {
        Ok(Interval { lower, upper }) => (estimate.lower, estimate.upper) = (Some(lower), Some(upper)),
        Err(reason) => estimate.interval_undefined = Some(reason),
    }
    estimate
}

/// The t interval, cut at what a difference of shares can be.
fn inside_range(gap: &RecallGap) -> Result<Interval, Undefined> {
    gap.t_interval.map(|interval| Interval { lower: interval.lower.max(-1.0), upper: interval.upper.min(1.0) })
}

/// The sign-flip test that two judges have the same share on the same clustered examples; report `p_mid`.
///
/// **Inputs**, **undefined** as [`paired_difference`], with `SingleCluster`; **cost**, **source** as [`sign_flip`].
pub fn paired_test(cells: &[GapCount], key: &StreamKey) -> Result<SignFlip, Undefined> {
    same_examples(cells)?;
    let occupied: Vec<&GapCount> = cells.iter().filter(|cell| cell.first.total > 0.0).collect();
    match occupied.len() {
        0 => return Err(Undefined::NoPositives),
        1 => return Err(Undefined::SingleCluster),
        _ => {}
    }
    let score = |cell: &&GapCount| {
        let score = cell.first.hits - cell.second.hits;
        // Averaged repeats that agree may differ by rounding.
        if score.abs() <= 1e-12 * cell.first.total { 0.0 } else { score }
    };
    sign_flip(&occupied.iter().map(score).collect::<Vec<_>>(), key)
}

fn same_examples(cells: &[GapCount]) -> Result<(), Undefined> {
    let same = |cell: &GapCount| {
        (cell.first.total - cell.second.total).abs() <= 1e-9 * cell.first.total.max(1.0)
            && cell.first.is_sound()
            && cell.second.is_sound()
    };
    if cells.iter().all(same) { Ok(()) } else { Err(Undefined::Incompatible) }
}

/// A cluster's pairs, with those that only one judge hits.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DiscordantCount {
    /// Hit by the first only.
    pub only_first: f64,
    /// Hit by the second only.
    pub only_second: f64,
    /// All pairs of the cluster.
    pub pairs: f64,
}

/// The published chi-squared tests of paired shares in clusters, for reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredMcNemar {
    /// Obuchowski (1998).
    pub obuchowski: ChiSquared,
    /// Durkalski et al. (2003); recommended below 50 clusters of unequal size.
    pub durkalski: ChiSquared,
    /// Yang, Sun and Hardin (2010).
    pub yang: ChiSquared,
}

/// Clustered McNemar tests, one degree of freedom each.
///
/// With `d_k = b_k - c_k` over K clusters of `n_k` pairs: Obuchowski `(K-1)/K (sum d)^2/sum d^2`; Durkalski
/// `(sum d/n)^2/sum (d/n)^2`; Yang `(K-1)/K (sum d)^2/(1/2 sum [(d - n D)^2 + d^2])`.
///
/// **Undefined**: `NoData` without pairs, `SingleCluster`, `ZeroDiscordant` where every difference is 0, `Incompatible` for malformed
/// counts. **Cost** O(K). **Source**: Obuchowski (1998), Stat Med 17:1495; Durkalski, Palesch, Lipsitz & Rust (2003), Stat Med
/// 22:2417; Yang, Sun & Hardin (2010), Stat Med 29:2622; R `clust.bin.pair` agrees to 5e-14.
pub fn clustered_mcnemar(cells: &[DiscordantCount]) -> Result<ClusteredMcNemar, Undefined> {
    let sound = |cell: &DiscordantCount| {
        let counts = [cell.only_first, cell.only_second, cell.pairs];
        counts.iter().all(|count| count.is_finite() && *count >= 0.0)
            && cell.only_first + cell.only_second <= cell.pairs * (1.0 + 1e-9)
    };
    if !cells.iter().all(sound) {
        return Err(Undefined::Incompatible);
    }
    let occupied: Vec<(f64, f64)> = cells
        .iter()
        .filter(|cell| cell.pairs > 0.0)
        .map(|cell| (cell.only_first - cell.only_second, cell.pairs))
        .collect();
    match occupied.len() {
        0 => return Err(Undefined::NoData),
        1 => return Err(Undefined::SingleCluster),
        _ => {}
    }
    let sum = |term: &dyn Fn(f64, f64) -> f64| occupied.iter().map(|&(d, n)| term(d, n)).sum::<f64>();
    let squares = sum(&|d, _| d * d);
    if squares == 0.0 {
        return Err(Undefined::ZeroDiscordant);
    }
    let clusters = occupied.len() as f64;
    let excess = sum(&|d, _| d);
    let rate = excess / sum(&|_, n| n);
    let shrunk = (clusters - 1.0) / clusters * excess * excess;
    let rates = sum(&|d, n| d / n);
    Ok(ClusteredMcNemar {
        obuchowski: ChiSquared::new(shrunk / squares, 1.0),
        durkalski: ChiSquared::new(rates * rates / sum(&|d, n| (d / n).powi(2)), 1.0),
        yang: ChiSquared::new(shrunk / (0.5 * (sum(&|d, n| (d - n * rate).powi(2)) + squares)), 1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proportion::ClusterCount;

    fn cells(counts: &[[f64; 3]]) -> Vec<GapCount> {
        let count =
            |&[h1, h2, n]: &[f64; 3]| GapCount { first: ClusterCount::new(h1, n), second: ClusterCount::new(h2, n) };
        counts.iter().map(count).collect()
    }

    fn key() -> StreamKey {
        StreamKey::new(1, "a", "b", "paired")
    }

    #[test]
    fn chi_squared_by_hand() {
        // d = 2, -1, 1 over n = 2, 4, 4: sum 2, squares 6, D = 1/5.
        let cell = |only_first, only_second, pairs| DiscordantCount { only_first, only_second, pairs };
        let found = clustered_mcnemar(&[cell(2.0, 0.0, 2.0), cell(0.0, 1.0, 4.0), cell(2.0, 1.0, 4.0)]).unwrap();
        assert!((found.obuchowski.statistic - 2.0 / 3.0 * 4.0 / 6.0).abs() < 1e-14);
        // d/n = 1, -1/4, 1/4: 1/(1 + 1/16 + 1/16) = 8/9.
        assert!((found.durkalski.statistic - 8.0 / 9.0).abs() < 1e-14);
        // (d - nD)^2 = (8/5)^2, (9/5)^2, (1/5)^2 = 146/25; (8/3)/(1/2 (146/25 + 6)) = (8/3)/(148/25).
        assert!((found.yang.statistic - 8.0 / 3.0 * 25.0 / 148.0).abs() < 1e-14);
    }

    #[test]
    fn t_interval_by_hand() {
        // d = 1, 0 over two pairs each: D = 1/4, residuals 1/2 and -1/2, se = sqrt(2 (1/4 + 1/4))/4 = 1/4; t(1) at 50% is 1.
        let found = paired_difference(&cells(&[[2.0, 1.0, 2.0], [0.0, 0.0, 2.0]]), 0.5);
        assert_eq!((found.value, found.n, found.method.as_str()), (Some(0.25), 4.0, CLUSTER_ROBUST_T));
        assert!((found.lower.unwrap()).abs() < 1e-12 && (found.upper.unwrap() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn certainty_falls_back_on_mover_and_says_so() {
        let blind = paired_difference(&cells(&[[1.0, 0.0, 2.0], [1.0, 0.0, 2.0], [0.0, 0.0, 1.0]]), 0.95);
        assert_eq!(blind.method, MOVER_GUARDED);
        assert!(blind.lower.unwrap() < 0.4 && blind.upper.unwrap() > 0.4);
        let still = paired_difference(&cells(&[[1.0, 1.0, 2.0], [1.0, 1.0, 2.0]]), 0.95);
        assert_eq!((still.value, still.method.as_str()), (Some(0.0), MOVER_GUARDED));
        assert!(still.lower.unwrap() < 0.0 && still.upper.unwrap() > 0.0);
    }

    #[test]
    fn judges_that_agree_everywhere_differ_with_probability_one() {
        let found = paired_test(&cells(&[[1.0, 1.0, 2.0], [0.0, 0.0, 2.0]]), &key()).unwrap();
        assert_eq!((found.p_value, found.p_mid), (1.0, 1.0));
    }

    #[test]
    fn each_reason_is_given() {
        assert_eq!(paired_difference(&[], 0.95).undefined, Some(Undefined::NoPositives));
        let other = [GapCount { first: ClusterCount::new(1.0, 2.0), second: ClusterCount::new(1.0, 3.0) }];
        assert_eq!(paired_difference(&other, 0.95).undefined, Some(Undefined::Incompatible));
        assert_eq!(paired_test(&other, &key()), Err(Undefined::Incompatible));
        let single = cells(&[[1.0, 0.0, 2.0], [0.0, 0.0, 0.0]]);
        assert_eq!(paired_difference(&single, 0.95).interval_undefined, Some(Undefined::SingleCluster));
        assert_eq!(paired_test(&single, &key()), Err(Undefined::SingleCluster));
        assert_eq!(paired_test(&[], &key()), Err(Undefined::NoPositives));
        let cell = |only_first, only_second, pairs| DiscordantCount { only_first, only_second, pairs };
        assert_eq!(clustered_mcnemar(&[]), Err(Undefined::NoData));
        assert_eq!(clustered_mcnemar(&[cell(1.0, 0.0, 2.0)]), Err(Undefined::SingleCluster));
        assert_eq!(clustered_mcnemar(&[cell(1.0, 1.0, 2.0), cell(0.0, 0.0, 2.0)]), Err(Undefined::ZeroDiscordant));
        assert_eq!(clustered_mcnemar(&[cell(3.0, 0.0, 2.0)]), Err(Undefined::Incompatible));
    }
}
