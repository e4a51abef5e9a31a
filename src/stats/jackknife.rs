//! The delete-one-cluster jackknife: the default interval of every smooth statistic that is no proportion.

use super::proportion::check_level;
use super::special::t_critical;
use super::{Estimate, Interval, Undefined};

/// Name of the interval in an [`Estimate`].
pub const CLUSTER_JACKKNIFE_T: &str = "cluster_jackknife_t";

/// Differences below this (relative, and a hundredth of it absolute) are rounding.
const ROUNDING: f64 = 1e-12;

/// Where a statistic lies, and the scale on which its interval is made when the plain one would leave that range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Any real number (a mean signed error).
    Identity,
    /// \[0, inf) (a mean absolute error, a logarithmic loss): logarithm.
    Log,
    /// \[-1, 1\] (kappa, alpha, a correlation, a difference of shares): inverse hyperbolic tangent.
    Atanh,
    /// \[0, 1\] (the area under a curve, a Brier score): log-odds.
    Logit,
}

impl Scale {
    /// The statistic's range.
    fn range(self) -> (f64, f64) {
        match self {
            Self::Identity => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Log => (0.0, f64::INFINITY),
            Self::Atanh => (-1.0, 1.0),
            Self::Logit => (0.0, 1.0),
        }
    }

    /// The value on the scale, the derivative there and the way back.
    fn transform(self, value: f64) -> (f64, f64, fn(f64) -> f64) {
        match self {
            Self::Identity => (value, 1.0, |x| x),
            Self::Log => (value.ln(), 1.0 / value, f64::exp),
            Self::Atanh => (value.atanh(), 1.0 / (1.0 - value * value), f64::tanh),
            Self::Logit => ((value / (1.0 - value)).ln(), 1.0 / (value * (1.0 - value)), |x| 1.0 / (1.0 + (-x).exp())),
        }
    }
}

/// A statistic of all clusters (`None`) or without one (`Some(index)`).
type Statistic<'a> = dyn Fn(Option<usize>) -> Result<f64, Undefined> + 'a;

/// A statistic with its leave-one-cluster-out values.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    /// The statistic of all clusters.
    pub value: f64,
    /// Its value without each cluster in turn.
    pub leave_one_out: Vec<f64>,
    /// Standard error `sqrt((G-1)/G sum (theta_(g) - theta)^2)`, 0 where every value is the same.
    pub standard_error: f64,
}

impl Jackknife {
    /// Computes a statistic for all clusters (`None`) and without each in turn (`Some(g)`).
    ///
    /// **Undefined**: the statistic's own reason; `Infinite` if it is not finite; `SingleCluster`; `LooUndefined` if a
    /// leave-one-out value is undefined. **Cost**: G + 1 evaluations.
    pub fn new(
        clusters: usize,
        statistic: impl Fn(Option<usize>) -> Result<f64, Undefined>,
    ) -> Result<Self, Undefined> {
        Self::of(clusters, &statistic)
    }

    /// One body for every statistic: compiled once, and the call costs nothing beside the statistic.
    fn of(clusters: usize, statistic: &Statistic<'_>) -> Result<Self, Undefined> {
        let value = finite(statistic(None)?)?;
        if clusters < 2 {
            return Err(Undefined::SingleCluster);
        }
        let leave_one_out = (0..clusters)
            .map(|cluster| statistic(Some(cluster)).and_then(finite).map_err(|_| Undefined::LooUndefined))
            .collect::<Result<Vec<f64>, Undefined>>()?;
        let standard_error = error(value, &leave_one_out);
        Ok(Self { value, leave_one_out, standard_error })
    }

    /// The t interval with G - 1 degrees of freedom: as it stands where it stays within the statistic's range, else on the scale.
    ///
    /// **Undefined**: `ZeroVariance` where every value is the same, or on the edge of the range; `Incompatible` for a level outside
    /// (0, 1).
    pub fn interval(&self, scale: Scale, level: f64) -> Result<Interval, Undefined> {
        self.interval_with(scale, level, self.leave_one_out.len() as f64 - 1.0)
    }

    /// The same with fewer degrees of freedom, where few of the clusters carry the variance. **Undefined** also
    /// `SingleCluster` for none.
    pub fn interval_with(&self, scale: Scale, level: f64, degrees: f64) -> Result<Interval, Undefined> {
        check_level(level)?;
        if degrees <= 0.0 {
            return Err(Undefined::SingleCluster);
        }
        if self.standard_error == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        let half = t_critical(level, degrees) * self.standard_error;
        let plain = Interval { lower: self.value - half, upper: self.value + half };
        let (least, most) = scale.range();
        if plain.lower >= least && plain.upper <= most {
            return Ok(plain);
        }
        if self.value <= least || self.value >= most {
            return Err(Undefined::ZeroVariance);
        }
        let (centre, slope, back) = scale.transform(self.value);
        // The delta method: a leave-one-out value may lie on the edge, where the transform is infinite.
        let half = half * slope;
        let interval = Interval { lower: back(centre - half), upper: back(centre + half) };
        if interval.upper.is_finite() { Ok(interval) } else { Err(Undefined::Infinite) }
    }
}

/// A smooth statistic with its cluster-jackknife t interval, ready for a report; the caller fills `n` and `count`.
///
/// For kappa, alpha, areas under curves, Brier scores, signed errors and the like; shares have
/// [`super::proportion::clustered_proportion`], their differences [`super::gap::recall_gap`]. Deterministic. For kappa with 12, 18 and 40
/// clusters it covers 92, 93 and 94% at a nominal 95%.
///
/// **Inputs**: the number of clusters; the scale, which carries the statistic's range; the level; the statistic of all clusters
/// (`None`) or without one (`Some(index)`). **Returns** value, two-sided interval and `clusters`. **Undefined**: the statistic's
/// reason for the value; for the interval `SingleCluster`, `LooUndefined`, `ZeroVariance`. **Cost**: G + 1 evaluations.
/// **Source**: MacKinnon, Nielsen & Webb (2023), J Appl Econometrics 38:671 (CV3, centred at the full-sample value).
///
/// ```
/// use lacuna_stats::jackknife::{Scale, jackknife};
/// // The mean of 1, 2, 3; without each 5/2, 2, 3/2: se = sqrt(2/3 (1/4 + 1/4)) = 1/sqrt(3), as the textbook has it.
/// let data = [1.0, 2.0, 3.0];
/// let mean = |without: Option<usize>| {
///     let kept: Vec<f64> = (0..3).filter(|g| Some(*g) != without).map(|g| data[g]).collect();
///     Ok(kept.iter().sum::<f64>() / kept.len() as f64)
/// };
/// let found = jackknife(3, Scale::Identity, 0.95, mean);
/// let half = 4.302_652_729_749_462 / 3.0_f64.sqrt();
/// assert!(found.value == Some(2.0) && (found.upper.unwrap() - 2.0 - half).abs() < 1e-9);
/// ```
pub fn jackknife(
    clusters: usize,
    scale: Scale,
    level: f64,
    statistic: impl Fn(Option<usize>) -> Result<f64, Undefined>,
) -> Estimate {
    jackknife_with(clusters, clusters as f64 - 1.0, scale, level, statistic)
}

/// [`jackknife`] with fewer degrees of freedom than clusters less one, where few of them carry the variance.
pub fn jackknife_with(
    clusters: usize,
    degrees: f64,
    scale: Scale,
    level: f64,
    statistic: impl Fn(Option<usize>) -> Result<f64, Undefined>,
) -> Estimate {
    estimate(clusters, degrees, scale, level, &statistic)
}

fn estimate(clusters: usize, degrees: f64, scale: Scale, level: f64, statistic: &Statistic<'_>) -> Estimate {
    let mut estimate = Estimate::undefined(Undefined::NoData, level, CLUSTER_JACKKNIFE_T);
    estimate.clusters = clusters;
    let value = match statistic(None).and_then(finite) {
        Ok(value) => value,
        Err(reason) => {
            estimate.undefined = Some(reason);
            return estimate;
        }
    };
    (estimate.value, estimate.undefined) = (Some(value), None);
    let interval = |jackknife: Jackknife| jackknife.interval_with(scale, level, degrees);
    match Jackknife::of(clusters, statistic).and_then(interval) {
        Ok(Interval { lower, upper }) => (estimate.lower, estimate.upper) = (Some(lower), Some(upper)),
        Err(reason) => estimate.interval_undefined = Some(reason),
    }
    estimate
}

/// Refuses a value that is not finite.
fn finite(value: f64) -> Result<f64, Undefined> {
    if value.is_finite() { Ok(value) } else { Err(Undefined::Infinite) }
}

/// The jackknife standard error, 0 where only rounding tells the values apart.
fn error(value: f64, leave_one_out: &[f64]) -> f64 {
    let clusters = leave_one_out.len() as f64;
    let most = leave_one_out.iter().map(|loo| (loo - value).abs()).fold(0.0, f64::max);
    if most <= ROUNDING * (value.abs() + 0.01) {
        return 0.0;
    }
    let squares: f64 = leave_one_out.iter().map(|loo| (loo - value).powi(2)).sum();
    ((clusters - 1.0) / clusters * squares).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(data: &[f64]) -> impl Fn(Option<usize>) -> Result<f64, Undefined> {
        move |without| {
            let kept = data.iter().enumerate().filter(|(g, _)| Some(*g) != without);
            let (sum, count) = kept.fold((0.0, 0.0), |(sum, count), (_, value)| (sum + value, count + 1.0));
            if count == 0.0 { Err(Undefined::NoData) } else { Ok(sum / count) }
        }
    }

    #[test]
    fn the_scale_is_used_only_when_the_plain_interval_leaves_the_range() {
        let inside = [0.4, 0.5, 0.6, 0.5];
        assert_eq!(jackknife(4, Scale::Logit, 0.95, mean(&inside)), jackknife(4, Scale::Identity, 0.95, mean(&inside)));
        for (scale, data, least, most) in [
            (Scale::Logit, [0.9, 1.0, 0.6, 1.0], 0.0, 1.0),
            (Scale::Atanh, [0.9, 1.0, 0.2, 1.0], -1.0, 1.0),
            (Scale::Log, [0.0, 0.3, 0.0, 0.1], 0.0, f64::INFINITY),
        ] {
            let found = jackknife(4, scale, 0.95, mean(&data));
            let (value, lower, upper) = (found.value.unwrap(), found.lower.unwrap(), found.upper.unwrap());
            assert!(least < lower && lower < value && value < upper && upper < most, "{scale:?}: {lower} to {upper}");
        }
    }

    #[test]
    fn logit_interval_by_hand() {
        // Values 1/2 and 1: mean 3/4, se = sqrt(1/2 (1/16 + 1/16)) = 1/4, odds 3, slope 16/3.
        let found = jackknife(2, Scale::Logit, 0.5, mean(&[0.5, 1.0]));
        // t of one degree of freedom at 50% is 1, so 3/4 -+ 1/4 stays inside.
        assert!((found.lower.unwrap() - 0.5).abs() < 1e-12 && (found.upper.unwrap() - 1.0).abs() < 1e-12);
        let found = jackknife(2, Scale::Logit, 0.6, mean(&[0.5, 1.0]));
        let t = t_critical(0.6, 1.0);
        let odds = 3.0 * (t * 0.25 * 16.0 / 3.0).exp();
        assert!((found.upper.unwrap() - odds / (1.0 + odds)).abs() < 1e-12);
    }

    #[test]
    fn order_of_clusters_does_not_matter() {
        let forward = jackknife(3, Scale::Identity, 0.9, mean(&[1.0, 5.0, 2.0]));
        let backward = jackknife(3, Scale::Identity, 0.9, mean(&[2.0, 5.0, 1.0]));
        assert!((forward.lower.unwrap() - backward.lower.unwrap()).abs() < 1e-14);
    }

    #[test]
    fn each_reason_is_given() {
        let none = jackknife(0, Scale::Identity, 0.95, mean(&[]));
        assert_eq!((none.value, none.undefined, none.clusters), (None, Some(Undefined::NoData), 0));
        let one = jackknife(1, Scale::Identity, 0.95, mean(&[3.0]));
        assert_eq!((one.value, one.interval_undefined), (Some(3.0), Some(Undefined::SingleCluster)));
        let same = jackknife(3, Scale::Identity, 0.95, mean(&[0.1, 0.1, 0.1]));
        assert_eq!((same.interval_undefined, same.lower), (Some(Undefined::ZeroVariance), None));
        let fragile = |without: Option<usize>| if without == Some(1) { Err(Undefined::OneClass) } else { Ok(0.5) };
        let found = jackknife(3, Scale::Logit, 0.95, fragile);
        assert_eq!((found.value, found.interval_undefined), (Some(0.5), Some(Undefined::LooUndefined)));
        let infinite = jackknife(3, Scale::Identity, 0.95, |_| Ok(f64::INFINITY));
        assert_eq!(infinite.undefined, Some(Undefined::Infinite));
        let level = jackknife(2, Scale::Identity, 0.0, mean(&[1.0, 2.0]));
        assert_eq!(level.interval_undefined, Some(Undefined::Incompatible));
        let edge = |without: Option<usize>| Ok(if without == Some(0) { 0.5 } else { 1.0 });
        assert_eq!(jackknife(3, Scale::Logit, 0.95, edge).interval_undefined, Some(Undefined::ZeroVariance));
    }
}
