//! What a shell, a pager and a program get from the command line: completions, man pages, JSON.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, verdict, write_judge};
use crate::provider::STARTER;

/// Runs a tool where there is one; its output has to be free of complaint.
fn accepts(tool: &str, arguments: &[&str], file: &Path) {
    let Ok(output) = Command::new(tool).args(arguments).arg(file).stdin(Stdio::null()).output() else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{tool} {arguments:?} {}: {said}", file.display());
}

#[test]
fn every_shell_gets_a_script_that_it_reads() {
    let lacuna = Lacuna::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = lacuna.run(&["completions", shell]);
        for word in ["gold", "show", "completions", "severity"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        let file = lacuna.path(shell);
        fs::write(&file, script).unwrap();
        match shell {
            "bash" | "zsh" => accepts(shell, &["-n"], &file),
            "fish" => accepts(shell, &["--no-execute"], &file),
            _ => {}
        }
    }
    lacuna.fail(2, &["completions", "cmd"]);
}

#[test]
fn every_command_has_a_man_page_that_groff_reads() {
    let lacuna = Lacuna::new();
    lacuna.run(&["man", "--out", "man1"]);
    let pages: Vec<_> = fs::read_dir(lacuna.path("man1")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(pages.len() > 12, "only {} pages", pages.len());
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        assert!(text.contains(".TH lacuna") && text.contains("Examples:"), "{}", page.display());
        accepts("groff", &["-man", "-ww", "-z", "-Tutf8", "-Kutf8"], page);
        accepts("mandoc", &["-T", "lint", "-W", "error"], page);
    }
    let page = |name: &str| fs::read_to_string(lacuna.path("man1").join(name)).unwrap();
    assert_eq!(lacuna.run(&["man"]), page("lacuna.1"));
    assert_eq!(lacuna.run(&["man", "gold", "show"]), page("lacuna-gold-show.1"));
    let said = lacuna.fail(3, &["man", "gold", "shwo"]);
    assert!(said.contains("COMMAND: found \"shwo\"; allowed: adjudicate, agreement, check, "), "{said}");
    let said = lacuna.fail(3, &["man", "--out", "man1"]);
    assert!(said.contains("man1: exists and holds other files"), "{said}");
}

#[test]
fn every_command_that_prints_data_prints_json() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    for index in 0..8 {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(index % 2), json!(index % 3 / 2));
    }
    set.write(&lacuna.path("set"));
    let answers: Vec<Value> = (0..8).map(|index| verdict("j", &format!("e{index}"), json!(0), json!(1))).collect();
    write_judge(&lacuna.path("set"), "j", "title = \"a\\u009bb\\u202ec\"\n", &answers);
    let read = |arguments: &[&str]| {
        let text = lacuna.run(arguments);
        assert!(text.ends_with("}\n") || text.ends_with("]\n"), "{arguments:?}: {text}");
        serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
    };
    assert_eq!(read(&["gold", "show", "set", "--format", "json"])["total"], 8);
    assert_eq!(read(&["gold", "check", "set", "--format", "json"])["examples"], 8);
    assert!(read(&["gold", "agreement", "set", "--judge", "set/judges", "--format", "json"]).is_object());
    assert!(read(&["judge", "list", "--format", "json"]).as_array().unwrap().len() > 4);
    let listed = ["judge", "list", "--judge", "set/judges", "--format", "json"];
    assert_eq!(read(&listed)[0]["title"], "a\u{9b}b\u{202e}c");
    assert!(lacuna.run(&listed).contains("a\\u009bb\\u202ec"));
    assert_eq!(
        read(&["gold", "split", "set", "--out", "parts", "--format", "json"])["parts"].as_array().unwrap().len(),
        2
    );
    assert!(read(&["schema", "example"])["properties"]["id"].is_object());
    let settings = read(&["audit", "--gold", "set", "--seed", "7", "--show-config", "--format", "json"]);
    assert_eq!(settings["seed"], json!({"value": 7, "from": "flag"}));
    assert_eq!(settings["gold"], json!({"value": ["set"], "from": "flag"}));
    assert_eq!(settings["thresholds"]["omission"], json!({"value": null, "from": "default"}));
    assert!(!lacuna.path("reports").exists());
    let evaluation = read(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r", "--format", "json"]);
    assert_eq!(evaluation, lacuna.json("r/evaluation.json"));
}

#[test]
fn an_import_says_in_json_what_it_wrote() {
    let lacuna = Lacuna::new();
    fs::create_dir(lacuna.path("x")).unwrap();
    for (name, column) in [("gpteval", "gpt4_label"), ("streval", "strmatch_label")] {
        let table = format!(
            "id,type,prompt,completion,annotation_1,annotation_2,agreement,final_label,{column}\n\
             v2-1,homonyms,p,c,1_full_compliance,1_full_compliance,True,1_full_compliance,1_full_compliance\n"
        );
        fs::write(lacuna.path(&format!("x/xstest_v2_completions_s_{name}.csv")), table).unwrap();
    }
    let text = lacuna.run(&["gold", "import", "xstest", "--from", "x", "--out", "g", "--format", "json"]);
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(written["examples"], 1);
    assert_eq!(written["judges"], json!({"gpt4": 1, "string-match": 1}));
    assert_eq!(written["label_source"], "human");
}

#[test]
fn a_path_cannot_drive_the_terminal() {
    let lacuna = Lacuna::new();
    let output = lacuna.output(&["audit", "--gold", STARTER, "--out", "a\u{1b}[2J\u{202e}"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success());
    assert!(said.contains("report: a\\u{1b}[2J\\u{202e}") && !said.contains('\u{1b}'), "{said:?}");
}
