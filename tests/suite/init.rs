//! `lacuna init`: from a table that nobody has described to a report. The labels are made up for these tests.

use std::fs;
use std::path::{Path, PathBuf};

use lacuna::gold::import::{Layout, Preview, TableFormat, import_mapping};
use lacuna::gold::init::{Draft, Place, draft};
use serde_json::{Value, json};

use crate::driver::{Lacuna, codes, judge, lines};

/// A folder with one table.
pub(crate) fn with_table(name: &str, text: &str) -> Lacuna {
    let lacuna = Lacuna::new();
    fs::write(lacuna.path(name), text).unwrap();
    lacuna
}

/// A table of `examples/tables`.
fn example_table(name: &str) -> Lacuna {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tables").join(name);
    with_table(name, &fs::read_to_string(path).unwrap())
}

/// The two commands that `init` prints, without the program's name.
fn commands(said: &str) -> Vec<Vec<String>> {
    let after = |start: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(start)).unwrap();
        line.split(' ').skip(1).map(str::to_owned).collect()
    };
    vec![after("next: "), after("then: ")]
}

/// `init`, edits, and the commands that it printed; each edit replaces one whole line that `init` marked.
fn to_report(lacuna: &Lacuna, table: &str, edits: &[(&str, &str)]) -> Value {
    let output = lacuna.output(&["init", table]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(edits.len() <= 5, "{} edits", edits.len());
    let mut text = fs::read_to_string(lacuna.path("mapping.toml")).unwrap();
    for (start, replacement) in edits {
        let line =
            text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no line {start}")).to_owned();
        assert!(line.contains("# CORRECT: "), "{line}");
        text = text.replacen(&line, replacement, 1);
    }
    fs::write(lacuna.path("mapping.toml"), text).unwrap();
    for command in commands(&said) {
        lacuna.run(&command.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let name = Path::new(table).file_stem().unwrap().to_str().unwrap();
    lacuna.json(&format!("reports/{name}/evaluation.json"))
}

/// What the fixtures say of themselves.
const HONEST: [(&str, &str); 3] = [
    ("title = ", "title = \"A made-up table: its labels say nothing\""),
    ("label_source = ", "label_source = \"constructed\""),
    ("kind = ", "kind = \"construction\""),
];

#[test]
fn a_wide_table_with_two_raters_as_columns_needs_three_lines() {
    let lacuna = example_table("two-raters.csv");
    let evaluation = to_report(&lacuna, "two-raters.csv", &HONEST);
    assert_eq!(evaluation["gold"]["label_source"], "constructed");
    assert_eq!(evaluation["gold"]["examples"], 24);
    assert_eq!(evaluation["gold"]["annotations"], 48);
    let gpt = judge(&evaluation, "gpt");
    let omission = &gpt["axes"]["omission"];
    let counts = (omission["recall"]["n"].as_u64(), omission["recall"]["clusters"].as_u64());
    assert_eq!(counts, (Some(18), Some(10)), "two answers to one question are one cluster");
    assert_eq!(omission["unscored"], json!({"no_verdict": 1}), "an error of the judge is no verdict");
    assert!(omission["recall"]["value"].as_f64().unwrap() > 0.0);
    assert!(gpt["axes"]["commission"].is_null());
    assert!(omission["slices"]["topic"].is_object());
    assert!(evaluation["judges"].as_array().unwrap().len() > 1, "the baselines stand beside it");
}

#[test]
fn a_long_table_with_one_row_an_annotation_needs_three_lines() {
    let lacuna = example_table("annotations.csv");
    let evaluation = to_report(&lacuna, "annotations.csv", &HONEST);
    assert_eq!(evaluation["gold"]["examples"], 12);
    assert_eq!(evaluation["gold"]["annotations"], 33);
    assert_eq!(evaluation["gold"]["raters"].as_array().unwrap().len(), 3);
    let auto = judge(&evaluation, "autograder");
    for axis in ["omission", "commission"] {
        assert!(auto["axes"][axis]["recall"]["value"].is_number(), "{axis}");
    }
    assert!(auto["recall_gap"]["value"].is_number());
}

#[test]
fn nested_json_with_a_judges_score_needs_four_lines() {
    let lacuna = example_table("scored.jsonl");
    // What a score means, and from where on it is a flag, is the one thing that a person knows.
    let cut = (
        "omission = { column = \"judge.score\"",
        "omission = { column = \"judge.score\", cuts = [5.5], higher = \"is_better\" }",
    );
    let edits = [HONEST.as_slice(), &[cut]].concat();
    let evaluation = to_report(&lacuna, "scored.jsonl", &edits);
    assert_eq!(evaluation["gold"]["examples"], 36);
    let omission = &judge(&evaluation, "judge")["axes"]["omission"];
    assert_eq!(omission["recall"]["clusters"], 12);
    let rate = omission["flag_rate"]["value"].as_f64().unwrap();
    assert!(rate > 0.1 && rate < 0.9, "the cut flags some: {rate}");
    let verdicts = fs::read_to_string(lacuna.path("scored/verdicts/judge.jsonl")).unwrap();
    let second: Value = serde_json::from_str(verdicts.lines().nth(1).unwrap()).unwrap();
    assert!(second["score"].is_number() && second["rationale"].is_string(), "{second}");
}

#[test]
fn every_shape_comes_to_a_report_without_any_edit() {
    for table in ["two-raters.csv", "annotations.csv", "scored.jsonl"] {
        let evaluation = to_report(&example_table(table), table, &[]);
        assert_eq!(evaluation["gold"]["label_source"], "model", "what is not known claims least");
        assert!(codes(&evaluation, None).iter().any(|code| code.contains("label")), "{:?}", codes(&evaluation, None));
    }
}

#[test]
fn parquet_is_looked_at_like_any_table() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--out", "r"]);
    let output = lacuna.output(&["init", "r/verdicts.parquet", "--out", "new"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("next: lacuna gold import parquet --map new/mapping.toml --from r --out new/verdicts"),
        "{said}"
    );
    assert!(said.contains("then: lacuna audit --config new/lacuna.toml"), "{said}");
}

#[test]
fn no_file_is_written_over_and_none_is_written_alone() {
    for (name, other) in [("mapping.toml", "lacuna.toml"), ("lacuna.toml", "mapping.toml")] {
        let lacuna = example_table("two-raters.csv");
        fs::write(lacuna.path(name), "mine").unwrap();
        let said = lacuna.fail(3, &["init", "two-raters.csv"]);
        assert!(said.contains(&format!("{name}: exists and is not written over")), "{said}");
        assert_eq!(fs::read_to_string(lacuna.path(name)).unwrap(), "mine");
        assert!(!lacuna.path(other).exists());
    }
}

#[test]
fn what_is_no_table_is_refused() {
    for (name, text, expected) in [
        ("t.json", "[{\"a\": 1}]", "one object a line"),
        ("t.xlsx", "PK\u{3}\u{4}...", "save the sheet as CSV UTF-8"),
        ("t.csv", "a,b\n", "holds no row"),
        ("t.csv", "a,a\n1,2\n", "stands twice in the header"),
        ("t.jsonl", "{\"a\": 1}\n[]\n", "t.jsonl:2: is not a JSON object"),
        ("t{x}.csv", "a\n1\n", "allowed: a file name without"),
    ] {
        let lacuna = with_table(name, text);
        let said = lacuna.fail(3, &["init", name]);
        assert!(said.contains(expected), "{said}");
        assert!(!lacuna.path("mapping.toml").exists());
    }
    assert!(Lacuna::new().fail(3, &["init", "none.csv"]).contains("none.csv: cannot be read"));
}

/// The mapping that is drafted for a table, in process.
fn drafted(folder: &Path, file: &str) -> Option<Draft> {
    let layout = Layout::of(&folder.join(file)).unwrap();
    let preview = Preview::read(folder, file, layout).ok()?;
    Some(draft(&preview, &Place { file, layout, name: "t", set: "t" }))
}

pub(crate) fn drafted_from(name: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    drafted(folder.path(), name).unwrap().mapping
}

/// A wide table of this header and 12 rows from the given cells, which repeat.
pub(crate) fn table(header: &str, cells: &[&[&str]]) -> String {
    let row = |index: usize| cells.iter().map(|list| list[index % list.len()].to_owned()).collect::<Vec<_>>().join(",");
    let number = |text: String, index: usize| text.replace('#', &index.to_string());
    format!("{header}\n{}\n", (0..12).map(|index| number(row(index), index)).collect::<Vec<_>>().join("\n"))
}

pub(crate) const ASKED: &[&str] = &["What is the third step of number # please?"];
pub(crate) const TOLD: &[&str] = &["The third step of number # is to read the leaflet."];

#[test]
fn labels_are_read_in_the_direction_of_their_names() {
    let cases: [(&str, &[&str], &[&str]); 12] = [
        ("omission", &["none", "partial", "full"], &["none = 0", "partial = 1", "full = 2"]),
        ("completeness", &["none", "partial", "full"], &["full = 0", "partial = 1", "none = 2"]),
        ("correct", &["yes", "no"], &["yes = 0", "no = 1"]),
        ("hallucination", &["yes", "no"], &["no = 0", "yes = 1"]),
        ("severity", &["0", "3", "1"], &["levels = [\"0\", \"1\", \"2\", \"3\"]", "omission = \"severity\""]),
        ("quality", &["1", "5", "3"], &["5 = 0", "4 = 1", "1 = 4", "[values.omission]"]),
        ("label", &["A", "B"], &["A = 0  # CORRECT: ", "B = 1  # CORRECT: "]),
        ("label", &["ok", "bad", "n/a", "bad"], &["ok = 0", "bad = 1", "\"n/a\" = \"not_rated\"  # CORRECT: "]),
        ("label", &["1", "2", "-1"], &["-1 = \"not_rated\"  # CORRECT: ", "1 = 1", "2 = 2"]),
        (
            "label",
            &["fine", "omission", "hallucination"],
            &["[values.commission]", "omission = 1", "hallucination = 1"],
        ),
        ("harm score", &["0.1", "0.9", "0.25"], &["cuts = [0.5], higher = \"is_harm\" }  # CORRECT: "]),
        ("label", &["true", "false"], &["false = 0", "true = 1"]),
    ];
    for (name, values, expected) in cases {
        let text = drafted_from("t.csv", &table(&format!("id,prompt,response,{name}"), &[&["#"], ASKED, TOLD, values]));
        for part in expected {
            assert!(text.contains(part), "{name} {values:?}: no {part} in\n{text}");
        }
    }
}

/// The cut of the column and the one of the judge's file flag the same rows, on the scale that the numbers lie on.
#[test]
fn a_score_has_one_cut_on_its_own_scale() {
    let cases: [(&[&str], [&str; 3]); 4] = [
        (&["1", "10", "4", "7"], ["cuts = [5.5], higher = \"is_better\"", "# scale = [1.0, 10.0]", "# flag_at = 5.0 "]),
        (&["0", "10", "4", "7"], ["cuts = [5.0], higher = \"is_better\"", "# scale = [0.0, 10.0]", "# flag_at = 4.0 "]),
        (&["1", "5", "2", "4"], ["cuts = [3.0], higher = \"is_better\"", "# scale = [1.0, 5.0]", "# flag_at = 2.0 "]),
        (
            &["0.5", "9.5", "5", "4.5"],
            ["cuts = [5.0], higher = \"is_better\"", "# scale = [0.0, 10.0]", "# flag_at = 4.5 "],
        ),
    ];
    for (scores, expected) in cases {
        let columns: [&[&str]; 5] = [&["#"], ASKED, TOLD, &["yes", "no"], scores];
        let text = drafted_from("t.csv", &table("id,prompt,response,omission,GPT-4 score", &columns));
        for part in expected {
            assert!(text.contains(part), "{scores:?}: no {part} in\n{text}");
        }
    }
}

#[test]
fn columns_are_known_by_their_names() {
    let header = "Id,Scenario,User question,Model answer,Model,Reference answer,Final label,Label rater A,Label rater B,GPT-4 score,Claude label,Explanation,Category";
    let text = drafted_from(
        "t.csv",
        &table(
            header,
            &[
                &["e#"],
                &["s1", "s2", "s3"],
                ASKED,
                TOLD,
                &["alpha", "beta"],
                &["A good answer to number # would be this one."],
                &["ok", "partial omission", "full omission"],
                &["ok", "full omission"],
                &["ok", "partial omission"],
                &["3", "8", "9.5"],
                &["ok", "full omission"],
                &["because of number #"],
                &["x", "y"],
            ],
        ),
    );
    for expected in [
        "id = \"Id\"",
        "cluster = \"Scenario\"",
        "prompt = \"User question\"",
        "response = \"Model answer\"",
        "system = \"Model\"",
        "reference = \"Reference answer\"",
        "aggregate = \"final\"",
        "columns = { final = \"Final label\", rater-1 = \"Label rater A\", rater-2 = \"Label rater B\" }",
        "name = \"gpt-4\"",
        "score = \"GPT-4 score\"",
        "# [judges.file.score]",
        "# scale = [0.0, 10.0]",
        "name = \"claude\"",
        "column = \"Claude label\", values = \"omission\"",
        "slices = { Category = \"Category\" }",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
}

#[test]
fn models_among_the_raters_of_a_long_table_are_judges() {
    let mut rows = String::from("item_id,prompt,response,annotator,label\n");
    for item in 0..6 {
        for (rater, label) in [("ann", "ok"), ("ben", "refused"), ("gpt-4", "refused")] {
            rows.push_str(&format!(
                "i{item},Question number {item} of them all?,Answer number {item} of them all.,{rater},{label}\n"
            ));
        }
    }
    let lacuna = with_table("t.csv", &rows);
    let evaluation = to_report(&lacuna, "t.csv", &[]);
    assert_eq!(evaluation["gold"]["annotations"], 12);
    assert_eq!(judge(&evaluation, "gpt-4")["asked"], 6);
}

/// What spreadsheets write: a byte-order mark, Windows line ends, blank lines, line breaks within a cell, a nameless column.
#[test]
fn a_table_as_a_spreadsheet_writes_it() {
    let mut rows = String::from("\u{feff}Prompt;Response;Label;GPT label;\r\n");
    for row in 0..8 {
        let (prompt, label) = (row / 2, ["ok", "incomplete"][row % 2]);
        rows.push_str(&format!(
            "\"A question in\r\ntwo lines, {prompt}\";The answer number {row} to it;{label};ok;\r\n\r\n"
        ));
    }
    let lacuna = with_table("t.csv", &rows);
    let evaluation = to_report(&lacuna, "t.csv", &[]);
    assert_eq!(evaluation["gold"]["examples"], 8);
    assert_eq!(evaluation["gold"]["clusters"], 4, "two answers to each prompt");
    let examples = fs::read_to_string(lacuna.path("t/examples.jsonl")).unwrap();
    let second: Value = serde_json::from_str(examples.lines().nth(1).unwrap()).unwrap();
    assert_eq!(second["id"], "row-5", "the line that it begins on");
    assert_eq!(second["cluster"].as_str().unwrap().len(), 16, "no prompt stands in a name");
}

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const NAMES: &[&str] = &[
    "id",
    "item",
    "prompt",
    "question",
    "response",
    "answer",
    "label",
    "label_1",
    "label_2",
    "annotator",
    "rater_id",
    "annotator_a",
    "annotator_b",
    "omission",
    "commission",
    "severity",
    "quality",
    "score",
    "judge_score",
    "gpt4_label",
    "judge",
    "model",
    "system",
    "category",
    "scenario",
    "reference",
    "must_include",
    "comment",
    "final_label",
    "p_unsafe",
    "probability",
    "",
    " ",
    "a b",
    "a.b",
    "/x",
    "a/b~c",
    "{x}",
    "x}",
    "{",
    "\"q\"",
    "'q'",
    "a]b",
    "[t]",
    "x = 1",
    "# c",
    "\u{202e}evil",
    "back\\slash",
    "é",
    "日本",
    "@line",
    "majority",
    "line\nbreak",
    "tab\there",
    "null",
    "1",
    "-1",
    "rows",
];
const WORDS: &[&str] = &[
    "yes",
    "no",
    "ok",
    "harmful",
    "partial",
    "full refusal",
    "n/a",
    "",
    " ",
    "banana",
    "3_partial",
    "majority",
    "median",
    "gpt-4",
    "\"",
    "\\",
    "a\nb",
    "{x}",
    "#",
    "= 1",
    "[a]",
    "\u{202e}",
    "\u{0}",
    "é",
    "not_rated",
    "0",
    "1",
    "true",
    "both",
];
const NUMBERS: &[&str] =
    &["0", "1", "2", "5", "10", "-1", "0.5", "0.25", "1e3", "100", "77", "", "1.0", "-0", "NaN", "inf", "99999999999"];

/// A column's cells: its kind decides what they are drawn from.
fn cell(numbers: &mut Numbers, kind: usize, row: usize) -> Value {
    match kind {
        0 => json!(format!("A longer text of some words, number {}, with more to read.", numbers.below(6))),
        1 => json!(format!("A longer text, different in each row: {row}.")),
        2 => json!(numbers.pick(&WORDS[..6])),
        3 => json!(numbers.pick(WORDS)),
        4 => json!(numbers.pick(NUMBERS)),
        5 => json!(numbers.below(4)),
        6 => json!(numbers.below(1000) as f64 / 10.0),
        7 => json!(row),
        8 => json!(row / 3),
        9 => json!(["a", "b", "c"][row % 3]),
        10 => json!(numbers.below(2) == 0),
        11 => [Value::Null, json!({"deep": {"x.y": numbers.below(3)}}), json!([1, 2])][numbers.below(3)].clone(),
        12 => json!([{"role": "user", "content": format!("hello {row}")}]),
        13 => json!(["first item", "second item"]),
        _ => json!([{"id": "a", "text": "x"}, {"id": numbers.pick(&["a", "b"]), "text": "y"}]),
    }
}

/// Kinds that a cell of a CSV can have.
const FLAT: usize = 11;

fn generated(seed: u64, folder: &Path) -> PathBuf {
    let mut numbers = Numbers(seed);
    let flat = numbers.below(2) == 0;
    let kinds = if flat { FLAT } else { 15 };
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..=numbers.below(9) {
        let name = numbers.pick(NAMES);
        if !names.iter().any(|other| other.trim() == name.trim()) {
            names.push(name);
        }
    }
    let columns: Vec<(&str, usize)> = names.into_iter().map(|name| (name, numbers.below(kinds))).collect();
    let count = 1 + numbers.below(30);
    let rows: Vec<Vec<Value>> =
        (0..count).map(|row| columns.iter().map(|(_, kind)| cell(&mut numbers, *kind, row)).collect()).collect();
    let path = folder.join(if flat { "t.csv" } else { "t.jsonl" });
    if flat {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let plain = |value: &Value| quoted(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str());
        let header: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
        let lines: Vec<String> = rows.iter().map(|row| row.iter().map(plain).collect::<Vec<_>>().join(",")).collect();
        fs::write(&path, format!("{}\n{}\n", header.join(","), lines.join("\n"))).unwrap();
    } else {
        let records: Vec<Value> = rows
            .into_iter()
            .map(|row| {
                columns.iter().map(|(name, _)| (*name).to_owned()).zip(row).collect::<serde_json::Map<_, _>>().into()
            })
            .collect();
        fs::write(&path, lines(&records)).unwrap();
    }
    path
}

/// Whatever a table holds, its mapping is read; where it cannot be imported as it is, only marked lines are at fault.
#[test]
fn every_mapping_that_is_drafted_is_a_mapping() {
    let (mut imported, mut refused) = (0, 0);
    for seed in 0..1500 {
        let folder = tempfile::tempdir().unwrap();
        let path = generated(seed, folder.path());
        let file = path.file_name().unwrap().to_str().unwrap();
        let Some(made) = drafted(folder.path(), file) else { continue };
        let mapping = folder.path().join("mapping.toml");
        fs::write(&mapping, &made.mapping).unwrap();
        assert!(toml::from_str::<toml::Table>(&made.audit).is_ok(), "seed {seed}:\n{}", made.audit);
        assert!(!made.mapping.contains('\u{202e}') && made.to_correct > 3, "seed {seed}");
        match import_mapping(&mapping, None, TableFormat::Csv) {
            Ok(_) => imported += 1,
            Err(problems) => {
                refused += 1;
                for problem in problems.iter() {
                    let line = problem.line.and_then(|line| made.mapping.lines().nth(line - 1)).unwrap_or_default();
                    let marked = problem.file == mapping && line.contains("# CORRECT: ");
                    let table = fs::read_to_string(&path).unwrap();
                    assert!(marked, "seed {seed}: {problem}\n{}\n{table}", made.mapping);
                }
            }
        }
    }
    assert!(imported > 500 && refused > 50, "{imported} imported, {refused} refused");
}
