//! Recall, false alarms and what the missing verdicts could make of them.

use crate::measure::counts::{AxisCells, Cells, Cut, Missing, bounds_of, proportion, recall_cells};
use crate::measure::evaluation::Bounds;
use crate::stats::proportion::clustered_proportion;
use crate::stats::{Estimate, Undefined};

/// Name of the method behind the bounds of a rate.
const BOUNDS_METHOD: &str = "manski_guarded_wilson";

/// Why a share of scored examples is undefined: there are none of the kind, or none with a verdict.
pub(super) fn none_scored(examples: f64, none: Undefined) -> Undefined {
    if examples > 0.0 { Undefined::NoData } else { none }
}

pub(super) fn recall(cells: &AxisCells, cut: Cut, level: f64) -> Estimate {
    let counts = cells.per_cluster(|cells| recall_cells(cells, cut, Missing::Miss));
    let missing = cells.total.rates(cut).unscored_positives;
    clustered_proportion(&counts, level, Undefined::NoPositives).with_missing(missing)
}

pub(super) fn false_alarm_rate(cells: &AxisCells, cut: Cut, level: f64) -> Estimate {
    let total = cells.total.rates(cut);
    proportion(cells, level, none_scored(total.negatives(), Undefined::NoNegatives), |cells| {
        let rates = cells.rates(cut);
        (rates.false_alarms, rates.scored_negatives())
    })
    .with_missing(total.unscored_negatives)
}

/// Manski bounds of a share: missing verdicts all against, then all for it.
pub(super) fn rate_bounds(
    cells: &AxisCells,
    level: f64,
    empty: Undefined,
    count: impl Fn(&Cells) -> (f64, f64, f64),
) -> Bounds {
    let extreme = |weight: f64| {
        proportion(cells, level, empty, |cells| {
            let (hits, missing, total) = count(cells);
            (hits + weight * missing, total)
        })
    };
    bounds_of(&extreme(0.0), &extreme(1.0), level, BOUNDS_METHOD)
}
