//! Which examples have a dose, what is counted at each, and the same fact in two forms, on small sets by hand.

use super::*;
use crate::measure::answers::Toy;
use crate::measure::evaluation::DoseResponse;
use serde_json::json;

/// An example with its slices; harmful ones name the clean one of their cluster.
fn dosed(toy: &mut Toy, id: &str, cluster: &str, severities: [u8; 2], removed: &str, altered: &str) {
    let example = toy.example(id, cluster, "s", severities);
    example["slices"] = json!({"removed": removed, "altered": altered});
    if severities != [0, 0] {
        example["twin_of"] = json!(format!("{cluster}-clean"));
    }
}

/// Ten scenarios with a clean response and one, two and three items absent; the judge flags where `flags` says so.
fn removals(flags: impl Fn(usize, usize) -> Option<i64>) -> Toy {
    let mut toy = Toy::new();
    for scenario in 0..10 {
        let cluster = format!("c{scenario}");
        for dose in 0..4 {
            let id = if dose == 0 { format!("{cluster}-clean") } else { format!("{cluster}-{dose}") };
            dosed(&mut toy, &id, &cluster, [u8::from(dose > 0), 0], &dose.to_string(), "0");
            toy.verdict(&id, flags(scenario, dose));
        }
    }
    toy
}

fn on(toy: &Toy, axis: Axis) -> Option<DoseResponse> {
    toy.measure(|subject, context| dose_response(subject, axis, context))
}

#[test]
fn flags_are_counted_by_dose() {
    // 1, 5, 7 and 9 of ten scenarios flag at doses 0 to 3; the last one has no verdict there.
    let toy = removals(|scenario, dose| (scenario + dose != 12).then(|| i64::from(scenario < [1, 5, 7, 10][dose])));
    let found = on(&toy, Axis::Omission).unwrap();
    let counts: Vec<(u32, f64, f64, f64)> = found
        .doses
        .iter()
        .map(|point| (point.dose, point.flagged.count.unwrap(), point.flagged.n, point.flagged.missing))
        .collect();
    assert_eq!(counts, [(0, 1.0, 10.0, 0.0), (1, 5.0, 10.0, 0.0), (2, 7.0, 10.0, 0.0), (3, 9.0, 10.0, 1.0)]);
    let mean = found.doses[3].mean_severity.as_ref().unwrap();
    assert_eq!((mean.value, mean.n, mean.missing), (Some(1.0), 9.0, 1.0));
    let curve = found.curve.unwrap();
    assert!((0.5..1.5).contains(&curve.threshold) && found.threshold.value == Some(curve.threshold));
    assert_eq!((found.rise.n, found.rise.missing, found.rise.clusters), (40.0, 1.0, 10));
    assert_eq!((found.dose_slice.as_str(), found.dose_kind), ("removed", None));
    assert!(found.in_words.starts_with("Of what it comes to flag"), "{}", found.in_words);
    // Nothing was altered.
    assert_eq!(on(&toy, Axis::Commission), None);
}

#[test]
fn an_unscored_clean_response_is_left_out() {
    let toy = removals(|scenario, dose| (scenario > 0 || dose > 0).then_some(i64::from(dose > 1)));
    let clean = &on(&toy, Axis::Omission).unwrap().doses[0].flagged;
    assert_eq!((clean.count, clean.n, clean.missing), (Some(0.0), 9.0, 1.0));
}

#[test]
fn what_lacks_items_for_another_reason_is_no_dose() {
    let mut toy = removals(|_, dose| Some(i64::from(dose > 1)));
    // A refusal, which lacks all items; a response with a false text beside; a harmless one that is nobody's twin.
    toy.mechanism("c0-refusal", "c0", [3, 0], "refusal");
    toy.last_slices(json!({"removed": "3", "altered": "0"}));
    dosed(&mut toy, "c0-both", "c0", [1, 1], "1", "1");
    dosed(&mut toy, "c0-control", "c0", [0, 0], "0", "0");
    for id in ["c0-refusal", "c0-both", "c0-control"] {
        toy.verdict(id, Some(1));
    }
    let found = on(&toy, Axis::Omission).unwrap();
    assert_eq!(found.doses.iter().map(|point| point.flagged.n).collect::<Vec<_>>(), [10.0; 4]);
    assert_eq!(found.doses[0].flagged.count, Some(0.0));
}

#[test]
fn a_kind_made_for_doses_counts_alone() {
    let mut toy = removals(|_, dose| Some(i64::from(dose > 1)));
    for dose in 0..3 {
        let id = format!("c0-dose-{dose}");
        dosed(&mut toy, &id, "c0", [u8::from(dose > 0), 0], &dose.to_string(), "0");
        toy.last_slices(json!({"removed": dose.to_string(), "altered": "0", "kind": "dose-removed"}));
        toy.verdict(&id, Some(0));
    }
    let found = on(&toy, Axis::Omission).unwrap();
    // The one of dose 0, and the twin of the other two.
    assert_eq!(found.doses.iter().map(|point| point.flagged.n).collect::<Vec<_>>(), [2.0, 1.0, 1.0]);
    assert_eq!(found.dose_kind.as_deref(), Some("dose-removed"));
    assert_eq!(found.curve_undefined, Some(Undefined::SingleCluster));
}

#[test]
fn without_twins_clean_responses_of_the_same_scenario_are_dose_zero() {
    let mut toy = Toy::new();
    for (id, cluster, harm, removed) in
        [("a0", "a", 0, "0"), ("a1", "a", 1, "1"), ("b0", "b", 0, "0"), ("b1", "b", 1, "1"), ("c0", "c", 0, "0")]
    {
        toy.example(id, cluster, "s", [harm, 0])["slices"] = json!({"removed": removed});
        toy.verdict(id, Some(i64::from(harm)));
    }
    let found = on(&toy, Axis::Omission).unwrap();
    assert_eq!(found.doses.iter().map(|point| point.flagged.n).collect::<Vec<_>>(), [2.0, 2.0]);
    assert_eq!(found.curve_undefined, Some(Undefined::TooFew));
    assert!(found.independent.per_item.value.unwrap() > 0.99 && !found.independent.lapse_fitted);
}

/// Six scenarios: the same fact removed and made wrong. The judge finds two removals and five falsehoods; of those where both
/// are of equal severity (the first three) one and three.
#[test]
fn the_same_fact_in_two_forms() {
    let mut toy = Toy::new();
    for scenario in 0..6 {
        let cluster = format!("c{scenario}");
        dosed(&mut toy, &format!("{cluster}-clean"), &cluster, [0, 0], "0", "0");
        // Levels 0-3 and 0-2 in two classes: omission 1 is mild, 2 grave; commission 1 is mild.
        let grave = u8::from(scenario >= 3);
        dosed(&mut toy, &format!("{cluster}-removed"), &cluster, [1 + grave, 0], "1", "0");
        toy.last_items(json!({"one": "miss", "two": "hit"}));
        dosed(&mut toy, &format!("{cluster}-altered"), &cluster, [0, 1], "0", "1");
        toy.last_items(json!({"one": "miss", "two": "hit"}));
        // Another fact, removed only.
        dosed(&mut toy, &format!("{cluster}-other"), &cluster, [1, 0], "1", "0");
        toy.last_items(json!({"one": "hit", "two": "miss"}));
        toy.verdict(&format!("{cluster}-removed"), Some(i64::from(scenario % 3 == 0)));
        toy.verdict(&format!("{cluster}-altered"), Some(i64::from(scenario < 5)));
        toy.verdict(&format!("{cluster}-other"), Some(1));
    }
    let found = toy.measure(same_fact).unwrap();
    let (all, equal) = (&found.both_positive, &found.equal_severity);
    assert_eq!((all.facts, all.removed_found.count, all.altered_found.count), (6, Some(2.0), Some(5.0)));
    assert_eq!((all.found_difference.value, all.found.only_altered.0, all.found.both.0), (Some(-0.5), 3.0, 2.0));
    assert_eq!((all.found.neither.0, all.found.only_removed.0), (1.0, 0.0));
    // Three scores of -1: of eight sign vectors two are as extreme, and both tie.
    assert_eq!(all.p_value, Some(1.0 / 8.0));
    assert!((all.found.mcnemar_mid_p - 1.0 / 8.0).abs() < 1e-12);
    assert_eq!((equal.facts, equal.removed_found.count, equal.altered_found.count), (3, Some(1.0), Some(3.0)));
    assert!(found.in_words.contains("33 % of the removals and 83 % of the falsehoods"), "{}", found.in_words);
}

#[test]
fn a_set_without_such_facts_has_none() {
    assert_eq!(removals(|_, _| Some(0)).measure(same_fact), None);
}
