//! Seeded simulations of what the intervals and tests of separation, calibration, correction and monitoring promise. Slow, so
//! run on request: `cargo test --no-default-features --lib simulation -- --ignored --nocapture`.
//!
//! Each prints what it found; the bounds leave room for the Monte-Carlo error (0.007 at 1000 repetitions of 95%).

use super::arbitrary::Arbitrary;
use super::auc::{
    LabelledScores, auc_clustered, auc_clustered_difference, average_precision, average_precision_interval, delong,
};
use super::bias::{LinearRegression, cr2_satterthwaite};
use super::calibration::{Forecasts, calibration_band, spiegelhalter_clustered, spiegelhalter_z};
use super::correct::{Confusion, PpiTotals, Tuning, post_stratified, ppi_mean, ppi_mean_clustered, rogan_gladen};
use super::logit::expit;
use super::power::active_mean;
use super::sequential::{
    BetaMixture, UnitStream, asymptotic_sequence, beta_binomial_interval, empirical_bernstein_sequence, hedged_sequence,
};
use super::{Confidence, Interval};
use std::num::NonZeroUsize;

/// Repetitions of the fixed-size simulations.
const REPETITIONS: usize = 1000;

/// Nearly normal: twelve uniforms.
fn normal(random: &mut Arbitrary) -> f64 {
    (0..12).map(|_| random.unit()).sum::<f64>() - 6.0
}

/// Share of the intervals that hold the truth; an undefined one holds nothing.
fn coverage(name: &str, mut draw: impl FnMut(&mut Arbitrary) -> Option<(Interval, f64)>) -> f64 {
    let mut random = Arbitrary::new(2026);
    let hits = (0..REPETITIONS).filter(|_| {
        draw(&mut random).is_some_and(|(interval, truth)| interval.lower <= truth && truth <= interval.upper)
    });
    let share = hits.count() as f64 / REPETITIONS as f64;
    println!("{name}: {share:.3}");
    share
}

/// As [`coverage`], of the mean of the estimates themselves: for a target without a closed form.
fn coverage_of_mean(name: &str, mut draw: impl FnMut(&mut Arbitrary) -> Option<(f64, Interval)>) -> f64 {
    let mut random = Arbitrary::new(2026);
    let found: Vec<Option<(f64, Interval)>> = (0..REPETITIONS).map(|_| draw(&mut random)).collect();
    let defined: Vec<f64> = found.iter().flatten().map(|(value, _)| *value).collect();
    let truth = defined.iter().sum::<f64>() / defined.len() as f64;
    let hits = found.iter().flatten().filter(|(_, interval)| interval.lower <= truth && truth <= interval.upper);
    let share = hits.count() as f64 / REPETITIONS as f64;
    println!("{name}: {share:.3} of {truth:.3}");
    share
}

/// Labels, two scores and clusters: 18 clusters of 6, scores and labels sharing a cluster effect.
fn clustered_scores(random: &mut Arbitrary) -> (Vec<bool>, Vec<f64>, Vec<f64>, Vec<usize>) {
    let (mut labels, mut first, mut second, mut clusters) = (vec![], vec![], vec![], vec![]);
    for cluster in 0..18 {
        let (of_label, of_score) = (normal(random), normal(random));
        for _ in 0..6 {
            let label = random.coin(expit(-0.8 + of_label));
            let signal = 1.2 * f64::from(label) + 0.7 * of_score;
            labels.push(label);
            first.push(signal + normal(random));
            second.push(0.8 * signal + normal(random));
            clusters.push(cluster);
        }
    }
    (labels, first, second, clusters)
}

#[test]
#[ignore = "slow: seeded simulation"]
fn auc_intervals() {
    let clustered = coverage_of_mean("clustered AUC, logit t, G = 18", |random| {
        let (labels, scores, _, clusters) = clustered_scores(random);
        let found = auc_clustered(&LabelledScores::new(&labels, &scores).ok()?, &clusters).ok()?.ok()?;
        Some((found.auc, found.interval(Confidence::DEFAULT).ok()?))
    });
    assert!(clustered > 0.92);
    let difference = coverage_of_mean("difference of clustered AUCs, t, G = 18", |random| {
        let (labels, first, second, clusters) = clustered_scores(random);
        let found = auc_clustered_difference(&labels, &first, &second, &clusters, Confidence::DEFAULT).ok()?.ok()?;
        Some((found.difference, found.interval.ok()?))
    });
    assert!(difference > 0.92);
    let independent = |random: &mut Arbitrary| -> (Vec<bool>, Vec<f64>) {
        let labels: Vec<bool> = (0..80).map(|item| item < 20).collect();
        let scores = labels.iter().map(|label| f64::from(*label) + normal(random)).collect();
        (labels, scores)
    };
    let iid = coverage_of_mean("DeLong, logit, 20 + 60", |random| {
        let (labels, scores) = independent(random);
        let found = delong(&LabelledScores::new(&labels, &scores).ok()?, Confidence::DEFAULT).ok()?;
        Some((found.auc, found.logit.ok()?))
    });
    assert!(iid > 0.93);
    let precision = coverage_of_mean("average precision, logit, 20 + 60", |random| {
        let (labels, scores) = independent(random);
        let value = average_precision(&LabelledScores::new(&labels, &scores).ok()?.levels()).ok()?;
        Some((value, average_precision_interval(value, 20.0, Confidence::DEFAULT).ok()?.ok()?))
    });
    assert!(precision > 0.90);
}

/// Items in clusters: truth, judge's flag, cluster. Harm rate 1/4 on average, judge with recall 0.8 and specificity 0.9.
fn judged_items(random: &mut Arbitrary, clusters: usize, size: usize, spread: f64) -> Vec<(f64, f64, usize)> {
    let mut items = Vec::new();
    for cluster in 0..clusters {
        // A symmetric two-point effect keeps the mean harm rate at 1/4.
        let rate = if random.coin(0.5) { 0.25 + spread } else { 0.25 - spread };
        for _ in 0..size {
            let harmful = random.coin(rate);
            let flagged = random.coin(if harmful { 0.8 } else { 0.1 });
            items.push((f64::from(harmful), f64::from(flagged), cluster));
        }
    }
    items
}

fn split(items: &[(f64, f64, usize)]) -> (Vec<f64>, Vec<f64>, Vec<usize>) {
    (
        items.iter().map(|item| item.0).collect(),
        items.iter().map(|item| item.1).collect(),
        items.iter().map(|item| item.2).collect(),
    )
}

#[test]
#[ignore = "slow: seeded simulation"]
fn prevalence_corrections() {
    let iid = coverage("PPI++, 120 labels, 540 judged", |random| {
        let (y, f, _) = split(&judged_items(random, 120, 1, 0.0));
        let (_, pool, _) = split(&judged_items(random, 540, 1, 0.0));
        let totals = PpiTotals::new(&y, &f, &pool).ok()?;
        Some((ppi_mean(&totals, Tuning::Best, Confidence::DEFAULT).ok()?.interval.ok()?, 0.25))
    });
    assert!(iid > 0.92);
    let clustered = coverage("PPI++ over 18 clusters, 5 labels and 25 judged each", |random| {
        let items = judged_items(random, 18, 30, 0.15);
        let (labelled, others): (Vec<_>, Vec<_>) = items.iter().enumerate().partition(|(index, _)| index % 6 == 0);
        let strip =
            |items: Vec<(usize, &(f64, f64, usize))>| items.into_iter().map(|(_, item)| *item).collect::<Vec<_>>();
        let ((y, f, own), (_, pool, other)) = (split(&strip(labelled)), split(&strip(others)));
        let totals = PpiTotals::by_cluster(&y, &f, &own, &pool, &other).ok()?;
        Some((ppi_mean_clustered(&totals, Tuning::Best, Confidence::DEFAULT).ok()?.interval.ok()?, 0.25))
    });
    assert!(clustered > 0.92);
    let active = coverage("active labels, 300 items", |random| {
        let items = judged_items(random, 300, 1, 0.0);
        let f: Vec<f64> = items.iter().map(|item| 0.1 + 0.6 * item.1).collect();
        let chances: Vec<f64> = f.iter().map(|f| (f * (1.0 - f)).sqrt()).collect();
        let labels: Vec<Option<f64>> =
            items.iter().zip(&chances).map(|(item, chance)| random.coin(*chance).then_some(item.0)).collect();
        Some((active_mean(&f, &chances, &labels, Confidence::DEFAULT).ok()?.ok()?.interval.ok()?, 0.25))
    });
    assert!(active > 0.92);
}

#[test]
#[ignore = "slow: seeded simulation"]
fn corrections_by_error_rates() {
    let stratified = coverage("Rogan-Gladen, Lang-Reiczigel, 45 + 75 calibration, 540 judged", |random| {
        let mut count = |n: usize, rate: f64| (0..n).filter(|_| random.coin(rate)).count() as f64;
        let (caught, alarms, flagged) = (count(45, 0.8), count(75, 0.1), count(540, 0.25 * 0.8 + 0.75 * 0.1));
        let table = Confusion::new(caught, 45.0 - caught, alarms, 75.0 - alarms).ok()?;
        Some((rogan_gladen(flagged, 540.0, &table, Confidence::DEFAULT).ok()?.ok()?.lang_reiczigel.ok()?, 0.25))
    });
    assert!(stratified > 0.93);
    let efficient = coverage("post-stratified, 120 labels, 540 judged", |random| {
        let items = judged_items(random, 120, 1, 0.0);
        let cell = |y: f64, f: f64| items.iter().filter(|item| item.0 == y && item.1 == f).count() as f64;
        let table = Confusion::new(cell(1.0, 1.0), cell(1.0, 0.0), cell(0.0, 1.0), cell(0.0, 0.0)).ok()?;
        let flagged = (0..540).filter(|_| random.coin(0.275)).count() as f64;
        Some((post_stratified(&table, flagged, 540.0 - flagged, Confidence::DEFAULT).ok()?.ok()?.interval.ok()?, 0.25))
    });
    assert!(efficient > 0.92);
}

/// A linear probability model with a covariate that differs between clusters, few of them and of unequal size.
#[test]
#[ignore = "slow: seeded simulation"]
fn cr2_with_few_clusters() {
    let share = coverage("CR2, 12 unequal clusters, covariate of 4 of them", |random| {
        let (mut rows, mut outcomes, mut clusters) = (vec![], vec![], vec![]);
        for cluster in 0..12 {
            let treated = f64::from(cluster < 4);
            let effect = 0.3 * (random.unit() - 0.5);
            for _ in 0..2 + cluster % 5 {
                rows.push(vec![1.0, treated]);
                outcomes.push(f64::from(random.coin(0.4 + 0.2 * treated + effect)));
                clusters.push(cluster);
            }
        }
        let regression = LinearRegression::new(&rows, &outcomes, &clusters).ok()?;
        Some((cr2_satterthwaite(&regression, 1).ok()?.ok()?.interval(Confidence::DEFAULT), 0.2))
    });
    assert!(share > 0.93);
}

/// Calibrated forecasts on eleven values.
fn calibrated(random: &mut Arbitrary, n: usize) -> (Vec<f64>, Vec<bool>) {
    let item = |_| {
        let p = random.grid(10);
        (p, random.coin(p))
    };
    (0..n).map(item).unzip()
}

#[test]
#[ignore = "slow: seeded simulation"]
fn calibration_tests_and_band() {
    let share = coverage("simultaneous calibration band, 150 items", |random| {
        let (p, y) = calibrated(random, 150);
        let band = calibration_band(&Forecasts::new(&p, &y).ok()?, Confidence::DEFAULT).ok()?;
        let holds = band.iter().all(|point| point.lower <= point.p && point.p <= point.upper);
        Some((Interval { lower: 0.0, upper: f64::from(holds) }, 1.0))
    });
    assert!(share > 0.95);
    let accepted = coverage("Spiegelhalter z accepts calibration, 150 items", |random| {
        let (p, y) = calibrated(random, 150);
        let test = spiegelhalter_z(&Forecasts::new(&p, &y).ok()?).ok()?;
        Some((Interval { lower: 0.05, upper: 1.0 }, test.p))
    });
    assert!(accepted > 0.93);
    let clustered = coverage("clustered Spiegelhalter accepts calibration, 18 clusters of 8", |random| {
        let tables: Option<Vec<Forecasts>> = (0..18)
            .map(|_| {
                let (p, y) = calibrated(random, 8);
                Forecasts::new(&p, &y).ok()
            })
            .collect();
        Some((Interval { lower: 0.05, upper: 1.0 }, spiegelhalter_clustered(&tables?).ok()?.p))
    });
    assert!(clustered > 0.93);
}

/// Share of streams on which the limits hold at every time.
#[test]
#[ignore = "slow: seeded simulation"]
fn confidence_sequences_hold_at_all_times() {
    let truth = 0.3;
    let always = |holds: bool| Some((Interval { lower: 0.0, upper: f64::from(holds) }, 1.0));
    let stream =
        |random: &mut Arbitrary, n: usize| -> Vec<f64> { (0..n).map(|_| f64::from(random.coin(truth))).collect() };
    let mixture = coverage("beta-binomial, all times to 300", |random| {
        let mut hits = 0.0;
        let holds = stream(random, 300).into_iter().enumerate().all(|(index, value)| {
            hits += value;
            let items = (index + 1) as f64;
            let found = beta_binomial_interval(hits, items, BetaMixture::UNIFORM, Confidence::DEFAULT);
            found.is_ok_and(|found| found.is_ok_and(|limits| limits.lower <= truth && truth <= limits.upper))
        });
        always(holds)
    });
    assert!(mixture > 0.94);
    let bernstein = coverage("empirical Bernstein, all times to 300", |random| {
        let values = stream(random, 300);
        let found = empirical_bernstein_sequence(&UnitStream::new(&values).ok()?, Confidence::DEFAULT);
        always(found.lower.iter().all(|lower| *lower <= truth) && found.upper.iter().all(|upper| truth <= *upper))
    });
    assert!(bernstein > 0.94);
    let hedged = coverage("hedged capital, all times to 100", |random| {
        let values = stream(random, 100);
        let grid = NonZeroUsize::new(200)?;
        let limits = hedged_sequence(&UnitStream::new(&values).ok()?, Confidence::DEFAULT, grid).latest().ok()?;
        Some((limits, truth))
    });
    assert!(hedged > 0.94);
    let asymptotic = coverage("asymptotic, all times from 50 to 300", |random| {
        let values = stream(random, 300);
        let holds = (50..=300).all(|t| {
            let found = asymptotic_sequence(&values[..t], Confidence::DEFAULT, 100.0);
            found.is_ok_and(|found| found.is_ok_and(|limits| limits.lower <= truth && truth <= limits.upper))
        });
        always(holds)
    });
    assert!(asymptotic > 0.94);
}
