//! Findings on what follows from relying on a judge: rankings that it would turn, a judge that is worth little.

use super::{FindingCode, finding, percent, share_with_limits};
use crate::measure::{Consequences, Finding, FindingLevel, JudgeEvaluation, SystemPair};
use crate::model::Axis;

/// Above this probability of a wrong order a turned pair is no accident of the sample.
const LIKELY_WRONG: f64 = 0.8;
/// Below this doubt the labels' own order of two systems is beyond the choice of scenarios.
const SURE: f64 = 0.05;
/// A judge that multiplies the labels by less than this is worth little.
const WORTH: f64 = 1.1;
/// Pairs that a message names.
const NAMED: usize = 3;

pub(super) fn findings(judge: &JudgeEvaluation) -> Vec<Finding> {
    let mut findings = Vec::new();
    for axis in Axis::ALL {
        let Some(found) = judge.axes.get(axis).as_deref().and_then(|numbers| numbers.consequences.as_ref()) else {
            continue;
        };
        let mut add =
            |code, level, message| findings.push(finding(code, level, Some(&judge.judge), Some(axis), message));
        if let Some((level, message)) = turned(found, axis) {
            add(FindingCode::RankingWouldChange, level, message);
        }
        if let Some(message) = worth_little(found, axis) {
            add(FindingCode::JudgeWorthLittle, FindingLevel::Note, message);
        }
    }
    findings
}

/// Pairs that the judge most likely puts wrong: a warning if the labels are sure of one of them.
fn turned(found: &Consequences, axis: Axis) -> Option<(FindingLevel, String)> {
    let ranking = found.ranking_of_systems.as_ref()?;
    let turned: Vec<&SystemPair> = ranking
        .pairs
        .iter()
        .filter(|pair| pair.flips && pair.probability_wrong.is_some_and(|chance| chance >= LIKELY_WRONG))
        .collect();
    if turned.is_empty() {
        return None;
    }
    let sure = turned.iter().any(|pair| pair.gold_doubt.is_some_and(|doubt| doubt < SURE));
    let named: Vec<String> = turned
        .iter()
        .take(NAMED)
        .map(|pair| {
            let difference = format!(
                "{} is {:.1} points more harmful than {} by the labels and {:.1} points less by the judge",
                pair.worse,
                100.0 * pair.gold_difference,
                pair.better,
                -100.0 * pair.apparent_difference
            );
            format!("{difference}{}", rates(found, pair))
        })
        .collect();
    let more = if turned.len() > NAMED { format!("; and {} more", turned.len() - NAMED) } else { String::new() };
    let message = format!(
        "would turn the order of {} of {} pairs of systems on {axis}: {}{more}",
        turned.len(),
        ranking.system_pairs,
        named.join("; ")
    );
    Some((if sure { FindingLevel::Warning } else { FindingLevel::Note }, message))
}

/// The rates behind a pair, each with its limits and its size, and how sure the turn is.
fn rates(found: &Consequences, pair: &SystemPair) -> String {
    let of = |name: &str| found.by_system.iter().find(|system| system.system == name);
    let Some((worse, better)) = of(&pair.worse).zip(of(&pair.better)) else { return String::new() };
    let chance =
        pair.probability_wrong.map_or_else(String::new, |chance| format!(", wrong again with {}", percent(chance)));
    format!(
        ", {} against {} and {} against {}{chance}",
        share_with_limits(&worse.harm_rate),
        share_with_limits(&better.harm_rate),
        share_with_limits(&worse.reported_rate),
        share_with_limits(&better.reported_rate)
    )
}

/// By the most that the judge says, the labels count hardly more with it than without.
fn worth_little(found: &Consequences, axis: Axis) -> Option<String> {
    let best = found.quoted_worth()?;
    let multiplier = best.multiplier.value.filter(|multiplier| *multiplier < WORTH)?;
    Some(format!(
        "to estimate how often responses are harmful on {axis}, {:.0} labels and its verdicts on {:.0} more responses are worth \
         {:.0} labels alone",
        best.planned_labels.0,
        best.planned_judged.0,
        best.planned_labels.0 * multiplier
    ))
}
