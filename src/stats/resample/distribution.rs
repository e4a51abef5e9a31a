//! The bootstrap distribution of a statistic and the intervals made from it.

use crate::proportion::check_level;
use crate::quantile::quantile_of_multiples;
use crate::special::{normal_cdf, normal_quantile};
use crate::{Interval, Undefined};

/// Share of undefined replicates above which no interval is given.
const MOST_DROPPED: f64 = 0.05;
/// Values closer than this share of their size are the same.
const TIE: f64 = 1e-12;

/// Replicates of a statistic, in ascending order, with what had to be dropped.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates {
    ascending: Vec<(f64, u64)>,
    drawn: u64,
    dropped: u64,
}

/// A bias-corrected and accelerated interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bca {
    /// The interval.
    pub interval: Interval,
    /// Median bias, in normal deviates.
    pub bias: f64,
    /// Acceleration, from the delete-one-cluster jackknife.
    pub acceleration: f64,
    /// Tails at which the distribution is read.
    pub tails: [f64; 2],
}

/// A studentised interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Studentised {
    /// The interval; it may leave the range of the statistic.
    pub interval: Interval,
    /// Replicates without a standard error of their own.
    pub dropped: u64,
}

impl Replicates {
    /// Collects replicates with the number of equally likely draws that each stands for; undefined and non-finite ones are counted and
    /// dropped.
    pub fn new(values: impl IntoIterator<Item = (Result<f64, Undefined>, u64)>) -> Self {
        let (mut ascending, mut drawn, mut dropped) = (Vec::new(), 0, 0);
        for (value, multiplicity) in values {
            drawn += multiplicity;
            match value {
                Ok(value) if value.is_finite() => ascending.push((value, multiplicity)),
                _ => dropped += multiplicity,
            }
        }
        sort(&mut ascending);
        Self { ascending, drawn, dropped }
    }

    /// Draws whose statistic is undefined.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Draws with a value.
    pub fn kept(&self) -> u64 {
        self.drawn - self.dropped
    }

    /// Refuses an empty distribution (`NoData`) and one with more than 5% undefined replicates (`TooFew`).
    fn check(&self, level: f64) -> Result<(), Undefined> {
        check_level(level)?;
        if self.kept() == 0 {
            return Err(Undefined::NoData);
        }
        if self.dropped as f64 > MOST_DROPPED * self.drawn as f64 { Err(Undefined::TooFew) } else { Ok(()) }
    }

    /// Type-7 quantile; `NoData` without a replicate.
    pub fn quantile(&self, p: f64) -> Result<f64, Undefined> {
        quantile_of_multiples(&self.ascending, p).ok_or(Undefined::NoData)
    }

    /// Standard deviation (divisor B - 1); `TooFew` below two draws.
    pub fn standard_error(&self) -> Result<f64, Undefined> {
        let kept = self.kept() as f64;
        if kept < 2.0 {
            return Err(Undefined::TooFew);
        }
        let mean = self.ascending.iter().map(|&(value, times)| value * times as f64).sum::<f64>() / kept;
        let squares: f64 = self.ascending.iter().map(|&(value, times)| (value - mean).powi(2) * times as f64).sum();
        Ok((squares / (kept - 1.0)).sqrt())
    }

    /// Monte-Carlo standard error of the quantile at `p`, from the order statistics a standard deviation away; report it beyond 0.002.
    /// Nil for an enumerated distribution, which the caller knows.
    pub fn quantile_error(&self, p: f64) -> Result<f64, Undefined> {
        let step = (p * (1.0 - p) / self.kept().max(1) as f64).sqrt();
        Ok(0.5 * (self.quantile(p + step)? - self.quantile(p - step)?))
    }

    /// The percentile interval. With few clusters it covers 84 to 92% at a nominal 95%: only for what has no other interval.
    pub fn percentile(&self, level: f64) -> Result<Interval, Undefined> {
        self.check(level)?;
        let tail = 0.5 * (1.0 - level);
        Ok(Interval { lower: self.quantile(tail)?, upper: self.quantile(1.0 - tail)? })
    }

    /// The basic interval: the percentile one reflected about the estimate.
    pub fn basic(&self, estimate: f64, level: f64) -> Result<Interval, Undefined> {
        let Interval { lower, upper } = self.percentile(level)?;
        Ok(Interval { lower: 2.0 * estimate - upper, upper: 2.0 * estimate - lower })
    }

    /// The bias-corrected and accelerated interval.
    ///
    /// **Inputs**: the estimate and its leave-one-cluster-out values. **Undefined**: `ZeroVariance` where all replicates are equal or lie
    /// on one side of the estimate; `TooFew` below two clusters; `Incompatible` where the acceleration leaves the formula's range.
    /// **Source**: Efron (1987), JASA 82:171; `scipy` 1.17 agrees on identical resamples to 1e-15.
    pub fn bca(&self, estimate: f64, leave_one_out: &[f64], level: f64) -> Result<Bca, Undefined> {
        self.check(level)?;
        if leave_one_out.len() < 2 {
            return Err(Undefined::TooFew);
        }
        let band = TIE * estimate.abs();
        let weigh = |holds: &dyn Fn(f64) -> bool| -> f64 {
            let held = self.ascending.iter().filter(|(value, _)| holds(*value));
            held.map(|(_, times)| *times as f64).sum()
        };
        let below = weigh(&|value| value < estimate - band);
        let equal = weigh(&|value| (value - estimate).abs() <= band);
        let share = (below + 0.5 * equal) / self.kept() as f64;
        let constant = self.ascending.first().map(|first| first.0) == self.ascending.last().map(|last| last.0);
        if constant || share <= 0.0 || share >= 1.0 {
            return Err(Undefined::ZeroVariance);
        }
        let bias = normal_quantile(share);
        let acceleration = acceleration(leave_one_out);
        let tail = |p: f64| {
            let shifted = bias + normal_quantile(p);
            let shrink = 1.0 - acceleration * shifted;
            if shrink > 0.0 { Ok(normal_cdf(bias + shifted / shrink)) } else { Err(Undefined::Incompatible) }
        };
        let tails = [tail(0.5 * (1.0 - level))?, tail(0.5 * (1.0 + level))?];
        let interval = Interval { lower: self.quantile(tails[0])?, upper: self.quantile(tails[1])? };
        Ok(Bca { interval, bias, acceleration, tails })
    }
}

/// Sorts by value. Draws that all stand for as many, the usual case, are sorted as whole numbers in the order of the doubles: half
/// the bytes to move, and comparisons without branches.
fn sort(values: &mut [(f64, u64)]) {
    if values.windows(2).any(|pair| pair[0].1 != pair[1].1) {
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        return;
    }
    let mut keys: Vec<i64> = values.iter().map(|(value, _)| order_key(value.to_bits() as i64)).collect();
    keys.sort_unstable();
    values.iter_mut().zip(keys).for_each(|(value, key)| value.0 = f64::from_bits(order_key(key) as u64));
}

/// The bits of a double as a whole number of the same order (as `f64::total_cmp` has it); the way back is the same.
fn order_key(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Skewness of the jackknife values over six, 0 where they do not vary.
fn acceleration(leave_one_out: &[f64]) -> f64 {
    let mean = leave_one_out.iter().sum::<f64>() / leave_one_out.len() as f64;
    let power = |n: i32| leave_one_out.iter().map(|value| (mean - value).powi(n)).sum::<f64>();
    let scale = 6.0 * power(2).powf(1.5);
    if scale > 0.0 { power(3) / scale } else { 0.0 }
}

/// The studentised interval: quantiles of (replicate - estimate)/(its own standard error), in standard errors of the estimate.
///
/// **Inputs**: the estimate, its standard error, and (replicate, standard error, multiplicity) triples; those without an error drop out.
/// **Undefined**: `ZeroVariance` where the estimate's error is 0 or no replicate has one. **Source**: Davison & Hinkley (1997).
pub(super) fn studentised(
    estimate: f64,
    standard_error: f64,
    replicates: impl IntoIterator<Item = (f64, f64, u64)>,
    level: f64,
) -> Result<Studentised, Undefined> {
    check_level(level)?;
    if standard_error <= 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    let deviation = |(value, error, times): (f64, f64, u64)| {
        let value = if error > 0.0 { Ok((value - estimate) / error) } else { Err(Undefined::ZeroVariance) };
        (value, times)
    };
    let deviations = Replicates::new(replicates.into_iter().map(deviation));
    let tail = 0.5 * (1.0 - level);
    let limit = |p: f64| deviations.quantile(p).map_err(|_| Undefined::ZeroVariance);
    let (low, high) = (limit(tail)?, limit(1.0 - tail)?);
    let interval = Interval { lower: estimate - high * standard_error, upper: estimate - low * standard_error };
    Ok(Studentised { interval, dropped: deviations.dropped() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replicates(values: &[f64]) -> Replicates {
        Replicates::new(values.iter().map(|value| (Ok(*value), 1)))
    }

    #[test]
    fn values_of_either_sign_are_sorted() {
        let found = replicates(&[0.5, -2.0, 3.0, -0.25, 0.0, -1e300]);
        let ascending: Vec<f64> = found.ascending.iter().map(|(value, _)| *value).collect();
        assert_eq!(ascending, [-1e300, -2.0, -0.25, 0.0, 0.5, 3.0]);
        let uneven = Replicates::new([(Ok(2.0), 1), (Ok(-1.0), 3)]);
        assert_eq!(uneven.ascending, [(-1.0, 3), (2.0, 1)]);
    }

    #[test]
    fn percentile_and_basic_by_hand() {
        // 0..=40 at 95%: positions 1 and 39.
        let found = replicates(&(0..=40).map(f64::from).collect::<Vec<_>>());
        let (percentile, basic) = (found.percentile(0.95).unwrap(), found.basic(15.0, 0.95).unwrap());
        assert!((percentile.lower - 1.0).abs() < 1e-12 && (percentile.upper - 39.0).abs() < 1e-12);
        assert!((basic.lower + 9.0).abs() < 1e-12 && (basic.upper - 29.0).abs() < 1e-12);
        // Variance of 0..=40: 41 * 42/12.
        assert!((found.standard_error().unwrap() - (41.0_f64 * 42.0 / 12.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn without_bias_and_acceleration_bca_is_percentile() {
        let found = replicates(&(0..=40).map(f64::from).collect::<Vec<_>>());
        let bca = found.bca(20.0, &[1.0, 2.0, 3.0], 0.95).unwrap();
        assert!(bca.bias.abs() < 1e-15 && bca.acceleration.abs() < 1e-15);
        assert!((bca.interval.lower - 1.0).abs() < 1e-9 && (bca.interval.upper - 39.0).abs() < 1e-9);
    }

    #[test]
    fn acceleration_by_hand() {
        // Values 0, 0, 3: deviations 1, 1, -2: cubes -6, squares 6: -6/(6 * 6^1.5).
        assert!((acceleration(&[0.0, 0.0, 3.0]) + 1.0 / 6.0_f64.powf(1.5)).abs() < 1e-15);
        assert_eq!(acceleration(&[2.0, 2.0]), 0.0);
    }

    #[test]
    fn studentised_by_hand() {
        // Deviations (1 - 2)/1, (3 - 2)/(1/2), (2 - 2)/1 = -1, 2, 0; at level 0 < 1 - 1e-15 the extremes: 2 - 2*0.1, 2 + 0.1.
        let triples = [(1.0, 1.0, 1), (3.0, 0.5, 1), (2.0, 1.0, 1), (5.0, 0.0, 1)];
        let found = studentised(2.0, 0.1, triples, 1.0 - 1e-15).unwrap();
        assert!((found.interval.lower - 1.8).abs() < 1e-12 && (found.interval.upper - 2.1).abs() < 1e-12);
        assert_eq!(found.dropped, 1);
        assert_eq!(studentised(2.0, 0.0, triples, 0.95), Err(Undefined::ZeroVariance));
        assert_eq!(studentised(2.0, 0.1, [(2.0, 0.0, 1)], 0.95), Err(Undefined::ZeroVariance));
    }

    #[test]
    fn undefined_replicates_are_counted_and_too_many_refused() {
        let mixed = |undefined: u64| Replicates::new([(Ok(0.5), 95), (Err(Undefined::NoPositives), undefined)]);
        assert_eq!((mixed(5).dropped(), mixed(5).kept()), (5, 95));
        assert!(mixed(5).percentile(0.95).is_ok());
        assert_eq!(mixed(6).percentile(0.95), Err(Undefined::TooFew));
        assert_eq!(Replicates::new([(Ok(f64::NAN), 1)]).percentile(0.95), Err(Undefined::NoData));
    }

    #[test]
    fn equal_replicates_are_a_point_and_have_no_bca() {
        let found = replicates(&[1.0; 20]);
        assert_eq!(found.percentile(0.95), Ok(Interval { lower: 1.0, upper: 1.0 }));
        assert_eq!(found.bca(1.0, &[1.0, 1.0], 0.95), Err(Undefined::ZeroVariance));
        assert_eq!(replicates(&[0.1, 0.2]).bca(0.3, &[0.1, 0.2], 0.95), Err(Undefined::ZeroVariance));
        assert_eq!(replicates(&[0.1, 0.2]).bca(0.15, &[0.1], 0.95), Err(Undefined::TooFew));
    }

    #[test]
    fn monte_carlo_error_shrinks_with_the_replicates() {
        let coarse =
            replicates(&(0..100).map(|i| f64::from(i) / 100.0).collect::<Vec<_>>()).quantile_error(0.025).unwrap();
        let fine =
            replicates(&(0..10_000).map(|i| f64::from(i) / 1e4).collect::<Vec<_>>()).quantile_error(0.025).unwrap();
        // Uniform: sqrt(p(1 - p)/B)/1 = 0.0156 and 0.00156.
        assert!((fine - 0.001_56).abs() < 1e-5 && coarse > 5.0 * fine);
    }
}
