//! House rules that fail the build: who may import whom, who may touch what, how long a file may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the bottom up; a module imports only modules before it.
const ORDER: [&str; 13] = [
    "model", "stats", "table", "gold", "judge", "run", "measure", "findings", "gate", "report", "stub", "label", "cli",
];
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

/// Floors of `measure` from the ground up: a file imports its own room and the floors below it. A room is a file or a
/// folder; on the floors of [`OF_ROOMS`] each block is a room of its own, so that no block imports another.
const FLOORS: [&[&str]; 8] = [
    &["options"],
    &["evaluation"],
    &["trials", "counts"],
    &["answers"],
    &["blocks"],
    &["across"],
    &["evaluate"],
    &["by_example", "change", "choice", "from_labels", "missing_carried", "planning", "plant", "raters"],
];
const OF_ROOMS: [&str; 2] = ["blocks", "across"];

/// The paths in code that begin with `crate` or `super`, a group spelt out; comments are passed over.
fn paths(text: &str) -> Vec<Vec<String>> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            // The second `super` of `super::super::x` is part of a path that was seen.
            if code[..at].ends_with("::") {
                continue;
            }
            let in_path = |c: char| c.is_alphanumeric() || "_:".contains(c);
            let path: String = code[at..].chars().take_while(|c| in_path(*c)).collect();
            let own: Vec<String> = path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
            match code[at + path.len()..].strip_prefix('{') {
                None => found.push(own),
                Some(group) => {
                    let parts =
                        group.split('}').next().unwrap().split(',').map(str::trim).filter(|part| !part.is_empty());
                    let whole = |part: &str| own.iter().cloned().chain(part.split("::").map(str::to_owned)).collect();
                    found.extend(parts.map(whole));
                }
            }
        }
    }
    found
}

/// Where a path from a file of `measure` leads, below `measure`; none where it leads out of it. `own` is the module of the file.
fn below_measure(own: &[String], path: &[String]) -> Option<Vec<String>> {
    if path[0] == "crate" {
        return (path.get(1)? == "measure").then(|| path[2..].to_vec());
    }
    let up = path.iter().take_while(|part| *part == "super").count();
    let kept = own.len().checked_sub(up)?;
    Some(own[..kept].iter().chain(&path[up..]).cloned().collect())
}

/// The room of a module below `measure`, and its floor.
fn room(module: &[String]) -> Option<(usize, String)> {
    let first = module.first()?;
    let floor = FLOORS.iter().position(|rooms| rooms.contains(&first.as_str()))?;
    let inner = module.get(1).filter(|_| OF_ROOMS.contains(&first.as_str()));
    Some((floor, inner.map_or_else(|| first.clone(), |inner| format!("{first}/{inner}"))))
}

/// The files of `measure` with their modules. Unit tests at the end of a file are left out: they stand a module deeper.
fn measure() -> Vec<(Vec<String>, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/measure");
    let file = |(path, text): (PathBuf, String)| {
        let below = path.strip_prefix(&root).ok()?.with_extension("");
        let mut module: Vec<String> = below.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        module.pop_if(|last| last == "mod");
        let code = text.split("\nmod tests {").next().unwrap().to_owned();
        Some((module, code))
    };
    sources().into_iter().filter_map(file).collect()
}

#[test]
fn a_file_of_measure_imports_only_its_room_and_the_floors_below() {
    let (mut faults, mut arrows) = (Vec::new(), 0);
    let mut seen = [0; FLOORS.len()];
    for (module, text) in measure() {
        // The face of `measure` hands names on.
        let Some((floor, own)) = room(&module) else {
            assert!(module.is_empty(), "{} stands on no floor: name it in FLOORS", module.join("/"));
            continue;
        };
        seen[floor] += 1;
        for path in paths(&text) {
            let Some(target) = below_measure(&module, &path) else { continue };
            match room(&target) {
                Some((below, other)) if other == own || below < floor => arrows += usize::from(other != own),
                _ => faults.push(format!("{} imports {}", module.join("/"), path.join("::"))),
            }
        }
    }
    assert!(
        seen.iter().all(|files| *files > 0) && arrows > 300,
        "files by floor {seen:?}, {arrows} imports between them"
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_files_of_measure_import_each_other() {
    let files = measure();
    let place = |target: &[String]| {
        (0..=target.len()).rev().find_map(|kept| files.iter().position(|(module, _)| module[..] == target[..kept]))
    };
    let arrows: Vec<Vec<usize>> = files
        .iter()
        .enumerate()
        .map(|(at, (module, text))| {
            // A folder's face also names its children alone, as in `use words::in_words`.
            let own = text.lines().filter_map(|line| line.strip_prefix("use ")?.split("::").next());
            let children = own.map(|child| module.iter().cloned().chain([child.to_owned()]).collect::<Vec<_>>());
            let children = children.filter(|child| files.iter().any(|(module, _)| module == child));
            let named = paths(text).into_iter().filter_map(|path| below_measure(module, &path));
            let targets = children.chain(named).filter_map(|target| place(&target));
            targets.filter(|target| *target != at).collect()
        })
        .collect();
    assert!(arrows.iter().flatten().count() > 500);
    // A file that imports none of those left, or that none of them imports, is in no circle: taken away again and again.
    let mut left: Vec<usize> = (0..files.len()).collect();
    loop {
        let imports = |at: &usize| arrows[*at].iter().any(|target| left.contains(target));
        let imported = |at: &usize| left.iter().any(|other| arrows[*other].contains(at));
        let still: Vec<usize> = left.iter().copied().filter(|at| imports(at) && imported(at)).collect();
        if still.len() == left.len() {
            break;
        }
        left = still;
    }
    let names: Vec<String> = left.iter().map(|at| files[*at].0.join("/")).collect();
    assert!(names.is_empty(), "these import each other: {}", names.join(", "));
}

#[test]
fn paths_lead_where_they_say() {
    let own = ["blocks", "gap", "surface"].map(str::to_owned);
    let lead = |text: &str| -> Vec<String> {
        paths(text).iter().filter_map(|path| Some(below_measure(&own, path)?.join("/"))).collect()
    };
    assert_eq!(
        lead("use crate::measure::answers::{Context,\n    Subject,\n};"),
        ["answers/Context", "answers/Subject"]
    );
    assert_eq!(lead("use super::counts::missing;\n// use super::x;"), ["blocks/gap/counts/missing"]);
    assert_eq!(lead("let x = super::super::bias::length();\nuse crate::stats::Estimate;"), ["blocks/bias/length"]);
    let of = |path: &str| room(&path.split('/').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(of("blocks/gap/surface"), Some((4, "blocks/gap".to_owned())));
    assert_eq!(of("answers/values/counts"), Some((3, "answers".to_owned())));
    assert_eq!(of("Evaluation"), None);
}

/// Findings and reports read records: what they need computed lies in `measure`, and in the record.
#[test]
fn findings_and_reports_take_only_records_from_measure() {
    let (mut faults, mut seen) = (Vec::new(), 0);
    for (path, text) in sources() {
        if !module(&path).is_some_and(|own| own == "findings" || own == "report") {
            continue;
        }
        for named in paths(&text).into_iter().filter(|named| named.get(1).is_some_and(|part| part == "measure")) {
            seen += 1;
            let record = named.last().unwrap();
            if !record.starts_with(char::is_uppercase) {
                faults.push(format!("{} takes {record}", path.display()));
            }
        }
    }
    assert!(seen > 100, "only {seen} imports were read");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
