//! `lacuna compare`: judges side by side, the choice and its check, two runs, and what a set could show.

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, close, verdict, write_judge};

/// Twenty clusters of two omission positives and two negatives, with ids that begin alike.
fn set(lacuna: &Lacuna, folder: &str, start: &str) {
    let mut set = Set::new();
    for index in 0..40 {
        set.example(&format!("{start}p{index}"), &format!("{start}{}", index / 2), json!(1), json!(0));
        set.example(&format!("{start}n{index}"), &format!("{start}{}", index / 2), json!(0), json!(0));
    }
    set.write(&lacuna.path(folder));
}

/// A judge that misses the positives whose number leaves no rest by `misses`, at a cost.
fn judge(lacuna: &Lacuna, folder: &str, start: &str, name: &str, misses: usize, cost: Option<f64>) {
    let flag = |id: &str, index: usize| u8::from(id.contains('p') && !index.is_multiple_of(misses));
    let verdicts: Vec<Value> = (0..40)
        .flat_map(|index| [(format!("{start}p{index}"), index), (format!("{start}n{index}"), index)])
        .map(|(id, index)| {
            let mut verdict = verdict(name, &id, json!(flag(&id[start.len()..], index)), json!(0));
            if let Some(cost) = cost {
                verdict["cost_usd"] = json!(cost);
            }
            verdict
        })
        .collect();
    write_judge(&lacuna.path(folder), name, "", &verdicts);
}

/// Best: 1 of 40 missed at 20 dollars a thousand; near: 2 at 2 dollars; far: every other one at 1 dollar.
fn three_judges(lacuna: &Lacuna, folder: &str, start: &str) {
    set(lacuna, folder, start);
    judge(lacuna, folder, start, "best", 40, Some(0.02));
    judge(lacuna, folder, start, "near", 20, Some(0.002));
    judge(lacuna, folder, start, "far", 2, Some(0.001));
}

fn compared(lacuna: &Lacuna, arguments: &[&str]) -> Value {
    let all = [&["compare", "--format", "json"], arguments].concat();
    serde_json::from_str(&lacuna.run(&all)).unwrap()
}

#[test]
fn the_cheapest_that_is_not_worse_is_chosen_and_checked_on_the_other_part() {
    let lacuna = Lacuna::new();
    three_judges(&lacuna, "g", "a");
    three_judges(&lacuna, "h", "b");
    let found = compared(&lacuna, &["--gold", "g", "--holdout", "h", "--margin", "0.15"]);
    assert_eq!(found["format"], "lacuna-compare/1");
    assert_eq!((&found["choice"]["best"], &found["choice"]["chosen"]), (&json!("best"), &json!("near")));
    let candidates = found["choice"]["candidates"].as_array().unwrap();
    let not_worse: Vec<&Value> = candidates.iter().map(|candidate| &candidate["not_worse"]).collect();
    assert_eq!(not_worse, [&json!(true), &json!(true), &json!(false)]);
    // One more of 40 missed: 39/40 - 38/40.
    close(&candidates[1]["difference"]["value"], -0.025);
    close(&found["judges"][0]["cost"]["usd_per_thousand"], 20.0);
    assert_eq!((&found["holdout"]["holds"], &found["holdout"]["gold"]), (&json!(true), &json!("toy")));
    let said = lacuna.run(&["compare", "--gold", "g", "--holdout", "h", "--margin", "0.15"]);
    assert!(said.contains("choice: near. The best by Youden J on omission is best"), "{said}");
    assert!(said.contains("the choice holds"), "{said}");
    // Half of the positives missed: far fewer found.
    assert!(said.contains("best finds more omissions (98 % against 50 % of 40) than far."), "{said}");
}

#[test]
fn without_costs_the_choice_is_open_and_a_part_that_overlaps_is_refused() {
    let lacuna = Lacuna::new();
    set(&lacuna, "g", "a");
    judge(&lacuna, "g", "a", "one", 40, None);
    judge(&lacuna, "g", "a", "two", 20, None);
    let found = compared(&lacuna, &["--gold", "g", "--margin", "0.2"]);
    assert_eq!((&found["choice"]["chosen"], &found["choice"]["no_choice"]), (&json!(null), &json!("no_costs")));
    let said = lacuna.fail(3, &["compare", "--gold", "g", "--holdout", "g"]);
    assert!(said.contains("examples that had no part in the choice"), "{said}");
    let said = lacuna.fail(3, &["compare", "--gold", "g", "--judge", "g/judges/one.toml"]);
    assert!(said.contains("holds one judge; allowed: two or more"), "{said}");
}

#[test]
fn two_runs_of_one_judge_differ_by_what_flipped() {
    let lacuna = Lacuna::new();
    set(&lacuna, "g", "a");
    set(&lacuna, "later", "a");
    judge(&lacuna, "g", "a", "gpt", 40, None);
    judge(&lacuna, "later", "a", "gpt", 2, None);
    let paired = ["--gold", "g", "--paired", "g/judges/gpt.toml", "later/judges/gpt.toml", "--list"];
    let found = compared(&lacuna, &paired);
    let change = &found["change"];
    assert_eq!((&change["before"], &change["after"]), (&json!("gpt-before"), &json!("gpt-after")));
    // 20 of 40 found after, 39 before; each is one level of severity on 80 examples.
    close(&change["comparison"]["axes"]["omission"]["recall"]["difference"]["value"], -19.0 / 40.0);
    let omission = &change["axes"]["omission"];
    assert_eq!(omission["positives"], json!({"gained": 0, "lost": 19}));
    close(&omission["severity_shift"]["value"], -19.0 / 80.0);
    close(&omission["severity_changed"]["value"], 19.0 / 80.0);
    assert_eq!(omission["flips"].as_array().unwrap().len(), 19);
    assert_eq!(omission["flips"][0], json!({"example": "ap2", "gold": 1, "before": 1.0, "after": 0.0}));
    let words = change["comparison"]["in_words"].as_str().unwrap();
    assert!(words.starts_with("gpt-after finds fewer omissions (50 % against 98 % of 40) than gpt-before."), "{words}");
    let said = lacuna.run(&[&["compare"], paired.as_slice()].concat());
    assert!(said.contains("ap2: gold 1, flagged -> not flagged"), "{said}");
}

#[test]
fn the_plan_needs_no_judge() {
    let lacuna = Lacuna::new();
    set(&lacuna, "g", "a");
    let found = compared(&lacuna, &["--gold", "g", "--plan"]);
    let omission = &found["axes"]["omission"];
    // Clusters of two at a correlation of 0.05.
    close(&omission["design_effect"], 1.05);
    assert_eq!((&omission["positives"], &found["axes"]["commission"]), (&json!(40), &json!(null)));
    assert!(lacuna.run(&["compare", "--gold", "g", "--plan"]).contains("40 positives in 20 clusters"));
}
