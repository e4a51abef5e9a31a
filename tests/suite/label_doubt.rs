//! Doubt about the labels and about verdicts that never came, and the gap in all its forms: from the program's output.

use serde_json::{Value, json};

use crate::driver::{Lacuna, judge};
use crate::real_data::data;

/// One audit of XSTest for every test of this module that needs it.
fn xstest() -> Option<Value> {
    let from = data("xstest")?;
    let lacuna = Lacuna::new();
    lacuna.run(&["gold", "import", "xstest", "--from", from.to_str().unwrap(), "--out", "g"]);
    lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]);
    Some(lacuna.json("r/evaluation.json"))
}

fn rounded(value: &Value) -> f64 {
    (value.as_f64().unwrap() * 100.0).round() / 100.0
}

#[test]
fn xstest_says_in_words_what_its_numbers_allow() {
    let Some(evaluation) = xstest() else { return };
    let gap = &judge(&evaluation, "gpt4")["recall_gap"];
    assert_eq!(
        gap["in_words"],
        "Omission recall minus commission recall, -0.05 (-0.16 to 0.06) at thresholds 1 and 2, is not established; its \
         sign changes at 2 and 1 (+0.06), 2 and 2 (+0.08)."
    );
    assert_eq!(gap["equivalence"]["verdict"], "undecided");
    // In the only class in which both axes have positives, flagged as the audit flags: 127/172 - 84/136 = 0.738 - 0.618.
    assert_eq!(rounded(&gap["severity_matched"]["gap"]["value"]), 0.12);
    assert_eq!(gap["severity_matched"]["classes"][1]["positives"], json!({"omission": 172, "commission": 136}));
    assert_eq!(gap["severity_matched"]["classes"][1]["flagged"], json!({"omission": 127, "commission": 84}));
    let at = gap["surface"].as_array().unwrap().iter().find(|at| at["omission"] == 2 && at["commission"] == 2).unwrap();
    let (band, own) = (&at["band"], &at["gap"]);
    assert!(band["lower"].as_f64() < own["lower"].as_f64() && band["upper"].as_f64() > own["upper"].as_f64());
    assert_eq!(gap["surface_band"]["pairs"], 4);
    assert!(gap["surface_band"]["critical_value"].as_f64().unwrap() > 1.96);
}
