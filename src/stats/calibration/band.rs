//! A band for the calibration curve that holds at any number of items.

use super::forecasts::Forecasts;
use crate::Undefined;
use crate::input::Confidence;
use crate::special::{beta_cdf, beta_quantile};

/// The band at one distinct forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandPoint {
    /// The forecast.
    pub p: f64,
    /// Lower limit of P(positive | forecast).
    pub lower: f64,
    /// Upper limit; below `lower` somewhere, the data refute that the curve rises.
    pub upper: f64,
}

/// Simultaneous confidence band for a rising calibration curve, valid in finite samples.
///
/// The honest band: where it leaves the diagonal, the judge is miscalibrated there, at one error rate for the whole
/// curve and without asymptotics. It assumes independent items and a curve that rises; report it as iid. Wide by
/// construction.
///
/// **Inputs**: forecasts (counts per atom; fractional ones are taken as they are); the simultaneous level.
/// **Returns**: one point an atom, ascending. Crossed limits are returned as they are.
/// **Undefined**: `no_data`. **Cost**: O(atoms^2) beta quantiles: round the forecasts to at most 200 values before.
/// **Source**: Dimitriadis, Dümbgen, Henzi, Puke and Ziegel (2023), Biometrika 110:663, at the distinct
/// forecasts, delta = alpha / (N (N + 1)); agrees with R calibrationband 0.2 to 4e-15.
pub fn calibration_band(forecasts: &Forecasts, confidence: Confidence) -> Result<Vec<BandPoint>, Undefined> {
    let atoms = forecasts.atoms();
    if atoms.is_empty() {
        return Err(Undefined::NoData);
    }
    let count = atoms.len() as f64;
    let delta = (1.0 - confidence.level()) / (count * (count + 1.0));
    let counts: Vec<Counts> =
        atoms.iter().map(|atom| Counts { hits: atom.positives, misses: atom.n - atom.positives }).collect();
    // The upper limit of the share of positives is one minus the lower limit of the share of negatives, seen from the other end.
    let mirrored: Vec<Counts> = counts.iter().rev().map(|at| Counts { hits: at.misses, misses: at.hits }).collect();
    let (lower, upper) = (lower_limits(&counts, delta), lower_limits(&mirrored, delta));
    let point = |(atom, (lower, upper)): (&super::Atom, (&f64, &f64))| BandPoint {
        p: atom.p,
        lower: *lower,
        upper: 1.0 - upper,
    };
    Ok(atoms.iter().zip(lower.iter().zip(upper.iter().rev())).map(point).collect())
}

/// Items of one block.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    hits: f64,
    misses: f64,
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, misses: self.misses + other.misses }
    }

    /// Clopper-Pearson lower limit of the share of hits.
    fn lower_limit(self, delta: f64) -> f64 {
        if self.hits > 0.0 { beta_quantile(delta, self.hits, self.misses + 1.0) } else { 0.0 }
    }

    /// A guess of that limit, to try the most promising block first.
    fn guess(self, spread: f64) -> f64 {
        let n = self.hits + self.misses;
        let share = self.hits / n;
        let half = spread / n;
        // Wilson's lower limit.
        (share + half - (2.0 * half * (share * (1.0 - share) + half / 2.0)).sqrt()) / (1.0 + 2.0 * half)
    }

    /// Whether the lower limit exceeds `least`: whether P(Bin(n, least) >= hits) < delta. Chernoff's bound and Ash's (1990) from below
    /// settle it almost always, without the incomplete beta function.
    fn exceeds(self, least: f64, delta: f64) -> bool {
        let Self { hits, misses } = self;
        let n = hits + misses;
        let share = hits / n;
        if share <= least {
            return false;
        }
        if least <= 0.0 {
            return true;
        }
        let part = |share: f64, p: f64| if share > 0.0 { share * (share / p).ln() } else { 0.0 };
        let at_most = -n * (part(share, least) + part(1.0 - share, 1.0 - least));
        if at_most < delta.ln() {
            return true;
        }
        let whole = hits.fract() == 0.0 && misses.fract() == 0.0;
        if whole && misses > 0.0 && at_most - 0.5 * (8.0 * n * share * (1.0 - share)).ln() >= delta.ln() {
            return false;
        }
        beta_cdf(least, hits, misses + 1.0) < delta
    }
}

/// The largest lower limit among the blocks that end at each position or before it.
fn lower_limits(counts: &[Counts], delta: f64) -> Vec<f64> {
    let spread = -delta.ln();
    let mut best = 0.0_f64;
    let mut limits = Vec::with_capacity(counts.len());
    for end in 0..counts.len() {
        let mut block = Counts::default();
        let blocks: Vec<Counts> = counts[..=end]
            .iter()
            .rev()
            .map(|counts| {
                block = block.plus(*counts);
                block
            })
            .collect();
        let promising = blocks.iter().max_by(|a, b| a.guess(spread).total_cmp(&b.guess(spread)));
        for block in promising.into_iter().chain(&blocks) {
            if block.exceeds(best, delta) {
                best = best.max(block.lower_limit(delta));
            }
        }
        limits.push(best);
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::forecasts::arbitrary;

    /// One atom, both of two items positive: delta = alpha / 2 = 0.025, lower limit sqrt(0.025), upper limit 1.
    #[test]
    fn one_atom_by_hand() {
        let forecasts = Forecasts::new(&[0.5, 0.5], &[true, true]).unwrap();
        let band = calibration_band(&forecasts, Confidence::DEFAULT).unwrap();
        assert_eq!((band.len(), band[0].p, band[0].upper), (1, 0.5, 1.0));
        assert!((band[0].lower - 0.025_f64.sqrt()).abs() < 1e-12);
    }

    /// Two atoms, delta = 0.05 / 6. One item each, 0 then 1: the upper limit at the first is that of block {1} or of
    /// both, min(1 - delta, u(1 of 2) = sqrt(1 - delta)); u(0 of 1) = 1 - delta is the smaller.
    #[test]
    fn two_atoms_by_hand() {
        let forecasts = Forecasts::new(&[0.2, 0.8], &[false, true]).unwrap();
        let band = calibration_band(&forecasts, Confidence::DEFAULT).unwrap();
        let delta = 0.05 / 6.0;
        assert!((band[0].upper - (1.0 - delta)).abs() < 1e-12 && band[0].lower == 0.0);
        assert!((band[1].lower - delta).abs() < 1e-12 && band[1].upper == 1.0);
    }

    /// Enough items against the order refute a rising curve: the limits cross.
    #[test]
    fn a_falling_curve_crosses_the_limits() {
        let (mut p, mut y) = (vec![0.1; 40], vec![true; 40]);
        p.extend([0.9; 40]);
        y.extend([false; 40]);
        let band = calibration_band(&Forecasts::new(&p, &y).unwrap(), Confidence::DEFAULT).unwrap();
        assert!(band[0].lower > band[0].upper);
    }

    #[test]
    fn limits_rise_stay_in_range_and_no_data_is_undefined() {
        let none = Forecasts::new(&[], &[]).unwrap();
        assert_eq!(calibration_band(&none, Confidence::DEFAULT), Err(Undefined::NoData));
        let mut random = Arbitrary::new(14);
        for _ in 0..100 {
            let (p, y) = arbitrary(&mut random);
            let Ok(band) = calibration_band(&Forecasts::new(&p, &y).unwrap(), Confidence::DEFAULT) else { continue };
            assert!(band.is_sorted_by(|a, b| a.lower <= b.lower && a.upper <= b.upper));
            assert!(band.iter().all(|point| point.lower >= 0.0 && point.upper <= 1.0));
        }
    }

    /// Passing blocks over changes nothing: the limits are the extremes over all blocks, taken one by one.
    #[test]
    fn no_block_that_matters_is_passed_over() {
        let mut random = Arbitrary::new(31);
        for round in 0..60 {
            let count = 1 + random.below(9);
            let atom = |at: usize, random: &mut Arbitrary| {
                let n = 1.0 + (random.unit() * if round % 2 == 0 { 6.0 } else { 400.0 }).floor();
                let positives = (random.unit() * (n + 1.0)).floor().min(n);
                crate::calibration::Atom { p: at as f64 / count as f64, n, positives }
            };
            let atoms: Vec<_> = (0..count).map(|at| atom(at, &mut random)).collect();
            let found = calibration_band(&Forecasts::from_atoms(atoms.clone()).unwrap(), Confidence::DEFAULT).unwrap();
            let delta = 0.05 / (count * (count + 1)) as f64;
            for (at, point) in found.iter().enumerate() {
                let (mut lower, mut upper) = (0.0_f64, 1.0_f64);
                for start in 0..count {
                    for end in start..count {
                        let n: f64 = atoms[start..=end].iter().map(|atom| atom.n).sum();
                        let hits: f64 = atoms[start..=end].iter().map(|atom| atom.positives).sum();
                        if end <= at && hits > 0.0 {
                            lower = lower.max(beta_quantile(delta, hits, n - hits + 1.0));
                        }
                        if start >= at && hits < n {
                            upper = upper.min(beta_quantile(1.0 - delta, hits + 1.0, n - hits));
                        }
                    }
                }
                assert!((point.lower - lower).abs() < 1e-9 && (point.upper - upper).abs() < 1e-9, "{at}: {point:?}");
            }
        }
    }
}
