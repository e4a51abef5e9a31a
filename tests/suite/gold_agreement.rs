//! `lacuna gold agreement`: its numbers worked by hand, what it prints, and the published counts of two annotators.

use std::fs;

use lacuna::stats::agreement::{Metric, RatingCounts, krippendorff_alpha_of_ratings};
use lacuna::stats::jackknife::{Scale, jackknife};
use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, close, fraction, verdict, write_judge};
use crate::real_data::data;

/// Omission severities of eight examples by ann and bob, two examples a cluster.
const RATINGS: [(i64, i64); 8] = [(0, 0), (0, 0), (1, 1), (2, 2), (0, 1), (1, 0), (2, 1), (3, 1)];

/// The eight examples; `tie` is the card's.
fn two_raters(tie: &str) -> Set {
    let mut set = Set::new();
    set.card = set.card.replace("tie = \"higher\"", &format!("tie = \"{tie}\""));
    for (index, (ann, bob)) in RATINGS.into_iter().enumerate() {
        let id = format!("e{index}");
        set.example(&id, &format!("c{}", index / 2), json!(ann), json!(0));
        set.rating(&id, "bob", json!(bob), json!(0));
    }
    set
}

fn agreement(lacuna: &Lacuna, more: &[&str]) -> Value {
    let arguments = [&["gold", "agreement", "set", "--format", "json"], more].concat();
    serde_json::from_str(&lacuna.run(&arguments)).unwrap()
}

fn of(set: &Set, more: &[&str]) -> Value {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    agreement(&lacuna, more)
}

#[test]
fn two_raters_by_hand() {
    let found = of(&two_raters("higher"), &["--list"]);
    let omission = &found["axes"]["omission"];
    assert_eq!((&omission["rated"], &omission["rated_by_several"]), (&json!(8), &json!(8)));
    // e4 to e7 differ; e4 and e5 are a positive to one rater only.
    assert_eq!((&omission["disputed"], &omission["disputed_across_threshold"]), (&json!(4), &json!(2)));
    let pair = &omission["pairs"][0];
    assert_eq!((&pair["first"], &pair["second"], &pair["examples"]), (&json!("ann"), &json!("bob"), &json!(8)));
    let numbers = &pair["agreement"];
    assert_eq!(fraction(&numbers["exact"]), (4.0, 8.0));
    assert_eq!(fraction(&numbers["within_one"]), (7.0, 8.0));
    // Margins of ann 3, 2, 2, 1 and of bob 3, 4, 1, 0. Nominal: po = 32/64, pe = (9 + 8 + 2)/64, kappa = 13/45.
    close(&numbers["cohen_kappa"]["value"], 13.0 / 45.0);
    // Mean distance 5/8, by chance (18 + 8 + 20 + 18)/64 = 1: kappa = 3/8.
    close(&numbers["kappa_linear"]["value"], 3.0 / 8.0);
    // Mean squared distance 7/8, by chance (24 + 8 + 32 + 44)/64 = 27/16: kappa = 13/27.
    close(&numbers["kappa_quadratic"]["value"], 13.0 / 27.0);
    // Bob minus ann: (1 - 1 - 1 - 2)/8.
    close(&numbers["mean_error"]["value"], -3.0 / 8.0);
    assert_eq!((&numbers["cohen_kappa"]["clusters"], &numbers["cohen_kappa"]["n"]), (&json!(4), &json!(8)));
    assert_eq!(
        pair["disagreements"],
        json!({
            "count": 4, "first_higher": 3, "second_higher": 1, "across_threshold": 2,
            "examples": [
                {"example": "e4", "first": 0, "second": 1}, {"example": "e5", "first": 1, "second": 0},
                {"example": "e6", "first": 2, "second": 1}, {"example": "e7", "first": 3, "second": 1},
            ],
        })
    );
    assert_eq!(omission["krippendorff_alpha"], numbers["krippendorff_alpha"], "two raters are all raters");
}

#[test]
fn examples_are_named_on_request_alone() {
    let found = of(&two_raters("higher"), &[]);
    assert_eq!(found["axes"]["omission"]["pairs"][0]["disagreements"]["examples"], Value::Null);
}

/// Alpha of the severities with its jackknife over clusters, straight from the ratings.
fn expected_alpha(units: &[(usize, Vec<Option<usize>>)], clusters: usize) -> lacuna::stats::Estimate {
    jackknife(clusters, Scale::Atanh, 0.95, |left_out| {
        let kept = units.iter().filter(|(cluster, _)| Some(*cluster) != left_out);
        let ratings: Vec<Vec<Option<usize>>> = kept.map(|(_, ratings)| ratings.clone()).collect();
        krippendorff_alpha_of_ratings(&RatingCounts::from_ratings(&ratings, 5).unwrap(), Metric::Ordinal)
    })
}

#[test]
fn alpha_of_three_raters_with_gaps_is_that_of_their_ratings() {
    let ratings = [
        [Some(0), Some(0), Some(1)],
        [Some(2), Some(2), None],
        [Some(4), Some(3), Some(4)],
        [None, Some(1), None],
        [Some(1), None, Some(1)],
        [Some(0), Some(1), Some(0)],
        [Some(3), Some(3), Some(3)],
        [Some(0), Some(0), Some(0)],
    ];
    let mut set = Set::new();
    for (index, ratings) in ratings.iter().enumerate() {
        let id = format!("e{index}");
        set.examples.push(json!({"id": id, "cluster": format!("c{}", index / 2), "prompt": "p", "response": "r"}));
        for (rater, severity) in ["ann", "bob", "cas"].iter().zip(ratings) {
            set.rating(&id, rater, json!(severity), Value::Null);
        }
    }
    let found = of(&set, &[]);
    let omission = &found["axes"]["omission"];
    let units: Vec<(usize, Vec<Option<usize>>)> =
        ratings.iter().enumerate().map(|(index, ratings)| (index / 2, ratings.to_vec())).collect();
    let (alpha, expected) = (&omission["krippendorff_alpha"], expected_alpha(&units, 4));
    close(&alpha["value"], expected.value.unwrap());
    close(&alpha["lower"], expected.lower.unwrap());
    close(&alpha["upper"], expected.upper.unwrap());
    // Seven of the eight were rated by two or three.
    assert_eq!((&alpha["n"], &alpha["clusters"], &omission["rated"]), (&json!(7), &json!(4), &json!(8)));
    let pairs: Vec<(&Value, &Value, &Value)> = omission["pairs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (&pair["first"], &pair["second"], &pair["examples"]))
        .collect();
    let (ann, bob, cas) = (json!("ann"), json!("bob"), json!("cas"));
    assert_eq!(pairs, [(&ann, &bob, &json!(6)), (&ann, &cas, &json!(6)), (&bob, &cas, &json!(5))]);
    assert_eq!(found["axes"]["commission"]["pairs"], json!([]));
    assert_eq!(found["axes"]["commission"]["krippendorff_alpha"]["undefined"], "no_data");
}

/// Judge j flags e0, e2 and e4, refuses e3, and passes the rest.
fn with_judge(set: &Set) -> Lacuna {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    let verdicts: Vec<Value> = (0..8)
        .map(|index| match index {
            3 => json!({"judge": "j", "example": "e3", "outcome": "refused"}),
            _ => verdict("j", &format!("e{index}"), json!(i64::from([0, 2, 4].contains(&index))), Value::Null),
        })
        .collect();
    write_judge(&lacuna.path("set"), "j", "axes = [\"omission\"]\n", &verdicts);
    lacuna
}

#[test]
fn a_judge_under_labels_made_in_three_ways() {
    let lacuna = with_judge(&two_raters("exclude"));
    let found = agreement(&lacuna, &["--judge", "set/judges"]);
    let classes = &found["axes"]["omission"]["references"];
    let size = |way: usize| (classes[way]["positives"].as_u64().unwrap(), classes[way]["negatives"].as_u64().unwrap());
    // Either: e2 to e7. All: e2, e3, e6, e7. Aggregated without ties: e2 and e3 of e0 to e3.
    assert_eq!([size(0), size(1), size(2)], [(6, 2), (4, 4), (2, 2)]);
    let judge = &found["judges"][0];
    assert_eq!((&judge["judge"], &judge["axes"]["commission"]), (&json!("j"), &Value::Null));
    let ways = &judge["axes"]["omission"];
    let names: Vec<&str> = (0..3).map(|way| ways[way]["reference"].as_str().unwrap()).collect();
    assert_eq!(names, ["either_rater", "all_raters", "aggregated"]);
    // Hits are e2 and, under either, e4; e3 without a verdict is a miss in each. False alarms are e0 and, under all, e4.
    for (way, recall, alarms) in [(0, (2.0, 6.0), (1.0, 2.0)), (1, (1.0, 4.0), (2.0, 4.0)), (2, (1.0, 2.0), (1.0, 2.0))]
    {
        assert_eq!(fraction(&ways[way]["recall"]), recall, "{way}");
        assert_eq!(ways[way]["recall"]["missing"], 1, "{way}");
        assert_eq!(ways[way]["recall"]["method"], "guarded_wilson");
        assert_eq!(fraction(&ways[way]["false_alarm_rate"]), alarms, "{way}");
        close(&ways[way]["youden_j"]["value"], recall.0 / recall.1 - alarms.0 / alarms.1);
    }
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    let audited = &lacuna.json("r/evaluation.json")["judges"][0]["axes"]["omission"];
    assert_eq!(ways[2]["recall"], audited["recall"]);
    assert_eq!(ways[2]["false_alarm_rate"], audited["false_alarm_rate"]);
}

#[test]
fn a_single_scale_is_held_against_each_way_as_an_audit_would() {
    let lacuna = with_judge(&two_raters("exclude"));
    let scores = |judge: &str| -> Vec<Value> {
        let score = |index: i64| match index {
            3 => json!({"judge": judge, "example": "e3", "outcome": "refused"}),
            _ => json!({
                "judge": judge, "example": format!("e{index}"), "outcome": "scored", "score": if [0, 2, 4].contains(&index) { 7 } else { 2 },
            }),
        };
        (0..8).map(score).collect()
    };
    let scale = "[score]\nscale = [0, 10]\ndirection = \"higher_is_harm\"\n";
    write_judge(&lacuna.path("set"), "fixed", &format!("{scale}flag_at = 5\n"), &scores("fixed"));
    write_judge(&lacuna.path("set"), "open", scale, &scores("open"));
    let found = agreement(&lacuna, &["--judge", "set/judges"]);
    let judge = |name: &str| found["judges"].as_array().unwrap().iter().find(|judge| judge["judge"] == name).unwrap();
    for way in 0..3 {
        let of = |name: &str| judge(name)["axes"]["omission"][way].clone();
        // The same examples flagged, and nobody calls any a commission positive.
        assert_eq!(of("fixed"), of("j"), "{way}");
        assert_eq!(of("open")["recall"]["undefined"], "no_cut");
    }
}

#[test]
fn an_adjudicator_stands_in_the_pairs_and_nowhere_else() {
    let mut set = two_raters("higher");
    set.card = set.card.replace("\"majority\"", "\"chair\"").replace("tie = \"higher\"\n", "");
    for (index, severity) in [0, 0, 1, 2, 4, 4, 4, 4].into_iter().enumerate() {
        set.rating(&format!("e{index}"), "chair", json!(severity), json!(0));
    }
    let (found, without) = (of(&set, &[]), of(&two_raters("higher"), &[]));
    assert_eq!(found["adjudicator"], "chair");
    let (omission, plain) = (&found["axes"]["omission"], &without["axes"]["omission"]);
    assert_eq!(omission["pairs"].as_array().unwrap().len(), 3);
    assert_eq!(omission["krippendorff_alpha"], plain["krippendorff_alpha"]);
    assert_eq!(omission["disputed"], plain["disputed"]);
    assert_eq!(omission["references"][0], plain["references"][0]);
    assert_eq!(omission["references"][2], json!({"reference": "aggregated", "positives": 6, "negatives": 2}));
}

#[test]
fn the_text_says_what_the_numbers_are() {
    let lacuna = with_judge(&two_raters("higher"));
    let text = lacuna.run(&["gold", "agreement", "set", "--judge", "set/judges/j.toml", "--list"]);
    for expected in [
        "omission: 8 of 8 rated examples have two ratings or more; raters differ on 4, on 2 of them across",
        "Positives: 6 of 8 by either rater, 4 of 8 by all raters, 6 of 8 as aggregated.",
        "omission: raters part on 4 examples:\n  e7: ann 3, bob 1\n  e4: ann 0, bob 1; across the threshold\n",
        "| by either rater | 33 % [5-84] | 2/6",
    ] {
        assert!(
            text.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .contains(&expected.split_whitespace().collect::<Vec<_>>().join(" ")),
            "{expected}:\n{text}"
        );
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn hostile_names_do_not_drive_the_terminal() {
    let mut set = two_raters("higher");
    for annotation in &mut set.annotations {
        if annotation["rater"] == "bob" {
            annotation["rater"] = json!("bob\u{1b}[2J\u{202e}");
        }
    }
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    let said = lacuna.fail(3, &["gold", "agreement", "set", "--list"]);
    assert!(said.contains("rater: found \"bob\\u{1b}[2J") && !said.contains(['\u{1b}', '\u{202e}']), "{said}");
}

#[test]
fn one_rater_has_no_agreement_and_bad_judges_are_named() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c1", json!(1), json!(0));
    set.example("b", "c2", json!(0), json!(0));
    set.write(&lacuna.path("set"));
    let text = lacuna.run(&["gold", "agreement", "set"]);
    assert!(
        text.contains("omission: no example was rated by two raters, so there is no agreement to report; positives: 1"),
        "{text}"
    );
    write_judge(&lacuna.path("set"), "j", "", &[verdict("j", "a", json!(9), json!(0))]);
    let said = lacuna.fail(3, &["gold", "agreement", "set", "--judge", "set/judges"]);
    assert!(said.contains("set/verdicts/j.jsonl:1: omission: found 9; allowed: 0 to 4"), "{said}");
}

/// Names of the keys of a JSON value, but for those that stand for names of the user's.
fn keys(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                found.push(key.clone());
                if key != "positives_by_system" {
                    keys(value, found);
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

#[test]
fn every_field_is_defined_in_the_docs() {
    let lacuna = with_judge(&two_raters("higher"));
    let mut names = Vec::new();
    keys(&agreement(&lacuna, &["--judge", "set/judges", "--list"]), &mut names);
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/statistics.md")).unwrap();
    let section = text.split("## Agreement of raters").nth(1).expect("the docs have a section on it");
    let own = ["adjudicator", "rated_by_several", "references", "pairs", "disagreements", "first_higher"];
    assert!(own.iter().all(|name| section.contains(&format!("`{name}`"))));
    let missing: Vec<&String> = names.iter().filter(|name| !text.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "docs/statistics.md does not define {missing:?}");
}

#[test]
fn xstest_annotators_and_judges() {
    let Some(from) = data("xstest") else { return };
    let lacuna = Lacuna::new();
    lacuna.run(&["gold", "import", "xstest", "--from", from.to_str().unwrap(), "--out", "set"]);
    let found = agreement(&lacuna, &["--judge", "set/judges", "--list"]);
    // Counted from the publisher's files by a script of ten lines: exact, within one, 1st and 2nd higher, across.
    for (axis, examples, counts, kappas, alpha) in [
        (
            "omission",
            1250,
            (1192.0, 1239.0, 18, 40, 38),
            [0.88210404440043, 0.9099355922008924, 0.9307688281399304],
            0.9266585775088613,
        ),
        (
            "commission",
            1000,
            (977.0, 996.0, 8, 15, 10),
            [0.9284836989474665, 0.9503386170592371, 0.9645690175292253],
            0.9537881024304001,
        ),
    ] {
        let numbers = &found["axes"][axis];
        let pair = &numbers["pairs"][0];
        assert_eq!((&pair["first"], &pair["second"]), (&json!("annotator-1"), &json!("annotator-2")));
        let (exact, within_one, first_higher, second_higher, across) = counts;
        assert_eq!(fraction(&pair["agreement"]["exact"]), (exact, f64::from(examples)));
        assert_eq!(fraction(&pair["agreement"]["within_one"]), (within_one, f64::from(examples)));
        let differ = &pair["disagreements"];
        assert_eq!((&differ["first_higher"], &differ["second_higher"]), (&json!(first_higher), &json!(second_higher)));
        assert_eq!(
            (&differ["across_threshold"], &numbers["disputed_across_threshold"]),
            (&json!(across), &json!(across))
        );
        assert_eq!(differ["examples"].as_array().unwrap().len(), first_higher + second_higher);
        for (name, value) in ["cohen_kappa", "kappa_linear", "kappa_quadratic"].into_iter().zip(kappas) {
            close(&pair["agreement"][name]["value"], value);
        }
        close(&numbers["krippendorff_alpha"]["value"], alpha);
    }
    for (judge, axis, ways) in [
        ("gpt4", "omission", [(169, 320, 1, 930), (167, 282, 3, 968), (168, 295, 2, 955)]),
        ("gpt4", "commission", [(89, 142, 216, 858), (80, 132, 225, 868), (84, 136, 221, 864)]),
        ("string-match", "omission", [(219, 320, 44, 930), (216, 282, 47, 968), (219, 295, 44, 955)]),
        ("string-match", "commission", [(138, 142, 134, 858), (130, 132, 142, 868), (134, 136, 138, 864)]),
    ] {
        let judges = found["judges"].as_array().unwrap();
        let numbers = &judges.iter().find(|entry| entry["judge"] == judge).unwrap()["axes"][axis];
        for (way, (hits, positives, alarms, negatives)) in ways.into_iter().enumerate() {
            let fractions = (fraction(&numbers[way]["recall"]), fraction(&numbers[way]["false_alarm_rate"]));
            let expected = ((f64::from(hits), f64::from(positives)), (f64::from(alarms), f64::from(negatives)));
            assert_eq!(fractions, expected, "{judge} {axis} {way}");
        }
    }
}
