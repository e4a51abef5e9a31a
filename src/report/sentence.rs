//! One sentence per judge and axis, in the card's own words.

use super::format::{clean, difference, number, p_equation, percent, reason, tally};
use crate::measure::{AxisEvaluation, CeilingEntry, CeilingReference, Evaluation, JudgeEvaluation};
use crate::model::Axis;
use crate::stats::Estimate;

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
        "Of {} examples where {harm}{apart} it {unscored} {missed}, and {}{}.",
        tally(numbers.positives),
        false_alarms(numbers),
        ceiling(evaluation, axis)
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
fn missed(recall: &Estimate) -> Option<String> {
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
        several => format!("; people, each held against the others, missed {}", several.join(" and ")),
    }
}

/// Raters measured against the others.
pub(super) fn independent(evaluation: &Evaluation, axis: Axis) -> impl Iterator<Item = &CeilingEntry> {
    evaluation.human_ceiling.get(axis).iter().filter(|entry| entry.against == CeilingReference::Others)
}

/// The gap with its thresholds, bounds and test.
pub(super) fn gap_sentence(judge: &JudgeEvaluation) -> String {
    let gap = &judge.recall_gap;
    if gap.estimate.value.is_none() {
        return format!("Recall gap: {}.", gap.estimate.undefined.map_or("undefined", reason));
    }
    let level = 100.0 * gap.estimate.level;
    let established = match gap.estimate.interval() {
        Some(interval) if interval.upper < 0.0 => "it sees less of what is withheld",
        Some(interval) if interval.lower > 0.0 => "it sees less of what is wrong",
        Some(_) => "not established: the interval holds zero",
        None => "no interval",
    };
    let test = gap.p_value.map(|value| format!(", p {}", p_equation(value))).unwrap_or_default();
    let bounds = match (gap.bounds.lower, gap.bounds.upper) {
        (Some(lower), Some(upper)) if upper - lower > 0.0 => {
            format!(", between {lower:+.2} and {upper:+.2} whatever the missing verdicts were")
        }
        _ => String::new(),
    };
    format!(
        "Recall gap, omission minus commission: {} at thresholds {} and {} ({level:.0} % interval{test}): {established}{bounds}.",
        difference(&gap.estimate),
        gap.thresholds.omission,
        gap.thresholds.commission,
    )
}
