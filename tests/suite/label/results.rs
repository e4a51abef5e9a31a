//! What the labels are good for: they go straight through check, agreement, split and audit.

use std::fs;

use serde_json::{Value, json};

use super::client::{Office, STARTER, records};
use super::talk::{small, write};
use crate::driver::{Lacuna, verdict, write_judge};

#[test]
fn labels_go_through_check_agreement_and_audit() {
    let lacuna = Lacuna::new();
    let arguments = ["--gold", STARTER, "--out", "study", "--rater", "r1", "--rater", "r2"];
    let office = Office::open(&lacuna, &arguments);
    // Who reads longer responses as milder, and who does not; both see severities on the scale.
    let length = |task: &Value| task["response"].as_str().unwrap().len() as i64;
    // Six of the practice round before the 192 of the set.
    assert_eq!(office.seat("r1").finish(|task| length(task) % 4), 198);
    assert_eq!(office.seat("r2").finish(|task| if length(task) % 10 == 0 { 0 } else { length(task) % 4 }), 198);
    let (code, said) = office.interrupt();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("r1: 192 of 192 labelled"), "{said}");
    let checked: Value = serde_json::from_str(&lacuna.run(&["gold", "check", "study", "--format", "json"])).unwrap();
    assert_eq!(
        (&checked["label_source"], &checked["annotations"], &checked["raters"]),
        (&json!("human"), &json!(384), &json!(2))
    );
    assert_eq!(checked["axes"]["omission"]["labelled"], 192);
    let agreement: Value =
        serde_json::from_str(&lacuna.run(&["gold", "agreement", "study", "--format", "json"])).unwrap();
    let omission = &agreement["axes"]["omission"];
    assert_eq!(omission["rated_by_several"], 192);
    let (one, two) =
        (records(&lacuna.path("study/annotations/r1.jsonl")), records(&lacuna.path("study/annotations/r2.jsonl")));
    let differing = one.iter().filter(|own| {
        two.iter().any(|other| other["example"] == own["example"] && other["omission"] != own["omission"])
    });
    let differing = differing.count();
    assert!(differing > 5);
    assert_eq!(omission["disputed"], json!(differing));
    lacuna.run(&["audit", "--gold", "study", "--out", "report"]);
    let evaluation = lacuna.json("report/evaluation.json");
    assert_eq!(evaluation["gold"]["label_source"], "human");
    let ceiling = evaluation["human_ceiling"]["omission"].as_array().unwrap();
    let raters: Vec<&str> = ceiling.iter().map(|entry| entry["rater"].as_str().unwrap()).collect();
    assert!(raters.contains(&"r1") && raters.contains(&"r2"), "{raters:?}");
    // The manifest and the replication steps name every file that was read.
    let manifest = lacuna.json("report/manifest.json");
    let inputs: Vec<&str> =
        manifest["inputs"].as_array().unwrap().iter().map(|input| input["path"].as_str().unwrap()).collect();
    for file in ["study/annotations/r1.jsonl", "study/annotations/r2.jsonl"] {
        assert!(inputs.contains(&file), "{inputs:?}");
    }
    assert!(!inputs.iter().any(|path| path.ends_with("annotations.jsonl")), "{inputs:?}");
    lacuna.run(&["gold", "split", "study", "--out", "parts"]);
    let part = |name: &str| {
        let checked = lacuna.run(&["gold", "check", &format!("parts/{name}"), "--format", "json"]);
        serde_json::from_str::<Value>(&checked).unwrap()["annotations"].as_u64().unwrap()
    };
    assert_eq!(part("calibration") + part("test"), 384);
}

/// Changes of mind, withdrawn answers and what could not be judged, as every reader sees them.
#[test]
fn the_last_word_counts_and_what_could_not_be_judged_is_no_label() {
    let lacuna = Lacuna::new();
    small(&lacuna);
    let office = Office::open(&lacuna, &["--gold", "set", "--rater", "ann", "--no-practice"]);
    let mut seat = office.seat("ann");
    seat.take(1, &json!({"omission": 0, "commission": 0}));
    seat.take(1, &json!({"omission": 4, "commission": 0}));
    seat.take(2, &json!({"omission": 1, "cannot_judge": ["commission"]}));
    seat.take(3, &json!({"omission": 1, "commission": 1}));
    seat.send("POST", "/api/undo", "").unwrap();
    drop(office);
    assert_eq!(records(&lacuna.path("set/annotations/ann.jsonl")).len(), 5);
    let checked = lacuna.run(&["gold", "check", "set"]);
    assert!(checked.contains("4 examples, 2 annotations by 1 rater"), "{checked}");
    assert!(checked.contains("omission: 2 labelled, 2 at severity 1 or more, raters differ on 0\n"), "{checked}");
    assert!(
        checked.contains(
            "commission: 1 labelled, 0 at severity 1 or more, raters differ on 0, a rater could not judge 1 time\n"
        ),
        "{checked}"
    );
    let json: Value = serde_json::from_str(&lacuna.run(&["gold", "check", "set", "--format", "json"])).unwrap();
    assert_eq!(json["axes"]["commission"]["cannot_judge"], 1);
    let shown: Value = serde_json::from_str(&lacuna.run(&["gold", "show", "set", "--format", "json"])).unwrap();
    let ratings: Vec<&Value> = shown["examples"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|example| example["ratings"].as_array().unwrap())
        .collect();
    assert_eq!(ratings.len(), 2);
}

#[test]
fn rater_files_are_read_as_strictly_as_any() {
    let lacuna = Lacuna::new();
    let mut set = small(&lacuna);
    set.rating("e1", "old", json!(0), json!(0));
    write(&set, &lacuna);
    fs::create_dir(lacuna.path("set/annotations")).unwrap();
    let refused = |name: &str, lines: &[Value]| {
        let path = lacuna.path(&format!("set/annotations/{name}"));
        fs::write(&path, crate::driver::lines(lines)).unwrap();
        let said = lacuna.fail(3, &["gold", "check", "set"]);
        fs::remove_file(path).unwrap();
        said
    };
    let says = |said: String, part: &str| assert!(said.contains(part), "{part}: {said}");
    let line = |more: Value| {
        let mut line = json!({"example": "e2", "rater": "ann", "rater_kind": "human"});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    says(
        refused("bob.jsonl", &[line(json!({"omission": 1}))]),
        "annotations/bob.jsonl:1: rater: found \"ann\"; allowed: \"bob\"",
    );
    says(
        refused("ann.jsonl", &[line(json!({"omission": 9}))]),
        "set/annotations/ann.jsonl:1: omission: found 9; allowed: 0 to 4",
    );
    says(
        refused("ann.jsonl", &[line(json!({"omission": 1, "cannot_judge": ["omission"]}))]),
        "ann.jsonl:1: omission: found 1 on an axis of `cannot_judge`; allowed: null",
    );
    says(
        refused("ann.jsonl", &[line(json!({"cannot_judge": ["omission", "omission"]}))]),
        "cannot_judge: found \"omission\" twice",
    );
    says(
        refused("ann.jsonl", &[line(json!({"withdrawn": 1}))]),
        "ann.jsonl:1: withdrawn: found integer `1`; allowed: true or false",
    );
    says(
        refused("ann.jsonl", &[line(json!({"example": "nobody"}))]),
        "example: found \"nobody\"; allowed: an id of set/examples.jsonl",
    );
    let old = json!({"example": "e1", "rater": "old", "rater_kind": "human", "omission": 1});
    says(
        refused("old.jsonl", &[old]),
        "set/annotations/old.jsonl:1: rater: rater \"old\" annotated this example on line 1 of set/annotations.jsonl already",
    );
    // What an editor or a system leaves, the plan and the practice are no annotations.
    for name in [".ann.jsonl.swp", "._ann.jsonl", "plan.json", "ann.jsonl.cut"] {
        fs::write(lacuna.path(&format!("set/annotations/{name}")), "no JSON").unwrap();
    }
    assert!(lacuna.run(&["gold", "check", "set"]).contains("1 annotations by 1 rater"));
}

/// The digest of a set without raters' own files is what it was before there were such files: SHA-256 over length and bytes of
/// its three files.
#[test]
fn the_digest_of_a_set_is_that_of_its_files() {
    use sha2::{Digest, Sha256};
    let lacuna = Lacuna::new();
    let mut set = small(&lacuna);
    set.rating("e1", "old", json!(1), json!(0));
    set.rating("e2", "old", json!(0), json!(1));
    write(&set, &lacuna);
    let verdicts: Vec<Value> = ["e1", "e2"].iter().map(|id| verdict("j", id, json!(1), json!(0))).collect();
    write_judge(&lacuna.path("set"), "j", "", &verdicts);
    let digest = || {
        let _ = fs::remove_dir_all(lacuna.path("r"));
        lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
        lacuna.json("r/evaluation.json")["gold"]["sha256"].as_str().unwrap().to_owned()
    };
    let mut expected = Sha256::new();
    for name in ["card.toml", "examples.jsonl", "annotations.jsonl"] {
        let bytes = fs::read(lacuna.path("set").join(name)).unwrap();
        expected.update((bytes.len() as u64).to_le_bytes());
        expected.update(&bytes);
    }
    let expected = hex::encode(expected.finalize());
    assert_eq!(digest(), expected);
    fs::create_dir(lacuna.path("set/annotations")).unwrap();
    assert_eq!(digest(), expected, "a folder without a rater's file changes nothing");
    let line = json!({"example": "e3", "rater": "ann", "rater_kind": "human", "omission": 1, "commission": 0});
    fs::write(lacuna.path("set/annotations/ann.jsonl"), crate::driver::lines(&[line])).unwrap();
    let with_file = digest();
    assert_ne!(with_file, expected);
    let line = json!({"example": "e3", "rater": "ann", "rater_kind": "human", "omission": 2, "commission": 0});
    fs::write(lacuna.path("set/annotations/ann.jsonl"), crate::driver::lines(&[line])).unwrap();
    assert_ne!(digest(), with_file);
}

#[test]
fn addresses_are_printed_as_lines_or_as_json() {
    let lacuna = Lacuna::new();
    small(&lacuna);
    let office = Office::open(&lacuna, &["--gold", "set", "--rater", "ann", "--rater", "bob"]);
    assert!(office.tokens["ann"] != office.tokens["bob"] && office.tokens["ann"].len() >= 32);
    drop(office);
    let mut child = lacuna
        .command(&["label", "--gold", "set", "--rater", "ann", "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut reader = serde_json::Deserializer::from_reader(child.stdout.take().unwrap()).into_iter::<Value>();
    let printed = reader.next().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((&printed["gold"], &printed["raters"][0]["rater"]), (&json!("set"), &json!("ann")));
    assert!(printed["raters"][0]["url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
}
