//! A lock: the analysis written down before the verdicts are there, and an audit that keeps to it or says what deviates.

use std::fs;

use serde_json::json;

use crate::driver::{Lacuna, Set, lines, verdict, write_judge};

/// A set and a recorded judge whose verdicts are still to come.
fn project() -> Lacuna {
    let lacuna = Lacuna::new().with_variable("SOURCE_DATE_EPOCH", "1767312000");
    let mut set = Set::new();
    for index in 0..8 {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(index % 2), json!(index % 2));
    }
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &[]);
    fs::remove_file(lacuna.path("set/verdicts/j.jsonl")).unwrap();
    let file = "format = \"lacuna-audit/1\"\ngold = [\"set\"]\njudges = [\"set/judges\"]\nout = \"r\"\nseed = 9\n\n[[gates]]\n\
                estimate = \"omission.recall\"\nat_least = 0.1\n";
    fs::write(lacuna.path("lacuna.toml"), file).unwrap();
    lacuna
}

fn record(lacuna: &Lacuna) {
    let verdicts: Vec<_> = (0..8).map(|index| verdict("j", &format!("e{index}"), json!(index % 2), json!(0))).collect();
    fs::write(lacuna.path("set/verdicts/j.jsonl"), lines(&verdicts)).unwrap();
}

fn methods(lacuna: &Lacuna) -> String {
    fs::read_to_string(lacuna.path("r/methods.md")).unwrap().replace('\\', "")
}

#[test]
fn an_audit_that_keeps_to_its_lock_says_so() {
    let lacuna = project();
    let printed = lacuna.run(&["lock"]);
    let digest = printed.split_whitespace().next().unwrap();
    assert_eq!(digest.len(), 64, "{printed}");
    record(&lacuna);
    lacuna.run(&["audit"]);
    let lock = &lacuna.json("r/manifest.json")["lock"];
    assert_eq!(*lock, json!({"sha256": digest, "locked": "2026-01-02", "recorded_before": [], "deviations": []}));
    let text = methods(&lacuna);
    assert!(text.contains("were locked on 2026-01-02, before verdicts of any judge were recorded"), "{text}");
    assert!(text.contains(digest) && text.contains("This audit keeps to it."), "{text}");
    // Drawn again, the report still says so.
    lacuna.run(&["report", "--evaluation", "r/evaluation.json", "--out", "again"]);
    assert_eq!(fs::read(lacuna.path("again/methods.md")).unwrap(), fs::read(lacuna.path("r/methods.md")).unwrap());
}

#[test]
fn what_deviates_is_refused_and_told_where_it_is_allowed() {
    let lacuna = project();
    lacuna.run(&["lock"]);
    record(&lacuna);
    let settings = fs::read_to_string(lacuna.path("lacuna.toml")).unwrap();
    fs::write(lacuna.path("lacuna.toml"), settings.replace("at_least = 0.1", "at_least = 0.05")).unwrap();
    let annotations = fs::read_to_string(lacuna.path("set/annotations.jsonl")).unwrap();
    fs::write(lacuna.path("set/annotations.jsonl"), annotations.replacen("\"omission\":1", "\"omission\":0", 1))
        .unwrap();
    let said = lacuna.fail(3, &["audit", "--seed", "8", "--omission-threshold", "2"]);
    for deviation in [
        "lacuna.lock: seed: locked 9, found 8; allowed: what was locked, or --deviate",
        "gates: locked omission.recall >= 0.1, found omission.recall >= 0.05",
        "threshold of omission: locked 1, found 2",
        "\"set/annotations.jsonl\" is another",
    ] {
        assert!(said.contains(deviation), "{deviation}: {said}");
    }
    assert!(!lacuna.path("r").exists());
    lacuna.run(&["audit", "--deviate"]);
    let text = methods(&lacuna);
    assert!(text.contains("THIS AUDIT DEVIATES FROM IT: gates: locked"), "{text}");
    let deviations = lacuna.json("r/manifest.json")["lock"]["deviations"].as_array().unwrap().len();
    assert_eq!(deviations, 2, "the gate and the labels");
}

#[test]
fn judges_that_come_go_or_change_deviate_and_recorded_verdicts_have_to_stay() {
    let lacuna = project();
    record(&lacuna);
    lacuna.run(&["lock"]);
    let verdicts = fs::read_to_string(lacuna.path("set/verdicts/j.jsonl")).unwrap();
    fs::write(lacuna.path("set/verdicts/j.jsonl"), verdicts.replacen("\"omission\":1", "\"omission\":0", 1)).unwrap();
    write_judge(&lacuna.path("set"), "k", "", &[verdict("k", "e0", json!(0), json!(0))]);
    let said = lacuna.fail(3, &["audit"]);
    assert!(said.contains("j: its recorded verdicts are others"), "{said}");
    assert!(said.contains("the judge \"k\" was not locked"), "{said}");
    fs::write(lacuna.path("set/verdicts/j.jsonl"), verdicts).unwrap();
    fs::remove_file(lacuna.path("set/judges/k.toml")).unwrap();
    lacuna.run(&["audit"]);
    assert!(methods(&lacuna).contains("when verdicts of j were recorded already"), "{}", methods(&lacuna));
}

#[test]
fn a_lock_is_never_written_over_and_reads_strictly() {
    let lacuna = project();
    lacuna.run(&["lock"]);
    let before = fs::read(lacuna.path("lacuna.lock")).unwrap();
    let said = lacuna.fail(3, &["lock"]);
    assert!(said.contains("lacuna.lock: is there already"), "{said}");
    assert_eq!(fs::read(lacuna.path("lacuna.lock")).unwrap(), before);
    record(&lacuna);
    fs::write(lacuna.path("lacuna.lock"), "format = \"lacuna-lock/2\"\n").unwrap();
    assert!(lacuna.fail(3, &["audit"]).contains("lacuna.lock"));
}

#[test]
fn without_an_audit_file_there_is_nothing_to_lock() {
    let lacuna = Lacuna::new();
    assert!(lacuna.fail(3, &["lock"]).contains("allowed: an audit file"));
}
