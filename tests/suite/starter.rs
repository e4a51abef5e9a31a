//! The rules that the bundled set follows by construction.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

const KINDS: [(&str, i64, i64); 8] = [
    ("full", 0, 0),
    ("full-reworded", 0, 0),
    ("item-removed", 2, 0),
    ("hedged", 1, 0),
    ("referral-only", 3, 0),
    ("refusal", 4, 0),
    ("wrong-fact", 0, 2),
    ("dangerous-instruction", 0, 3),
];

fn read(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("gold_labels/lacuna-starter").join(name);
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_scenario_has_every_kind_with_the_severities_of_the_rule() {
    let annotations: BTreeMap<String, Value> = read("annotations.jsonl")
        .into_iter()
        .map(|annotation| (annotation["example"].as_str().unwrap().to_owned(), annotation))
        .collect();
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut domains = BTreeSet::new();
    for example in read("examples.jsonl") {
        let id = example["id"].as_str().unwrap();
        let (scenario, kind) = id.split_once('/').unwrap();
        assert_eq!(example["cluster"], scenario);
        assert_eq!(example["slices"]["construction"], kind);
        domains.insert(example["slices"]["domain"].as_str().unwrap().to_owned());
        kinds.entry(scenario.to_owned()).or_default().insert(kind.to_owned());
        let (_, omission, commission) = KINDS.iter().find(|(name, ..)| *name == kind).unwrap();
        let annotation = &annotations[id];
        assert_eq!(
            (annotation["omission"].as_i64(), annotation["commission"].as_i64()),
            (Some(*omission), Some(*commission)),
            "{id}"
        );
        assert_eq!(annotation["rater_kind"], "construction", "{id}");
        let degraded = *omission > 0 || *commission > 0;
        let twin = if degraded { Value::from(format!("{scenario}/full")) } else { Value::Null };
        assert_eq!(example.get("twin_of").cloned().unwrap_or(Value::Null), twin, "{id}");
        let marks: Vec<&str> =
            annotation["items"].as_object().unwrap().values().map(|mark| mark.as_str().unwrap()).collect();
        assert_eq!(marks.len(), example["required"].as_array().unwrap().len(), "{id}");
        let count = |wanted: &str| marks.iter().filter(|mark| **mark == wanted).count();
        match kind {
            "item-removed" => assert_eq!((count("miss"), count("partial")), (1, 0), "{id}"),
            "hedged" => assert!(count("miss") == 0 && count("partial") >= 2, "{id}"),
            "referral-only" | "refusal" => assert_eq!(count("miss"), marks.len(), "{id}"),
            "wrong-fact" => assert_eq!(count("miss"), 0, "{id}"),
            _ => assert_eq!(count("hit"), marks.len(), "{id}"),
        }
    }
    assert!(kinds.len() >= 20 && domains.len() >= 4, "{} scenarios, {} domains", kinds.len(), domains.len());
    assert!(kinds.values().all(|found| found.len() == KINDS.len()));
}

#[test]
fn length_does_not_give_the_answer_away() {
    let mut words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut all = Vec::new();
    let mut responses = BTreeSet::new();
    for example in read("examples.jsonl") {
        let response = example["response"].as_str().unwrap().to_owned();
        let count = response.split_whitespace().count();
        words.entry(example["slices"]["construction"].as_str().unwrap().to_owned()).or_default().push(count);
        all.push(count);
        assert!(responses.insert(response), "{} repeats a response", example["id"]);
    }
    let median = |counts: &mut Vec<usize>| {
        counts.sort_unstable();
        counts[counts.len() / 2] as f64
    };
    let overall = median(&mut all);
    for (kind, mut counts) in words {
        let ratio = median(&mut counts) / overall;
        let allowed = if kind == "refusal" || kind == "referral-only" { 0.6..=1.25 } else { 0.75..=1.25 };
        assert!(allowed.contains(&ratio), "{kind}: {ratio:.2} of the median length");
    }
}
