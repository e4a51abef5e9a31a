//! Proportions: recall, specificity, precision and every other share.
//!
//! [`clustered_proportion`] is the default of every report. The intervals of this file assume independent examples and stand beside
//! it for reference, or serve as its building block.

mod clustered;
mod effective;
mod weighted;

pub use clustered::{AnovaIcc, ClusterCount, Linearised, anova_icc, linearised_ratio, ratio_jackknife_error, totals};
pub use effective::{
    ClusteredProportion, EffectiveSize, GUARDED_WILSON, Guarded, ICC_FLOOR, SizeBasis, clustered_proportion,
    describe_proportion, guarded_wilson,
};

pub(super) use effective::effective_size;
pub use weighted::{WeightedCount, weighted_recall};

use super::special::{beta_quantile, normal_critical};
use super::{Interval, Undefined};

/// The Wilson score interval of `hits` out of `total`, two-sided at `level`.
///
/// For a share of independent examples, or on an effective size; both may be fractional. For clustered examples use
/// [`clustered_proportion`].
///
/// **Inputs**: `0 <= hits <= total`, `0 < level < 1`. **Returns** an interval inside \[0, 1\]; its lower limit is exactly 0 at no
/// hit and its upper limit exactly 1 at no miss. **Undefined**: `NoData` at `total = 0`; `Incompatible` outside the domain.
/// **Cost** O(1). **Source**: Wilson (1927), JASA 22:209; Newcombe (1998), Stat Med 17:857, method 3; agrees with
/// `statsmodels` 0.15 `proportion_confint` and R `prop.test(correct = FALSE)` to 1e-11.
///
/// ```
/// // One of one at z^2 = 4: (1 + 2 -+ 2 sqrt(0 + 1)) / (1 + 4), from 1/5 to 1.
/// let interval = lacuna_stats::proportion::wilson(1.0, 1.0, 0.954_499_736_103_642).unwrap();
/// assert!((interval.lower - 0.2).abs() < 1e-12 && interval.upper == 1.0);
/// ```
pub fn wilson(hits: f64, total: f64, level: f64) -> Result<Interval, Undefined> {
    check(hits, total, level)?;
    let z = normal_critical(level);
    let share = hits / total;
    let centre = hits + 0.5 * z * z;
    let half = z * (total * share * (1.0 - share) + 0.25 * z * z).sqrt();
    let scale = total + z * z;
    let lower = if hits == 0.0 { 0.0 } else { ((centre - half) / scale).max(0.0) };
    let upper = if hits == total { 1.0 } else { ((centre + half) / scale).min(1.0) };
    Ok(Interval { lower, upper })
}

/// The exact interval of Clopper and Pearson, two-sided at `level`: never covers less than it says, and is the widest here.
///
/// **Inputs**, **undefined** as [`wilson`]. **Returns** \[Beta(k, n-k+1) quantile at a/2, Beta(k+1, n-k) quantile at 1-a/2\], 0 and 1 at
/// the ends. **Cost**: two beta quantiles. **Source**: Clopper & Pearson (1934), Biometrika 26:404; agrees with R `binom.test` and
/// `statsmodels` 0.15 to 1e-11.
pub fn clopper_pearson(hits: f64, total: f64, level: f64) -> Result<Interval, Undefined> {
    beta_limits(hits, total, level, [(0.0, 1.0), (1.0, 0.0)])
}

/// Jeffreys' interval with the end rule of Brown, Cai and DasGupta: equal-tailed under the Beta(1/2, 1/2) prior.
///
/// **Inputs**, **undefined** as [`wilson`]; 0 at no hit and 1 at no miss. **Cost**: two beta quantiles. **Source**: Brown, Cai &
/// DasGupta (2001), Stat Sci 16:101; `statsmodels` 0.15 agrees to 1e-11 inside and omits the end rule.
pub fn jeffreys(hits: f64, total: f64, level: f64) -> Result<Interval, Undefined> {
    beta_limits(hits, total, level, [(0.5, 0.5), (0.5, 0.5)])
}

/// The Agresti-Coull interval: a Wald interval around Wilson's centre, clipped to \[0, 1\].
///
/// **Inputs**, **undefined** as [`wilson`]. **Cost** O(1). **Source**: Agresti & Coull (1998), Am Stat 52:119; agrees with
/// `statsmodels` 0.15 to 1e-11.
pub fn agresti_coull(hits: f64, total: f64, level: f64) -> Result<Interval, Undefined> {
    check(hits, total, level)?;
    let z = normal_critical(level);
    let size = total + z * z;
    let centre = (hits + 0.5 * z * z) / size;
    let half = z * (centre * (1.0 - centre) / size).sqrt();
    Ok(Interval { lower: (centre - half).max(0.0), upper: (centre + half).min(1.0) })
}

/// Equal-tailed beta limits; `shift` holds what is added to (hits, misses) for the lower and for the upper limit.
fn beta_limits(hits: f64, total: f64, level: f64, shift: [(f64, f64); 2]) -> Result<Interval, Undefined> {
    check(hits, total, level)?;
    let tail = 0.5 * (1.0 - level);
    let misses = total - hits;
    let [(a, b), (c, d)] = shift;
    let lower = if hits == 0.0 { 0.0 } else { beta_quantile(tail, hits + a, misses + b) };
    let upper = if misses == 0.0 { 1.0 } else { beta_quantile(1.0 - tail, hits + c, misses + d) };
    Ok(Interval { lower, upper })
}

/// Refuses what is no share, and the empty denominator.
fn check(hits: f64, total: f64, level: f64) -> Result<(), Undefined> {
    check_level(level)?;
    if !(total.is_finite() && total >= 0.0 && hits >= 0.0 && hits <= total) {
        return Err(Undefined::Incompatible);
    }
    if total == 0.0 { Err(Undefined::NoData) } else { Ok(()) }
}

/// Refuses a confidence level outside (0, 1).
pub(super) fn check_level(level: f64) -> Result<(), Undefined> {
    if level > 0.0 && level < 1.0 { Ok(()) } else { Err(Undefined::Incompatible) }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Method = fn(f64, f64, f64) -> Result<Interval, Undefined>;
    const METHODS: [Method; 4] = [wilson, clopper_pearson, jeffreys, agresti_coull];

    /// z = 2 exactly, which keeps the fractions whole.
    const LEVEL_OF_TWO: f64 = 0.954_499_736_103_641_6;

    #[test]
    fn wilson_by_hand() {
        // k = 4 of n = 8, z = 2: (4 + 2 -+ 2 sqrt(8/4 + 1)) / 12 = 1/2 -+ sqrt(3)/6.
        let interval = wilson(4.0, 8.0, LEVEL_OF_TWO).unwrap();
        assert!((interval.lower - (0.5 - 3.0_f64.sqrt() / 6.0)).abs() < 1e-12);
        assert!((interval.upper - (0.5 + 3.0_f64.sqrt() / 6.0)).abs() < 1e-12);
    }

    #[test]
    fn agresti_coull_by_hand() {
        // k = 4 of n = 8, z = 2: n~ = 12, p~ = 1/2, half width 2 sqrt(1/48) = 1/sqrt(12).
        let interval = agresti_coull(4.0, 8.0, LEVEL_OF_TWO).unwrap();
        assert!((interval.upper - (0.5 + 1.0 / 12.0_f64.sqrt())).abs() < 1e-12);
    }

    #[test]
    fn clopper_pearson_by_hand() {
        // No hit in three: upper limit solves (1 - u)^3 = 0.025. One of one: lower = 0.025.
        let none = clopper_pearson(0.0, 3.0, 0.95).unwrap();
        assert!((none.upper - (1.0 - 0.025_f64.cbrt())).abs() < 1e-12);
        assert_eq!(none.lower, 0.0);
        assert!((clopper_pearson(1.0, 1.0, 0.95).unwrap().lower - 0.025).abs() < 1e-12);
    }

    #[test]
    fn every_interval_holds_its_share_mirrors_and_is_exact_at_the_ends() {
        for method in METHODS {
            for (hits, total) in [(0.0, 1.0), (1.0, 17.0), (3.5, 9.25), (45.0, 45.0)] {
                let found = method(hits, total, 0.95).unwrap();
                let mirror = method(total - hits, total, 0.95).unwrap();
                assert!(0.0 <= found.lower && found.lower <= hits / total && hits / total <= found.upper);
                assert!(found.upper <= 1.0);
                assert!((found.lower - (1.0 - mirror.upper)).abs() < 1e-12);
                let wider = method(hits, total, 0.99).unwrap();
                assert!(wider.lower <= found.lower && wider.upper >= found.upper);
            }
            assert_eq!(method(0.0, 12.0, 0.95).unwrap().lower, 0.0);
            assert_eq!(method(12.0, 12.0, 0.95).unwrap().upper, 1.0);
        }
    }

    #[test]
    fn no_data_and_what_is_no_share_have_no_interval() {
        for method in METHODS {
            assert_eq!(method(0.0, 0.0, 0.95), Err(Undefined::NoData));
            for (hits, total, level) in [(2.0, 1.0, 0.95), (-1.0, 1.0, 0.95), (f64::NAN, 1.0, 0.95), (1.0, 2.0, 1.0)] {
                assert_eq!(method(hits, total, level), Err(Undefined::Incompatible));
            }
        }
    }
}
