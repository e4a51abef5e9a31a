//! The AUC of stated probabilities, worked by hand.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, close, judge, verdict, write_judge};

/// A verdict with a probability of omission.
fn stated(example: &str, repeat: u32, probability: Value) -> Value {
    let mut verdict = verdict("j", example, json!(0), json!(0));
    verdict["repeat"] = json!(repeat);
    verdict["p_omission"] = probability;
    verdict
}

/// Omission positives and negatives by turns; two examples a cluster.
fn set(examples: usize) -> Set {
    let mut set = Set::new();
    for index in 0..examples {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(2 * ((index + 1) % 2)), json!(0));
    }
    set
}

fn axes(set: &Set, more: &str, verdicts: &[Value]) -> Value {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", more, verdicts);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    let metrics = std::fs::read_to_string(lacuna.path("r/tables/metrics.csv")).unwrap();
    let axes = judge(&lacuna.json("r/evaluation.json"), "j")["axes"].clone();
    assert_eq!(metrics.contains("j,omission,auc,"), !axes["omission"]["auc"].is_null());
    axes
}

/// Positives 0.9, 0.3 and negatives 0.8, 0.1: of four pairs three are in order. In clusters {0.9, 0.8} and {0.3, 0.1} the
/// placement values cancel (see `stats::auc`), so the variance is zero and there is no interval.
#[test]
fn three_of_four_pairs_in_order() {
    let verdicts: Vec<Value> =
        [0.9, 0.8, 0.3, 0.1].iter().enumerate().map(|(at, p)| stated(&format!("e{at}"), 0, json!(p))).collect();
    let axes = axes(&set(4), "", &verdicts);
    let auc = &axes["omission"]["auc"];
    close(&auc["value"], 0.75);
    assert_eq!((&auc["n"], &auc["clusters"], &auc["missing"]), (&json!(4), &json!(2), &json!(0)));
    assert_eq!((&auc["lower"], &auc["interval_undefined"]), (&Value::Null, &json!("zero_variance")));
    assert_eq!(auc["method"], "obuchowski_logit_t");
    assert_eq!(axes["commission"]["auc"], Value::Null);
}

/// e0 has 0.9 and 0.4, on average 0.65: below the 0.8 of e1, so two of four pairs are in order. e4 was asked in vain.
#[test]
fn repeats_are_averaged_and_what_is_missing_is_counted() {
    let mut verdicts = vec![stated("e0", 0, json!(0.9)), stated("e0", 1, json!(0.4)), stated("e0", 2, Value::Null)];
    verdicts.extend([stated("e1", 0, json!(0.8)), stated("e2", 0, json!(0.3)), stated("e3", 0, json!(0.1))]);
    verdicts.push(json!({"judge": "j", "example": "e4", "outcome": "refused"}));
    let axes = axes(&set(6), "", &verdicts);
    let auc = &axes["omission"]["auc"];
    close(&auc["value"], 0.5);
    assert_eq!((&auc["n"], &auc["missing"]), (&json!(4), &json!(1)));
}

#[test]
fn an_interval_holds_its_value_and_one_class_has_none() {
    let probabilities = [0.9, 0.2, 0.7, 0.6, 0.4, 0.5, 0.8, 0.1, 0.3, 0.35, 0.95, 0.7];
    let verdicts: Vec<Value> =
        probabilities.iter().enumerate().map(|(at, p)| stated(&format!("e{at}"), 0, json!(p))).collect();
    let axes_of_all = axes(&set(12), "", &verdicts);
    let auc = &axes_of_all["omission"]["auc"];
    // Positives 0.9, 0.7, 0.4, 0.8, 0.3, 0.95 outrank 6, 5.5, 3, 6, 2 and 6 of 0.2, 0.6, 0.5, 0.1, 0.35, 0.7.
    close(&auc["value"], 28.5 / 36.0);
    let limit = |name: &str| auc[name].as_f64().unwrap();
    assert!(
        0.0 < limit("lower") && limit("lower") < 28.5 / 36.0 && 28.5 / 36.0 < limit("upper") && limit("upper") < 1.0
    );
    let positives: Vec<Value> = verdicts.into_iter().step_by(2).collect();
    let axes_of_positives = axes(&set(12), "axes = [\"omission\"]\n", &positives);
    assert_eq!(axes_of_positives["omission"]["auc"]["undefined"], "one_class");
}

#[test]
fn a_judge_without_probabilities_has_no_auc() {
    let axes = axes(&set(4), "", &[verdict("j", "e0", json!(1), json!(0)), verdict("j", "e1", json!(0), json!(0))]);
    assert_eq!((&axes["omission"]["auc"], &axes["commission"]["auc"]), (&Value::Null, &Value::Null));
}
