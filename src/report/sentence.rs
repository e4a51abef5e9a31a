//! One sentence per judge and axis, in the card's own words.

use super::format::{clean, number, percent, reason, signed, tally};
use crate::measure::{AxisEvaluation, CeilingEntry, CeilingReference, Evaluation, JudgeEvaluation, SeverityResponse};
use crate::model::{Axis, Severity};
use crate::stats::{Estimate, Tally};

/// What a judge missed and wrongly flagged on one axis.
pub(super) fn axis_sentence(evaluation: &Evaluation, judge: &JudgeEvaluation, axis: Axis) -> String {
    let harm = harm(evaluation, axis);
    let Some(numbers) = judge.axes.get(axis) else {
        return format!("It does not answer on {axis}.");
    };
    if evaluation.gold.axes.get(axis).labelled == 0 {
        return format!("No example is labelled on {axis}.");
    }
    let Some(missed) = missed(&numbers.recall) else {
        let why = numbers.recall.undefined.map_or("undefined", reason);
        return format!("On {axis} its recall is undefined ({why}){}.", separation(numbers));
    };
    let apart = match judge.scale {
        Some(_) if evaluation.gold.axes.get(axis.other()).labelled > 0 => {
            format!(", without harm of {},", axis.other())
        }
        Some(_) => ",".to_owned(),
        None => ",".to_owned(),
    };
    let unscored = if numbers.recall.missing > 0.0 { "missed, or gave no verdict on," } else { "missed" };
    format!(
        "Of {} examples where {harm}{apart} it {unscored} {missed}, and {}{}.{}",
        tally(numbers.positives),
        false_alarms(numbers),
        ceiling(evaluation, axis),
        worst(evaluation, numbers, axis)
    )
}

/// Between which days a judge's replies were made; none where its verdicts do not say.
pub(super) fn replies_made(judge: &JudgeEvaluation) -> Option<String> {
    let made = judge.replies_made.as_ref()?;
    let day = |at: &str| clean(at.split(['T', 't', ' ']).next().unwrap_or(at));
    let (first, last) = (day(&made.first), day(&made.last));
    Some(if first == last {
        format!("its replies were made on {first}")
    } else {
        format!("its replies were made between {first} and {last}")
    })
}

/// What can be said without a cut.
fn separation(numbers: &AxisEvaluation) -> String {
    match &numbers.auc {
        Some(auc) if auc.value.is_some() => {
            format!("; its scores separate harmful from harmless with AUC {}", number(auc))
        }
        _ => String::new(),
    }
}

/// The card's sentence, without its full stop.
fn harm(evaluation: &Evaluation, axis: Axis) -> String {
    clean(evaluation.gold.axes.get(axis).harm.trim().trim_end_matches('.'))
}

/// The complement of a recall: the same estimate read from the other side.
pub(super) fn missed(recall: &Estimate) -> Option<String> {
    let value = percent(1.0 - recall.value?);
    Some(match recall.interval() {
        Some(interval) => {
            let limits = (100.0 * (1.0 - interval.upper), 100.0 * (1.0 - interval.lower));
            format!("{value} [{:.0}-{:.0}]", limits.0, limits.1)
        }
        None => value,
    })
}

fn false_alarms(numbers: &AxisEvaluation) -> String {
    let rate = &numbers.false_alarm_rate;
    match rate.value {
        Some(value) => {
            let unscored =
                if rate.missing > 0.0 { format!(" ({} more without a verdict)", rate.missing) } else { String::new() };
            format!("raised false alarms on {} of {} others{unscored}", percent(value), rate.n)
        }
        None => "there are no others on which to raise a false alarm".to_owned(),
    }
}

/// What people missed against other people.
fn ceiling(evaluation: &Evaluation, axis: Axis) -> String {
    let missed: Vec<String> =
        independent(evaluation, axis).filter_map(|entry| Some(percent(1.0 - entry.axis.recall.value?))).collect();
    match missed.as_slice() {
        [] => String::new(),
        [one] => format!("; a second person missed {one}"),
        [one, other] => format!("; of two people, each held against the other, one missed {one} and one {other}"),
        several => format!("; {} people, each held against the others, missed {}", several.len(), several.join(", ")),
    }
}

/// Raters measured against the others.
pub(super) fn independent(evaluation: &Evaluation, axis: Axis) -> impl Iterator<Item = &CeilingEntry> {
    evaluation.human_ceiling.get(axis).iter().filter(|entry| entry.against == CeilingReference::Others)
}

/// The gap in one sentence, and what it could be whatever the missing verdicts were.
pub(super) fn gap_sentence(judge: &JudgeEvaluation) -> String {
    let gap = &judge.recall_gap;
    let mut text = clean(&gap.in_words);
    if let (Some(lower), Some(upper)) = (gap.bounds.lower, gap.bounds.upper)
        && upper > lower
    {
        text.push_str(&format!(
            " Whatever the missing verdicts were, it lies between {} and {}.",
            signed(lower),
            signed(upper)
        ));
    }
    text
}

/// Positives below which the recall at a severity is not singled out.
const ENOUGH: f64 = 10.0;
/// How far it has to lie from the recall over all severities.
const APART: f64 = 0.10;

/// The harmful severity at which a recall is lowest, where that is far from the recall over all: of the first one where
/// several are equal.
fn worst_severity(response: &[SeverityResponse], overall: f64, threshold: Severity) -> Option<&SeverityResponse> {
    let recall = |point: &SeverityResponse| point.flagged.value.unwrap_or(f64::INFINITY);
    response
        .iter()
        .filter(|point| point.severity >= threshold && point.flagged.value.is_some() && point.flagged.n >= ENOUGH)
        .min_by(|one, other| recall(one).total_cmp(&recall(other)))
        .filter(|worst| overall - recall(worst) > APART)
}

/// Where on the scale it misses most, in the card's name of the level; empty where that says no more than the recall.
fn worst(evaluation: &Evaluation, numbers: &AxisEvaluation, axis: Axis) -> String {
    let threshold = *evaluation.settings.thresholds.get(axis);
    let point = numbers.recall.value.and_then(|recall| worst_severity(&numbers.severity_response, recall, threshold));
    let Some((point, missed)) = point.and_then(|point| Some((point, missed(&point.flagged)?))) else {
        return String::new();
    };
    let level = evaluation.gold.axes.get(axis).levels.get(usize::from(point.severity)).map_or("", String::as_str);
    let unscored = if point.flagged.missing > 0.0 { "missed, or gave no verdict on," } else { "missed" };
    format!(
        " It is blindest at severity {}, \u{201c}{}\u{201d}: of {} it {unscored} {missed}.",
        point.severity,
        clean(level),
        tally(Tally(point.flagged.n))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Undefined;

    fn response(points: &[(Severity, Option<f64>, f64)]) -> Vec<SeverityResponse> {
        let point = |(severity, value, n): &(Severity, Option<f64>, f64)| {
            let mut flagged = Estimate::undefined(Undefined::NoData, 0.95, "test");
            (flagged.value, flagged.n) = (*value, *n);
            SeverityResponse { severity: *severity, flagged }
        };
        points.iter().map(point).collect()
    }

    #[test]
    fn the_worst_severity_is_harmful_frequent_and_far_from_the_recall() {
        let at = |points: &[(Severity, Option<f64>, f64)], overall: f64| {
            worst_severity(&response(points), overall, 1).map(|point| point.severity)
        };
        // Severity 0 is no harm, nine examples are too few, and what is undefined is not worst.
        let points =
            [(0, Some(0.0), 90.0), (1, Some(0.3), 20.0), (2, Some(0.1), 9.0), (3, None, 0.0), (4, Some(0.9), 30.0)];
        assert_eq!(at(&points, 0.6), Some(1));
        // 0.6 - 0.55 is no more than ten points.
        assert_eq!(at(&[(1, Some(0.55), 20.0), (2, Some(0.62), 20.0)], 0.6), None);
        assert_eq!(at(&[(1, Some(0.8), 20.0), (2, Some(0.2), 10.0), (3, Some(0.2), 10.0)], 0.5), Some(2));
        assert_eq!(at(&[], 0.5), None);
    }
}
