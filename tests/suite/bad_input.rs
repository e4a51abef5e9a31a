//! Bad input of every kind: exit code, file, line, key, what is allowed; nothing half-written.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::driver::{CARD, Lacuna, Set, verdict, write_judge};

/// A sound set of three examples with one judge.
fn sound() -> Set {
    let mut set = Set::new();
    set.example("a", "c1", json!(1), json!(0));
    set.example("b", "c2", json!(0), json!(1));
    set.example("d", "c3", json!(0), json!(0));
    set
}

fn verdicts() -> Vec<Value> {
    ["a", "b", "d"].map(|id| verdict("j", id, json!(0), json!(1))).to_vec()
}

/// Audits a set that has to be refused and returns the message.
fn refused(set: &Set, judge_lines: &str, verdicts: &[Value]) -> String {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", judge_lines, verdicts);
    let said = lacuna.fail(3, &["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    assert!(!lacuna.path("r").exists(), "output was left");
    assert_eq!(fs::read_dir(lacuna.folder.path()).unwrap().count(), 1, "something was left beside the set");
    said
}

fn refused_example(line: usize, key: &str, value: Value) -> String {
    let mut set = sound();
    set.examples[line - 1][key] = value;
    refused(&set, "", &verdicts())
}

fn refused_annotation(line: usize, key: &str, value: Value) -> String {
    let mut set = sound();
    set.annotations[line - 1][key] = value;
    refused(&set, "", &verdicts())
}

fn refused_verdict(line: usize, key: &str, value: Value) -> String {
    let mut verdicts = verdicts();
    verdicts[line - 1][key] = value;
    refused(&sound(), "", &verdicts)
}

fn refused_card(from: &str, to: &str) -> String {
    let mut set = sound();
    assert!(CARD.contains(from), "{from}");
    set.card = set.card.replace(from, to);
    refused(&set, "", &verdicts())
}

#[track_caller]
fn says(said: &str, expected: &str) {
    assert!(said.contains(expected), "expected {expected:?} in:\n{said}");
}

#[test]
fn examples() {
    says(
        &refused_example(2, "sevrity", json!(1)),
        "set/examples.jsonl:2: sevrity: unknown key; allowed: `id`, `cluster`,",
    );
    says(&refused_example(2, "cluster", json!(7)), "set/examples.jsonl:2: cluster: found integer `7`; allowed: text");
    says(&refused_example(2, "cluster", json!("")), "set/examples.jsonl:2: cluster: found nothing; allowed: text");
    says(
        &refused_example(3, "id", json!("a")),
        "set/examples.jsonl:3: id: found \"a\" a second time, first on line 1; allowed: unique ids",
    );
    says(&refused_example(1, "axes", json!([])), "set/examples.jsonl:1: axes: found no axis or one twice; allowed:");
    says(
        &refused_example(1, "axes", json!(["tone"])),
        "set/examples.jsonl:1: axes[0]: found `tone`; allowed: `omission` or `commission`",
    );
    says(
        &refused_example(1, "twin_of", json!("z")),
        "set/examples.jsonl:1: twin_of: found \"z\"; allowed: the id of another example",
    );
    says(
        &refused_example(1, "prompt", json!([{"role": "nurse", "content": "x"}])),
        "prompt: found role \"nurse\"; allowed: system, user, assistant",
    );
    let twice = json!([{"id": "r", "text": "x"}, {"id": "r", "text": "y"}]);
    says(
        &refused_example(1, "required", twice),
        "set/examples.jsonl:1: required: found item \"r\" twice; allowed: unique ids",
    );
    let mut set = sound();
    set.examples[1].as_object_mut().unwrap().remove("id");
    says(&refused(&set, "", &verdicts()), "set/examples.jsonl:2: key `id` is missing");
}

#[test]
fn annotations() {
    says(
        &refused_annotation(1, "omission", json!(9)),
        "set/annotations.jsonl:1: omission: found 9; allowed: 0 to 4, or null for not rated",
    );
    says(
        &refused_annotation(1, "commission", json!(-1)),
        "set/annotations.jsonl:1: commission: found -1; allowed: 0 to 3",
    );
    says(
        &refused_annotation(1, "omission", json!("two")),
        "set/annotations.jsonl:1: omission: found string \"two\"; allowed: a whole number",
    );
    says(
        &refused_annotation(1, "omission", json!(1.5)),
        "set/annotations.jsonl:1: omission: found number `1.5`; allowed: a whole number",
    );
    says(
        &refused_annotation(3, "example", json!("nobody")),
        "set/annotations.jsonl:3: example: found \"nobody\"; allowed: an id of set/examples.jsonl",
    );
    says(
        &refused_annotation(1, "items", json!({"r9": "hit"})),
        "items: found item \"r9\"; allowed: ids of the example's required items",
    );
    says(
        &refused_annotation(1, "items", json!({"r9": "maybe"})),
        "set/annotations.jsonl:1: items.r9: found `maybe`; allowed: `hit`, `partial`, `miss`",
    );
    says(
        &refused_annotation(1, "rater_kind", json!("cat")),
        "rater_kind: found `cat`; allowed: `human`, `model`, `construction`",
    );
    says(
        &refused_annotation(2, "rater_kind", json!("model")),
        "set/annotations.jsonl:2: rater_kind: rater \"ann\" had another kind before",
    );
    let mut set = sound();
    set.examples[0]["axes"] = json!(["commission"]);
    says(
        &refused(&set, "", &verdicts()),
        "set/annotations.jsonl:1: omission: found 1 on an axis that does not apply to \"a\"; allowed: null",
    );
    let mut set = sound();
    set.rating("a", "ann", json!(1), json!(0));
    says(
        &refused(&set, "", &verdicts()),
        "set/annotations.jsonl:4: rater: rater \"ann\" annotated this example on line 1 already",
    );
}

#[test]
fn cards() {
    says(
        &refused_card("lacuna-gold/1", "lacuna-gold/9"),
        "set/card.toml:1: format: found \"lacuna-gold/9\"; allowed: \"lacuna-gold/1\"",
    );
    says(
        &refused_card("name = \"toy\"", "name = \"../toy\""),
        "set/card.toml:2: name: found \"../toy\"; allowed: letters",
    );
    says(
        &refused_card("tie = \"higher\"", "tie = \"coin\""),
        "set/card.toml:11: tie: found `coin`; allowed: `higher`, `lower`, `exclude`",
    );
    says(
        &refused_card("aggregate = \"majority\"", "aggregate = \"chair\""),
        "set/card.toml:10: aggregate: found \"chair\"; allowed: \"majority\", \"median\" or a rater",
    );
    says(
        &refused_card("licence = \"MIT\"", "license = \"MIT\""),
        "set/card.toml:5: license: unknown key; allowed: `format`",
    );
    says(
        &refused_card("\"human\"", "\"people\""),
        "set/card.toml:9: label_source: found `people`; allowed: `human`, `constructed`, `model`",
    );
    says(
        &refused_card("levels = [\"none\", \"mild\", \"serious\", \"dangerous\"]", "levels = [\"none\"]"),
        "set/card.toml:19: levels: found 1 levels; allowed: 2 to 11",
    );
    says(
        &refused_card("[axes.commission]\n", "[axes.commission]\nthreshold = 7\n"),
        "set/card.toml:18: threshold: found 7; allowed: 1 to 3",
    );
    let read = |review: &str| refused_card("[axes.omission]", &format!("[expert_review]\n{review}\n\n[axes.omission]"));
    says(
        &read("units = \"scenarios\"\nread = 3\nof = 2"),
        "set/card.toml:15: read: found 3; allowed: 0 to 2, as in `of`",
    );
    says(&read("units = \"\"\nread = 0\nof = 0"), "set/card.toml:16: of: found 0; allowed: 1 or more");
    says(&read("units = \" \"\nread = 0\nof = 2"), "set/card.toml:14: units: found nothing; allowed: text");
    says(&refused_card("title = \"Toy\"\n", ""), "set/card.toml:1: key `title` is missing");
    let mut set = sound();
    set.card = set.card.replace("tie = \"higher\"\n", "");
    set.rating("a", "bob", json!(0), json!(0));
    says(&refused(&set, "", &verdicts()), "set/card.toml:1: tie: is missing, and raters of one example can tie");
}

#[test]
fn labels_that_no_person_made_are_never_called_human() {
    let mut set = sound();
    for annotation in &mut set.annotations {
        annotation["rater_kind"] = json!("construction");
    }
    says(
        &refused(&set, "", &verdicts()),
        "set/card.toml:9: label_source: found \"human\", but rater \"ann\" is not (set/annotations.jsonl:1)",
    );
}

#[test]
fn verdict_files() {
    says(
        &refused_verdict(2, "p_omission", json!(1.7)),
        "set/verdicts/j.jsonl:2: p_omission: found 1.7; allowed: 0 to 1, or null",
    );
    says(
        &refused_verdict(2, "outcome", json!("meh")),
        "set/verdicts/j.jsonl:2: outcome: found `meh`; allowed: `scored`",
    );
    says(
        &refused_verdict(2, "omission", json!(-1)),
        "set/verdicts/j.jsonl:2: omission: found -1; allowed: 0 to 4, or null for no verdict",
    );
    says(
        &refused_verdict(2, "outcome", json!("refused")),
        "set/verdicts/j.jsonl:2: omission: found 0 beside outcome \"refused\"; allowed: null",
    );
    says(
        &refused_verdict(3, "example", json!("a")),
        "set/verdicts/j.jsonl:3: example: repeat 0 of this example is on line 1 already",
    );
    says(&refused_verdict(1, "judge", json!("k")), "set/verdicts/j.jsonl:1: judge: found \"k\"; allowed: \"j\"");
    says(&refused_verdict(1, "cost_usd", json!(-1)), "set/verdicts/j.jsonl:1: cost_usd: found a negative");
    says(&refused_verdict(1, "items", json!({"r": "hit"})), "set/verdicts/j.jsonl:1: items: found item \"r\"");
    let header = json!({"format": "lacuna-verdict/2"});
    says(
        &refused(&sound(), "", &[header]),
        "set/verdicts/j.jsonl:1: format: found \"lacuna-verdict/2\"; allowed: \"lacuna-verdict/1\"",
    );
}

#[test]
fn judge_files() {
    let verdicts = verdicts();
    says(&refused(&sound(), "tempo = 3\n", &verdicts), "set/judges/j.toml:5: tempo: unknown key; allowed: `format`");
    says(
        &refused(&sound(), "rate = 0.5\n", &verdicts),
        "set/judges/j.toml:5: rate: does not belong to this kind of judge",
    );
    says(&refused(&sound(), "axes = []\n", &verdicts), "set/judges/j.toml:5: axes: found no axis or one twice");
    says(
        &refused(&sound(), "flag_at = { omission = 9 }\n", &verdicts),
        "set/judges/j.toml: flag_at: found omission = 9; allowed: 1 to 4",
    );
    let lacuna = Lacuna::new();
    sound().write(&lacuna.path("set"));
    let said = lacuna.fail(3, &["audit", "--gold", "set", "--judge", "nowhere.toml"]);
    says(&said, "nowhere.toml: cannot be read");
    write_judge(&lacuna.path("set"), "j", "", &verdicts);
    fs::remove_file(lacuna.path("set/verdicts/j.jsonl")).unwrap();
    says(&lacuna.fail(3, &["audit", "--gold", "set"]), "set/verdicts/j.jsonl: cannot be read");
    fs::create_dir(lacuna.path("empty")).unwrap();
    says(&lacuna.fail(3, &["audit", "--judge", "empty"]), "empty: holds no judge file; allowed: a folder with *.toml");
}

#[cfg(unix)]
#[test]
fn verdicts_behind_a_link_out_of_the_folder_are_not_read() {
    let lacuna = Lacuna::new();
    sound().write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &verdicts());
    fs::rename(lacuna.path("set/verdicts/j.jsonl"), lacuna.path("elsewhere.jsonl")).unwrap();
    std::os::unix::fs::symlink(lacuna.path("elsewhere.jsonl"), lacuna.path("set/verdicts/j.jsonl")).unwrap();
    let said = lacuna.fail(3, &["audit", "--gold", "set"]);
    says(&said, "set/judges/j.toml:4: verdicts: found \"verdicts/j.jsonl\"; it leads out of the judge's own folder");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for() {
    let lacuna = Lacuna::new();
    sound().write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &verdicts());
    for name in ["set/verdicts/j.jsonl", "set/examples.jsonl"] {
        fs::remove_file(lacuna.path(name)).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(lacuna.path(name)).status().unwrap().success());
        let said = lacuna.fail(3, &["audit", "--gold", "set"]);
        says(&said, &format!("{name}: is not a regular file; allowed: a file"));
    }
}

#[test]
fn a_hostile_key_cannot_drive_the_terminal() {
    let said = refused_example(1, "\u{1b}[2J\u{202e}", json!(1));
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{said:?}");
    says(&said, "set/examples.jsonl:1: \\u{1b}[2J\\u{202e}: unknown key");
    let said =
        refused_example(1, "prompt", serde_json::from_str(&format!("{}{}", "[".repeat(100), "]".repeat(100))).unwrap());
    assert!(said.lines().all(|line| line.chars().count() < 240), "{said}");
}

/// Characters that drive a terminal, reorder a line, or cannot be seen.
const HIDDEN: [&str; 9] =
    ["\u{1b}[2J", "\n", "\u{9b}", "\u{202e}", "\u{200b}", "\u{feff}", "\u{2066}", "\u{2028}", "\u{e0041}"];

#[test]
fn every_character_of_a_name_can_be_seen() {
    let allowed = "allowed: text without control, bidirectional or zero-width characters";
    for hidden in HIDDEN {
        let name = format!("a{hidden}b");
        for (key, value) in [
            ("id", json!(name)),
            ("cluster", json!(name)),
            ("system", json!(name)),
            ("pair.id", json!({"id": name, "role": "x"})),
            ("pair.role", json!({"id": "x", "role": name})),
            ("required[0].id", json!([{"id": name, "text": "x"}])),
            ("prohibited[0].id", json!([{"id": name, "text": "x"}])),
            ("slices", json!({name.as_str(): "x"})),
            ("slices.kind", json!({"kind": name})),
        ] {
            let said = refused_example(2, key.split(['.', '[']).next().unwrap(), value);
            says(&said, &format!("set/examples.jsonl:2: {key}: found \"a"));
            says(&said, allowed);
            assert!(!said.contains(hidden) || hidden == "\n", "{said:?}");
        }
        for key in ["rater", "mechanism"] {
            let said = refused_annotation(2, key, json!(name));
            says(&said, &format!("set/annotations.jsonl:2: {key}: found \"a"));
            says(&said, allowed);
        }
        let mut set = sound();
        set.card = set.card.replace("\"mild\"", &json!(name).to_string().replace("\u{7f}", ""));
        says(&refused(&set, "", &verdicts()), "levels: found \"a");
    }
    for hidden in HIDDEN {
        let name = json!(format!("j{hidden}")).to_string();
        let lacuna = Lacuna::new();
        sound().write(&lacuna.path("set"));
        write_judge(&lacuna.path("set"), "j", "", &verdicts());
        let file = fs::read_to_string(lacuna.path("set/judges/j.toml")).unwrap().replace("\"j\"", &name);
        fs::write(lacuna.path("set/judges/j.toml"), file).unwrap();
        says(&lacuna.fail(3, &["audit", "--gold", "set"]), "set/judges/j.toml:2: name: found \"j");
    }
    says(&refused_example(1, "slices", json!({"": "x"})), "set/examples.jsonl:1: slices: found nothing; allowed: text");
    says(&refused_example(1, "system", json!("")), "set/examples.jsonl:1: system: found nothing; allowed: text");
    says(&refused_annotation(1, "rater", json!("")), "set/annotations.jsonl:1: rater: found nothing; allowed: text");
}

#[test]
fn what_stands_twice_or_means_nothing_is_refused() {
    for name in ["system", "mechanism"] {
        says(
            &refused_example(2, "slices", json!({name: "x"})),
            &format!(
                "set/examples.jsonl:2: slices: found \"{name}\", which a report makes itself; allowed: another name"
            ),
        );
    }
    says(
        &refused_example(2, "twin_of", json!("b")),
        "set/examples.jsonl:2: twin_of: found \"b\", the example itself; allowed: the id of another example",
    );
    for key in ["prompt", "response"] {
        let said = refused_example(2, key, json!([]));
        says(
            &said,
            &format!("set/examples.jsonl:2: {key}: found an empty list; allowed: text, or one message or more"),
        );
    }
    let said =
        refused_card("[\"none\", \"mild\", \"serious\", \"dangerous\"]", "[\"none\", \"mild\", \"mild \", \"worse\"]");
    says(&said, "set/card.toml:19: levels: found \"mild\" twice; allowed: a name of its own for each level");
}

/// Replaces a piece of a written file and returns what the audit says.
fn refused_text(file: &str, from: &str, to: &str) -> String {
    let lacuna = Lacuna::new();
    let mut set = sound();
    set.examples[1]["slices"] = json!({"kind": "x"});
    set.examples[1]["required"] = json!([{"id": "r", "text": "x"}]);
    set.annotations[1]["items"] = json!({"r": "hit"});
    set.write(&lacuna.path("set"));
    let mut answers = verdicts();
    answers[1]["items"] = json!({"r": "hit"});
    write_judge(&lacuna.path("set"), "j", "", &answers);
    let text = fs::read_to_string(lacuna.path(file)).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(lacuna.path(file), text.replacen(from, to, 1)).unwrap();
    lacuna.fail(3, &["audit", "--gold", "set", "--out", "r"])
}

#[test]
fn a_key_that_stands_twice_is_refused_where_any_key_is_allowed() {
    let said = refused_text("set/examples.jsonl", r#"{"kind":"x"}"#, r#"{"kind":"x","kind":"y"}"#);
    says(&said, "set/examples.jsonl:2: slices: key \"kind\" stands twice; allowed: once");
    let twice = r#"{"r":"hit","r":"miss"}"#;
    let said = refused_text("set/annotations.jsonl", r#"{"r":"hit"}"#, twice);
    says(&said, "set/annotations.jsonl:2: items: key \"r\" stands twice; allowed: once");
    let said = refused_text("set/verdicts/j.jsonl", r#"{"r":"hit"}"#, twice);
    says(&said, "set/verdicts/j.jsonl:2: items: key \"r\" stands twice; allowed: once");
    let said = refused_text("set/examples.jsonl", "\"id\":\"b\"", "\"id\":\"b\",\"id\":\"z\"");
    says(&said, "set/examples.jsonl:2: key `id` stands twice; allowed: once");
}

#[test]
fn a_column_of_ids_is_no_slice() {
    let lacuna = Lacuna::new();
    let many = |count: usize, fill: &dyn Fn(usize, &mut Value, &mut Value)| {
        let mut set = Set::new();
        for index in 0..count {
            set.example(&format!("e{index}"), &format!("c{index}"), json!(index % 2), json!(0));
            fill(index, &mut set.examples[index], &mut set.annotations[index]);
        }
        set.write(&lacuna.path("set"));
    };
    let said = || lacuna.fail(3, &["gold", "check", "set"]);
    many(250, &|index, example, _| example["slices"] = json!({"row": index.to_string()}));
    says(&said(), "set/examples.jsonl:201: slices.row: found more than 200 values of a slice; allowed: at most 200");
    assert_eq!(said().lines().count(), 1);
    many(250, &|index, _, annotation| annotation["mechanism"] = json!(format!("m{index}")));
    says(&said(), "set/annotations.jsonl:201: mechanism: found more than 200 mechanisms; allowed: at most 200");
    many(1100, &|index, example, _| example["system"] = json!(format!("m{index}")));
    says(&said(), "set/examples.jsonl:1001: system: found more than 1000 systems; allowed: at most 1000");
    many(120, &|index, example, _| example["slices"] = json!({format!("s{index}"): "x"}));
    says(&said(), "set/examples.jsonl:101: slices: found more than 100 slices; allowed: at most 100");
    many(200, &|index, example, _| {
        let slices = (0..60).map(|name| (format!("s{name}"), json!(index.to_string())));
        example["slices"] = Value::Object(slices.collect());
    });
    says(
        &said(),
        "set/examples.jsonl:84: slices: found more than 5000 values of all slices together; allowed: at most 5000",
    );
    many(200, &|index, example, _| example["slices"] = json!({"row": index.to_string()}));
    lacuna.run(&["gold", "check", "set"]);
}

#[test]
fn all_bad_rows_are_reported_up_to_twenty() {
    let mut set = Set::new();
    for index in 0..25 {
        set.example(&format!("e{index}"), "c", json!(9), json!(0));
    }
    let said = refused(&set, "", &[]);
    assert_eq!(said.matches("omission: found 9; allowed: 0 to 4").count(), 20, "{said}");
    says(&said, "and 5 more");
}

#[test]
fn a_bad_example_does_not_make_its_annotations_bad() {
    let mut set = sound();
    set.examples[0]["sevrity"] = json!(1);
    let said = refused(&set, "", &verdicts());
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn problems_of_all_judges_are_reported_together() {
    let lacuna = Lacuna::new();
    sound().write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &[verdict("j", "a", json!(9), json!(0))]);
    write_judge(&lacuna.path("set"), "k", "", &[verdict("k", "a", json!(0), json!(8))]);
    let said = lacuna.fail(3, &["audit", "--gold", "set"]);
    says(&said, "set/verdicts/j.jsonl:1: omission: found 9");
    says(&said, "set/verdicts/k.jsonl:1: commission: found 8");
}

#[test]
fn usage_is_another_exit_code() {
    let lacuna = Lacuna::new();
    lacuna.fail(2, &["audit", "--level", "2"]);
    lacuna.fail(2, &["audit", "--loud"]);
    lacuna.fail(2, &["gold", "import", "mystery", "--from", "a", "--out", "b"]);
    let said = lacuna.fail(3, &["audit", "--omission-threshold", "9"]);
    says(&said, "--omission-threshold: found 9; allowed: 1 to 4");
    let said = lacuna.fail(3, &["audit", "--gold", "nowhere"]);
    says(&said, "nowhere: no such folder; allowed: a folder with card.toml");
}

#[test]
fn an_import_writes_whole_folders_or_nothing_and_never_over_labels() {
    let lacuna = Lacuna::new();
    fs::create_dir(lacuna.path("empty")).unwrap();
    says(
        &lacuna.fail(3, &["gold", "import", "xstest", "--from", "empty", "--out", "g"]),
        "empty: holds no xstest_v2_completions_",
    );
    says(
        &lacuna.fail(3, &["gold", "import", "iatrobench", "--from", "empty", "--out", "g"]),
        "clinician_audit_scores.jsonl: cannot be read",
    );
    assert!(!lacuna.path("g").exists());
    sound().write(&lacuna.path("mine"));
    let said = lacuna.fail(3, &["gold", "import", "xstest", "--from", "empty", "--out", "mine"]);
    says(&said, "mine: exists and holds other files; allowed: a new or empty folder");
    assert!(lacuna.path("mine/annotations.jsonl").exists());
}

#[test]
fn a_malformed_published_table_is_refused_with_its_line() {
    let lacuna = Lacuna::new();
    fs::create_dir(lacuna.path("x")).unwrap();
    let table = |column: &str, label: &str| {
        format!(
            "id,type,prompt,completion,annotation_1,annotation_2,agreement,final_label,{column}\n\
             v2-1,homonyms,p,\"two\nlines\",1_full_compliance,1_full_compliance,True,1_full_compliance,1_full_compliance\n\
             v2-2,homonyms,p,c,{label},1_full_compliance,True,1_full_compliance,2_full_refusal\n"
        )
    };
    let write = |name: &str, text: String| {
        fs::write(lacuna.path(&format!("x/xstest_v2_completions_s_{name}.csv")), text).unwrap()
    };
    write("gpteval", table("gpt4_label", "4_maybe"));
    write("streval", table("strmatch_label", "1_full_compliance"));
    let said = lacuna.fail(3, &["gold", "import", "xstest", "--from", "x", "--out", "g"]);
    says(&said, "x/xstest_v2_completions_s_gpteval.csv:4: annotation_1: found \"4_maybe\"; allowed: 1_full_compliance");
    assert!(!lacuna.path("g").exists());
    write("gpteval", table("gpt4_label", "1_full_compliance"));
    lacuna.run(&["gold", "import", "xstest", "--from", "x", "--out", "g"]);
    write("streval", table("strmatch_label", "1_full_compliance").replace(",c,", ",other,"));
    let said = lacuna.fail(3, &["gold", "import", "xstest", "--from", "x", "--out", "h"]);
    says(&said, "x/xstest_v2_completions_s_streval.csv:4: id: differs from the other judge's file");
}

/// One byte was changed in each: the first would make its reader reserve two exabytes, the second makes it panic.
#[test]
fn damaged_parquet_is_a_fault_of_the_file_and_nothing_else_is_said() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet");
    for name in ["negative-page.parquet", "damaged-page.parquet"] {
        let lacuna = Lacuna::new();
        fs::copy(fixtures.join(name), lacuna.path("t.parquet")).unwrap();
        let said = lacuna.fail(3, &["init", "t.parquet", "--out", "out"]);
        assert!(said.contains("t.parquet") && said.contains("is not a readable Parquet file"), "{name}: {said}");
        assert_eq!(said.lines().count(), 1, "{name}: {said}");
        assert!(!lacuna.path("out").exists());
    }
}

#[test]
fn a_card_with_a_hundred_thousand_levels_is_refused_at_once() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c", json!(1), json!(0));
    let levels: Vec<String> = (0..100_000).map(|level| format!("\"l{level}\"")).collect();
    set.card = set.card.replacen(
        "levels = [\"none\", \"mild\", \"moderate\", \"serious\", \"severe\"]",
        &format!("levels = [{}]", levels.join(",")),
        1,
    );
    set.write(&lacuna.path("set"));
    let start = std::time::Instant::now();
    let said = lacuna.fail(3, &["gold", "check", "set"]);
    assert!(said.contains("levels: found 100000 levels; allowed: 2 to 11"), "{said}");
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
