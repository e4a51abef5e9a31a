//! Gates and what came of them, as terminal, page and Markdown show them.

use serde::Serialize;

use super::format::{clean, counted, label_source, reason, tally};
use super::terminal::{table, wrapped};
use crate::gate::{GateOutcome, GateReading, GateResult, Gates, limits_in_words};
use crate::stats::Tally;

/// Most decimals with which a limit is told from the gate.
const MOST_DECIMALS: usize = 6;

/// A gate in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct GateRow {
    /// The estimate and its limit.
    pub(super) gate: String,
    /// The judge; "the set" for a number of the set.
    pub(super) judge: String,
    /// Value and interval.
    pub(super) found: String,
    /// Denominator and clusters, where there are any.
    pub(super) size: String,
    /// What came of it.
    pub(super) outcome: String,
    /// Whether it was met.
    pub(super) met: bool,
}

/// Every gate in words.
pub(super) fn gate_rows(gates: &Gates) -> Vec<GateRow> {
    gates.gates.iter().map(gate_row).collect()
}

/// How many gates were met, and what stands in the way of the others.
pub(super) fn gates_met(gates: &Gates) -> String {
    let all = counted(gates.gates.len(), "gate", "gates");
    let mut text = match gates.unmet() {
        0 => format!("All of {all} met."),
        unmet => format!("{unmet} of {all} not met."),
    };
    let reasons = [
        (GateOutcome::NotShown, " Not shown: the interval holds the limit; more examples would make it narrower."),
        (GateOutcome::Absent, " Absent: the judge has no such number."),
    ];
    for (outcome, reason) in reasons {
        if gates.gates.iter().any(|gate| gate.outcome == outcome) {
            text.push_str(reason);
        }
    }
    text
}

/// A table of gates, and how many were met; at most 100 columns.
pub fn gates_summary(gates: &Gates) -> String {
    let gold = &gates.gold;
    let labels = label_source(gold.label_source).to_uppercase();
    let head = format!("Gates on {} {}, measured against {labels}.", clean(&gold.name), clean(&gold.version));
    let mut rows = table(&["gate", "judge", "interval", "n", "outcome"]);
    for row in gate_rows(gates) {
        rows.add_row(vec![row.gate, row.judge, row.found, row.size, row.outcome]);
    }
    format!("{}\n{}\n\n{}", wrapped(&head, "  "), rows.trim_fmt(), wrapped(&gates_met(gates), "  "))
}

fn gate_row(result: &GateResult) -> GateRow {
    let size = |found: &GateReading| match (found.n, found.clusters) {
        (Some(n), Some(clusters)) => {
            format!(
                "{} in {}",
                tally(n),
                counted(usize::try_from(clusters).unwrap_or(usize::MAX), "cluster", "clusters")
            )
        }
        _ => String::new(),
    };
    GateRow {
        gate: clean(&format!("{} {}", result.estimate, limits_in_words(result.at_least, result.at_most))),
        judge: result.judge.as_deref().map_or_else(|| "the set".to_owned(), clean),
        found: result.found.as_ref().map_or_else(|| "none".to_owned(), |found| interval(result, found)),
        size: result.found.as_ref().map(size).unwrap_or_default(),
        outcome: outcome(result),
        met: result.outcome == GateOutcome::Met,
    }
}

fn outcome(result: &GateResult) -> String {
    match result.outcome {
        GateOutcome::Met => "met".to_owned(),
        GateOutcome::NotMet => "NOT MET".to_owned(),
        GateOutcome::NotShown => "NOT SHOWN".to_owned(),
        GateOutcome::Absent => "ABSENT".to_owned(),
        GateOutcome::Undefined => {
            let why = result.found.as_ref().and_then(|found| found.undefined).map_or("no interval", reason);
            format!("UNDEFINED: {why}")
        }
    }
}

/// Value and interval with as many decimals as tell a limit from the gate.
fn interval(result: &GateResult, found: &GateReading) -> String {
    if found.is_count() {
        return found.value.map_or_else(|| "-".to_owned(), |count| tally(Tally(count)));
    }
    let sides = [(found.lower, result.at_least), (found.upper, result.at_most)];
    let told = |decimals: &usize| {
        let rounded = |number: f64| format!("{number:.decimals$}", decimals = *decimals).parse::<f64>().ok();
        sides.iter().all(|(limit, gate)| match (limit, gate) {
            (Some(limit), Some(gate)) if limit != gate => rounded(*limit) != Some(*gate),
            _ => true,
        })
    };
    let decimals = (3..MOST_DECIMALS).find(told).unwrap_or(MOST_DECIMALS);
    let number = |number: f64| format!("{number:.decimals$}");
    let value = found.value.map(number);
    match found.lower.zip(found.upper) {
        Some((lower, upper)) => {
            let limits = format!("[{}, {}]", number(lower), number(upper));
            value.map_or_else(|| limits.clone(), |value| format!("{value} {limits}"))
        }
        None => value.map_or_else(|| "undefined".to_owned(), |value| format!("{value}, no interval")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::GatesGold;
    use crate::model::{GATES_FORMAT, LabelSource};

    fn result(lower: f64, upper: f64, at_least: f64, outcome: GateOutcome) -> GateResult {
        GateResult {
            judge: Some("gpt\u{202e}4".to_owned()),
            estimate: "omission.recall".to_owned(),
            at_least: Some(at_least),
            at_most: None,
            outcome,
            found: Some(GateReading {
                value: Some(f64::midpoint(lower, upper)),
                lower: Some(lower),
                upper: Some(upper),
                undefined: None,
                level: Some(0.95),
                n: Some(Tally(295.0)),
                clusters: Some(162),
                missing: Some(Tally(0.0)),
                method: Some("guarded_wilson".to_owned()),
            }),
        }
    }

    fn gates(results: Vec<GateResult>) -> Gates {
        let gold = GatesGold { name: "g".to_owned(), version: "1".to_owned(), label_source: LabelSource::Constructed };
        let met = results.iter().all(|result| result.outcome == GateOutcome::Met);
        Gates { format: GATES_FORMAT.to_owned(), gold, met, gates: results }
    }

    #[test]
    fn a_limit_just_below_the_gate_is_not_rounded_to_it() {
        let rows = gate_rows(&gates(vec![result(0.499_96, 0.6, 0.5, GateOutcome::NotShown)]));
        assert_eq!(rows[0].found, "0.54998 [0.49996, 0.60000]");
        let rows = gate_rows(&gates(vec![result(0.5, 0.6, 0.5, GateOutcome::Met)]));
        assert_eq!(rows[0].found, "0.550 [0.500, 0.600]");
    }

    #[test]
    fn the_summary_says_what_the_labels_are_and_keeps_to_its_width() {
        let both = gates(vec![result(0.5, 0.6, 0.5, GateOutcome::Met), result(0.3, 0.6, 0.5, GateOutcome::NotShown)]);
        let text = gates_summary(&both);
        assert!(text.contains("CONSTRUCTED LABELS"), "{text}");
        assert!(text.contains("1 of 2 gates not met. Not shown: the interval holds the limit"), "{text}");
        assert!(text.contains("295 in 162 clusters"), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}
