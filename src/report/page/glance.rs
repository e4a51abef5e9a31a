//! Every judge in one line: what it misses on each axis, how far the two differ, and what people miss.

use serde::Serialize;

use crate::findings::FindingCode;
use crate::measure::{AxisEvaluation, Evaluation, GapShown, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{clean, difference, flowing, percent, reason, tally};
use crate::report::own::{OwnFirst, is_baseline};
use crate::report::sentence::{independent, missed};

/// Judges that stand in the table; of more, the first and the last.
const MOST_LINES: usize = 8;

/// The table, with what it leaves out.
#[derive(Serialize)]
pub(super) struct Glance {
    /// What stands in the lines: judges, or baselines where nothing else is there.
    who: &'static str,
    lines: Vec<GlanceLine>,
    /// What people miss, where that is known.
    people: Option<[String; 2]>,
    left_out: String,
}

/// A judge.
#[derive(Serialize)]
struct GlanceLine {
    judge: String,
    /// How much of the set it was asked about, where that is not all.
    asked: String,
    axes: [GlanceCell; 2],
    gap: GlanceCell,
}

/// What is said first, and what qualifies it.
#[derive(Serialize)]
struct GlanceCell {
    text: String,
    under: String,
}

/// The judges under audit at a glance.
pub(super) fn glance(evaluation: &Evaluation) -> Glance {
    let own = OwnFirst::of(evaluation).own;
    let head = MOST_LINES / 2;
    let (shown, left_out) = match own.len() {
        few if few <= MOST_LINES => (own, String::new()),
        many => {
            let ends: Vec<&JudgeEvaluation> = own[..head].iter().chain(&own[many - head..]).copied().collect();
            let between = many - 2 * head;
            (ends, format!("The first {head} and the last {head}; {between} between them stand below."))
        }
    };
    let who = if shown.iter().all(|judge| is_baseline(judge)) { "baseline" } else { "judge" };
    Glance {
        who,
        lines: shown.iter().map(|judge| line(evaluation, judge)).collect(),
        people: people(evaluation),
        left_out,
    }
}

fn line(evaluation: &Evaluation, judge: &JudgeEvaluation) -> GlanceLine {
    GlanceLine {
        judge: clean(&judge.judge),
        asked: match judge.not_asked {
            0 => String::new(),
            not_asked => flowing(&format!("asked about {} of {}", judge.asked, judge.asked + not_asked)),
        },
        axes: Axis::ALL.map(|axis| on_axis(evaluation, judge, axis)),
        gap: gap(judge),
    }
}

fn on_axis(evaluation: &Evaluation, judge: &JudgeEvaluation, axis: Axis) -> GlanceCell {
    let Some(numbers) = judge.axes.get(axis).as_deref() else {
        return GlanceCell { text: "does not answer".to_owned(), under: String::new() };
    };
    let Some(missed) = missed(&numbers.recall) else {
        let why = numbers.recall.undefined.map_or("undefined", reason);
        return GlanceCell { text: format!("not known: {why}"), under: String::new() };
    };
    let mut under = Vec::new();
    if let Some(alarms) = numbers.false_alarm_rate.value {
        under.push(format!("{} false alarms", percent(alarms)));
    }
    let chance = FindingCode::NoBetterThanChance.name();
    // What the finding says, and what is plain of a judge that flags all or nothing.
    let by_chance = || {
        let youden_j = &numbers.youden_j;
        let mut findings = evaluation.findings.iter();
        youden_j.lower.or(youden_j.value).is_some_and(|lowest| lowest <= 0.0)
            || findings.any(|found| {
                found.code == chance && found.judge.as_deref() == Some(&judge.judge) && found.axis == Some(axis)
            })
    };
    if by_chance() {
        under.push("not shown to beat a coin".to_owned());
    }
    GlanceCell {
        text: flowing(&format!("misses {missed} of {}", tally(numbers.positives))),
        under: flowing(&under.join("; ")),
    }
}

fn gap(judge: &JudgeEvaluation) -> GlanceCell {
    let gap = &judge.recall_gap;
    let text = match gap.shown() {
        Some(_) if of_both(judge, |numbers| numbers.recall.value == Some(0.0)) => "sees nothing of either",
        Some(_) if of_both(judge, |numbers| numbers.flag_rate.value == Some(1.0)) => "flags everything",
        Some(GapShown::LessOfOmission) => "sees less of what is withheld",
        Some(GapShown::LessOfCommission) => "sees less of what is wrong",
        Some(GapShown::Equivalent) => "sees about as much of both",
        Some(GapShown::Undecided | GapShown::NotAmongAll) => "no difference is established",
        None if gap.estimate.value.is_some() => "too few clusters to say",
        None => "cannot be compared",
    };
    let under = match gap.estimate.value {
        Some(_) => format!("gap {}", difference(&gap.estimate)),
        None => gap.estimate.undefined.map_or("undefined", reason).to_owned(),
    };
    GlanceCell { text: text.to_owned(), under: flowing(&under) }
}

/// Whether something holds on both axes.
fn of_both(judge: &JudgeEvaluation, holds: impl Fn(&AxisEvaluation) -> bool) -> bool {
    Axis::ALL.into_iter().all(|axis| judge.axes.get(axis).as_deref().is_some_and(&holds))
}

/// What people miss, each held against the others.
fn people(evaluation: &Evaluation) -> Option<[String; 2]> {
    let on = |axis: Axis| {
        let each: Vec<String> =
            independent(evaluation, axis).filter_map(|entry| Some(percent(1.0 - entry.axis.recall.value?))).collect();
        if each.is_empty() { "not known".to_owned() } else { flowing(&format!("miss {}", each.join(" and "))) }
    };
    let anybody = Axis::ALL.into_iter().any(|axis| independent(evaluation, axis).next().is_some());
    anybody.then(|| Axis::ALL.map(on))
}
