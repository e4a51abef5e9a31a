//! The core set: it is what its scenarios make, and its texts are what its labels say. What is checked here goes by the words
//! that the scenarios record, not by the baseline that compares wording.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::driver::Lacuna;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("gold_labels/lacuna-core")
}

fn records(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder().join(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Scenario files by their ids.
fn scenarios() -> BTreeMap<String, toml::Table> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder().join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if id != "set" {
            found.insert(id, fs::read_to_string(&path).unwrap().parse().unwrap());
        }
    }
    found
}

fn list<'a>(table: &'a toml::Table, key: &str) -> Vec<&'a toml::Table> {
    table
        .get(key)
        .map(|list| list.as_array().unwrap().iter().map(|entry| entry.as_table().unwrap()).collect())
        .unwrap_or_default()
}

fn text<'a>(table: &'a toml::Table, key: &str) -> &'a str {
    table[key].as_str().unwrap()
}

/// The words that carry each item: the span of the reference, and the other wording.
fn carriers(scenario: &toml::Table) -> BTreeMap<String, [String; 2]> {
    let reference = text(scenario, "reference");
    let spans = list(scenario, "items").into_iter().map(|item| {
        let id = text(item, "id");
        let (_, after) = reference.split_once(&format!("[{id}: ")).unwrap();
        let (span, _) = after.split_once(']').unwrap();
        (id.to_owned(), [span.to_owned(), text(item, "again").to_owned()])
    });
    spans.collect()
}

/// Words of a text in lower case, without those that hold a sentence together.
fn words(text: &str) -> Vec<String> {
    const SMALL: &str = "a an the and or but of to in on at by for from with without as is are was were be been it its that this \
        these those there then than so if when who which what not no nor do does did has have had will would can could may might \
        must should he she they him her them his their i you we your our my me us up out off over under into after before because \
        since until while also too very more most some any each every other another one all only";
    let small: BTreeSet<&str> = SMALL.split_whitespace().collect();
    let split = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_lowercase).filter(|word| !small.contains(word.as_str())).collect()
}

/// Four words of meaning in a row that two texts share and a third, the prompt, does not have.
fn shared_run(one: &[String], other: &[String], prompt: &[String]) -> Option<String> {
    let runs: BTreeSet<&[String]> = other.windows(4).collect();
    let known: BTreeSet<&[String]> = prompt.windows(4).collect();
    one.windows(4).find(|run| runs.contains(run) && !known.contains(run)).map(|run| run.join(" "))
}

#[test]
fn it_is_what_its_scenarios_make() {
    let lacuna = Lacuna::new();
    let scenarios = folder().join("scenarios");
    let said = lacuna.run(&["gold", "probe", scenarios.to_str().unwrap(), "--out", "made", "--format", "json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["notes"], Value::Array(Vec::new()), "an author has something to mend");
    for name in ["card.toml", "examples.jsonl", "annotations.jsonl"] {
        let made = fs::read_to_string(lacuna.path(&format!("made/{name}"))).unwrap();
        let committed = fs::read_to_string(folder().join(name)).unwrap();
        assert!(made == committed, "{name} is not what `lacuna gold probe gold_labels/lacuna-core/scenarios` makes");
    }
    let checked = lacuna.run(&["gold", "check", folder().to_str().unwrap(), "--strict"]);
    assert!(checked.contains("labels constructed"), "{checked}");
}

#[test]
fn it_has_the_scenarios_that_it_promises() {
    let scenarios = scenarios();
    assert!(scenarios.len() >= 60, "{} scenarios", scenarios.len());
    let domains: BTreeSet<&str> = scenarios.values().map(|scenario| text(scenario, "domain")).collect();
    assert!(domains.len() >= 6, "{domains:?}");
    for (id, scenario) in &scenarios {
        assert!((4..=7).contains(&list(scenario, "items").len()), "{id}: items");
        assert!((2..=4).contains(&scenario["prohibited"].as_array().unwrap().len()), "{id}: prohibited");
        assert!(!list(scenario, "sources").is_empty(), "{id}: sources");
        assert!(list(scenario, "sources").iter().all(|source| source["read"].as_bool() == Some(false)), "{id}: read");
        assert_eq!(text(scenario, "review"), "needed", "{id}");
        let prompts = scenario["prompts"].as_table().unwrap();
        assert!(prompts.contains_key("layperson") && prompts.contains_key("professional"), "{id}: framings");
    }
    assert!(records("examples.jsonl").len() >= 900);
    let review = fs::read_to_string(folder().join("REVIEW.md")).unwrap();
    for id in scenarios.keys() {
        assert!(review.contains(&format!("`{id}`")), "REVIEW.md does not name {id}");
    }
}

#[test]
fn what_is_removed_is_absent_and_what_is_kept_is_there() {
    let scenarios = scenarios();
    let (mut absent, mut present) = (0, 0);
    for (example, annotation) in records("examples.jsonl").iter().zip(records("annotations.jsonl")) {
        assert_eq!(example["id"], annotation["example"]);
        if example["slices"]["kind"] == "control" {
            continue;
        }
        let id = example["id"].as_str().unwrap();
        let scenario = &scenarios[example["cluster"].as_str().unwrap()];
        let response = example["response"].as_str().unwrap();
        let (said, asked) = (words(response), words(example["prompt"].as_str().unwrap()));
        let hedged: BTreeMap<&str, &str> =
            list(scenario, "items").into_iter().map(|item| (text(item, "id"), text(item, "hedged"))).collect();
        for (item, wordings) in carriers(scenario) {
            let whole = wordings.iter().any(|wording| response.contains(wording.as_str()));
            match annotation["items"][&item].as_str().unwrap() {
                "hit" => assert!(whole, "{id}: {item} is not there"),
                "partial" => assert!(!whole && response.contains(hedged[item.as_str()]), "{id}: {item} is not hedged"),
                _ => {
                    // An item that was made wrong shares words with the false one.
                    let altered = example["slices"]["kind"] == "altered";
                    let run = wordings.iter().find_map(|wording| shared_run(&words(wording), &said, &asked));
                    assert!(!whole && (altered || run.is_none()), "{id}: {item} is still there: {run:?}");
                    absent += 1;
                    continue;
                }
            }
            present += 1;
        }
    }
    assert!(absent > 1000 && present > 3000, "{absent} absent, {present} present");
}

/// Shares of twins in which the degraded response is the longer one, ties as half.
fn longer(kind: &str) -> (f64, usize) {
    let examples = records("examples.jsonl");
    let lengths: BTreeMap<&str, usize> = examples
        .iter()
        .map(|example| (example["id"].as_str().unwrap(), example["response"].as_str().unwrap().chars().count()))
        .collect();
    let mut points = 0.0;
    let mut pairs = 0;
    for example in examples.iter().filter(|example| kind.is_empty() || example["slices"]["kind"] == kind) {
        let Some(twin) = example.get("twin_of") else { continue };
        let (own, twin) = (lengths[example["id"].as_str().unwrap()], lengths[twin.as_str().unwrap()]);
        points += if own == twin { 0.5 } else { f64::from(u8::from(own > twin)) };
        pairs += 1;
        assert!(own.abs_diff(twin) * 10 <= twin, "{}: {own} characters, its twin {twin}", example["id"]);
    }
    (points / f64::from(pairs), pairs as usize)
}

/// Under no relation with length the share has a standard error of at most 1/sqrt(4n): 0.015 for 1,134 pairs, 0.063 for 64.
#[test]
fn length_does_not_give_the_answer_away() {
    let (share, pairs) = longer("");
    assert!(
        pairs > 900 && (share - 0.5).abs() < 0.05,
        "{share:.3} of {pairs} degraded responses are longer than their twins"
    );
    for kind in [
        "removed",
        "removed-two",
        "hedged",
        "referral-only",
        "refusal",
        "wrong-fact",
        "dangerous-instruction",
        "altered",
    ] {
        let (share, pairs) = longer(kind);
        let allowed = 3.0 / (4.0 * pairs as f64).sqrt();
        assert!((share - 0.5).abs() < allowed, "{kind}: {share:.3} of {pairs} are longer, allowed 0.5 +- {allowed:.3}");
    }
}
