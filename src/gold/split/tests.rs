//! Over many seeds: no cluster, pair or twin is torn, every line is in one part, both parts have positives.

use std::collections::{BTreeMap, BTreeSet};

use super::{Part, Split, SplitOptions, positives, split_set};
use crate::gold::{GoldSet, SetFiles, starter_set};
use crate::model::{Axis, Problems};

fn options(seed: u64, calibration: f64) -> SplitOptions {
    SplitOptions { calibration, seed }
}

fn split(files: &SetFiles, seed: u64, calibration: f64) -> Split {
    split_set(files, &GoldSet::from_files(files).unwrap(), options(seed, calibration)).unwrap()
}

/// A set made from lines `id cluster omission commission`.
fn made(rows: &[(&str, &str, u8, u8)], more: impl Fn(&str) -> String) -> SetFiles {
    let mut files = starter_set();
    files.examples.1 = rows
        .iter()
        .map(|(id, cluster, ..)| {
            format!("{{\"id\":\"{id}\",\"cluster\":\"{cluster}\",\"prompt\":\"p\",\"response\":\"r\"{}}}\n", more(id))
        })
        .collect::<String>()
        .into_bytes();
    files.annotations.1 = rows
        .iter()
        .map(|(id, _, omission, commission)| {
            format!(
                "{{\"example\":\"{id}\",\"rater\":\"x\",\"rater_kind\":\"construction\",\"omission\":{omission},\"commission\":{commission}}}\n"
            )
        })
        .collect::<String>()
        .into_bytes();
    files
}

fn clusters(gold: &GoldSet) -> BTreeSet<&str> {
    gold.examples.iter().map(|example| example.cluster.as_str()).collect()
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

#[test]
fn the_starter_set_splits_by_cluster_at_every_seed() {
    let files = starter_set();
    for seed in 0..40 {
        let share = [0.1, 0.3, 0.5, 0.8][seed as usize % 4];
        let found = split(&files, seed, share);
        let [one, other] = [&found.parts[0], &found.parts[1]];
        assert!(clusters(&one.gold).is_disjoint(&clusters(&other.gold)), "seed {seed}");
        assert_eq!(one.gold.examples.len() + other.gold.examples.len(), 192);
        for part in &found.parts {
            assert!(Axis::ALL.iter().all(|axis| positives(&part.gold, *axis) > 0), "seed {seed}");
        }
        let calibration = one.gold.examples.len() as f64;
        // 24 clusters of eight: at most one cluster from the share.
        assert!((calibration - share * 192.0).abs() <= 8.0, "seed {seed}: {calibration} at {share}");
    }
}

#[test]
fn every_line_is_in_one_part_byte_for_byte_and_in_order() {
    let mut files = starter_set();
    // A last line without a break, and Windows line ends, are kept as they are but for the missing break.
    files.annotations.1.pop();
    let found = split(&files, 7, 0.4);
    for pick in [|files: &SetFiles| files.examples.1.clone(), |files: &SetFiles| files.annotations.1.clone()] {
        let mut whole = pick(&files);
        if !whole.ends_with(b"\n") {
            whole.push(b'\n');
        }
        let parts = found.parts.iter().map(|part| pick(&part.files)).collect::<Vec<_>>();
        let place: BTreeMap<&[u8], usize> =
            lines(&whole).into_iter().enumerate().map(|(at, line)| (line, at)).collect();
        let mut seen = BTreeSet::new();
        for part in &parts {
            let places: Vec<usize> = lines(part).iter().map(|line| place[line]).collect();
            assert!(places.is_sorted());
            seen.extend(places);
        }
        assert_eq!(seen.len(), place.len());
    }
}

#[test]
fn a_seed_gives_the_same_parts_and_another_seed_others() {
    let files = starter_set();
    let part_of = |seed| split(&files, seed, 0.5).part_of;
    assert_eq!(part_of(3), part_of(3));
    assert!((0..10).any(|seed| part_of(seed) != part_of(3)));
}

#[test]
fn the_cards_differ_in_their_names_alone() {
    let files = starter_set();
    let found = split(&files, 1, 0.5);
    for (part, name) in found.parts.iter().zip(["lacuna-starter-calibration", "lacuna-starter-test"]) {
        assert_eq!(part.gold.card.name, name);
        let card = String::from_utf8(part.files.card.1.clone()).unwrap();
        assert_eq!(card.replace(name, "lacuna-starter").into_bytes(), files.card.1);
    }
}

#[test]
fn two_positives_are_shared_whatever_else_happens() {
    // One cluster has both kinds, one omission alone, one commission alone, the rest nothing.
    let rows = [
        ("a", "both", 1, 1),
        ("b", "omission", 1, 0),
        ("c", "commission", 0, 1),
        ("d", "none-1", 0, 0),
        ("e", "none-2", 0, 0),
        ("f", "none-3", 0, 0),
    ];
    let files = made(&rows, |_| String::new());
    for seed in 0..200 {
        for share in [0.01, 0.5, 0.99] {
            let found = split(&files, seed, share);
            assert!(found.without_positives.is_empty(), "seed {seed}, share {share}");
        }
    }
}

#[test]
fn positives_in_one_cluster_cannot_be_shared_and_that_is_said() {
    let files = made(&[("a", "c1", 1, 0), ("b", "c1", 2, 0), ("c", "c2", 0, 0), ("d", "c3", 0, 0)], |_| String::new());
    for seed in 0..50 {
        let found = split(&files, seed, 0.5);
        assert_eq!(found.without_positives.len(), 1);
        assert_eq!(found.without_positives[0].1, Axis::Omission);
    }
}

#[test]
fn pairs_and_twins_join_their_clusters() {
    let rows: Vec<(String, String)> = (0..12).map(|index| (format!("e{index}"), format!("c{index:02}"))).collect();
    let rows: Vec<(&str, &str, u8, u8)> =
        rows.iter().map(|(id, cluster)| (id.as_str(), cluster.as_str(), 1, 0)).collect();
    let files = made(&rows, |id| match id {
        "e1" => ",\"twin_of\":\"e0\"".to_owned(),
        "e2" | "e3" => ",\"pair\":{\"id\":\"p\",\"role\":\"r\"}".to_owned(),
        "e4" => ",\"twin_of\":\"e3\"".to_owned(),
        _ => String::new(),
    });
    for seed in 0..100 {
        let found = split(&files, seed, 0.5);
        assert_eq!(found.joined, [vec!["c00", "c01"], vec!["c02", "c03", "c04"]]);
        assert_eq!(found.part_of[0], found.part_of[1]);
        assert!(found.part_of[2] == found.part_of[3] && found.part_of[3] == found.part_of[4]);
        assert!(Part::ALL.iter().all(|part| found.part_of.contains(part)));
    }
}

#[test]
fn one_cluster_is_refused() {
    let files = made(&[("a", "c", 1, 0), ("b", "c", 0, 0)], |_| String::new());
    let refused = |files: &SetFiles| -> Problems {
        split_set(files, &GoldSet::from_files(files).unwrap(), options(1, 0.5)).unwrap_err()
    };
    assert!(refused(&files).to_string().contains("holds one cluster; allowed: two or more"));
    let tied = made(&[("a", "c", 1, 0), ("b", "d", 0, 0)], |_| ",\"pair\":{\"id\":\"p\",\"role\":\"r\"}".to_owned());
    assert!(refused(&tied).to_string().contains("tie into one"));
}
