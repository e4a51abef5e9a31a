//! The recall gap: at the thresholds of the audit, at every other pair, scored only, bounded, and within systems.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::cells::{AxisCells, Cells, Cut};
use super::evaluation::{Bounds, GapAtThresholds, GapOfSystem, RecallGap};
use super::shares::{Missing, Slices, bounds_of, recall_cells};
use crate::model::{PerAxis, SYSTEM_SLICE, Severity};
use crate::stats::gap::{GapCount, MOVER_GUARDED, recall_gap};
use crate::stats::proportion::ClusterCount;
use crate::stats::random::StreamKey;
use crate::stats::signflip::gap_test;
use crate::stats::{Estimate, Tally, Undefined};

/// Both axes of one judge.
pub(super) struct BothAxes<'a> {
    pub(super) omission: &'a AxisCells,
    pub(super) commission: &'a AxisCells,
}

/// What the gap needs to know beside the cells.
pub(super) struct GapContext<'a> {
    pub(super) judge: &'a str,
    pub(super) cuts: PerAxis<Cut>,
    pub(super) tops: PerAxis<Severity>,
    /// Cells and cuts at other thresholds.
    pub(super) at: &'a dyn Fn(PerAxis<Severity>) -> AtThresholds<'a>,
    pub(super) seed: u64,
    pub(super) level: f64,
}

/// Both axes of one judge at a pair of thresholds.
pub(super) struct AtThresholds<'a> {
    pub(super) cells: PerAxis<Cow<'a, AxisCells>>,
    pub(super) cuts: PerAxis<Cut>,
}

/// Name of the method behind the bounds of the gap.
const BOUNDS_METHOD: &str = "manski_mover_guarded";

/// The gap of a judge that answers on both axes.
pub(super) fn gap(axes: &BothAxes<'_>, slices: &PerAxis<&Slices>, context: &GapContext<'_>) -> RecallGap {
    let level = context.level;
    let counts = gap_counts(axes, context.cuts, Missing::Miss);
    let missing = missing(axes, context.cuts);
    let estimate = recall_gap(&counts, level).with_missing(missing);
    let key = StreamKey::new(context.seed, context.judge, "both", "recall_gap_sign_flip");
    let test = gap_test(&counts, &key);
    RecallGap {
        p_value: test.as_ref().ok().map(|test| test.test.p_mid),
        p_value_undefined: test.as_ref().err().copied(),
        p_value_method: test
            .map_or_else(|_| "undefined".to_owned(), |test| format!("{}_mid_p", test.test.method.name())),
        thresholds: PerAxis {
            omission: context.cuts.omission.gold as Severity,
            commission: context.cuts.commission.gold as Severity,
        },
        scored_only: recall_gap(&gap_counts(axes, context.cuts, Missing::LeftOut), level).with_missing(missing),
        bounds: gap_bounds(axes, context),
        surface: surface(context),
        by_system: by_system(slices, context),
        estimate,
    }
}

/// The gap of a judge that has none: it answers on one axis only, or has no cut.
pub(super) fn undefined_gap(thresholds: PerAxis<Severity>, level: f64, reason: Undefined) -> RecallGap {
    let undefined = || Estimate::undefined(reason, level, MOVER_GUARDED);
    RecallGap {
        estimate: undefined(),
        p_value: None,
        p_value_undefined: Some(reason),
        p_value_method: "undefined".to_owned(),
        thresholds,
        scored_only: undefined(),
        bounds: Bounds {
            lower: None,
            upper: None,
            undefined: Some(reason),
            interval: None,
            level,
            method: BOUNDS_METHOD.to_owned(),
        },
        surface: Vec::new(),
        by_system: BTreeMap::new(),
    }
}

/// Counts of both arms by cluster; a cluster without a positive of either kind is not there.
fn gap_counts(axes: &BothAxes<'_>, cuts: PerAxis<Cut>, missing: Missing) -> Vec<GapCount> {
    counts_by_cluster(axes, |cells, axis| {
        let cut = if axis == Arm::Omission { cuts.omission } else { cuts.commission };
        recall_cells(cells, cut, missing)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arm {
    Omission,
    Commission,
}

fn counts_by_cluster(axes: &BothAxes<'_>, count: impl Fn(&Cells, Arm) -> ClusterCount) -> Vec<GapCount> {
    let clusters: BTreeSet<u32> =
        axes.omission.clusters.keys().chain(axes.commission.clusters.keys()).copied().collect();
    let empty = ClusterCount { hits: 0.0, total: 0.0 };
    clusters
        .into_iter()
        .map(|cluster| GapCount {
            first: axes.omission.clusters.get(&cluster).map_or(empty, |cells| count(cells, Arm::Omission)),
            second: axes.commission.clusters.get(&cluster).map_or(empty, |cells| count(cells, Arm::Commission)),
        })
        .filter(|counts| counts.first.total > 0.0 || counts.second.total > 0.0)
        .collect()
}

/// Positives of both arms that have no verdict.
fn missing(axes: &BothAxes<'_>, cuts: PerAxis<Cut>) -> f64 {
    axes.omission.total.rates(cuts.omission).unscored_positives
        + axes.commission.total.rates(cuts.commission).unscored_positives
}

/// Positives of both arms.
fn positives(counts: &[GapCount]) -> PerAxis<Tally> {
    PerAxis {
        omission: Tally(counts.iter().map(|count| count.first.total).sum()),
        commission: Tally(counts.iter().map(|count| count.second.total).sum()),
    }
}

/// `[lower omission - upper commission, upper omission - lower commission]` (Manski); the interval runs from the lower
/// limit of the one extreme to the upper limit of the other.
fn gap_bounds(axes: &BothAxes<'_>, context: &GapContext<'_>) -> Bounds {
    let extreme = |favoured: Arm| {
        let counts = counts_by_cluster(axes, |cells, arm| {
            let cut = if arm == Arm::Omission { context.cuts.omission } else { context.cuts.commission };
            let mut count = recall_cells(cells, cut, Missing::Miss);
            if arm == favoured {
                count.hits += cells.rates(cut).unscored_positives;
            }
            count
        });
        recall_gap(&counts, context.level)
    };
    bounds_of(&extreme(Arm::Commission), &extreme(Arm::Omission), context.level, BOUNDS_METHOD)
}

/// The gap at every pair of thresholds, gold and judge cut at the same severity (a single scale at its own cut).
fn surface(context: &GapContext<'_>) -> Vec<GapAtThresholds> {
    let mut surface = Vec::new();
    for omission in 1..=context.tops.omission {
        for commission in 1..=context.tops.commission {
            let AtThresholds { cells, cuts } = (context.at)(PerAxis { omission, commission });
            let axes = BothAxes { omission: &cells.omission, commission: &cells.commission };
            let counts = gap_counts(&axes, cuts, Missing::Miss);
            let gap = recall_gap(&counts, context.level).with_missing(missing(&axes, cuts));
            surface.push(GapAtThresholds { omission, commission, positives: positives(&counts), gap });
        }
    }
    surface
}

/// The gap within each system that has positives on both axes.
fn by_system(slices: &PerAxis<&Slices>, context: &GapContext<'_>) -> BTreeMap<String, GapOfSystem> {
    let (Some(omission), Some(commission)) = (slices.omission.get(SYSTEM_SLICE), slices.commission.get(SYSTEM_SLICE))
    else {
        return BTreeMap::new();
    };
    omission
        .iter()
        .filter_map(|(system, omission)| {
            let axes = BothAxes { omission, commission: commission.get(system)? };
            let counts = gap_counts(&axes, context.cuts, Missing::Miss);
            let gap = recall_gap(&counts, context.level).with_missing(missing(&axes, context.cuts));
            gap.value.is_some().then(|| (system.clone(), GapOfSystem { positives: positives(&counts), gap }))
        })
        .collect()
}
