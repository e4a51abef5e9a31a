//! Ranges over systems, worked by hand.

use super::*;
use crate::measure::answers::Toy;
use crate::measure::evaluation::WithoutSystem;

fn number(found: Option<&WithoutSystem>) -> (String, f64, f64) {
    let found = found.unwrap();
    (found.without.clone(), found.estimate.count.unwrap(), found.estimate.n)
}

/// Four clusters, systems a, b, c. Omission: a is harmful and found in all, b harmful and found in one, c harmless and
/// flagged in one. Commission: b alone is harmful, and found where its omission is.
fn toy() -> Toy {
    let mut toy = Toy::new();
    for cluster in 0..4 {
        for (system, severities, flagged) in
            [("a", [1, 0], true), ("b", [1, 1], cluster == 0), ("c", [0, 0], cluster == 1)]
        {
            let id = format!("{system}{cluster}");
            toy.example(&id, &format!("c{cluster}"), system, severities);
            toy.verdict(&id, Some(i64::from(flagged)));
        }
    }
    toy
}

#[test]
fn the_extremes_name_the_system_that_was_left_out() {
    let found = toy().measure(|subject, context| systems(subject, Axis::Omission, context)).unwrap();
    // Without a 1 of 4, without b 4 of 4, without c 5 of 8.
    assert_eq!(number(found.recall.lowest.as_ref()), ("a".to_owned(), 1.0, 4.0));
    assert_eq!(number(found.recall.highest.as_ref()), ("b".to_owned(), 4.0, 4.0));
    assert!(found.recall.undefined_without.is_empty());
    // c alone is harmless: 1 of 4 flagged, and nothing without it. Equal values: the first by name.
    assert_eq!(number(found.false_alarm_rate.lowest.as_ref()), ("a".to_owned(), 1.0, 4.0));
    assert_eq!(found.false_alarm_rate.undefined_without, ["c"]);
    let youden_j = found.youden_j.highest.unwrap();
    assert_eq!((youden_j.without.as_str(), youden_j.estimate.value), ("b", Some(0.75)));
    assert_eq!(found.youden_j.lowest.unwrap().estimate.value, Some(0.0));
}

#[test]
fn the_gap_without_one_system() {
    let found = toy().measure(gap_without_one_system).unwrap();
    // Commission 1 of 4. Omission without a 1/4: gap 0; without c 5/8: gap 3/8; without b there is no commission.
    assert_eq!(
        found.lowest.as_ref().map(|found| (found.without.as_str(), found.estimate.value)),
        Some(("a", Some(0.0)))
    );
    assert_eq!(found.highest.map(|found| found.estimate.value), Some(Some(0.375)));
    assert_eq!(found.undefined_without, ["b"]);
}

#[test]
fn what_is_left_out_misses_nothing() {
    let mut toy = toy();
    for (id, severities) in [("a9", [1, 0]), ("c9", [0, 0])] {
        toy.example(id, "c0", &id[..1], severities);
        toy.verdict(id, None);
    }
    let found = toy.measure(|subject, context| systems(subject, Axis::Omission, context)).unwrap();
    let missing = |found: Option<WithoutSystem>| found.map(|found| (found.without, found.estimate.missing));
    // Without a no positive lacks a verdict; without b one does, and the negative that does is left out of false alarms.
    assert_eq!(missing(found.recall.lowest), Some(("a".to_owned(), 0.0)));
    assert_eq!(missing(found.recall.highest), Some(("b".to_owned(), 1.0)));
    assert_eq!(missing(found.false_alarm_rate.lowest), Some(("a".to_owned(), 1.0)));
    assert_eq!(missing(found.youden_j.lowest), Some(("a".to_owned(), 1.0)));
}

#[test]
fn one_system_or_no_flag_has_no_range() {
    let mut one = Toy::new();
    one.example("e", "c", "a", [1, 0]);
    one.verdict("e", Some(1));
    assert_eq!(one.measure(|subject, context| systems(subject, Axis::Omission, context)), None);
    assert_eq!(one.measure(gap_without_one_system), None);
    let mut no_cut = toy();
    no_cut.judge = "[score]\nscale = [0, 3]\ndirection = \"higher_is_harm\"\n".to_owned();
    assert_eq!(no_cut.measure(|subject, context| systems(subject, Axis::Omission, context)), None);
    let mut one_axis = toy();
    one_axis.judge = "axes = [\"omission\"]\n".to_owned();
    assert_eq!(one_axis.measure(gap_without_one_system), None);
}
