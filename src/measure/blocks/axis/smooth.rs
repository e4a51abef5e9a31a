//! One number of the two-by-two table: Youden J, balanced accuracy, F1, Matthews correlation.

use crate::measure::counts::{AxisCells, Cut, Missing, Rates, recall_cells};
use crate::stats::gap::{GapCount, MOVER_GUARDED, recall_gap};
use crate::stats::jackknife::{Scale, jackknife_with};
use crate::stats::proportion::ClusterCount;
use crate::stats::{Estimate, Undefined};

/// Youden J is a difference of two shares over common clusters, recall and false-alarm rate: its interval is that of the
/// gap, which is defined at 0 and 1 and holds where positives lie in few of many clusters, as a jackknife over all does not.
pub(super) fn youden_j_estimate(cells: &AxisCells, cut: Cut, level: f64) -> Estimate {
    let rates = cells.total.rates(cut);
    if let Err(reason) = youden_j(&rates) {
        return Estimate::undefined(reason, level, MOVER_GUARDED).with_missing(rates.unscored());
    }
    let counts: Vec<GapCount> = cells
        .clusters
        .values()
        .map(|cells| {
            let rates = cells.rates(cut);
            let second = ClusterCount { hits: rates.false_alarms, total: rates.scored_negatives() };
            GapCount { first: recall_cells(cells, cut, Missing::Miss), second }
        })
        .collect();
    recall_gap(&counts, level).with_missing(rates.unscored())
}

/// (J + 1) / 2, limits included.
pub(super) fn balanced_accuracy(youden_j: &Estimate) -> Estimate {
    let half = |value: Option<f64>| value.map(|value| f64::midpoint(value, 1.0));
    Estimate {
        value: half(youden_j.value),
        lower: half(youden_j.lower),
        upper: half(youden_j.upper),
        ..youden_j.clone()
    }
}

/// F1 with its jackknife interval.
pub(super) fn f1_estimate(cells: &AxisCells, cut: Cut, level: f64) -> Estimate {
    smooth(cells, cut, level, Scale::Logit, f1_size, every_cluster, f1)
}

/// Matthews correlation with its jackknife interval.
pub(super) fn mcc_estimate(cells: &AxisCells, cut: Cut, level: f64) -> Estimate {
    smooth(cells, cut, level, Scale::Atanh, table_size, rarer_class, mcc)
}

/// A smooth function of the two-by-two table, with its jackknife interval over the clusters that it depends on.
fn smooth(
    cells: &AxisCells,
    cut: Cut,
    level: f64,
    scale: Scale,
    size: impl Fn(&Rates) -> f64,
    carriers: impl Fn(&[Rates]) -> usize,
    statistic: impl Fn(&Rates) -> Result<f64, Undefined>,
) -> Estimate {
    let clusters = cells.contributing(|cells| size(&cells.rates(cut)));
    let rates = cells.total.rates(cut);
    let of_clusters: Vec<Rates> = clusters.iter().map(|cells| cells.rates(cut)).collect();
    let degrees = carriers(&of_clusters) as f64 - 1.0;
    let mut estimate = jackknife_with(clusters.len(), degrees, scale, level, |left_out| match left_out {
        None => statistic(&rates),
        Some(cluster) => statistic(&cells.without(clusters[cluster]).rates(cut)),
    });
    estimate.n = size(&rates);
    estimate.clusters = clusters.len();
    estimate.missing = rates.unscored();
    estimate
}

/// The variance comes from all clusters.
fn every_cluster(clusters: &[Rates]) -> usize {
    clusters.len()
}

/// The variance comes from the clusters of the rarer class: a hundred clusters of negatives do not make up for three with a
/// positive.
fn rarer_class(clusters: &[Rates]) -> usize {
    let with = |size: fn(&Rates) -> f64| clusters.iter().filter(|rates| size(rates) > 0.0).count();
    with(Rates::positives).min(with(Rates::scored_negatives))
}

/// Examples in the two-by-two table.
fn table_size(rates: &Rates) -> f64 {
    rates.positives() + rates.scored_negatives()
}

/// Examples that F1 depends on: all but the negatives that were passed.
fn f1_size(rates: &Rates) -> f64 {
    rates.positives() + rates.false_alarms
}

fn youden_j(rates: &Rates) -> Result<f64, Undefined> {
    if rates.positives() <= 0.0 {
        return Err(Undefined::NoPositives);
    }
    if rates.scored_negatives() <= 0.0 {
        return Err(Undefined::NoNegatives);
    }
    Ok(rates.hits / rates.positives() - rates.false_alarms / rates.scored_negatives())
}

/// 2 TP / (2 TP + FP + FN), an unscored positive being a false negative.
fn f1(rates: &Rates) -> Result<f64, Undefined> {
    if rates.positives() <= 0.0 {
        return Err(Undefined::NoPositives);
    }
    Ok(2.0 * rates.hits / (rates.hits + rates.false_alarms + rates.positives()))
}

/// Matthews correlation: (TP TN - FP FN) over the root of the product of the margins (Matthews 1975).
fn mcc(rates: &Rates) -> Result<f64, Undefined> {
    if rates.positives() <= 0.0 {
        return Err(Undefined::NoPositives);
    }
    if rates.scored_negatives() <= 0.0 {
        return Err(Undefined::NoNegatives);
    }
    let missed = rates.positives() - rates.hits;
    let (flagged, passed) = (rates.hits + rates.false_alarms, missed + rates.passes);
    if flagged <= 0.0 || passed <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let margins = flagged * passed * rates.positives() * rates.scored_negatives();
    Ok((rates.hits * rates.passes - rates.false_alarms * missed) / margins.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 hits, 1 miss, 1 unscored positive; 1 false alarm, 3 passes, 2 unscored negatives.
    const RATES: Rates = Rates {
        hits: 3.0,
        misses: 1.0,
        unscored_positives: 1.0,
        false_alarms: 1.0,
        passes: 3.0,
        unscored_negatives: 2.0,
    };

    #[test]
    fn the_smooth_metrics_by_hand() {
        // Recall 3/5, specificity 3/4: J = 7/20.
        assert!((youden_j(&RATES).unwrap() - 0.35).abs() < 1e-15);
        // 2*3 / (2*3 + 1 + 2) = 6/9.
        assert!((f1(&RATES).unwrap() - 2.0 / 3.0).abs() < 1e-15);
        // (3*3 - 1*2) / sqrt(4 * 5 * 5 * 4) = 7/20.
        assert!((mcc(&RATES).unwrap() - 0.35).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_computed_says_why() {
        let none = Rates::default();
        assert_eq!(youden_j(&none), Err(Undefined::NoPositives));
        let positives = Rates { hits: 2.0, ..none };
        assert_eq!(youden_j(&positives), Err(Undefined::NoNegatives));
        assert_eq!(f1(&positives), Ok(1.0));
        let constant = Rates { misses: 2.0, passes: 3.0, ..none };
        assert_eq!(mcc(&constant), Err(Undefined::NoVariation));
        assert_eq!(f1(&constant), Ok(0.0));
    }
}
