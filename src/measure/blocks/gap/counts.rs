//! Positives and hits of both axes, cluster by cluster.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{BothAxes, GapContext};
use crate::measure::counts::{Cells, Cut, Missing, bounds_of, recall_cells};
use crate::measure::evaluation::Bounds;
use crate::model::PerAxis;
use crate::stats::Tally;
use crate::stats::gap::{GapCount, recall_gap};
use crate::stats::proportion::ClusterCount;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arm {
    Omission,
    Commission,
}

/// Counts of both arms by cluster; a cluster without a positive of either kind is not there.
pub(super) fn gap_counts(axes: &BothAxes<'_>, cuts: PerAxis<Cut>, missing: Missing) -> Vec<GapCount> {
    gap_counts_by_cluster(axes, cuts, missing).into_values().collect()
}

/// The same with the clusters' positions.
pub(super) fn gap_counts_by_cluster(
    axes: &BothAxes<'_>,
    cuts: PerAxis<Cut>,
    missing: Missing,
) -> BTreeMap<u32, GapCount> {
    counts_by_cluster(axes, |cells, axis| {
        let cut = if axis == Arm::Omission { cuts.omission } else { cuts.commission };
        recall_cells(cells, cut, missing)
    })
}

fn counts_by_cluster(axes: &BothAxes<'_>, count: impl Fn(&Cells, Arm) -> ClusterCount) -> BTreeMap<u32, GapCount> {
    let clusters: BTreeSet<u32> =
        axes.omission.clusters.keys().chain(axes.commission.clusters.keys()).copied().collect();
    let empty = ClusterCount { hits: 0.0, total: 0.0 };
    let both = |cluster: u32| GapCount {
        first: axes.omission.clusters.get(&cluster).map_or(empty, |cells| count(cells, Arm::Omission)),
        second: axes.commission.clusters.get(&cluster).map_or(empty, |cells| count(cells, Arm::Commission)),
    };
    clusters
        .into_iter()
        .map(|cluster| (cluster, both(cluster)))
        .filter(|(_, counts)| counts.first.total > 0.0 || counts.second.total > 0.0)
        .collect()
}

/// Positives of both arms that have no verdict.
pub(super) fn missing(axes: &BothAxes<'_>, cuts: PerAxis<Cut>) -> f64 {
    axes.omission.total.rates(cuts.omission).unscored_positives
        + axes.commission.total.rates(cuts.commission).unscored_positives
}

/// Positives of both arms.
pub(super) fn positives(counts: &[GapCount]) -> PerAxis<Tally> {
    PerAxis {
        omission: Tally(counts.iter().map(|count| count.first.total).sum()),
        commission: Tally(counts.iter().map(|count| count.second.total).sum()),
    }
}

/// `[lower omission - upper commission, upper omission - lower commission]` (Manski); the interval runs from the lower
/// limit of the one extreme to the upper limit of the other.
pub(super) fn gap_bounds(axes: &BothAxes<'_>, context: &GapContext<'_>) -> Bounds {
    let level = context.context.options.level;
    let extreme = |favoured: Arm| {
        let counts = counts_by_cluster(axes, |cells, arm| {
            let cut = if arm == Arm::Omission { context.cuts.omission } else { context.cuts.commission };
            let mut count = recall_cells(cells, cut, Missing::Miss);
            if arm == favoured {
                count.hits += cells.rates(cut).unscored_positives;
            }
            count
        });
        recall_gap(&counts.into_values().collect::<Vec<_>>(), level)
    };
    bounds_of(&extreme(Arm::Commission), &extreme(Arm::Omission), level, BOUNDS_METHOD)
}

/// Name of the method behind the bounds of the gap.
pub(super) const BOUNDS_METHOD: &str = "manski_mover_guarded";
