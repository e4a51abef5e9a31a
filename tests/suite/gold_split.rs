//! `lacuna gold split`: what stands in the two folders afterwards.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, lines, verdict, write_judge};

/// Ten clusters of two, positives on both axes, a recorded judge with a verdict for an unknown example, and a baseline.
fn set() -> Lacuna {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    for index in 0..20 {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(index % 3), json!(index % 4 / 3));
    }
    set.write(&lacuna.path("set"));
    let mut verdicts: Vec<Value> =
        (0..20).map(|index| verdict("j", &format!("e{index}"), json!(index % 2), json!(0))).collect();
    verdicts.push(verdict("j", "nobody", json!(0), json!(0)));
    write_judge(&lacuna.path("set"), "j", "", &verdicts);
    let headed = format!("{}\n{}", json!({"format": "lacuna-verdict/1"}), lines(&verdicts));
    fs::write(lacuna.path("set/verdicts/j.jsonl"), headed).unwrap();
    let baseline = "format = \"lacuna-judge/1\"\nname = \"nay\"\nkind = \"baseline\"\nbaseline = \"never\"\n";
    fs::write(lacuna.path("set/judges/nay.toml"), baseline).unwrap();
    lacuna
}

fn ids(lacuna: &Lacuna, file: &str, key: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(lacuna.path(file)).unwrap();
    let records = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.filter_map(|record| Some(record.get(key)?.as_str().unwrap().to_owned())).collect()
}

#[test]
fn both_parts_can_be_audited_and_hold_their_own_verdicts() {
    let lacuna = set();
    lacuna.run(&["gold", "split", "set", "--out", "parts", "--calibration", "0.4"]);
    let (calibration, test) =
        (ids(&lacuna, "parts/calibration/examples.jsonl", "id"), ids(&lacuna, "parts/test/examples.jsonl", "id"));
    assert!(calibration.is_disjoint(&test));
    assert_eq!((calibration.len(), test.len()), (8, 12));
    for (part, own) in [("calibration", &calibration), ("test", &test)] {
        assert_eq!(&ids(&lacuna, &format!("parts/{part}/annotations.jsonl"), "example"), own);
        assert_eq!(&ids(&lacuna, &format!("parts/{part}/verdicts/j.jsonl"), "example"), own);
        let verdicts = fs::read_to_string(lacuna.path(&format!("parts/{part}/verdicts/j.jsonl"))).unwrap();
        assert!(verdicts.starts_with("{\"format\":\"lacuna-verdict/1\"}\n"));
        for judge in ["j.toml", "nay.toml"] {
            let copied = fs::read(lacuna.path(&format!("parts/{part}/judges/{judge}"))).unwrap();
            assert_eq!(copied, fs::read(lacuna.path(&format!("set/judges/{judge}"))).unwrap());
        }
        let (gold, judges, out) = (format!("parts/{part}"), format!("parts/{part}/judges"), format!("r-{part}"));
        lacuna.run(&["audit", "--gold", &gold, "--judge", &judges, "--out", &out]);
        let evaluation = lacuna.json(&format!("r-{part}/evaluation.json"));
        assert_eq!(evaluation["gold"]["name"], format!("toy-{part}"));
        assert_eq!(evaluation["judges"][0]["unknown_examples"], 0);
        for axis in ["omission", "commission"] {
            assert!(evaluation["gold"]["axes"][axis]["positives"].as_u64().unwrap() > 0);
        }
    }
}

#[test]
fn the_summary_as_json_counts_what_was_written() {
    let lacuna = set();
    let printed = lacuna.run(&["gold", "split", "set", "--out", "parts", "--seed", "3", "--format", "json"]);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&printed["seed"], &printed["verdicts_left_out"]), (&json!(3), &json!(1)));
    let sum =
        |key: &str| printed["parts"].as_array().unwrap().iter().map(|part| part[key].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("examples"), sum("clusters"), sum("annotations")), (20, 10, 20));
    let verdicts = |part: usize| printed["parts"][part]["verdicts"]["j"].as_u64().unwrap();
    assert_eq!(verdicts(0) + verdicts(1), 20);
}

#[test]
fn parquet_verdicts_are_split_too() {
    let lacuna = set();
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges/j.toml", "--out", "r"]);
    fs::remove_file(lacuna.path("set/verdicts/j.jsonl")).unwrap();
    fs::copy(lacuna.path("r/verdicts.parquet"), lacuna.path("set/verdicts/j.parquet")).unwrap();
    let judge = fs::read_to_string(lacuna.path("set/judges/j.toml")).unwrap().replace("j.jsonl", "j.parquet");
    fs::write(lacuna.path("set/judges/j.toml"), judge).unwrap();
    lacuna.run(&["gold", "split", "set", "--out", "parts"]);
    lacuna.run(&["audit", "--gold", "parts/test", "--judge", "parts/test/judges/j.toml", "--out", "r2"]);
    let evaluation = lacuna.json("r2/evaluation.json");
    assert_eq!(evaluation["judges"][0]["not_asked"], 0);
}

#[test]
fn nothing_is_written_where_something_stands_or_is_wrong() {
    let lacuna = set();
    fs::create_dir(lacuna.path("parts")).unwrap();
    fs::write(lacuna.path("parts/notes.txt"), "mine").unwrap();
    let said = lacuna.fail(3, &["gold", "split", "set", "--out", "parts"]);
    assert!(said.contains("parts: exists and holds other files; allowed: a new or empty folder"), "{said}");
    let said = lacuna.fail(2, &["gold", "split", "set", "--out", "new", "--calibration", "1"]);
    assert!(said.contains("allowed: a number above 0 and below 1"), "{said}");
    fs::write(lacuna.path("set/verdicts/j.jsonl"), lines(&[verdict("j", "e0", json!(9), json!(0))])).unwrap();
    let said = lacuna.fail(3, &["gold", "split", "set", "--out", "new"]);
    assert!(said.contains("set/verdicts/j.jsonl:1: omission: found 9"), "{said}");
    assert!(!lacuna.path("new").exists());
}

#[test]
fn an_adjudicator_who_is_missing_from_a_part_is_named() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c1", json!(1), json!(0));
    set.example("b", "c2", json!(1), json!(0));
    set.rating("a", "chair", json!(1), json!(0));
    set.card = set.card.replace("\"majority\"", "\"chair\"");
    set.write(&lacuna.path("set"));
    let said = lacuna.fail(3, &["gold", "split", "set", "--out", "parts"]);
    assert!(said.contains("card.toml:10: aggregate: found \"chair\""), "{said}");
}
