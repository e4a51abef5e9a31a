//! The default interval of every share: Wilson's on an effective size that clustering cannot flatter.

use super::clustered::{
    AnovaIcc, ClusterCount, Linearised, anova_icc, linearised_ratio, occupied, ratio_jackknife_error, totals,
};
use super::{check_level, clopper_pearson, wilson};
use crate::special::t_critical;
use crate::{Estimate, Interval, Undefined};

/// Name of the default interval in an [`Estimate`].
pub const GUARDED_WILSON: &str = "guarded_wilson";

/// Intraclass correlation that is assumed at least: with 10 to 60 clusters the estimate is too unsteady to believe a smaller one,
/// and at a share of 0 or 1 there is no estimate at all. Chosen by simulation (`docs/statistics.md`).
pub const ICC_FLOOR: f64 = 0.05;

/// The guarded Wilson interval and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guarded {
    /// The interval.
    pub interval: Interval,
    /// Independent examples that the clustered ones are worth, at most their number.
    pub n_effective: f64,
    /// The larger of the linearised design effect and that of the intraclass correlation.
    pub design_effect: f64,
    /// Intraclass correlation as estimated; it may be negative.
    pub icc: Result<f64, Undefined>,
}

/// The guarded Wilson interval of a clustered share.
///
/// The default for recall, specificity, precision and every other share of clustered examples. In 36 designs with 18 clusters it
/// covers 96.4% on average and 93.6% at worst at a nominal 95%, where the percentile cluster bootstrap covers 89% and 75%.
///
/// 1. `deff = max(deff_linearised, 1 + (m - 1) max(icc, 0.05))`, `m = sum n_g^2 / n`;
/// 2. `n_eff = min(n, n/deff (t_{n-1}/t_{G-1})^2)`;
/// 3. Wilson's interval of `n_eff p` out of `n_eff`.
///
/// **Inputs**: one count a cluster; `0 < level < 1`. **Returns** a two-sided interval inside \[0, 1\], defined at a share of 0 or 1 too.
/// **Undefined**: `NoData`; `SingleCluster`; `TooFew` at n <= 1; `Incompatible` for malformed counts or level. **Cost** O(G).
/// **Source**: Korn & Graubard (1998), Survey Methodology 24:193 (step 2); Franco, Little, Louis & Slud (2019), JSSAM 7:334 (Wilson
/// on the effective size, modelled design effect); the floor is this project's.
pub fn guarded_wilson(cells: &[ClusterCount], level: f64) -> Result<Guarded, Undefined> {
    check_level(level)?;
    let cells = occupied(cells)?;
    let Linearised { value, total, clusters, design_effect, .. } = linearised_ratio(&cells)?;
    if clusters < 2 {
        return Err(Undefined::SingleCluster);
    }
    if total <= 1.0 {
        return Err(Undefined::TooFew);
    }
    let icc = anova_icc(&cells).map(|AnovaIcc { icc, .. }| icc);
    let mean_size = cells.iter().map(|cell| cell.total * cell.total).sum::<f64>() / total;
    let modelled = 1.0 + (mean_size - 1.0).max(0.0) * icc.unwrap_or(0.0).clamp(ICC_FLOOR, 1.0);
    let design_effect = modelled.max(design_effect.unwrap_or(0.0));
    let n_effective = (total / design_effect * degrees_penalty(total, clusters, level)).min(total);
    let interval = wilson(n_effective * value, n_effective, level)?;
    Ok(Guarded { interval, n_effective, design_effect, icc })
}

/// A clustered share with its guarded Wilson interval, ready for a report.
///
/// `empty` is the reason that is given when the denominator is empty: `NoPositives` for a recall, `NoNegatives` for a specificity,
/// `NoFlags` for a precision. One cluster gives the value with `interval_undefined = SingleCluster`, a denominator of at most one
/// example `TooFew`. `n` is the denominator, `count` the hits, `clusters` the clusters of the denominator. Method, source and cost:
/// [`guarded_wilson`].
///
/// ```
/// use lacuna_stats::{Undefined, proportion::{ClusterCount, clustered_proportion}};
/// let cells = [ClusterCount::new(1.0, 2.0), ClusterCount::new(0.0, 2.0)];
/// let recall = clustered_proportion(&cells, 0.95, Undefined::NoPositives);
/// assert_eq!((recall.value, recall.count, recall.n, recall.clusters), (Some(0.25), Some(1.0), 4.0, 2));
/// assert!(recall.lower < Some(0.25) && recall.upper > Some(0.25));
/// ```
pub fn clustered_proportion(cells: &[ClusterCount], level: f64, empty: Undefined) -> Estimate {
    let occupied = match occupied(cells) {
        Ok(occupied) => occupied,
        Err(Undefined::NoData) => return Estimate::undefined(empty, level, GUARDED_WILSON),
        Err(reason) => return Estimate::undefined(reason, level, GUARDED_WILSON),
    };
    let ClusterCount { hits, total } = totals(&occupied);
    let mut estimate = Estimate::undefined(Undefined::NoData, level, GUARDED_WILSON);
    (estimate.value, estimate.undefined) = (Some(hits / total), None);
    (estimate.n, estimate.count, estimate.clusters) = (total, Some(hits), occupied.len());
    match guarded_wilson(&occupied, level) {
        Ok(Guarded { interval, n_effective, .. }) => {
            (estimate.lower, estimate.upper) = (Some(interval.lower), Some(interval.upper));
            estimate.n_effective = Some(n_effective);
        }
        Err(reason) => estimate.interval_undefined = Some(reason),
    }
    estimate
}

/// What an effective size was derived from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeBasis {
    /// The linearised variance.
    Linearised,
    /// The number of clusters, the worst case: the linearised variance is zero.
    Clusters,
}

/// The effective size of Korn and Graubard, without a guard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectiveSize {
    /// p(1-p) over the linearised variance, or the number of clusters where that is zero.
    pub raw: f64,
    /// With the penalty for few clusters, `(t_{n-1}/t_{G-1})^2`.
    pub adjusted: f64,
    /// At most the number of examples.
    pub truncated: f64,
    /// Where `raw` comes from.
    pub basis: SizeBasis,
}

/// A clustered share with every interval that stands beside the default for reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredProportion {
    /// Share, sizes and linearised error.
    pub linearised: Linearised,
    /// The default interval.
    pub guarded: Result<Guarded, Undefined>,
    /// Delete-one-cluster jackknife standard error.
    pub jackknife_error: Result<f64, Undefined>,
    /// Effective size without a guard.
    pub effective: Result<EffectiveSize, Undefined>,
    /// Wilson's interval on the truncated effective size.
    pub wilson_effective: Result<Interval, Undefined>,
    /// Clopper and Pearson's on the adjusted one, which is R `svyciprop(method = "beta")`; `ZeroVariance` where that size is not from
    /// the data.
    pub korn_graubard: Result<Interval, Undefined>,
    /// t interval on the logit scale, R `svyciprop(method = "logit")`; `ZeroVariance` at a share of 0 or 1 or equal rates.
    pub logit_t: Result<Interval, Undefined>,
}

/// A clustered share with the default interval and the reference intervals beside it.
///
/// For method comparisons and appendices; a report's number is [`clustered_proportion`]. **Undefined**: as [`linearised_ratio`] for the
/// whole, each interval for itself. **Cost** O(G). **Source**: Korn & Graubard (1998); R `survey` 4.1 agrees to 1e-9.
pub fn describe_proportion(cells: &[ClusterCount], level: f64) -> Result<ClusteredProportion, Undefined> {
    check_level(level)?;
    let linearised = linearised_ratio(cells)?;
    let effective = effective_size(&linearised, level);
    let value = linearised.value;
    let wilson_effective = effective.and_then(|size| wilson(size.truncated * value, size.truncated, level));
    let korn_graubard = effective.and_then(|size| match size.basis {
        SizeBasis::Linearised => clopper_pearson(size.adjusted * value, size.adjusted, level),
        SizeBasis::Clusters => Err(Undefined::ZeroVariance),
    });
    Ok(ClusteredProportion {
        linearised,
        guarded: guarded_wilson(cells, level),
        jackknife_error: ratio_jackknife_error(cells),
        effective,
        wilson_effective,
        korn_graubard,
        logit_t: logit_interval(&linearised, level),
    })
}

/// Effective size from the linearised variance.
pub(crate) fn effective_size(ratio: &Linearised, level: f64) -> Result<EffectiveSize, Undefined> {
    let Linearised { value, total, clusters, standard_error, .. } = *ratio;
    let error = standard_error?;
    if total <= 1.0 {
        return Err(Undefined::TooFew);
    }
    let binomial = value * (1.0 - value);
    let (raw, basis) = if error > 0.0 && binomial > 0.0 {
        (binomial / (error * error), SizeBasis::Linearised)
    } else {
        (clusters as f64, SizeBasis::Clusters)
    };
    let adjusted = raw * degrees_penalty(total, clusters, level);
    Ok(EffectiveSize { raw, adjusted, truncated: adjusted.min(total), basis })
}

/// Korn and Graubard's factor `(t_{n-1}/t_{G-1})^2`; n > 1, G > 1.
fn degrees_penalty(total: f64, clusters: usize, level: f64) -> f64 {
    let penalty = (t_critical(level, total - 1.0) / t_critical(level, clusters as f64 - 1.0)).powi(2);
    // Barely more than one example (averaged repeats): the numerator grows without bound and the size is capped at n anyway.
    if penalty.is_finite() { penalty } else { f64::MAX.sqrt() }
}

/// Delta-method t interval on the logit scale.
fn logit_interval(ratio: &Linearised, level: f64) -> Result<Interval, Undefined> {
    let error = ratio.standard_error?;
    let spread = ratio.value * (1.0 - ratio.value);
    if error <= 0.0 || spread <= 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    let centre = (ratio.value / (1.0 - ratio.value)).ln();
    let half = t_critical(level, ratio.clusters as f64 - 1.0) * error / spread;
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    Ok(Interval { lower: logistic(centre - half), upper: logistic(centre + half) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(counts: &[(f64, f64)]) -> Vec<ClusterCount> {
        counts.iter().map(|&(hits, total)| ClusterCount { hits, total }).collect()
    }

    #[test]
    fn guarded_size_by_hand() {
        // Five pairs, none hit: m = 20/10 = 2, deff = 1 + 1 * 0.05 = 21/20 since nothing varies.
        let found = guarded_wilson(&cells(&[(0.0, 2.0); 5]), 0.95).unwrap();
        let penalty = (2.262_157_162_740_992_f64 / 2.776_445_105_197_793_5).powi(2);
        assert!((found.design_effect - 1.05).abs() < 1e-15);
        assert!((found.n_effective - 10.0 / 1.05 * penalty).abs() < 1e-9);
        assert_eq!((found.icc, found.interval.lower), (Err(Undefined::NoVariation), 0.0));
        assert!(found.interval.upper > 0.0 && found.interval.upper < 1.0);
    }

    #[test]
    fn duplicated_examples_add_no_information() {
        // Every example twice within its cluster: perfectly correlated pairs, so the effective size stays that of the clusters.
        let single = guarded_wilson(&cells(&[(1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (0.0, 1.0)]), 0.95).unwrap();
        let double = guarded_wilson(&cells(&[(2.0, 2.0), (0.0, 2.0), (2.0, 2.0), (0.0, 2.0)]), 0.95).unwrap();
        assert!(double.design_effect >= 2.0 - 1e-12);
        assert!(double.interval.upper - double.interval.lower >= 0.9 * (single.interval.upper - single.interval.lower));
    }

    #[test]
    fn order_of_clusters_does_not_matter() {
        let forward = guarded_wilson(&cells(&[(1.0, 3.0), (2.0, 2.0), (0.0, 4.0)]), 0.9).unwrap();
        let backward = guarded_wilson(&cells(&[(0.0, 4.0), (2.0, 2.0), (1.0, 3.0)]), 0.9).unwrap();
        assert!((forward.interval.lower - backward.interval.lower).abs() < 1e-14);
    }

    #[test]
    fn each_reason_is_given() {
        let empty = clustered_proportion(&cells(&[(0.0, 0.0)]), 0.95, Undefined::NoFlags);
        assert_eq!((empty.value, empty.undefined, empty.n), (None, Some(Undefined::NoFlags), 0.0));
        let malformed = clustered_proportion(&cells(&[(3.0, 2.0)]), 0.95, Undefined::NoFlags);
        assert_eq!(malformed.undefined, Some(Undefined::Incompatible));
        let one = clustered_proportion(&cells(&[(1.0, 4.0), (0.0, 0.0)]), 0.95, Undefined::NoPositives);
        assert_eq!((one.value, one.lower, one.interval_undefined), (Some(0.25), None, Some(Undefined::SingleCluster)));
        assert_eq!((one.clusters, one.n_effective, one.undefined), (1, None, None));
        let thin = clustered_proportion(&cells(&[(0.25, 0.5), (0.5, 0.5)]), 0.95, Undefined::NoPositives);
        assert_eq!((thin.value, thin.interval_undefined), (Some(0.75), Some(Undefined::TooFew)));
        let level = clustered_proportion(&cells(&[(1.0, 2.0), (1.0, 2.0)]), 1.0, Undefined::NoPositives);
        assert_eq!((level.value, level.interval_undefined), (Some(0.5), Some(Undefined::Incompatible)));
    }

    #[test]
    fn barely_more_than_one_example_stays_finite() {
        for total in [1.0 + 1e-12, 1.001, 1.5] {
            let found = clustered_proportion(&cells(&[(0.5, total - 0.5), (0.5, 0.5)]), 0.95, Undefined::NoPositives);
            let (lower, upper) = (found.lower.unwrap(), found.upper.unwrap());
            assert!(0.0 <= lower && lower < upper && upper <= 1.0, "{total}: {lower}, {upper}");
            assert!(found.n_effective.unwrap() <= total);
        }
    }

    #[test]
    fn equal_rates_fall_back_on_the_clusters_and_say_so() {
        let found = describe_proportion(&cells(&[(1.0, 2.0), (1.0, 2.0), (1.0, 2.0)]), 0.95).unwrap();
        let size = found.effective.unwrap();
        assert_eq!((size.raw, size.basis), (3.0, SizeBasis::Clusters));
        assert_eq!((found.korn_graubard, found.logit_t), (Err(Undefined::ZeroVariance), Err(Undefined::ZeroVariance)));
    }
}
