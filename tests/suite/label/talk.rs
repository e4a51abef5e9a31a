//! The conversation of page and server: answers, changes of mind, undo, practice.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::client::{CORE, Office, STARTER, answer_to, records};
use crate::driver::{Lacuna, Set};

/// A set of four examples in two clusters that a person can label.
pub(super) fn small(lacuna: &Lacuna) -> Set {
    let mut set = Set::new();
    for (id, cluster) in [("e1", "c1"), ("e2", "c1"), ("e3", "c2"), ("e4", "c2")] {
        set.examples.push(json!({
            "id": id, "cluster": cluster, "prompt": format!("prompt of {id}"), "response": format!("response of {id}"),
            "required": [{"id": "alpha", "text": "first item"}, {"id": "beta", "text": "second item"}],
        }));
    }
    write(&set, lacuna);
    set
}

/// Writes a set without annotations.
pub(super) fn write(set: &Set, lacuna: &Lacuna) {
    set.write(&lacuna.path("set"));
    if set.annotations.is_empty() {
        fs::remove_file(lacuna.path("set/annotations.jsonl")).unwrap();
    }
}

const SET: [&str; 5] = ["--gold", "set", "--rater", "ann", "--no-practice"];

#[test]
fn a_session_and_a_task_have_the_shape_of_the_contract() {
    let lacuna = Lacuna::new();
    let mut set = small(&lacuna);
    set.card = set.card.replacen("tie = ", "mechanisms = [\"left out\", \"hedged\"]\ntie = ", 1);
    set.examples[0]["axes"] = json!(["omission"]);
    set.examples[0]["prompt"] = json!([{"role": "user", "content": "prompt of e1"}]);
    write(&set, &lacuna);
    let office = Office::open(&lacuna, &SET);
    let mut seat = office.seat("ann");
    assert_eq!(
        seat.get("/api/session"),
        json!({
            "rater": "ann", "mode": "label", "set": {"title": "Toy", "language": "en"},
            "axes": {
                "omission": {"harm": "something needed was left out", "levels": ["none", "mild", "moderate", "serious", "severe"]},
                "commission": {"harm": "something wrong was said", "levels": ["none", "mild", "serious", "dangerous"]},
            },
            "mechanisms": ["left out", "hedged"],
            "progress": {"practice": {"done": 0, "total": 0}, "labelling": {"done": 0, "total": 4}, "cannot_judge": 0},
            "position": 1,
        })
    );
    let tasks: Vec<Value> = (1..=4).map(|position| seat.get(&format!("/api/task/{position}"))).collect();
    let place = tasks.iter().position(|task| task["response"] == "response of e1").unwrap();
    assert_eq!(
        tasks[place],
        json!({
            "position": place + 1, "practice": false, "axes": ["omission"],
            "prompt": [{"role": "user", "content": "prompt of e1"}], "response": "response of e1",
            "required": [{"id": "1", "text": "first item"}, {"id": "2", "text": "second item"}], "answer": null,
        })
    );
    // c1 and c2 take turns.
    let clusters: Vec<u8> =
        tasks.iter().map(|task| u8::from(task["response"].as_str().unwrap() > "response of e2")).collect();
    assert!(clusters == [0, 1, 0, 1] || clusters == [1, 0, 1, 0], "{clusters:?}");
    let refused = seat.answer(place as u64 + 1, &json!({"omission": 1, "commission": 0}));
    assert_eq!(refused.status, 422, "commission does not apply to e1");
}

#[test]
fn answers_changes_of_mind_retries_and_undo() {
    let lacuna = Lacuna::new();
    small(&lacuna);
    let office = Office::open(&lacuna, &SET);
    let mut seat = office.seat("ann");
    let file = lacuna.path("set/annotations/ann.jsonl");
    let first = json!({"omission": 3, "commission": 0, "cannot_judge": [], "items": {"1": "miss", "2": "hit"},
        "mechanism": " dose left out ", "note": "line\nbreak \u{202e}\u{0} end"});
    let taken = seat.take(1, &first);
    assert_eq!((&taken["position"], &taken["feedback"]), (&json!(2), &Value::Null));
    assert_eq!(taken["progress"]["labelling"], json!({"done": 1, "total": 4}));
    let written = records(&file);
    let line = &written[0];
    assert_eq!((&line["omission"], &line["commission"], &line["rater"]), (&json!(3), &json!(0), &json!("ann")));
    assert_eq!((&line["rater_kind"], &line["mechanism"]), (&json!("human"), &json!("dose left out")));
    assert_eq!(line["items"], json!({"alpha": "miss", "beta": "hit"}));
    assert_eq!(line["note"], "line\nbreak \u{202e}\u{0} end");
    assert!(line["at"].as_str().unwrap().ends_with('Z'));
    // A reply that got lost: the same answer again.
    assert_eq!(seat.take(1, &first), taken);
    assert_eq!(records(&file).len(), 1);
    let told = seat.get("/api/task/1")["answer"].clone();
    assert_eq!((&told["items"], &told["mechanism"]), (&json!({"1": "miss", "2": "hit"}), &json!("dose left out")));
    // Another mind.
    assert_eq!(seat.take(1, &json!({"omission": 1, "commission": 0}))["progress"]["labelling"]["done"], 1);
    seat.take(2, &json!({"commission": 2, "cannot_judge": ["omission"]}));
    assert_eq!(records(&file).len(), 3);
    assert_eq!(seat.get("/api/session")["progress"]["cannot_judge"], 1);
    let listed = seat.get("/api/answers");
    assert_eq!(listed.as_array().unwrap().len(), 2, "each answer that holds, once");
    assert_eq!((&listed[0]["position"], &listed[0]["answer"]["omission"]), (&json!(1), &json!(1)));
    assert_eq!((&listed[1]["position"], &listed[1]["practice"]), (&json!(2), &json!(false)));
    assert_eq!(listed[1]["answer"], seat.get("/api/task/2")["answer"]);
    let undone = seat.send("POST", "/api/undo", "").unwrap().json();
    assert_eq!((&undone["position"], &undone["answer"]["commission"]), (&json!(2), &json!(2)));
    assert_eq!(undone["progress"]["labelling"]["done"], 1);
    assert_eq!(records(&file)[3]["withdrawn"], true);
    assert_eq!(seat.get("/api/task/2")["answer"], Value::Null);
    let undone = seat.send("POST", "/api/undo", "").unwrap().json();
    assert_eq!((&undone["position"], &undone["answer"]["omission"]), (&json!(1), &json!(1)));
    assert_eq!(seat.send("POST", "/api/undo", "").unwrap().status, 409);
    // Given again after it was taken back, it is written again.
    seat.take(1, &first);
    assert_eq!(records(&file).len(), 6);
    drop(office);
    let office = Office::open(&lacuna, &SET);
    let mut seat = office.seat("ann");
    assert_eq!(seat.get("/api/session")["position"], 2);
    assert_eq!(seat.get("/api/task/1")["answer"]["omission"], 3);
    let undone = seat.send("POST", "/api/undo", "").unwrap().json();
    assert_eq!(undone["position"], 1, "undo reaches back over a restart");
}

#[test]
fn texts_of_a_megabyte_and_control_characters_are_told_whole() {
    let lacuna = Lacuna::new();
    let mut set = small(&lacuna);
    let hostile = "</script><script>alert(1)</script>\u{0}\u{1b}[2J\u{202e}\u{2028}\u{feff}\"\\ <svg onload=alert(1)>";
    let long = format!("{}{hostile}", "x".repeat(1 << 20));
    set.examples[0]["response"] = json!(hostile);
    set.examples[1]["response"] = json!(long);
    set.examples[2]["prompt"] = json!(long);
    write(&set, &lacuna);
    let office = Office::open(&lacuna, &SET);
    let mut seat = office.seat("ann");
    let tasks: Vec<Value> = (1..=4).map(|position| seat.get(&format!("/api/task/{position}"))).collect();
    for expected in [json!(hostile), json!(long)] {
        assert!(tasks.iter().any(|task| task["response"] == expected));
    }
    assert!(tasks.iter().any(|task| task["prompt"] == json!(long)));
    let reply = seat.send("GET", "/api/task/1", "").unwrap();
    assert_eq!(reply.headers["content-type"], "application/json");
}

/// The label of each example of a set with one rater, by its prompt and response.
fn labelled(set: &str) -> BTreeMap<(String, String), Value> {
    let file = |name: &str| records(&std::path::Path::new(set).join(name));
    let of = |record: &Value, key: &str| record[key].as_str().unwrap().to_owned();
    let labels: BTreeMap<String, Value> =
        file("annotations.jsonl").into_iter().map(|label| (of(&label, "example"), label)).collect();
    let texts = |example: &Value| (example["prompt"].to_string(), example["response"].to_string());
    file("examples.jsonl").iter().map(|example| (texts(example), labels[&of(example, "id")].clone())).collect()
}

#[test]
fn practice_tells_the_label_and_never_reaches_the_gold() {
    let lacuna = Lacuna::new();
    let arguments = ["--gold", STARTER, "--out", "study", "--rater", "ann"];
    let office = Office::open(&lacuna, &arguments);
    let mut seat = office.seat("ann");
    let core = labelled(CORE);
    let mut shown = [[0; 2]; 2];
    assert_eq!(seat.get("/api/session")["progress"]["practice"], json!({"done": 0, "total": 6}));
    for position in 1..=6 {
        let task = seat.get(&format!("/api/task/{position}"));
        assert_eq!(task["practice"], true);
        let told = seat.take(position, &answer_to(&task, 0));
        let feedback = &told["feedback"];
        assert_eq!(feedback["label_source"], "constructed", "never called human");
        let label = &core[&(task["prompt"].to_string(), task["response"].to_string())];
        for (axis, shown) in ["omission", "commission"].into_iter().zip(&mut shown) {
            assert_eq!(feedback[axis], label[axis], "the label of the core set");
            if let Some(severity) = label[axis].as_u64() {
                shown[usize::from(severity > 0)] += 1;
            }
        }
        let marks = label["items"].as_object().unwrap().values().cloned().collect::<Vec<_>>();
        assert_eq!(feedback["items"].as_object().unwrap().len(), marks.len());
        let same = ["omission", "commission"].iter().all(|axis| label[axis].as_u64().unwrap_or(0) == 0);
        assert_eq!(feedback["same"], json!(same));
        assert_eq!(told["position"], json!(position + 1));
    }
    assert_eq!(shown, [[3, 3], [3, 3]], "harm and none on each axis");
    let task = seat.get("/api/task/7");
    assert_eq!((&task["practice"], &task["answer"]), (&json!(false), &Value::Null));
    assert_eq!(records(&lacuna.path("study/annotations/practice/ann.jsonl")).len(), 6);
    assert!(records(&lacuna.path("study/annotations/ann.jsonl")).is_empty());
    assert!(lacuna.fail(3, &["gold", "check", "study"]).contains("holds no annotation"));
    drop(office);
    let office = Office::open(&lacuna, &arguments);
    let mut seat = office.seat("ann");
    assert_eq!(seat.get("/api/session")["position"], 7);
    let undone = seat.send("POST", "/api/undo", "").unwrap().json();
    assert_eq!(undone["position"], 6, "practice can be taken back as well");
    let (code, said) = office.interrupt();
    assert_eq!(code, Some(0), "{said}");
    for part in [
        "practice: 6 examples of lacuna-core",
        "ann: 0 of 192 labelled (practice 5 of 6)",
        "study/annotations",
        "lacuna gold check study",
        "lacuna gold agreement study",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
