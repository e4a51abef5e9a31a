//! `lacuna run --until`: a judge of known blindness is asked until enough is known, and no longer.

use std::path::Path;

use serde_json::json;

use crate::asking::{Asking, LIMITS};
use crate::driver::{Lacuna, Set};
use crate::provider::Stub;

/// A set with one omission positive in each cluster, and a stub that finds 0.4 of them.
fn asking(clusters: usize, seed: u64) -> Asking {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    for cluster in 0..clusters {
        let id = format!("e{cluster:03}");
        let response = format!("the answer about matter number {cluster} of {clusters}, at some length");
        set.examples.push(json!({"id": id, "cluster": format!("c{cluster:03}"), "prompt": "p", "response": response}));
        set.rating(&id, "ann", json!(2), json!(0));
    }
    let gold = lacuna.path("gold");
    set.write(&gold);
    let stub = stub(&lacuna, &gold, seed);
    let asking = Asking { lacuna, stub };
    asking.judge("blind", &format!("{LIMITS}\n"));
    asking
}

fn stub(lacuna: &Lacuna, gold: &Path, seed: u64) -> Stub {
    let log = lacuna.path("requests.jsonl");
    Stub::start(&[
        "--gold",
        gold.to_str().unwrap(),
        "--omission-recall",
        "0.4",
        "--false-alarm-rate",
        "0",
        "--seed",
        &seed.to_string(),
        "--request-log",
        log.to_str().unwrap(),
    ])
}

/// Clusters that a judge was asked about, and the limits, from what was said.
fn known(said: &str) -> (usize, f64, f64) {
    let line = said.lines().find(|line| line.contains(": until ")).unwrap_or_else(|| panic!("{said}"));
    let after = |word: &str| line.split(word).nth(1).unwrap().split_whitespace().next().unwrap().trim_end_matches(',');
    (after("after ").parse().unwrap(), after(" between ").parse().unwrap(), after(" and ").parse().unwrap())
}

#[test]
fn a_judge_is_asked_until_enough_is_known_and_goes_on_where_more_is_wanted() {
    let asking = asking(150, 1);
    let said = asking.run(0, "first", &["--until", "recall omission +-0.2"]);
    let (clusters, lower, upper) = known(&said);
    assert!(clusters < 150 && said.contains("known after"), "{said}");
    assert!(upper - lower <= 0.4 && lower <= 0.4 && 0.4 <= upper, "{said}");
    assert_eq!(asking.verdicts("first", "blind").len(), clusters, "what was not asked is not there");
    assert_eq!(asking.paid().len(), clusters, "nothing beyond the stop was bought");
    // The same again buys nothing and says the same.
    let again = asking.run(0, "second", &["--until", "recall omission +-0.2"]);
    assert_eq!(known(&again), (clusters, lower, upper));
    assert_eq!(asking.paid().len(), clusters);
    assert_eq!(asking.verdicts("first", "blind"), asking.verdicts("second", "blind"));
    // More precision goes on from there; without the flag the rest is asked, and less precision reads the same few again.
    let (more, _, _) = known(&asking.run(0, "third", &["--until", "recall omission +-0.15"]));
    assert!(more > clusters);
    assert_eq!(asking.paid().len(), more);
    asking.run(0, "all", &[]);
    assert_eq!(asking.verdicts("all", "blind").len(), 150);
    asking.run(0, "fourth", &["--until", "recall omission +-0.2"]);
    assert_eq!(asking.verdicts("fourth", "blind"), asking.verdicts("first", "blind"));
}

/// At 95 % one of 20 is expected to fail at most, P(more than 3) < 0.02; the sequence is cautious.
#[test]
fn what_is_known_is_true_over_twenty_seeds() {
    let held = (0..20).filter(|seed| {
        let (_, lower, upper) = known(&asking(60, *seed).run(0, "out", &["--until", "recall omission +-0.3"]));
        lower <= 0.4 && 0.4 <= upper
    });
    assert!(held.count() >= 17);
}

#[test]
fn what_cannot_be_known_is_refused_before_anything_is_sent() {
    let asking = asking(3, 1);
    let said = asking.run(2, "out", &["--until", "recall 0.1"]);
    assert!(said.contains("recall omission +-W"), "{said}");
    let said = asking.run(3, "out", &["--until", "recall_gap +-0.1"]);
    assert!(said.contains("no commission positive"), "{said}");
    let said = asking.run(0, "out", &["--until", "recall omission +-0.1"]);
    assert!(said.contains("not known so well after 3 of 3 clusters"), "{said}");
}
