//! Tables in foreign shapes, through a mapping to the records and to a report. The labels are made up for these tests.

use std::fs;

use serde_json::{Value, json};

use crate::driver::{Lacuna, fraction, judge, lines, mapping};

/// Writes files and a mapping, imports them as `g` and returns what was said.
fn import(format: &str, files: &[(&str, String)], rest: &str) -> (Lacuna, String) {
    let lacuna = Lacuna::new();
    for (name, text) in files {
        let path = lacuna.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(lacuna.path("map.toml"), mapping(rest)).unwrap();
    let output = lacuna.output(&["gold", "import", format, "--map", "map.toml", "--out", "g"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    (lacuna, said)
}

fn records(lacuna: &Lacuna, file: &str) -> Vec<Value> {
    let text = fs::read_to_string(lacuna.path("g").join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What each rater said of each example: `example rater omission commission`.
fn ratings(lacuna: &Lacuna) -> Vec<String> {
    let level = |value: &Value| value.as_i64().map_or("-".to_owned(), |level| level.to_string());
    let line = |record: &Value| {
        let text = |key: &str| record[key].as_str().unwrap().to_owned();
        let (omission, commission) = (level(&record["omission"]), level(&record["commission"]));
        format!("{} {} {omission} {commission}", text("example"), text("rater"))
    };
    records(lacuna, "annotations.jsonl").iter().map(line).collect()
}

/// A verdict of a judge, by example.
fn verdict_of(lacuna: &Lacuna, judge: &str, example: &str) -> Value {
    let verdicts = records(lacuna, &format!("verdicts/{judge}.jsonl"));
    verdicts.into_iter().find(|verdict| verdict["example"] == example).unwrap()
}

fn audit(lacuna: &Lacuna) -> Value {
    lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]);
    lacuna.json("r/evaluation.json")
}

const WIDE: &str = r#"
[[sources]]
files = "t.csv"

[example]
id = "no"
cluster = "case {case}"
prompt = "question"
response = "answer"
slices = { topic = "topic" }

[axes]
commission = { column = "topic", not_in = ["billing", "opening hours"] }

[[raters]]
columns = { ann = "ann said", ben = "ben said" }
omission = { values = { complete = 0, "some gaps" = 2, useless = 4 } }
commission = { value = 0 }

[[judges]]
name = "auto"
column = "auto"
omission = { values = { OK = 0, GAPS = 1, "-1" = "request_failed" } }
unmapped = "no_verdict"
"#;

/// Two raters as columns, words for labels, a judge's words beside them.
#[test]
fn a_wide_table_with_two_raters_as_columns() {
    let table = "no,case,question,answer,topic,ann said,ben said,auto\n\
                 1,a,q1,\"long\nanswer\",care,complete, complete ,OK\n\
                 2,a,q2,,care,some gaps,useless,GAPS\n\
                 3,b,q3,x,billing,useless,,dunno\n\
                 4,c,q4,x,care,useless,useless,-1\n\
                 5,d,q5,x,care,complete,complete,\n";
    let (lacuna, said) = import("csv", &[("t.csv", table.to_owned())], WIDE);
    assert!(said.contains("note: auto: 3 of 5 rows hold no verdict: kept as such"), "{said}");
    let examples = records(&lacuna, "examples.jsonl");
    assert_eq!(
        examples[0],
        json!({"id": "1", "cluster": "case a", "prompt": "q1", "response": "long\nanswer", "slices": {"topic": "care"}})
    );
    // An empty answer is an answer.
    assert_eq!(examples[1]["response"], "");
    assert_eq!(examples[2]["axes"], json!(["omission"]));
    let expected = [
        "1 ann 0 0",
        "1 ben 0 0",
        "2 ann 2 0",
        "2 ben 4 0",
        "3 ann 4 -",
        "4 ann 4 0",
        "4 ben 4 0",
        "5 ann 0 0",
        "5 ben 0 0",
    ];
    assert_eq!(ratings(&lacuna), expected);
    let outcome = |example: &str| verdict_of(&lacuna, "auto", example)["outcome"].clone();
    assert_eq!([outcome("2"), outcome("4"), outcome("5")], ["scored", "request_failed", "no_verdict"]);
    assert_eq!(verdict_of(&lacuna, "auto", "3")["raw"], "dunno");
    let evaluation = audit(&lacuna);
    let axes = &judge(&evaluation, "auto")["axes"];
    assert_eq!(axes["commission"], Value::Null, "the judge answers omission alone");
    assert_eq!(fraction(&axes["omission"]["recall"]), (1.0, 3.0));
    assert_eq!(axes["omission"]["unscored"], json!({"no_verdict": 2, "request_failed": 1}));
}

const LONG: &str = r#"
[[sources]]
files = "ratings.tsv"
where = { column = "status", equals = "final" }

[example]
id = "item"
prompt = { text = "" }
system = "model"

[[raters]]
id_column = "rater"
omission = "missing"
commission = "wrong"
note = "remark"

[[judges]]
name_column = "judge"
p_omission = "p"
omission = { column = "p", cuts = [0.5, 0.9] }
"#;

/// One row per annotation; the judge's verdict stands in every row of its example.
#[test]
fn a_long_table_with_one_row_per_annotation() {
    let table = "item\tmodel\trater\tmissing\twrong\tremark\tstatus\tjudge\tp\n\
                 a\tm1\tr1\t2\t0\tno dose\tfinal\torg/judge 1\t0.95\n\
                 a\tm1\tr2\t1.0\t\t\tfinal\torg/judge 1\t0.95\n\
                 b\tm2\tr1\t0\t0\t\tfinal\torg/judge 1\t0.4\n\
                 b\tm2\tr2\t4\t3\t\tdraft\torg/judge 1\t0.4\n\
                 c\tm2\tr2\t1\t3\t\tfinal\torg/judge 1\t0.5\n";
    let (lacuna, said) = import("csv", &[("ratings.tsv", table.to_owned())], LONG);
    assert!(said.contains("note: rows: 1 of 5 rows were left out by `where`"), "{said}");
    assert_eq!(ratings(&lacuna), ["a r1 2 0", "a r2 1 -", "b r1 0 0", "c r2 1 3"]);
    assert_eq!(records(&lacuna, "annotations.jsonl")[0]["note"], "no dose");
    assert_eq!(records(&lacuna, "examples.jsonl")[0]["cluster"], "a", "the id where no cluster is named");
    let file = fs::read_to_string(lacuna.path("g/judges/org-judge-1.toml")).unwrap();
    assert!(file.contains("title = \"org/judge 1\"") && file.contains("axes = [\"omission\"]"), "{file}");
    let severities = ["a", "b", "c"].map(|example| verdict_of(&lacuna, "org-judge-1", example)["omission"].clone());
    assert_eq!(severities, [2, 0, 1]);
    let evaluation = audit(&lacuna);
    assert_eq!(fraction(&judge(&evaluation, "org-judge-1")["axes"]["omission"]["recall"]), (2.0, 2.0));
}

const NESTED: &str = r#"
[[sources]]
files = "runs/*.jsonl"

[example]
id = "{meta.task}-{meta.n}"
cluster = "meta.task"
prompt = "messages"
response = "/out/0/text"
required = "needs"

[[raters]]
id = "nurse"
omission = { column = "labels.gaps" }
commission = { column = "labels.errors" }

[[judges]]
name = "score"
omission = { column = "judge.score", cuts = [4, 7], higher = "is_better" }
score = "judge.score"
rationale = "judge.why"
"#;

/// Nested objects, a conversation as prompt, and a judge with a number from 0 to 10.
#[test]
fn nested_json_lines_with_a_numeric_score() {
    let row = |task: &str, n: u32, gaps: Value, score: Value| {
        json!({
            "meta": {"task": task, "n": n}, "messages": [{"role": "user", "content": "q"}], "out": [{"text": "r"}],
            "needs": ["dose", {"id": "w", "text": "when to come back"}], "labels": {"gaps": gaps, "errors": 0},
            "judge": {"score": score, "why": "because"},
        })
    };
    let one = lines(&[row("t1", 1, json!(2), json!(3.5)), row("t1", 2, json!(1), json!(4))]);
    let two = lines(&[row("t2", 1, json!(0), json!(9)), row("t2", 2, json!(null), json!(null))]);
    let (lacuna, _) = import("jsonl", &[("runs/a.jsonl", one), ("runs/b.jsonl", two)], NESTED);
    let example = &records(&lacuna, "examples.jsonl")[0];
    assert_eq!((&example["id"], &example["response"]), (&json!("t1-1"), &json!("r")));
    assert_eq!(example["prompt"], json!([{"role": "user", "content": "q"}]));
    assert_eq!(example["required"], json!([{"id": "r1", "text": "dose"}, {"id": "w", "text": "when to come back"}]));
    assert_eq!(ratings(&lacuna), ["t1-1 nurse 2 0", "t1-2 nurse 1 0", "t2-1 nurse 0 0", "t2-2 nurse - 0"]);
    let severities = ["t1-1", "t1-2", "t2-1", "t2-2"].map(|id| verdict_of(&lacuna, "score", id)["omission"].clone());
    assert_eq!(severities, [json!(2), json!(1), json!(0), json!(null)]);
    assert_eq!(verdict_of(&lacuna, "score", "t1-1")["score"], 3.5);
    assert_eq!(verdict_of(&lacuna, "score", "t1-1")["rationale"], "because");
    assert_eq!(fraction(&judge(&audit(&lacuna), "score")["axes"]["omission"]["recall"]), (2.0, 2.0));
}

const SPANS: &str = r#"
[[sources]]
files = "answers.csv"

[[sources]]
name = "prompts"
files = "prompts.csv"
join = { key = "pid", to = "prompt_id" }

[[sources]]
name = "spans"
files = "spans.csv"
example = "answer"

[[sources]]
name = "facts"
files = "facts.csv"
example = "answer"

[example]
id = "aid"
cluster = "prompt_id"
prompt = "prompts.text"
response = "answer"
required = { source = "facts", id = "fact", text = "text" }

[[raters]]
id = "expert"
source = "spans"
covers = "all"
omission = { value = 1, when = { column = "kind", equals = "gap" }, aggregate = "count", count_cuts = [1, 3], absent = 0 }
commission = { column = "severity", when = { column = "kind", equals = "error" }, aggregate = "max", absent = 0 }
note = "why"

[[raters]]
id = "checker"
source = "facts"
omission = { column = "present", values = { yes = 0, no = 1 }, aggregate = "any" }
items = { id = "fact", column = "present", values = { yes = "hit", no = "miss" } }
"#;

/// Parts of an example in four files: answers, their prompts, spans that an expert marked, and facts that were checked.
#[test]
fn spans_and_items_in_rows_of_their_own() {
    let files = [
        ("answers.csv", "aid,prompt_id,answer\n1,p,one\n2,p,two\n3,q,three\n".to_owned()),
        ("prompts.csv", "pid,text\nq,What of q?\np,What of p?\n".to_owned()),
        (
            "spans.csv",
            "answer,kind,severity,why\n1,gap,,no dose\n1,gap,,no route\n1,error,2,wrong drug\n1,gap,,no end\n2,error,1,\n2,error,3,\n"
                .to_owned(),
        ),
        ("facts.csv", "answer,fact,text,present\n1,f1,dose,no\n1,f2,route,yes\n2,f1,dose,yes\n".to_owned()),
    ];
    let (lacuna, _) = import("csv", &files, SPANS);
    let examples = records(&lacuna, "examples.jsonl");
    assert_eq!(examples[2]["prompt"], "What of q?");
    assert_eq!(examples[0]["required"], json!([{"id": "f1", "text": "dose"}, {"id": "f2", "text": "route"}]));
    assert_eq!(ratings(&lacuna), ["1 expert 2 2", "1 checker 1 -", "2 expert 0 3", "2 checker 0 -", "3 expert 0 0"]);
    let annotations = records(&lacuna, "annotations.jsonl");
    assert_eq!(annotations[1]["items"], json!({"f1": "miss", "f2": "hit"}));
    assert_eq!(annotations[0]["note"], "no dose; no route; wrong drug; no end");
}

const FROM_PARQUET: &str = r#"
[[sources]]
files = "r/verdicts.parquet"
example = "example"
where = { column = "judge", equals = "always" }

[example]
id = "example"
prompt = { text = "" }

[[raters]]
id = "rule"
kind = "construction"
omission = "omission"
commission = "commission"

[[judges]]
name = "same"
repeat = "repeat"
omission = "omission"
commission = "commission"
"#;

/// A Parquet table, here one that an audit wrote.
#[test]
fn parquet_is_a_table_like_any_other() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--out", "r"]);
    let text = mapping(FROM_PARQUET).replace("label_source = \"human\"", "label_source = \"constructed\"");
    fs::write(lacuna.path("map.toml"), text).unwrap();
    lacuna.run(&["gold", "import", "parquet", "--map", "map.toml", "--out", "g"]);
    let evaluation = {
        lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "again"]);
        lacuna.json("again/evaluation.json")
    };
    let axes = &judge(&evaluation, "same")["axes"];
    let examples = evaluation["gold"]["examples"].as_f64().unwrap();
    assert!(examples > 50.0);
    let (found, of) = fraction(&axes["omission"]["recall"]);
    assert!(of > 20.0 && found == of, "{found} of {of}");
}

/// Two judges in one table with repeats, and marks of items one a column.
#[test]
fn repeats_and_marks_in_columns() {
    let rest = r#"
[[sources]]
files = "t.csv"
delimiter = ";"
[example]
id = "id"
prompt = "q"
required = { columns = ["dose", "route"] }
[[raters]]
id = "ann"
source = "marks"
omission = "omission"
items = { columns = { dose = "dose given", route = "route given" }, values = { "1" = "hit", "0" = "miss" } }
[[sources]]
name = "marks"
files = "marks.csv"
[[sources]]
name = "verdicts"
files = "verdicts.csv"
example = "ex"
[[judges]]
name_column = "judge"
source = "verdicts"
repeat = "n"
omission = { column = "level", unmapped = "no_verdict" }
file = { flag_at = { omission = 2 } }
"#;
    let files = [
        ("t.csv", "id;q;dose;route\na;q;give 1 mg;\nb;q;;by mouth\n".to_owned()),
        ("marks.csv", "id,omission,dose given,route given\na,1,0,\nb,0,,1\n".to_owned()),
        ("verdicts.csv", "ex,judge,n,level\na,j,0,2\na,j,1,0\nb,j,0,7\nb,k,0,0\nz,k,0,1\n".to_owned()),
    ];
    let (lacuna, _) = import("csv", &files, rest);
    assert_eq!(records(&lacuna, "annotations.jsonl")[0]["items"], json!({"dose": "miss"}));
    assert_eq!(verdict_of(&lacuna, "j", "b")["outcome"], "no_verdict", "7 is not on the scale");
    assert_eq!(verdict_of(&lacuna, "j", "b")["raw"], "7");
    let evaluation = audit(&lacuna);
    assert_eq!(fraction(&judge(&evaluation, "j")["axes"]["omission"]["recall"]), (0.5, 1.0));
    assert_eq!(judge(&evaluation, "k")["unknown_examples"], 1);
    assert_eq!(judge(&evaluation, "k")["not_asked"], 1);
}

/// Fenced blocks of docs/mapping.md that are files, by section: name and text.
fn documented() -> Vec<(String, Vec<(String, String)>)> {
    let text = fs::read_to_string(format!("{}/docs/mapping.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut sections = Vec::new();
    for section in text.split("\n### ").skip(1) {
        let title = section.lines().next().unwrap().to_owned();
        let section = section.split("\n## ").next().unwrap();
        let blocks = section.split("\n```").skip(1).step_by(2).filter_map(|block| {
            let (head, body) = block.split_once('\n')?;
            let (_, name) = head.split_once(' ')?;
            Some((name.to_owned(), format!("{body}\n")))
        });
        sections.push((title, blocks.collect()));
    }
    sections
}

/// Every example of docs/mapping.md, to a report.
#[test]
fn the_documented_examples_run() {
    let sections = documented();
    let found = |blocks: &[(String, String)]| blocks.iter().find(|(name, _)| name == "mapping.toml").unwrap().1.clone();
    let first = found(&sections[0].1);
    let card = &first[..first.find("[[sources]]").unwrap()];
    for (title, blocks) in &sections {
        let lacuna = Lacuna::new();
        for (name, text) in blocks {
            fs::write(lacuna.path(name), text).unwrap();
        }
        let map = found(blocks);
        let map = if map.starts_with("format") { map } else { format!("{card}{map}") };
        fs::write(lacuna.path("mapping.toml"), map).unwrap();
        let output = lacuna.output(&["gold", "import", "csv", "--map", "mapping.toml", "--out", "g"]);
        assert!(output.status.success(), "{title}: {}", String::from_utf8_lossy(&output.stderr));
        lacuna.run(&["audit", "--gold", "g", "--out", "r"]);
        let examples = records(&lacuna, "examples.jsonl").len();
        assert_eq!(lacuna.json("r/evaluation.json")["gold"]["examples"], examples, "{title}");
    }
    assert_eq!(sections.len(), 7);
}
