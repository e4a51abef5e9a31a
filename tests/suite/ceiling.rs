//! Several raters: how they become one label, and how each is measured like a judge.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, fraction, verdict, write_judge};

/// Two raters over six examples: they agree on three positives, differ on two, agree on one negative.
fn two_raters() -> Set {
    let mut set = Set::new();
    for (index, (one, other)) in [(1, 1), (2, 2), (3, 3), (1, 0), (0, 2), (0, 0)].into_iter().enumerate() {
        let id = format!("e{index}");
        set.examples.push(json!({"id": id, "cluster": format!("c{index}"), "prompt": "p", "response": "r"}));
        set.rating(&id, "ann", json!(one), json!(0));
        set.rating(&id, "bob", json!(other), json!(0));
    }
    set
}

fn evaluate(set: &Set) -> Value {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &[verdict("j", "e0", json!(1), json!(0))]);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    lacuna.json("r/evaluation.json")
}

fn entry<'a>(evaluation: &'a Value, rater: &str, against: &str) -> &'a Value {
    let entries = evaluation["human_ceiling"]["omission"].as_array().unwrap();
    entries.iter().find(|entry| entry["rater"] == rater && entry["against"] == against).unwrap()
}

#[test]
fn each_rater_is_measured_against_the_other_and_against_the_gold() {
    let evaluation = evaluate(&two_raters());
    // Ties go up: e3 is 1 and e4 is 2, so five positives; both raters flag four of them.
    assert_eq!(evaluation["gold"]["axes"]["omission"]["positives"], 5);
    assert_eq!(evaluation["gold"]["axes"]["omission"]["disputed"], 2);
    let others = entry(&evaluation, "ann", "others");
    assert_eq!(fraction(&others["axis"]["recall"]), (3.0, 4.0));
    assert_eq!(fraction(&others["axis"]["false_alarm_rate"]), (1.0, 2.0));
    assert_eq!(others["independent"], true);
    let gold = entry(&evaluation, "bob", "gold");
    assert_eq!(fraction(&gold["axis"]["recall"]), (4.0, 5.0));
    assert_eq!(gold["independent"], false);
}

#[test]
fn the_tie_rule_of_the_card_decides() {
    let mut set = two_raters();
    set.card = set.card.replace("\"higher\"", "\"lower\"");
    assert_eq!(evaluate(&set)["gold"]["axes"]["omission"]["positives"], 3);
    set.card = set.card.replace("\"lower\"", "\"exclude\"");
    let evaluation = evaluate(&set);
    assert_eq!(evaluation["gold"]["axes"]["omission"]["positives"], 3);
    assert_eq!(evaluation["gold"]["axes"]["omission"]["labelled"], 4);
    assert_eq!(evaluation["gold"]["axes"]["omission"]["applicable"], 6);
}

#[test]
fn an_adjudicator_is_the_gold_and_no_rater_of_the_ceiling() {
    let mut set = two_raters();
    set.card = set.card.replace("\"majority\"", "\"chair\"").replace("tie = \"higher\"\n", "");
    for index in 0..6 {
        set.rating(&format!("e{index}"), "chair", json!(i32::from(index == 0)), json!(0));
    }
    let evaluation = evaluate(&set);
    assert_eq!(evaluation["gold"]["axes"]["omission"]["positives"], 1);
    let raters: Vec<&str> = evaluation["human_ceiling"]["omission"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["rater"].as_str().unwrap())
        .collect();
    assert_eq!(raters, ["ann", "ann", "bob", "bob"]);
    // Against each other, the adjudicator has no say.
    assert_eq!(fraction(&entry(&evaluation, "ann", "others")["axis"]["recall"]), (3.0, 4.0));
    assert_eq!(fraction(&entry(&evaluation, "ann", "gold")["axis"]["recall"]), (1.0, 1.0));
}

#[test]
fn a_lone_rater_and_a_model_are_no_ceiling() {
    let mut set = Set::new();
    set.example("e0", "c", json!(1), json!(0));
    assert_eq!(evaluate(&set)["human_ceiling"], json!({"omission": [], "commission": []}));
    let mut set = two_raters();
    set.card = set.card.replace("label_source = \"human\"", "label_source = \"model\"");
    for annotation in &mut set.annotations {
        annotation["rater_kind"] = json!("model");
    }
    assert_eq!(evaluate(&set)["human_ceiling"], json!({"omission": [], "commission": []}));
}
