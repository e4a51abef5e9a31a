//! Intervals before the data: what the default intervals of a share and of a gap can be expected to be, and what they then show.

use crate::gap::mover;
use crate::proportion::{ICC_FLOOR, wilson};
use crate::special::{normal_cdf, t_critical};
use crate::{Interval, Undefined};

/// Positives of one axis, as far as an interval of the recall on it can be known without the recall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arm {
    /// Positives; an expected number may be fractional.
    pub positives: f64,
    /// Clusters that hold one; an expected number may be fractional.
    pub clusters: f64,
    /// Design effect of the recall: its variance over that of as many independent positives.
    pub design_effect: f64,
    /// Design effect that the interval counts with: never below the floor of the guarded interval.
    pub guarded_effect: f64,
}

impl Arm {
    /// An arm from the intraclass correlation: design effects `1 + (m - 1) icc`, the guarded one with an icc of at least
    /// [`ICC_FLOOR`]. `mean_size` is m = sum n_g^2 / sum n_g, the positives in the cluster of a positive.
    ///
    /// ```
    /// // Six positives a cluster, icc 0.1: 1 + 5 * 0.1; an icc of 0 is guarded as 0.05: 1 + 5 * 0.05.
    /// let effects = |icc| { let arm = lacuna_stats::power::Arm::new(60.0, 10.0, 6.0, icc); (arm.design_effect, arm.guarded_effect) };
    /// assert_eq!((effects(0.1), effects(0.0)), ((1.5, 1.5), (1.0, 1.25)));
    /// ```
    pub fn new(positives: f64, clusters: f64, mean_size: f64, icc: f64) -> Self {
        let effect = |icc: f64| 1.0 + (mean_size - 1.0).max(0.0) * icc;
        Self {
            positives,
            clusters,
            design_effect: effect(icc.clamp(0.0, 1.0)),
            guarded_effect: effect(icc.clamp(ICC_FLOOR, 1.0)),
        }
    }

    /// Effective size that the guarded Wilson interval will rest on: `min(n, n/deff (t_{n-1}/t_{G-1})^2)`.
    ///
    /// **Undefined**: `NoPositives`, `SingleCluster` (one or fewer expected), `TooFew` at one positive or fewer.
    pub fn effective_size(&self, level: f64) -> Result<f64, Undefined> {
        if self.positives <= 0.0 {
            return Err(Undefined::NoPositives);
        }
        if self.clusters <= 1.0 {
            return Err(Undefined::SingleCluster);
        }
        if self.positives <= 1.0 {
            return Err(Undefined::TooFew);
        }
        let ratio = t_critical(level, self.positives - 1.0) / t_critical(level, self.clusters - 1.0);
        Ok((self.positives / self.guarded_effect * ratio * ratio).min(self.positives))
    }

    /// Variance of a recall over this arm.
    fn variance(&self, recall: f64) -> f64 {
        self.design_effect * recall * (1.0 - recall) / self.positives
    }
}

/// The guarded Wilson interval that a recall over an arm can be expected to have.
///
/// For planning: the interval of [`crate::proportion::guarded_wilson`] at the expected share, with the design effect taken as
/// given in place of estimated. **Inputs**: the expected recall, 0-1; the arm; the level. **Undefined**: as [`Arm::effective_size`].
/// **Cost** O(1). **Source**: as [`crate::proportion::guarded_wilson`].
pub fn expected_interval(recall: f64, arm: &Arm, level: f64) -> Result<Interval, Undefined> {
    let size = arm.effective_size(level)?;
    wilson(size * recall, size, level)
}

/// The longer side of an interval around its value.
pub fn half_width(value: f64, interval: Interval) -> f64 {
    (value - interval.lower).max(interval.upper - value)
}

/// Two arms whose recalls are to be told apart by the guarded MOVER interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GapDesign {
    arms: [Arm; 2],
    sizes: [f64; 2],
    correlation: f64,
    level: f64,
}

impl GapDesign {
    /// **Inputs**: the arms; the correlation of the two recalls over clusters (0 is a safe guess: a positive one helps); the
    /// two-sided level. **Undefined**: as [`Arm::effective_size`] of either arm.
    pub fn new(arms: [Arm; 2], correlation: f64, level: f64) -> Result<Self, Undefined> {
        let sizes = [arms[0].effective_size(level)?, arms[1].effective_size(level)?];
        Ok(Self { arms, sizes, correlation: correlation.clamp(-1.0, 1.0), level })
    }

    /// The interval that the gap can be expected to have.
    pub fn expected_interval(&self, recalls: [f64; 2]) -> Result<Interval, Undefined> {
        let side = |index: usize| wilson(self.sizes[index] * recalls[index], self.sizes[index], self.level);
        Ok(mover(recalls, [side(0)?, side(1)?], self.correlation))
    }

    /// Probability that the interval of the gap leaves out 0, on the side of the gap.
    ///
    /// The estimate is taken as normal around the gap with the variance of the design, and the interval's reach towards 0 as that
    /// at the expected recalls. **Returns** 0 for equal recalls. **Cost** O(1). **Source**: this project's; held against simulation
    /// (`lacuna plan --simulate`).
    pub fn power(&self, recalls: [f64; 2]) -> f64 {
        let gap = recalls[0] - recalls[1];
        let Ok(interval) = self.expected_interval(recalls) else { return 0.0 };
        let reach = if gap > 0.0 { gap - interval.lower } else { interval.upper - gap };
        let (v1, v2) = (self.arms[0].variance(recalls[0]), self.arms[1].variance(recalls[1]));
        let error = (v1 + v2 - 2.0 * self.correlation * (v1 * v2).sqrt()).max(0.0).sqrt();
        let margin = gap.abs() - reach;
        match (gap == 0.0, error > 0.0) {
            (true, _) => 0.0,
            (false, true) => normal_cdf(margin / error),
            (false, false) => f64::from(u8::from(margin > 0.0)),
        }
    }

    /// The smallest gap, in either direction, that is shown with at least the probability asked for.
    ///
    /// The recalls lie symmetrically about `middle`, moved into 0-1 where they would leave it. **Returns** the larger one of the two
    /// directions. **Undefined**: `TooFew` where not even recalls of 0 and 1 would be told apart. **Cost** O(1).
    pub fn smallest_gap(&self, middle: f64, power: f64) -> Result<f64, Undefined> {
        let direction = |sign: f64| smallest(power, |gap| self.power(around(middle, sign * gap)));
        Ok(direction(-1.0)?.max(direction(1.0)?))
    }
}

/// Two recalls with a difference, about a middle, moved into 0-1.
pub fn around(middle: f64, difference: f64) -> [f64; 2] {
    let reach = 0.5 * difference.abs().min(1.0);
    let middle = middle.clamp(reach, 1.0 - reach);
    if difference < 0.0 { [middle - reach, middle + reach] } else { [middle + reach, middle - reach] }
}

/// Steps in which differences are tried before the crossing is narrowed down.
const STEPS: u32 = 100;
/// Halvings of a step.
const HALVINGS: u32 = 12;

/// The smallest difference in (0, 1] whose power reaches what is asked for; `TooFew` where none does.
pub(super) fn smallest(power: f64, of: impl Fn(f64) -> f64) -> Result<f64, Undefined> {
    let at = |step: u32| f64::from(step) / f64::from(STEPS);
    let step = (1..=STEPS).find(|step| of(at(*step)) >= power).ok_or(Undefined::TooFew)?;
    let (mut low, mut high) = (at(step - 1), at(step));
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if of(middle) >= power { high = middle } else { low = middle }
    }
    Ok(high)
}

/// Two judges on the same positives, told apart by the cluster-robust t interval of their difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairDesign {
    /// The positives that both are asked about.
    pub arm: Arm,
    /// Two-sided level.
    pub level: f64,
}

impl PairDesign {
    /// Probability that the interval leaves out 0: `Phi(|D| / se - t_{G-1})` with se^2 = deff (psi - D^2) / n.
    ///
    /// **Inputs**: the difference D of the recalls and the share psi of positives that only one of the judges finds, psi >= |D|.
    /// **Returns** 0 where there are fewer than two clusters. **Cost** O(1). **Source**: Connor (1987), Biometrics 43:207, with the
    /// design effect and t in place of z.
    pub fn power(&self, difference: f64, discordant: f64) -> f64 {
        if self.arm.clusters <= 1.0 || self.arm.positives <= 0.0 {
            return 0.0;
        }
        let spread = (discordant.max(difference.abs()) - difference * difference).max(0.0);
        let error = (self.arm.design_effect * spread / self.arm.positives).sqrt();
        let critical = t_critical(self.level, self.arm.clusters - 1.0);
        if error > 0.0 { normal_cdf(difference.abs() / error - critical) } else { 1.0 }
    }

    /// The smallest difference of two judges whose recalls lie about `middle` and whose misses are independent of each other.
    ///
    /// **Undefined**: `TooFew` where none is shown.
    pub fn smallest_difference(&self, middle: f64, power: f64) -> Result<f64, Undefined> {
        smallest(power, |difference| self.power(difference, independent_discordance(around(middle, difference))))
    }
}

/// Share of positives that only one of two judges finds, where what one misses says nothing of what the other misses.
///
/// ```
/// // 0.5 * 0.75 + 0.5 * 0.25 = 1/2.
/// assert_eq!(lacuna_stats::power::independent_discordance([0.5, 0.25]), 0.5);
/// ```
pub fn independent_discordance([first, second]: [f64; 2]) -> f64 {
    first * (1.0 - second) + second * (1.0 - first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proportion::{ClusterCount, guarded_wilson};

    /// Five pairs: m = 2, deff 1 + 0.05; the data themselves, none hit, have the interval that was expected.
    #[test]
    fn the_interval_is_the_one_that_the_data_get() {
        let arm = Arm::new(10.0, 5.0, 2.0, 0.0);
        let expected = expected_interval(0.0, &arm, 0.95).unwrap();
        let found = guarded_wilson(&[ClusterCount::new(0.0, 2.0); 5], 0.95).unwrap();
        assert!((arm.effective_size(0.95).unwrap() - found.n_effective).abs() < 1e-9);
        assert!((expected.upper - found.interval.upper).abs() < 1e-12 && expected.lower == 0.0);
        assert_eq!(half_width(0.0, expected), expected.upper);
    }

    #[test]
    fn too_little_says_so() {
        let size = |positives, clusters| Arm::new(positives, clusters, 1.0, 0.0).effective_size(0.95);
        assert_eq!(size(0.0, 5.0), Err(Undefined::NoPositives));
        assert_eq!(size(9.0, 1.0), Err(Undefined::SingleCluster));
        assert_eq!(size(1.0, 1.5), Err(Undefined::TooFew));
        // One pair in hardly more than a cluster: t with half a degree of freedom leaves nothing.
        let design = GapDesign::new([Arm::new(3.0, 1.5, 2.0, 0.5); 2], 0.0, 0.95).unwrap();
        assert_eq!(design.smallest_gap(0.5, 0.8), Err(Undefined::TooFew));
        assert!(GapDesign::new([Arm::new(2.0, 1.0, 1.0, 0.0); 2], 0.0, 0.95).is_err());
    }

    /// With thousands of independent positives the interval is Wald's: power 1/2 where the gap is z standard errors.
    #[test]
    fn large_arms_follow_the_normal_formula() {
        let arm = Arm::new(1e6, 1e6, 1.0, 0.0);
        let design = GapDesign::new([arm, arm], 0.0, 0.95).unwrap();
        // se = sqrt(2 * 0.25 / 1e6); the gap hardly moves the variances.
        let gap = 1.959_963_984_540_054 * (0.5e-6_f64).sqrt();
        assert!((design.power(around(0.5, gap)) - 0.5).abs() < 0.002);
        assert!((design.power(around(0.5, -gap)) - 0.5).abs() < 0.002);
        assert_eq!(design.power([0.5, 0.5]), 0.0);
        // (z_a/2 + z_b) se = 2.8016 se.
        let found = design.smallest_gap(0.5, 0.8).unwrap();
        assert!((found / (0.5e-6_f64).sqrt() - 2.8016).abs() < 0.01, "{found}");
    }

    #[test]
    fn more_positives_and_more_agreement_between_arms_show_smaller_gaps() {
        let smallest = |n: f64, correlation: f64| {
            let arm = Arm::new(n, n / 3.0, 3.5, 0.1);
            GapDesign::new([arm, arm], correlation, 0.95).unwrap().smallest_gap(0.5, 0.8).unwrap()
        };
        assert!(smallest(60.0, 0.0) > smallest(120.0, 0.0));
        assert!(smallest(60.0, 0.0) > smallest(60.0, 0.5));
    }

    /// Recalls 0.2 below 0.05: moved up to 0 and 0.2; in either order.
    #[test]
    fn recalls_stay_shares() {
        assert_eq!(around(0.05, -0.2), [0.0, 0.2]);
        assert_eq!(around(0.05, 0.2), [0.2, 0.0]);
        assert_eq!(around(0.5, 2.0), [1.0, 0.0]);
    }

    /// D = 0.2 of psi = 0.4 over n = 90 independent: se = sqrt(0.36 / 90) = 0.0632, D / se = 3.162; t_89 = 1.987.
    #[test]
    fn pairs_by_hand() {
        let design = PairDesign { arm: Arm::new(90.0, 90.0, 1.0, 0.0), level: 0.95 };
        let expected = normal_cdf(10.0_f64.sqrt() - 1.986_978_657_6);
        assert!((design.power(0.2, 0.4) - expected).abs() < 1e-6);
        let smallest = design.smallest_difference(0.5, expected).unwrap();
        // Independent misses about 1/2: psi = 1/2 + D^2 / 2, so more than the 0.2 above is needed.
        assert!(smallest > 0.2 && smallest < 0.25, "{smallest}");
        assert_eq!(PairDesign { arm: Arm::new(9.0, 1.0, 9.0, 0.0), level: 0.95 }.power(0.2, 0.4), 0.0);
    }
}
