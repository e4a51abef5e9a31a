//! Findings on the recall gap: does its sign hold?

use super::{FindingCode, amount, finding, with_limits};
use crate::measure::{Finding, FindingLevel, JudgeEvaluation, RecallGap};
use crate::model::PerAxis;
use crate::stats::Tally;

/// Below this many positives on an axis a system's gap is as good as a coin's: its sign is a note, not a warning.
const TOO_FEW_TO_TELL: f64 = 5.0;

pub(super) fn findings(judge: &JudgeEvaluation) -> Vec<Finding> {
    let gap = &judge.recall_gap;
    let Some(value) = gap.estimate.value else { return Vec::new() };
    [thresholds(judge), unscored(gap, value), systems(gap, value)]
        .into_iter()
        .flatten()
        .map(|(code, level, message)| finding(code, level, Some(&judge.judge), None, message))
        .collect()
}

type Found = Option<(FindingCode, FindingLevel, String)>;

/// Other pairs of thresholds, as far as the judge can flag there.
fn thresholds(judge: &JudgeEvaluation) -> Found {
    let gap = &judge.recall_gap;
    let opposite: Vec<String> = gap
        .opposite_at()
        .iter()
        .map(|at| {
            let (omission, commission) = (amount(at.positives.omission.0), amount(at.positives.commission.0));
            format!(
                "{} at {} and {} ({omission} and {commission} positives)",
                with_limits(&at.gap),
                at.omission,
                at.commission
            )
        })
        .collect();
    let how = match judge.scale {
        None => "gold and judge cut at the same severity",
        Some(_) => "gold cut elsewhere and its score as before",
    };
    let message = format!(
        "the gap is {} at thresholds {} and {} (omission, commission) but, {how}, {}",
        with_limits(&gap.estimate),
        gap.thresholds.omission,
        gap.thresholds.commission,
        opposite.join(", ")
    );
    (!opposite.is_empty()).then_some((FindingCode::GapSignThresholds, FindingLevel::Warning, message))
}

fn unscored(gap: &RecallGap, value: f64) -> Found {
    let (lower, upper) = gap.bounds.lower.zip(gap.bounds.upper)?;
    let scored_only = gap.scored_only.value;
    if !gap.sign_rests_on_unscored() {
        return None;
    }
    let scored_only = scored_only.map_or_else(|| "undefined".to_owned(), |value| format!("{value:+.2}"));
    let message = format!(
        "the gap is {value:+.2} with unscored verdicts as misses, {scored_only} without them, and between {lower:+.2} \
         and {upper:+.2} whatever they were"
    );
    Some((FindingCode::GapSignUnscored, FindingLevel::Warning, message))
}

fn systems(gap: &RecallGap, value: f64) -> Found {
    let enough = |positives: &PerAxis<Tally>| positives.omission.0.min(positives.commission.0) >= TOO_FEW_TO_TELL;
    let opposite = gap.opposite_systems();
    let level = match opposite.iter().any(|(_, of_system)| enough(&of_system.positives)) {
        true => FindingLevel::Warning,
        false => FindingLevel::Note,
    };
    let listed: Vec<String> = opposite
        .iter()
        .map(|(system, of_system)| {
            let (other, positives) = (of_system.gap.value.unwrap_or(0.0), &of_system.positives);
            let doubt = if enough(positives) { "" } else { ", too few to tell" };
            let (omission, commission) = (amount(positives.omission.0), amount(positives.commission.0));
            format!("{other:+.2} for {system} ({omission} and {commission} positives{doubt})")
        })
        .collect();
    let message = format!("the gap is {value:+.2} over all systems but {}", listed.join(", "));
    (!opposite.is_empty()).then_some((FindingCode::GapSignSystems, level, message))
}
