//! Every judge in one line: what it misses on each axis, how far the two differ, and what people miss.

use serde::Serialize;

use crate::findings::FindingCode;
use crate::measure::{Evaluation, GapShown, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{clean, difference, flowing, percent, reason, tally};
use crate::report::own::OwnFirst;
use crate::report::sentence::{independent, missed};

/// Judges that stand in the table; of more, the first and the last.
const MOST_LINES: usize = 8;

/// The table, with what it leaves out.
#[derive(Serialize)]
pub(super) struct Glance {
    lines: Vec<GlanceLine>,
    /// What people miss, where that is known.
    people: Option<[String; 2]>,
    left_out: String,
}

/// A judge.
#[derive(Serialize)]
struct GlanceLine {
    judge: String,
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
    Glance { lines: shown.iter().map(|judge| line(evaluation, judge)).collect(), people: people(evaluation), left_out }
}

fn line(evaluation: &Evaluation, judge: &JudgeEvaluation) -> GlanceLine {
    GlanceLine {
        judge: clean(&judge.judge),
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
    let by_chance = || {
        let mut findings = evaluation.findings.iter();
        findings.any(|found| {
            found.code == chance && found.judge.as_deref() == Some(&judge.judge) && found.axis == Some(axis)
        })
    };
    if by_chance() {
        under.push("not shown to see more than a coin would".to_owned());
    }
    GlanceCell {
        text: flowing(&format!("misses {missed} of {}", tally(numbers.positives))),
        under: flowing(&under.join("; ")),
    }
}

fn gap(judge: &JudgeEvaluation) -> GlanceCell {
    let gap = &judge.recall_gap;
    let text = match gap.shown() {
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
