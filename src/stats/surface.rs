//! The gap at every pair of thresholds, with a band that holds for all of them at once.

use super::gap::{GapCount, RecallGap, describe_gap};
use super::proportion::ClusterCount;
use super::quantile::quantile_of_multiples;
use super::resample::ClusterResample;
use super::{Interval, Undefined};

/// Share of the resamples that may leave a gap undefined before its band is refused: one in twenty.
const DROPPED_PER: u64 = 20;

/// The gap at one pair of thresholds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfacePoint {
    /// Index of the threshold of the first axis.
    pub first: usize,
    /// Index of the threshold of the second axis.
    pub second: usize,
    /// The gap, with its own intervals.
    pub gap: Result<RecallGap, Undefined>,
    /// The simultaneous interval, cut at -1 and 1.
    pub band: Result<Interval, Undefined>,
}

/// The gap at every pair of thresholds, with a max-t band over all of them.
///
/// The headline depends on the pair: pre-register one and print the surface beside it. The band is studentised by the linearised standard
/// error, from common resamples of the clusters; a resample that leaves a gap undefined says nothing about that gap.
///
/// **Inputs**: for each threshold of either axis the counts of every cluster, in one order. **Returns** the points, the second threshold
/// fastest. **Undefined**: `NoData` without thresholds, `Incompatible` where lengths differ; each point for itself, its band also
/// `SingleCluster`, `ZeroVariance` where the linearised error is 0 (of which a band cannot speak) and `TooFew` where more than 5% of the
/// resamples leave the gap undefined. **Cost** O(T B G) for T pairs. **Source**: Romano & Wolf (2005), Econometrica 73:1237.
pub fn gap_surface(
    first: &[Vec<ClusterCount>],
    second: &[Vec<ClusterCount>],
    resample: &ClusterResample,
    level: f64,
) -> Result<Vec<SurfacePoint>, Undefined> {
    if first.is_empty() || second.is_empty() {
        return Err(Undefined::NoData);
    }
    if !first.iter().chain(second).all(|counts| counts.len() == resample.clusters()) {
        return Err(Undefined::Incompatible);
    }
    let mut maxima = vec![0.0; resample.replicates()];
    let mut points = Vec::with_capacity(first.len() * second.len());
    for (i, first) in first.iter().enumerate() {
        for (j, second) in second.iter().enumerate() {
            let cells: Vec<GapCount> =
                first.iter().zip(second).map(|(&first, &second)| GapCount { first, second }).collect();
            let gap = describe_gap(&cells, level);
            let error = gap.and_then(|gap| raise(&mut maxima, &gap, &cells, resample));
            points.push((SurfacePoint { first: i, second: j, gap, band: Err(Undefined::NoData) }, error));
        }
    }
    let mut ascending: Vec<(f64, u64)> = maxima.into_iter().zip(resample.rows().map(|(_, times)| times)).collect();
    ascending.sort_by(|a, b| a.0.total_cmp(&b.0));
    let critical = quantile_of_multiples(&ascending, level).ok_or(Undefined::NoData)?;
    let banded = |(mut point, error): (SurfacePoint, Result<f64, Undefined>)| {
        point.band = point.gap.and_then(|gap| {
            let half = critical * error?;
            Ok(Interval { lower: (gap.value - half).max(-1.0), upper: (gap.value + half).min(1.0) })
        });
        point
    };
    Ok(points.into_iter().map(banded).collect())
}

/// Raises each replicate's largest deviation by that of this gap, and gives the gap's standard error.
fn raise(
    maxima: &mut [f64],
    gap: &RecallGap,
    cells: &[GapCount],
    resample: &ClusterResample,
) -> Result<f64, Undefined> {
    let error = gap.variance?.standard_error;
    if error <= 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    let replicates: Vec<(Option<f64>, u64)> =
        resample.rows().map(|(draws, times)| (resampled_gap(cells, draws), times)).collect();
    let drawn: u64 = replicates.iter().map(|(_, times)| times).sum();
    let dropped: u64 = replicates.iter().filter(|(value, _)| value.is_none()).map(|(_, times)| times).sum();
    if dropped * DROPPED_PER > drawn {
        return Err(Undefined::TooFew);
    }
    for (maximum, (value, _)) in maxima.iter_mut().zip(replicates) {
        let deviation = value.map_or(0.0, |value| (value - gap.value).abs() / error);
        *maximum = deviation.max(*maximum);
    }
    Ok(error)
}

/// The difference of the recalls of a resample, if both have positives.
fn resampled_gap(cells: &[GapCount], draws: &[u32]) -> Option<f64> {
    let (mut first, mut second) = (ClusterCount::default(), ClusterCount::default());
    for (cell, times) in cells.iter().zip(draws) {
        let times = f64::from(*times);
        first.hits += times * cell.first.hits;
        first.total += times * cell.first.total;
        second.hits += times * cell.second.hits;
        second.total += times * cell.second.total;
    }
    (first.total > 0.0 && second.total > 0.0).then(|| first.hits / first.total - second.hits / second.total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::StreamKey;
    use std::num::NonZeroUsize;

    fn counts(counts: &[(f64, f64)]) -> Vec<ClusterCount> {
        counts.iter().map(|&(hits, total)| ClusterCount { hits, total }).collect()
    }

    fn resample(clusters: usize) -> ClusterResample {
        ClusterResample::new(clusters, &StreamKey::new(2, "", "", "surface"), NonZeroUsize::MIN).unwrap()
    }

    #[test]
    fn two_clusters_by_hand() {
        // First recalls 1 and 0 of one, second 1/2 of both: gap 0; draws (2,0), (1,1) twice, (0,2) give 1/2, 0, 0, -1/2.
        // v1 = 2 (1/16 + 1/16) = 1/4 and the second side does not vary: error 1/2, deviations 1, 0, 0, 1, at 95% 1.
        let surface =
            gap_surface(&[counts(&[(1.0, 1.0), (0.0, 1.0)])], &[counts(&[(1.0, 2.0), (1.0, 2.0)])], &resample(2), 0.95);
        let point = surface.unwrap()[0];
        assert_eq!(point.gap.unwrap().value, 0.0);
        let band = point.band.unwrap();
        assert!((band.lower + 0.5).abs() < 1e-12 && (band.upper - 0.5).abs() < 1e-12);
    }

    #[test]
    fn more_thresholds_widen_the_band_and_undefined_points_stand_apart() {
        let strict =
            counts(&[(1.0, 2.0), (0.0, 3.0), (1.0, 1.0), (2.0, 3.0), (0.0, 2.0), (1.0, 2.0), (2.0, 2.0), (0.0, 1.0)]);
        let lax =
            counts(&[(2.0, 3.0), (1.0, 4.0), (1.0, 2.0), (3.0, 3.0), (1.0, 2.0), (1.0, 3.0), (2.0, 3.0), (1.0, 1.0)]);
        let other =
            counts(&[(2.0, 2.0), (2.0, 3.0), (1.0, 1.0), (1.0, 3.0), (2.0, 2.0), (0.0, 1.0), (2.0, 2.0), (1.0, 1.0)]);
        let empty = counts(&[(0.0, 0.0); 8]);
        let resample = resample(8);
        let width = |interval: Interval| interval.upper - interval.lower;
        let one = gap_surface(std::slice::from_ref(&strict), std::slice::from_ref(&other), &resample, 0.95).unwrap();
        let all = gap_surface(&[strict, lax], &[other, empty], &resample, 0.95).unwrap();
        assert!(width(all[0].band.unwrap()) >= width(one[0].band.unwrap()));
        assert_eq!((all[1].gap, all[1].band), (Err(Undefined::NoPositives), Err(Undefined::NoPositives)));
        assert_eq!((all[2].first, all[2].second), (1, 0));
    }

    #[test]
    fn each_reason_is_given() {
        let still = counts(&[(1.0, 2.0), (1.0, 2.0)]);
        let found =
            gap_surface(std::slice::from_ref(&still), std::slice::from_ref(&still), &resample(2), 0.95).unwrap();
        assert_eq!(found[0].band, Err(Undefined::ZeroVariance));
        // One of two clusters holds the only positives: a quarter of the draws misses it.
        let sparse = counts(&[(1.0, 2.0), (0.0, 0.0)]);
        let varied = counts(&[(1.0, 2.0), (2.0, 2.0)]);
        let found = gap_surface(&[varied], &[sparse], &resample(2), 0.95).unwrap();
        assert_eq!(found[0].band, Err(Undefined::TooFew));
        assert_eq!(gap_surface(&[], std::slice::from_ref(&still), &resample(2), 0.95), Err(Undefined::NoData));
        let longer = gap_surface(std::slice::from_ref(&still), std::slice::from_ref(&still), &resample(3), 0.95);
        assert_eq!(longer, Err(Undefined::Incompatible));
    }
}
