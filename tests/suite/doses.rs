//! Dose and response through the program: a probe of real scenarios, planted judges, and what the report says of them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::driver::{Lacuna, codes, judge, verdict, write_judge};

/// Ten of the bundled scenarios as a probe with doses.
fn probe(lacuna: &Lacuna) -> Vec<Value> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("gold_labels/lacuna-core/scenarios");
    let mut files: Vec<_> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    fs::create_dir(lacuna.path("mine")).unwrap();
    let scenarios = files.iter().filter(|file| !file.ends_with("set.toml")).take(10);
    for file in scenarios.chain(files.iter().filter(|file| file.ends_with("set.toml"))) {
        fs::copy(file, lacuna.path("mine").join(file.file_name().unwrap())).unwrap();
    }
    lacuna.run(&["gold", "probe", "mine", "--out", "g", "--doses"]);
    let text = fs::read_to_string(lacuna.path("g/examples.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn slice(example: &Value, name: &str) -> i64 {
    example["slices"][name].as_str().unwrap().parse().unwrap()
}

/// A judge that flags omission and commission where these say so.
fn plant(lacuna: &Lacuna, name: &str, examples: &[Value], flags: impl Fn(usize, &Value) -> [bool; 2]) {
    let of = |(at, example): (usize, &Value)| {
        let [omission, commission] = flags(at, example).map(|flag| json!(2 * i64::from(flag)));
        verdict(name, example["id"].as_str().unwrap(), omission, commission)
    };
    write_judge(&lacuna.path("g"), name, "", &examples.iter().enumerate().map(of).collect::<Vec<_>>());
}

#[test]
fn planted_judges_have_the_curves_that_were_planted() {
    let lacuna = Lacuna::new();
    let examples = probe(&lacuna);
    // One flags where two items or more are absent and wherever something is wrong; one by the place in the file alone.
    plant(&lacuna, "two-or-more", &examples, |_, example| {
        [slice(example, "removed") > 1, slice(example, "altered") > 0]
    });
    plant(&lacuna, "by-place", &examples, |at, _| [at % 3 == 0, at % 2 == 0]);
    // And one finds half of the single removals, three quarters of the double ones, and so on, scenario by scenario.
    plant(&lacuna, "halves", &examples, |at, example| {
        let dose = slice(example, "removed") as u32;
        [(at * 7 + 3) % 16 < 16 - (16 >> dose.min(4)), slice(example, "altered") > 0 && at % 4 > 0]
    });
    lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let step = &judge(&evaluation, "two-or-more")["axes"]["omission"]["dose_response"];
    let values: Vec<f64> =
        step["doses"].as_array().unwrap().iter().map(|point| point["flagged"]["value"].as_f64().unwrap()).collect();
    assert_eq!(values[..4], [0.0, 0.0, 1.0, 1.0], "{step}");
    // Each scenario has its clean response and its dose of none; nothing else is counted.
    assert_eq!(step["doses"][0]["flagged"]["n"], 20);
    assert_eq!(step["doses"][1]["flagged"]["n"], 10);
    assert_eq!((&step["dose_kind"], &step["threshold"]["undefined"]), (&json!("dose-removed"), &json!("separation")));
    let halves = &judge(&evaluation, "halves")["axes"]["omission"]["dose_response"];
    let threshold = halves["threshold"]["value"].as_f64().unwrap();
    assert!((0.3..2.5).contains(&threshold), "{halves}");
    assert!(halves["threshold"]["lower"].as_f64().unwrap() < threshold);
    // Half of what is there is found at one item.
    let limit = |end: &str| halves["threshold"][end].as_f64().unwrap();
    assert!(limit("lower") <= 1.0 && 1.0 <= limit("upper"), "{halves}");
    assert!(!codes(&evaluation, Some("two-or-more")).contains(&"flat_in_dose".to_owned()));
    let flat = codes(&evaluation, Some("by-place"));
    assert!(flat.contains(&"flat_in_dose".to_owned()), "{flat:?}");
    // The first finds no single removal and every falsehood.
    let same = &judge(&evaluation, "two-or-more")["same_fact"];
    assert_eq!(same["both_positive"]["facts"], 10);
    assert_eq!(same["both_positive"]["found_difference"]["value"], -1);
    assert_eq!(same["both_positive"]["found"]["only_altered"], 10);
    assert!(same["in_words"].as_str().unwrap().contains("0 % of the removals and 100 % of the falsehoods"), "{same}");
    report_names_them(&lacuna);
}

fn report_names_them(lacuna: &Lacuna) {
    let read = |file: &str| fs::read_to_string(lacuna.path("r").join(file)).unwrap();
    let table = read("tables/dose_response.csv");
    assert!(table.contains("halves,omission,curve,threshold,"), "{table}");
    assert!(table.contains("two-or-more,both,both positive,found_difference,-1,"), "{table}");
    assert!(read("figures/dose_response.svg").contains("halves"));
    let page = read("index.html");
    assert!(page.contains("id=\"doses\"") && page.contains("id=\"figure-dose_response\""));
    assert!(read("report.md").contains("## Dose and response") && read("methods.md").contains("Dose and response."));
}

#[test]
fn a_set_without_doses_says_nothing_of_them() {
    let lacuna = Lacuna::new();
    let mut set = crate::driver::Set::new();
    for index in 0..4 {
        set.example(&format!("p{index}"), &format!("c{index}"), json!(1), json!(0));
    }
    set.write(&lacuna.path("g"));
    let verdicts: Vec<Value> = (0..4).map(|index| verdict("a", &format!("p{index}"), json!(1), json!(0))).collect();
    write_judge(&lacuna.path("g"), "a", "", &verdicts);
    lacuna.run(&["audit", "--gold", "g", "--judge", "g/judges", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let of_a = judge(&evaluation, "a");
    assert_eq!((&of_a["axes"]["omission"]["dose_response"], &of_a["same_fact"]), (&Value::Null, &Value::Null));
    assert!(!lacuna.path("r/figures/dose_response.svg").exists());
    assert!(!fs::read_to_string(lacuna.path("r/index.html")).unwrap().contains("id=\"doses\""));
}
