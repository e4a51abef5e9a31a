//! Gates: limits that the intervals of estimates have to keep to, in an audit and on its own.

use std::fs;

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, verdict, write_judge};

/// Forty examples in twenty clusters, half of them positives on each axis; the judge `sharp` misses one, `dull` most.
fn project(gates: &str) -> Lacuna {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    let (mut sharp, mut dull) = (Vec::new(), Vec::new());
    for index in 0..40 {
        let id = format!("e{index:02}");
        let harm = index % 2;
        set.example(&id, &format!("c{:02}", index / 2), json!(harm), json!(harm));
        let seen = |all_but: usize| if index < 2 * all_but { 0 } else { harm };
        sharp.push(verdict("sharp", &id, json!(seen(1)), json!(harm)));
        dull.push(verdict("dull", &id, json!(seen(15)), json!(harm)));
    }
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "sharp", "", &sharp);
    write_judge(&lacuna.path("set"), "dull", "", &dull);
    let file = format!("format = \"lacuna-audit/1\"\ngold = [\"set\"]\nout = \"r\"\n{gates}");
    fs::write(lacuna.path("lacuna.toml"), file).unwrap();
    lacuna
}

const MET: &str = "\n[[gates]]\njudge = \"sharp\"\nestimate = \"omission.recall\"\nat_least = 0.6\n";
const UNMET: &str = "\n[[gates]]\nestimate = \"omission.recall\"\nat_least = 0.6\n";

fn outcomes(gates: &Value) -> Vec<(&str, &str)> {
    gates["gates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gate| (gate["judge"].as_str().unwrap_or(""), gate["outcome"].as_str().unwrap()))
        .collect()
}

#[test]
fn an_audit_holds_the_gates_of_its_file_and_its_report_tells_what_came_of_them() {
    let lacuna = project(&format!("{MET}{UNMET}"));
    let output = lacuna.output(&["audit"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("error: 1 of 3 gates not met"), "{said}");
    let gates = lacuna.json("r/gates.json");
    assert_eq!(gates["met"], json!(false));
    assert_eq!(outcomes(&gates), [("sharp", "met"), ("sharp", "met"), ("dull", "not_met")]);
    let recall = &lacuna.json("r/evaluation.json")["judges"][0]["axes"]["omission"]["recall"];
    for key in ["n", "clusters", "missing", "method"] {
        assert_eq!(gates["gates"][0]["found"][key], recall[key], "{key}");
    }
    for key in ["value", "lower", "upper", "level"] {
        assert_eq!(gates["gates"][0]["found"][key].as_f64(), recall[key].as_f64(), "{key}");
    }
    let page = fs::read_to_string(lacuna.path("r/index.html")).unwrap();
    assert!(page.contains("1 of 3 gates not met.") && page.contains("<code>omission.recall &gt;= 0.6</code>"));
    let report = fs::read_to_string(lacuna.path("r/report.md")).unwrap();
    assert!(report.contains("## Gates") && report.contains("NOT MET"), "{report}");
    let table = fs::read_to_string(lacuna.path("r/tables/gates.csv")).unwrap();
    assert!(table.lines().nth(3).unwrap().starts_with("dull,omission.recall,0.6,,not_met,"), "{table}");
    // Drawn again, they are still there; audited again, the report is replaced.
    lacuna.run(&["report", "--evaluation", "r/evaluation.json", "--out", "again"]);
    assert_eq!(lacuna.json("again/gates.json"), gates);
    assert_eq!(fs::read(lacuna.path("again/report.md")).unwrap(), report.as_bytes());
    lacuna.fail(5, &["audit"]);
}

#[test]
fn an_audit_whose_gates_are_met_is_done() {
    let lacuna = project(MET);
    lacuna.run(&["audit"]);
    assert_eq!(lacuna.json("r/gates.json")["met"], json!(true));
    let lacuna = project("");
    lacuna.run(&["audit"]);
    assert!(!lacuna.path("r/gates.json").exists());
    assert!(!fs::read_to_string(lacuna.path("r/index.html")).unwrap().contains("id=\"gates\""));
}

#[test]
fn a_report_is_held_later_by_file_or_by_flag() {
    let lacuna = project(MET);
    lacuna.run(&["audit"]);
    assert!(lacuna.run(&["gate"]).contains("All of 1 gate met."));
    assert!(lacuna.run(&["gate", "r"]).contains("measured against HUMAN LABELS"));
    // A flag takes the place of the file's gates.
    let said = lacuna.fail(5, &["gate", "r/evaluation.json", "--gate", "dull: recall_gap >= -0.1"]);
    assert!(said.contains("1 of 1 gates not met"), "{said}");
    let output =
        lacuna.output(&["gate", "r", "--format", "json", "--gate", "omission.recall<=0.5", "--gate", "asked >= 40"]);
    assert_eq!(output.status.code(), Some(5));
    let gates: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(gates["format"], "lacuna-gates/1");
    let all = [("sharp", "not_met"), ("dull", "met"), ("sharp", "met"), ("dull", "met")];
    assert_eq!(outcomes(&gates).iter().map(|gate| gate.1).filter(|outcome| *outcome == "met").count(), 3, "{gates}");
    assert_eq!(outcomes(&gates), all);
}

#[test]
fn what_these_data_do_not_show_does_not_pass() {
    let lacuna = project("");
    lacuna.run(&["audit"]);
    let output = lacuna.output(&["gate", "r", "--gate", "sharp: omission.recall >= 0.95", "--format", "json"]);
    assert_eq!(output.status.code(), Some(5));
    let gates: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcomes(&gates), [("sharp", "not_shown")], "{gates}");
    assert!(gates["gates"][0]["found"]["value"].as_f64().unwrap() >= 0.95, "the value alone would pass: {gates}");
}

#[test]
fn a_gate_that_names_what_is_not_there_is_told_with_its_line_and_the_report_is_kept() {
    let lacuna = project(&format!("{MET}\n[[gates]]\nestimate = \"omission.recal\"\nat_least = 0.5\n"));
    let said = lacuna.fail(3, &["audit"]);
    assert!(said.contains("lacuna.toml:10: gates: found no recal in axes.omission; allowed: "), "{said}");
    assert!(lacuna.path("r/index.html").exists() && !lacuna.path("r/gates.json").exists());
    let said = lacuna.fail(3, &["gate", "r"]);
    assert!(said.contains("lacuna.toml:10: gates: found no recal"), "{said}");
    let said = lacuna.fail(3, &["gate", "r", "--gate", "nobody: recall_gap >= 0"]);
    assert!(said.contains("--gate: nobody: recall_gap >= 0: found no judge \"nobody\"; allowed: "), "{said}");
    let said = lacuna.fail(2, &["gate", "r", "--gate", "recall_gap > 0"]);
    assert!(said.contains("allowed: `[JUDGE: ]ESTIMATE >= NUMBER`"), "{said}");
}

#[test]
fn a_gate_without_a_limit_is_refused_before_anything_is_measured() {
    let lacuna = project("\n[[gates]]\nestimate = \"omission.recall\"\n");
    let said = lacuna.fail(3, &["audit"]);
    assert!(said.contains("lacuna.toml:") && said.contains("found no limit; allowed: `at_least`"), "{said}");
    assert!(!lacuna.path("r").exists());
}

#[test]
fn without_gates_or_a_report_it_says_what_it_needs() {
    let lacuna = project("");
    let said = lacuna.fail(3, &["gate", "r"]);
    assert!(said.contains("found no gate, and no [[gates]] in an audit file"), "{said}");
    let said = lacuna.fail(3, &["gate", "nowhere", "--gate", "recall_gap >= 0"]);
    assert!(said.contains("nowhere"), "{said}");
    fs::write(lacuna.path("other.json"), "{\"format\": \"lacuna-manifest/1\"}").unwrap();
    let said = lacuna.fail(3, &["gate", "other.json", "--gate", "recall_gap >= 0"]);
    assert!(said.contains("other.json:1: format: found \"lacuna-manifest/1\"; allowed: "), "{said}");
}

#[test]
fn a_change_between_two_runs_is_held_like_an_audit() {
    let lacuna = project("");
    let change = lacuna.run(&[
        "compare",
        "--gold",
        "set",
        "--paired",
        "set/judges/sharp.toml",
        "set/judges/dull.toml",
        "--format",
        "json",
    ]);
    fs::write(lacuna.path("change.json"), &change).unwrap();
    let change: Value = serde_json::from_str(&change).unwrap();
    let (path, difference) = first_estimate(&change["change"], "change").expect("an estimate");
    let lower = difference["lower"].as_f64().unwrap();
    lacuna.run(&["gate", "change.json", "--gate", &format!("{path} >= {}", lower - 0.01)]);
    lacuna.fail(5, &["gate", "change.json", "--gate", &format!("{path} >= {}", lower + 0.01)]);
}

/// The first estimate with an interval, and its path.
fn first_estimate<'a>(value: &'a Value, path: &str) -> Option<(String, &'a Value)> {
    if value["lower"].is_number() && value["method"].is_string() {
        return Some((path.to_owned(), value));
    }
    match value {
        Value::Object(object) => object.iter().find_map(|(key, value)| first_estimate(value, &format!("{path}.{key}"))),
        Value::Array(list) => {
            list.iter().enumerate().find_map(|(place, value)| first_estimate(value, &format!("{path}[{place}]")))
        }
        _ => None,
    }
}
