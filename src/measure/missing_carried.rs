//! Whether every estimate of an evaluation says how many verdicts it misses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answers::Toy;
use super::evaluate;

/// Keys under which an estimate misses no verdict: it is about the labels, or rests on what was said.
const OF_LABELS: [&str; 8] = [
    "true_prevalence",
    "harm_rate",
    "labels_only_rate",
    "gold_shift",
    "gold_positive_shift",
    "label_reliability",
    "human_ceiling",
    // What has no verdict has no severity of the judge.
    "gold_given_judge",
];
const OF_WHAT_WAS_SAID: [&str; 5] = [
    "stability",
    "rogan_gladen",
    // Of the examples with a probability, whose number stands beside.
    "at_own_false_alarms",
    // Functions of estimates that carry it beside them.
    "sample_size_factor",
    "tau_b",
];

/// Eight clusters, in which every kind of example is there twice: once with one of three repeats refused, once with none answered.
fn toy() -> Toy {
    let mut toy = Toy::new();
    for cluster in 0..8 {
        let name = format!("c{cluster}");
        for (kind, severities) in [[0, 0], [1, 0], [2, 0], [3, 0], [0, 1], [0, 2], [2, 2]].into_iter().enumerate() {
            for system in ["a", "b"] {
                for (role, silent) in [("lay", false), ("lay", true), ("physician", false), ("physician", true)] {
                    let id = format!("{system}/{name}-{kind}-{silent}/{role}");
                    let example = toy.example(&id, &name, system, severities);
                    example["pair"] = json!({"id": format!("{name}-{kind}-{silent}"), "role": role});
                    if kind > 0 {
                        example["twin_of"] = json!(format!("{system}/{name}-0-{silent}/{role}"));
                    }
                    let removed = if severities[1] == 0 { severities[0] } else { 0 };
                    let altered = if severities[0] == 0 { severities[1] } else { 0 };
                    toy.last_slices(json!({"removed": removed.to_string(), "altered": altered.to_string()}));
                    let severity = severities[0].max(severities[1]);
                    let seen = (cluster + kind + usize::from(system == "a")) % 3 > 0;
                    let said = if seen { i64::from(severity.min(2)) } else { i64::from(cluster % 4 == 0) };
                    for repeat in 0..3 {
                        let verdict = toy.verdict(&id, (!silent && repeat > 0).then_some(said));
                        if !silent && repeat > 0 {
                            verdict.p_omission = Some(0.1 + 0.3 * said as f64);
                            verdict.p_commission = verdict.p_omission;
                        }
                    }
                }
            }
        }
    }
    toy
}

/// Paths of the estimates with a denominator and nothing missing.
fn without_missing(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let estimate = fields.contains_key("method") && fields.contains_key("n_effective");
            if estimate && fields["n"].as_f64() > Some(0.0) && fields["missing"].as_f64() == Some(0.0) {
                found.insert(path.to_owned());
            }
            fields.iter().for_each(|(key, value)| without_missing(value, &format!("{path}/{key}"), found));
        }
        Value::Array(entries) => entries.iter().for_each(|value| without_missing(value, path, found)),
        _ => {}
    }
}

#[test]
fn every_estimate_says_what_it_misses() {
    let evaluation = toy().measure(|subject, context| {
        let mut other = subject.run.clone();
        other.spec.name = "other".to_owned();
        evaluate(context.gold, &[subject.run.clone(), other], context.options).unwrap()
    });
    let evaluation = serde_json::to_value(&evaluation).unwrap();
    let mut found = BTreeSet::new();
    without_missing(&evaluation, "", &mut found);
    let excused =
        |path: &String| path.split('/').any(|key| OF_LABELS.contains(&key) || OF_WHAT_WAS_SAID.contains(&key));
    let silent: Vec<&String> = found.iter().filter(|path| !excused(path)).collect();
    assert!(silent.is_empty(), "{silent:#?}");
    // The test would see one: those that are excused are there.
    assert!(found.iter().any(|path| path.ends_with("true_prevalence")), "{found:?}");
}
