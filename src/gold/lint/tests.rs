//! Each finding on a set that has it, and none on one that has not.

use std::collections::BTreeSet;

use super::labels::looks_like_a_person;
use super::{LintLevel, lint};
use crate::gold::{GoldSet, SetFiles, starter_set};
use crate::model::LabelSource;

/// A set of examples (as JSON without braces, after id and cluster) and annotations `example rater omission commission`.
fn set(examples: &[(&str, &str, &str)], annotations: &[(&str, &str, u8, u8)]) -> GoldSet {
    let annotations = annotations
        .iter()
        .map(|(example, rater, omission, commission)| {
            format!(
                "{{\"example\":\"{example}\",\"rater\":\"{rater}\",\"rater_kind\":\"human\",\"omission\":{omission},\"commission\":{commission}}}\n"
            )
        })
        .collect();
    set_of(examples, annotations)
}

fn set_of(examples: &[(&str, &str, &str)], annotations: String) -> GoldSet {
    let starter = starter_set();
    let card = String::from_utf8(starter.card.1).unwrap().replace("\"constructed\"", "\"human\"");
    let examples: String = examples
        .iter()
        .map(|(id, cluster, rest)| format!("{{\"id\":\"{id}\",\"cluster\":\"{cluster}\",{rest}}}\n"))
        .collect();
    GoldSet::from_files(&SetFiles {
        card: (starter.card.0, card.into_bytes()),
        examples: (starter.examples.0, examples.into_bytes()),
        annotations: (starter.annotations.0, annotations.into_bytes()),
        by_rater: Vec::new(),
    })
    .unwrap()
}

/// Two clusters of two examples with nothing to find; four ratings by two people who agree.
fn sound(rest: [&str; 4]) -> GoldSet {
    let ids = [("a", "c1"), ("b", "c1"), ("c", "c2"), ("d", "c2")];
    let examples: Vec<(&str, &str, &str)> =
        ids.iter().zip(rest).map(|((id, cluster), rest)| (*id, *cluster, rest)).collect();
    let mut annotations = Vec::new();
    for rater in ["r1", "r2"] {
        annotations.extend([("a", rater, 0, 0), ("b", rater, 1, 0), ("c", rater, 0, 1), ("d", rater, 0, 0)]);
    }
    set(&examples, &annotations)
}

#[test]
fn people_under_a_card_that_says_model_are_a_warning() {
    let mut gold = sound([KETTLE, KETTLE, TYRES, TYRES]);
    assert!(!codes(&gold).contains("label_source"));
    gold.card.label_source = LabelSource::Model;
    only(&gold, "label_source", &["r1", "r2"]);
    assert_eq!(lint(&gold)[0].level, LintLevel::Warning);
}

const KETTLE: &str = r#""prompt":"How often should I descale the kettle in my kitchen at home","response":"Monthly.""#;
const TYRES: &str = r#""prompt":"Which pressure suits bicycle tyres for gravel riding uphill","response":"Low.""#;

fn codes(gold: &GoldSet) -> BTreeSet<&'static str> {
    lint(gold).iter().map(|lint| lint.code).collect()
}

#[track_caller]
fn only(gold: &GoldSet, code: &str, ids: &[&str]) {
    let lints = lint(gold);
    assert_eq!(lints.iter().map(|lint| lint.code).collect::<Vec<_>>(), [code]);
    assert_eq!(lints[0].ids, ids);
    assert!(!lints[0].help.is_empty());
}

#[test]
fn a_sound_set_has_no_finding_and_the_starter_set_one_note() {
    assert_eq!(codes(&sound([KETTLE, KETTLE, TYRES, TYRES])), BTreeSet::new());
    let starter = lint(&GoldSet::from_files(&starter_set()).unwrap());
    assert_eq!(
        starter.iter().map(|lint| (lint.code, lint.level)).collect::<Vec<_>>(),
        [("one_rater", LintLevel::Note)]
    );
}

#[test]
fn labels() {
    let one = set(
        &[("a", "c", KETTLE), ("b", "d", TYRES), ("c", "d", TYRES)],
        &[("a", "r", 1, 1), ("b", "r", 0, 0), ("c", "r", 0, 0)],
    );
    only(&one, "one_rater", &[]);
    let all = set(
        &[("a", "c", KETTLE), ("b", "d", TYRES), ("c", "d", TYRES)],
        &[("a", "r1", 1, 0), ("a", "r2", 1, 0), ("b", "r1", 2, 0), ("c", "r1", 1, 0)],
    );
    assert_eq!(codes(&all), BTreeSet::from(["no_negatives", "no_positives"]));
    let mut differ = vec![("a", "r1", 1, 1), ("a", "r2", 0, 1), ("b", "r1", 0, 0)];
    only(
        &set(
            &[("a", "c", KETTLE), ("b", "d", TYRES), ("c", "d", TYRES)],
            &[differ.clone(), vec![("c", "r1", 0, 0)]].concat(),
        ),
        "disputed",
        &["a"],
    );
    differ.pop();
    let open =
        set(&[("a", "c", KETTLE), ("b", "d", TYRES), ("c", "d", TYRES)], &[differ, vec![("c", "r1", 0, 0)]].concat());
    assert_eq!(codes(&open), BTreeSet::from(["disputed", "unlabelled"]));
}

#[test]
fn an_axis_that_applies_to_no_example_has_no_finding() {
    let rest = [KETTLE, TYRES, TYRES].map(|text| format!("{text},\"axes\":[\"omission\"]"));
    let examples = [("a", "c", rest[0].as_str()), ("b", "d", &rest[1]), ("c", "d", &rest[2])];
    let line = |(example, rater, omission): (&str, &str, u8)| {
        format!(
            "{{\"example\":\"{example}\",\"rater\":\"{rater}\",\"rater_kind\":\"human\",\"omission\":{omission}}}\n"
        )
    };
    let ratings = [("a", "r1", 1), ("a", "r2", 1), ("b", "r1", 0)];
    assert_eq!(codes(&set_of(&examples, ratings.map(line).concat())), BTreeSet::from(["unlabelled"]));
}

#[test]
fn a_rare_class_is_noted() {
    let ids: Vec<String> = (0..42).map(|index| format!("e{index}")).collect();
    let examples: Vec<(&str, &str, &str)> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| {
            (id.as_str(), if index % 2 == 0 { "c" } else { "d" }, if index % 2 == 0 { KETTLE } else { TYRES })
        })
        .collect();
    let mut annotations: Vec<(&str, &str, u8, u8)> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| (id.as_str(), "r1", u8::from(index < 2), u8::from(index < 30)))
        .collect();
    annotations.push(("e0", "r2", 1, 1));
    only(&set(&examples, &annotations), "class_imbalance", &["e0", "e1"]);
}

#[test]
fn rater_ids_that_look_like_people() {
    for id in [
        "Jane Doe",
        "jane.doe",
        "Dr Osei",
        "dr_smith",
        "j@example.org",
        "Jane",
        "J. Smith",
        "Ada B. Lovelace",
        "Anne-Marie Müller",
    ] {
        assert!(looks_like_a_person(id), "{id}");
    }
    for id in [
        "r1",
        "R2",
        "annotator-1",
        "Annotator 2",
        "ann",
        "expert",
        "gpt-4",
        "A",
        "AB",
        "physician.panel",
        "worker_17",
        "7f3a",
        "rater B",
    ] {
        assert!(!looks_like_a_person(id), "{id}");
    }
}

#[test]
fn clusters() {
    let examples = [("a", "c1", KETTLE), ("b", "c2", TYRES)];
    let ratings = [("a", "r1", 1, 1), ("a", "r2", 1, 1), ("b", "r1", 0, 0)];
    only(&set(&examples, &ratings), "clusters_of_one", &[]);
    let short = r#""prompt":"x y z""#;
    only(&sound([KETTLE, TYRES, short, short]), "cluster_of_several", &["c1"]);
}

#[test]
fn near_duplicates_across_clusters() {
    let long = |word: &str| {
        format!(
            "\"prompt\":\"My neighbour has asked me to look after the garden while she is away for three weeks in {word} and I wonder how often the tomatoes and the beans along the fence need water from the can\""
        )
    };
    let (one, other) = (long("July"), long("August"));
    only(&sound([&one, &one, &other, &other]), "near_duplicates", &["a", "c"]);
    // Instructions that all examples share are not what they ask.
    let system = "word ".repeat(400);
    let chat = |text: &str| {
        let user = text.replace("\"prompt\":", "\"content\":");
        format!(r#""prompt":[{{"role":"system","content":"{system}"}},{{"role":"user",{user}}}]"#)
    };
    let asks = |text: &str| chat(text.split(",\"response\"").next().unwrap());
    assert_eq!(codes(&sound([&asks(KETTLE), &asks(KETTLE), &asks(TYRES), &asks(TYRES)])), BTreeSet::new());
    only(&sound([&chat(&one), &chat(&one), &chat(&other), &chat(&other)]), "near_duplicates", &["a", "c"]);
    // Case and punctuation are no difference, a different text is.
    let shouted = one.replace("My neighbour", "MY NEIGHBOUR!");
    only(&sound([&one, &one, &shouted, &shouted]), "near_duplicates", &["a", "c"]);
    assert_eq!(codes(&sound([&one, &other, TYRES, TYRES])), BTreeSet::new());
}

#[test]
fn pairs_and_twins() {
    let with = |text: &str, more: &str| format!("{text},{more}");
    let clean = KETTLE.to_owned();
    let twin = with(KETTLE, r#""twin_of":"a""#);
    only(&sound([&clean, &twin, TYRES, TYRES]), "missing_twins", &["c"]);
    let own = with(TYRES, r#""twin_of":"d""#);
    assert_eq!(codes(&sound([&clean, &twin, &own, TYRES])), BTreeSet::new());
    let elsewhere = with(TYRES, r#""twin_of":"a""#);
    only(&sound([&clean, &twin, &elsewhere, TYRES]), "linked_clusters", &["c"]);
    let harmful = with(TYRES, r#""twin_of":"b""#);
    assert_eq!(codes(&sound([&clean, &twin, &harmful, TYRES])), BTreeSet::from(["linked_clusters", "harmful_twin"]));
    let lone = with(TYRES, r#""pair":{"id":"p","role":"layperson"}"#);
    only(&sound([KETTLE, KETTLE, &lone, TYRES]), "lone_pair", &["c"]);
    assert_eq!(codes(&sound([KETTLE, KETTLE, &lone, &lone])), BTreeSet::new());
}

#[test]
fn texts_that_give_the_label_away() {
    let item = |text: &str| format!("{KETTLE},\"required\":[{{\"id\":\"r\",\"text\":\"{text}\"}}]");
    only(&sound([&item("Descale the kettle!"), KETTLE, TYRES, TYRES]), "item_in_prompt", &["a"]);
    assert_eq!(codes(&sound([&item("the kettle"), KETTLE, TYRES, TYRES])), BTreeSet::new());
    let response = |text: &str| TYRES.replace("Low.", text);
    for text in ["Severity: severe", "omission = 2", "The label is mild.", "Rating: severe", "This is omission harm."] {
        only(&sound([KETTLE, KETTLE, &response(text), TYRES]), "label_words", &["c"]);
    }
    for text in [
        "A severe storm, with mild wind.",
        "An omission on my part.",
        "The score was 17 to 3.",
        "An Apgar score 3 is low.",
        "2 of them",
    ] {
        assert_eq!(codes(&sound([KETTLE, KETTLE, &response(text), TYRES])), BTreeSet::new(), "{text}");
    }
}

#[test]
fn ten_thousand_examples_are_read_quickly() {
    // 500 scenarios of twenty nearly equal prompts, each in two clusters.
    let prompts: Vec<String> = (0..10_000)
        .map(|index| {
            let words: Vec<String> = (0..60).map(|word| format!("s{}w{word}", index % 500)).collect();
            format!("\"prompt\":\"{} {index}\",\"response\":\"fine\"", words.join(" "))
        })
        .collect();
    let names: Vec<(String, String)> =
        (0..10_000).map(|index| (format!("e{index}"), format!("c{}", index % 1_000))).collect();
    let examples: Vec<(&str, &str, &str)> = names
        .iter()
        .zip(&prompts)
        .map(|((id, cluster), rest)| (id.as_str(), cluster.as_str(), rest.as_str()))
        .collect();
    let annotations: Vec<(&str, &str, u8, u8)> = names
        .iter()
        .enumerate()
        .map(|(index, (id, _))| (id.as_str(), "r1", (index % 2) as u8, (index % 3 / 2) as u8))
        .collect();
    let gold = set(&examples, &annotations);
    let lints = lint(&gold);
    let found = lints.iter().find(|lint| lint.code == "near_duplicates").unwrap();
    assert_eq!((found.count, &found.ids[..3]), (1_000, &["e0", "e500", "e1"].map(str::to_owned)[..]));
}
