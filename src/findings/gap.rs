//! Findings on the recall gap: does its sign hold?

use super::{FindingCode, finding};
use crate::measure::{Finding, FindingLevel, JudgeEvaluation};

pub(super) fn findings(judge: &JudgeEvaluation) -> Vec<Finding> {
    let gap = &judge.recall_gap;
    let Some(value) = gap.estimate.value else { return Vec::new() };
    let mut findings = Vec::new();
    let mut add = |code, message: String| {
        findings.push(finding(code, FindingLevel::Warning, Some(&judge.judge), None, message));
    };
    let pair = format!("{} and {}", gap.thresholds.omission, gap.thresholds.commission);
    let opposite: Vec<String> = gap
        .surface
        .iter()
        .filter_map(|at| {
            let other = at.gap.value?;
            opposes(value, other).then(|| format!("{other:+.2} at {} and {}", at.omission, at.commission))
        })
        .collect();
    if !opposite.is_empty() {
        let message =
            format!("the gap is {value:+.2} at thresholds {pair} (omission, commission) but {}", opposite.join(", "));
        add(FindingCode::GapSignThresholds, message);
    }
    let scored_only = gap.scored_only.value.filter(|other| opposes(value, *other));
    let straddles = gap.bounds.lower.zip(gap.bounds.upper).filter(|(lower, upper)| opposes(*lower, *upper));
    if let (Some(lower), Some(upper)) = (gap.bounds.lower, gap.bounds.upper)
        && (scored_only.is_some() || straddles.is_some())
    {
        let scored_only = gap.scored_only.value.map_or_else(|| "undefined".to_owned(), |value| format!("{value:+.2}"));
        let message = format!(
            "the gap is {value:+.2} with unscored verdicts as misses, {scored_only} without them, and between {lower:+.2} and {upper:+.2} whatever they were"
        );
        add(FindingCode::GapSignUnscored, message);
    }
    let opposite: Vec<String> = gap
        .by_system
        .iter()
        .filter_map(|(system, estimate)| {
            let other = estimate.value?;
            opposes(value, other).then(|| {
                let positives = estimate.n;
                format!("{other:+.2} for {system} (n = {positives})")
            })
        })
        .collect();
    if !opposite.is_empty() {
        add(
            FindingCode::GapSignSystems,
            format!("the gap is {value:+.2} over all systems but {}", opposite.join(", ")),
        );
    }
    findings
}

/// One is above zero and the other below.
fn opposes(one: f64, other: f64) -> bool {
    one * other < 0.0
}
