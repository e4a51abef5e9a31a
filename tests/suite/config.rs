//! `lacuna.toml`: what it sets, what overrides it, and how it fails.

use std::fs;

use serde_json::json;

use crate::driver::{Lacuna, Set, verdict, write_judge};

/// A folder with a set, a judge and an audit file.
fn project(config: &str) -> Lacuna {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    for index in 0..6 {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(index % 3), json!(index % 2));
    }
    set.write(&lacuna.path("set"));
    let verdicts: Vec<_> = (0..6).map(|index| verdict("j", &format!("e{index}"), json!(index % 2), json!(0))).collect();
    write_judge(&lacuna.path("set"), "j", "", &verdicts);
    fs::write(lacuna.path("lacuna.toml"), format!("format = \"lacuna-audit/1\"\n{config}")).unwrap();
    lacuna
}

const CONFIG: &str =
    "gold = [\"set\"]\njudges = [\"set/judges\"]\nout = \"r\"\nseed = 9\nlevel = 0.9\n\n[thresholds]\nomission = 2\n";

#[test]
fn the_file_in_the_working_folder_is_read() {
    let lacuna = project(CONFIG);
    lacuna.run(&["audit"]);
    let evaluation = lacuna.json("r/evaluation.json");
    assert_eq!(
        evaluation["settings"],
        json!({
            "seed": 9, "level": 0.9, "thresholds": {"omission": 2, "commission": 1}, "margin": 0.1, "resamples": 9999,
            "primary": {"metric": "youden_j", "axis": "omission"},
        })
    );
    assert_eq!(evaluation["judges"].as_array().unwrap().len(), 1);
}

#[test]
fn flags_override_it_and_show_config_says_so() {
    let lacuna = project(CONFIG);
    let shown = lacuna.run(&["audit", "--show-config", "--seed", "3", "--omission-threshold", "1"]);
    let origin = |key: &str| {
        let line = shown.lines().find(|line| line.starts_with(key)).unwrap();
        line.rsplit('(').next().unwrap().trim_end_matches(')').to_owned()
    };
    assert_eq!(origin("gold"), "lacuna.toml:2");
    assert_eq!(origin("seed"), "flag");
    assert_eq!(origin("level"), "lacuna.toml:6");
    assert_eq!(origin("thresholds.omission"), "flag");
    assert_eq!(origin("thresholds.commission"), "default");
    assert!(!lacuna.path("r").exists(), "nothing is audited");
    lacuna.run(&["audit", "--seed", "3"]);
    assert_eq!(lacuna.json("r/evaluation.json")["settings"]["seed"], 3);
}

#[test]
fn another_file_is_named_and_its_paths_are_its_own() {
    let lacuna = project("gold = [\"nowhere\"]\n");
    fs::create_dir(lacuna.path("deep")).unwrap();
    fs::write(
        lacuna.path("deep/a.toml"),
        format!("format = \"lacuna-audit/1\"\n{}", CONFIG.replace("\"set", "\"../set")),
    )
    .unwrap();
    lacuna.run(&["audit", "--config", "deep/a.toml"]);
    assert!(lacuna.path("deep/r/index.html").exists());
}

#[test]
fn texts_are_withheld_where_the_file_says_so() {
    let lacuna = project(&format!("texts = \"withhold\"\n{CONFIG}"));
    lacuna.run(&["audit"]);
    assert_eq!(lacuna.json("r/evaluation.json")["gold"]["texts"], "withhold");
}

#[test]
fn figures_are_written_in_the_forms_that_file_or_flag_ask_for() {
    let lacuna = project(&format!("figures = [\"pdf\"]\n{CONFIG}"));
    let endings = || {
        let files = fs::read_dir(lacuna.path("r/figures")).unwrap();
        let ending = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().path().extension().unwrap().to_owned();
        files.map(ending).collect::<std::collections::BTreeSet<_>>()
    };
    let shown = lacuna.run(&["audit", "--show-config"]);
    assert!(
        shown.lines().any(|line| line.starts_with("figures ") && line.ends_with("svg, pdf  (lacuna.toml:2)")),
        "{shown}"
    );
    lacuna.run(&["audit"]);
    assert_eq!(endings().into_iter().collect::<Vec<_>>(), ["pdf", "svg"]);
    // The flag takes the place of the file, and a report with PDF is replaced like any other.
    lacuna.run(&["audit", "--figures", "png,svg"]);
    assert_eq!(endings().into_iter().collect::<Vec<_>>(), ["png", "svg"]);
}

#[test]
fn a_fault_is_named_with_its_line() {
    for (config, expected) in [
        ("tempo = 1\n", "lacuna.toml:2: tempo: unknown key; allowed: `format`, `gold`"),
        ("seed = \"x\"\n", "lacuna.toml:2: seed: found string \"x\"; allowed: a whole number from 0"),
        ("gold = []\n", "lacuna.toml:2: gold: found an empty list; allowed: paths, or no such key"),
        ("level = 2.0\n", "lacuna.toml:2: level: found 2; allowed: a number above 0.5 and below 1"),
        ("\n[thresholds]\nomission = 9\n", "lacuna.toml:4: omission: found 9; allowed: 1 to 4 on the scale of"),
        ("gold = [\"nowhere\"]\n", "nowhere: no such folder"),
        ("figures = [\"gif\"]\n", "lacuna.toml:2: figures: found `gif`; allowed: `svg`, `png`, `pdf`"),
    ] {
        let said = project(config).fail(3, &["audit", "--out", "r"]);
        assert!(said.contains(expected), "expected {expected:?} in:\n{said}");
    }
    let lacuna = Lacuna::new();
    fs::write(lacuna.path("lacuna.toml"), "format = \"lacuna-audit/7\"\n").unwrap();
    let said = lacuna.fail(3, &["audit"]);
    assert!(said.contains("lacuna.toml:1: format: found \"lacuna-audit/7\"; allowed: \"lacuna-audit/1\""), "{said}");
}
