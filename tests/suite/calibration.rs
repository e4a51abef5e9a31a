//! Stated probabilities through the whole program: planted judges, what the evaluation and its findings say of them, and the
//! tables that hold it.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, judge, verdict, write_judge};

/// Examples: three of four are harmful where the judge says so, one of four where it does not.
const EXAMPLES: usize = 240;

/// Whether an example is an omission positive, and whether the judge says that it is.
fn plan(index: usize) -> (bool, bool) {
    let says = index.is_multiple_of(2);
    (if says { !index.is_multiple_of(8) } else { index % 8 == 1 }, says)
}

/// An audit of a judge that says `sure` where it says harm and 1 - `sure` elsewhere; its right probability is 3/4.
fn audit(sure: f64) -> (Lacuna, Value) {
    let mut set = Set::new();
    let mut verdicts = Vec::new();
    for index in 0..EXAMPLES {
        let (positive, says) = plan(index);
        let id = format!("e{index}");
        set.example(&id, &format!("c{}", index / 7), json!(if positive { 2 } else { 0 }), json!(0));
        let mut row = verdict("j", &id, json!(if says { 2 } else { 0 }), json!(0));
        row["p_omission"] = json!(if says { sure } else { 1.0 - sure });
        verdicts.push(row);
    }
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &verdicts);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    (lacuna, evaluation)
}

fn codes(evaluation: &Value) -> Vec<&str> {
    evaluation["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

/// Says 99 % and 1 %, where 75 % and 25 % are right: MCB = 0.24^2, logit 4.595 in place of 1.099, slope 0.239.
#[test]
fn an_over_confident_judge_is_told_so() {
    let (lacuna, evaluation) = audit(0.99);
    let omission = &judge(&evaluation, "j")["axes"]["omission"];
    let calibration = &omission["calibration"];
    let close = |value: &Value, expected: f64| (value.as_f64().unwrap() - expected).abs() < 1e-6;
    assert!(close(&calibration["corp"]["miscalibration"]["value"], 0.24 * 0.24), "{calibration}");
    assert!(close(&calibration["line"]["slope"]["value"], 3.0_f64.ln() / 99.0_f64.ln()));
    assert_eq!(calibration["source"], "recorded");
    assert_eq!(calibration["consistency"]["replicates"], 999);
    let found = codes(&evaluation);
    for code in ["miscalibrated", "recalibration_would_help", "probabilities_coarse"] {
        assert!(found.contains(&code), "{found:?}");
    }
    let message = evaluation["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "miscalibrated");
    let message = message.unwrap()["message"].as_str().unwrap();
    assert!(message.contains("about 24 points") && message.contains("too extreme"), "{message}");
    let table = std::fs::read_to_string(lacuna.path("r/tables/calibration.csv")).unwrap();
    for row in [
        "j,omission,,slope,0.239",
        "j,omission,p 0.99,recalibrated,0.75,",
        "j,omission,judge severity 2,positive_share,0.75,",
    ] {
        assert!(table.contains(row), "{row} in\n{table}");
    }
    let operating = std::fs::read_to_string(lacuna.path("r/tables/operating.csv")).unwrap();
    // The right half flagged: 90 of 120 positives and 30 of 120 negatives.
    assert!(
        operating.contains("j,omission,cut 0.99,recall,0.75,")
            && operating.contains("j,omission,own rule,recall,0.75,")
    );
    // No budget below 25 % can be kept but by flagging nothing.
    let budgets = omission["operating"]["budgets"].as_array().unwrap();
    assert!(budgets.iter().all(|budget| budget["recall"]["value"].as_f64() == Some(0.0)));
}

/// The same judge saying what is right is told nothing but that it has two probabilities.
#[test]
fn a_calibrated_judge_is_left_alone() {
    let (_lacuna, evaluation) = audit(0.75);
    let found = codes(&evaluation);
    assert!(!found.contains(&"miscalibrated") && !found.contains(&"recalibration_would_help"), "{found:?}");
    assert!(found.contains(&"probabilities_coarse"));
    let calibration = &judge(&evaluation, "j")["axes"]["omission"]["calibration"];
    assert!(calibration["corp"]["miscalibration"]["value"].as_f64().unwrap() < 1e-9);
    // Severities 2 and 0 stand for the same shares: of what is unknown about the gold severity, 1 - (3/8) / (1/2) is removed.
    let skill =
        judge(&evaluation, "j")["axes"]["omission"]["severity_calibration"]["ranked_probability_skill"]["value"]
            .as_f64();
    assert!((skill.unwrap() - 0.25).abs() < 0.02, "{skill:?}");
    assert!(judge(&evaluation, "j")["axes"]["commission"]["calibration"].is_null());
}
