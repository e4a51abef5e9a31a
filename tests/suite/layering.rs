//! House rules that fail the build: who may import whom, who may touch what, how long a file may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the bottom up; a module imports only modules before it.
const ORDER: [&str; 12] =
    ["model", "stats", "table", "gold", "judge", "run", "measure", "findings", "report", "stub", "label", "cli"];
const LONGEST_FILE: usize = 600;

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files
}

/// The module a source file belongs to: the first folder below `src`.
fn module(path: &Path) -> Option<String> {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_str().unwrap();
    ORDER.contains(&first).then(|| first.to_owned())
}

/// The modules named after `crate::` in code, groups such as `crate::{a, b}` included; comments and doc examples are
/// passed over.
fn imports(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split('}').next().unwrap();
            found.extend(group.split(',').filter_map(|part| part.trim().split("::").next().map(str::to_owned)));
        } else {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

#[test]
fn the_scan_sees_imports_in_all_their_forms() {
    let text = "use crate::gold::Set;\nlet x = crate::cli::main();\nuse crate::{model::A, report::B};\n// crate::run\n";
    assert_eq!(imports(text), ["gold", "cli", "model", "report"]);
}

#[test]
fn a_module_imports_only_modules_above_it() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for (path, text) in sources() {
        let Some(own) = module(&path) else { continue };
        seen += 1;
        let rank = ORDER.iter().position(|name| *name == own).unwrap();
        for import in imports(&text) {
            let Some(other) = ORDER.iter().position(|name| *name == import) else { continue };
            let pure = own == "stats" || own == "model";
            if other > rank || (pure && other != rank) {
                faults.push(format!("{} imports {import}", path.display()));
            }
        }
    }
    assert!(seen > 50, "only {seen} sources were read");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_tool_has_its_place() {
    let rules: [(&str, &[&str]); 13] = [
        ("polars::", &["table"]),
        ("polars_parquet_format::", &["table"]),
        ("clap::", &["cli"]),
        ("plotters::", &["report"]),
        ("minijinja::", &["judge", "report"]),
        ("axum::", &["stub", "label"]),
        ("tokio::", &["run", "stub", "label", "cli"]),
        ("async fn", &["run", "stub", "label", "cli"]),
        ("SystemTime", &["cli"]),
        ("Instant::now", &["run", "cli"]),
        ("std::env::", &["cli"]),
        ("println!", &[]),
        // The lock beside the ledger is a file of the system, not of the database. Raters' files are written as they answer.
        ("std::fs", &["gold", "judge", "cli", "run/ledger.rs", "label/rater_file.rs", "label/plan_file.rs"]),
    ];
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let Some(own) = module(&path) else { continue };
        // The unit tests at the end of a file, the reference test and the simulations may read files and print.
        let code = text.split("#[cfg(test)]").next().unwrap();
        let test_only = path.components().any(|part| {
            ["checks.rs", "reference", "coverage", "coverage.rs", "simulation.rs"]
                .iter()
                .any(|name| part.as_os_str() == *name)
        });
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for (tool, places) in rules {
                let allowed = places.iter().any(|place| *place == own || path.ends_with(place));
                if line.contains(tool) && !allowed && !test_only {
                    faults.push(format!("{}: {}", path.display(), line.trim()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_is_two_files() {
    for (path, text) in sources() {
        assert!(text.lines().count() <= LONGEST_FILE, "{} has {} lines", path.display(), text.lines().count());
    }
}
