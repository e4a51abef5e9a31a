//! Differences of two proportions of independent or of paired examples, without clusters: reference intervals.
//!
//! Paired means two judges on the same examples. Omission against commission is not paired by example; see [`super::recall_gap`].

use super::mover;
use crate::proportion::{check_level, wilson};
use crate::root::bisect;
use crate::special::normal_critical;
use crate::{Interval, Undefined};

/// Two judges on the same positives.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PairedCounts {
    /// Hit by both.
    pub both: f64,
    /// Hit by the first only.
    pub only_first: f64,
    /// Hit by the second only.
    pub only_second: f64,
    /// Hit by neither.
    pub neither: f64,
}

impl PairedCounts {
    /// All pairs.
    pub fn total(&self) -> f64 {
        self.both + self.only_first + self.only_second + self.neither
    }

    /// First minus second share.
    fn difference(&self) -> f64 {
        (self.only_first - self.only_second) / self.total()
    }

    fn check(&self, level: f64) -> Result<(), Undefined> {
        check_level(level)?;
        let counts = [self.both, self.only_first, self.only_second, self.neither];
        if !counts.iter().all(|count| count.is_finite() && *count >= 0.0) {
            return Err(Undefined::Incompatible);
        }
        if self.total() == 0.0 { Err(Undefined::NoData) } else { Ok(()) }
    }

    /// Newcombe's correlation with its continuity correction, 0 where a margin is empty.
    fn phi(&self) -> f64 {
        let PairedCounts { both: a, only_first: b, only_second: c, neither: d } = *self;
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        if margins == 0.0 {
            return 0.0;
        }
        let product = a * d - b * c;
        let corrected = if product > 0.0 { (product - 0.5 * self.total()).max(0.0) } else { product };
        corrected / margins.sqrt()
    }
}

/// Newcombe's interval for the difference of two independent proportions, `hits/total` of the first minus the second.
///
/// **Undefined**: `NoData` if a side is empty, `Incompatible` outside the domain. **Cost** O(1). **Source**: Newcombe (1998), Stat Med
/// 17:873, method 10; `statsmodels` 0.15 `confint_proportions_2indep(method = "newcomb")` agrees to 1e-11.
pub fn newcombe_independent(hits: [f64; 2], totals: [f64; 2], level: f64) -> Result<Interval, Undefined> {
    let intervals = [wilson(hits[0], totals[0], level)?, wilson(hits[1], totals[1], level)?];
    Ok(mover([hits[0] / totals[0], hits[1] / totals[1]], intervals, 0.0))
}

/// Newcombe's interval for a difference of paired proportions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedNewcombe {
    /// First minus second share.
    pub difference: f64,
    /// Correlation of the pair, with the continuity correction.
    pub phi: f64,
    /// The interval.
    pub interval: Interval,
}

/// Newcombe's score interval for the difference of two paired proportions.
///
/// **Undefined**: `NoData`, `Incompatible`. **Cost** O(1). **Source**: Newcombe (1998), Stat Med 17:2635, method 10; its published
/// (36, 12, 2, 0) gives 0.0569 to 0.3404.
pub fn newcombe_paired(counts: &PairedCounts, level: f64) -> Result<PairedNewcombe, Undefined> {
    counts.check(level)?;
    let total = counts.total();
    let hits = [counts.both + counts.only_first, counts.both + counts.only_second];
    // Each margin is a sum of the cells that make the total, so rounding may carry it past the total by a bit.
    let intervals = [wilson(hits[0].min(total), total, level)?, wilson(hits[1].min(total), total, level)?];
    let phi = counts.phi();
    let interval = mover([hits[0] / total, hits[1] / total], intervals, phi);
    Ok(PairedNewcombe { difference: counts.difference(), phi, interval })
}

/// Tango's score statistic for a paired difference of `delta`.
///
/// **Returns** a standard normal deviate. **Undefined**: `NoData`, `Incompatible`; `ZeroDiscordant` where no pair differs and
/// `delta` is 0. **Source**: Tango (1998), Stat Med 17:891.
pub fn tango_score(counts: &PairedCounts, delta: f64) -> Result<f64, Undefined> {
    counts.check(0.5)?;
    if !(delta > -1.0 && delta < 1.0) {
        return Err(Undefined::Incompatible);
    }
    let score = score(counts, delta);
    let none = counts.only_first + counts.only_second == 0.0 && delta == 0.0;
    if none || !score.is_finite() { Err(Undefined::ZeroDiscordant) } else { Ok(score) }
}

/// Tango's score interval for the difference of two paired proportions; a proper interval even where no pair differs.
///
/// **Undefined**: `NoData`, `Incompatible`. **Cost**: two roots. **Source**: Tango (1998), Stat Med 17:891; R `PropCIs`
/// agrees to 1.3e-7, where its bisection stops.
pub fn tango_paired(counts: &PairedCounts, level: f64) -> Result<Interval, Undefined> {
    counts.check(level)?;
    let z = normal_critical(level);
    let edge = 1.0 - 1e-15;
    let difference = counts.difference();
    let lower = if difference <= -1.0 || score(counts, -edge) <= z {
        -1.0
    } else {
        bisect(|delta| score(counts, delta) - z, -edge, difference.min(edge))
    };
    let upper = if difference >= 1.0 || score(counts, edge) >= -z {
        1.0
    } else {
        bisect(|delta| score(counts, delta) + z, difference.max(-edge), edge)
    };
    Ok(Interval { lower, upper })
}

/// The adjusted Wald interval of Agresti and Min for a paired difference, clipped to \[-1, 1\].
///
/// **Undefined**: `NoData`, `Incompatible`. **Cost** O(1). **Source**: Agresti & Min (2005), Stat Med 24:729: half a pair is added to
/// each cell.
pub fn agresti_min_paired(counts: &PairedCounts, level: f64) -> Result<Interval, Undefined> {
    counts.check(level)?;
    let size = counts.total() + 2.0;
    let (b, c) = (counts.only_first, counts.only_second);
    let centre = (b - c) / size;
    let half = normal_critical(level) * ((b + c + 1.0) - (b - c).powi(2) / size).sqrt() / size;
    Ok(Interval { lower: (centre - half).max(-1.0), upper: (centre + half).min(1.0) })
}

/// Tango's statistic with the constrained maximum-likelihood estimate of the smaller cell; infinite where the variance vanishes.
fn score(counts: &PairedCounts, delta: f64) -> f64 {
    let (b, c, n) = (counts.only_first, counts.only_second, counts.total());
    let linear = -b - c + (2.0 * n - b + c) * delta;
    let constant = -c * delta * (1.0 - delta);
    let cell = ((linear * linear - 8.0 * n * constant).max(0.0).sqrt() - linear) / (4.0 * n);
    let variance = n * (2.0 * cell + delta * (1.0 - delta));
    let distance = b - c - n * delta;
    if variance > 0.0 {
        distance / variance.sqrt()
    } else if distance == 0.0 {
        0.0
    } else {
        distance.signum() * f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(both: f64, only_first: f64, only_second: f64, neither: f64) -> PairedCounts {
        PairedCounts { both, only_first, only_second, neither }
    }

    type Method = fn(&PairedCounts, f64) -> Result<Interval, Undefined>;

    const LEVEL_OF_TWO: f64 = 0.954_499_736_103_641_6;

    #[test]
    fn newcombe_reproduces_the_published_table() {
        let found = newcombe_paired(&counts(36.0, 12.0, 2.0, 0.0), 0.95).unwrap();
        assert!((found.interval.lower - 0.0569).abs() < 5e-5 && (found.interval.upper - 0.3404).abs() < 5e-5);
        // phi = (36*0 - 12*2)/sqrt(48*2*38*12).
        assert!((found.phi + 24.0 / (48.0_f64 * 2.0 * 38.0 * 12.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn newcombe_independent_by_hand() {
        // One of one twice at z = 2: Wilson gives 1/5 to 1 for either, so 0 -+ 4/5.
        let found = newcombe_independent([1.0, 1.0], [1.0, 1.0], LEVEL_OF_TWO).unwrap();
        assert!((found.lower + 0.8).abs() < 1e-12 && (found.upper - 0.8).abs() < 1e-12);
    }

    #[test]
    fn tango_by_hand() {
        // At delta = 0 the score is that of McNemar, (b - c)/sqrt(b + c); b = 9, c = 7: 2/4.
        assert!((tango_score(&counts(3.0, 9.0, 7.0, 1.0), 0.0).unwrap() - 0.5).abs() < 1e-14);
        // No pair of n = 12 differs: z^2 = n D/(1 - D) for D > 0, so D = z^2/(n + z^2) = 4/16, and mirrored.
        let found = tango_paired(&counts(10.0, 0.0, 0.0, 2.0), LEVEL_OF_TWO).unwrap();
        assert!((found.upper - 4.0 / 16.0).abs() < 1e-12 && (found.lower + 4.0 / 16.0).abs() < 1e-12);
    }

    #[test]
    fn agresti_min_by_hand() {
        // b = 3, c = 1, n = 6, z = 2: centre 2/8, half 2 sqrt(5 - 4/8)/8.
        let found = agresti_min_paired(&counts(1.0, 3.0, 1.0, 1.0), LEVEL_OF_TWO).unwrap();
        assert!((found.lower - (0.25 - 4.5_f64.sqrt() / 4.0)).abs() < 1e-12);
        assert!((found.upper - (0.25 + 4.5_f64.sqrt() / 4.0)).abs() < 1e-12);
    }

    #[test]
    fn swapping_the_judges_mirrors_every_interval() {
        let methods: [Method; 3] = [tango_paired, agresti_min_paired, |counts, level| {
            newcombe_paired(counts, level).map(|found| found.interval)
        }];
        for method in methods {
            for (a, b, c, d) in [(5.0, 3.0, 0.0, 2.0), (0.0, 10.0, 0.0, 0.0), (1.0, 2.0, 9.0, 0.5)] {
                let forward = method(&counts(a, b, c, d), 0.95).unwrap();
                let backward = method(&counts(a, c, b, d), 0.95).unwrap();
                assert!((forward.lower + backward.upper).abs() < 1e-12, "{forward:?} {backward:?}");
                assert!(-1.0 <= forward.lower && forward.lower <= forward.upper && forward.upper <= 1.0);
            }
            assert_eq!(method(&PairedCounts::default(), 0.95), Err(Undefined::NoData));
            assert_eq!(method(&counts(-1.0, 1.0, 1.0, 1.0), 0.95), Err(Undefined::Incompatible));
        }
        assert_eq!(newcombe_independent([0.0, 0.0], [0.0, 3.0], 0.95), Err(Undefined::NoData));
        assert_eq!(tango_score(&counts(4.0, 0.0, 0.0, 1.0), 0.0), Err(Undefined::ZeroDiscordant));
    }
}
