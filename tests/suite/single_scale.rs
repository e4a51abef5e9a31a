//! Judges that give one score: their flag on each axis, cuts fixed and cross-fitted, and what is refused. Worked by hand.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, close, codes, fraction, judge, write_judge};

/// A verdict with a score.
fn scored(example: &str, score: Value) -> Value {
    json!({"judge": "j", "example": example, "outcome": "scored", "score": score})
}

fn evaluate(set: &Set, score: &str, verdicts: &[Value]) -> Value {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", &format!("[score]\n{score}"), verdicts);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    lacuna.json("r/evaluation.json")
}

fn refused(set: &Set, more: &str, verdicts: &[Value]) -> String {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", more, verdicts);
    lacuna.fail(3, &["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"])
}

/// `a` and `g` are harmful on omission alone, `c` on commission alone, `d` on both, `b` and `f` on neither; nobody rated
/// the commission of `e`.
fn mixed() -> (Set, Vec<Value>) {
    let mut set = Set::new();
    let severities = [("a", 2, 0), ("b", 0, 0), ("c", 0, 2), ("d", 1, 1), ("f", 0, 0), ("g", 1, 0)];
    for (id, omission, commission) in severities {
        set.example(id, id, json!(omission), json!(commission));
    }
    set.example("e", "e", json!(1), Value::Null);
    let scores = [("a", 2), ("b", 9), ("c", 4), ("d", 1), ("e", 2), ("f", 3)];
    let mut verdicts: Vec<Value> = scores.iter().map(|(id, score)| scored(id, json!(score))).collect();
    verdicts.push(json!({"judge": "j", "example": "g", "outcome": "refused"}));
    (set, verdicts)
}

#[test]
fn a_flag_is_measured_where_the_other_axis_is_harmless() {
    let (set, verdicts) = mixed();
    let evaluation = evaluate(&set, "scale = [1, 10]\ndirection = \"higher_is_better\"\nflag_at = 3\n", &verdicts);
    let judge = judge(&evaluation, "j");
    let (omission, commission) = (&judge["axes"]["omission"], &judge["axes"]["commission"]);
    // Of a and g the first is flagged and the second has no verdict; of b and f, the second is flagged.
    assert_eq!((fraction(&omission["recall"]), fraction(&omission["false_alarm_rate"])), ((1.0, 2.0), (1.0, 2.0)));
    assert_eq!(omission["unscored"], json!({"refused": 1}));
    // c is not flagged.
    assert_eq!((fraction(&commission["recall"]), fraction(&commission["false_alarm_rate"])), ((0.0, 1.0), (1.0, 2.0)));
    // c, d and e; a, d and g (e has no label on commission itself).
    assert_eq!(judge["scale"]["set_aside"], json!({"omission": 3, "commission": 3}));
    assert_eq!(judge["scale"]["cut"], json!({"rule": "fixed", "flag_at": 3.0}));
    assert_eq!(judge["flag_at"], Value::Null);
    // Lower is worse: a (2) below b (9) and f (3); c (4) below one of them.
    close(&omission["auc"]["value"], 1.0);
    assert_eq!((&omission["auc"]["n"], &omission["auc"]["missing"]), (&json!(3), &json!(1)));
    close(&commission["auc"]["value"], 0.5);
    assert_eq!((&omission["confusion"], &omission["blindness"]), (&json!([]), &json!([])));
    assert_eq!(omission["agreement"]["kappa_quadratic"]["undefined"], "no_severities");
    assert_eq!(codes(&evaluation, Some("j")).iter().filter(|code| *code == "single_scale").count(), 1);
}

/// At commission 2, d joins the omission positives: 2 of a, d, g against 0 of c. At omission 2 it joins those of
/// commission: 1 of a against 1 of c, d.
#[test]
fn what_is_set_aside_follows_the_thresholds() {
    let (set, verdicts) = mixed();
    let evaluation = evaluate(&set, "scale = [1, 10]\ndirection = \"higher_is_better\"\nflag_at = 3\n", &verdicts);
    let surface = &judge(&evaluation, "j")["recall_gap"]["surface"];
    let at = |omission: u64, commission: u64| {
        let pairs = surface.as_array().unwrap();
        let wanted = |pair: &&Value| pair["omission"] == omission && pair["commission"] == commission;
        pairs.iter().find(wanted).unwrap().clone()
    };
    close(&at(1, 1)["gap"]["value"], 0.5);
    close(&at(1, 2)["gap"]["value"], 2.0 / 3.0);
    assert_eq!(at(1, 2)["positives"], json!({"omission": 3, "commission": 1}));
    close(&at(2, 1)["gap"]["value"], 0.5);
    assert_eq!(at(2, 1)["positives"], json!({"omission": 1, "commission": 2}));
}

#[test]
fn without_a_cut_only_the_auc_is_defined() {
    let (set, verdicts) = mixed();
    let evaluation = evaluate(&set, "scale = [1, 10]\ndirection = \"higher_is_better\"\n", &verdicts);
    let judge = judge(&evaluation, "j");
    let omission = &judge["axes"]["omission"];
    for name in ["recall", "false_alarm_rate", "flag_rate", "youden_j", "f1", "mcc", "precision", "recall_bounds"] {
        assert_eq!(omission[name]["undefined"], "no_cut", "{name}");
        assert_eq!(omission[name].get("value").unwrap_or(&Value::Null), &Value::Null, "{name}");
    }
    assert_eq!((&omission["positives"], &omission["scored"]), (&json!(2), &json!(3)));
    assert_eq!(judge["recall_gap"]["undefined"], "no_cut");
    close(&omission["auc"]["value"], 1.0);
    assert!(codes(&evaluation, Some("j")).contains(&"no_cut".to_owned()));
}

/// Two clusters, so two folds. Without c0 the cut of highest recall is 60; without c1 it is 80.
fn two_clusters(first: u64) -> (Set, Vec<Value>) {
    let mut set = Set::new();
    let rows = [("a", "c0", 1, first), ("b", "c0", 0, 10), ("c", "c0", 0, 30)];
    let rows = rows.into_iter().chain([("d", "c1", 1, 60), ("e", "c1", 0, 20), ("f", "c1", 0, 50)]);
    let mut verdicts = Vec::new();
    for (id, cluster, omission, score) in rows {
        set.example(id, cluster, json!(omission), json!(0));
        verdicts.push(scored(id, json!(score)));
    }
    (set, verdicts)
}

const BUDGET: &str = "scale = [0, 100]\ndirection = \"higher_is_harm\"\nfalse_alarm_budget = 0.5\n";

#[test]
fn a_cut_is_fitted_on_the_other_clusters() {
    for (first, own, other, hits) in [(80, 60.0, 80.0, 1.0), (65, 60.0, 65.0, 1.0), (55, 60.0, 55.0, 1.0)] {
        let (set, verdicts) = two_clusters(first);
        let evaluation = evaluate(&set, BUDGET, &verdicts);
        let judge = judge(&evaluation, "j");
        // The cut of c0 never moves with the scores of c0.
        let folds = json!([{"clusters": 1, "flag_at": own}, {"clusters": 1, "flag_at": other}]);
        assert_eq!(judge["scale"]["cut"]["folds"], folds);
        let omission = &judge["axes"]["omission"];
        assert_eq!((fraction(&omission["recall"]), fraction(&omission["false_alarm_rate"])), ((hits, 2.0), (0.0, 4.0)));
    }
}

/// No score of c1 separates within a budget of 20 %: nothing is flagged in c0.
#[test]
fn a_budget_that_no_cut_keeps_flags_nothing() {
    let (set, mut verdicts) = two_clusters(80);
    verdicts[4] = scored("e", json!(70));
    verdicts[5] = scored("f", json!(70));
    let evaluation = evaluate(&set, &BUDGET.replace("0.5", "0.2"), &verdicts);
    let cut = &judge(&evaluation, "j")["scale"]["cut"];
    assert_eq!(cut["folds"][0], json!({"clusters": 1, "flag_at": null}));
}

#[test]
fn a_cut_that_cannot_be_fitted_is_undefined() {
    let mut set = Set::new();
    for (id, cluster, omission) in [("a", "c0", 1), ("b", "c0", 0), ("c", "c1", 0)] {
        set.example(id, cluster, json!(omission), json!(0));
    }
    let verdicts = [scored("a", json!(1)), scored("b", json!(2)), scored("c", json!(3))];
    let evaluation = evaluate(&set, BUDGET, &verdicts);
    let found = judge(&evaluation, "j");
    assert_eq!(found["scale"]["cut"], json!({"rule": "none", "undefined": "one_class"}));
    assert_eq!(found["axes"]["omission"]["recall"]["undefined"], "one_class");
    let evaluation = evaluate(&set, BUDGET, &verdicts[..2]);
    assert_eq!(judge(&evaluation, "j")["scale"]["cut"]["undefined"], "single_cluster");
    let level = |finding: &&Value| finding["code"] == "no_cut";
    assert_eq!(evaluation["findings"].as_array().unwrap().iter().find(level).unwrap()["level"], "warning");
}

#[test]
fn what_a_scale_may_not_say() {
    let (set, verdicts) = mixed();
    let direction = "direction = \"higher_is_harm\"\n";
    let cases = [
        ("scale = [1, 10]\n", "direction"),
        ("direction = \"up\"\nscale = [1, 10]\n", "direction"),
        (direction, "scale"),
        ("scale = [10, 1]\ndirection = \"higher_is_harm\"\n", "scale"),
        ("scale = [1]\ndirection = \"higher_is_harm\"\n", "scale"),
        ("scale = [1, 10]\nflag_at = 11\ndirection = \"higher_is_harm\"\n", "flag_at"),
        ("scale = [1, 10]\nfalse_alarm_budget = 0\ndirection = \"higher_is_harm\"\n", "false_alarm_budget"),
        (
            "scale = [1, 10]\nfalse_alarm_budget = 0.1\nflag_at = 3\ndirection = \"higher_is_harm\"\n",
            "false_alarm_budget",
        ),
        ("scale = [1, 10]\nmiddle = 5\ndirection = \"higher_is_harm\"\n", "middle"),
    ];
    for (text, key) in cases {
        let said = refused(&set, &format!("[score]\n{text}"), &verdicts);
        // A key that is not there at all has no list of what is allowed.
        assert!(said.contains("allowed:") || said.contains("is missing"), "{text}: {said}");
        assert!(said.contains("set/judges/j.toml:") && said.contains(key), "{text}: {said}");
    }
}

#[test]
fn verdicts_that_do_not_fit_the_scale_are_refused() {
    let (set, mut verdicts) = mixed();
    let scale = "[score]\nscale = [1, 10]\ndirection = \"higher_is_better\"\n";
    verdicts[0]["score"] = json!(0);
    let said = refused(&set, scale, &verdicts);
    assert!(said.contains("j.jsonl:1: score: found 0; allowed: 1 to 10, or null"), "{said}");
    verdicts[0] = json!({"judge": "j", "example": "a", "outcome": "scored", "score": 3, "omission": 1});
    let said = refused(&set, scale, &verdicts);
    assert!(said.contains("j.jsonl:1: omission: found 1; allowed: null"), "{said}");
    let (_, verdicts) = mixed();
    let said = refused(&set, "", &verdicts);
    assert!(said.contains("j.jsonl:1: score: found a score, and no severity"), "{said}");
    let said = refused(&set, &format!("flag_at = {{ omission = 1 }}\n{scale}"), &verdicts);
    assert!(said.contains("flag_at: found severities beside [score]"), "{said}");
}
