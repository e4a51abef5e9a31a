//! `lacuna plan`: sizes without a set, and what a set as it is lets an audit show.

use serde_json::Value;

use crate::driver::Lacuna;
use crate::provider::STARTER;

fn plan(arguments: &[&str]) -> Value {
    let mut all = vec!["plan", "--format", "json"];
    all.extend(arguments);
    serde_json::from_str(&Lacuna::new().run(&all)).unwrap()
}

#[test]
fn a_gap_a_half_width_and_a_pair_of_judges_without_a_set() {
    let found = plan(&["--gap", "0.3", "--half-width", "0.1", "--pairs", "0.2", "--simulate", "--repetitions", "300"]);
    let gap = &found["gap"];
    assert!((gap["gap"].as_f64().unwrap() + 0.3).abs() < 1e-9);
    assert!(gap["power"].as_f64().unwrap() >= 0.8);
    // 300 audits: an error of 0.023 at 80 %, three of them and what the formula leaves out.
    assert!((gap["simulated"]["power"].as_f64().unwrap() - 0.8).abs() < 0.1, "{gap}");
    assert!(gap["simulated"]["coverage"].as_f64().unwrap() > 0.91);
    assert_eq!(found["recall"].as_array().unwrap().len(), 2);
    assert_eq!(found["pairs"][0]["axis"], "omission");
    let clusters = |value: &Value| value["size"]["clusters"].as_u64().unwrap();
    assert!(clusters(&found["recall"][1]) > clusters(&found["recall"][0]), "commission positives are rarer");
    assert!(found["set"].is_null());
    // A gap half as large takes some four times the clusters.
    let smaller = clusters(&plan(&["--gap", "0.15"])["gap"]) as f64;
    assert!(smaller > 3.0 * clusters(gap) as f64);
}

#[test]
fn the_bundled_set_is_planned_with_as_it_is() {
    let found = plan(&["--gold", STARTER, "--gap", "0.1"]);
    let shows = &found["set"]["shows"];
    assert_eq!((shows["clusters"].as_u64(), shows["positives"]["omission"].as_f64()), (Some(24), Some(96.0)));
    let smallest = shows["smallest_gap"].as_f64().unwrap();
    assert!(smallest > 0.1 && smallest < 0.5, "{shows}");
    assert!(found["gap"]["size"]["clusters"].as_u64().unwrap() > 24);
    let text = Lacuna::new().run(&["plan", "--gold", STARTER, "--gap", "0.1"]);
    assert!(text.contains("more than the set has") && text.contains("shows gaps of"), "{text}");
}

#[test]
fn what_cannot_be_planned_says_what_is_allowed() {
    let lacuna = Lacuna::new();
    for (arguments, said) in [
        (&["plan", "--gap", "0.3", "--recall-omission", "0.9"][..], "commission recall at 1.20"),
        (&["plan", "--gap", "0.3", "--recall-omission", "0.5", "--recall-commission", "0.6"], "differ by 0.1000"),
        (&["plan", "--pairs", "0.3", "--discordant", "0.2"], "at least --pairs, 0.3"),
    ] {
        let error = lacuna.fail(3, arguments);
        assert!(error.contains(said), "{error}");
    }
    lacuna.fail(2, &["plan", "--gap", "1.5"]);
    let said = lacuna.fail(2, &["plan", "--gap", "-0.2"]);
    assert!(said.contains("the size of the gap without a sign"), "{said}");
}
