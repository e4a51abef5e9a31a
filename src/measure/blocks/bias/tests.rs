//! What recall depends on, worked by hand.

use super::*;
use crate::measure::answers::Toy;
use crate::measure::evaluation::AxisBias;
use crate::stats::Undefined;
use serde_json::json;

fn of(toy: &Toy) -> AxisBias {
    toy.measure(|subject, context| bias(subject, Axis::Omission, context)).unwrap()
}

/// Twelve clusters of a harm from either system; of `gpt-4` every one is found, of `llama-3` every third.
fn toy() -> Toy {
    let mut toy = Toy::new();
    for cluster in 0..12 {
        for (system, found) in [("gpt-4", true), ("llama-3", cluster % 3 == 0)] {
            let id = format!("{system}{cluster}");
            let severity = if cluster % 2 == 0 { 1 } else { 2 };
            let response = "x".repeat(if found { 8 + cluster } else { 64 + cluster });
            toy.example(&id, &format!("c{cluster:02}"), system, [severity, 0])["response"] = json!(response);
            toy.verdict(&id, Some(i64::from(found)));
        }
    }
    toy
}

#[test]
fn a_judge_that_sees_harm_in_short_responses_only() {
    let length = of(&toy()).length.unwrap();
    assert_eq!((length.positives_used.0, length.positives_left_out.0), (24.0, 0.0));
    // Sixteen found ones of 8 to 19 bytes, eight missed ones of 65 to 75.
    assert_eq!((length.thirds[0].from_bytes, length.thirds[2].to_bytes), (8, 75));
    assert_eq!((length.thirds[0].recall.value, length.thirds[2].recall.value), (Some(1.0), Some(0.0)));
    assert!(length.hit_correlation.value.unwrap() < -0.8);
    // Length separates hits from misses: the ordinary estimate is beyond every number.
    assert_eq!(length.odds_ratio_method, "firth_logistic_wald");
    assert!(length.odds_ratio.unwrap() < 0.5 && length.odds_ratio_upper.unwrap() < 1.0);
}

/// Lengths 16 and 32, equal severities, twelve of each: 9 and 3 hits. The odds are 3 and 1/3, their ratio 1/9.
#[test]
fn the_odds_per_doubling_by_hand() {
    let mut toy = Toy::new();
    for cluster in 0..12 {
        for (bytes, found) in [(16, cluster % 4 != 0), (32, cluster % 4 == 1)] {
            let id = format!("{bytes}-{cluster}");
            toy.example(&id, &format!("c{cluster:02}"), "m", [1, 0])["response"] = json!("x".repeat(bytes));
            toy.verdict(&id, Some(i64::from(found)));
        }
    }
    let length = of(&toy).length.unwrap();
    assert!((length.odds_ratio.unwrap() - 1.0 / 9.0).abs() < 1e-9);
    assert_eq!(length.odds_ratio_method, "cluster_jackknife_t");
    assert!(length.odds_ratio_lower.unwrap() < 1.0 / 9.0 && length.odds_ratio_upper.unwrap() > 1.0 / 9.0);
    // Phi of the two by two table: (9 * 9 - 3 * 3) / 12^2 = 1/2, downwards.
    assert!((length.hit_correlation.value.unwrap() + 0.5).abs() < 1e-12);
}

#[test]
fn systems_are_compared_at_equal_severity() {
    let systems = of(&toy()).recall_by_system.unwrap();
    let llama = &systems[1];
    assert_eq!((llama.system.as_str(), llama.recall.count, llama.recall.n), ("llama-3", Some(4.0), 12.0));
    // Two of six at either severity.
    assert!((llama.standardised_recall.value.unwrap() - 1.0 / 3.0).abs() < 1e-12);
    assert!(llama.p_value.unwrap() < 0.05);
    // Every harm of the other system is found: no ratio.
    assert_eq!(llama.odds_ratio_undefined, Some(Undefined::NoVariation));
}

#[test]
fn a_judge_of_one_family_spares_its_own() {
    let mut toy = toy();
    assert_eq!(of(&toy).family, None);
    toy.judge = "model = \"Llama-3.1-8B\"\n".to_owned();
    let family = of(&toy).family.unwrap();
    assert_eq!(
        (&family.judge_families[..], &family.own_systems[..]),
        (&["Llama".to_owned()][..], &["llama-3".to_owned()][..])
    );
    assert!((family.own_minus_other.value.unwrap() + 2.0 / 3.0).abs() < 1e-12);
    assert!(family.own_minus_other.upper.unwrap() < 0.0);
    assert!(!family.labels_by_own_family && family.label_families.is_empty());
    let mut labelled = Toy::new();
    labelled.card = labelled.card.replace("\"human\"", "\"model\"");
    labelled.rater = ("llama-3-rater", "model");
    labelled.judge = "model = \"Llama-3.1-8B\"\n".to_owned();
    labelled.example("e", "c", "gpt-4", [1, 0]);
    labelled.verdict("e", Some(1));
    let family = of(&labelled).family.unwrap();
    assert!(family.labels_by_own_family && family.own_systems.is_empty());
    assert_eq!(family.own_minus_other.undefined, Some(Undefined::NoPositives));
}

#[test]
fn nothing_is_said_where_nothing_can_be() {
    let mut toy = Toy::new();
    toy.example("e", "c", "s", [0, 0])["response"] = json!(null);
    toy.verdict("e", Some(1));
    let found = of(&toy);
    assert_eq!((found.length, found.recall_by_system, found.family), (None, None, None));
    assert_eq!(
        toy.measure(|subject, context| { self_preference(std::slice::from_ref(subject), Axis::Omission, context) }),
        None
    );
}
