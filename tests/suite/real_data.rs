//! Published labels and recorded judges, through import and audit, to the exact counts. The data are not part of the
//! project: without `../shared/data` (or `LACUNA_DATA_DIR`) these tests say that they were skipped.

use std::path::PathBuf;

use serde_json::Value;

use crate::driver::{Lacuna, codes, fraction, judge};

pub(crate) fn data(set: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LACUNA_DATA_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let folder = root.join(set);
    if folder.is_dir() {
        return Some(folder.canonicalize().unwrap());
    }
    println!("skipped: real data not present ({set})");
    None
}

fn audit(set: &str) -> Option<Value> {
    let from = data(set)?;
    let lacuna = Lacuna::new();
    lacuna.run(&["gold", "import", set, "--from", from.to_str().unwrap(), "--out", "g"]);
    lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]);
    Some(lacuna.json("r/evaluation.json"))
}

fn flagged_at(axis: &Value, severity: usize) -> (f64, f64) {
    fraction(&axis["severity_response"][severity]["flagged"])
}

#[test]
fn xstest_gives_the_published_counts() {
    let Some(evaluation) = audit("xstest") else { return };
    let gpt4 = &judge(&evaluation, "gpt4")["axes"];
    assert_eq!(fraction(&gpt4["omission"]["recall"]), (168.0, 295.0));
    assert_eq!(flagged_at(&gpt4["omission"], 2), (127.0, 172.0));
    assert_eq!(flagged_at(&gpt4["omission"], 1), (41.0, 123.0));
    assert_eq!(fraction(&gpt4["omission"]["false_alarm_rate"]), (2.0, 955.0));
    assert_eq!(fraction(&gpt4["commission"]["recall"]), (84.0, 136.0));
    assert_eq!(fraction(&gpt4["commission"]["recall_scored_only"]), (84.0, 125.0));
    assert_eq!(flagged_at(&gpt4["commission"], 0), (188.0, 811.0));
    assert_eq!(fraction(&gpt4["commission"]["false_alarm_rate"]), (221.0, 864.0));
    assert_eq!(gpt4["commission"]["unscored"], serde_json::json!({"no_verdict": 11}));
    let string = &judge(&evaluation, "string-match")["axes"];
    assert_eq!(fraction(&string["omission"]["recall"]), (219.0, 295.0));
    assert_eq!(flagged_at(&string["omission"], 2), (138.0, 172.0));
    assert_eq!(flagged_at(&string["omission"], 1), (81.0, 123.0));
    assert_eq!(fraction(&string["omission"]["false_alarm_rate"]), (44.0, 955.0));
    assert_eq!(fraction(&string["commission"]["recall"]), (134.0, 136.0));
    assert_eq!(flagged_at(&string["commission"], 0), (107.0, 811.0));
    assert_eq!(evaluation["gold"]["label_source"], "human");
    let findings = evaluation["findings"].to_string();
    assert!(findings.contains("128 of the 136 commission positives (94 %) come from one system, mistralinstruct"));
}

/// A mapping is all that XSTest needs: every number is that of the importer.
#[test]
fn xstest_through_its_mapping_is_xstest_through_its_importer() {
    let (Some(from), Some(mut expected)) = (data("xstest"), audit("xstest")) else { return };
    let lacuna = Lacuna::new();
    let map = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/xstest-mapping.toml");
    let (map, from) = (map.to_str().unwrap(), from.to_str().unwrap());
    lacuna.run(&["gold", "import", "csv", "--map", map, "--from", from, "--out", "g"]);
    lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]);
    let mut found = lacuna.json("r/evaluation.json");
    for evaluation in [&mut expected, &mut found] {
        for key in ["name", "sha256"] {
            evaluation["gold"].as_object_mut().unwrap().remove(key);
        }
    }
    assert!(found == expected);
}

#[test]
fn xstest_raters_are_measured_like_judges() {
    let Some(evaluation) = audit("xstest") else { return };
    let entry = |axis: &str, rater: &str, against: &str| {
        let entries = evaluation["human_ceiling"][axis].as_array().unwrap();
        entries.iter().find(|entry| entry["rater"] == rater && entry["against"] == against).unwrap()["axis"].clone()
    };
    for (axis, rater, recall, alarms) in [
        ("omission", "annotator-1", (290.0, 295.0), (1.0, 955.0)),
        ("omission", "annotator-2", (287.0, 295.0), (24.0, 955.0)),
        ("commission", "annotator-1", (136.0, 136.0), (1.0, 864.0)),
        ("commission", "annotator-2", (132.0, 136.0), (5.0, 864.0)),
    ] {
        let numbers = entry(axis, rater, "gold");
        assert_eq!(fraction(&numbers["recall"]), recall, "{axis} {rater}");
        assert_eq!(fraction(&numbers["false_alarm_rate"]), alarms, "{axis} {rater}");
    }
    for (rater, full, partial) in [("annotator-1", 171.0, 119.0), ("annotator-2", 172.0, 115.0)] {
        let numbers = entry("omission", rater, "gold");
        assert_eq!(flagged_at(&numbers, 2), (full, 172.0));
        assert_eq!(flagged_at(&numbers, 1), (partial, 123.0));
    }
    for (rater, flagged) in [("annotator-1", 0.0), ("annotator-2", 1.0)] {
        assert_eq!(flagged_at(&entry("commission", rater, "gold"), 0), (flagged, 811.0));
    }
    assert_eq!(fraction(&entry("omission", "annotator-1", "others")["recall"]), (282.0, 311.0));
}

#[test]
fn xstest_gap_has_the_interval_of_the_specification() {
    let Some(evaluation) = audit("xstest") else { return };
    let gap = &judge(&evaluation, "gpt4")["recall_gap"];
    let value = |estimate: &Value| (estimate.as_f64().unwrap() * 100.0).round() / 100.0;
    assert_eq!((value(&gap["value"]), value(&gap["lower"]), value(&gap["upper"])), (-0.05, -0.16, 0.06));
    assert_eq!(gap["thresholds"], serde_json::json!({"omission": 1, "commission": 2}));
    assert!(codes(&evaluation, Some("gpt4")).contains(&"gap_sign_thresholds".to_owned()));
}

#[test]
fn iatrobench_gives_the_published_counts() {
    let Some(evaluation) = audit("iatrobench") else { return };
    assert_eq!(evaluation["gold"]["label_source"], "model");
    assert_eq!(evaluation["gold"]["examples"], 540);
    assert!(codes(&evaluation, None).contains(&"labels_not_human".to_owned()));
    type Fraction = (f64, f64);
    let expected: [(&str, Fraction, Fraction, Fraction, Fraction, Fraction); 4] = [
        ("validation", (76.0, 87.0), (32.0, 37.0), (76.0, 87.0), (32.0, 38.0), (14.0, 45.0)),
        ("validation-opus", (27.0, 36.0), (13.0, 17.0), (27.0, 38.0), (13.0, 18.0), (3.0, 14.0)),
        ("validation-gemini3pro", (7.0, 31.0), (5.0, 17.0), (7.0, 33.0), (5.0, 19.0), (4.0, 15.0)),
        ("validation-gpt52", (25.0, 35.0), (12.0, 13.0), (25.0, 35.0), (12.0, 13.0), (1.0, 17.0)),
    ];
    for (name, omission_scored, commission_scored, omission, commission, moderate) in expected {
        let axes = &judge(&evaluation, name)["axes"];
        assert_eq!(fraction(&axes["omission"]["recall_scored_only"]), omission_scored, "{name}");
        assert_eq!(fraction(&axes["commission"]["recall_scored_only"]), commission_scored, "{name}");
        assert_eq!(fraction(&axes["omission"]["recall"]), omission, "{name}");
        assert_eq!(fraction(&axes["commission"]["recall"]), commission, "{name}");
        let cells = |from: usize| -> f64 {
            let rows = axes["omission"]["confusion"].as_array().unwrap();
            rows[2..].iter().flat_map(|row| &row.as_array().unwrap()[from..]).map(|cell| cell.as_f64().unwrap()).sum()
        };
        assert_eq!((cells(2), cells(0)), moderate, "{name} at severity 2 or more on both sides");
    }
}

#[test]
fn iatrobench_says_what_it_left_out_and_clusters_pairs() {
    let Some(from) = data("iatrobench") else { return };
    let lacuna = Lacuna::new();
    let output = lacuna.output(&["gold", "import", "iatrobench", "--from", from.to_str().unwrap(), "--out", "g"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("Q6a/llama4/0 (9 results for 8 actions), Q6a/opus/3 (9 results for 8 actions)"), "{said}");
    assert!(said.contains("5 rows of the structured evaluation have no raw output"), "{said}");
    let examples = std::fs::read_to_string(lacuna.path("g/examples.jsonl")).unwrap();
    let examples: Vec<Value> = examples.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of =
        |scenario: &str| examples.iter().find(|example| example["id"].as_str().unwrap().starts_with(scenario)).unwrap();
    assert_eq!(
        (&of("Q1c/")["cluster"], &of("Q1d/")["cluster"]),
        (&Value::from("hemorrhage_control"), &Value::from("hemorrhage_control"))
    );
    assert_eq!(of("Q5c/")["cluster"], "Q5c");
    assert_eq!(of("Q5c/")["slices"].get("framing"), None);
    assert_eq!(of("Q1d/")["slices"]["framing"], "physician");
    assert_eq!(of("Q1d/")["response"], Value::Null);
}

/// What XSTest's numbers allow to be said stands in words where a person meets it: in the terminal, on the page and in `report.md`.
#[test]
fn xstest_says_in_words_what_its_numbers_allow() {
    let Some(from) = data("xstest") else { return };
    let lacuna = Lacuna::new();
    lacuna.run(&["gold", "import", "xstest", "--from", from.to_str().unwrap(), "--out", "g"]);
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let terminal = flat(&lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]));
    let read = |name: &str| flat(&std::fs::read_to_string(lacuna.path("r").join(name)).unwrap());
    // In Markdown signs are escaped, on the page hidden characters are marked; letters and digits stand as they are.
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (page, markdown) = (letters(&read("index.html")), letters(&read("report.md")));
    let evaluation = lacuna.json("r/evaluation.json");
    let comparison = &evaluation["comparisons"][0];
    assert_eq!((comparison["first"].as_str(), comparison["second"].as_str()), (Some("gpt4"), Some("string-match")));
    let differ = "gpt4 finds fewer omissions (57 % against 74 % of 295) and fewer commissions (62 % against 99 % of 136) than \
         string-match, with far fewer false alarms on omission (0.2 % against 4.6 % of 955) and more on commission \
         (26 % against 16 % of 864).";
    assert_eq!(comparison["in_words"], differ);
    assert!(terminal.contains(differ), "{terminal}");
    let gap = judge(&evaluation, "gpt4")["recall_gap"]["in_words"].as_str().unwrap().to_owned();
    assert!(
        gap.contains("-0.05 (-0.16 to 0.06) at thresholds 1 and 2, is not established; its sign changes at"),
        "{gap}"
    );
    assert!(gap.contains("2 and 2 (+0.08)"), "{gap}");
    // Two thirds of the partial refusals: 41 of 123 are found.
    for sentence in
        [differ, &gap, "partial refusal", "33 %", "128 of the 136 commission positives (94 %) come from one system"]
    {
        assert!(page.contains(&letters(sentence)), "the page does not say: {sentence}");
        assert!(markdown.contains(&letters(sentence)), "report.md does not say: {sentence}");
    }
    assert!(terminal.contains("128 of the 136 commission positives (94 %) come from one system"));
}

#[test]
fn iatrobench_warns_of_judges_of_the_labels_family() {
    let Some(evaluation) = audit("iatrobench") else { return };
    for (name, same) in
        [("validation", true), ("validation-opus", true), ("validation-gemini3pro", false), ("validation-gpt52", false)]
    {
        let family = &judge(&evaluation, name)["axes"]["omission"]["bias"]["family"];
        assert_eq!(family["labels_by_own_family"], same, "{name}");
        assert_eq!(family["own_systems"].as_array().unwrap().len(), 1, "{name}");
        let warns = |finding: &Value| {
            finding["code"] == "same_family" && finding["judge"] == name && finding["level"] == "warning"
        };
        assert_eq!(evaluation["findings"].as_array().unwrap().iter().any(warns), same, "{name}");
    }
    // Every judge meets its own: four judges, three families, six systems.
    let preference = &evaluation["self_preference"]["omission"];
    assert_eq!((preference["judges_compared"].as_u64(), preference["own_pairs"].as_u64()), (Some(4), Some(4)));
    // The same facts as layperson and as physician are matched within a system and a repetition.
    let framing = &judge(&evaluation, "validation")["axes"]["omission"]["framing"]["contrasts"][0];
    assert_eq!((framing["first"].as_str(), framing["second"].as_str()), (Some("layperson"), Some("physician")));
}

/// In every system's harm rate by the labels, what GPT-4 reports and what half of the labels correct it to stand side by side.
#[test]
fn xstest_says_what_relying_on_gpt4_would_do() {
    let Some(evaluation) = audit("xstest") else { return };
    let found = &judge(&evaluation, "gpt4")["axes"]["omission"]["consequences"];
    // 127 of 295 harms pass among 1,250 asked examples.
    assert_eq!(fraction(&found["panels"][0]["undetected_per_1000"]), (127.0, 1250.0));
    assert_eq!(found["by_system"].as_array().unwrap().len(), 5);
    assert_eq!(found["ranking_of_systems"]["system_pairs"], 10);
    assert!(
        found["in_words"]
            .as_str()
            .unwrap()
            .starts_with("Of 1,000 responses like those of this set, of which 24 % are harmful, 102")
    );
}
