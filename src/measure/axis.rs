//! One subject on one axis: the whole AXIS block from its cells.

use std::collections::BTreeMap;

use super::agreement::agreement;
use super::cells::{AxisCells, Cells, Cut, Rates};
use super::evaluation::{AxisEvaluation, Blindness, Bounds, SeverityResponse, SliceEvaluation};
use super::shares::{Missing, Slices, bounds_of, proportion, recall_cells};
use crate::model::Severity;
use crate::stats::gap::{GapCount, MOVER_GUARDED, recall_gap};
use crate::stats::jackknife::{Scale, jackknife_with};
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Estimate, Tally, Undefined};

/// Where to cut, and at which confidence level.
#[derive(Debug, Clone, Copy)]
pub(super) struct AxisContext {
    pub(super) cut: Cut,
    pub(super) level: f64,
}

/// Name of the method behind the bounds of a rate.
const BOUNDS_METHOD: &str = "manski_guarded_wilson";

/// Everything about one subject on one axis.
pub(super) fn evaluate_axis(cells: &AxisCells, slices: &Slices, context: AxisContext) -> AxisEvaluation {
    let AxisContext { cut, level } = context;
    let total = cells.total.rates(cut);
    let recall = recall(cells, cut, level);
    let false_alarm_rate = false_alarm_rate(cells, cut, level);
    AxisEvaluation {
        applicable: Tally(total.positives() + total.negatives()),
        positives: Tally(total.positives()),
        negatives: Tally(total.negatives()),
        scored: Tally(total.scored_positives() + total.scored_negatives()),
        unscored: cells.unscored.iter().map(|(reason, weight)| (*reason, Tally(*weight))).collect(),
        flag_rate: proportion(cells, level, Undefined::NoData, |cells| {
            let rates = cells.rates(cut);
            (rates.hits + rates.false_alarms, rates.scored_positives() + rates.scored_negatives())
        })
        .with_missing(total.unscored_positives + total.unscored_negatives),
        recall_scored_only: proportion(cells, level, none_scored(total.positives(), Undefined::NoPositives), |cells| {
            let rates = cells.rates(cut);
            (rates.hits, rates.scored_positives())
        })
        .with_missing(total.unscored_positives),
        recall_bounds: rate_bounds(cells, level, Undefined::NoPositives, |cells| {
            let rates = cells.rates(cut);
            (rates.hits, rates.unscored_positives, rates.positives())
        }),
        false_alarm_rate_bounds: rate_bounds(cells, level, Undefined::NoNegatives, |cells| {
            let rates = cells.rates(cut);
            (rates.false_alarms, rates.unscored_negatives, rates.negatives())
        }),
        specificity: proportion(cells, level, none_scored(total.negatives(), Undefined::NoNegatives), |cells| {
            let rates = cells.rates(cut);
            (rates.passes, rates.scored_negatives())
        })
        .with_missing(total.unscored_negatives),
        precision: proportion(cells, level, Undefined::NoFlags, |cells| {
            let rates = cells.rates(cut);
            (rates.hits, rates.hits + rates.false_alarms)
        })
        .with_missing(total.unscored()),
        youden_j: youden_j_estimate(cells, cut, level),
        f1: smooth(cells, cut, level, Scale::Logit, f1_size, every_cluster, f1),
        balanced_accuracy: balanced_accuracy(&youden_j_estimate(cells, cut, level)),
        mcc: smooth(cells, cut, level, Scale::Atanh, table_size, rarer_class, mcc),
        auc: None,
        severity_response: severity_response(cells, cut, level),
        blindness: blindness(cells, level),
        confusion: confusion(&cells.total),
        agreement: agreement(cells, cut, level),
        calibration: None,
        severity_calibration: None,
        operating: None,
        consequences: None,
        systems: None,
        missingness: None,
        gold_uncertainty: None,
        twins: None,
        dose_response: None,
        framing: None,
        stability: None,
        bias: None,
        slices: slices.iter().map(|(name, values)| (name.clone(), evaluate_slice(values, context))).collect(),
        recall,
        false_alarm_rate,
    }
}

fn evaluate_slice(values: &BTreeMap<String, AxisCells>, context: AxisContext) -> BTreeMap<String, SliceEvaluation> {
    let AxisContext { cut, level } = context;
    values
        .iter()
        .map(|(value, cells)| {
            let rates = cells.total.rates(cut);
            let evaluation = SliceEvaluation {
                positives: Tally(rates.positives()),
                negatives: Tally(rates.negatives()),
                recall: recall(cells, cut, level),
                false_alarm_rate: false_alarm_rate(cells, cut, level),
            };
            (value.clone(), evaluation)
        })
        .collect()
}

/// Why a share of scored examples is undefined: there are none of the kind, or none with a verdict.
fn none_scored(examples: f64, none: Undefined) -> Undefined {
    if examples > 0.0 { Undefined::NoData } else { none }
}

fn recall(cells: &AxisCells, cut: Cut, level: f64) -> Estimate {
    let counts = cells.per_cluster(|cells| recall_cells(cells, cut, Missing::Miss));
    let missing = cells.total.rates(cut).unscored_positives;
    clustered_proportion(&counts, level, Undefined::NoPositives).with_missing(missing)
}

fn false_alarm_rate(cells: &AxisCells, cut: Cut, level: f64) -> Estimate {
    let total = cells.total.rates(cut);
    proportion(cells, level, none_scored(total.negatives(), Undefined::NoNegatives), |cells| {
        let rates = cells.rates(cut);
        (rates.false_alarms, rates.scored_negatives())
    })
    .with_missing(total.unscored_negatives)
}

/// Manski bounds of a share: missing verdicts all against, then all for it.
fn rate_bounds(cells: &AxisCells, level: f64, empty: Undefined, count: impl Fn(&Cells) -> (f64, f64, f64)) -> Bounds {
    let extreme = |weight: f64| {
        proportion(cells, level, empty, |cells| {
            let (hits, missing, total) = count(cells);
            (hits + weight * missing, total)
        })
    };
    bounds_of(&extreme(0.0), &extreme(1.0), level, BOUNDS_METHOD)
}

/// Youden J is a difference of two shares over common clusters, recall and false-alarm rate: its interval is that of the
/// gap, which is defined at 0 and 1 and holds where positives lie in few of many clusters, as a jackknife over all does not.
fn youden_j_estimate(cells: &AxisCells, cut: Cut, level: f64) -> Estimate {
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
fn balanced_accuracy(youden_j: &Estimate) -> Estimate {
    let half = |value: Option<f64>| value.map(|value| f64::midpoint(value, 1.0));
    Estimate {
        value: half(youden_j.value),
        lower: half(youden_j.lower),
        upper: half(youden_j.upper),
        ..youden_j.clone()
    }
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

/// P(flag | gold = k): from the threshold up an unscored verdict is a miss, below it it is left out.
fn severity_response(cells: &AxisCells, cut: Cut, level: f64) -> Vec<SeverityResponse> {
    (0..cells.total.levels())
        .map(|severity| {
            let positive = severity >= cut.gold;
            let flagged = proportion(cells, level, Undefined::NoData, |cells| {
                let flagged = cells.sum_scored(|gold, judge| gold == severity && judge >= cut.judge);
                let scored = cells.sum_scored(|gold, _| gold == severity);
                (flagged, if positive { scored + cells.unscored(severity) } else { scored })
            });
            let missing = cells.total.unscored(severity);
            SeverityResponse { severity: severity as Severity, flagged: flagged.with_missing(missing) }
        })
        .collect()
}

/// P(judge severity = 0 | gold >= k), scored examples only.
fn blindness(cells: &AxisCells, level: f64) -> Vec<Blindness> {
    (1..cells.total.levels())
        .map(|severity| {
            let share = proportion(cells, level, Undefined::NoPositives, |cells| {
                let zero = cells.sum_scored(|gold, judge| gold >= severity && judge == 0);
                (zero, cells.sum_scored(|gold, _| gold >= severity))
            });
            let missing = cells.total.sum_unscored(|gold| gold >= severity);
            Blindness { severity: severity as Severity, share_scored_zero: share.with_missing(missing) }
        })
        .collect()
}

fn confusion(total: &Cells) -> Vec<Vec<Tally>> {
    let levels = total.levels();
    (0..levels).map(|gold| (0..levels).map(|judge| Tally(total.scored(gold, judge))).collect()).collect()
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
