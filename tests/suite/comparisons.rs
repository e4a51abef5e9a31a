//! Judge against judge in the evaluation: differences, families of tests, rankings.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, close, codes, verdict, write_judge};

/// Four clusters of two omission positives and two negatives; nothing is a commission.
fn set() -> Set {
    let mut set = Set::new();
    for index in 0..8 {
        set.example(&format!("p{index}"), &format!("c{}", index / 2), json!(1), json!(0));
        set.example(&format!("n{index}"), &format!("c{}", index / 2), json!(0), json!(0));
    }
    set
}

/// A judge that flags these examples on omission.
fn judge(lacuna: &Lacuna, name: &str, flagged: &[&str]) {
    let ids = (0..8).flat_map(|index| [format!("p{index}"), format!("n{index}")]);
    let verdicts: Vec<Value> =
        ids.map(|id| verdict(name, &id, json!(u8::from(flagged.contains(&id.as_str()))), json!(0))).collect();
    write_judge(&lacuna.path("g"), name, "", &verdicts);
}

fn audit(lacuna: &Lacuna) -> Value {
    lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]);
    lacuna.json("r/evaluation.json")
}

#[test]
fn two_judges_by_hand() {
    let lacuna = Lacuna::new();
    set().write(&lacuna.path("g"));
    judge(&lacuna, "a", &["p0", "p1", "p2", "p3", "p4", "p6", "n4"]);
    judge(&lacuna, "b", &["p0", "p2", "p6"]);
    let evaluation = audit(&lacuna);
    let comparison = &evaluation["comparisons"][0];
    assert_eq!((&comparison["first"], &comparison["second"]), (&json!("a"), &json!("b")));
    let omission = &comparison["axes"]["omission"];
    assert_eq!((&omission["examples"], &omission["positives"]), (&json!(16), &json!(8)));
    // 6/8 against 3/8. d = 1, 1, 1, 0 over two each, D = 3/8: residuals 1/4, 1/4, 1/4, -3/4; se = sqrt(4/3 * 3/4)/8 = 1/8.
    let recall = &omission["recall"];
    close(&recall["difference"]["value"], 0.375);
    close(&recall["difference"]["upper"], 0.375 + 3.182_446_305_283_71 / 8.0);
    // Three scores of one sign: 2 of 8 sign vectors tie, half of them count.
    close(&recall["p_value"], 0.125);
    // One false alarm of 8 against none: a share of 0, so MOVER; one score, both signs tie.
    let alarms = &omission["false_alarm_rate"];
    assert_eq!(alarms["difference"]["method"], "mover_guarded");
    close(&alarms["difference"]["value"], 0.125);
    close(&alarms["p_value"], 0.5);
    // J differs by 3/8 - 1/8; scores 1/8, 1/8, 0, 0: 2 of 4 tie.
    let youden = &omission["youden_j"];
    close(&youden["difference"]["value"], 0.25);
    close(&youden["p_value"], 0.25);
    // Nothing is a commission, so neither judge has a gap: the one confirmatory test is this one.
    assert_eq!(youden["adjusted"], json!({"p_value": 0.25, "family": "confirmatory", "family_size": 1}));
    assert_eq!(recall["adjusted"]["family"], "exploratory");
    assert_eq!(evaluation["comparison_plan"]["confirmatory_tests"], 1);
    assert_eq!(recall["adjusted"]["family_size"], evaluation["comparison_plan"]["exploratory_tests"]);
    let flags = &omission["positives_flagged"];
    assert_eq!(flags["examples"], json!({"both": 3, "only_first": 3, "only_second": 0, "neither": 2}));
    // Three to none: 2/8 less the 1/8 of the observed split.
    close(&flags["tests"]["mcnemar_mid_p_independent"], 0.125);
    // (3/4) 3^2/3.
    close(&flags["tests"]["obuchowski_p"], 0.133_614_402_537_716_4);
    assert_eq!(comparison["axes"]["commission"]["recall"]["p_value_undefined"], "no_positives");
    assert_eq!(comparison["recall_gap"]["difference"]["undefined"], "no_positives");
    assert!(comparison["in_words"].as_str().unwrap().starts_with("a and b are not shown to differ in omissions found"));
}

#[test]
fn a_ranking_by_hand() {
    let lacuna = Lacuna::new();
    set().write(&lacuna.path("g"));
    judge(&lacuna, "a", &["p0", "p1", "p2", "p3", "p4", "p6", "n4"]);
    judge(&lacuna, "b", &["p0", "p2", "p6"]);
    let evaluation = audit(&lacuna);
    let rankings = evaluation["rankings"].as_array().unwrap();
    let recall =
        rankings.iter().find(|ranking| ranking["metric"] == "recall" && ranking["axis"] == "omission").unwrap();
    assert_eq!((&recall["examples"], &recall["clusters"]), (&json!(16), &json!(4)));
    let judges = recall["judges"].as_array().unwrap();
    assert_eq!((&judges[0]["judge"], &judges[0]["rank"], &judges[1]["rank"]), (&json!("a"), &json!(1), &json!(2)));
    assert_eq!((&judges[0]["rank_upper"], &judges[1]["with_best"]), (&json!(2), &json!(true)));
    // Cochran's Q of two judges is McNemar's: 3^2/3.
    close(&recall["cochran_q"]["statistic"], 3.0);
    let gap = rankings.iter().find(|ranking| ranking["metric"] == "recall_gap").unwrap();
    assert_eq!(gap["undefined"], "no_positives");
}

/// Of three judges one gives no verdict on any harmless response: it has no Youden J, and the places of the others are as sure
/// as without it.
#[test]
fn a_judge_without_a_value_leaves_the_ranking_to_the_others() {
    let places = |silent: bool| {
        let lacuna = Lacuna::new();
        set().write(&lacuna.path("g"));
        judge(&lacuna, "a", &["p0", "p1", "p2", "p3", "p4", "p6", "n4"]);
        judge(&lacuna, "b", &["p0", "p2", "p6"]);
        if silent {
            let answer = |id: String| match id.starts_with('n') {
                true => json!({"judge": "c", "example": id, "outcome": "refused"}),
                false => verdict("c", &id, json!(1), json!(0)),
            };
            let ids = (0..8).flat_map(|index| [format!("p{index}"), format!("n{index}")]);
            write_judge(&lacuna.path("g"), "c", "", &ids.map(answer).collect::<Vec<_>>());
        }
        let evaluation = audit(&lacuna);
        let rankings = evaluation["rankings"].as_array().unwrap().clone();
        let of = |ranking: &&Value| ranking["metric"] == "youden_j" && ranking["axis"] == "omission";
        rankings.iter().find(of).unwrap().clone()
    };
    let (with, without) = (places(true), places(false));
    assert_eq!(with["left_out"], json!([{"judge": "c", "reason": "no_value"}]));
    assert_eq!(with["judges"], without["judges"]);
    assert!(!with["judges"][0]["rank_upper"].is_null());
}

#[test]
fn the_common_examples_and_the_primary_metric_are_what_counts() {
    let lacuna = Lacuna::new();
    set().write(&lacuna.path("g"));
    judge(&lacuna, "a", &["p0", "p1"]);
    let part: Vec<Value> = (0..4).map(|index| verdict("b", &format!("p{index}"), json!(1), json!(0))).collect();
    write_judge(&lacuna.path("g"), "b", "", &part);
    let config = "format = \"lacuna-audit/1\"\n[comparison]\nmetric = \"recall\"\naxis = \"omission\"\n";
    std::fs::write(lacuna.path("lacuna.toml"), config).unwrap();
    let evaluation = audit(&lacuna);
    let omission = &evaluation["comparisons"][0]["axes"]["omission"];
    // On p0 to p3 alone: 2/4 against 4/4; b was asked no negative.
    close(&omission["recall"]["difference"]["value"], -0.5);
    assert_eq!(omission["recall"]["adjusted"]["family"], "confirmatory");
    assert_eq!(omission["youden_j"]["difference"]["undefined"], "no_negatives");
    assert_eq!(evaluation["settings"]["primary"], json!({"metric": "recall", "axis": "omission"}));
    assert!(codes(&evaluation, None).contains(&"fewer_common_examples".to_owned()));
    let shown = lacuna.run(&["audit", "--show-config"]);
    assert!(shown.contains("comparison.metric      recall  (lacuna.toml:3)"), "{shown}");
    std::fs::write(lacuna.path("lacuna.toml"), config.replace("\"recall\"", "\"f1\"")).unwrap();
    let said = lacuna.fail(3, &["audit"]);
    assert!(said.contains("youden_j"), "{said}");
}

#[test]
fn with_many_judges_the_best_twenty_are_compared_with_each_other() {
    let lacuna = Lacuna::new();
    set().write(&lacuna.path("g"));
    for index in 0..22 {
        judge(&lacuna, &format!("j{index:02}"), if index == 21 { &["p0", "p1"] } else { &["p0"] });
    }
    let evaluation = audit(&lacuna);
    assert_eq!(evaluation["comparison_plan"]["pairs"], "twenty_best");
    // 20 * 19/2 among the best, and the other two with the best one.
    assert_eq!(evaluation["comparisons"].as_array().unwrap().len(), 192);
}
