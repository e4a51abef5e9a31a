//! Every method against the oracle files of `tests/fixtures/reference` and, if set, of the folder in `LACUNA_REFERENCE_DIR`.
//!
//! A file names a method, a tolerance and cases of input and expected values. A case is run by its method name, and every
//! expected field is compared: `|a - b| <= abs + rel * max(1, |b|)`, null only with null. A method that nobody runs, or an expected
//! field that is missing from our answer, is a failure; fields of ours beyond the expected ones are not looked at.
//! One file an area translates JSON to the typed functions and back.

mod agreement;
mod bias;
mod calibration;
mod compare;
mod consequences;
mod dose;
mod fields;
mod proportions;
mod raters;
mod sequential;
mod smooth;

use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The areas, each of which answers for the methods it knows.
const AREAS: [fn(&str, &Value) -> Option<Value>; 9] = [
    proportions::run,
    agreement::run,
    compare::run,
    calibration::run,
    consequences::run,
    raters::run,
    sequential::run,
    bias::run,
    dose::run,
];

#[derive(Deserialize)]
struct ReferenceFile {
    method: String,
    tolerance: Tolerance,
    cases: Vec<Case>,
}

#[derive(Deserialize, Clone, Copy)]
struct Tolerance {
    abs: f64,
    rel: f64,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    input: Value,
    expected: Value,
}

/// What was compared, and where it differed.
#[derive(Default)]
struct Tally {
    cases: usize,
    fields: usize,
    unknown: Vec<String>,
    differences: Vec<String>,
}

impl Tally {
    fn file(&mut self, file: &ReferenceFile) {
        for case in &file.cases {
            let Some(found) = AREAS.iter().find_map(|run| run(&file.method, &case.input)) else {
                self.unknown.push(file.method.clone());
                return;
            };
            self.cases += 1;
            self.compare(&format!("{}/{}", file.method, case.name), &found, &case.expected, file.tolerance);
        }
    }

    fn compare(&mut self, place: &str, found: &Value, expected: &Value, tolerance: Tolerance) {
        match (found, expected) {
            (Value::Object(found), Value::Object(expected)) => {
                for (key, expected) in expected {
                    match found.get(key) {
                        Some(found) => self.compare(&format!("{place}.{key}"), found, expected, tolerance),
                        None => self.differences.push(format!("{place}.{key}: not compared")),
                    }
                }
            }
            (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
                for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                    self.compare(&format!("{place}[{index}]"), found, expected, tolerance);
                }
            }
            _ => {
                self.fields += 1;
                if !same(found, expected, tolerance) {
                    self.differences.push(format!("{place}: {found}, expected {expected}"));
                }
            }
        }
    }
}

/// Whether two leaves agree.
fn same(found: &Value, expected: &Value, tolerance: Tolerance) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance.abs + tolerance.rel * b.abs().max(1.0),
        _ => found == expected,
    }
}

/// The JSON files of a folder in the order of their names.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

#[test]
fn every_method_agrees_with_its_reference_file() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/reference")];
    folders.extend(std::env::var_os("LACUNA_REFERENCE_DIR").map(PathBuf::from));
    let mut tally = Tally::default();
    for folder in folders {
        let files = json_files(&folder);
        assert!(!files.is_empty(), "{} holds no reference file", folder.display());
        for path in files {
            let text = std::fs::read_to_string(&path).unwrap();
            let file = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            tally.file(&file);
        }
    }
    println!("compared {} cases, {} fields", tally.cases, tally.fields);
    assert!(
        tally.differences.is_empty() && tally.unknown.is_empty(),
        "compared {} cases, {} fields\nunknown methods: {}\n{} differences:\n{}",
        tally.cases,
        tally.fields,
        tally.unknown.join(", "),
        tally.differences.len(),
        tally.differences.join("\n")
    );
}

#[test]
fn the_comparison_sees_what_differs() {
    let tolerance = Tolerance { abs: 1e-9, rel: 1e-9 };
    let differences = |found: &str, expected: &str| {
        let mut tally = Tally::default();
        let [found, expected] = [found, expected].map(|text| serde_json::from_str::<Value>(text).unwrap());
        tally.compare("case", &found, &expected, tolerance);
        tally.differences.len()
    };
    assert_eq!(differences(r#"{"p": 0.5, "extra": 1}"#, r#"{"p": 0.5000000001}"#), 0);
    assert_eq!(differences(r#"{"p": 0.5}"#, r#"{"p": 0.50001}"#), 1);
    assert_eq!(differences(r#"{"p": 0.5}"#, r#"{"p": null}"#), 1);
    assert_eq!(differences(r#"{"p": null}"#, r#"{"p": 0.0}"#), 1);
    assert_eq!(differences(r#"{}"#, r#"{"p": null}"#), 1);
    assert_eq!(differences("[1, 2]", "[1]"), 1);
    assert_eq!(differences("[1, null]", "[1, 2]"), 1);
}
