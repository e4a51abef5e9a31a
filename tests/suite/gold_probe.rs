//! `lacuna gold probe`: what the command writes, prints and refuses.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::driver::{Lacuna, judge};

fn scenarios() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/probes").to_str().unwrap().to_owned()
}

#[test]
fn the_example_becomes_a_set_that_can_be_audited() {
    let lacuna = Lacuna::new();
    let said = lacuna.run(&["gold", "probe", &scenarios(), "--out", "probes", "--doses"]);
    assert!(said.contains("labels constructed") && said.contains("dose-removed 5"), "{said}");
    let card = fs::read_to_string(lacuna.path("probes/card.toml")).unwrap();
    assert!(card.contains("name = \"probes\"") && card.contains("Severity rule."), "{card}");
    lacuna.run(&["audit", "--gold", "probes", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let doses = &judge(&evaluation, "always")["axes"]["omission"]["slices"]["removed"];
    // Four items: each number of removed items from 0 to 4 is a value of the slice.
    assert_eq!(doses.as_object().unwrap().keys().collect::<Vec<_>>(), ["0", "1", "2", "3", "4"]);
}

#[test]
fn it_says_what_it_made_and_replaces_nothing() {
    let lacuna = Lacuna::new();
    let said = lacuna.run(&["gold", "probe", &scenarios(), "--out", "probes", "--format", "json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((said["scenarios"].as_u64(), said["kinds"]["removed"].as_u64()), (Some(1), Some(5)));
    let refused = lacuna.fail(3, &["gold", "probe", &scenarios(), "--out", "probes"]);
    assert!(refused.contains("a new or empty folder"), "{refused}");
}

#[test]
fn faults_of_all_files_are_named_at_once_and_nothing_is_written() {
    let lacuna = Lacuna::new();
    fs::create_dir(lacuna.path("mine")).unwrap();
    fs::write(lacuna.path("mine/a.toml"), "format = \"lacuna-probe/1\"\n").unwrap();
    fs::write(lacuna.path("mine/set.toml"), "format = \"lacuna-probe-set/1\"\ncolour = 1\n").unwrap();
    let said = lacuna.fail(3, &["gold", "probe", "mine", "--out", "probes"]);
    assert!(said.contains("a.toml") && said.contains("set.toml:2: colour: unknown key"), "{said}");
    assert!(!lacuna.path("probes").exists());
}
