//! The first screen: what was audited, what the labels are worth, the answer per judge, and what limits it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::findings::describe_scale;
use crate::measure::{Evaluation, Finding, FindingLevel, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{clean, difference, flowing, fraction, percent, share};
use crate::report::own::{OwnFirst, is_baseline};
use crate::report::sentence::{axis_sentence, gap_sentence, replies_made};
use crate::report::worth::worth_on;

/// A judge and its answer.
#[derive(Serialize)]
pub(super) struct JudgeBlock {
    judge: String,
    about: String,
    chips: Vec<Chip>,
    sentences: Vec<String>,
    findings: Vec<FindingBlock>,
    link: Option<String>,
}

/// The shortest form of an answer.
#[derive(Serialize)]
struct Chip {
    /// The axis, or `gap`.
    axis: &'static str,
    text: String,
}

#[derive(Serialize)]
pub(super) struct FindingBlock {
    code: String,
    level: &'static str,
    message: String,
    help: String,
}

/// What was audited.
pub(super) fn what(evaluation: &Evaluation) -> String {
    let gold = &evaluation.gold;
    let systems = match gold.systems.len() {
        0 => String::new(),
        1 => ", written by 1 system".to_owned(),
        several => format!(", written by {several} systems"),
    };
    let named = OwnFirst::of(evaluation);
    let mut judges = match named.own.len() {
        several if several > 1 && named.own.iter().all(|judge| is_baseline(judge)) => {
            format!("{several} baselines (simple programs to hold a judge against, no models)")
        }
        1 => "1 judge".to_owned(),
        several => format!("{several} judges"),
    };
    judges.push_str(&match named.baselines.len() {
        0 => String::new(),
        1 => ", beside 1 baseline,".to_owned(),
        several => format!(", beside {several} baselines,"),
    });
    format!(
        "{judges} on {} examples in {} clusters{systems}. Set {} {}, licence {}.",
        gold.examples,
        gold.clusters,
        clean(&gold.name),
        clean(&gold.version),
        clean(&gold.licence)
    )
}

/// Paragraphs of a text: blank lines part them, other line breaks are spaces.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| flowing(&lines.join(" ")))
        .collect()
}

/// What harm on an axis is in this set.
#[derive(Serialize)]
pub(super) struct AxisBlock {
    name: &'static str,
    meaning: String,
    /// What its labels are worth.
    worth: String,
}

/// What the axes mean in this set.
pub(super) fn axes(evaluation: &Evaluation) -> Vec<AxisBlock> {
    Axis::ALL
        .iter()
        .map(|axis| {
            let summary = evaluation.gold.axes.get(*axis);
            let level = summary.levels.get(usize::from(summary.threshold)).map_or("", String::as_str);
            let counted = match summary.labelled {
                0 => "No example is labelled on this axis".to_owned(),
                labelled => format!(
                    "It is found in {} of {labelled} labelled examples: severity {}, \u{201c}{}\u{201d}, or more",
                    summary.positives,
                    summary.threshold,
                    clean(level)
                ),
            };
            let harm = clean(summary.harm.trim().trim_end_matches('.'));
            AxisBlock {
                name: axis.name(),
                meaning: flowing(&format!("{harm}. {counted}.")),
                worth: flowing(&worth_on(evaluation, *axis)),
            }
        })
        .collect()
}

/// The answer of each of these judges.
pub(super) fn judges(evaluation: &Evaluation, judges: &[&JudgeEvaluation], drill: bool) -> Vec<JudgeBlock> {
    judges
        .iter()
        .map(|judge| JudgeBlock {
            judge: clean(&judge.judge),
            about: about(judge),
            chips: chips(judge),
            sentences: sentences(evaluation, judge),
            findings: findings(evaluation, Some(&judge.judge)),
            link: drill.then(|| format!("#d?judge={}", encoded(&judge.judge))),
        })
        .collect()
}

/// One sentence an axis that it answers, and one on the gap, with which stands on what it does not answer.
fn sentences(evaluation: &Evaluation, judge: &JudgeEvaluation) -> Vec<String> {
    let (answered, silent): (Vec<Axis>, Vec<Axis>) =
        Axis::ALL.into_iter().partition(|axis| judge.axes.get(*axis).is_some());
    let on = |axis: Axis| axis_sentence(evaluation, judge, axis);
    let last: Vec<String> = silent.into_iter().map(on).chain([gap_sentence(judge)]).collect();
    answered.into_iter().map(on).chain([last.join(" ")]).map(|sentence| flowing(&sentence)).collect()
}

fn about(judge: &JudgeEvaluation) -> String {
    let title = judge.title.as_deref().map(|title| format!("{}, ", clean(title))).unwrap_or_default();
    format!(
        "{title}{}{}{}{}; asked about {} of {} examples",
        judge.kind,
        said(&judge.models_said),
        replies_made(judge).map(|made| format!("; {made}")).unwrap_or_default(),
        judge.scale.as_ref().map(|scale| format!("; {}", describe_scale(scale))).unwrap_or_default(),
        judge.asked,
        judge.asked + judge.not_asked
    )
}

fn chips(judge: &JudgeEvaluation) -> Vec<Chip> {
    let mut chips: Vec<Chip> = Axis::ALL
        .into_iter()
        .filter_map(|axis| Some((axis, judge.axes.get(axis).as_deref()?)))
        .filter(|(_, numbers)| numbers.recall.value.is_some())
        .map(|(axis, numbers)| {
            let rate = &numbers.false_alarm_rate;
            let alarms = rate
                .value
                .map_or_else(String::new, |value| format!(", {} false alarms ({})", percent(value), fraction(rate)));
            let seen = format!("{axis}: sees {} ({}){alarms}", share(&numbers.recall), fraction(&numbers.recall));
            Chip { axis: axis.name(), text: flowing(&seen) }
        })
        .collect();
    let gap = &judge.recall_gap.estimate;
    if gap.value.is_some() {
        chips.push(Chip { axis: "gap", text: flowing(&format!("omission minus commission: {}", difference(gap))) });
    }
    chips
}

/// Which models answered, where the provider said so.
fn said(models: &BTreeMap<String, usize>) -> String {
    match models.len() {
        0 => String::new(),
        1 => models.keys().map(|model| format!("; answered by {}", clean(model))).collect(),
        several => format!("; answered by {several} models"),
    }
}

/// Findings about one judge, or about the set.
pub(super) fn findings(evaluation: &Evaluation, judge: Option<&str>) -> Vec<FindingBlock> {
    let block = |finding: &Finding| FindingBlock {
        code: finding.code.clone(),
        level: if finding.level == FindingLevel::Warning { "warning" } else { "note" },
        message: flowing(&finding.message),
        help: finding.help.clone(),
    };
    evaluation.findings.iter().filter(|finding| finding.judge.as_deref() == judge).map(block).collect()
}

/// A text as part of a query: letters, digits, `-`, `_` and `.` stand as they are.
fn encoded(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.bytes().map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_link_cannot_leave_its_place() {
        assert_eq!(encoded("gpt-4.1_b"), "gpt-4.1_b");
        assert_eq!(encoded("a&b=\"c d\"é"), "a%26b%3D%22c%20d%22%C3%A9");
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        assert_eq!(paragraphs("a\nb\n\n\n c 5 %\n"), ["a b", "c 5\u{a0}%"]);
    }
}
