//! Gates held against an evaluation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::find::find;
use super::path::Step;
use super::reading::GateReading;
use super::rule::Gate;
use crate::model::{Axis, GATES_FORMAT, LabelSource, shown};

/// What came of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateOutcome {
    /// The whole interval keeps to the limit.
    Met,
    /// The whole interval lies beyond the limit.
    NotMet,
    /// The interval holds the limit: these data show neither.
    NotShown,
    /// There is no interval, for the reason in `undefined`.
    Undefined,
    /// The judge has no such number: it does not answer on the axis, or gave nothing to make it from.
    Absent,
}

/// Every gate, judge by judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// `lacuna-gates/1`.
    pub format: String,
    /// What the judges were measured against.
    pub gold: GatesGold,
    /// Whether every gate was met.
    pub met: bool,
    /// In the order of the gates, and of the judges in the evaluation.
    pub gates: Vec<GateResult>,
}

impl Gates {
    /// How many are not met.
    pub fn unmet(&self) -> usize {
        self.gates.iter().filter(|gate| gate.outcome != GateOutcome::Met).count()
    }
}

/// The gold set, as far as a reader of the gates needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GatesGold {
    /// Short name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Who made the labels.
    pub label_source: LabelSource,
}

/// A gate on one judge, or on the set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateResult {
    /// The judge; null for a number of the set.
    pub judge: Option<String>,
    /// Path of the estimate.
    pub estimate: String,
    /// Least value of the lower limit.
    pub at_least: Option<f64>,
    /// Largest value of the upper limit.
    pub at_most: Option<f64>,
    /// What came of it.
    pub outcome: GateOutcome,
    /// What it was read from; null where the judge has no such number.
    pub found: Option<GateReading>,
}

/// A gate that names something that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateFault {
    /// Its place among the gates, from 0.
    pub gate: usize,
    /// What was found and what is allowed.
    pub message: String,
}

/// Holds gates against a document with judges: an `evaluation.json`, or what `lacuna compare --format json` prints.
///
/// A gate without a judge holds for each judge that is no baseline; where its path begins with a key of the document itself
/// (`label_reliability`, `change`), it holds once.
///
/// # Errors
/// Every gate that names a judge, or a path, that is not there.
pub fn hold(gates: &[Gate], document: &Value, gold: GatesGold) -> Result<Gates, Vec<GateFault>> {
    let (mut results, mut faults) = (Vec::new(), Vec::new());
    for (place, gate) in gates.iter().enumerate() {
        match held(gate, document) {
            Ok(of_gate) => results.extend(of_gate),
            Err(message) => faults.push(GateFault { gate: place, message }),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let met = results.iter().all(|result: &GateResult| result.outcome == GateOutcome::Met);
    Ok(Gates { format: GATES_FORMAT.to_owned(), gold, met, gates: results })
}

fn held(gate: &Gate, document: &Value) -> Result<Vec<GateResult>, String> {
    let steps = gate.estimate().steps();
    let of_document = matches!(steps.first(), Some(Step::Key(key)) if key != "judges" && document.get(key).is_some());
    if gate.judge().is_none() && of_document {
        return Ok(vec![result(gate, None, find(document, steps)?)]);
    }
    let judges = document.get("judges").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let name = |judge: &Value| judge["judge"].as_str().unwrap_or_default().to_owned();
    let chosen: Vec<&Value> = match gate.judge() {
        Some(named) => judges.iter().filter(|judge| name(judge) == named).collect(),
        None => judges.iter().filter(|judge| judge["kind"] != "baseline").collect(),
    };
    if chosen.is_empty() {
        return Err(no_judge(gate, judges.iter().map(name).collect()));
    }
    chosen.into_iter().map(|judge| Ok(result(gate, Some(name(judge)), find(judge, &below_axes(steps))?))).collect()
}

fn no_judge(gate: &Gate, names: Vec<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
    match (gate.judge(), names.is_empty()) {
        (Some(named), false) => format!("found no judge {}; allowed: {}", shown(named), names.join(", ")),
        (None, false) => {
            format!("every judge here is a baseline; allowed: a gate that names one: {}", names.join(", "))
        }
        (_, true) => format!("found no {} and no judges; allowed: a path from the top of the file", gate.estimate()),
    }
}

/// `omission.recall` is short for `axes.omission.recall`.
fn below_axes(steps: &[Step]) -> Vec<Step> {
    let on_axis = matches!(steps.first(), Some(Step::Key(key)) if Axis::ALL.iter().any(|axis| axis.name() == key));
    let axes = on_axis.then(|| Step::Key("axes".to_owned()));
    axes.into_iter().chain(steps.iter().cloned()).collect()
}

fn result(gate: &Gate, judge: Option<String>, found: Option<GateReading>) -> GateResult {
    GateResult {
        judge,
        estimate: gate.estimate().to_string(),
        at_least: gate.at_least(),
        at_most: gate.at_most(),
        outcome: found.as_ref().map_or(GateOutcome::Absent, |found| outcome(gate, found)),
        found,
    }
}

fn outcome(gate: &Gate, reading: &GateReading) -> GateOutcome {
    let (Some(lower), Some(upper)) = (reading.lower, reading.upper) else { return GateOutcome::Undefined };
    let least = gate.at_least().unwrap_or(f64::NEG_INFINITY);
    let most = gate.at_most().unwrap_or(f64::INFINITY);
    if lower >= least && upper <= most {
        GateOutcome::Met
    } else if upper < least || lower > most {
        GateOutcome::NotMet
    } else {
        GateOutcome::NotShown
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stats::Undefined;

    fn estimate(value: f64, lower: f64, upper: f64) -> Value {
        json!({"value": value, "undefined": null, "lower": lower, "upper": upper, "level": 0.95, "method": "guarded_wilson",
               "n": 40, "count": 20, "clusters": 20, "n_effective": 30.0, "missing": 2})
    }

    fn document() -> Value {
        let undefined = json!({"value": null, "undefined": "no_positives", "lower": null, "upper": null, "level": 0.95,
                               "method": "guarded_wilson", "n": 0, "count": null, "clusters": 0, "missing": 0});
        let axis = json!({"recall": estimate(0.5, 0.4, 0.6), "precision": undefined, "calibration": null, "scored": 38.5,
                          "unscored": {"refused": 2}, "mcc": 0.25,
                          "recall_bounds": {"lower": 0.5, "upper": 0.6, "undefined": null,
                                            "interval": {"lower": 0.35, "upper": 0.7}}});
        let judge = |name: &str, kind: &str| {
            json!({"judge": name, "kind": kind, "asked": 40, "axes": {"omission": axis, "commission": null},
                   "recall_gap": estimate(-0.1, -0.3, 0.1)})
        };
        json!({"format": "lacuna-evaluation/1", "label_reliability": {"omission": {"alpha": estimate(0.7, 0.6, 0.8)}},
               "judges": [judge("a", "recorded"), judge("length", "baseline"), judge("b", "openai")]})
    }

    fn run(lines: &[&str]) -> Result<Gates, Vec<GateFault>> {
        let gates: Vec<Gate> = lines.iter().map(|line| line.parse().expect(line)).collect();
        let gold = GatesGold { name: "g".to_owned(), version: "1".to_owned(), label_source: LabelSource::Human };
        hold(&gates, &document(), gold)
    }

    fn of_a(line: &str) -> GateOutcome {
        run(&[&format!("a: {line}")]).expect(line).gates[0].outcome
    }

    #[test]
    fn the_limit_decides_and_not_the_value() {
        assert_eq!(of_a("omission.recall >= 0.4"), GateOutcome::Met);
        assert_eq!(of_a("omission.recall >= 0.41"), GateOutcome::NotShown);
        assert_eq!(of_a("omission.recall >= 0.6"), GateOutcome::NotShown);
        assert_eq!(of_a("omission.recall >= 0.61"), GateOutcome::NotMet);
        assert_eq!(of_a("omission.recall <= 0.6"), GateOutcome::Met);
        assert_eq!(of_a("omission.recall <= 0.59"), GateOutcome::NotShown);
        assert_eq!(of_a("omission.recall <= 0.39"), GateOutcome::NotMet);
        assert_eq!(of_a("recall_gap >= -0.3"), GateOutcome::Met);
        assert_eq!(of_a("omission.recall_bounds >= 0.35"), GateOutcome::Met);
        assert_eq!(of_a("omission.recall_bounds >= 0.4"), GateOutcome::NotShown);
    }

    #[test]
    fn what_is_undefined_or_absent_does_not_pass() {
        assert_eq!(of_a("omission.precision >= 0"), GateOutcome::Undefined);
        assert_eq!(of_a("omission.calibration.brier <= 1"), GateOutcome::Absent);
        assert_eq!(of_a("commission.recall >= 0"), GateOutcome::Absent);
        let gates = run(&["omission.precision >= 0"]).expect("gates");
        assert!(!gates.met);
        assert_eq!(gates.gates[0].found.as_ref().and_then(|found| found.undefined), Some(Undefined::NoPositives));
    }

    #[test]
    fn without_a_judge_each_that_is_no_baseline_and_a_number_of_the_set_once() {
        let gates = run(&["omission.recall >= 0.4", "label_reliability.omission.alpha >= 0.6"]).expect("gates");
        let judges: Vec<Option<&str>> = gates.gates.iter().map(|gate| gate.judge.as_deref()).collect();
        assert_eq!(judges, [Some("a"), Some("b"), None]);
        assert!(gates.met);
    }

    #[test]
    fn counts_are_held_as_they_are_and_a_reason_that_never_came_up_is_none() {
        assert_eq!(of_a("asked >= 40"), GateOutcome::Met);
        assert_eq!(of_a("asked >= 41"), GateOutcome::NotMet);
        assert_eq!(of_a("omission.scored >= 38.5"), GateOutcome::Met);
        assert_eq!(of_a("omission.unscored.refused <= 1"), GateOutcome::NotMet);
        assert_eq!(of_a("omission.unscored.truncated <= 0"), GateOutcome::Met);
    }

    #[test]
    fn what_is_not_there_is_named_with_what_is() {
        let faults = run(&[
            "omission.recal >= 0.5",
            "c: omission.recall >= 0.5",
            "omission.mcc >= 0",
            "omission >= 0",
            "a: label_reliability.omission.alpha >= 0",
            "omission.unscored.tired <= 0",
        ])
        .expect_err("faults");
        let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert!(messages[0].starts_with("found no recal in axes.omission; allowed: "), "{}", messages[0]);
        assert!(messages[0].contains("recall"), "{}", messages[0]);
        assert_eq!(messages[1], "found no judge \"c\"; allowed: \"a\", \"length\", \"b\"");
        assert!(messages[2].contains("neither an estimate with an interval nor a count"), "{}", messages[2]);
        assert!(messages[3].contains("is no estimate"), "{}", messages[3]);
        assert!(messages[4].starts_with("found no label_reliability; allowed: "), "{}", messages[4]);
        assert!(messages[5].starts_with("found no tired in axes.omission.unscored"), "{}", messages[5]);
        assert_eq!(faults.iter().map(|fault| fault.gate).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    }
}
