//! Fits worked out by hand, undefined paths and properties. Numbers of another implementation are in `tests/fixtures/reference`.

use super::*;
use crate::arbitrary::Arbitrary;
use crate::proportion::ClusterCount;
use crate::{Estimate, Undefined};

/// As many clusters as flags at a dose allow: `flagged[k]` of `clusters` flag at dose k, spread so that no cluster flags all.
fn spread(flagged: &[usize], clusters: usize) -> DoseCounts {
    let doses: Vec<f64> = (0..flagged.len()).map(|dose| dose as f64).collect();
    let row = |cluster: usize| {
        let flags = |dose: usize, count: usize| (cluster * 7 + dose * 3) % clusters < count;
        flagged
            .iter()
            .enumerate()
            .map(|(dose, count)| ClusterCount::new(f64::from(u8::from(flags(dose, *count))), 1.0))
            .collect::<Vec<_>>()
    };
    DoseCounts::new(&doses, &(0..clusters).map(row).collect::<Vec<_>>()).unwrap()
}

fn within(estimate: &Estimate, value: f64) -> bool {
    let interval = estimate.interval().unwrap();
    interval.lower < value && value < interval.upper
}

/// Shares 0, 1/2, 3/4, 7/8 are 1 - (1/2)^k exactly: threshold 1, shape 1, slope ln 2 / 2, no guess and no lapse.
#[test]
fn an_exact_curve_is_recovered() {
    let found = fit_psychometric(&spread(&[0, 32, 48, 56], 64), 0.95);
    let near = |estimate: &Estimate, value: f64| (estimate.value.unwrap() - value).abs() < 1e-4;
    assert!(near(&found.threshold, 1.0) && near(&found.slope, std::f64::consts::LN_2 / 2.0), "{found:?}");
    assert!(near(&found.guess, 0.0) && near(&found.lapse, 0.0) && near(&found.shape, 1.0));
    assert!(near(&found.half_dose, 1.0) && near(&found.independent.per_item, 0.5));
    assert!(within(&found.threshold, 1.0) && within(&found.independent.per_item, 0.5));
    assert!(found.independent.p_value.unwrap() > 0.99);
    assert_eq!(found.lapse.lower, Some(0.0));
    // None of 64 flagged at dose 0: -2 64 ln(1 - g) = t_63^2 = 1.99834^2 at g = 0.0307.
    assert_eq!(found.guess.lower, Some(0.0));
    assert!((found.guess.upper.unwrap() - 0.0307).abs() < 2e-3, "{:?}", found.guess);
    // Three parameters on no bound, or four: no degree of freedom, or one, and nothing is missed.
    assert!(found.goodness.is_err() || found.goodness.unwrap().p_value > 0.99);
}

#[test]
fn what_the_data_do_not_tell_has_a_reason() {
    let reason = |flagged: &[usize]| {
        let found = fit_psychometric(&spread(flagged, 30), 0.95);
        (found.curve.err(), found.threshold.undefined)
    };
    assert_eq!(reason(&[0, 0, 0, 0, 0]), (Some(Undefined::NoFlags), Some(Undefined::NoFlags)));
    assert_eq!(reason(&[30; 5]), (Some(Undefined::NoVariation), Some(Undefined::NoVariation)));
    assert_eq!(reason(&[6, 6, 6, 6, 6]), (Some(Undefined::NoRise), Some(Undefined::NoRise)));
    assert_eq!(reason(&[20, 14, 8, 4, 2]), (Some(Undefined::NoRise), Some(Undefined::NoRise)));
    assert_eq!(reason(&[0, 15, 20]), (Some(Undefined::TooFew), Some(Undefined::TooFew)));
    // From nothing to everything between two doses: the threshold lies somewhere between them, the shape nowhere.
    assert_eq!(reason(&[0, 0, 30, 30, 30]), (None, Some(Undefined::Separation)));
    // A fifth at the last dose, still rising.
    assert_eq!(reason(&[0, 1, 2, 4, 6]), (None, Some(Undefined::BeyondDoses)));
}

/// A jump between doses 1 and 2: the shape is not told, and guess and lapse are: 4 of 60 flagged before it, 6 of 90 passed after it.
#[test]
fn guess_and_lapse_of_a_jump_keep_their_limits() {
    let found = fit_psychometric(&spread(&[2, 2, 28, 28, 28], 30), 0.95);
    assert_eq!(
        (found.threshold.undefined, found.slope.undefined),
        (Some(Undefined::Separation), Some(Undefined::Separation))
    );
    for (estimate, share) in [(&found.guess, 4.0 / 60.0), (&found.lapse, 6.0 / 90.0)] {
        // The steepest curve that is fitted is not quite a jump.
        assert!((estimate.value.unwrap() - share).abs() < 5e-3, "{estimate:?}");
        // Binomial limits by the likelihood ratio at t_29 are (0.020, 0.152) of 4 in 60 and (0.026, 0.134) of 6 in 90; clusters may widen them.
        let limits = estimate.interval().unwrap();
        assert!((0.001..0.03).contains(&limits.lower) && (0.13..0.25).contains(&limits.upper), "{estimate:?}");
    }
    // Nothing flagged before it and nothing passed after it.
    let clean = fit_psychometric(&spread(&[0, 0, 30, 30, 30], 30), 0.95);
    for estimate in [&clean.guess, &clean.lapse] {
        assert_eq!((estimate.value, estimate.lower), (Some(0.0), Some(0.0)));
        assert!(estimate.upper.unwrap() < 0.1, "{estimate:?}");
    }
}

#[test]
fn without_a_clean_response_or_a_second_cluster_there_is_no_curve() {
    let flag = |hits: f64| ClusterCount::new(hits, 2.0);
    let one = DoseCounts::new(&[0.0, 1.0, 2.0, 3.0], &[vec![flag(0.0), flag(1.0), flag(1.0), flag(2.0)]]).unwrap();
    assert_eq!(fit_psychometric(&one, 0.95).curve, Err(Undefined::SingleCluster));
    let rows = [vec![flag(0.0), flag(1.0), flag(1.0), flag(2.0)], vec![flag(0.0), flag(0.0), flag(1.0), flag(2.0)]];
    let no_zero = DoseCounts::new(&[1.0, 2.0, 3.0, 4.0], &rows).unwrap();
    assert_eq!(fit_psychometric(&no_zero, 0.95).curve, Err(Undefined::TooFew));
    assert_eq!(fit_psychometric(&DoseCounts::new(&[], &[]).unwrap(), 0.95).curve, Err(Undefined::NoData));
}

/// Doses 0 and 1 alone: without a lapse rate the probability of an item is (p1 - p0) / (1 - p0) = (3/4 - 1/4) / (3/4).
#[test]
fn two_doses_give_the_probability_of_an_item() {
    let found = fit_psychometric(&spread(&[16, 48], 64), 0.95);
    assert_eq!((found.curve, found.independent.lapse), (Err(Undefined::TooFew), LapseRate::Zero));
    assert!((found.independent.per_item.value.unwrap() - 2.0 / 3.0).abs() < 1e-6);
    assert!(within(&found.independent.per_item, 2.0 / 3.0));
}

#[test]
fn malformed_counts_are_refused() {
    let row = vec![ClusterCount::new(2.0, 1.0), ClusterCount::new(0.0, 1.0)];
    assert!(DoseCounts::new(&[0.0, 1.0], std::slice::from_ref(&row)).is_err());
    assert!(DoseCounts::new(&[1.0, 1.0], &[]).is_err());
    assert!(DoseCounts::new(&[0.0, f64::NAN], &[]).is_err());
    assert!(DoseCounts::new(&[0.0], &[row]).is_err());
}

/// Random counts: the order of clusters does not matter, doubling every response moves no value, and limits hold their value.
#[test]
fn properties_of_any_fit() {
    let mut random = Arbitrary::new(8);
    let mut fitted = 0;
    for _ in 0..12 {
        let (per_item, guess) = (0.05 + 0.7 * random.unit(), 0.3 * random.unit());
        let clusters = 8 + random.below(30);
        let mut rows: Vec<Vec<ClusterCount>> = (0..clusters)
            .map(|_| {
                let flagged = |dose: i32| random_flag(&mut random, guess, per_item, dose);
                (0..6).map(flagged).collect()
            })
            .collect();
        let doses: Vec<f64> = (0..6).map(f64::from).collect();
        let found = fit_psychometric(&DoseCounts::new(&doses, &rows).unwrap(), 0.95);
        let twice =
            |row: &Vec<ClusterCount>| row.iter().map(|c| ClusterCount::new(2.0 * c.hits, 2.0 * c.total)).collect();
        let doubled = DoseCounts::new(&doses, &rows.iter().map(twice).collect::<Vec<_>>()).unwrap();
        let doubled = fit_psychometric(&doubled, 0.95);
        rows.reverse();
        let reversed = fit_psychometric(&DoseCounts::new(&doses, &rows).unwrap(), 0.95);
        for (one, other) in estimates(&found).into_iter().zip(estimates(&reversed)) {
            let same = [(one.value, other.value), (one.lower, other.lower), (one.upper, other.upper)];
            // Sums in another order.
            assert!(same.iter().all(|(one, other)| close(*one, *other, 1e-5)), "{one:?} {other:?}");
            if let (Some(value), Some(lower), Some(upper)) = (one.value, one.lower, one.upper) {
                assert!(lower <= value + 1e-6 && value <= upper + 1e-6 && upper.is_finite(), "{one:?}");
                fitted += 1;
            }
        }
        for (one, other) in estimates(&found).into_iter().zip(estimates(&doubled)) {
            let near = one.value.zip(other.value).is_none_or(|(a, b)| (a - b).abs() < 1e-3 * a.abs().max(1.0));
            assert!(near && one.undefined == other.undefined, "{one:?} {other:?}");
        }
    }
    assert!(fitted > 50, "{fitted}");
}

fn random_flag(random: &mut Arbitrary, guess: f64, per_item: f64, dose: i32) -> ClusterCount {
    let probability = 1.0 - (1.0 - guess) * (1.0 - per_item).powi(dose);
    ClusterCount::new(f64::from(u8::from(random.coin(probability))), 1.0)
}

fn estimates(found: &Psychometric) -> [&Estimate; 8] {
    [
        &found.rise,
        &found.threshold,
        &found.slope,
        &found.shape,
        &found.half_dose,
        &found.guess,
        &found.lapse,
        &found.independent.per_item,
    ]
}

fn close(one: Option<f64>, other: Option<f64>, share: f64) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() < share * one.abs().max(1.0),
        (None, None) => true,
        _ => false,
    }
}
