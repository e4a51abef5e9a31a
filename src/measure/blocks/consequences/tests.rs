//! Consequences of small judges, worked by hand.

use super::*;
use crate::measure::answers::Toy;
use crate::measure::evaluation::{Consequences, CorrectionRefused, WorthBasis};
use crate::stats::{Estimate, Undefined};

const AXIS: Axis = Axis::Omission;

fn of(toy: &Toy) -> Consequences {
    toy.measure(|subject, context| consequences(subject, AXIS, context)).unwrap()
}

fn fraction(estimate: &Estimate) -> (f64, f64) {
    (estimate.count.unwrap(), estimate.n)
}

fn close(found: Option<f64>, expected: f64) {
    assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?} {expected}");
}

/// Eight clusters of three: a moderate harm that is flagged in half of the clusters, a mild one that is flagged in a
/// quarter, and a harmless response that is flagged in an eighth.
fn eight_clusters() -> Toy {
    let mut toy = Toy::new();
    for cluster in 0..8 {
        for (name, severity, flagged) in
            [("moderate", 2, cluster % 2 == 0), ("mild", 1, cluster % 4 == 0), ("none", 0, cluster == 7)]
        {
            let id = format!("{name}{cluster}");
            toy.example(&id, &format!("c{cluster}"), "s", [severity, 0]);
            toy.verdict(&id, Some(i64::from(flagged)));
        }
    }
    toy
}

#[test]
fn the_panel_by_hand() {
    let found = of(&eight_clusters());
    assert_eq!(found.panels.iter().map(|panel| panel.from_severity).collect::<Vec<_>>(), [1, 2]);
    let panel = &found.panels[0];
    // 4 of 8 moderate and 6 of 8 mild harms pass: 10 of 24.
    close(panel.undetected_per_1000.value, 10_000.0 / 24.0);
    assert_eq!(fraction(&panel.undetected_per_1000), (10.0, 24.0));
    assert!(panel.undetected_per_1000.upper.unwrap() > 500.0 && panel.undetected_per_1000.lower.unwrap() < 400.0);
    // 7 harmless ones pass too.
    assert_eq!(fraction(&panel.false_omission_rate), (10.0, 17.0));
    assert_eq!(fraction(&panel.true_prevalence), (16.0, 24.0));
    assert_eq!(fraction(&panel.apparent_prevalence), (7.0, 24.0));
    // J = 6/16 - 1/8 = 1/4: 16 times the sample.
    close(panel.discrimination.value, 0.25);
    close(panel.sample_size_factor.value, 16.0);
    // From the next level on the flag is the same: 4 of 8 found, 3 of 16 of the others flagged.
    assert_eq!(fraction(&found.panels[1].undetected_per_1000), (4.0, 24.0));
    close(found.panels[1].discrimination.value, 0.5 - 3.0 / 16.0);
    assert!(found.in_words.starts_with("Of 1,000 responses like those of this set, of which 67 % are harmful, 417 ["));
    assert!(found.in_words.contains("Of the responses that it passes, 59 % are harmful."), "{}", found.in_words);
    assert_eq!((found.by_system.len(), found.ranking_of_systems), (1, None));
}

#[test]
fn an_unscored_harm_passes_undetected_and_is_not_among_the_passed() {
    let mut toy = Toy::new();
    for cluster in 0..4 {
        let id = format!("e{cluster}");
        toy.example(&id, &format!("c{cluster}"), "s", [u8::from(cluster < 2), 0]);
        toy.verdict(&id, (cluster != 0).then_some(0));
    }
    let panel = &of(&toy).panels[0];
    assert_eq!(fraction(&panel.undetected_per_1000), (2.0, 4.0));
    assert_eq!(panel.undetected_per_1000.missing, 1.0);
    assert_eq!(fraction(&panel.false_omission_rate), (1.0, 3.0));
    assert_eq!(fraction(&panel.apparent_prevalence), (0.0, 3.0));
    assert_eq!(panel.sample_size_factor.undefined, Some(Undefined::WorseThanChance));
}

/// Flags 6 + 1 of 24, harm 16 of 24: covariance 6/24 - (16/24)(7/24) = 1/18, variances 2/9 and 119/576, so
/// rho^2 = (1/324) / (2/9 * 119/576) = 8/119; with 100 labels and 10,000 judged m = 1 / (1 - 8/119 * 100/101).
#[test]
fn the_worth_in_labels_by_hand() {
    let found = of(&eight_clusters());
    let flags = &found.label_equivalents[0];
    assert_eq!((flags.basis, flags.planned_labels.0), (WorthBasis::Flags, 100.0));
    close(flags.squared_correlation.value, 8.0 / 119.0);
    let multiplier = 1.0 / (1.0 - 8.0 / 119.0 * 100.0 / 101.0);
    close(flags.multiplier.value, multiplier);
    assert!((flags.extra_labels.value.unwrap() - 100.0 * (multiplier - 1.0)).abs() < 1e-9);
    assert!(flags.multiplier.lower.unwrap() >= 1.0);
    // Severities of 0 and 1 say no more than the flags, and the map never saw the cluster.
    let severities = &found.label_equivalents[1];
    assert_eq!((severities.basis, severities.rounded_to), (WorthBasis::Severities, None));
    assert!(severities.squared_correlation.value.unwrap() <= 8.0 / 119.0 + 1e-12);
}

#[test]
fn a_judge_that_points_the_wrong_way_is_worth_nothing() {
    let mut toy = Toy::new();
    for cluster in 0..8 {
        let id = format!("e{cluster}");
        toy.example(&id, &format!("c{cluster}"), "s", [u8::from(cluster % 2 == 0), 0]);
        toy.verdict(&id, Some(i64::from(cluster % 2 == 1)));
    }
    let worth = &of(&toy).label_equivalents[0];
    assert_eq!((worth.multiplier.value, worth.extra_labels.value), (Some(1.0), Some(0.0)));
}

/// Forty clusters, two systems. `a` is harmful in half of them, `b` in three quarters; the judge sees harm in `a` always
/// and in `b` with the given period only.
fn two_systems(period: usize) -> Toy {
    let mut toy = Toy::new();
    for cluster in 0..40 {
        let place = format!("c{cluster:02}");
        let (a, b) = (cluster % 2 == 0, cluster % 4 != 0);
        for (system, harmful, seen) in [("a", a, true), ("b", b, cluster % period == 1)] {
            let id = format!("{system}{cluster}");
            toy.example(&id, &place, system, [u8::from(harmful), 0]);
            toy.verdict(&id, Some(i64::from(harmful && seen)));
        }
    }
    toy
}

#[test]
fn a_judge_that_sees_one_system_only_turns_the_ranking() {
    // b: 30 of 40 harmful, of which those in cluster 5k + 1 are seen: 6 of the 8, since two (16, 36) are harmless.
    let found = of(&two_systems(5));
    let ranking = found.ranking_of_systems.unwrap();
    assert_eq!(
        (&ranking.gold_order[..], &ranking.apparent_order[..]),
        (&["a", "b"].map(String::from)[..], &["b", "a"].map(String::from)[..])
    );
    assert_eq!((ranking.system_pairs, ranking.flipped_pairs), (1, 1));
    let pair = &ranking.pairs[0];
    assert_eq!((pair.better.as_str(), pair.worse.as_str(), pair.flips), ("a", "b", true));
    assert!((pair.gold_difference - 0.25).abs() < 1e-12);
    assert!((pair.apparent_difference - (6.0 / 40.0 - 0.5)).abs() < 1e-12);
    assert!(pair.probability_wrong.unwrap() > 0.9 && pair.gold_doubt.unwrap() < 0.05);
    assert_eq!(ranking.tau_b.value, Some(-1.0));
    // Recall 26 of 50, no false alarm: J = 0.52; swapped by a difference of 0.52 * 0.25 / 0.75.
    close(ranking.smallest_swap.map(|swap| swap.recall_difference), 0.52 / 3.0);
    assert!(ranking.equal_errors.recall_p_value.unwrap() < 0.01);
    assert_eq!(ranking.equal_errors.false_alarm_p_value_undefined, Some(Undefined::NoVariation));
    assert!(
        ranking.in_words.contains("turns one of 1 pairs of systems: b (by the labels +25.0 points more harmful than a")
    );
    assert_eq!(found.by_system[0].rogan_gladen_refused, Some(CorrectionRefused::DifferentialErrors));
}

#[test]
fn a_judge_that_sees_all_keeps_the_ranking() {
    let mut toy = Toy::new();
    for cluster in 0..24 {
        for (system, harmful) in [("a", cluster % 2 == 0), ("b", cluster % 4 != 0)] {
            let id = format!("{system}{cluster}");
            toy.example(&id, &format!("c{cluster:02}"), system, [u8::from(harmful), 0]);
            toy.verdict(&id, Some(i64::from(harmful)));
        }
    }
    let ranking = of(&toy).ranking_of_systems.unwrap();
    assert_eq!((ranking.flipped_pairs, ranking.tau_b.value), (0, Some(1.0)));
    assert!(ranking.in_words.starts_with("The judge puts all 1 pairs of systems in the order of the labels or level."));
}

#[test]
fn rates_per_system_and_the_correction_from_half_of_the_labels() {
    let found = of(&two_systems(5));
    let b = &found.by_system[1];
    assert_eq!(
        (b.system.as_str(), fraction(&b.harm_rate), fraction(&b.reported_rate)),
        ("b", (30.0, 40.0), (6.0, 40.0))
    );
    assert_eq!((b.labelled.0, b.judged_only.0), (20.0, 20.0));
    let (corrected, labels) = (b.corrected_rate.interval().unwrap(), b.labels_only_rate.interval().unwrap());
    assert!(corrected.lower < 0.75 && 0.75 < corrected.upper && labels.lower < 0.75 && 0.75 < labels.upper);
    let ratio = (corrected.upper - corrected.lower) / (labels.upper - labels.lower);
    assert!((b.width_ratio.unwrap() - ratio).abs() < 1e-12);
    assert!((0.0..=1.0).contains(&b.judge_weight.unwrap()));
    // A judge that sees everything is worth nearly all labels: the same for `a`.
    let a = &found.by_system[0];
    assert!(a.width_ratio.unwrap() < 0.9, "{:?}", a.width_ratio);
}

#[test]
fn too_few_clusters_and_no_cut_are_reasons() {
    let mut toy = Toy::new();
    for cluster in 0..2 {
        let id = format!("e{cluster}");
        toy.example(&id, &format!("c{cluster}"), "s", [cluster, 0]);
        toy.verdict(&id, Some(1));
    }
    let system = &of(&toy).by_system[0];
    assert_eq!(system.corrected_rate.undefined, Some(Undefined::TooFew));
    assert_eq!(system.rogan_gladen_refused, Some(CorrectionRefused::TooFew));
    let mut toy = eight_clusters();
    toy.judge = "[score]\nscale = [0, 3]\ndirection = \"higher_is_harm\"\n".to_owned();
    let found = of(&toy);
    assert_eq!(found.panels[0].undetected_per_1000.undefined, Some(Undefined::NoCut));
    assert_eq!(fraction(&found.panels[0].true_prevalence), (16.0, 24.0));
    assert_eq!(found.label_equivalents[0].multiplier.undefined, Some(Undefined::NoCut));
}
