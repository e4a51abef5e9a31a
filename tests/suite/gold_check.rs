//! `lacuna gold check`: what it prints and when it fails. Each finding has unit tests beside its code.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set};

fn checked(lacuna: &Lacuna) -> Value {
    serde_json::from_str(&lacuna.run(&["gold", "check", "set", "--format", "json"])).unwrap()
}

fn codes(checked: &Value) -> Vec<&str> {
    checked["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[test]
fn a_set_with_faults_is_described_and_strict_refuses_it() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c1", json!(1), json!(0));
    set.example("b", "c2", json!(0), json!(1));
    set.rating("b", "Jane Doe", json!(0), json!(1));
    set.examples[1]["response"] = json!("\u{1b}[31m Severity: severe");
    set.write(&lacuna.path("set"));
    let checked = checked(&lacuna);
    assert_eq!(codes(&checked), ["rater_name", "near_duplicates", "label_words", "clusters_of_one"]);
    assert_eq!((&checked["examples"], &checked["axes"]["omission"]["positives"]), (&json!(2), &json!(1)));
    assert_eq!(checked["findings"][1]["ids"], json!(["a", "b"]));
    let text = lacuna.run(&["gold", "check", "set"]);
    assert!(text.starts_with("toy 1: 2 examples, 3 annotations by 2 raters, labels human\n"), "{text}");
    assert!(text.contains(
        "warning[near_duplicates]: 1 group of nearly the same prompt stands in different clusters\n  a, b\n  help: Examples of one scenario"
    ));
    assert!(!text.contains('\u{1b}') && text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let output = lacuna.output(&["gold", "check", "set", "--strict"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), text, "the findings are data");
    let said = lacuna.fail(3, &["gold", "check", "set", "--strict"]);
    assert_eq!(said, "error: 3 warnings, and --strict allows none\n");
}

#[test]
fn the_sets_of_this_repository_pass_strictly_with_notes_that_are_true() {
    let lacuna = Lacuna::new();
    // A layperson and a professional need not share a word with the control's neighbouring question.
    for (name, notes) in [
        ("lacuna-core", &["note[one_rater]: ", "note[cluster_of_several]: "][..]),
        ("lacuna-starter", &["note[one_rater]: "]),
    ] {
        let set = Path::new(env!("CARGO_MANIFEST_DIR")).join("gold_labels").join(name);
        let text = lacuna.run(&["gold", "check", set.to_str().unwrap(), "--strict"]);
        assert_eq!(text.matches("note[").count(), notes.len(), "{text}");
        assert!(notes.iter().all(|note| text.contains(note)) && !text.contains("warning"), "{text}");
    }
}

#[test]
fn a_set_without_annotations_is_refused() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c1", json!(1), json!(0));
    set.annotations.clear();
    set.write(&lacuna.path("set"));
    let said = lacuna.fail(3, &["gold", "check", "set"]);
    assert_eq!(said, "error: set/annotations.jsonl: holds no annotation; allowed: at least one annotation\n");
    let said = lacuna.fail(3, &["audit", "--gold", "set"]);
    assert!(said.contains("holds no annotation"), "{said}");
}

#[test]
fn a_broken_set_is_refused_before_any_finding() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c1", json!(9), json!(0));
    set.write(&lacuna.path("set"));
    fs::remove_file(lacuna.path("set/card.toml")).unwrap();
    let said = lacuna.fail(3, &["gold", "check", "set"]);
    assert!(said.contains("set/card.toml: cannot be read"), "{said}");
}
