//! Findings on doubt about the labels.

use super::{FindingCode, amount, finding, percent};
use crate::measure::{AlternativeAnnotator, Evaluation, Finding, FindingLevel, GoldUncertainty, JudgeEvaluation};
use crate::model::Axis;

/// Alpha below which Krippendorff would not draw even tentative conclusions (2004, Content Analysis, p. 241).
const TENTATIVE: f64 = 0.667;

/// Labels on which raters agree too little.
pub(super) fn on_set(evaluation: &Evaluation) -> Vec<Finding> {
    let on_axis = |axis: Axis| {
        let labels = evaluation.label_reliability.get(axis).as_ref()?;
        let alpha = labels.krippendorff_alpha.value.filter(|alpha| *alpha < TENTATIVE)?;
        let interval = labels.krippendorff_alpha.interval().map_or_else(
            || "without an interval".to_owned(),
            |interval| format!("{:.2} to {:.2}", interval.lower, interval.upper),
        );
        let message = format!(
            "the raters agree too little on {axis} to rely on the labels: Krippendorff's alpha, 1 for full agreement and 0 for \
             chance, is {alpha:.2} ({interval}), below {TENTATIVE}; they gave different severities to {} of the {} \
             examples that several rated",
            labels.disputed, labels.rated_by_several
        );
        Some(finding(FindingCode::LabelsUnreliable, FindingLevel::Warning, None, Some(axis), message))
    };
    Axis::ALL.into_iter().filter_map(on_axis).collect()
}

/// What the doubt does to one judge.
pub(super) fn on_judge(evaluation: &Evaluation, judge: &JudgeEvaluation) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |code, level, axis, message| {
        findings.push(finding(code, level, Some(&judge.judge), Some(axis), message));
    };
    for axis in Axis::ALL {
        let doubt = judge.axes.get(axis).as_deref().and_then(|numbers| numbers.gold_uncertainty.as_ref());
        if let Some(message) = doubt.and_then(|doubt| disputed(doubt, axis)) {
            add(FindingCode::RecallRestsOnDisputed, FindingLevel::Warning, axis, message);
        }
        let labels = evaluation.label_reliability.get(axis).as_ref();
        let test = labels.and_then(|labels| labels.alternative_annotator.iter().find(|test| test.judge == judge.judge));
        if let Some((code, message)) = test.and_then(|test| alternative(test, axis)) {
            add(code, FindingLevel::Note, axis, message);
        }
    }
    findings
}

fn disputed(doubt: &GoldUncertainty, axis: Axis) -> Option<String> {
    let interval = doubt.unanimity_gap.interval()?;
    if interval.lower <= 0.0 && interval.upper >= 0.0 {
        return None;
    }
    let (unanimous, split) = (&doubt.recall_unanimous, &doubt.recall_split);
    Some(format!(
        "of the {axis} positives that several raters rated it finds {} of the {} that each of them calls harmful and {} of the {} \
         others: its recall depends on examples that people dispute (difference {:+.2}, {:.2} to {:.2})",
        percent(unanimous.value?),
        amount(unanimous.n),
        percent(split.value?),
        amount(split.n),
        doubt.unanimity_gap.value?,
        interval.lower,
        interval.upper
    ))
}

fn alternative(test: &AlternativeAnnotator, axis: Axis) -> Option<(FindingCode, String)> {
    let (passed, rate, advantage) = (test.passed?, test.winning_rate_all_judges?, test.advantage?);
    let raters = test.comparisons_with_raters.len();
    let won = (rate * raters as f64).round();
    let examples = test.comparisons_with_raters.iter().map(|duel| duel.examples).min()?;
    let (code, verdict) = match passed {
        true => (FindingCode::AltTestPassed, "passes"),
        false => (FindingCode::AltTestFailed, "does not pass"),
    };
    let message = format!(
        "{verdict} the alternative annotator test on {axis}: it comes at least as close to the remaining raters as a rater does \
         on {} of the examples, and is shown to be less than {:.0} points of a hundred behind {won} of {raters} raters (half \
         of them are needed; {examples} examples or more compared with each)",
        percent(advantage),
        100.0 * test.epsilon
    );
    Some((code, message))
}
