//! A share of clustered examples: the linearised variance, the delete-one-cluster jackknife and the intraclass correlation.

use crate::Undefined;

/// One cluster's share of a proportion: `hits` out of `total` examples.
///
/// Both may be fractional: repeats are averaged within their example. `0 <= hits <= total`; a cluster with `total = 0` is in no
/// denominator.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClusterCount {
    /// Numerator.
    pub hits: f64,
    /// Denominator.
    pub total: f64,
}

/// By how much sums of averaged repeats may miss their total.
const ROUNDING: f64 = 1e-9;
/// A residual below this share of its cluster's size is rounding.
const NEGLIGIBLE: f64 = 1e-13;

impl ClusterCount {
    /// A count of `hits` out of `total`.
    pub fn new(hits: f64, total: f64) -> Self {
        Self { hits, total }
    }

    /// Whether this is a share at all.
    pub(crate) fn is_sound(&self) -> bool {
        self.total.is_finite() && self.hits >= 0.0 && self.hits <= self.total + ROUNDING * self.total.max(1.0)
    }

    /// Difference between the hits and those expected at the common `rate`.
    pub(crate) fn residual(&self, rate: f64) -> f64 {
        let residual = self.hits - rate * self.total;
        if residual.abs() <= NEGLIGIBLE * self.total { 0.0 } else { residual }
    }
}

/// The sums over clusters.
pub fn totals(cells: &[ClusterCount]) -> ClusterCount {
    let hits = cells.iter().map(|cell| cell.hits).sum::<f64>();
    let total = cells.iter().map(|cell| cell.total).sum::<f64>();
    ClusterCount { hits: hits.min(total), total }
}

/// The clusters that are in the denominator, or why there is no share: malformed counts are `Incompatible`, none is `NoData`.
pub(super) fn occupied(cells: &[ClusterCount]) -> Result<Vec<ClusterCount>, Undefined> {
    if !cells.iter().all(ClusterCount::is_sound) {
        return Err(Undefined::Incompatible);
    }
    let occupied: Vec<ClusterCount> = cells.iter().filter(|cell| cell.total > 0.0).copied().collect();
    if occupied.is_empty() { Err(Undefined::NoData) } else { Ok(occupied) }
}

/// A ratio of cluster totals with its linearised variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linearised {
    /// The share.
    pub value: f64,
    /// Denominator.
    pub total: f64,
    /// Clusters in the denominator.
    pub clusters: usize,
    /// Linearised standard error; `SingleCluster` below two clusters.
    pub standard_error: Result<f64, Undefined>,
    /// Variance over that of as many independent examples, p(1-p)/n; `NoVariation` at a share of 0 or 1.
    pub design_effect: Result<f64, Undefined>,
}

/// The share over clusters with its Taylor-linearised standard error.
///
/// `V = G/(G-1) sum_g (h_g - p n_g)^2 / n^2` over the G clusters with `n_g > 0`. Zero at a share of 0 or 1, where it is no measure
/// of uncertainty: intervals come from [`super::clustered_proportion`].
///
/// **Undefined**: `NoData` without examples, `Incompatible` for malformed counts; the standard error `SingleCluster`. **Cost** O(G).
/// **Source**: Cochran (1977), Sampling Techniques; agrees with R `survey` 4.1 `svymean` to 2.3e-11 (its design effect
/// divides by n - 1).
///
/// ```
/// use lacuna_stats::proportion::{ClusterCount, linearised_ratio};
/// // Shares 1/2 and 0/2: p = 1/4, residuals 1/2 and -1/2, V = 2 (1/4 + 1/4) / 16 = 1/16.
/// let ratio = linearised_ratio(&[ClusterCount::new(1.0, 2.0), ClusterCount::new(0.0, 2.0)]).unwrap();
/// assert_eq!((ratio.value, ratio.standard_error), (0.25, Ok(0.25)));
/// ```
pub fn linearised_ratio(cells: &[ClusterCount]) -> Result<Linearised, Undefined> {
    let cells = occupied(cells)?;
    let ClusterCount { hits, total } = totals(&cells);
    let (value, clusters) = (hits / total, cells.len());
    let variance = if clusters < 2 {
        Err(Undefined::SingleCluster)
    } else {
        let squares: f64 = cells.iter().map(|cell| cell.residual(value).powi(2)).sum();
        Ok(clusters as f64 / (clusters as f64 - 1.0) * squares / (total * total))
    };
    let binomial = value * (1.0 - value) / total;
    let design_effect = if binomial > 0.0 { variance.map(|v| v / binomial) } else { Err(Undefined::NoVariation) };
    Ok(Linearised { value, total, clusters, standard_error: variance.map(f64::sqrt), design_effect })
}

/// Delete-one-cluster jackknife (CV3) standard error of a share, centred at the full-sample value.
///
/// **Undefined**: `SingleCluster`, `NoData`, `Incompatible`. **Cost** O(G). **Source**: MacKinnon, Nielsen & Webb (2023), J Appl
/// Econometrics 38:671.
pub fn ratio_jackknife_error(cells: &[ClusterCount]) -> Result<f64, Undefined> {
    let cells = occupied(cells)?;
    if cells.len() < 2 {
        return Err(Undefined::SingleCluster);
    }
    let ClusterCount { hits, total } = totals(&cells);
    let clusters = cells.len() as f64;
    let shift = |cell: &ClusterCount| (hits - cell.hits) / (total - cell.total) - hits / total;
    let squares: f64 = cells.iter().map(|cell| shift(cell).powi(2)).sum();
    Ok(((clusters - 1.0) / clusters * squares).sqrt())
}

/// Analysis of variance of a binary outcome between and within clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnovaIcc {
    /// Intraclass correlation, as estimated: it may be negative.
    pub icc: f64,
    /// Mean square between clusters.
    pub between: f64,
    /// Mean square within clusters.
    pub within: f64,
    /// Effective mean cluster size n0.
    pub mean_size: f64,
}

/// The ANOVA intraclass correlation of a binary outcome from cluster counts.
///
/// With averaged repeats the mean square within is that of a binary outcome, its upper bound, and the correlation errs downwards.
///
/// **Returns** at most 1, possibly negative. **Undefined**: `SingleCluster`; `TooFew` without more examples than clusters;
/// `NoVariation`; `NoData` and `Incompatible` as [`linearised_ratio`]. **Cost** O(G). **Source**: Donner (1986), Int Stat Rev 54:67;
/// agrees with R `anova(lm())` to 1e-9.
///
/// ```
/// use lacuna_stats::proportion::{ClusterCount, anova_icc};
/// // Shares 2/2 and 0/2: MSB = 2/4 + 2/4 = 1, MSW = 0, so the correlation is 1.
/// let icc = anova_icc(&[ClusterCount::new(2.0, 2.0), ClusterCount::new(0.0, 2.0)]).unwrap();
/// assert_eq!((icc.icc, icc.between, icc.within, icc.mean_size), (1.0, 1.0, 0.0, 2.0));
/// ```
pub fn anova_icc(cells: &[ClusterCount]) -> Result<AnovaIcc, Undefined> {
    let cells = occupied(cells)?;
    let ClusterCount { hits, total } = totals(&cells);
    let clusters = cells.len() as f64;
    if cells.len() < 2 {
        return Err(Undefined::SingleCluster);
    }
    if total <= clusters {
        return Err(Undefined::TooFew);
    }
    let value = hits / total;
    let between = cells.iter().map(|c| c.residual(value).powi(2) / c.total).sum::<f64>() / (clusters - 1.0);
    let inside: f64 = cells.iter().map(|c| c.hits * (1.0 - c.hits / c.total).max(0.0)).sum();
    let within = inside / (total - clusters);
    let squares: f64 = cells.iter().map(|c| c.total * c.total).sum();
    let mean_size = (total - squares / total) / (clusters - 1.0);
    let spread = between + (mean_size - 1.0) * within;
    if spread <= 0.0 || hits == 0.0 || hits == total {
        return Err(Undefined::NoVariation);
    }
    Ok(AnovaIcc { icc: (between - within) / spread, between, within, mean_size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(counts: &[(f64, f64)]) -> Vec<ClusterCount> {
        counts.iter().map(|&(hits, total)| ClusterCount { hits, total }).collect()
    }

    #[test]
    fn empty_clusters_count_for_nothing_and_order_does_not_matter() {
        let plain = linearised_ratio(&cells(&[(1.0, 3.0), (2.0, 2.0), (0.0, 1.0)])).unwrap();
        let padded = linearised_ratio(&cells(&[(0.0, 0.0), (0.0, 1.0), (2.0, 2.0), (0.0, 0.0), (1.0, 3.0)])).unwrap();
        assert_eq!(plain.clusters, padded.clusters);
        assert!((plain.standard_error.unwrap() - padded.standard_error.unwrap()).abs() < 1e-15);
    }

    #[test]
    fn the_jackknife_by_hand() {
        // Shares 1/2 and 0/2, p = 1/4; left out: 0 and 1/2; se^2 = (1/2)(1/16 + 1/16) = 1/16.
        assert_eq!(ratio_jackknife_error(&cells(&[(1.0, 2.0), (0.0, 2.0)])), Ok(0.25));
        assert_eq!(ratio_jackknife_error(&cells(&[(1.0, 2.0), (0.0, 0.0)])), Err(Undefined::SingleCluster));
    }

    #[test]
    fn equal_rates_have_no_linearised_variance_whatever_the_rounding() {
        let ratio = linearised_ratio(&cells(&[(0.1, 1.0), (0.3, 3.0), (0.7, 7.0)])).unwrap();
        assert_eq!(ratio.standard_error, Ok(0.0));
    }

    #[test]
    fn each_reason_is_given() {
        assert_eq!(linearised_ratio(&[]).unwrap_err(), Undefined::NoData);
        assert_eq!(linearised_ratio(&cells(&[(0.0, 0.0)])).unwrap_err(), Undefined::NoData);
        assert_eq!(linearised_ratio(&cells(&[(2.0, 1.0)])).unwrap_err(), Undefined::Incompatible);
        assert_eq!(linearised_ratio(&cells(&[(f64::NAN, 1.0)])).unwrap_err(), Undefined::Incompatible);
        let one = linearised_ratio(&cells(&[(1.0, 2.0)])).unwrap();
        assert_eq!((one.value, one.standard_error), (0.5, Err(Undefined::SingleCluster)));
        let none = linearised_ratio(&cells(&[(0.0, 2.0), (0.0, 1.0)])).unwrap();
        assert_eq!((none.standard_error, none.design_effect), (Ok(0.0), Err(Undefined::NoVariation)));
        assert_eq!(anova_icc(&cells(&[(1.0, 2.0)])), Err(Undefined::SingleCluster));
        assert_eq!(anova_icc(&cells(&[(1.0, 1.0), (0.0, 1.0)])), Err(Undefined::TooFew));
        assert_eq!(anova_icc(&cells(&[(2.0, 2.0), (3.0, 3.0)])), Err(Undefined::NoVariation));
    }

    #[test]
    fn sums_of_averaged_repeats_are_a_share() {
        let tenths: f64 = (0..10).map(|_| 0.1).sum();
        assert!(linearised_ratio(&cells(&[(1.0 + 1e-12, 1.0), (tenths, 1.0)])).unwrap().value <= 1.0);
    }
}
