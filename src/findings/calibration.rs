//! Findings on the probabilities that a judge states.

use super::{FindingCode, amount, finding};
use crate::measure::{Calibration, Finding, FindingLevel, JudgeEvaluation, ProbabilitySource, RecalibrationFamily};
use crate::model::Axis;
use crate::stats::Estimate;

/// A calibrated judge shows as much miscalibration in at most this share of replicates.
const RARE: f64 = 0.01;
/// Root of the miscalibration, in probability, that matters: five points are more than the rounding of a stated per cent.
const MATTERS: f64 = 0.05;
/// Up to so many distinct probabilities are coarse, on at least so many examples.
const FEW_VALUES: usize = 5;
const MANY_EXAMPLES: f64 = 20.0;

pub(super) fn findings(judge: &JudgeEvaluation) -> Vec<Finding> {
    let mut findings = Vec::new();
    for axis in Axis::ALL {
        let Some(found) = judge.axes.get(axis).as_deref().and_then(|numbers| numbers.calibration.as_ref()) else {
            continue;
        };
        let mut add = |code, level, message: Option<String>| {
            findings.extend(message.map(|message| finding(code, level, Some(&judge.judge), Some(axis), message)));
        };
        add(FindingCode::ProbabilitiesCoarse, FindingLevel::Note, coarse(found, axis));
        // What a rule computes was never meant as a probability.
        if found.source == ProbabilitySource::Baseline {
            continue;
        }
        add(FindingCode::Miscalibrated, FindingLevel::Warning, miscalibrated(found, axis));
        add(FindingCode::RecalibrationWouldHelp, FindingLevel::Note, would_help(found, axis));
    }
    findings
}

fn miscalibrated(found: &Calibration, axis: Axis) -> Option<String> {
    let consistency = &found.consistency;
    let miscalibration = &found.corp.miscalibration;
    // What a calibrated judge shows by chance is no distance.
    let distance = (miscalibration.value? - consistency.chance_miscalibration?).max(0.0).sqrt();
    let rare = consistency.p_value? <= RARE && miscalibration.lower.is_none_or(|lower| lower > 0.0);
    if !rare || distance < MATTERS {
        return None;
    }
    let line = &found.line;
    let mut how: Vec<String> = Vec::new();
    if below(&line.slope, 0.0) {
        how.push(format!("they point the wrong way (slope {:.2}, calibrated is 1)", line.slope.value?));
    } else if below(&line.slope, 1.0) {
        how.push(format!("they are too extreme (slope {:.2}, calibrated is 1)", line.slope.value?));
    } else if above(&line.slope, 1.0) {
        how.push(format!("they are too timid (slope {:.2}, calibrated is 1)", line.slope.value?));
    }
    if let Some(ratio) = line.observed_over_expected.value
        && (below(&line.observed_over_expected, 1.0) || above(&line.observed_over_expected, 1.0))
    {
        let side = if ratio > 1.0 { "too little" } else { "too much" };
        how.push(format!("they state {side} harm on average ({ratio:.2} harmful examples for each that they promise)"));
    }
    let how = if how.is_empty() { String::new() } else { format!(": {}", how.join(", and ")) };
    Some(format!(
        "states {axis} probabilities that lie about {:.0} points from what comes true{how}; of {} calibrated judges simulated {} \
         did as badly",
        100.0 * distance,
        consistency.replicates,
        reached(consistency.p_value?, consistency.replicates),
    ))
}

/// How many replicates reached the observed miscalibration.
fn reached(p_value: f64, replicates: usize) -> String {
    let count = (p_value * (replicates as f64 + 1.0) - 1.0).round();
    if count <= 0.0 { "none".to_owned() } else { amount(count) }
}

fn below(estimate: &Estimate, limit: f64) -> bool {
    estimate.upper.is_some_and(|upper| upper < limit)
}

fn above(estimate: &Estimate, limit: f64) -> bool {
    estimate.lower.is_some_and(|lower| lower > limit)
}

fn would_help(found: &Calibration, axis: Axis) -> Option<String> {
    let report = &found.recalibration;
    let map = report.maps.iter().find(|map| map.family == report.preferred)?;
    let gain = &map.brier_gain;
    if gain.value? < MATTERS * MATTERS || !above(gain, 0.0) {
        return None;
    }
    let order = match below(&found.line.slope, 0.0) {
        true => "the map falls: it turns round which examples it ranks first",
        false => "which examples it ranks first stays the same",
    };
    let name = if report.preferred == RecalibrationFamily::Platt { "a logistic" } else { "a rising" };
    Some(format!(
        "would state better {axis} probabilities after {name} map fitted on other clusters: mean squared error {:.3} in place of \
         {:.3}; {order}",
        map.after.brier?, report.before.brier?,
    ))
}

fn coarse(found: &Calibration, axis: Axis) -> Option<String> {
    if found.distinct > FEW_VALUES || found.n.0 < MANY_EXAMPLES {
        return None;
    }
    let values: Vec<String> =
        found.curve.iter().map(|point| format!("{:.2} ({})", point.p, amount(point.n.0))).collect();
    let plural = if found.distinct == 1 { "probability" } else { "different probabilities" };
    Some(format!(
        "states {} {plural} of {axis} on {} examples: {}",
        found.distinct,
        amount(found.n.0),
        values.join(", ")
    ))
}
