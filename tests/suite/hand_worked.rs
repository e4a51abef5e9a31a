//! Small sets whose numbers are worked by hand.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, close, codes, fraction, judge, verdict, write_judge};

/// Ten examples in five clusters: omission 2, 1, 2, 0, 0 twice; commission 0, 0, 1, 1, 0 twice.
fn set() -> Set {
    let mut set = Set::new();
    for copy in 0..2 {
        for (cluster, (omission, commission)) in [(2, 0), (1, 0), (2, 1), (0, 1), (0, 0)].into_iter().enumerate() {
            set.example(&format!("e{copy}{cluster}"), &format!("c{cluster}"), json!(omission), json!(commission));
        }
    }
    set
}

fn evaluate(set: &Set, more: &str, verdicts: &[Value]) -> Value {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", more, verdicts);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    lacuna.json("r/evaluation.json")
}

#[test]
fn an_unscored_verdict_is_a_miss_on_a_positive_and_left_out_on_a_negative() {
    let mut verdicts = vec![
        verdict("j", "e00", json!(2), json!(0)),    // omission hit, commission pass
        verdict("j", "e01", json!(0), json!(1)),    // omission miss, commission false alarm
        verdict("j", "e02", json!(1), json!(null)), // omission hit, commission unscored on a positive
        verdict("j", "e03", json!(1), json!(1)),    // omission false alarm, commission hit
        verdict("j", "e04", json!(null), json!(0)), // omission unscored on a negative, commission pass
    ];
    for id in ["e10", "e11"] {
        verdicts.push(json!({"judge": "j", "example": id, "outcome": "refused"})); // unscored: two omission positives
    }
    verdicts.push(verdict("j", "nobody", json!(0), json!(0)));
    let evaluation = evaluate(&set(), "", &verdicts);
    let numbers = judge(&evaluation, "j");
    assert_eq!(
        (numbers["asked"].as_u64(), numbers["not_asked"].as_u64(), numbers["unknown_examples"].as_u64()),
        (Some(7), Some(3), Some(1))
    );
    let omission = &numbers["axes"]["omission"];
    // Asked positives: e00, e01, e02, e10, e11. Hits: e00, e02.
    assert_eq!(fraction(&omission["recall"]), (2.0, 5.0));
    assert_eq!(omission["recall"]["missing"], 2);
    assert_eq!(fraction(&omission["recall_scored_only"]), (2.0, 3.0));
    close(&omission["recall_bounds"]["lower"], 2.0 / 5.0);
    close(&omission["recall_bounds"]["upper"], 4.0 / 5.0);
    // Asked negatives: e03 (flagged) and e04 (unscored).
    assert_eq!(fraction(&omission["false_alarm_rate"]), (1.0, 1.0));
    close(&omission["false_alarm_rate_bounds"]["lower"], 1.0 / 2.0);
    close(&omission["false_alarm_rate_bounds"]["upper"], 1.0);
    assert_eq!(omission["unscored"], json!({"refused": 2, "no_verdict": 1}));
    assert_eq!((omission["applicable"].as_u64(), omission["scored"].as_u64()), (Some(7), Some(4)));
    // Scored: e00, e01, e02, e03, of which e00, e02, e03 are flagged.
    assert_eq!(fraction(&omission["flag_rate"]), (3.0, 4.0));
    assert_eq!(fraction(&omission["precision"]), (2.0, 3.0));
    // J = 2/5 - 1/1; F1 = 2*2 / (2*2 + 1 + 3).
    close(&omission["youden_j"]["value"], -0.6);
    close(&omission["f1"]["value"], 0.5);
    let commission = &numbers["axes"]["commission"];
    // Asked positives: e02 (unscored), e03 (hit). Negatives: e00, e04 passed, e01 flagged, e10, e11 unscored.
    assert_eq!(fraction(&commission["recall"]), (1.0, 2.0));
    assert_eq!(fraction(&commission["recall_scored_only"]), (1.0, 1.0));
    assert_eq!(fraction(&commission["false_alarm_rate"]), (1.0, 3.0));
    assert_eq!(commission["false_alarm_rate"]["missing"], 2);
    let gap = &numbers["recall_gap"];
    close(&gap["value"], 2.0 / 5.0 - 1.0 / 2.0);
    close(&gap["scored_only"]["value"], 2.0 / 3.0 - 1.0);
    close(&gap["bounds"]["lower"], 2.0 / 5.0 - 1.0);
    close(&gap["bounds"]["upper"], 4.0 / 5.0 - 1.0 / 2.0);
}

#[test]
fn severities_make_the_response_the_blindness_and_the_confusion() {
    let verdicts: Vec<Value> = (0..2)
        .flat_map(|copy| {
            // Gold omission 2, 1, 2, 0, 0; the judge says 2, 0, 0, 1, 0 the first time and 4, 1, 0, 0, 0 the second.
            let severities = if copy == 0 { [2, 0, 0, 1, 0] } else { [4, 1, 0, 0, 0] };
            severities
                .into_iter()
                .enumerate()
                .map(move |(cluster, severity)| verdict("j", &format!("e{copy}{cluster}"), json!(severity), json!(0)))
        })
        .collect();
    let evaluation = evaluate(&set(), "", &verdicts);
    let omission = &judge(&evaluation, "j")["axes"]["omission"];
    let response: Vec<(f64, f64)> =
        omission["severity_response"].as_array().unwrap()[..3].iter().map(|at| fraction(&at["flagged"])).collect();
    assert_eq!(response, [(1.0, 4.0), (1.0, 2.0), (2.0, 4.0)]);
    assert_eq!(omission["severity_response"][3]["flagged"]["undefined"], "no_data");
    let blindness: Vec<(f64, f64)> =
        omission["blindness"].as_array().unwrap()[..2].iter().map(|at| fraction(&at["share_scored_zero"])).collect();
    assert_eq!(blindness, [(3.0, 6.0), (2.0, 4.0)]);
    assert_eq!(omission["confusion"][2], json!([2, 0, 1, 0, 1]));
    assert_eq!(omission["confusion"][0], json!([3, 1, 0, 0, 0]));
    // Exact: gold 0 judged 0 three times, 1 judged 1 once, 2 judged 2 once.
    assert_eq!(fraction(&omission["agreement"]["exact"]), (5.0, 10.0));
    // Differences: 0, -1, -2, 1, 0 and 2, 0, -2, 0, 0: their mean is -2/10.
    close(&omission["agreement"]["mean_error"]["value"], -0.2);
    let surface = judge(&evaluation, "j")["recall_gap"]["surface"].as_array().unwrap().clone();
    assert_eq!(surface.len(), 4 * 3);
    // At severity 2 on both sides: 2 of 4 omission positives; no commission positive.
    let at = surface.iter().find(|at| at["omission"] == 2 && at["commission"] == 2).unwrap();
    assert_eq!((at["positives"]["omission"].as_u64(), at["positives"]["commission"].as_u64()), (Some(4), Some(0)));
    assert_eq!(at["gap"]["undefined"], "no_positives");
}

#[test]
fn a_judge_may_flag_from_a_level_of_its_own() {
    let verdicts: Vec<Value> =
        (0..5).map(|cluster| verdict("j", &format!("e0{cluster}"), json!(1), json!(1))).collect();
    let evaluation = evaluate(&set(), "flag_at = { omission = 2 }\n", &verdicts);
    let numbers = judge(&evaluation, "j");
    assert_eq!(numbers["flag_at"], json!({"omission": 2, "commission": 1}));
    assert_eq!(fraction(&numbers["axes"]["omission"]["recall"]), (0.0, 3.0));
    assert_eq!(fraction(&numbers["axes"]["commission"]["recall"]), (2.0, 2.0));
}

#[test]
fn repeats_are_averaged_within_their_example() {
    let mut verdicts = Vec::new();
    for (repeat, omission) in [(0, json!(1)), (1, json!(0)), (2, json!(null))] {
        let mut answer = verdict("j", "e00", omission, json!(0));
        answer["repeat"] = json!(repeat);
        verdicts.push(answer);
    }
    verdicts.push(verdict("j", "e01", json!(1), json!(0)));
    let evaluation = evaluate(&set(), "", &verdicts);
    let omission = &judge(&evaluation, "j")["axes"]["omission"];
    // One third of e00 and all of e01: (1/3 + 1) of 2; the unscored third is missing.
    close(&omission["recall"]["count"], 4.0 / 3.0);
    close(&omission["recall"]["n"], 2.0);
    close(&omission["recall"]["missing"], 1.0 / 3.0);
}

#[test]
fn required_items_have_a_recall_of_their_own() {
    let mut set = set();
    for (example, annotation) in set.examples.iter_mut().zip(&mut set.annotations) {
        example["required"] = json!([{"id": "r1", "text": "a"}, {"id": "r2", "text": "b"}, {"id": "r3", "text": "c"}]);
        annotation["items"] = json!({"r1": "miss", "r2": "hit", "r3": "partial"});
    }
    let mark = |example: &str, items: Value| {
        let mut answer = verdict("j", example, json!(1), json!(0));
        answer["items"] = items;
        answer
    };
    let verdicts = [
        mark("e00", json!({"r1": "miss", "r2": "miss", "r3": "miss"})), // found; a false alarm; partial counts nowhere
        mark("e01", json!({"r1": "partial", "r2": "hit"})),             // not found; no false alarm
        mark("e02", json!({})),                                         // not found; not marked: left out
    ];
    let evaluation = evaluate(&set, "", &verdicts);
    let items = &judge(&evaluation, "j")["items"];
    assert_eq!(fraction(&items["recall"]), (1.0, 3.0));
    assert_eq!(fraction(&items["false_alarm_rate"]), (1.0, 2.0));
    let silent = [verdict("j", "e00", json!(1), json!(0))];
    assert_eq!(judge(&evaluate(&set, "", &silent), "j")["items"], Value::Null);
}

#[test]
fn an_axis_that_does_not_apply_is_in_no_denominator() {
    let mut set = set();
    for position in 0..5 {
        set.examples[position]["axes"] = json!(["omission"]);
        set.annotations[position]["commission"] = json!(null);
    }
    let verdicts: Vec<Value> =
        (0..5).map(|cluster| verdict("j", &format!("e0{cluster}"), json!(1), json!(1))).collect();
    let evaluation = evaluate(&set, "", &verdicts);
    let axes = &judge(&evaluation, "j")["axes"];
    assert_eq!(axes["omission"]["applicable"], 5);
    assert_eq!(axes["commission"]["applicable"], 0);
    assert_eq!(axes["commission"]["recall"]["undefined"], "no_positives");
    assert_eq!(axes["commission"]["recall"]["value"], Value::Null);
    assert!(codes(&evaluation, Some("j")).contains(&"axis_without_positives".to_owned()));
}

#[test]
fn a_judge_of_one_axis_has_no_gap_and_says_why() {
    let verdicts = [verdict("j", "e00", json!(1), json!(null))];
    let evaluation = evaluate(&set(), "axes = [\"omission\"]\n", &verdicts);
    let numbers = judge(&evaluation, "j");
    assert_eq!(numbers["axes"]["commission"], Value::Null);
    assert_eq!(numbers["recall_gap"]["undefined"], "not_answered");
    assert_eq!(numbers["recall_gap"]["p_value"], Value::Null);
}

#[test]
fn one_cluster_has_values_without_intervals() {
    let mut set = Set::new();
    set.example("a", "only", json!(1), json!(1));
    set.example("b", "only", json!(0), json!(0));
    let verdicts = [verdict("j", "a", json!(1), json!(1)), verdict("j", "b", json!(0), json!(0))];
    let evaluation = evaluate(&set, "", &verdicts);
    let recall = &judge(&evaluation, "j")["axes"]["omission"]["recall"];
    assert_eq!(recall["value"], 1.0);
    assert_eq!((&recall["lower"], &recall["interval_undefined"]), (&Value::Null, &json!("single_cluster")));
    assert_eq!(judge(&evaluation, "j")["recall_gap"]["interval_undefined"], "single_cluster");
}

#[test]
fn findings_say_what_the_data_cannot_support() {
    let mut set = Set::new();
    for index in 0..40 {
        let harmful = index < 32;
        set.example(
            &format!("e{index}"),
            &format!("c{index}"),
            json!(i32::from(harmful)),
            json!(i32::from(index == 0)),
        );
        set.examples[index]["system"] = json!(if index < 30 { "big" } else { "small" });
    }
    let verdicts: Vec<Value> = (0..40)
        .map(|index| match index % 4 {
            0 => json!({"judge": "j", "example": format!("e{index}"), "outcome": "no_verdict"}),
            _ => verdict("j", &format!("e{index}"), json!(0), json!(index % 2)),
        })
        .collect();
    let evaluation = evaluate(&set, "", &verdicts);
    let on_set = codes(&evaluation, None);
    for code in ["positives_from_one_system", "positives_from_one_cluster", "few_positives", "no_human_ceiling"] {
        assert!(on_set.contains(&code.to_owned()), "{code} is not in {on_set:?}");
    }
    let on_judge = codes(&evaluation, Some("j"));
    for code in ["many_unscored", "constant_judge", "no_better_than_chance"] {
        assert!(on_judge.contains(&code.to_owned()), "{code} is not in {on_judge:?}");
    }
    let messages = evaluation["findings"].to_string();
    assert!(messages.contains("30 of the 32 omission positives (94 %) come from one system, big"), "{messages}");
}

/// Forty examples in twenty clusters, half of them omission positives.
fn halves() -> Set {
    let mut set = Set::new();
    for index in 0..40 {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(index % 2), json!(0));
    }
    set
}

#[test]
fn a_perfect_judge_is_better_than_chance_and_a_silent_one_is_not() {
    let perfect: Vec<Value> =
        (0..40).map(|index| verdict("j", &format!("e{index}"), json!(index % 2), json!(0))).collect();
    let found = codes(&evaluate(&halves(), "", &perfect), Some("j"));
    assert!(!found.contains(&"no_better_than_chance".to_owned()), "{found:?}");
    // Ten of twenty positives refused, the others flagged; eight of twenty negatives flagged: recall 10/20, flag rate 18/30.
    let silent: Vec<Value> = (0..40)
        .map(|index| match (index % 2, index < 20) {
            (1, true) => json!({"judge": "j", "example": format!("e{index}"), "outcome": "refused"}),
            (1, false) => verdict("j", &format!("e{index}"), json!(1), json!(0)),
            _ => verdict("j", &format!("e{index}"), json!(i32::from(index < 16)), json!(0)),
        })
        .collect();
    let evaluation = evaluate(&halves(), "", &silent);
    let omission = &judge(&evaluation, "j")["axes"]["omission"];
    assert!(omission["youden_j"]["value"].as_f64().unwrap() > 0.0);
    assert!(omission["recall"]["value"].as_f64() < omission["flag_rate"]["value"].as_f64());
    assert!(codes(&evaluation, Some("j")).contains(&"no_better_than_chance".to_owned()));
    assert_eq!(omission["agreement"]["exact"]["missing"], 10);
}

#[test]
fn a_judge_asked_in_few_clusters_is_told_so() {
    let asked: Vec<Value> =
        (0..10).map(|index| verdict("j", &format!("e{index}"), json!(index % 2), json!(0))).collect();
    let evaluation = evaluate(&halves(), "", &asked);
    assert!(evaluation["findings"].to_string().contains("its recall on omission rests on 5 clusters of 20"));
    assert!(!codes(&evaluation, None).contains(&"few_clusters".to_owned()));
}

/// An alias that moved on between two verdicts: said, and counted by name.
#[test]
fn a_change_of_model_is_a_warning() {
    let mut set = Set::new();
    let mut verdicts = Vec::new();
    for (index, model) in ["m-1", "m-1", "m-2"].iter().enumerate() {
        let id = format!("e{index}");
        set.example(&id, &id, json!(index % 2), json!(0));
        let mut verdict = verdict("j", &id, json!(0), json!(0));
        verdict["model"] = json!(model);
        verdicts.push(verdict);
    }
    let evaluation = evaluate(&set, "", &verdicts);
    assert_eq!(judge(&evaluation, "j")["models_said"], json!({"m-1": 2, "m-2": 1}));
    assert!(codes(&evaluation, Some("j")).contains(&"model_changed".to_owned()));
    verdicts.truncate(2);
    let evaluation = evaluate(&set, "", &verdicts);
    assert!(!codes(&evaluation, Some("j")).contains(&"model_changed".to_owned()));
}

/// The evaluation says when the replies were made; the terminal does where that is long apart.
#[test]
fn when_replies_were_made_is_said() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    let mut verdicts = Vec::new();
    for (index, at) in ["2026-01-05T10:00:00Z", "2026-02-04T10:00:00Z", "2026-01-04T23:30:00-01:00"].iter().enumerate()
    {
        let id = format!("e{index}");
        set.example(&id, &id, json!(index % 2), json!(0));
        let mut verdict = verdict("j", &id, json!(0), json!(0));
        verdict["at"] = json!(at);
        verdicts.push(verdict);
    }
    let audit = |verdicts: &[Value]| {
        let _ = std::fs::remove_dir_all(lacuna.path("gold"));
        set.write(&lacuna.path("gold"));
        write_judge(&lacuna.path("gold"), "j", "", verdicts);
        lacuna.run(&["audit", "--gold", "gold", "--judge", "gold/judges", "--out", "r"])
    };
    // 00:30 in London on the fifth is the earliest: 23:30 of the fourth, an hour west of it.
    let said = audit(&verdicts);
    let made = judge(&lacuna.json("r/evaluation.json"), "j")["replies_made"].clone();
    assert_eq!(made, json!({"first": "2026-01-04T23:30:00-01:00", "last": "2026-02-04T10:00:00Z"}));
    assert!(!said.contains("made between"), "30 days and some hours: {said}");
    let page = std::fs::read_to_string(lacuna.path("r/index.html")).unwrap();
    assert!(page.contains("its replies were made between 2026-01-04 and 2026-02-04"));
    verdicts[1]["at"] = json!("2026-02-05T10:00:00Z");
    let said = audit(&verdicts);
    assert!(said.contains("j: its replies were made between 2026-01-04 and 2026-02-05"), "{said}");
    for verdict in &mut verdicts {
        verdict.as_object_mut().unwrap().remove("at");
    }
    audit(&verdicts);
    assert_eq!(judge(&lacuna.json("r/evaluation.json"), "j")["replies_made"], Value::Null);
}
