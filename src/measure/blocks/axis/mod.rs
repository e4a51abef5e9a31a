//! One subject on one axis: the whole AXIS block from its cells.

mod agreement;
mod rates;
mod severities;
mod smooth;
mod undefined;

pub(crate) use agreement::{agreement, alpha};
pub(crate) use undefined::{without_cut, without_severities};

use std::collections::BTreeMap;

use crate::measure::counts::{AxisCells, Cut, Slices, proportion};
use crate::measure::evaluation::{AxisEvaluation, SliceEvaluation};
use crate::stats::{Tally, Undefined};
use rates::{false_alarm_rate, none_scored, rate_bounds, recall};
use severities::{blindness, confusion, severity_response};
use smooth::{balanced_accuracy, f1_estimate, mcc_estimate, youden_j_estimate};

/// Where to cut, and at which confidence level.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AxisContext {
    pub(crate) cut: Cut,
    pub(crate) level: f64,
}

/// Everything about one subject on one axis.
pub(crate) fn evaluate_axis(cells: &AxisCells, slices: &Slices, context: AxisContext) -> AxisEvaluation {
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
        f1: f1_estimate(cells, cut, level),
        balanced_accuracy: balanced_accuracy(&youden_j_estimate(cells, cut, level)),
        mcc: mcc_estimate(cells, cut, level),
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
