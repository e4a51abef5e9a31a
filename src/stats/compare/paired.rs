//! Tests of paired differences over clusters, and the difference of two paired differences.

use super::clustered::{CLUSTER_ROBUST_T, paired_difference};
use crate::gap::{GapCount, MOVER_GUARDED, describe_gap, mover};
use crate::random::StreamKey;
use crate::signflip::{EXACT_SCORES, FlipMethod, sign_flip};
use crate::special::{t_critical, t_sf};
use crate::{Estimate, Interval, Undefined};

/// Name of the clustered t test in a [`DifferenceTest`].
pub const CLUSTERED_T: &str = "clustered_t";

/// A p-value with the name of its method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DifferenceTest {
    /// Two-sided.
    pub p_value: f64,
    /// `sign_flip_exact_mid_p`, `sign_flip_monte_carlo_mid_p` or `clustered_t`.
    pub method: &'static str,
}

/// One cluster's counts of two paired differences: each judge's hits on two sets of examples.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DoubleCount {
    /// Both judges on the first set (positives).
    pub plus: GapCount,
    /// Both judges on the second set (negatives), whose difference is taken off.
    pub minus: GapCount,
}

/// The test that two judges hit the same share of the same clustered examples.
///
/// The sign-flip mid-p where no more than [`EXACT_SCORES`] clusters tell the judges apart, else the clustered t, which errs in 4.2 to
/// 6.7% at a nominal 5%; where the clusters do not vary, random sign flips.
///
/// **Inputs**: both judges' counts a cluster, with the same totals. **Undefined**: `NoPositives` without examples, `SingleCluster`,
/// `Incompatible`. **Cost** O(G), at most O(2^24) for the exact test. **Source**: as [`paired_difference`] and [`sign_flip`].
pub fn paired_difference_test(cells: &[GapCount], key: &StreamKey) -> Result<DifferenceTest, Undefined> {
    let difference = paired_difference(cells, LEVEL);
    if let Some(reason) = difference.undefined {
        return Err(reason);
    }
    let gap = describe_gap(cells, LEVEL)?;
    let error = gap.variance?.standard_error;
    let scores: Vec<f64> = cells
        .iter()
        .filter(|cell| cell.first.total > 0.0)
        .map(|cell| score(cell.first.hits - cell.second.hits, cell.first.total))
        .collect();
    decide(&scores, gap.value, error, gap.clusters as f64 - 1.0, key)
}

/// The difference of two paired differences, ready for a report: two judges' Youden J (recall on the positives less false alarms on the
/// negatives), or their recall gaps.
///
/// `(p1 - p2 on plus) - (p1 - p2 on minus)` with the cluster-robust t interval, whose degrees of freedom are one less than the clusters
/// of the side that has fewer, since the rarer class carries the variance. Where a share is 0 or 1, or the clusters do not vary,
/// MOVER on the intervals of the two differences with their clustered correlation; `method` says which.
///
/// **Inputs**: counts a cluster; in each pair both judges have the same totals. **Undefined**: `NoPositives` where a side is empty,
/// `Incompatible` for different totals; the interval `SingleCluster`. **Cost** O(G). **Source**: ratio linearisation, Cochran (1977);
/// Zou & Donner (2008), Stat Med 27:1693.
///
/// ```
/// use lacuna_stats::compare::{DoubleCount, double_difference};
/// use lacuna_stats::gap::GapCount;
/// use lacuna_stats::proportion::ClusterCount;
/// let pair = |first, second| GapCount { first: ClusterCount::new(first, 2.0), second: ClusterCount::new(second, 2.0) };
/// // Recalls 3/4 and 2/4, false alarms 1/4 and 1/4: 1/4 - 0.
/// let cells = [
///     DoubleCount { plus: pair(2.0, 1.0), minus: pair(1.0, 0.0) },
///     DoubleCount { plus: pair(1.0, 1.0), minus: pair(0.0, 1.0) },
/// ];
/// assert_eq!(double_difference(&cells, 0.95).value, Some(0.25));
/// ```
pub fn double_difference(cells: &[DoubleCount], level: f64) -> Estimate {
    let parts = match Parts::new(cells) {
        Ok(parts) => parts,
        Err(reason) => return Estimate::undefined(reason, level, CLUSTER_ROBUST_T),
    };
    let (method, interval) = if parts.certain || parts.error().is_ok_and(|error| error <= 0.0) {
        (MOVER_GUARDED, parts.mover(level))
    } else {
        (CLUSTER_ROBUST_T, parts.t_interval(level))
    };
    let mut estimate = Estimate::undefined(Undefined::NoData, level, method);
    (estimate.value, estimate.undefined) = (Some(parts.value()), None);
    (estimate.n, estimate.clusters) = (parts.totals[0] + parts.totals[1], parts.errors.len());
    match interval {
        Ok(Interval { lower, upper }) => {
            (estimate.lower, estimate.upper) = (Some(lower.max(-2.0)), Some(upper.min(2.0)));
        }
        Err(reason) => estimate.interval_undefined = Some(reason),
    }
    estimate
}

/// The test that a difference of two paired differences is zero; as [`paired_difference_test`].
///
/// The score of a cluster is `(h1 - h2 - d n)/N` on the first set less the same on the second, where d is the paired difference of
/// both sets together: the null hypothesis says that they share one, not that it is 0. The scores sum to the difference.
pub fn double_difference_test(cells: &[DoubleCount], key: &StreamKey) -> Result<DifferenceTest, Undefined> {
    let parts = Parts::new(cells)?;
    let error = parts.error()?;
    let [plus, minus] = parts.totals;
    let shared = (parts.differences[0] * plus + parts.differences[1] * minus) / (plus + minus);
    let of_side = |cell: &GapCount, total: f64| {
        score(cell.first.hits - cell.second.hits - shared * cell.first.total, cell.first.total) / total
    };
    let scores: Vec<f64> = cells
        .iter()
        .map(|cell| of_side(&cell.plus, plus) - of_side(&cell.minus, minus))
        .map(|sum| if sum.abs() < 1e-15 { 0.0 } else { sum })
        .collect();
    decide(&scores, parts.value(), error, parts.degrees, key)
}

/// Any level: the tests read no interval.
const LEVEL: f64 = 0.95;

/// Averaged repeats that agree may differ by rounding.
fn score(difference: f64, total: f64) -> f64 {
    if difference.abs() <= 1e-12 * total { 0.0 } else { difference }
}

fn decide(scores: &[f64], value: f64, error: f64, degrees: f64, key: &StreamKey) -> Result<DifferenceTest, Undefined> {
    if degrees <= 0.0 {
        return Err(Undefined::SingleCluster);
    }
    let telling = scores.iter().filter(|score| **score != 0.0).count();
    if telling > EXACT_SCORES && error > 0.0 {
        let p_value = (2.0 * t_sf((value / error).abs(), degrees)).min(1.0);
        return Ok(DifferenceTest { p_value, method: CLUSTERED_T });
    }
    let found = sign_flip(scores, key)?;
    let method = match found.method {
        FlipMethod::Exact => "sign_flip_exact_mid_p",
        FlipMethod::MonteCarlo => "sign_flip_monte_carlo_mid_p",
        FlipMethod::ClusteredT => CLUSTERED_T,
    };
    Ok(DifferenceTest { p_value: found.p_mid, method })
}

/// What the interval of a difference of differences rests on.
struct Parts<'a> {
    cells: &'a [DoubleCount],
    /// The two paired differences.
    differences: [f64; 2],
    /// Examples of either set.
    totals: [f64; 2],
    /// Linearised errors of both differences, one pair a cluster with an example of either set.
    errors: Vec<[f64; 2]>,
    /// One less than the clusters of the set that lies in fewer.
    degrees: f64,
    /// Whether a share is 0 or 1.
    certain: bool,
}

impl<'a> Parts<'a> {
    fn new(cells: &'a [DoubleCount]) -> Result<Self, Undefined> {
        let sides: [fn(&DoubleCount) -> GapCount; 2] = [|cell| cell.plus, |cell| cell.minus];
        let (mut differences, mut totals, mut shares) = ([0.0; 2], [0.0; 2], [[0.0; 2]; 2]);
        let mut fewest = usize::MAX;
        for (index, side) in sides.iter().enumerate() {
            let counts: Vec<GapCount> = cells.iter().map(side).collect();
            let found = paired_difference(&counts, LEVEL);
            if let Some(reason) = found.undefined {
                return Err(reason);
            }
            let hits = |of: fn(&GapCount) -> f64| counts.iter().map(of).sum::<f64>();
            totals[index] = hits(|cell| cell.first.total);
            shares[index] = [hits(|c| c.first.hits) / totals[index], hits(|c| c.second.hits) / totals[index]];
            differences[index] = shares[index][0] - shares[index][1];
            fewest = fewest.min(found.clusters);
        }
        let error = |cell: &GapCount, index: usize| {
            (cell.first.hits - cell.second.hits - differences[index] * cell.first.total) / totals[index]
        };
        let occupied = cells.iter().filter(|cell| cell.plus.first.total > 0.0 || cell.minus.first.total > 0.0);
        Ok(Self {
            cells,
            differences,
            totals,
            errors: occupied.map(|cell| [error(&cell.plus, 0), error(&cell.minus, 1)]).collect(),
            degrees: fewest as f64 - 1.0,
            certain: shares.iter().flatten().any(|share| *share <= 0.0 || *share >= 1.0),
        })
    }

    fn value(&self) -> f64 {
        self.differences[0] - self.differences[1]
    }

    /// `G/(G-1)` times a sum of products of the errors.
    fn moment(&self, product: impl Fn(&[f64; 2]) -> f64) -> Result<f64, Undefined> {
        let clusters = self.errors.len() as f64;
        if self.errors.len() < 2 {
            return Err(Undefined::SingleCluster);
        }
        Ok(clusters / (clusters - 1.0) * self.errors.iter().map(product).sum::<f64>())
    }

    /// Standard error; 0 where only rounding tells the clusters apart.
    fn error(&self) -> Result<f64, Undefined> {
        let error = self.moment(|[plus, minus]| (plus - minus).powi(2))?.sqrt();
        Ok(if error < 1e-12 { 0.0 } else { error })
    }

    fn t_interval(&self, level: f64) -> Result<Interval, Undefined> {
        if self.degrees <= 0.0 {
            return Err(Undefined::SingleCluster);
        }
        let half = t_critical(level, self.degrees) * self.error()?;
        Ok(Interval { lower: self.value() - half, upper: self.value() + half })
    }

    fn mover(&self, level: f64) -> Result<Interval, Undefined> {
        let interval = |side: fn(&DoubleCount) -> GapCount| {
            let found = paired_difference(&self.cells.iter().map(side).collect::<Vec<_>>(), level);
            found.interval().ok_or(found.interval_undefined.unwrap_or(Undefined::SingleCluster))
        };
        let (plus, minus) = (self.moment(|[plus, _]| plus * plus)?, self.moment(|[_, minus]| minus * minus)?);
        let together = self.moment(|[plus, minus]| plus * minus)?;
        let spread = (plus * minus).sqrt();
        let correlation = if spread > 0.0 { (together / spread).clamp(-1.0, 1.0) } else { 0.0 };
        Ok(mover(self.differences, [interval(|cell| cell.plus)?, interval(|cell| cell.minus)?], correlation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proportion::ClusterCount;

    fn pair(first: f64, second: f64, total: f64) -> GapCount {
        GapCount { first: ClusterCount::new(first, total), second: ClusterCount::new(second, total) }
    }

    fn cell(plus: [f64; 3], minus: [f64; 3]) -> DoubleCount {
        DoubleCount { plus: pair(plus[0], plus[1], plus[2]), minus: pair(minus[0], minus[1], minus[2]) }
    }

    fn key() -> StreamKey {
        StreamKey::new(1, "a", "b", "double")
    }

    #[test]
    fn by_hand() {
        // Plus: d = 1, 0 over 2 each: 1/4, errors 1/8 and -1/8. Minus: d = 1, -1 over 2 each: 0, errors 1/4 and -1/4.
        // Difference 1/4; errors -1/8 and 1/8: se = sqrt(2 * 2/64) = 1/4; t(1) at 50% is 1.
        let cells = [cell([2.0, 1.0, 2.0], [1.0, 0.0, 2.0]), cell([1.0, 1.0, 2.0], [0.0, 1.0, 2.0])];
        let found = double_difference(&cells, 0.5);
        assert_eq!((found.value, found.n, found.clusters), (Some(0.25), 8.0, 2));
        assert!(found.lower.unwrap().abs() < 1e-12 && (found.upper.unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(found.method, CLUSTER_ROBUST_T);
        // Together 1 of 8. Scores (1 - 1/4)/4 - (1 - 1/4)/4 = 0 and -1/16 + 5/16 = 1/4: one score, whose two signs tie: 1/2 of it.
        let test = double_difference_test(&cells, &key()).unwrap();
        assert_eq!((test.p_value, test.method), (0.5, "sign_flip_exact_mid_p"));
    }

    #[test]
    fn certainty_falls_back_on_mover() {
        let cells = [cell([2.0, 0.0, 2.0], [0.0, 0.0, 2.0]), cell([2.0, 1.0, 2.0], [0.0, 1.0, 3.0])];
        let found = double_difference(&cells, 0.95);
        assert_eq!((found.method.as_str(), found.value), (MOVER_GUARDED, Some(0.75 + 0.2)));
        assert!(found.lower.unwrap() < 0.95 && found.upper.unwrap() > 0.95);
    }

    /// The first judge flags everything everywhere, the second nothing: recalls and false alarms differ by 1 each, their
    /// difference is 0 in every cluster, however many examples of either set it holds.
    #[test]
    fn the_shared_difference_is_no_evidence() {
        let all = |n: f64| [n, 0.0, n];
        let cells: Vec<DoubleCount> = (1..=6).map(|g| cell(all(f64::from(g)), all(f64::from(7 - g)))).collect();
        let found = double_difference_test(&cells, &key()).unwrap();
        assert_eq!((double_difference(&cells, 0.95).value, found.p_value), (Some(0.0), 1.0));
    }

    #[test]
    fn many_clusters_are_tested_by_t() {
        // 30 clusters of one: the first alone hits in 20, the second alone in 10: D = 1/3, errors 2/3 and -4/3 over 30;
        // se^2 = 30/29 (20 * 4/9 + 10 * 16/9)/900 = 30/29 * (80 + 160)/9/900.
        let cells: Vec<GapCount> =
            (0..30).map(|g| if g < 20 { pair(1.0, 0.0, 1.0) } else { pair(0.0, 1.0, 1.0) }).collect();
        let found = paired_difference_test(&cells, &key()).unwrap();
        let error = (30.0_f64 / 29.0 * 240.0 / 9.0 / 900.0).sqrt();
        assert_eq!(found.method, CLUSTERED_T);
        assert!((found.p_value - 2.0 * t_sf(1.0 / 3.0 / error, 29.0)).abs() < 1e-12);
    }

    #[test]
    fn few_clusters_are_tested_by_flips() {
        // Five to none: 2 of 32, both tie: half of that.
        let found = paired_difference_test(&[pair(1.0, 0.0, 1.0); 5], &key()).unwrap();
        assert_eq!((found.p_value, found.method), (1.0 / 32.0, "sign_flip_exact_mid_p"));
    }

    #[test]
    fn each_reason_is_given() {
        let reason = |cells: &[DoubleCount]| double_difference(cells, 0.95).undefined;
        assert_eq!(reason(&[]), Some(Undefined::NoPositives));
        assert_eq!(reason(&[cell([1.0, 0.0, 2.0], [0.0; 3])]), Some(Undefined::NoPositives));
        let single = double_difference(&[cell([1.0, 0.0, 2.0], [1.0, 0.0, 2.0])], 0.95);
        assert_eq!((single.value, single.interval_undefined), (Some(0.0), Some(Undefined::SingleCluster)));
        let one = paired_difference_test(&[pair(1.0, 0.0, 1.0)], &key());
        assert_eq!(one, Err(Undefined::SingleCluster));
    }
}
