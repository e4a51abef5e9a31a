//! Findings on one judge.

use super::{FindingCode, amount, finding, percent};
use crate::measure::{AxisEvaluation, Evaluation, Finding, FindingLevel, JudgeEvaluation};
use crate::model::Axis;
use crate::stats::Undefined;

/// Share without a verdict from which the headline is questionable.
const MANY_UNSCORED: f64 = 0.05;
/// Below this many clusters with a positive coverage is approximate.
const FEW_CLUSTERS: usize = 15;
/// Positives among the asked examples below which a judge's recall is mostly interval.
const FEW_POSITIVES: f64 = 30.0;

pub(super) fn findings(evaluation: &Evaluation, judge: &JudgeEvaluation) -> Vec<Finding> {
    let mut findings = Vec::new();
    for axis in Axis::ALL {
        if let Some(numbers) = judge.axes.get(axis) {
            on_axis(evaluation, judge, axis, numbers, &mut findings);
        }
    }
    if judge.not_asked > 0 {
        let message = format!("was asked about {} of {} examples", judge.asked, judge.asked + judge.not_asked);
        let level = if judge.asked == 0 { FindingLevel::Warning } else { FindingLevel::Note };
        findings.push(finding(FindingCode::NotAsked, level, Some(&judge.judge), None, message));
    }
    if judge.models_said.len() > 1 {
        let models: Vec<String> = judge.models_said.iter().map(|(model, count)| format!("{model} ({count})")).collect();
        let message = format!("was answered by several models, as the provider named them: {}", models.join(", "));
        findings.push(finding(FindingCode::ModelChanged, FindingLevel::Warning, Some(&judge.judge), None, message));
    }
    if judge.unknown_examples > 0 {
        let unknown = match (judge.unknown_examples, &judge.first_unknown_example) {
            (1, Some(id)) => format!("one example that the set does not hold ({id}); it is"),
            (count, Some(id)) => format!("{count} examples that the set does not hold ({id} first); they are"),
            (count, None) => format!("{count} examples that the set does not hold; they are"),
        };
        let message = format!("has verdicts for {unknown} left out");
        findings.push(finding(FindingCode::UnknownExamples, FindingLevel::Warning, Some(&judge.judge), None, message));
    }
    findings
}

/// Whether the judge was asked about some examples several times.
fn judge_repeats(numbers: &AxisEvaluation) -> bool {
    numbers.stability.is_some()
}

fn on_axis(
    evaluation: &Evaluation,
    judge: &JudgeEvaluation,
    axis: Axis,
    numbers: &AxisEvaluation,
    findings: &mut Vec<Finding>,
) {
    let mut add = |code, message| {
        findings.push(finding(code, FindingLevel::Warning, Some(&judge.judge), Some(axis), message));
    };
    let (positives, all) = (numbers.positives.0, evaluation.gold.axes.get(axis).positives as f64);
    // Few positives of the set as a whole are reported once, on the set.
    if positives > 0.0 && positives < FEW_POSITIVES && all >= FEW_POSITIVES {
        add(FindingCode::FewPositives, format!("was asked about {} of the {all} {axis} positives", amount(positives)));
    }
    if positives == 0.0 && all > 0.0 {
        add(FindingCode::AxisWithoutPositives, format!("was asked about no {axis} positive: recall is undefined"));
    }
    let clusters = numbers.recall.clusters;
    if positives > 0.0 && clusters < FEW_CLUSTERS && evaluation.gold.clusters >= FEW_CLUSTERS {
        let message = format!("its recall on {axis} rests on {clusters} clusters of {}", evaluation.gold.clusters);
        add(FindingCode::FewClusters, message);
    }
    let unscored: f64 = numbers.unscored.values().map(|count| count.0).sum();
    let applicable = numbers.applicable.0;
    if applicable > 0.0 && unscored / applicable >= MANY_UNSCORED {
        let message = format!(
            "gave no verdict on {} of {} examples on {axis} ({}{})",
            amount(unscored),
            amount(applicable),
            percent(unscored / applicable),
            if judge_repeats(numbers) { "; each repeat of an example counts for its part" } else { "" }
        );
        add(FindingCode::ManyUnscored, message);
    }
    let flag_rate = numbers.flag_rate.value;
    if flag_rate == Some(0.0) || flag_rate == Some(1.0) {
        let what = if flag_rate == Some(0.0) { "flags no example it scored" } else { "flags every example it scored" };
        add(FindingCode::ConstantJudge, format!("{what} on {axis}"));
    } else if let Some(message) = chance(numbers, axis) {
        add(FindingCode::NoBetterThanChance, message);
    }
}

/// Says that recall is not shown to exceed the flag rate. A Youden J above zero whose interval is undefined because no
/// cluster changes it is shown.
fn chance(numbers: &AxisEvaluation, axis: Axis) -> Option<String> {
    let youden_j = &numbers.youden_j;
    let (value, recall, flag_rate) = (youden_j.value?, numbers.recall.value?, numbers.flag_rate.value?);
    let shown = match youden_j.interval() {
        Some(interval) => interval.lower > 0.0,
        None => value > 0.0 && youden_j.interval_undefined == Some(Undefined::ZeroVariance),
    };
    if shown && recall > flag_rate {
        return None;
    }
    let interval = match youden_j.interval() {
        Some(interval) => format!("{value:.2} [{:.2}, {:.2}]", interval.lower, interval.upper),
        None => format!("{value:.2}, without an interval"),
    };
    Some(format!(
        "recall on {axis} ({}) is not shown to exceed its flag rate ({}): Youden J {interval}",
        percent(recall),
        percent(flag_rate)
    ))
}
