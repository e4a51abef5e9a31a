//! The self-test: judges whose recall, gap, calibration and silence are known are planted, and the evaluation is asked what it finds.
//!
//! The truth is that of the population of clusters: each plant draws the judges' moods in the clusters anew, on a new simulated
//! set or on the user's own, whose examples and labels stay as they are. Planted judges are no models: they read the labels.

mod check;
mod draw;
mod gold;
mod judges;
mod latent;
mod quantity;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use check::{PlantedQuantity, TOLERATED_ERRORS};

use crate::gold::GoldSet;
use crate::measure::evaluate::{MeasureError, evaluate};
use crate::measure::options::{DEFAULT_MARGIN, MeasureOptions, PrimaryComparison};
use crate::model::{Axis, PerAxis, Problems};
use crate::stats::random::StreamKey;
use check::check;
use draw::run_of;
use gold::{share_of_positives, simulated_set};
use judges::planted_judges;
use quantity::{Observation, observe};

/// Resamples inside each plant: enough for the evaluation, of which none of the quantities here depends on them.
const RESAMPLES: usize = 999;

/// How a self-test is run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelfTestOptions {
    /// Plants.
    pub plants: u32,
    /// Clusters of a simulated set.
    pub clusters: usize,
    /// Seed of every draw.
    pub seed: u64,
    /// Confidence level of the intervals that are held against the truth.
    pub level: f64,
}

/// Why there is no self-test.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestError {
    /// The simulated set was refused.
    #[error("the simulated set is not one that Lacuna reads: {0}")]
    Set(Problems),
    /// No threads to run it on.
    #[error("no threads: {0}")]
    Threads(String),
    /// A plant could not be measured.
    #[error(transparent)]
    Measure(#[from] MeasureError),
}

/// What the plants of one set showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfTest {
    /// Name of the set: `simulated`, or the user's.
    pub set: String,
    /// Plants.
    pub plants: u32,
    /// Clusters of each of them.
    pub clusters: usize,
    /// Nominal level of the intervals.
    pub level: f64,
    /// Every quantity of every planted judge.
    pub quantities: Vec<PlantedQuantity>,
    /// Quantities that were checked.
    pub checked: usize,
    /// Of those, the ones that failed.
    pub failed: usize,
}

/// Plants in sets that are drawn anew each time.
pub fn self_test_simulated(options: &SelfTestOptions) -> Result<SelfTest, SelfTestError> {
    let shares = PerAxis::from_fn(share_of_positives);
    let key = StreamKey::new(options.seed, "", "", "selftest_set");
    let observations = each_plant(options.plants, |plant| {
        let gold = simulated_set(options.clusters, &mut key.stream(u64::from(plant))).map_err(SelfTestError::Set)?;
        one_plant(&gold, &shares, plant, options)
    })?;
    Ok(summarise("simulated", options.clusters, &observations, options))
}

/// Plants in the user's own set: examples, clusters and labels stay, the judges are drawn anew each time.
pub fn self_test_on(gold: &GoldSet, options: &SelfTestOptions) -> Result<SelfTest, SelfTestError> {
    let shares = PerAxis::from_fn(|axis| share_of(gold, axis));
    let observations = each_plant(options.plants, |plant| one_plant(gold, &shares, plant, options))?;
    let mut clusters: Vec<&str> = gold.examples.iter().map(|example| example.cluster.as_str()).collect();
    clusters.sort_unstable();
    clusters.dedup();
    Ok(summarise(&gold.card.name, clusters.len(), &observations, options))
}

/// What each plant shows, in order. Plants run side by side, each on one thread: an evaluation inside a parallel loop would have
/// its waiting threads take up further plants, one inside the other, until the stack is full.
fn each_plant(
    plants: u32,
    show: impl Fn(u32) -> Result<Vec<Observation>, SelfTestError> + Sync,
) -> Result<Vec<Vec<Observation>>, SelfTestError> {
    let threads = rayon::current_num_threads().max(1);
    let show = &show;
    let of_thread = move |thread: usize| -> Result<Vec<(u32, Vec<Observation>)>, SelfTestError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let pool = pool.map_err(|error| SelfTestError::Threads(error.to_string()))?;
        let own = (0..plants).skip(thread).step_by(threads);
        pool.install(|| own.map(|plant| Ok((plant, show(plant)?))).collect())
    };
    let of_thread = &of_thread;
    let found: Vec<Result<_, SelfTestError>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || of_thread(thread))).collect();
        let died = |_| Err(SelfTestError::Threads("a plant's thread died".to_owned()));
        running.into_iter().map(|thread| thread.join().unwrap_or_else(died)).collect()
    });
    let mut all = Vec::new();
    for of_thread in found {
        all.extend(of_thread?);
    }
    all.sort_by_key(|(plant, _)| *plant);
    Ok(all.into_iter().map(|(_, observations)| observations).collect())
}

/// Share of positives among the labelled examples of an axis; 0 without any.
fn share_of(gold: &GoldSet, axis: Axis) -> f64 {
    let threshold = gold.card.axis(axis).threshold;
    let labels: Vec<bool> = gold
        .labels
        .get(axis)
        .iter()
        .enumerate()
        .filter(|(position, _)| gold.applies(*position, axis))
        .filter_map(|(_, label)| Some(label.severity? >= threshold))
        .collect();
    let positives = labels.iter().filter(|positive| **positive).count() as f64;
    if labels.is_empty() { 0.0 } else { positives / labels.len() as f64 }
}

/// One plant: every judge drawn on the set, the whole evaluation run, and what it says of each quantity.
fn one_plant(
    gold: &GoldSet,
    shares: &PerAxis<f64>,
    plant: u32,
    options: &SelfTestOptions,
) -> Result<Vec<Observation>, SelfTestError> {
    let judges = planted_judges();
    let (runs, full): (Vec<_>, Vec<_>) = judges
        .iter()
        .map(|judge| {
            let key = StreamKey::new(options.seed, judge.name, "", "selftest_judge");
            run_of(judge, gold, shares, &mut key.stream(u64::from(plant)))
        })
        .unzip();
    let measure = MeasureOptions {
        seed: options.seed,
        level: options.level,
        thresholds: PerAxis::default(),
        margin: DEFAULT_MARGIN,
        resamples: RESAMPLES,
        primary: PrimaryComparison::default(),
    };
    let evaluation = evaluate(gold, &runs, &measure)?;
    let observed = judges.iter().zip(&full).filter_map(|(judge, full)| {
        let found = evaluation.judges.iter().find(|found| found.judge == judge.name)?;
        Some(observe(judge, found, shares, full))
    });
    Ok(observed.flatten().collect())
}

/// Each quantity over all plants. A plant observes the same quantities in the same order as any other.
fn summarise(set: &str, clusters: usize, plants: &[Vec<Observation>], options: &SelfTestOptions) -> SelfTest {
    let first = plants.first().map(Vec::as_slice).unwrap_or_default();
    let quantities: Vec<PlantedQuantity> = first
        .iter()
        .map(|Observation { quantity, .. }| {
            let of_all = plants.iter().flatten().filter(|seen| seen.quantity == *quantity).copied();
            check(quantity, &of_all.collect::<Vec<_>>(), options.level)
        })
        .collect();
    SelfTest {
        set: set.to_owned(),
        plants: options.plants,
        clusters,
        level: options.level,
        checked: quantities.iter().filter(|quantity| quantity.passed.is_some()).count(),
        failed: quantities.iter().filter(|quantity| quantity.passed == Some(false)).count(),
        quantities,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: SelfTestOptions = SelfTestOptions { plants: 6, clusters: 20, seed: 1, level: 0.95 };

    #[test]
    fn plants_do_not_depend_on_threads_and_cover_what_was_planted() {
        let one = self_test_simulated(&OPTIONS).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(one, pool.install(|| self_test_simulated(&OPTIONS)).unwrap());
        let names: Vec<&str> = one.quantities.iter().map(|quantity| quantity.quantity.as_str()).collect();
        for name in ["recall", "recall_gap", "auc", "recall_bounds", "unscored share", "items: recall"] {
            assert!(names.contains(&name), "{names:?}");
        }
        let bounds = one.quantities.iter().find(|quantity| quantity.quantity == "recall_bounds").unwrap();
        assert_eq!(bounds.coverage, Some(1.0));
    }
}
