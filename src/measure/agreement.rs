//! Agreement of judge and gold severities, on scored examples and the full scale.

use super::cells::{AxisCells, Cells};
use super::evaluation::Agreement;
use super::shares::proportion;
use crate::stats::agreement::{
    ConfusionTable, Metric, Weighting, cohen_kappa, gwet_coefficient, krippendorff_alpha, ordinal_errors,
};
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::{Estimate, Undefined};

/// A coefficient of a confusion table.
type Coefficient = fn(&ConfusionTable, f64) -> Result<f64, Undefined>;

/// The agreement block. Shares have guarded Wilson intervals, coefficients the cluster jackknife.
pub(super) fn agreement(cells: &AxisCells, level: f64) -> Agreement {
    let coefficient = |scale: Scale, coefficient: Coefficient| smooth(cells, scale, level, coefficient);
    let share = |holds: fn(usize, usize) -> bool| {
        proportion(cells, level, Undefined::NoData, |cells| (cells.sum_scored(holds), cells.sum_scored(|_, _| true)))
            .with_missing(cells.total.sum_unscored(|_| true))
    };
    let kappa = |weighting: Weighting| {
        move |table: &ConfusionTable, level: f64| cohen_kappa(table, weighting, level).map(|kappa| kappa.value)
    };
    Agreement {
        cohen_kappa: smooth(cells, Scale::Atanh, level, kappa(Weighting::Nominal)),
        kappa_linear: smooth(cells, Scale::Atanh, level, kappa(Weighting::Linear)),
        kappa_quadratic: smooth(cells, Scale::Atanh, level, kappa(Weighting::Quadratic)),
        krippendorff_alpha: alpha(cells, level),
        gwet_ac: coefficient(Scale::Atanh, |table, level| {
            gwet_coefficient(table, Weighting::Quadratic, level).map(|found| found.value)
        }),
        exact: share(|gold, judge| gold == judge),
        within_one: share(|gold, judge| gold.abs_diff(judge) <= 1),
        mean_error: coefficient(Scale::Identity, |table, _| ordinal_errors(table).map(|errors| errors.mean_signed)),
    }
}

/// Krippendorff's alpha with ordinal distances.
pub(super) fn alpha(cells: &AxisCells, level: f64) -> Estimate {
    smooth(cells, Scale::Atanh, level, |table, _| krippendorff_alpha(table, Metric::Ordinal))
}

/// A coefficient of the scored cells with its jackknife interval.
fn smooth(
    cells: &AxisCells,
    scale: Scale,
    level: f64,
    coefficient: impl Fn(&ConfusionTable, f64) -> Result<f64, Undefined>,
) -> Estimate {
    let scored = |cells: &Cells| cells.sum_scored(|_, _| true);
    let clusters = cells.contributing(scored);
    let mut estimate = jackknife(clusters.len(), scale, level, |left_out| match left_out {
        None => coefficient(&table(&cells.total), level),
        Some(cluster) => coefficient(&table(&cells.without(clusters[cluster])), level),
    });
    estimate.n = scored(&cells.total);
    estimate.missing = cells.total.sum_unscored(|_| true);
    estimate
}

/// The scored cells as a table of the full scale.
fn table(cells: &Cells) -> ConfusionTable {
    let levels = cells.levels();
    let mut table = ConfusionTable::new(levels).expect("a card has two levels or more");
    for gold in 0..levels {
        for judge in 0..levels {
            // Rounding may leave a difference of weights a hair below zero.
            table.add(gold, judge, cells.scored(gold, judge).max(0.0));
        }
    }
    table
}
