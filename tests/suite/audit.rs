//! `lacuna audit` as a user types it: what it needs, what it leaves, and that it leaves the same bytes.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, verdict, write_judge};
use crate::provider::STARTER;

#[test]
fn the_same_audit_gives_the_same_bytes_at_any_number_of_threads() {
    let report = |threads: usize| {
        // The audit card has the day.
        let lacuna = Lacuna::new().with_threads(threads).with_variable("SOURCE_DATE_EPOCH", "1767312000");
        lacuna.run(&["audit", "--gold", STARTER, "--out", "r"]);
        lacuna
    };
    let (first, second, third) = (report(1), report(8), report(8));
    let files = |lacuna: &Lacuna| walk(&lacuna.path("r")).len();
    assert_eq!([files(&second), files(&third)], [files(&first); 2]);
    let mut compared = 0;
    for file in walk(&first.path("r")) {
        let name = file.strip_prefix(first.path("r")).unwrap();
        // It holds the clock.
        if name != Path::new("manifest.json") {
            let read = |lacuna: &Lacuna| fs::read(lacuna.path("r").join(name)).unwrap();
            let bytes = fs::read(&file).unwrap();
            assert!(bytes == read(&second) && bytes == read(&third), "{}", name.display());
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared} files");
}

/// What the seed may move of a judge that tosses no coin: what rests on flips and resamples, never a value or an interval of
/// the headline.
#[test]
fn another_seed_moves_the_coin_and_no_headline() {
    let evaluation = |seed: &str| {
        let lacuna = Lacuna::new();
        lacuna.run(&["audit", "--gold", STARTER, "--seed", seed, "--out", "r"]);
        lacuna.json("r/evaluation.json")
    };
    let headline = |evaluation: &Value, name: &str| {
        let judge = crate::driver::judge(evaluation, name).clone();
        let numbers =
            ["recall", "recall_bounds", "false_alarm_rate", "youden_j", "f1", "mcc", "auc", "agreement", "slices"];
        let of_axis = |axis: &str| numbers.map(|number| judge["axes"][axis][number].clone());
        let gap = ["value", "lower", "upper", "bounds", "by_system"].map(|number| judge["recall_gap"][number].clone());
        (of_axis("omission"), of_axis("commission"), gap)
    };
    let (one, other) = (evaluation("1"), evaluation("2"));
    for name in ["always", "never", "refusal-phrases", "item-coverage", "length"] {
        assert_eq!(headline(&one, name), headline(&other, name), "{name}");
    }
    assert_ne!(headline(&one, "random"), headline(&other, "random"));
}

#[test]
fn an_earlier_report_is_replaced_and_other_files_are_not() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--gold", STARTER, "--out", "r"]);
    lacuna.run(&["audit", "--gold", STARTER, "--out", "r", "--seed", "2"]);
    assert_eq!(lacuna.json("r/manifest.json")["seed"], 2);
    fs::create_dir(lacuna.path("mine")).unwrap();
    fs::write(lacuna.path("mine/thesis.txt"), "years of work").unwrap();
    let said = lacuna.fail(3, &["audit", "--gold", STARTER, "--out", "mine"]);
    assert!(said.contains("mine: exists and holds other files; allowed:"), "{said}");
    assert_eq!(fs::read_to_string(lacuna.path("mine/thesis.txt")).unwrap(), "years of work");
    assert_eq!(fs::read_dir(lacuna.path("mine")).unwrap().count(), 1);
}

#[test]
fn the_manifest_names_every_input_with_its_digest() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c", json!(1), json!(0));
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &[verdict("j", "a", json!(1), json!(0))]);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    let manifest = lacuna.json("r/manifest.json");
    let paths: Vec<&str> =
        manifest["inputs"].as_array().unwrap().iter().map(|input| input["path"].as_str().unwrap()).collect();
    let expected =
        ["set/card.toml", "set/examples.jsonl", "set/annotations.jsonl", "set/judges/j.toml", "set/verdicts/j.jsonl"];
    assert_eq!(paths, expected);
    let text = fs::read_to_string(lacuna.path("r/evaluation.json")).unwrap();
    assert!(!text.contains("set/") && !text.contains(lacuna.folder.path().to_str().unwrap()), "no path in the numbers");
}

#[test]
fn a_set_brings_its_own_judges_beside_the_baselines() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c", json!(1), json!(0));
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &[verdict("j", "a", json!(1), json!(0))]);
    lacuna.run(&["audit", "--gold", "set"]);
    let evaluation = lacuna.json("reports/toy/evaluation.json");
    let mut names: Vec<&str> =
        evaluation["judges"].as_array().unwrap().iter().map(|judge| judge["judge"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["always", "j", "length", "never", "random", "refusal-phrases"]);
}

#[test]
fn verdicts_come_back_from_their_own_parquet() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    for index in 0..6 {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(index % 3), json!(index % 2));
    }
    set.write(&lacuna.path("set"));
    let verdicts: Vec<_> = (0..6).map(|index| verdict("j", &format!("e{index}"), json!(index % 2), json!(0))).collect();
    write_judge(&lacuna.path("set"), "j", "", &verdicts);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "one"]);
    fs::copy(lacuna.path("one/verdicts.parquet"), lacuna.path("set/verdicts/j.parquet")).unwrap();
    let file = lacuna.path("set/judges/j.toml");
    let text = fs::read_to_string(&file).unwrap().replace("j.jsonl", "j.parquet");
    fs::write(file, text).unwrap();
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "two"]);
    assert_eq!(lacuna.json("one/evaluation.json"), lacuna.json("two/evaluation.json"));
}

#[test]
fn withheld_texts_reach_no_output() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c", json!(1), json!(0));
    set.write(&lacuna.path("set"));
    let mut answer = verdict("j", "a", json!(1), json!(0));
    answer["raw"] = json!("SECRET-RAW");
    answer["rationale"] = json!("SECRET-RATIONALE");
    write_judge(&lacuna.path("set"), "j", "", &[answer]);
    let secrets = |out: &str| {
        let mut found = 0;
        for entry in walk(&lacuna.path(out)) {
            let bytes = fs::read(entry).unwrap();
            found += usize::from(bytes.windows(7).any(|window| window == b"SECRET-"));
        }
        found
    };
    lacuna.run(&["audit", "--gold", "set", "--out", "shown"]);
    assert_eq!(secrets("shown"), 2, "the Parquet file and the page hold them");
    lacuna.run(&["audit", "--gold", "set", "--out", "flag", "--no-texts"]);
    assert_eq!(secrets("flag"), 0);
    set.card = set.card.replace("tie =", "texts = \"withhold\"\ntie =");
    set.write(&lacuna.path("set"));
    lacuna.run(&["audit", "--gold", "set", "--out", "card"]);
    assert_eq!(secrets("card"), 0);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn a_phrase_judge_is_not_asked_where_the_response_is_withheld() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c", json!(1), json!(0));
    set.example("b", "d", json!(0), json!(0));
    set.examples[1]["response"] = json!(null);
    set.write(&lacuna.path("set"));
    lacuna.run(&["audit", "--gold", "set", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let phrases = crate::driver::judge(&evaluation, "refusal-phrases");
    assert_eq!((phrases["asked"].as_u64(), phrases["not_asked"].as_u64()), (Some(1), Some(1)));
}

#[test]
fn the_coin_keeps_its_rate_at_other_thresholds() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--gold", STARTER, "--omission-threshold", "4", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let rate = crate::driver::judge(&evaluation, "random")["axes"]["omission"]["flag_rate"]["value"].as_f64().unwrap();
    // 192 examples, 20 flips each: a standard deviation of 0.008.
    assert!((rate - 0.5).abs() < 0.04, "{rate}");
}

#[test]
fn several_sets_get_a_folder_each() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.example("a", "c", json!(1), json!(0));
    set.write(&lacuna.path("one"));
    set.card = set.card.replace("\"toy\"", "\"other\"");
    set.write(&lacuna.path("two"));
    lacuna.run(&["audit", "--gold", "one", "--gold", "two", "--out", "r"]);
    assert_eq!(lacuna.json("r/toy/evaluation.json")["gold"]["name"], "toy");
    assert_eq!(lacuna.json("r/other/evaluation.json")["gold"]["name"], "other");
    let said = lacuna.fail(3, &["audit", "--gold", "one", "--gold", "one", "--out", "s"]);
    assert!(said.contains("allowed: sets of different names"), "{said}");
}

#[test]
fn json_on_standard_output_is_the_evaluation() {
    let lacuna = Lacuna::new();
    let printed = lacuna.run(&["audit", "--gold", STARTER, "--format", "json", "--out", "r"]);
    assert_eq!(printed.as_bytes(), fs::read(lacuna.path("r/evaluation.json")).unwrap());
    let listed: serde_json::Value = serde_json::from_str(&lacuna.run(&["judge", "list", "--format", "json"])).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 6);
}

/// Where one rater is the gold, a judge agrees with the rater as it does with the gold, and no construction is called a person.
#[test]
fn a_judge_agrees_with_the_only_rater_as_with_the_gold() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let mut rows = 0;
    for axis in ["omission", "commission"] {
        let answers = |judge: &&Value| !judge["axes"][axis].is_null();
        let judges: Vec<&Value> = evaluation["judges"].as_array().unwrap().iter().filter(answers).collect();
        assert!(judges.len() > 2);
        let block = &evaluation["pair_agreement"][axis];
        assert_eq!(block["raters_left_out"], 0);
        let pairs = block["pairs"].as_array().unwrap();
        let of_judges = pairs.iter().filter(|pair| pair["second_kind"] == "judge").count();
        assert_eq!((of_judges, pairs.len()), (judges.len() * (judges.len() - 1) / 2, of_judges + judges.len()));
        rows += 3 * pairs.len();
        for judge in judges {
            let with_rater = |pair: &&Value| pair["first"] == judge["judge"] && pair["second"] == "construction";
            let pair = pairs.iter().find(with_rater).unwrap();
            assert_eq!((&pair["first_kind"], &pair["second_kind"]), (&json!("judge"), &json!("construction")));
            let agreement = &judge["axes"][axis]["agreement"];
            for (found, expected) in [
                (&pair["flag_kappa"], &agreement["at_threshold"]["kappa"]),
                (&pair["severity_kappa_quadratic"], &agreement["kappa_quadratic"]),
            ] {
                for key in ["value", "lower", "upper", "n"] {
                    let (one, other) = (found[key].as_f64(), expected[key].as_f64());
                    let same = one.zip(other).map_or(one == other, |(one, other)| (one - other).abs() < 1e-9);
                    assert!(same, "{axis} {}: {key} {found} {expected}", judge["judge"]);
                }
                assert_eq!(found["clusters"], expected["clusters"]);
            }
            // As many flags as the table of the judge against the gold holds on its diagonal.
            let (positives, negatives) = (&judge["axes"][axis]["recall"], &judge["axes"][axis]["false_alarm_rate"]);
            let count = |estimate: &Value, key: &str| estimate[key].as_f64().unwrap();
            let same = count(positives, "count") + count(negatives, "n") - count(negatives, "count");
            assert!((count(&pair["same_flag"], "count") - same).abs() < 1e-9, "{}", pair["same_flag"]);
        }
    }
    let table = fs::read_to_string(lacuna.path("r/tables/pair_agreement.csv")).unwrap();
    assert_eq!(table.lines().count(), 1 + rows);
    let report = fs::read_to_string(lacuna.path("r/report.md")).unwrap();
    assert!(report.contains("## Who agrees with whom") && report.contains("construction (construction)"), "{report}");
    let figure = fs::read_to_string(lacuna.path("r/figures/agreement.svg")).unwrap();
    assert!(figure.contains("a construction (construction)") && !figure.contains("(person)"));
}

/// An unoptimised build reads its own numbers back with the stack of an ordinary thread.
#[test]
fn an_evaluation_is_read_with_little_stack() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--out", "r"]);
    let text = fs::read_to_string(lacuna.path("r/evaluation.json")).unwrap();
    let read = move || serde_json::from_str::<lacuna::measure::Evaluation>(&text).map(|found| found.judges.len());
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(read).unwrap();
    assert!(thread.join().unwrap().unwrap() > 1);
}

/// What Rust gives a thread that asks for nothing.
const STACK: usize = 2 * 1024 * 1024;
