//! Shares of cells: the pieces that the axis block and the gap are both made of.

use std::collections::BTreeMap;

use super::cells::{AxisCells, Cells, Cut};
use crate::measure::evaluation::Bounds;
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Estimate, Interval, Undefined};
use crate::table::Count;

/// Which positives count as missing a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// A miss.
    Miss,
    /// Left out.
    LeftOut,
}

/// Cells by slice name and value.
pub(crate) type Slices = BTreeMap<String, BTreeMap<String, AxisCells>>;

/// Splits counts by the slice values of their strata.
pub(crate) fn slices_of(levels: usize, counts: &[Count], strata: &[BTreeMap<String, String>]) -> Slices {
    let mut split: BTreeMap<&str, BTreeMap<&str, Vec<&Count>>> = BTreeMap::new();
    for count in counts {
        for (name, value) in &strata[count.row.stratum as usize] {
            split.entry(name).or_default().entry(value).or_default().push(count);
        }
    }
    split
        .into_iter()
        .map(|(name, values)| {
            let values = values
                .into_iter()
                .map(|(value, counts)| (value.to_owned(), AxisCells::collect(levels, counts.into_iter())))
                .collect();
            (name.to_owned(), values)
        })
        .collect()
}

/// Flagged positives of one cluster.
pub(crate) fn recall_cells(cells: &Cells, cut: Cut, missing: Missing) -> ClusterCount {
    let rates = cells.rates(cut);
    let total = match missing {
        Missing::Miss => rates.positives(),
        Missing::LeftOut => rates.scored_positives(),
    };
    ClusterCount { hits: rates.hits, total }
}

/// A clustered proportion of (hits, total) per cluster.
pub(crate) fn proportion(
    cells: &AxisCells,
    level: f64,
    empty: Undefined,
    count: impl Fn(&Cells) -> (f64, f64),
) -> Estimate {
    let counts = cells.per_cluster(|cells| {
        let (hits, total) = count(cells);
        ClusterCount { hits, total }
    });
    clustered_proportion(&counts, level, empty)
}

/// Bounds from the estimates at both extremes; the interval spans them.
pub(crate) fn bounds_of(lowest: &Estimate, highest: &Estimate, level: f64, method: &str) -> Bounds {
    let interval = lowest
        .interval()
        .zip(highest.interval())
        .map(|(lowest, highest)| Interval { lower: lowest.lower, upper: highest.upper });
    Bounds {
        lower: lowest.value,
        upper: highest.value,
        undefined: lowest.undefined.or(highest.undefined),
        interval,
        level,
        method: method.to_owned(),
    }
}
