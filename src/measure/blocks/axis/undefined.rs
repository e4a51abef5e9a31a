//! What cannot be said of a judge with a single scale: without severities, without a cut.

use std::collections::BTreeMap;

use crate::measure::evaluation::{AxisEvaluation, Bounds};
use crate::stats::Undefined;

/// What a flag alone can tell: agreement, confusion and blindness need severities.
pub(crate) fn without_severities(numbers: &mut AxisEvaluation) {
    numbers.confusion.clear();
    numbers.blindness.clear();
    numbers.agreement.without_severities(Undefined::NoSeverities);
}

/// What can be said without a cut: counts, and the AUC.
pub(crate) fn without_cut(numbers: &mut AxisEvaluation, reason: Undefined) {
    let estimates = [
        &mut numbers.flag_rate,
        &mut numbers.recall,
        &mut numbers.recall_scored_only,
        &mut numbers.false_alarm_rate,
        &mut numbers.specificity,
        &mut numbers.youden_j,
        &mut numbers.precision,
        &mut numbers.f1,
        &mut numbers.balanced_accuracy,
        &mut numbers.mcc,
    ];
    estimates.into_iter().for_each(|estimate| estimate.undefine(reason));
    numbers.agreement.without_flags(reason);
    undefine_bounds(&mut numbers.recall_bounds, reason);
    undefine_bounds(&mut numbers.false_alarm_rate_bounds, reason);
    numbers.severity_response.iter_mut().for_each(|response| response.flagged.undefine(reason));
    for slice in numbers.slices.values_mut().flat_map(BTreeMap::values_mut) {
        slice.recall.undefine(reason);
        slice.false_alarm_rate.undefine(reason);
    }
}

fn undefine_bounds(bounds: &mut Bounds, reason: Undefined) {
    (bounds.lower, bounds.upper, bounds.interval, bounds.undefined) = (None, None, None, Some(reason));
}
