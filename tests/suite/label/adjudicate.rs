//! `lacuna gold adjudicate` over a real socket: what the adjudicator sees, what is asked, and what becomes of the labels.

use std::fs;

use serde_json::{Value, json};

use super::client::{Office, STARTER, Seat, records};
use crate::driver::{CARD, Lacuna};
use crate::parting::disputed;

const CHAIR: [&str; 5] = ["gold", "adjudicate", "set", "--rater", "chair"];

/// The disputed set, and one more example on which both axes are disputed.
fn program() -> Lacuna {
    let lacuna = Lacuna::new();
    let mut set = disputed();
    set.examples.push(json!({"id": "e4", "cluster": "c4", "prompt": "p4", "response": "r4"}));
    set.rating("e4", "ann", json!(4), json!(0));
    set.rating("e4", "ben", json!(1), json!(3));
    set.write(&lacuna.path("set"));
    lacuna
}

/// Positions of the tasks with each task.
fn tasks(seat: &mut Seat) -> Vec<(u64, Value)> {
    let total = seat.get("/api/session")["progress"]["labelling"]["total"].as_u64().unwrap();
    let first = (0..2).find(|at| seat.send("GET", &format!("/api/task/{at}"), "").unwrap().status == 200).unwrap();
    (first..first + total).map(|at| (at, seat.get(&format!("/api/task/{at}")))).collect()
}

/// The task on which the others gave these severities on an axis, in any order.
fn with<'a>(tasks: &'a [(u64, Value)], axis: &str, mut severities: Vec<Value>) -> &'a (u64, Value) {
    let sorted = |list: &mut Vec<Value>| list.sort_by_key(ToString::to_string);
    sorted(&mut severities);
    let found = tasks.iter().find(|(_, task)| {
        let others = task["others"].as_array().unwrap().iter();
        let mut said: Vec<Value> = others.map(|other| other[axis].clone()).collect();
        sorted(&mut said);
        said == severities
    });
    found.unwrap_or_else(|| panic!("no task with {severities:?} on {axis}"))
}

fn gold(lacuna: &Lacuna, id: &str) -> [Value; 2] {
    let shown: Value = serde_json::from_str(&lacuna.run(&["gold", "show", "set", id, "--format", "json"])).unwrap();
    ["omission", "commission"].map(|axis| shown["examples"][0]["gold"][axis]["severity"].clone())
}

#[test]
fn what_is_disputed_is_asked_and_nothing_else() {
    let lacuna = program();
    let office = Office::start(&lacuna, &CHAIR);
    let mut seat = office.seat("chair");
    // Whoever lost the address is told the command that serves it.
    let host = format!("127.0.0.1:{}", office.port);
    let refused = seat.raw("GET", "/", &[("host", &host)], "").unwrap();
    assert_eq!(refused.json()["error"], "not allowed; open the address that `lacuna gold adjudicate` printed");
    let page = seat.raw("GET", &format!("/?token={}", seat.token), &[("host", &host)], "").unwrap().text();
    assert!(page.contains("<body data-command=\"lacuna gold adjudicate\">") && !page.contains("lacuna label"));
    let session = seat.get("/api/session");
    assert_eq!((&session["mode"], &session["rater"]), (&json!("adjudicate"), &json!("chair")));
    assert_eq!(session["progress"]["labelling"], json!({"done": 0, "total": 4}));
    let tasks = tasks(&mut seat);
    for (_, task) in &tasks {
        let mut names: Vec<&str> =
            task["others"].as_array().unwrap().iter().map(|other| other["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["rater A", "rater B"]);
        let text = task.to_string();
        assert!(!text.contains("\"ann\"") && !text.contains("\"ben\"") && !text.contains("\"e1\""), "{text}");
    }
    // Apart by 3 on omission alone: commission, on which they agree, is not asked.
    let (apart, task) = with(&tasks, "omission", vec![json!(3), json!(0)]);
    assert_eq!(task["axes"], json!(["omission"]));
    assert_eq!(seat.answer(*apart, &json!({"commission": 1})).status, 422);
    seat.take(*apart, &json!({"omission": 1, "note": "half of it"}));
    let (unclear, task) = with(&tasks, "omission", vec![Value::Null, Value::Null]);
    assert_eq!(task["others"][0]["cannot_judge"], json!(["omission"]));
    seat.take(*unclear, &json!({"cannot_judge": ["omission"]}));
    let (code, said) = office.interrupt();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("set/card.toml names chair as the adjudicator now"), "{said}");
    assert!(said.contains("chair: 2 of 4 disputed examples decided"), "{said}");
    // The card has one line more, and is otherwise as it was.
    let card = fs::read_to_string(lacuna.path("set/card.toml")).unwrap();
    assert_eq!(card.replace("adjudicator = \"chair\"\n", ""), CARD);
    let ruled = &records(&lacuna.path("set/annotations/chair.jsonl"))[0];
    assert_eq!((&ruled["omission"], &ruled["commission"], &ruled["rater"]), (&json!(1), &Value::Null, &json!("chair")));
    lacuna.run(&["gold", "check", "set"]);
    assert_eq!(gold(&lacuna, "e1"), [json!(1), json!(0)]);
    assert_eq!(gold(&lacuna, "e3"), [Value::Null, json!(0)]);
    // What was decided stays decided, and what was disputed stays in the counts.
    let office = Office::start(&lacuna, &CHAIR);
    let progress = office.seat("chair").get("/api/session")["progress"]["labelling"].clone();
    assert_eq!(progress, json!({"done": 2, "total": 4}));
    drop(office);
    let listed = lacuna.run(&["gold", "adjudicate", "set", "--list"]);
    assert!(
        listed.contains("4 of 5 examples are disputed") && listed.contains("2 of them adjudicated by chair"),
        "{listed}"
    );
}

/// A letter stands for another rater in another example: nobody learns whom to trust.
#[test]
fn letters_say_nothing_of_who_a_rater_is() {
    let lacuna = Lacuna::new();
    let mut set = disputed();
    (set.examples, set.annotations) = (Vec::new(), Vec::new());
    for number in 0..24 {
        let id = format!("e{number}");
        set.examples.push(json!({"id": id, "cluster": id, "prompt": "p", "response": "r"}));
        // What each says tells who it is: ann 1, ben 2, cas 3.
        for (rater, severity) in [("ann", 1), ("ben", 2), ("cas", 3)] {
            set.rating(&id, rater, json!(severity), json!(0));
        }
    }
    set.write(&lacuna.path("set"));
    let office = Office::start(&lacuna, &CHAIR);
    let tasks = tasks(&mut office.seat("chair"));
    let mut orders: Vec<Vec<u64>> = Vec::new();
    for (_, task) in &tasks {
        let others = task["others"].as_array().unwrap();
        let names: Vec<&str> = others.iter().map(|other| other["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["rater A", "rater B", "rater C"]);
        orders.push(others.iter().map(|other| other["omission"].as_u64().unwrap()).collect());
    }
    assert_eq!(orders.len(), 24);
    for severity in 1..=3 {
        let first = orders.iter().filter(|order| order[0] == severity).count();
        // By lot 8 of 24; fewer than 2 or more than 16 come about once in a thousand seeds.
        assert!((2..=16).contains(&first), "rater {severity} is the first {first} times of 24");
    }
    orders.iter_mut().for_each(|order| order.sort_unstable());
    assert!(orders.iter().all(|order| *order == [1, 2, 3]), "each rater once");
}

/// A ruling on one axis, then one on the other: the second line of the file must not undo the first.
#[test]
fn a_ruling_on_the_other_axis_is_not_lost() {
    let lacuna = program();
    let decide = |axis: &str, answer: &Value, asked: Value| {
        let office = Office::start(&lacuna, &[CHAIR.as_slice(), &["--axis", axis]].concat());
        let mut seat = office.seat("chair");
        let tasks = tasks(&mut seat);
        let (position, task) = with(&tasks, "omission", vec![json!(4), json!(1)]);
        assert_eq!(task["axes"], asked);
        let position = *position;
        seat.take(position, answer);
    };
    decide("omission", &json!({"omission": 2}), json!(["omission"]));
    // Commission falls to the tie rule as long as nobody decides it.
    assert_eq!(gold(&lacuna, "e4"), [json!(2), json!(3)]);
    decide("commission", &json!({"omission": 2, "commission": 1}), json!(["omission", "commission"]));
    assert_eq!(gold(&lacuna, "e4"), [json!(2), json!(1)]);
}

#[test]
fn who_may_not_decide_is_told_why() {
    let lacuna = program();
    let card = fs::read_to_string(lacuna.path("set/card.toml")).unwrap();
    let said = lacuna.fail(3, &["gold", "adjudicate", "set", "--rater", "ann"]);
    assert!(
        said.contains("\"ann\" has labelled this set, and would decide on that; allowed: another pseudonym"),
        "{said}"
    );
    lacuna.fail(2, &["gold", "adjudicate", "set"]);
    lacuna.fail(2, &["gold", "adjudicate", "set", "--rater", "../x"]);
    assert_eq!(fs::read_to_string(lacuna.path("set/card.toml")).unwrap(), card, "a refusal changes nothing");
    for (line, expected) in [
        ("aggregate = \"majority\"\nadjudicator = \"head\"", "adjudicator: names \"head\"; allowed: \"chair\""),
        ("aggregate = \"ben\"", "aggregate: names a rater whose labels alone count"),
    ] {
        fs::write(lacuna.path("set/card.toml"), card.replace("aggregate = \"majority\"", line)).unwrap();
        let said = lacuna.fail(3, &CHAIR);
        assert!(said.contains(expected), "{expected}:\n{said}");
    }
    let said = lacuna.fail(3, &["gold", "adjudicate", STARTER, "--rater", "chair"]);
    assert!(said.contains("label_source: the labels are not people's alone"), "{said}");
    // Nothing above the difference that was asked for: nobody is named.
    fs::write(lacuna.path("set/card.toml"), &card).unwrap();
    let mut agreed = disputed();
    agreed.annotations.retain(|one| one["rater"] == "ann" && one["example"] != "e3");
    agreed.write(&lacuna.path("set"));
    let output = lacuna.output(&CHAIR);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stderr).contains("nothing is disputed"));
    assert_eq!(fs::read_to_string(lacuna.path("set/card.toml")).unwrap(), card);
}
