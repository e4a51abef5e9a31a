//! How often the default intervals hold the truth: seeded simulations of the designs that `docs/statistics.md` describes, with
//! the numbers that they gave. Slow; run with `cargo test --no-default-features --lib coverage -- --ignored --nocapture`.

mod consequences;
mod dose;
mod doubt;
mod gap;
mod matched;
mod share;
mod smooth;
mod surface;

use super::Interval;
use super::random::{StreamKey, below, uniform};
use super::special::{beta_quantile, normal_quantile};
use rand_chacha::ChaCha8Rng;
use std::num::NonZeroU32;

const REPETITIONS: u64 = 4_000;
const LEVEL: f64 = 0.95;
const CLUSTERS: [usize; 3] = [10, 18, 40];

/// Points of a tabulated beta distribution, equally likely.
const POINTS: usize = 4_096;

/// Tally of one method in one design.
#[derive(Clone, Copy, Default)]
struct Tally {
    covered: f64,
    defined: f64,
    repetitions: f64,
    width: f64,
}

impl Tally {
    fn add(&mut self, interval: Option<Interval>, truth: f64) {
        self.repetitions += 1.0;
        if let Some(Interval { lower, upper }) = interval {
            self.defined += 1.0;
            self.width += upper - lower;
            self.covered += f64::from(u8::from(lower <= truth && truth <= upper));
        }
    }

    /// Share of the defined intervals that hold the truth.
    fn coverage(&self) -> f64 {
        self.covered / self.defined
    }
}

/// Mean and worst coverage over designs.
struct Summary {
    mean: f64,
    worst: f64,
}

/// Prints a row: method, clusters, designs, mean and worst coverage of the defined intervals, mean width, largest undefined share.
fn summarise(label: &str, clusters: usize, tallies: &[Tally]) -> Summary {
    let count = tallies.len() as f64;
    let mean = tallies.iter().map(Tally::coverage).sum::<f64>() / count;
    let worst = tallies.iter().map(Tally::coverage).fold(1.0, f64::min);
    let width = tallies.iter().map(|tally| tally.width / tally.defined).sum::<f64>() / count;
    let undefined = tallies.iter().map(|tally| 1.0 - tally.defined / tally.repetitions).fold(0.0, f64::max);
    println!("| {label} | {clusters} | {count} | {mean:.3} | {worst:.3} | {width:.3} | {undefined:.3} |");
    Summary { mean, worst }
}

/// Random inputs of a simulation.
struct Source(ChaCha8Rng);

impl Source {
    fn new(simulation: &str, design: usize, repetition: u64) -> Self {
        Self(StreamKey::new(design as u64, "", "", simulation).stream(repetition))
    }

    fn uniform(&mut self) -> f64 {
        uniform(&mut self.0)
    }

    fn normal(&mut self) -> f64 {
        // The midpoint keeps away from 0.
        normal_quantile(self.uniform() + 0.5 / (1_u64 << 53) as f64)
    }

    /// Poisson by counting exponential gaps: fine for small means.
    fn poisson(&mut self, mean: f64) -> u32 {
        let (mut count, mut product) = (0, self.uniform());
        let floor = (-mean).exp();
        while product > floor {
            count += 1;
            product *= self.uniform();
        }
        count
    }

    fn binomial(&mut self, trials: u32, share: f64) -> u32 {
        (0..trials).map(|_| u32::from(self.uniform() < share)).sum()
    }

    fn point(&mut self) -> usize {
        below(&mut self.0, NonZeroU32::new(POINTS as u32).expect("not zero")) as usize
    }
}

/// A beta distribution of cluster rates with mean `mean` and intraclass correlation `rho`, at equally likely quantiles.
struct Rates {
    quantiles: Vec<f64>,
    mean: f64,
}

impl Rates {
    fn new(mean: f64, rho: f64) -> Self {
        let size = 1.0 / rho - 1.0;
        let at = |point: usize| beta_quantile((point as f64 + 0.5) / POINTS as f64, mean * size, (1.0 - mean) * size);
        let quantiles: Vec<f64> = (0..POINTS).map(at).collect();
        let mean = quantiles.iter().sum::<f64>() / POINTS as f64;
        Self { quantiles, mean }
    }
}
