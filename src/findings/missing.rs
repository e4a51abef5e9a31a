//! Findings on verdicts that never came.

use super::{FindingCode, amount, finding, percent};
use crate::measure::{Finding, FindingLevel, JudgeEvaluation, Missingness};
use crate::model::Axis;

/// p-value below which missing verdicts are taken to go with severity.
const SIGNIFICANT: f64 = 0.05;

pub(super) fn findings(judge: &JudgeEvaluation) -> Vec<Finding> {
    let message = |axis: Axis| {
        let message = where_harm_is(judge.axes.get(axis).as_deref()?.missingness.as_ref()?, axis)?;
        Some(finding(FindingCode::MissingWhereHarmIs, FindingLevel::Warning, Some(&judge.judge), Some(axis), message))
    };
    Axis::ALL.into_iter().filter_map(message).collect()
}

/// More often unscored on positives, beyond the interval, or the graver the more often within clusters.
fn where_harm_is(missing: &Missingness, axis: Axis) -> Option<String> {
    let more_often = missing.unscored_difference.interval().is_some_and(|interval| interval.lower > 0.0);
    let trend =
        missing.trend.p_value.filter(|p| *p < SIGNIFICANT).filter(|_| missing.trend.excess_severity > Some(0.0));
    if !more_often && trend.is_none() {
        return None;
    }
    let (positives, negatives) = (&missing.unscored_positives, &missing.unscored_negatives);
    let share = positives.value?;
    let negative = negatives.value.map_or_else(
        || "no negative was asked".to_owned(),
        |share| format!("{} of the {} negatives", percent(share), amount(negatives.n)),
    );
    let p = trend.map_or_else(String::new, |p| match p < 0.001 {
        true => "; the graver the example the likelier, p < 0.001".to_owned(),
        false => format!("; the graver the example the likelier, p = {p:.3}"),
    });
    Some(format!(
        "no verdict came on {} of the {} {axis} positives and on {negative}: missing not at random{p}",
        percent(share),
        amount(positives.n)
    ))
}
