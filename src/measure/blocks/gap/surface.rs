//! The gap at every pair of thresholds, with one band for all.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use super::context::{AtThresholds, BothAxes, GapContext};
use super::counts::{gap_counts_by_cluster, missing, positives};
use crate::measure::counts::{AxisCells, Cut, Missing};
use crate::measure::evaluation::{GapAtThresholds, SurfaceBand};
use crate::model::PerAxis;
use crate::stats::gap::{GapCount, recall_gap};
use crate::stats::random::StreamKey;
use crate::stats::resample::{ClusterResample, EXACT_CLUSTERS};
use crate::stats::special::{normal_cdf, normal_critical};
use crate::stats::surface::{GapBand, gap_band};
use crate::stats::{Interval, Undefined};

/// Name of the method of the band.
const BAND_METHOD: &str = "max_t_mover_guarded";

/// A band that is not there.
pub(super) fn undefined_band(level: f64, reason: Undefined) -> SurfaceBand {
    SurfaceBand {
        critical_value: None,
        undefined: Some(reason),
        pairs: 0,
        resamples: 0,
        clusters: 0,
        level,
        method: BAND_METHOD.to_owned(),
    }
}

/// The gap at every pair of thresholds, gold and judge cut at the same severity (a single scale at its own cut).
pub(super) fn surface(context: &GapContext<'_>) -> (Vec<GapAtThresholds>, SurfaceBand) {
    let level = context.context.options.level;
    let mut surface = Vec::new();
    let mut counts = Vec::new();
    for omission in 1..=context.tops.omission {
        for commission in 1..=context.tops.commission {
            let AtThresholds { cells, cuts } = (context.at)(PerAxis { omission, commission });
            let axes = BothAxes { omission: &cells.omission, commission: &cells.commission };
            let by_cluster = gap_counts_by_cluster(&axes, cuts, Missing::Miss);
            let values: Vec<GapCount> = by_cluster.values().copied().collect();
            surface.push(GapAtThresholds {
                omission,
                commission,
                positives: positives(&values),
                reachable: context.subject.scale.is_some() || reachable(&axes, cuts),
                gap: recall_gap(&values, level).with_missing(missing(&axes, cuts)),
                band: None,
                band_undefined: None,
            });
            counts.push(by_cluster);
        }
    }
    let band = add_band(&mut surface, &counts, context);
    (surface, band)
}

/// Whether the judge gave, on each axis, a severity that flags.
fn reachable(axes: &BothAxes<'_>, cuts: PerAxis<Cut>) -> bool {
    let flags = |cells: &AxisCells, cut: Cut| cells.total.sum_scored(|_, judge| judge >= cut.judge) > 0.0;
    flags(axes.omission, cuts.omission) && flags(axes.commission, cuts.commission)
}

fn add_band(
    surface: &mut [GapAtThresholds],
    counts: &[BTreeMap<u32, GapCount>],
    context: &GapContext<'_>,
) -> SurfaceBand {
    let options = context.context.options;
    let clusters: BTreeSet<u32> = counts.iter().flat_map(|counts| counts.keys().copied()).collect();
    let dense = |counts: &BTreeMap<u32, GapCount>| -> Vec<GapCount> {
        clusters.iter().map(|cluster| counts.get(cluster).copied().unwrap_or_default()).collect()
    };
    let gaps: Vec<Vec<GapCount>> = counts.iter().map(dense).collect();
    let key = StreamKey::new(options.seed, context.subject.name(), "both", "recall_gap_surface");
    let drawn = resample(clusters.len(), options.resamples, &key);
    let found = drawn.as_ref().map_err(|reason| *reason).and_then(|drawn| gap_band(&gaps, drawn, options.level));
    let (GapBand { gaps, critical }, resamples) = match (found, drawn) {
        (Ok(found), Ok(drawn)) => (found, drawn.replicates()),
        (Err(reason), _) | (_, Err(reason)) => {
            surface.iter_mut().for_each(|at| at.band_undefined = at.gap.undefined.or(Some(reason)));
            return SurfaceBand {
                pairs: surface.len(),
                clusters: clusters.len(),
                ..undefined_band(options.level, reason)
            };
        }
    };
    let critical = critical.map(|critical| critical.max(normal_critical(options.level)));
    for ((at, found), counts) in surface.iter_mut().zip(gaps).zip(counts) {
        let band = found.band.and_then(|_| guarded_band(counts, critical?));
        (at.band, at.band_undefined) = (band.ok(), band.err());
    }
    SurfaceBand {
        critical_value: critical.ok(),
        undefined: critical.err(),
        pairs: surface.len(),
        resamples,
        clusters: clusters.len(),
        level: options.level,
        method: BAND_METHOD.to_owned(),
    }
}

/// The guarded interval at the level of which the critical value is the normal quantile.
///
/// The plain band, gap -+ c se, is narrower than a single guarded interval where clusters are few: the linearised error is
/// then too small. At the level that c stands for the guarded interval is never narrower than the gap's own.
fn guarded_band(counts: &BTreeMap<u32, GapCount>, critical: f64) -> Result<Interval, Undefined> {
    let level = 2.0 * normal_cdf(critical) - 1.0;
    let values: Vec<GapCount> = counts.values().copied().collect();
    let banded = recall_gap(&values, level);
    let reason = banded.undefined.or(banded.interval_undefined);
    banded.interval().ok_or(reason.unwrap_or(Undefined::TooFew))
}

/// Every resample of few clusters, else as many as were asked for.
fn resample(clusters: usize, replicates: usize, key: &StreamKey) -> Result<ClusterResample, Undefined> {
    if clusters <= EXACT_CLUSTERS {
        return ClusterResample::new(clusters, key, NonZeroUsize::MIN);
    }
    Ok(ClusterResample::draw(&vec![0; clusters], replicates, key, NonZeroUsize::MIN))
}
