//! Where raters part, what is to be decided, and an adjudicator beside the raters' rule.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set};
use crate::exchange::annotation;

/// Three raters: e0 agreed, e1 apart by 3, e2 apart by 1 on commission, e3 judged by nobody.
pub(crate) fn disputed() -> Set {
    let mut set = Set::new();
    let said = |set: &mut Set, example: usize, rater: &str, omission: Value, commission: Value| {
        set.rating(&format!("e{example}"), rater, omission, commission);
    };
    for example in 0..4 {
        set.examples.push(json!({"id": format!("e{example}"), "cluster": format!("c{example}"), "prompt": "p",
            "response": "r", "required": [{"id": "i", "text": "t"}], "slices": {"topic": if example < 2 { "dose" } else { "place" }}}));
    }
    for (rater, severities) in [("ann", [(0, 0), (3, 0), (1, 0)]), ("ben", [(0, 0), (0, 0), (1, 1)])] {
        for (example, (omission, commission)) in severities.into_iter().enumerate() {
            said(&mut set, example, rater, json!(omission), json!(commission));
        }
        let mut unclear = annotation("e3", rater, json!({"commission": 0, "cannot_judge": ["omission"]}));
        unclear["items"] = json!({"i": if rater == "ann" { "hit" } else { "miss" }});
        set.annotations.push(unclear);
    }
    set
}

#[test]
fn disputes_are_listed_the_largest_first() {
    let lacuna = Lacuna::new();
    disputed().write(&lacuna.path("set"));
    let list = |more: &[&str]| -> Value {
        let arguments = [&["gold", "adjudicate", "set", "--list", "--format", "json"], more].concat();
        serde_json::from_str(&lacuna.run(&arguments)).unwrap()
    };
    let ids = |listed: &Value| -> Vec<String> {
        let disputed = listed["disputed"].as_array().unwrap().iter();
        disputed.map(|dispute| dispute["example"].as_str().unwrap().to_owned()).collect()
    };
    let all = list(&[]);
    assert_eq!(ids(&all), ["e1", "e2", "e3"]);
    assert_eq!(
        all["disputed"][0],
        json!({"example": "e1", "axes": ["omission"], "difference": 3, "adjudicated": false,
        "answers": [{"axis": "omission", "rater": "ann", "severity": 3}, {"axis": "omission", "rater": "ben", "severity": 0}]})
    );
    assert_eq!(all["disputed"][2]["difference"], Value::Null);
    assert_eq!(ids(&list(&["--axis", "commission"])), ["e2"]);
    assert_eq!(ids(&list(&["--min-difference", "2"])), ["e1", "e3"]);
    let text = lacuna.run(&["gold", "adjudicate", "set", "--list"]);
    assert!(text.contains("3 of 4 examples are disputed") && text.contains("  e1: omission: ann 3, ben 0\n"), "{text}");
    assert!(text.contains("  e3: omission: ann could not judge, ben could not judge\n"), "{text}");
}

#[test]
fn an_adjudicators_answer_goes_first_and_counts_for_no_agreement() {
    let lacuna = Lacuna::new();
    let mut set = disputed();
    set.write(&lacuna.path("set"));
    let agreement =
        || -> Value { serde_json::from_str(&lacuna.run(&["gold", "agreement", "set", "--format", "json"])).unwrap() };
    let shown = |id: &str, axis: &str| -> Value {
        let shown: Value = serde_json::from_str(&lacuna.run(&["gold", "show", "set", id, "--format", "json"])).unwrap();
        shown["examples"][0]["gold"][axis]["severity"].clone()
    };
    // The tie goes to the higher severity as long as nobody decides.
    assert_eq!((shown("e1", "omission"), shown("e2", "commission")), (json!(3), json!(1)));
    let before = agreement();
    set.card = set.card.replace("aggregate = \"majority\"", "aggregate = \"majority\"\nadjudicator = \"chair\"");
    set.rating("e1", "chair", json!(1), Value::Null);
    set.annotations.push(annotation("e2", "chair", json!({"cannot_judge": ["commission"]})));
    set.write(&lacuna.path("set"));
    // Decided; decided that it cannot be; left to the raters.
    assert_eq!(
        (shown("e1", "omission"), shown("e2", "commission"), shown("e2", "omission")),
        (json!(1), Value::Null, json!(1))
    );
    let after = agreement();
    assert_eq!(after["adjudicator"], "chair");
    for axis in ["omission", "commission"] {
        for field in ["disputed", "krippendorff_alpha", "parting", "rated", "rated_by_several"] {
            assert_eq!(before["axes"][axis][field], after["axes"][axis][field], "{axis} {field}");
        }
    }
    lacuna.run(&["audit", "--gold", "set", "--out", "report"]);
    let evaluation = lacuna.json("report/evaluation.json");
    assert_eq!(evaluation["gold"]["adjudicator"], "chair");
    for entry in evaluation["human_ceiling"]["omission"].as_array().unwrap() {
        assert!(entry["rater"] != "chair", "{entry}");
    }
    let listed = lacuna.run(&["gold", "adjudicate", "set", "--list"]);
    assert!(listed.contains("2 of them adjudicated by chair") && listed.contains("  e1 (adjudicated): "), "{listed}");
}

#[test]
fn a_card_has_one_way_of_deciding() {
    let lacuna = Lacuna::new();
    let mut set = disputed();
    set.card = set.card.replace("aggregate = \"majority\"", "aggregate = \"ann\"\nadjudicator = \"chair\"");
    set.write(&lacuna.path("set"));
    let said = lacuna.fail(3, &["gold", "check", "set"]);
    assert!(said.contains("adjudicator: found beside aggregate = \"ann\""), "{said}");
    set.card = set.card.replace("\"ann\"", "\"majority\"").replace("\"chair\"", "\"median\"");
    set.write(&lacuna.path("set"));
    let said = lacuna.fail(3, &["gold", "check", "set"]);
    assert!(said.contains("adjudicator: found \"median\"; allowed: the pseudonym of a rater"), "{said}");
}

#[test]
fn where_raters_part_by_hand() {
    let lacuna = Lacuna::new();
    disputed().write(&lacuna.path("set"));
    let found: Value =
        serde_json::from_str(&lacuna.run(&["gold", "agreement", "set", "--list", "--format", "json"])).unwrap();
    let omission = &found["axes"]["omission"]["parting"];
    assert_eq!(
        omission["cannot_judge"],
        json!({"answers": 2, "examples": 1, "nobody_could_judge": 1,
        "raters": [{"rater": "ann", "answers": 1}, {"rater": "ben", "answers": 1}]})
    );
    // e1 of e0 to e2.
    assert_eq!((&omission["disputed_share"]["count"], &omission["disputed_share"]["n"]), (&json!(1), &json!(3)));
    let slices = omission["slices"].as_array().unwrap();
    let of = |slice: &Value| {
        (slice["value"].clone(), slice["disputed_share"]["count"].clone(), slice["disputed_share"]["n"].clone())
    };
    assert_eq!(
        slices.iter().map(of).collect::<Vec<_>>(),
        [(json!("dose"), json!(1), json!(2)), (json!("place"), json!(0), json!(1))]
    );
    assert_eq!(
        omission["examples"],
        json!([
            {"example": "e1", "difference": 3, "across_threshold": true, "cannot_judge": [],
                "severities": [{"rater": "ann", "severity": 3}, {"rater": "ben", "severity": 0}]},
            {"example": "e3", "difference": null, "across_threshold": false, "cannot_judge": ["ann", "ben"], "severities": []},
        ])
    );
    let items = &found["items"];
    assert_eq!(
        (&items["rated"], &items["rated_by_several"], &items["disputed"], &items["hit_against_miss"]),
        (&json!(1), &json!(1), &json!(1), &json!(1))
    );
    assert_eq!(
        items["items"][0],
        json!({"example": "e3", "item": "i", "difference": 2,
        "marks": [{"rater": "ann", "mark": "hit"}, {"rater": "ben", "mark": "miss"}]})
    );
    let text = lacuna.run(&["gold", "agreement", "set", "--list"]);
    for expected in [
        "omission: 2 answers say that the rater could not judge it, on 1 example (ann 1, ben 1); on 1 of them nobody could.",
        "omission: raters part on 2 examples:\n  e1: ann 3, ben 0; across the threshold\n",
        "required items: 1 of 1 marked ones have two marks or more; raters differ on 1:",
        "  e3 i: ann hit, ben miss\n",
    ] {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat(&text).contains(&flat(expected)), "{expected}:\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}
