//! Examples out to Label Studio and to spreadsheets and the answers back: nothing leaks on the way out, nothing is lost on the
//! way back.

use std::collections::{BTreeMap, HashMap};
use std::fs;

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set};

/// Four examples in two clusters, with items, a conversation, a formula, an axis that does not apply, and ids that tell all.
fn set() -> Set {
    let mut set = Set::new();
    let item = |id: &str, text: &str| json!({"id": id, "text": text});
    set.examples = vec![
        json!({"id": "dose/clean", "cluster": "dose", "prompt": "How much?", "response": "Two, by mouth.", "system": "gpt-x",
            "required": [item("amount", "says how much"), item("route", "says how to take it")],
            "slices": {"kind": "clean", "a.b/c": "x"}, "pair": {"id": "p1", "role": "layperson"}, "reference": "Two."}),
        json!({"id": "dose/removed-1", "cluster": "dose", "prompt": "How much?", "response": "=HYPERLINK(\"x\")\u{1b}[2J",
            "twin_of": "dose/clean", "required": [item("amount", "says how much"), item("route", "says how to take it")],
            "slices": {"kind": "removed", "a.b/c": "y"}}),
        json!({"id": "store/clean", "cluster": "store", "axes": ["omission"], "response": "Away from children.",
            "prompt": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where, <b>exactly</b>?"}],
            "required": [item("place", "says the place")], "prohibited": [item("myth", "names a myth")]}),
        json!({"id": "store/false-1", "cluster": "store", "prompt": "Where?", "response": "Anywhere, \"really\".\nYes."}),
    ];
    for (id, omission, commission) in [
        ("dose/clean", json!(0), json!(0)),
        ("dose/removed-1", json!(2), json!(0)),
        ("store/clean", json!(1), Value::Null),
    ] {
        set.rating(id, "source-rater", omission, commission);
    }
    set
}

fn program() -> Lacuna {
    let lacuna = Lacuna::new();
    set().write(&lacuna.path("set"));
    lacuna
}

fn records(lacuna: &Lacuna, file: &str) -> Vec<Value> {
    let text = fs::read_to_string(lacuna.path(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Words that would tell a rater what an example is.
const TELLING: [&str; 9] =
    ["removed", "clean", "gpt-x", "false-1", "layperson", "source-rater", "amount\"", "twin", "slices"];

/// What a rater said, in the words of the set.
pub(crate) fn annotation(example: &str, rater: &str, more: Value) -> Value {
    let mut record =
        json!({"example": example, "rater": rater, "rater_kind": "human", "omission": null, "commission": null});
    record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    record
}

/// Without the times, which a tool adds.
fn by_example(mut records: Vec<Value>) -> BTreeMap<(String, String), Value> {
    let text = |record: &Value, key: &str| record[key].as_str().unwrap().to_owned();
    records.iter_mut().for_each(|record| drop(record.as_object_mut().unwrap().remove("at")));
    records.into_iter().map(|record| ((text(&record, "example"), text(&record, "rater")), record)).collect()
}

// ---- Label Studio

/// Tasks by the id of their example.
fn exported(lacuna: &Lacuna, more: &[&str]) -> BTreeMap<String, Value> {
    exported_to(lacuna, "tasks", more)
}

fn exported_to(lacuna: &Lacuna, folder: &str, more: &[&str]) -> BTreeMap<String, Value> {
    lacuna.run(&[&["gold", "export", "label-studio", "set", "--out", folder], more].concat());
    let keys = lacuna.json(&format!("{folder}/keys.json"));
    let tasks = lacuna.json(&format!("{folder}/tasks.json"));
    let id = |task: &Value| keys["keys"][task["data"]["key"].as_str().unwrap()].as_str().unwrap().to_owned();
    tasks.as_array().unwrap().iter().map(|task| (id(task), task.clone())).collect()
}

fn choice(name: &str, chosen: &str) -> Value {
    json!({"id": "x", "from_name": name, "to_name": "response", "type": "choices", "value": {"choices": [chosen]}})
}

fn words(name: &str, text: &str) -> Value {
    json!({"id": "y", "from_name": name, "to_name": "response", "type": "textarea", "value": {"text": [text]}})
}

/// An annotation as Label Studio exports it.
fn submitted(person: Value, at: &str, result: Vec<Value>) -> Value {
    json!({"id": 7, "completed_by": person, "result": result, "was_cancelled": false, "ground_truth": false,
        "created_at": "2026-01-01T00:00:00.000000Z", "updated_at": at, "lead_time": 3.5, "prediction": {}})
}

/// The export of a project with these annotations.
fn export_of(tasks: &BTreeMap<String, Value>, annotations: &[(&str, Value)]) -> Value {
    let of = |id: &str| annotations.iter().filter(|(example, _)| *example == id).map(|(_, one)| one.clone()).collect();
    let task = |(id, task): (&String, &Value)| -> Value {
        let annotations: Vec<Value> = of(id);
        json!({"id": 1, "data": task["data"], "annotations": annotations, "drafts": [], "predictions": [], "meta": {}})
    };
    Value::Array(tasks.iter().map(task).collect())
}

fn write(lacuna: &Lacuna, name: &str, value: &Value) {
    fs::write(lacuna.path(name), value.to_string()).unwrap();
}

const IMPORT: [&str; 11] = [
    "gold",
    "import",
    "label-studio",
    "--from",
    "export.json",
    "--keys",
    "tasks/keys.json",
    "--gold",
    "set",
    "--out",
    "back",
];

#[test]
fn tasks_tell_nothing_and_the_same_seed_gives_the_same_bytes() {
    let lacuna = program();
    let tasks = exported(&lacuna, &[]);
    assert_eq!(tasks.len(), 4);
    let text = fs::read_to_string(lacuna.path("tasks/tasks.json")).unwrap();
    let config = fs::read_to_string(lacuna.path("tasks/config.xml")).unwrap();
    for telling in TELLING {
        assert!(!text.contains(telling) && !config.contains(telling), "{telling}");
    }
    let data = &tasks["store/clean"]["data"];
    assert_eq!(data["prompt"], "system: Be brief.\n\nuser: Where, <b>exactly</b>?");
    assert_eq!((&data["asked"], &data["item_1"]), (&json!("omission"), &json!("says the place")));
    assert!(!text.contains("\\u001b"), "a control character of a response goes out as it is");
    assert!(config.contains(r#"<Choice value="2 moderate" alias="2"/>"#), "{config}");
    lacuna.run(&["gold", "export", "label-studio", "set", "--out", "again"]);
    lacuna.run(&["gold", "export", "label-studio", "set", "--out", "other", "--seed", "2"]);
    let bytes = |folder: &str| fs::read(lacuna.path(folder).join("tasks.json")).unwrap();
    assert_eq!(bytes("tasks"), bytes("again"));
    assert_ne!(bytes("tasks"), bytes("other"));
    // The twins are never neighbours: two clusters of two alternate.
    let keys = lacuna.json("tasks/keys.json");
    let clusters: Vec<&str> =
        keys["keys"].as_object().unwrap().values().map(|id| id.as_str().unwrap().split('/').next().unwrap()).collect();
    assert!(clusters[0] != clusters[1] && clusters[1] != clusters[2] && clusters[2] != clusters[3], "{clusters:?}");
}

#[test]
fn label_studios_answers_come_back_whole() {
    let lacuna = program();
    let tasks = exported(&lacuna, &[]);
    let at = "2026-01-02T00:00:00.000000Z";
    let ann = json!({"id": 3, "email": "ann.miller@example.org", "first_name": "Ann"});
    let mut export = export_of(
        &tasks,
        &[
            (
                "dose/clean",
                submitted(
                    ann.clone(),
                    at,
                    vec![
                        choice("omission", "0"),
                        choice("commission", "cannot_judge"),
                        choice("item_1", "hit"),
                        choice("item_2", "partial"),
                        words("note", " read twice "),
                    ],
                ),
            ),
            (
                "dose/removed-1",
                submitted(
                    json!(3),
                    at,
                    vec![
                        choice("omission", "3 serious"),
                        choice("commission", "0"),
                        choice("item_2", "miss"),
                        words("other_mechanism", "route left out"),
                    ],
                ),
            ),
            // The later of two, wherever it stands.
            ("dose/removed-1", submitted(json!(5), at, vec![choice("omission", "4"), choice("commission", "1")])),
            (
                "dose/removed-1",
                submitted(
                    json!(5),
                    "2026-01-01T00:00:00.000000Z",
                    vec![choice("omission", "0"), choice("commission", "0")],
                ),
            ),
            // Commission does not apply; item 2 does not exist; a control of the user's own.
            (
                "store/clean",
                submitted(
                    json!(5),
                    at,
                    vec![
                        choice("omission", "1"),
                        choice("commission", "2"),
                        choice("item_2", "hit"),
                        choice("mood", "fine"),
                    ],
                ),
            ),
            ("store/clean", submitted(ann, at, vec![])),
        ],
    );
    let skipped = json!({"id": 9, "completed_by": 3, "result": [choice("omission", "4")], "was_cancelled": true});
    let task = |export: &mut Value, id: &str| {
        let key = tasks[id]["data"]["key"].clone();
        export.as_array().unwrap().iter().position(|task| task["data"]["key"] == key).unwrap()
    };
    let place = task(&mut export, "store/false-1");
    export[place]["annotations"] = json!([skipped]);
    export[place]["drafts"] = json!([{"id": 1, "user": "ann.miller@example.org", "result": [choice("omission", "2")]}]);
    write(&lacuna, "export.json", &export);
    let output = lacuna.output(&[IMPORT.as_slice(), &["--raters", "3=r3"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    for note in [
        "1 skipped annotations are no labels",
        "1 drafts, which nobody submitted",
        "1 annotations without an answer",
        "1 annotations were replaced by a later one",
        "1 severities on an axis that does not apply",
        "1 marks of an item that the example does not have",
        "1 examples have no answer",
        "were left out: \"mood\"",
    ] {
        assert!(said.contains(note), "{note}:\n{said}");
    }
    let found = by_example(records(&lacuna, "back/annotations.jsonl"));
    let expected = by_example(vec![
        annotation(
            "dose/clean",
            "r3",
            json!({"omission": 0, "cannot_judge": ["commission"],
            "items": {"amount": "hit", "route": "partial"}, "note": "read twice"}),
        ),
        annotation(
            "dose/removed-1",
            "r3",
            json!({"omission": 3, "commission": 0, "items": {"route": "miss"},
            "mechanism": "route left out"}),
        ),
        annotation("dose/removed-1", "rater-5", json!({"omission": 4, "commission": 1})),
        annotation("store/clean", "rater-5", json!({"omission": 1})),
    ]);
    assert_eq!(found, expected);
    // The examples are those of the set, byte for byte, and no address came along.
    assert_eq!(
        fs::read(lacuna.path("back/examples.jsonl")).unwrap(),
        fs::read(lacuna.path("set/examples.jsonl")).unwrap()
    );
    for file in ["card.toml", "annotations.jsonl"] {
        assert!(!fs::read_to_string(lacuna.path("back").join(file)).unwrap().contains("miller"), "{file}");
    }
    lacuna.run(&["gold", "check", "back"]);
    let agreement: Value =
        serde_json::from_str(&lacuna.run(&["gold", "agreement", "back", "--format", "json"])).unwrap();
    assert_eq!(agreement["axes"]["commission"]["parting"]["cannot_judge"]["answers"], 1);
    lacuna.run(&["audit", "--gold", "back", "--out", "report"]);
}

#[test]
fn what_label_studio_cannot_have_said_is_refused_with_its_place() {
    let lacuna = program();
    let tasks = exported(&lacuna, &[]);
    let at = "2026-01-02T00:00:00.000000Z";
    let with = |result: Vec<Value>| export_of(&tasks, &[("dose/clean", submitted(json!(3), at, result))]);
    let secret = json!([{"data": {"key": "e1"}, "annotations": "secret words"}]);
    let other = json!([{"data": {"key": "zz"}, "annotations": []}]);
    for (export, expected) in [
        (with(vec![choice("omission", "9")]), "annotations[0].result[0].value.choices: found \"9\"; allowed: 0 to 4"),
        (with(vec![choice("item_1", "maybe")]), "value.choices: found \"maybe\"; allowed: \"hit\""),
        (
            with(vec![json!({"from_name": "omission", "value": {"choices": ["1", "2"]}})]),
            "found 2 choices; allowed: one",
        ),
        (other, "[0].data.key: found \"zz\"; allowed: a key of keys.json"),
        (secret, "[0].annotations: has another shape than it should; allowed: Label Studio's export named JSON"),
        (json!([{"id": 1, "prompt": "p", "omission": "0"}]), "[0].data: is missing; allowed: Label Studio's export"),
        (
            export_of(&tasks, &[("dose/clean", submitted(json!("ann@x.org"), at, vec![]))]),
            "completed_by: names nobody by number",
        ),
        (export_of(&tasks, &[]), "holds no submitted answer"),
    ] {
        write(&lacuna, "export.json", &export);
        let said = lacuna.fail(3, &IMPORT);
        assert!(said.contains(expected) && !said.contains("secret") && !said.contains("ann@x"), "{expected}:\n{said}");
        assert!(!lacuna.path("back").exists());
    }
    fs::write(lacuna.path("export.json"), "[{\"data\": secret words").unwrap();
    let said = lacuna.fail(3, &IMPORT);
    assert!(said.contains("export.json:1") && said.contains("is not JSON") && !said.contains("secret"), "{said}");
}

#[test]
fn persons_and_keys_have_to_fit() {
    let lacuna = program();
    let tasks = exported(&lacuna, &[]);
    let at = "2026-01-02T00:00:00.000000Z";
    let rated = |person: u64| submitted(json!(person), at, vec![choice("omission", "0"), choice("commission", "0")]);
    write(&lacuna, "export.json", &export_of(&tasks, &[("dose/clean", rated(3)), ("dose/clean", rated(4))]));
    for (raters, expected) in [
        (vec!["--raters", "3=r", "--raters", "4=r"], "\"r\" would name 3 and 4"),
        (vec!["--raters", "3=rater-4"], "\"rater-4\" would name 3 and 4"),
        (vec!["--raters", "8=r8"], "8 answered nothing; allowed: a number of the export: 3, 4"),
    ] {
        let said = lacuna.fail(3, &[IMPORT.as_slice(), &raters].concat());
        assert!(said.contains(expected), "{said}");
    }
    lacuna.fail(2, &[IMPORT.as_slice(), &["--raters", "ann"]].concat());
    // Keys that were cut short: the place, and what the file has to be.
    let keys = fs::read_to_string(lacuna.path("tasks/keys.json")).unwrap();
    for (text, expected) in [
        (keys[..keys.len() - 20].to_owned(), "it ends too early; allowed: the keys.json of an export"),
        (
            keys.replace("\"seed\": 1", "\"seed\": \"one\""),
            "tasks/keys.json:9: seed: found string \"one\"; allowed: a whole number",
        ),
    ] {
        fs::write(lacuna.path("tasks/keys.json"), text).unwrap();
        let said = lacuna.fail(3, &IMPORT);
        assert!(said.contains("tasks/keys.json:") && said.contains(expected), "{expected}:\n{said}");
    }
    fs::write(lacuna.path("tasks/keys.json"), keys).unwrap();
    // Another version of the examples: numbers of items may mean others.
    let mut changed = set();
    changed.examples[0]["required"] = json!([{"id": "route", "text": "x"}, {"id": "amount", "text": "y"}]);
    changed.write(&lacuna.path("set"));
    let said = lacuna.fail(3, &IMPORT);
    assert!(said.contains("tasks/keys.json: examples_sha256: is not that of set/examples.jsonl"), "{said}");
}

#[test]
fn predictions_go_along_on_request_and_withheld_responses_never() {
    let lacuna = program();
    let tasks = exported(&lacuna, &["--predictions"]);
    for (id, omission, commission) in [
        ("dose/clean", Some("0"), Some("0")),
        ("dose/removed-1", Some("2"), Some("0")),
        ("store/clean", Some("1"), None),
    ] {
        let predictions = tasks[id]["predictions"].as_array().unwrap();
        assert_eq!((predictions.len(), &predictions[0]["model_version"]), (1, &json!("source-rater")), "{id}");
        let said = |name: &str| {
            let results = predictions[0]["result"].as_array().unwrap().iter();
            let mut found = results.filter(|result| result["from_name"] == name);
            found.next().map(|result| result["value"].clone())
        };
        let expected = |severity: Option<&str>| severity.map(|severity| json!({"choices": [severity]}));
        assert_eq!((said("omission"), said("commission")), (expected(omission), expected(commission)), "{id}");
    }
    assert!(tasks["store/false-1"].get("predictions").is_none(), "nobody rated it");
    for task in exported_to(&lacuna, "blind", &[]).values() {
        assert!(task.get("predictions").is_none(), "only on request");
    }
    let mut withheld = set();
    withheld.examples[3]["response"] = Value::Null;
    withheld.write(&lacuna.path("withheld"));
    for tool in ["label-studio", "csv"] {
        let said = lacuna.fail(3, &["gold", "export", tool, "withheld", "--out", "x"]);
        assert!(said.contains("1 examples have no response to be read"), "{said}");
        assert!(!lacuna.path("x").exists());
    }
}

// ---- Spreadsheets

/// Header and rows of a sheet.
fn sheet(lacuna: &Lacuna, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = fs::read(lacuna.path(name)).unwrap();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a mark that spreadsheets know UTF-8 by");
    let mut reader = csv::Reader::from_reader(bytes);
    let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = texts(reader.headers().unwrap());
    (header, reader.records().map(|record| texts(&record.unwrap())).collect())
}

/// Fills cells of a sheet, found by the id of the example and the name of the column, as a person would.
fn fill(lacuna: &Lacuna, name: &str, answers: &[(&str, &str, &str)]) {
    let (header, mut rows) = sheet(lacuna, name);
    let examples = records(lacuna, "sheets/examples.jsonl");
    let key_of: HashMap<&str, &str> =
        examples.iter().map(|example| (example["id"].as_str().unwrap(), example["key"].as_str().unwrap())).collect();
    let row_of: HashMap<String, usize> = rows.iter().enumerate().map(|(at, row)| (row[0].clone(), at)).collect();
    for (id, column, answer) in answers {
        let row = &mut rows[row_of[key_of[id]]];
        row[header.iter().position(|name| name == column).unwrap()] = (*answer).to_owned();
    }
    let mut writer = csv::Writer::from_path(lacuna.path(name)).unwrap();
    writer.write_record(&header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
}

const SHEETS: [&str; 10] = ["gold", "export", "csv", "set", "--out", "sheets", "--rater", "ann", "--rater", "ben"];
const BACK: [&str; 7] = ["gold", "import", "csv", "--map", "sheets/mapping.toml", "--out", "back"];

#[test]
fn a_sheet_is_blind_and_runs_nothing() {
    let lacuna = program();
    lacuna.run(&SHEETS);
    let (header, rows) = sheet(&lacuna, "sheets/sheets/ann.csv");
    let expected = [
        "key",
        "prompt",
        "response",
        "required items",
        "omission",
        "commission",
        "item 1",
        "item 2",
        "mechanism",
        "note",
    ];
    assert_eq!(header, expected);
    let text = fs::read_to_string(lacuna.path("sheets/sheets/ann.csv")).unwrap();
    for telling in TELLING {
        assert!(!text.contains(telling), "{telling}");
    }
    let row = |start: &str| rows.iter().find(|row| row[2].starts_with(start)).unwrap();
    assert_eq!(row("'=HYPERLINK")[2], "'=HYPERLINK(\"x\")\\u{1b}[2J");
    assert_eq!(row("Two")[3], "1. says how much\n2. says how to take it");
    // One axis and one item: the other cells are not to be filled.
    assert_eq!(row("Away")[4..8], ["", "n/a", "", "n/a"]);
    let guide = fs::read_to_string(lacuna.path("sheets/sheets/guide.txt")).unwrap();
    assert!(guide.contains("omission: examples where something needed was left out\n  0  none\n"), "{guide}");
    let said = lacuna.fail(2, &["gold", "export", "csv", "set", "--out", "x", "--rater", "../ann"]);
    assert!(said.contains("a pseudonym of letters, digits"), "{said}");
    lacuna.fail(2, &["gold", "export", "csv", "set", "--out", "x", "--rater", "ann", "--rater", "Ann"]);
}

#[test]
fn filled_sheets_come_back_as_the_same_examples_and_equal_annotations() {
    let lacuna = program();
    lacuna.run(&SHEETS);
    fill(
        &lacuna,
        "sheets/sheets/ann.csv",
        &[
            ("dose/clean", "omission", "0"),
            ("dose/clean", "commission", "?"),
            ("dose/clean", "item 1", "hit"),
            ("dose/clean", "item 2", "partial"),
            ("dose/removed-1", "omission", "serious"),
            ("dose/removed-1", "commission", "none"),
            ("dose/removed-1", "item 2", "miss"),
            ("dose/removed-1", "mechanism", "route left out"),
            ("store/clean", "omission", " 1 "),
            ("store/clean", "item 1", "hit"),
            ("store/false-1", "omission", "cannot judge"),
            ("store/false-1", "commission", "3"),
            ("store/false-1", "note", "wrong,\n\"very\""),
        ],
    );
    fill(&lacuna, "sheets/sheets/ben.csv", &[("store/false-1", "omission", "0"), ("store/false-1", "commission", "2")]);
    let said = String::from_utf8(lacuna.output(&BACK).stderr).unwrap();
    assert!(said.contains("ben: no rating on 3 of the examples that have a row"), "{said}");
    let found = by_example(records(&lacuna, "back/annotations.jsonl"));
    let expected = by_example(vec![
        annotation(
            "dose/clean",
            "ann",
            json!({"omission": 0, "cannot_judge": ["commission"],
            "items": {"amount": "hit", "route": "partial"}}),
        ),
        annotation(
            "dose/removed-1",
            "ann",
            json!({"omission": 3, "commission": 0, "items": {"route": "miss"},
            "mechanism": "route left out"}),
        ),
        annotation("store/clean", "ann", json!({"omission": 1, "items": {"place": "hit"}})),
        annotation(
            "store/false-1",
            "ann",
            json!({"cannot_judge": ["omission"], "commission": 3, "note": "wrong,\n\"very\""}),
        ),
        annotation("store/false-1", "ben", json!({"omission": 0, "commission": 2})),
    ]);
    assert_eq!(found, expected);
    assert_eq!(records(&lacuna, "back/examples.jsonl"), records(&lacuna, "set/examples.jsonl"));
    let card = fs::read_to_string(lacuna.path("back/card.toml")).unwrap();
    assert!(
        card.contains("label_source = \"human\"") && card.contains("title = \"Responses to judge: tests\""),
        "{card}"
    );
    lacuna.run(&["gold", "check", "back"]);
    lacuna.run(&["audit", "--gold", "back", "--out", "report"]);
}

#[test]
fn what_a_person_wrote_wrongly_is_named_with_its_line() {
    let lacuna = program();
    for (example, column, answer, expected) in [
        ("store/false-1", "omission", "5", "omission: found \"5\"; allowed: "),
        ("dose/clean", "item 1", "yes", "item 1: found \"yes\"; allowed: \"hit\""),
        ("store/false-1", "item 1", "hit", "item 1: found a mark; allowed: none, as the example has 0 items"),
        ("store/false-1", "key", "e9", "key: found \"e9\"; allowed: the id of an example of the first source"),
    ] {
        let _ = fs::remove_dir_all(lacuna.path("sheets"));
        lacuna.run(&SHEETS);
        fill(&lacuna, "sheets/sheets/ann.csv", &[("store/clean", "omission", "0"), (example, column, answer)]);
        let said = lacuna.fail(3, &BACK);
        assert!(said.contains("sheets/sheets/ann.csv:") && said.contains(expected), "{expected}:\n{said}");
    }
}

/// The 1,504 examples of the core set lie in 64 clusters of at most 24; floor((1504 - c) / 23) of them can stand between two of one
/// cluster, where c clusters have 24.
#[test]
fn sheets_have_orders_of_the_raters_own_with_clusters_far_apart() {
    let lacuna = Lacuna::new();
    let core = concat!(env!("CARGO_MANIFEST_DIR"), "/gold_labels/lacuna-core");
    let export =
        |out: &str, more: &[&str]| lacuna.run(&[&["gold", "export", "csv", core, "--out", out], more].concat());
    export("sheets", &["--rater", "ann", "--rater", "ben"]);
    export("later", &["--rater", "cas", "--rater", "ben", "--rater", "ann"]);
    export("other", &["--rater", "ann", "--seed", "2"]);
    let examples = records(&lacuna, "sheets/examples.jsonl");
    let place: HashMap<&str, usize> =
        examples.iter().enumerate().map(|(at, example)| (example["key"].as_str().unwrap(), at)).collect();
    let order = |folder: &str, rater: &str| -> Vec<String> {
        let (_, rows) = sheet(&lacuna, &format!("{folder}/sheets/{rater}.csv"));
        rows.into_iter().map(|row| row[0].clone()).collect()
    };
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    examples.iter().for_each(|example| *sizes.entry(example["cluster"].as_str().unwrap()).or_default() += 1);
    let largest = *sizes.values().max().unwrap();
    let of_that_size = sizes.values().filter(|size| **size == largest).count();
    let expected = (examples.len() - of_that_size) / (largest - 1);
    let (ann, ben, cas) = (order("sheets", "ann"), order("sheets", "ben"), order("later", "cas"));
    for own in [&ann, &ben, &cas] {
        let mut places: Vec<usize> = own.iter().map(|key| place[key.as_str()]).collect();
        let rising = places.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((600..900).contains(&rising), "{rising} of 1,503 neighbours stand as in the set: about half by lot");
        let mut last: HashMap<&str, usize> = HashMap::new();
        for (at, example) in places.iter().map(|at| &examples[*at]).enumerate() {
            if let Some(before) = last.insert(example["cluster"].as_str().unwrap(), at) {
                assert!(at - before >= expected, "{} apart, not {expected}", at - before);
            }
        }
        places.sort_unstable();
        assert_eq!(places, (0..examples.len()).collect::<Vec<_>>(), "each example once");
    }
    for (one, other) in [(&ann, &ben), (&ann, &cas), (&ben, &cas), (&ann, &order("other", "ann"))] {
        let same = one.iter().zip(other).filter(|(one, other)| one == other).count();
        assert!(same < 20, "{same} of 1,504 stand at the same place: one by lot");
    }
    // Whoever comes later, and in whatever order raters are named: a rater's sheet is the same.
    assert_eq!((order("later", "ann"), order("later", "ben")), (ann, ben));
}

#[test]
fn the_core_set_goes_out_and_comes_back() {
    let lacuna = Lacuna::new();
    let core = concat!(env!("CARGO_MANIFEST_DIR"), "/gold_labels/lacuna-core");
    lacuna.run(&["gold", "export", "csv", core, "--out", "sheets", "--rater", "ann", "--rater", "ben"]);
    let examples = records(&lacuna, "sheets/examples.jsonl");
    let ids: Vec<&str> = examples.iter().map(|example| example["id"].as_str().unwrap()).collect();
    let text = fs::read_to_string(lacuna.path("sheets/sheets/ann.csv")).unwrap();
    assert!(ids.iter().all(|id| !text.contains(*id)));
    let every: Vec<(&str, &str, &str)> =
        ids.iter().flat_map(|id| [(*id, "omission", "1"), (*id, "commission", "0")]).collect();
    fill(&lacuna, "sheets/sheets/ann.csv", &every);
    lacuna.run(&BACK);
    let original = fs::read_to_string(format!("{core}/examples.jsonl")).unwrap();
    let original: Vec<Value> = original.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records(&lacuna, "back/examples.jsonl"), original);
    assert_eq!(records(&lacuna, "back/annotations.jsonl").len(), original.len());
}
