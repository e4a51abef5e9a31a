//! The gap at every pair of thresholds, with a band that holds for all of them at once.

use super::gap::{GapCount, RecallGap, describe_gap};
use super::proportion::ClusterCount;
use super::quantile::quantile_of_multiples;
use super::resample::ClusterResample;
use super::{Interval, Undefined};
use std::num::NonZeroUsize;

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

/// One of several gaps over the same clusters, with its part of the band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandedGap {
    /// The gap, with its own intervals.
    pub gap: Result<RecallGap, Undefined>,
    /// The simultaneous interval, cut at -1 and 1.
    pub band: Result<Interval, Undefined>,
}

/// Several gaps with a band that holds for all of them at once.
#[derive(Debug, Clone, PartialEq)]
pub struct GapBand {
    /// The gaps, in the given order.
    pub gaps: Vec<BandedGap>,
    /// Critical value of the largest studentised deviation; `ZeroVariance` or another reason where no gap has a band.
    pub critical: Result<f64, Undefined>,
}

/// The gap at every pair of thresholds, with a max-t band over all of them.
///
/// **Inputs**: for each threshold of either axis the counts of every cluster, in one order. **Returns** the points, the second threshold
/// fastest. **Undefined**, **cost**, **source**: as [`gap_band`].
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
    let pairs: Vec<(usize, usize)> = (0..first.len()).flat_map(|i| (0..second.len()).map(move |j| (i, j))).collect();
    let cells = |&(i, j): &(usize, usize)| {
        first[i].iter().zip(&second[j]).map(|(&first, &second)| GapCount { first, second }).collect()
    };
    let band = gap_band(&pairs.iter().map(cells).collect::<Vec<_>>(), resample, level)?;
    let point = |((first, second), found): ((usize, usize), BandedGap)| SurfacePoint {
        first,
        second,
        gap: found.gap,
        band: found.band,
    };
    Ok(pairs.into_iter().zip(band.gaps).map(point).collect())
}

/// Gaps over the same clusters, with a max-t band over all of them.
///
/// The headline depends on the pair of thresholds: pre-register one and print the others beside it. The band is studentised by the
/// linearised standard error, from common resamples of the clusters; a resample that leaves a gap undefined says nothing about that gap.
///
/// **Inputs**: for each gap the counts of every cluster, in one order. **Undefined**: `NoData` without gaps, `Incompatible` where lengths
/// differ; each gap for itself, its band also `SingleCluster`, `ZeroVariance` where the linearised error is 0 (of which a band cannot
/// speak) and `TooFew` where more than 5% of the resamples leave the gap undefined. **Cost** O(B (G K + T)) for T gaps made of K
/// different recalls. **Source**: Romano & Wolf (2005), Econometrica 73:1237.
pub fn gap_band(gaps: &[Vec<GapCount>], resample: &ClusterResample, level: f64) -> Result<GapBand, Undefined> {
    if gaps.is_empty() {
        return Err(Undefined::NoData);
    }
    if !gaps.iter().all(|cells| cells.len() == resample.clusters()) {
        return Err(Undefined::Incompatible);
    }
    let sums = RecallSums::new(gaps, resample)?;
    let mut maxima = vec![0.0; resample.replicates()];
    let mut errors = Vec::with_capacity(gaps.len());
    let mut points = Vec::with_capacity(gaps.len());
    for (index, cells) in gaps.iter().enumerate() {
        let gap = describe_gap(cells, level);
        errors.push(gap.and_then(|gap| raise(&mut maxima, &gap, &sums.replicates(index), resample)));
        points.push(gap);
    }
    let first_reason = errors.iter().find_map(|error| error.err()).unwrap_or(Undefined::NoData);
    let mut ascending: Vec<(f64, u64)> = maxima.into_iter().zip(resample.rows().map(|(_, times)| times)).collect();
    ascending.sort_by(|a, b| a.0.total_cmp(&b.0));
    let critical = match errors.iter().any(Result::is_ok) {
        true => quantile_of_multiples(&ascending, level).ok_or(Undefined::NoData),
        false => Err(first_reason),
    };
    let banded = |(gap, error): (Result<RecallGap, Undefined>, Result<f64, Undefined>)| BandedGap {
        gap,
        band: gap.and_then(|gap| {
            let half = error? * critical?;
            Ok(Interval { lower: (gap.value - half).max(-1.0), upper: (gap.value + half).min(1.0) })
        }),
    };
    Ok(GapBand { gaps: points.into_iter().zip(errors).map(banded).collect(), critical })
}

/// Hits and totals of every different recall in every replicate: gaps that share a recall share its sums.
struct RecallSums {
    /// For each gap the positions of its two recalls.
    sides: Vec<[usize; 2]>,
    columns: usize,
    sums: Vec<f64>,
}

impl RecallSums {
    fn new(gaps: &[Vec<GapCount>], resample: &ClusterResample) -> Result<Self, Undefined> {
        let mut recalls: Vec<Vec<ClusterCount>> = Vec::new();
        let mut place = |counts: Vec<ClusterCount>| {
            let known = recalls.iter().position(|other| *other == counts);
            known.unwrap_or_else(|| {
                recalls.push(counts);
                recalls.len() - 1
            })
        };
        let side = |cells: &[GapCount], of: fn(&GapCount) -> ClusterCount| cells.iter().map(of).collect::<Vec<_>>();
        let sides =
            gaps.iter().map(|cells| [place(side(cells, |cell| cell.first)), place(side(cells, |cell| cell.second))]);
        let sides: Vec<[usize; 2]> = sides.collect();
        let columns = NonZeroUsize::new(2 * recalls.len()).ok_or(Undefined::NoData)?;
        let row = |cluster: usize| recalls.iter().flat_map(move |counts| [counts[cluster].hits, counts[cluster].total]);
        let table: Vec<f64> = (0..resample.clusters()).flat_map(row).collect();
        Ok(Self { sides, columns: columns.get(), sums: resample.sums(&table, columns, NonZeroUsize::MIN)? })
    }

    /// The replicates of one gap, none where a side has no positive.
    fn replicates(&self, gap: usize) -> Vec<Option<f64>> {
        let [first, second] = self.sides[gap];
        let recall = |row: &[f64], side: usize| (row[2 * side + 1] > 0.0).then(|| row[2 * side] / row[2 * side + 1]);
        self.sums.chunks(self.columns).map(|row| Some(recall(row, first)? - recall(row, second)?)).collect()
    }
}

/// Raises each replicate's largest deviation by that of this gap, and gives the gap's standard error.
fn raise(
    maxima: &mut [f64],
    gap: &RecallGap,
    replicates: &[Option<f64>],
    resample: &ClusterResample,
) -> Result<f64, Undefined> {
    let error = gap.variance?.standard_error;
    if error <= 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    let (mut drawn, mut dropped) = (0, 0);
    for (value, (_, times)) in replicates.iter().zip(resample.rows()) {
        drawn += times;
        dropped += if value.is_none() { times } else { 0 };
    }
    if dropped * DROPPED_PER > drawn {
        return Err(Undefined::TooFew);
    }
    for (maximum, value) in maxima.iter_mut().zip(replicates) {
        let deviation = value.map_or(0.0, |value| (value - gap.value).abs() / error);
        *maximum = deviation.max(*maximum);
    }
    Ok(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamKey;

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

    /// Gaps need not be a grid: each may have recalls of its own, and the band is that of the surface where they are one.
    #[test]
    fn a_band_over_any_gaps() {
        let one = counts(&[(1.0, 1.0), (0.0, 1.0)]);
        let other = counts(&[(1.0, 2.0), (1.0, 2.0)]);
        let gap = |first: &[ClusterCount], second: &[ClusterCount]| -> Vec<GapCount> {
            first.iter().zip(second).map(|(&first, &second)| GapCount { first, second }).collect()
        };
        // The second gap is the first with its sides exchanged: the largest deviations are the same, 1 at 95%.
        let found = gap_band(&[gap(&one, &other), gap(&other, &one)], &resample(2), 0.95).unwrap();
        assert!((found.critical.unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(found.gaps[0].band, found.gaps[1].band);
        let still = gap_band(&[gap(&other, &other)], &resample(2), 0.95).unwrap();
        assert_eq!(still.critical, Err(Undefined::ZeroVariance));
        assert_eq!(gap_band(&[], &resample(2), 0.95), Err(Undefined::NoData));
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
