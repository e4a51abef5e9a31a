//! The audit that needs no arguments: what it is of, what it leaves, and that its baselines stand where they belong. It runs
//! once for all tests.

use std::fs;

use serde_json::Value;

use crate::driver::{Lacuna, bundled, close, codes, judge};
use crate::provider::STARTER;

/// An estimate of a judge in the slice `kind` of an axis.
fn in_kind<'a>(evaluation: &'a Value, name: &str, axis: &str, kind: &str, rate: &str) -> &'a Value {
    let slices = &judge(evaluation, name)["axes"][axis]["slices"]["kind"];
    let estimate = &slices[kind][rate];
    assert!(estimate["value"].is_number(), "{name}, {axis}, {kind}, {rate}: {estimate}");
    estimate
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// Whether an interval holds a value.
fn holds(estimate: &Value, value: f64) -> bool {
    number(&estimate["lower"]) <= value && value <= number(&estimate["upper"])
}

#[test]
fn it_answers_from_an_empty_folder() {
    let audit = bundled();
    assert!(audit.said.contains("auditing the bundled core set"), "{}", audit.said);
    let beginning: String = audit.printed.split_whitespace().take(40).collect::<Vec<_>>().join(" ");
    for part in [
        "1504 examples in 64 clusters",
        "CONSTRUCTED LABELS (NOT HUMAN)",
        "No expert has read any of its 64 scenarios.",
    ] {
        assert!(beginning.contains(part), "{part} is not at the beginning: {beginning}");
    }
    assert!(audit.printed.lines().all(|line| line.chars().count() <= 100), "{}", audit.printed);
    for file in [
        "evaluation.json",
        "verdicts.parquet",
        "index.html",
        "manifest.json",
        "report.md",
        "figures/blindness.svg",
        "figures/severity_response.svg",
        "figures/confusion.svg",
        "figures/slices.svg",
        "tables/metrics.csv",
        "tables/gaps.csv",
        "tables/slices.csv",
        "tables/twins.csv",
        "tables/framing.csv",
        "tables/disagreements.csv",
        "tables/comparisons.csv",
        "tables/confusion.csv",
        "tables/unscored.csv",
        "tables/human_ceiling.csv",
        "tables/rankings.csv",
        "tables/findings.csv",
    ] {
        assert!(fs::metadata(audit.report().join(file)).unwrap().len() > 0, "{file}");
    }
    let left: Vec<_> = fs::read_dir(&audit.folder).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left beside reports/");
}

#[test]
fn it_is_of_the_core_set_whose_labels_are_constructed_and_unread() {
    let evaluation = bundled().evaluation();
    let gold = &evaluation["gold"];
    assert_eq!((&gold["name"], &gold["label_source"]), (&"lacuna-core".into(), &"constructed".into()));
    assert_eq!((gold["examples"].as_u64(), gold["clusters"].as_u64()), (Some(1504), Some(64)));
    assert_eq!(gold["expert_review"], serde_json::json!({"units": "scenarios", "read": 0, "of": 64}));
    assert_eq!(evaluation["judges"].as_array().unwrap().len(), 6);
    for code in ["labels_not_human", "no_human_ceiling"] {
        assert!(codes(&evaluation, None).contains(&code.to_owned()), "{code}");
    }
    let page = fs::read_to_string(bundled().report().join("index.html")).unwrap();
    let first = &page[page.find("<h1").unwrap()..page.find("<h2").unwrap()];
    for part in [
        "constructed labels (not human)",
        "No person gave any",
        "No expert has read any of its 64 scenarios",
        "6 baselines (simple programs to hold a judge against, no models) on 1504 examples",
    ] {
        assert!(first.contains(part), "{part} is not on the first screen: {first}");
    }
    for file in ["report.md", "methods.md", "audit_card.md"] {
        let text = fs::read_to_string(bundled().report().join(file)).unwrap();
        assert!(text.contains("No expert has read any of its 64 scenarios"), "{file}");
    }
}

/// The chance line is the judge's own flag rate: a judge that does not look at the answer stands on it.
#[test]
fn judges_that_do_not_look_stand_on_the_chance_line() {
    let evaluation = bundled().evaluation();
    for (name, share) in [("always", 1.0), ("never", 0.0), ("random", 0.5)] {
        for axis in ["omission", "commission"] {
            let numbers = &judge(&evaluation, name)["axes"][axis];
            for rate in ["recall", "false_alarm_rate", "flag_rate"] {
                let found = number(&numbers[rate]["value"]);
                // The coin: 20 flips an example, and at least 256 examples. Four standard deviations are 0.028.
                assert!((found - share).abs() < 0.03, "{name}, {axis}: {rate} is {found}");
            }
            let youden = &numbers["youden_j"];
            assert!(youden["lower"].is_null() || holds(youden, 0.0), "{name}, {axis}: {youden}");
        }
    }
    close(&judge(&evaluation, "always")["axes"]["omission"]["youden_j"]["value"], 0.0);
}

#[test]
fn stock_phrases_of_refusal_do_not_see_hedging() {
    let evaluation = bundled().evaluation();
    let recall = |kind: &str| number(&in_kind(&evaluation, "refusal-phrases", "omission", kind, "recall")["value"]);
    assert!(recall("hedged") < 0.01, "{}", recall("hedged"));
    assert!(recall("removed") < 0.01, "{}", recall("removed"));
    assert!(recall("refusal") > 0.3, "{}", recall("refusal"));
}

#[test]
fn compared_wording_sees_what_is_removed_and_not_what_is_wrong() {
    let evaluation = bundled().evaluation();
    let flagged =
        |kind: &str, rate: &str| number(&in_kind(&evaluation, "item-coverage", "omission", kind, rate)["value"]);
    // To an answer with a wrong fact beside everything that is needed no word is missing.
    let wrong = flagged("wrong-fact", "false_alarm_rate");
    let complete = flagged("complete", "false_alarm_rate");
    assert!((wrong - complete).abs() <= 0.05, "wrong {wrong}, complete {complete}");
    for kind in ["removed", "removed-two", "refusal"] {
        assert!(flagged(kind, "recall") > wrong + 0.1, "{kind}: {}, wrong {wrong}", flagged(kind, "recall"));
    }
    // More is seen where more is removed.
    assert!(flagged("removed-two", "recall") > flagged("removed", "recall"));
    assert!(judge(&evaluation, "item-coverage")["axes"]["commission"].is_null());
}

/// Each degraded answer beside its complete twin of about the same length: neither the coin nor the length tells which is which.
#[test]
fn the_coin_and_the_length_are_at_chance_on_twins() {
    let evaluation = bundled().evaluation();
    for (name, by) in [("random", "by_flag"), ("length", "by_score")] {
        for (axis, least) in [("omission", 800), ("commission", 200)] {
            let twins = &judge(&evaluation, name)["axes"][axis]["twins"];
            assert!(twins["twin_pairs"].as_u64().unwrap() >= least, "{name}, {axis}: {}", twins["twin_pairs"]);
            let worse = &twins[by]["judged_worse"];
            assert!((number(&worse["value"]) - 0.5).abs() < 0.06, "{name}, {axis}: {worse}");
            assert!(holds(worse, 0.5), "{name}, {axis}: {worse}");
        }
    }
    // Who compares wording does tell them apart.
    let coverage = &judge(&evaluation, "item-coverage")["axes"]["omission"]["twins"]["by_severity"]["judged_worse"];
    assert!(number(&coverage["lower"]) > 0.5, "{coverage}");
}

#[test]
fn its_page_is_of_moderate_size_and_says_what_is_not_on_it() {
    let page = fs::read_to_string(bundled().report().join("index.html")).unwrap();
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    let start = page.split("id=\"drill-data\">").nth(1).unwrap();
    let data: Value = serde_json::from_str(start.split("</script>").next().unwrap()).unwrap();
    let list = |name: &str| data[name].as_array().unwrap().clone();
    // Texts stand once.
    let texts = list("texts");
    let distinct: std::collections::BTreeSet<String> = texts.iter().map(Value::to_string).collect();
    assert_eq!(texts.len(), distinct.len());
    // What is here and what is counted as not here is everything that a judge with a cut answered.
    let at = |entry: &Value, place: usize| usize::try_from(entry[place].as_u64().unwrap()).unwrap();
    let kinds = list("kinds");
    let disagreement = |entry: &Value, place: usize| kinds[at(entry, place)]["disagreement"] == true;
    let here = list("cases").iter().filter(|case| disagreement(case, 3)).count();
    let absent: usize = list("left_out").iter().filter(|entry| disagreement(entry, 2)).map(|entry| at(entry, 3)).sum();
    let table = fs::read_to_string(bundled().report().join("tables/disagreements.csv")).unwrap();
    assert_eq!(here + absent, table.lines().count() - 1);
    assert!(here > 200 && absent > 0, "{here} here, {absent} not");
    // Of the misses of one judge, not one scenario and not the worst severity alone.
    let position = data["judges"].as_array().unwrap().iter().position(|judge| judge == "refusal-phrases").unwrap();
    let misses = list("cases").into_iter().filter(|case| at(case, 1) == position && at(case, 3) == 0);
    let examples: Vec<Value> = misses.map(|case| data["examples"][at(&case, 0)].clone()).collect();
    let of = |key: fn(&Value) -> String| examples.iter().map(key).collect::<std::collections::BTreeSet<_>>().len();
    assert!(of(|example| example["cluster"].to_string()) >= 10);
    assert!(of(|example| example["gold"][0].to_string()) >= 3);
    assert!(of(|example| example["slices"]["kind"].to_string()) >= 3);
}

#[test]
fn its_report_is_drawn_again_from_its_evaluation() {
    let lacuna = Lacuna::new();
    let report = bundled().report();
    let file = |name: &str| report.join(name).to_str().unwrap().to_owned();
    let (evaluation, verdicts) = (file("evaluation.json"), file("verdicts.parquet"));
    let again = ["report", "--evaluation", &evaluation, "--verdicts", &verdicts, "--out", "again"];
    // Without --gold the set is the bundled one; another one is refused.
    lacuna.run(&again);
    let said = lacuna.fail(3, &[&again[..], &["--gold", STARTER]].concat());
    assert!(said.contains("is not the set of the evaluation"), "{said}");
    for name in
        ["index.html", "evaluation.json", "figures/blindness.svg", "tables/gaps.csv", "tables/disagreements.csv"]
    {
        assert!(fs::read(report.join(name)).unwrap() == fs::read(lacuna.path("again").join(name)).unwrap(), "{name}");
    }
}
