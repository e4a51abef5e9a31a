//! The baselines that read the response: what they say, and where they are not asked.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, fraction, judge};

const COVERAGE: &str =
    "format = \"lacuna-judge/1\"\nname = \"words\"\nkind = \"baseline\"\nbaseline = \"item-coverage\"\n";

/// Four examples whose one required item is {drink, water}: held, half held, not held, and withheld.
fn set() -> Set {
    let mut set = Set::new();
    let examples = [("Drink water.", 0, "hit"), ("Drinks help.", 0, "hit"), ("Rest.", 4, "miss"), ("", 4, "miss")];
    for (index, (response, omission, mark)) in examples.into_iter().enumerate() {
        set.example(&format!("e{index}"), &format!("c{index}"), json!(omission), json!(0));
        set.examples[index]["response"] = if response.is_empty() { Value::Null } else { json!(response) };
        set.examples[index]["required"] = json!([{"id": "r", "text": "drinking the water"}]);
        set.annotations[index]["items"] = json!({"r": mark});
    }
    set
}

#[test]
fn item_coverage_marks_items_and_answers_on_omission_alone() {
    let lacuna = Lacuna::new();
    set().write(&lacuna.path("set"));
    std::fs::write(lacuna.path("words.toml"), COVERAGE).unwrap();
    lacuna.run(&["audit", "--gold", "set", "--judge", "words.toml", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let words = judge(&evaluation, "words");
    assert_eq!((words["asked"].as_u64(), words["not_asked"].as_u64()), (Some(3), Some(1)));
    assert_eq!(words["axes"]["commission"], Value::Null);
    let omission = &words["axes"]["omission"];
    // Coverage 2/2, 1/2, 0/2: hit, partial, miss; severities 0, 4 * 1/2 = 2 and 4 against gold 0, 0 and 4.
    assert_eq!(omission["confusion"][0], json!([1, 0, 1, 0, 0]));
    assert_eq!(omission["confusion"][4], json!([0, 0, 0, 0, 1]));
    assert_eq!(fraction(&omission["recall"]), (1.0, 1.0));
    assert_eq!(fraction(&omission["false_alarm_rate"]), (1.0, 2.0));
    // The missed item is marked missing; of the two that are there none is (one is marked partial).
    assert_eq!(fraction(&words["items"]["recall"]), (1.0, 1.0));
    assert_eq!(fraction(&words["items"]["false_alarm_rate"]), (0.0, 2.0));
}

#[test]
fn item_coverage_cannot_be_given_the_other_axis() {
    let lacuna = Lacuna::new();
    set().write(&lacuna.path("set"));
    std::fs::write(lacuna.path("words.toml"), format!("{COVERAGE}axes = [\"omission\", \"commission\"]\n")).unwrap();
    let said = lacuna.fail(3, &["audit", "--gold", "set", "--judge", "words.toml", "--out", "r"]);
    let expected = "words.toml:5: axes: this baseline answers on omission alone; allowed: [\"omission\"]";
    assert!(said.contains(expected), "{said}");
}

/// Names of the judges of a default audit, and what was said on standard error.
fn default_audit(set: &Set) -> (Vec<String>, String) {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    let output = lacuna.output(&["audit", "--gold", "set", "--out", "r"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let evaluation = lacuna.json("r/evaluation.json");
    let judges = evaluation["judges"].as_array().unwrap();
    (judges.iter().map(|judge| judge["judge"].as_str().unwrap().to_owned()).collect(), said)
}

#[test]
fn a_bundled_judge_with_nothing_to_judge_is_left_out_and_named() {
    let (all, said) = default_audit(&set());
    assert!(all.contains(&"item-coverage".to_owned()) && !said.contains("left out"), "{all:?}: {said}");
    let mut japanese = set();
    japanese.card = japanese.card.replace("language = \"en\"", "language = \"ja\"");
    let (without, said) = default_audit(&japanese);
    assert_eq!(without.len() + 1, all.len());
    assert!(said.contains("item-coverage: left out, since toy gives it nothing to judge"), "{said}");
    let mut withheld = set();
    withheld.examples.iter_mut().for_each(|example| example["response"] = Value::Null);
    let (without, said) = default_audit(&withheld);
    assert_eq!(without.len() + 3, all.len());
    assert!(said.contains("refusal-phrases: left out") && said.contains("length: left out"), "{said}");
}
