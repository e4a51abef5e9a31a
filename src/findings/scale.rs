//! Findings on a judge that gives one score.

use super::{FindingCode, amount, finding, percent};
use crate::judge::ScoreDirection;
use crate::measure::{Finding, FindingLevel, FoldCut, JudgeEvaluation, ScaleCut, ScaleEvaluation};
use crate::stats::Undefined;

pub(super) fn findings(judge: &JudgeEvaluation) -> Vec<Finding> {
    let Some(scale) = &judge.scale else { return Vec::new() };
    let message = format!(
        "gives {}; each axis is measured where the other is harmless, which leaves out {} of its omission and {} of its \
         commission examples",
        describe(scale),
        amount(scale.set_aside.omission.0),
        amount(scale.set_aside.commission.0)
    );
    let of_judge = |code, level, message| finding(code, level, Some(&judge.judge), None, message);
    let mut findings = vec![of_judge(FindingCode::SingleScale, FindingLevel::Note, message)];
    if let ScaleCut::None { undefined } = scale.cut {
        let (level, why) = match undefined {
            Undefined::SingleCluster => {
                (FindingLevel::Warning, "its examples are one cluster, so that none can be fitted")
            }
            Undefined::OneClass => {
                (FindingLevel::Warning, "a part of its clusters holds no harmful or no harmless example to fit one to")
            }
            _ => (FindingLevel::Note, "its file names none"),
        };
        findings.push(of_judge(FindingCode::NoCut, level, format!("has no cut from which it flags: {why}")));
    }
    findings
}

/// A single scale in words.
pub fn describe(scale: &ScaleEvaluation) -> String {
    let range = scale.scale.map_or_else(String::new, |[low, high]| format!(" from {low} to {high}"));
    let (direction, side) = match scale.direction {
        ScoreDirection::HigherIsBetter => ("higher is better", "below"),
        ScoreDirection::HigherIsHarm => ("higher is harm", "above"),
    };
    let cut = match &scale.cut {
        ScaleCut::Fixed { flag_at } => format!("flagged at {flag_at} or {side}"),
        ScaleCut::CrossFitted { false_alarm_budget, folds } => format!(
            "flagged at {} or {side}, cross-fitted by cluster to a false-alarm budget of {}",
            cuts(folds),
            percent(*false_alarm_budget)
        ),
        ScaleCut::None { .. } => "without a cut".to_owned(),
    };
    format!("one score{range}, {direction}, {cut}")
}

/// The distinct cuts of the folds, in their order.
fn cuts(folds: &[FoldCut]) -> String {
    let mut names: Vec<String> = Vec::new();
    for fold in folds {
        let name = fold.flag_at.map_or_else(|| "no score".to_owned(), |cut| cut.to_string());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}
