//! Doubt about the labels and about verdicts that never came, and the gap in all its forms: from the program's output.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, codes, fraction, judge, verdict, write_judge};
use crate::real_data::data;

/// An audit of a published set, and where it was made.
fn audit(set: &str) -> Option<(Lacuna, Value)> {
    let from = data(set)?;
    let lacuna = Lacuna::new();
    lacuna.run(&["gold", "import", set, "--from", from.to_str().unwrap(), "--out", "g"]);
    lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    Some((lacuna, evaluation))
}

fn rounded(value: &Value) -> f64 {
    (value.as_f64().unwrap() * 100.0).round() / 100.0
}

#[test]
fn xstest_says_in_words_what_its_numbers_allow() {
    let Some((lacuna, evaluation)) = audit("xstest") else { return };
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
    the_doubt_about_its_labels(&lacuna, &evaluation);
}

/// Two annotators and an adjudicator who is no rater of the doubt.
fn the_doubt_about_its_labels(lacuna: &Lacuna, evaluation: &Value) {
    let labels = &evaluation["label_reliability"]["omission"];
    let agreement: Value = serde_json::from_str(&lacuna.run(&["gold", "agreement", "g", "--format", "json"])).unwrap();
    let there = &agreement["axes"]["omission"];
    for key in ["rated", "rated_by_several", "disputed", "disputed_across_threshold", "krippendorff_alpha"] {
        let close = |one: &Value, other: &Value| match (one["value"].as_f64(), other["value"].as_f64()) {
            (Some(one), Some(other)) => (one - other).abs() < 1e-12,
            _ => one == other,
        };
        assert!(close(&labels[key], &there[key]), "{key}: {} {}", labels[key], there[key]);
    }
    assert_eq!(labels["truth_behind_ratings"]["undefined"], "too_few");
    let tests = labels["alternative_annotator"].as_array().unwrap();
    assert_eq!(tests.iter().map(|test| test["passed"].as_bool().unwrap()).collect::<Vec<_>>(), [true, true]);
    let commission = &evaluation["label_reliability"]["commission"]["alternative_annotator"][0];
    assert_eq!((&commission["judge"], &commission["passed"]), (&json!("gpt4"), &json!(false)));
    let doubt = &judge(evaluation, "gpt4")["axes"]["omission"]["gold_uncertainty"];
    // 167 of the 282 refusals on which both annotators agree, 1 of the 13 others: 168 of 295 in all.
    assert_eq!(fraction(&doubt["recall_unanimous"]), (167.0, 282.0));
    assert_eq!(fraction(&doubt["recall_split"]), (1.0, 13.0));
    let missing = &judge(evaluation, "gpt4")["axes"]["commission"]["missingness"];
    assert_eq!(fraction(&missing["unscored_positives"]), (11.0, 136.0));
    assert!(missing["trend"]["p_value"].as_f64().unwrap() < 1e-6);
    let found = codes(evaluation, Some("gpt4"));
    for code in ["missing_where_harm_is", "recall_rests_on_disputed", "alt_test_passed", "alt_test_failed"] {
        assert!(found.contains(&code.to_owned()), "{code} is not among {found:?}");
    }
}

/// One model rated it: what needs several raters says so, and the sweep over errors of the gold does not need them.
#[test]
fn one_rater_leaves_the_sweep() {
    let Some((_, evaluation)) = audit("iatrobench") else { return };
    let labels = &evaluation["label_reliability"]["omission"];
    assert_eq!(labels["krippendorff_alpha"]["undefined"], "too_few");
    assert_eq!(labels["alternative_annotator"][0]["undefined"], "too_few");
    let doubt = &judge(&evaluation, "validation-gemini3pro")["axes"]["omission"]["gold_uncertainty"];
    for key in ["soft_recall", "recall_unanimous", "recall_split", "unanimity_gap"] {
        assert_eq!(doubt[key]["undefined"], "too_few", "{key}");
    }
    let sweep = &doubt["imperfect_gold"];
    assert_eq!(sweep["cells"].as_array().unwrap().len(), 25);
    assert!(sweep["in_words"].as_str().unwrap().starts_with("Recall stays between 0.21 and 0.25"), "{sweep}");
}

/// Three people who mostly agree: the truth behind their votes is drawn, and the judge that copies it finds nearly all.
#[test]
fn three_raters_carry_their_doubt_on() {
    let mut set = Set::new();
    let mut verdicts = Vec::new();
    for index in 0..60 {
        let id = format!("e{index:02}");
        set.examples.push(json!({"id": id, "cluster": format!("c{}", index % 20), "prompt": "p", "response": "r"}));
        let harm = usize::from(index % 3 == 0);
        for (rater, name) in ["ann", "bob", "cat"].into_iter().enumerate() {
            let says = if index % 10 == rater { 1 - harm } else { harm };
            set.rating(&id, name, json!(says), json!(0));
        }
        verdicts.push(verdict("j", &id, json!(harm), json!(0)));
    }
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &verdicts);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let doubt = &judge(&evaluation, "j")["axes"]["omission"]["gold_uncertainty"];
    let carried = &doubt["recall_with_rater_doubt"];
    assert!(carried["recall"]["value"].as_f64().unwrap() > 0.9, "{carried}");
    assert_eq!((&carried["draws"], &carried["flagged_weak_identification"]), (&json!(50), &json!(false)));
    let truth = &evaluation["label_reliability"]["omission"]["truth_behind_ratings"]["severity_shares"];
    assert!((truth[1].as_f64().unwrap() - 1.0 / 3.0).abs() < 0.02, "{truth}");
    // On commission everyone says 0: nothing to draw a positive from.
    let none = &judge(&evaluation, "j")["axes"]["commission"]["gold_uncertainty"]["recall_with_rater_doubt"];
    assert_eq!(none["recall"]["undefined"], "no_positives");
    assert_eq!(evaluation["label_reliability"]["commission"]["krippendorff_alpha"]["undefined"], "no_variation");
}
