//! A plan held against simulation: beta-binomial clusters, and the intervals of the real pipeline on what was drawn.

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::design::Assumptions;
use crate::model::Axis;
use crate::stats::compare::paired_difference;
use crate::stats::gap::{GapCount, recall_gap};
use crate::stats::power::half_width;
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::random::{StreamKey, below, uniform};
use crate::stats::special::{beta_quantile, normal_critical, normal_quantile};
use crate::stats::{Estimate, Undefined};
use std::num::NonZeroU32;

/// What a simulation found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulated {
    /// Audits that were drawn.
    pub repetitions: u32,
    /// Share of them whose interval leaves out 0 on the side of the true difference; null for a single recall.
    pub power: Option<f64>,
    /// Monte-Carlo standard error of it.
    pub power_error: Option<f64>,
    /// Share of the defined intervals that hold the truth.
    pub coverage: f64,
    /// Monte-Carlo standard error of it.
    pub coverage_error: f64,
    /// Mean of the longer side of the defined intervals.
    pub half_width: f64,
    /// Share of the audits without an interval.
    pub undefined: f64,
}

/// How many examples of either kind a drawn cluster holds.
#[derive(Debug, Clone, PartialEq)]
pub enum ClusterSizes {
    /// So many examples, each a positive of either axis with a probability of its own.
    Binomial {
        /// Examples a cluster.
        examples: u32,
        /// Share of omission and of commission positives.
        shares: [f64; 2],
    },
    /// Those of a set, drawn with replacement: omission and commission positives of each of its clusters.
    Observed(Vec<[u32; 2]>),
}

impl ClusterSizes {
    fn draw(&self, random: &mut ChaCha8Rng) -> [u32; 2] {
        match self {
            Self::Binomial { examples, shares } => shares.map(|share| binomial(random, *examples, share)),
            Self::Observed(sizes) => match NonZeroU32::new(sizes.len() as u32) {
                Some(bound) => sizes[below(random, bound) as usize],
                None => [0, 0],
            },
        }
    }
}

fn binomial(random: &mut ChaCha8Rng, trials: u32, share: f64) -> u32 {
    (0..trials).map(|_| u32::from(uniform(random) < share)).sum()
}

/// Points of a tabulated beta distribution, equally likely.
const POINTS: u32 = 1_024;

/// Recalls of clusters: a beta distribution with a mean and an intraclass correlation, as equally likely quantiles.
struct ClusterRates {
    quantiles: Vec<f64>,
    mean: f64,
}

impl ClusterRates {
    fn new(mean: f64, icc: f64) -> Self {
        if icc <= 0.0 || mean <= 0.0 || mean >= 1.0 {
            return Self { quantiles: vec![mean], mean };
        }
        let size = 1.0 / icc.min(MOST_CORRELATED) - 1.0;
        let at =
            |point: u32| beta_quantile((f64::from(point) + 0.5) / f64::from(POINTS), mean * size, (1.0 - mean) * size);
        let quantiles: Vec<f64> = (0..POINTS).map(at).collect();
        let mean = quantiles.iter().sum::<f64>() / f64::from(POINTS);
        Self { quantiles, mean }
    }

    fn draw(&self, random: &mut ChaCha8Rng) -> f64 {
        NonZeroU32::new(self.quantiles.len() as u32)
            .map_or(self.mean, |bound| self.quantiles[below(random, bound) as usize])
    }
}

/// Beyond this the beta distribution is two points, and its quantiles are not to be had.
const MOST_CORRELATED: f64 = 0.95;

/// How often and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repetitions {
    /// Audits to draw.
    pub repetitions: u32,
    /// Seed of the draws.
    pub seed: u64,
}

/// Draws audits of so many clusters and looks at the interval of the gap in each.
pub fn simulate_gap(assumed: &Assumptions, sizes: &ClusterSizes, clusters: usize, times: Repetitions) -> Simulated {
    let rates = Axis::ALL.map(|axis| ClusterRates::new(assumed.measured(axis), *assumed.icc.get(axis)));
    let truth = rates[0].mean - rates[1].mean;
    let draw = |random: &mut ChaCha8Rng| {
        let cell = |_| {
            let totals = sizes.draw(random);
            let [first, second] = [0, 1].map(|side| {
                let rate = rates[side].draw(random);
                ClusterCount::new(f64::from(binomial(random, totals[side], rate)), f64::from(totals[side]))
            });
            GapCount { first, second }
        };
        recall_gap(&(0..clusters).map(cell).collect::<Vec<_>>(), assumed.level)
    };
    summarise(truth, Sought::Difference, run("plan_gap", times, draw))
}

/// Draws audits of so many clusters and looks at the interval of one recall in each.
pub fn simulate_recall(
    assumed: &Assumptions,
    axis: Axis,
    sizes: &ClusterSizes,
    clusters: usize,
    times: Repetitions,
) -> Simulated {
    let rates = ClusterRates::new(assumed.measured(axis), *assumed.icc.get(axis));
    let draw = |random: &mut ChaCha8Rng| {
        let cell = |_| {
            let total = sizes.draw(random)[axis.index()];
            let rate = rates.draw(random);
            ClusterCount::new(f64::from(binomial(random, total, rate)), f64::from(total))
        };
        let cells: Vec<ClusterCount> = (0..clusters).map(cell).collect();
        clustered_proportion(&cells, assumed.level, Undefined::NoPositives)
    };
    summarise(rates.mean, Sought::Share, run("plan_recall", times, draw))
}

/// Draws audits of so many clusters and looks at the interval of the difference of two judges in each.
///
/// Of the positives of a cluster a share is found by only one of the judges; which of them depends on a rate of the cluster, whose
/// intraclass correlation is the assumed one.
pub fn simulate_pairs(
    assumed: &Assumptions,
    pair: (Axis, f64, f64),
    sizes: &ClusterSizes,
    clusters: usize,
    times: Repetitions,
) -> Simulated {
    let (axis, difference, discordant) = pair;
    let first = if discordant > 0.0 { 0.5 * (1.0 + difference / discordant) } else { 0.5 };
    let rates = ClusterRates::new(first, *assumed.icc.get(axis));
    let truth = discordant * (2.0 * rates.mean - 1.0);
    let draw = |random: &mut ChaCha8Rng| {
        let cell = |_| {
            let total = sizes.draw(random)[axis.index()];
            let rate = rates.draw(random);
            let only_one = binomial(random, total, discordant);
            let of_first = binomial(random, only_one, rate);
            // What both find cancels out of the difference.
            let count = |hits: u32| ClusterCount::new(f64::from(hits), f64::from(total));
            GapCount { first: count(of_first), second: count(only_one - of_first) }
        };
        paired_difference(&(0..clusters).map(cell).collect::<Vec<_>>(), assumed.level)
    };
    summarise(truth, Sought::Difference, run("plan_pairs", times, draw))
}

/// The clusters with which a simulation, too, shows the difference with the assumed power: those of the formula, or more; none
/// where eight tries do not get there.
pub fn enough_by_simulation(
    assumed: &Assumptions,
    clusters: usize,
    first: &Simulated,
    simulate: impl Fn(usize) -> Simulated,
) -> Option<usize> {
    const TRIES: usize = 8;
    /// At least so much more each time.
    const STEP: f64 = 1.01;
    let deviate = |power: f64| normal_critical(assumed.level) + normal_quantile(power.clamp(0.05, 0.999));
    let (mut clusters, mut power) = (clusters, first.power?);
    for _ in 0..TRIES {
        if power >= assumed.power {
            return Some(clusters);
        }
        // The size grows with the square of what has to lie between the difference and 0, in standard errors.
        let factor = (deviate(assumed.power) / deviate(power)).powi(2).max(STEP);
        clusters = (clusters as f64 * factor).ceil() as usize;
        power = simulate(clusters).power?;
    }
    (power >= assumed.power).then_some(clusters)
}

fn run(name: &str, times: Repetitions, draw: impl Fn(&mut ChaCha8Rng) -> Estimate + Sync) -> Vec<Estimate> {
    let key = StreamKey::new(times.seed, "", "", name);
    (0..times.repetitions).into_par_iter().map(|repetition| draw(&mut key.stream(u64::from(repetition)))).collect()
}

/// What the interval is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sought {
    Share,
    Difference,
}

fn summarise(truth: f64, sought: Sought, found: Vec<Estimate>) -> Simulated {
    let all = found.len() as f64;
    let (mut covered, mut shown, mut defined, mut width) = (0.0, 0.0, 0.0, 0.0);
    for estimate in &found {
        let (Some(value), Some(interval)) = (estimate.value, estimate.interval()) else { continue };
        defined += 1.0;
        covered += f64::from(u8::from(interval.lower <= truth && truth <= interval.upper));
        let beyond = if truth > 0.0 { interval.lower > 0.0 } else { interval.upper < 0.0 };
        shown += f64::from(u8::from(beyond));
        width += half_width(value, interval);
    }
    let share = |count: f64, of: f64| if of > 0.0 { count / of } else { 0.0 };
    let error = |share: f64, of: f64| if of > 0.0 { (share * (1.0 - share) / of).sqrt() } else { 0.0 };
    let power = (sought == Sought::Difference).then(|| share(shown, all));
    let coverage = share(covered, defined);
    Simulated {
        repetitions: found.len() as u32,
        power,
        power_error: power.map(|power| error(power, all)),
        coverage,
        coverage_error: error(coverage, defined),
        half_width: share(width, defined),
        undefined: 1.0 - share(defined, all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::planning::design::MakeUp;
    use crate::measure::planning::plan::{plan_gap, plan_pairs, plan_recall};
    use crate::model::PerAxis;

    fn assumed() -> (Assumptions, ClusterSizes) {
        let shares = [0.4, 0.25];
        let assumed = Assumptions {
            recall: PerAxis { omission: 0.4, commission: 0.7 },
            missing: 0.0,
            icc: PerAxis { omission: 0.1, commission: 0.1 },
            cluster_size: 6.0,
            make_up: PerAxis::from_fn(|axis| Some(MakeUp::binomial(6.0, shares[axis.index()]))),
            power: 0.8,
            level: 0.95,
        };
        (assumed, ClusterSizes::Binomial { examples: 6, shares })
    }

    const TIMES: Repetitions = Repetitions { repetitions: 1000, seed: 3 };

    /// The formulas hold up: power within 0.07 of what they promise (0.013 is Monte-Carlo error), coverage not below 0.93.
    #[test]
    fn what_the_formulas_promise_is_found() {
        let (assumed, sizes) = assumed();
        let gap = plan_gap(&assumed);
        let planned = gap.size.unwrap().clusters;
        let found = simulate_gap(&assumed, &sizes, planned, TIMES);
        let again = |clusters| simulate_gap(&assumed, &sizes, clusters, TIMES);
        let enough = enough_by_simulation(&assumed, planned, &found, again).unwrap();
        assert!(again(enough).power.unwrap() >= 0.8 && enough < planned + planned / 4, "{planned} {enough}");
        assert!((found.power.unwrap() - gap.power.unwrap()).abs() < 0.07 && found.coverage > 0.93, "{found:?}");
        let pairs = plan_pairs(&assumed, Axis::Omission, 0.15, 0.4);
        let found = simulate_pairs(&assumed, (Axis::Omission, 0.15, 0.4), &sizes, pairs.size.unwrap().clusters, TIMES);
        assert!((found.power.unwrap() - pairs.power.unwrap()).abs() < 0.07 && found.coverage > 0.93, "{found:?}");
        let recall = plan_recall(&assumed, Axis::Commission, 0.1);
        let found = simulate_recall(&assumed, Axis::Commission, &sizes, recall.size.unwrap().clusters, TIMES);
        assert!((found.half_width - 0.1).abs() < 0.01 && found.coverage > 0.93, "{found:?}");
        assert_eq!(found.power, None);
    }

    #[test]
    fn nothing_to_find_is_undefined_throughout() {
        let (assumed, _) = assumed();
        let found = simulate_gap(&assumed, &ClusterSizes::Observed(vec![[2, 0]]), 4, TIMES);
        assert_eq!((found.undefined, found.power, found.coverage), (1.0, Some(0.0), 0.0));
    }

    /// The beta quantiles have the mean and the variance icc p (1-p).
    #[test]
    fn cluster_rates_have_their_moments() {
        let rates = ClusterRates::new(0.3, 0.2);
        let variance = rates.quantiles.iter().map(|rate| (rate - rates.mean).powi(2)).sum::<f64>() / f64::from(POINTS);
        assert!((rates.mean - 0.3).abs() < 1e-3 && (variance - 0.2 * 0.21).abs() < 1e-3);
        assert_eq!(ClusterRates::new(1.0, 0.2).quantiles, [1.0]);
    }
}
