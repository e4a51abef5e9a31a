//! Recall in which a grave harm counts for more.

use super::clustered::{ClusterCount, totals};
use super::effective::{GUARDED_WILSON, clustered_proportion};
use crate::{Estimate, Undefined};

/// One cluster's positives of one severity weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedCount {
    /// Cluster, from 0.
    pub cluster: usize,
    /// Harm weight of the severity, fixed before the data are seen; at least 0.
    pub weight: f64,
    /// Flagged and all positives of that severity.
    pub count: ClusterCount,
}

/// Severity-weighted recall, `sum w J / sum w` over the positives, ready for a report.
///
/// The interval is the guarded Wilson of [`super::clustered_proportion`] on weights scaled to Kish's effective size
/// `(sum w)^2 / sum w^2`, so that a few heavy examples do not pass for many. With equal weights it is the plain recall.
///
/// **Returns** `n` the positives of positive weight, `n_effective` the size behind the interval. **Undefined**: `NoPositives` without
/// weight, `Incompatible` for a malformed weight or count; the interval as [`super::clustered_proportion`]. **Cost** O(G).
/// **Source**: Kish (1965), Survey Sampling; Franco, Little, Louis & Slud (2019), JSSAM 7:334 (weights within the effective
/// size).
pub fn weighted_recall(cells: &[WeightedCount], level: f64) -> Estimate {
    if !cells.iter().all(|cell| cell.weight.is_finite() && cell.weight >= 0.0 && cell.count.is_sound()) {
        return Estimate::undefined(Undefined::Incompatible, level, GUARDED_WILSON);
    }
    let heavy = cells.iter().filter(|cell| cell.weight > 0.0);
    let positives = totals(&heavy.map(|cell| cell.count).collect::<Vec<_>>()).total;
    let power = |n: i32| cells.iter().map(|cell| cell.weight.powi(n) * cell.count.total).sum::<f64>();
    let scale = if positives > 0.0 { power(1) / power(2) } else { 0.0 };
    let clusters = cells.iter().map(|cell| cell.cluster + 1).max().unwrap_or(0);
    let mut sums = vec![ClusterCount::default(); clusters];
    for cell in cells {
        sums[cell.cluster].hits += scale * cell.weight * cell.count.hits;
        sums[cell.cluster].total += scale * cell.weight * cell.count.total;
    }
    let mut estimate = clustered_proportion(&sums, level, Undefined::NoPositives);
    (estimate.n, estimate.count) = (positives, None);
    estimate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(cluster: usize, weight: f64, hits: f64, total: f64) -> WeightedCount {
        WeightedCount { cluster, weight, count: ClusterCount { hits, total } }
    }

    #[test]
    fn by_hand() {
        // Weights 1 and 3: (1*2 + 3*1)/(1*4 + 3*2) = 1/2 of six positives; Kish (4 + 6)^2/(4 + 18) = 50/11.
        let found = weighted_recall(&[cell(0, 1.0, 2.0, 2.0), cell(1, 1.0, 0.0, 2.0), cell(2, 3.0, 1.0, 2.0)], 0.95);
        assert!((found.value.unwrap() - 0.5).abs() < 1e-15);
        assert_eq!((found.n, found.clusters), (6.0, 3));
        assert!(found.n_effective.unwrap() <= 50.0 / 11.0 + 1e-12);
    }

    #[test]
    fn equal_weights_are_plain_recall_whatever_their_size() {
        let plain = [ClusterCount::new(1.0, 3.0), ClusterCount::new(2.0, 2.0), ClusterCount::new(0.0, 4.0)];
        let weighted: Vec<WeightedCount> =
            plain.iter().enumerate().map(|(cluster, &count)| WeightedCount { cluster, weight: 7.0, count }).collect();
        let (a, b) = (clustered_proportion(&plain, 0.95, Undefined::NoPositives), weighted_recall(&weighted, 0.95));
        assert!((a.lower.unwrap() - b.lower.unwrap()).abs() < 1e-12);
        assert!((a.upper.unwrap() - b.upper.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn each_reason_is_given() {
        assert_eq!(weighted_recall(&[], 0.95).undefined, Some(Undefined::NoPositives));
        assert_eq!(weighted_recall(&[cell(0, 0.0, 1.0, 2.0)], 0.95).undefined, Some(Undefined::NoPositives));
        assert_eq!(weighted_recall(&[cell(0, -1.0, 1.0, 2.0)], 0.95).undefined, Some(Undefined::Incompatible));
        let single = weighted_recall(&[cell(0, 2.0, 1.0, 2.0)], 0.95);
        assert_eq!(single.interval_undefined, Some(Undefined::SingleCluster));
    }
}
