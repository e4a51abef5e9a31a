//! The cluster bootstrap of a share, with every interval of it.

use super::distribution::studentised;
use super::{Bca, ClusterResample, Replicates, Studentised};
use crate::proportion::{ClusterCount, Linearised, linearised_ratio, totals};
use crate::{Interval, Undefined};

/// A share with its cluster bootstrap.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioBootstrap {
    /// The share.
    pub value: f64,
    /// Its replicates.
    pub replicates: Replicates,
    /// Percentile interval.
    pub percentile: Result<Interval, Undefined>,
    /// Basic interval; it may leave \[0, 1\].
    pub basic: Result<Interval, Undefined>,
    /// Bias-corrected and accelerated interval.
    pub bca: Result<Bca, Undefined>,
    /// Studentised by the linearised standard error of each replicate.
    pub studentised: Result<Studentised, Undefined>,
}

/// The cluster bootstrap of a share, for reference and for joint laws: the default interval is
/// [`crate::proportion::clustered_proportion`], which covers far better with few clusters.
///
/// **Inputs**: one count for each cluster of the resample. A replicate without examples is undefined and counted. **Undefined**:
/// `Incompatible` where the numbers of clusters differ or counts are malformed; `NoData`; each interval for itself (`ZeroVariance` at a
/// share of 0 or 1 for all but percentile and basic). **Cost** O(B G). **Source**: Davison & Hinkley (1997), section 3.8 and chapter 5;
/// `scipy` 1.17 `bootstrap` agrees on identical resamples to 1e-9.
pub fn bootstrap_ratio(
    cells: &[ClusterCount],
    resample: &ClusterResample,
    level: f64,
) -> Result<RatioBootstrap, Undefined> {
    if cells.len() != resample.clusters() {
        return Err(Undefined::Incompatible);
    }
    let ratio = linearised_ratio(cells)?;
    let triples: Vec<(Result<Linearised, Undefined>, u64)> =
        resample.rows().map(|(draws, times)| (resampled(cells, draws), times)).collect();
    let replicates = Replicates::new(triples.iter().map(|(found, times)| (found.map(|found| found.value), *times)));
    let errors = triples.iter().filter_map(|(found, times)| {
        let found = found.ok()?;
        Some((found.value, found.standard_error.unwrap_or(0.0), *times))
    });
    let studentised = ratio.standard_error.and_then(|error| studentised(ratio.value, error, errors, level));
    Ok(RatioBootstrap {
        value: ratio.value,
        percentile: replicates.percentile(level),
        basic: replicates.basic(ratio.value, level),
        bca: leave_one_out(cells).and_then(|values| replicates.bca(ratio.value, &values, level)),
        studentised,
        replicates,
    })
}

/// The share of a resample, each cluster as often as it is drawn.
fn resampled(cells: &[ClusterCount], draws: &[u32]) -> Result<Linearised, Undefined> {
    let drawn = cells.iter().zip(draws).flat_map(|(cell, times)| std::iter::repeat_n(*cell, *times as usize));
    linearised_ratio(&drawn.collect::<Vec<_>>())
}

/// The share without each occupied cluster in turn.
fn leave_one_out(cells: &[ClusterCount]) -> Result<Vec<f64>, Undefined> {
    let ClusterCount { hits, total } = totals(cells);
    let without = |cell: &ClusterCount| {
        let rest = total - cell.total;
        if rest > 0.0 { Ok((hits - cell.hits) / rest) } else { Err(Undefined::LooUndefined) }
    };
    cells.iter().filter(|cell| cell.total > 0.0).map(without).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamKey;
    use std::num::NonZeroUsize;

    fn cells(counts: &[(f64, f64)]) -> Vec<ClusterCount> {
        counts.iter().map(|&(hits, total)| ClusterCount { hits, total }).collect()
    }

    fn resample(clusters: usize) -> ClusterResample {
        ClusterResample::new(clusters, &StreamKey::new(5, "", "", "ratio"), NonZeroUsize::MIN).unwrap()
    }

    #[test]
    fn two_clusters_enumerated_by_hand() {
        // Shares 1 and 0: draws (2,0), (1,1) twice, (0,2) give 1, 1/2, 1/2, 0; standard deviation sqrt(1/6).
        let found = bootstrap_ratio(&cells(&[(1.0, 1.0), (0.0, 1.0)]), &resample(2), 0.95).unwrap();
        assert_eq!((found.value, found.replicates.kept()), (0.5, 4));
        assert!((found.replicates.standard_error().unwrap() - (1.0_f64 / 6.0).sqrt()).abs() < 1e-15);
        // Type 7 among 0, 1/2, 1/2, 1 at 0.025: position 0.075.
        assert!((found.percentile.unwrap().lower - 0.0375).abs() < 1e-12);
    }

    #[test]
    fn a_certain_share_has_a_point_for_percentile_and_no_bca() {
        let found = bootstrap_ratio(&cells(&[(2.0, 2.0), (1.0, 1.0), (3.0, 3.0)]), &resample(3), 0.95).unwrap();
        assert_eq!(found.percentile, Ok(Interval { lower: 1.0, upper: 1.0 }));
        assert_eq!((found.bca, found.studentised), (Err(Undefined::ZeroVariance), Err(Undefined::ZeroVariance)));
    }

    #[test]
    fn replicates_without_examples_are_dropped_and_many_of_them_refused() {
        let found = bootstrap_ratio(&cells(&[(1.0, 2.0), (0.0, 0.0), (0.0, 0.0)]), &resample(3), 0.95).unwrap();
        // (2/3)^3 of 27 draws miss the only cluster with examples.
        assert_eq!((found.replicates.dropped(), found.percentile), (8, Err(Undefined::TooFew)));
        assert_eq!(found.studentised, Err(Undefined::SingleCluster));
        let other = bootstrap_ratio(&cells(&[(1.0, 2.0)]), &resample(3), 0.95);
        assert_eq!(other.unwrap_err(), Undefined::Incompatible);
        assert_eq!(bootstrap_ratio(&cells(&[(0.0, 0.0); 2]), &resample(2), 0.95).unwrap_err(), Undefined::NoData);
    }
}
