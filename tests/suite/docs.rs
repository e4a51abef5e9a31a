//! Documents that must move with the code: findings, schemas, definitions, the README's commands, the example report.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lacuna::findings::FindingCode;
use lacuna::gold::LintCode;
use serde_json::Value;

use crate::driver::{Lacuna, bundled};

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(root(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_finding_has_an_entry() {
    let text = read("docs/findings.md");
    for code in FindingCode::ALL {
        assert!(text.contains(&format!("## `{}`", code.name())), "{} has no entry", code.name());
        assert!(!code.help().is_empty());
    }
    let entries = text.lines().filter(|line| line.starts_with("## `")).count();
    assert_eq!(entries, FindingCode::ALL.len(), "an entry has no code");
}

#[test]
fn every_lint_has_an_entry() {
    let text = read("docs/lints.md");
    for code in LintCode::ALL {
        assert!(text.contains(&format!("## `{}`", code.name())), "{} has no entry", code.name());
    }
    let entries = text.lines().filter(|line| line.starts_with("## `")).count();
    assert_eq!(entries, LintCode::ALL.len(), "an entry has no code");
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let lacuna = Lacuna::new();
    for name in [
        "audit",
        "card",
        "example",
        "annotation",
        "judge",
        "verdict",
        "evaluation",
        "manifest",
        "mapping",
        "probe",
        "probe-set",
        "keys",
        "labelling",
        "gates",
        "lock",
    ] {
        let printed = lacuna.run(&["schema", name]);
        let committed = read(&format!("docs/schemas/{name}.schema.json"));
        assert!(printed == committed, "docs/schemas/{name}.schema.json is not what `lacuna schema {name}` prints");
    }
}

/// Names of the fields of the evaluation, from its schema.
fn fields(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                if key == "properties" {
                    found.extend(value.as_object().unwrap().keys().cloned());
                }
                fields(value, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

/// Names that have an entry: those in backticks in the first column of a table.
fn entries(text: &str) -> BTreeSet<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix('|')?.split('|').next())
        .flat_map(|column| column.split('`').skip(1).step_by(2))
        .collect()
}

/// Names without an entry.
fn undefined<'a>(text: &str, names: &'a [String]) -> Vec<&'a String> {
    let defined = entries(text);
    names.iter().filter(|name| !defined.contains(name.as_str())).collect()
}

#[test]
fn every_field_of_the_evaluation_has_its_entry() {
    let text = read("docs/statistics.md");
    let schema: Value = serde_json::from_str(&read("docs/schemas/evaluation.schema.json")).unwrap();
    let mut names = Vec::new();
    fields(&schema, &mut names);
    names.sort();
    names.dedup();
    assert!(names.len() > 80, "only {} fields were found", names.len());
    assert_eq!(undefined(&text, &names), Vec::<&String>::new(), "docs/statistics.md has no entry for these");
    for name in &names {
        let others = text.lines().filter(|line| !entries(line).contains(name.as_str()));
        let without = others.collect::<Vec<_>>().join("\n");
        assert!(undefined(&without, &names).contains(&name), "nobody would notice that {name} lost its entry");
    }
}

#[test]
fn every_key_of_a_mapping_is_documented() {
    let text = read("docs/mapping.md");
    let schema: Value = serde_json::from_str(&read("docs/schemas/mapping.schema.json")).unwrap();
    let mut names = Vec::new();
    fields(&schema, &mut names);
    names.sort();
    names.dedup();
    assert!(names.len() > 70, "only {} keys were found", names.len());
    let is_there = |name: &&String| {
        [format!("`{name}`"), format!("`[{name}]`"), format!("`[[{name}]]`")].iter().any(|form| text.contains(form))
    };
    let missing: Vec<&String> = names.iter().filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "docs/mapping.md does not name {missing:?}");
}

/// The schemas are generated from the types, and the types refuse unknown keys: what they read and write again without a
/// difference follows its schema.
#[test]
fn the_evaluation_follows_its_types() {
    let text = fs::read_to_string(bundled().report().join("evaluation.json")).unwrap();
    let evaluation: lacuna::measure::Evaluation = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string_pretty(&evaluation).unwrap() + "\n", text);
    assert!(!text.contains("NaN") && !text.contains("inf"));
    let broken = text.replacen("\"asked\": 1504", "\"asked\": \"many\"", 1);
    assert_ne!(broken, text);
    assert!(serde_json::from_str::<lacuna::measure::Evaluation>(&broken).is_err());
}

#[test]
fn the_readme_holds_the_two_commands_that_ci_runs() {
    let (readme, ci) = (read("README.md"), read(".ci/run"));
    for command in ["cargo run -- audit", "cargo test"] {
        assert!(readme.contains(command), "README: {command}");
        assert!(ci.contains(command), ".ci/run: {command}");
    }
}

#[test]
fn the_committed_example_report_is_what_the_audit_makes() {
    for file in [
        "evaluation.json",
        "index.html",
        "figures/blindness.svg",
        "figures/severity_response.svg",
        "figures/confusion.svg",
        "tables/metrics.csv",
    ] {
        let made = fs::read_to_string(bundled().report().join(file)).unwrap();
        assert!(
            made == read(&format!("reports/example/{file}")),
            "reports/example/{file} is out of date: run .ci/refresh"
        );
    }
}
