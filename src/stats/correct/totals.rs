//! Sums over labelled and unlabelled items, from which prediction-powered inference is computed.

use std::ops::AddAssign;

use crate::input::{Clusters, InputError, all_finite, same_length};
use crate::proportion::ClusterCount;

/// Sums over labelled items (outcome y with the judge's value f) and unlabelled ones (f alone): all that the estimators
/// need. Sums of clusters add up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PpiTotals {
    labelled: f64,
    y: f64,
    f: f64,
    yy: f64,
    yf: f64,
    ff: f64,
    unlabelled: f64,
    other_f: f64,
    other_ff: f64,
}

impl AddAssign for PpiTotals {
    fn add_assign(&mut self, other: Self) {
        self.labelled += other.labelled;
        self.y += other.y;
        self.f += other.f;
        self.yy += other.yy;
        self.yf += other.yf;
        self.ff += other.ff;
        self.unlabelled += other.unlabelled;
        self.other_f += other.other_f;
        self.other_ff += other.other_ff;
    }
}

/// A variance below this share of the mean square is that of a constant: what is left of it is rounding.
const NO_VARIANCE: f64 = 1e-13;

/// Population variance from sums, exactly 0 for a constant.
fn variance(n: f64, sum: f64, squares: f64) -> f64 {
    let mean_square = squares / n;
    let variance = mean_square - (sum / n).powi(2);
    if variance <= NO_VARIANCE * mean_square { 0.0 } else { variance }
}

impl PpiTotals {
    /// Sums over items: outcomes with the judge's values, and the judge's values on the unlabelled items.
    ///
    /// **Errors**: lengths differ, or a value is not finite.
    pub fn new(outcomes: &[f64], judged: &[f64], unlabelled: &[f64]) -> Result<Self, InputError> {
        same_length("judged values", judged.len(), outcomes.len())?;
        all_finite("outcomes", outcomes)?;
        all_finite("judged values", judged)?;
        all_finite("unlabelled values", unlabelled)?;
        let mut totals = Self::default();
        outcomes.iter().zip(judged).for_each(|(y, f)| totals.label(*y, *f));
        unlabelled.iter().for_each(|f| totals.leave(*f));
        Ok(totals)
    }

    /// The sums of each cluster; ids of labelled and unlabelled items come from one numbering.
    ///
    /// **Errors**: lengths differ, or a value is not finite.
    pub fn by_cluster(
        outcomes: &[f64],
        judged: &[f64],
        clusters: &[usize],
        unlabelled: &[f64],
        unlabelled_clusters: &[usize],
    ) -> Result<Vec<Self>, InputError> {
        Self::new(outcomes, judged, unlabelled)?;
        same_length("clusters", clusters.len(), outcomes.len())?;
        same_length("unlabelled clusters", unlabelled_clusters.len(), unlabelled.len())?;
        let ids: Vec<usize> = clusters.iter().chain(unlabelled_clusters).copied().collect();
        let clusters = Clusters::new(&ids);
        let mut totals = vec![Self::default(); clusters.count()];
        let (labelled, others) = clusters.index().split_at(outcomes.len());
        for ((y, f), &cluster) in outcomes.iter().zip(judged).zip(labelled) {
            totals[cluster].label(*y, *f);
        }
        for (f, &cluster) in unlabelled.iter().zip(others) {
            totals[cluster].leave(*f);
        }
        Ok(totals)
    }

    fn label(&mut self, y: f64, f: f64) {
        self.labelled += 1.0;
        self.y += y;
        self.f += f;
        self.yy += y * y;
        self.yf += y * f;
        self.ff += f * f;
    }

    fn leave(&mut self, f: f64) {
        self.unlabelled += 1.0;
        self.other_f += f;
        self.other_ff += f * f;
    }

    /// The sums over several clusters.
    pub fn sum(clusters: &[Self]) -> Self {
        let mut total = Self::default();
        clusters.iter().for_each(|cluster| total += *cluster);
        total
    }

    /// The labels of a cluster as a count, outcomes being 0 or 1.
    pub(super) fn labels(&self) -> ClusterCount {
        ClusterCount::new(self.y, self.labelled)
    }

    /// Labelled items.
    pub fn labelled(&self) -> f64 {
        self.labelled
    }

    /// Unlabelled items.
    pub fn unlabelled(&self) -> f64 {
        self.unlabelled
    }

    /// Population variance of the outcome.
    pub(super) fn outcome_variance(&self) -> f64 {
        variance(self.labelled, self.y, self.yy)
    }

    /// Population variance of the judge's values on the labelled items.
    pub(super) fn judged_variance(&self) -> f64 {
        variance(self.labelled, self.f, self.ff)
    }

    /// Population covariance of outcome and judge.
    pub(super) fn covariance(&self) -> f64 {
        self.yf / self.labelled - self.y / self.labelled * (self.f / self.labelled)
    }

    /// The weight that makes the variance least, cut to 0-1; 0 for a constant judge.
    pub(super) fn best_weight(&self) -> f64 {
        let all = self.labelled + self.unlabelled;
        let pooled = variance(all, self.f + self.other_f, self.ff + self.other_ff) * all / (all - 1.0);
        if self.unlabelled == 0.0 || pooled == 0.0 {
            return 0.0;
        }
        (self.covariance() / ((1.0 + self.labelled / self.unlabelled) * pooled)).clamp(0.0, 1.0)
    }

    /// Mean of the judge on the unlabelled items, 0 where there is none (and the weight is 0).
    fn unlabelled_mean(&self) -> f64 {
        if self.unlabelled > 0.0 { self.other_f / self.unlabelled } else { 0.0 }
    }

    /// The estimated mean at a weight.
    pub(super) fn estimate(&self, weight: f64) -> f64 {
        weight * self.unlabelled_mean() + (self.y - weight * self.f) / self.labelled
    }

    /// Variance of the estimate over independent items.
    pub(super) fn variance_of_estimate(&self, weight: f64) -> f64 {
        let scale = self.outcome_variance() + weight * weight * self.judged_variance();
        let residual = scale - 2.0 * weight * self.covariance();
        // A judge that equals the labels leaves a residual of rounding size.
        let residual = if residual <= NO_VARIANCE * scale { 0.0 } else { residual };
        let of_labels = residual / self.labelled;
        if weight == 0.0 {
            return of_labels;
        }
        let spread = variance(self.unlabelled, self.other_f, self.other_ff);
        of_labels + weight * weight * spread / self.unlabelled
    }

    /// What one cluster adds to the linearised estimate of the whole: sums to 0 over clusters.
    pub(super) fn part(&self, cluster: &Self, weight: f64) -> f64 {
        let residual_mean = (self.y - weight * self.f) / self.labelled;
        let of_labels = (cluster.y - weight * cluster.f - cluster.labelled * residual_mean) / self.labelled;
        if weight == 0.0 {
            return of_labels;
        }
        of_labels + weight * (cluster.other_f - cluster.unlabelled * self.unlabelled_mean()) / self.unlabelled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels 1, 0 judged 1, 0; elsewhere 1, 1, 0, 0. Covariance 1/4, pooled variance 6/4 / 5 = 3/10, factor 1 + 2/4:
    /// weight 1/4 / (3/2 * 3/10) = 5/9.
    #[test]
    fn moments_and_weight_by_hand() {
        let totals = PpiTotals::new(&[1.0, 0.0], &[1.0, 0.0], &[1.0, 1.0, 0.0, 0.0]).unwrap();
        assert_eq!((totals.outcome_variance(), totals.judged_variance(), totals.covariance()), (0.25, 0.25, 0.25));
        assert!((totals.best_weight() - 5.0 / 9.0).abs() < 1e-15);
    }

    #[test]
    fn clusters_add_up_to_the_whole() {
        let (y, f, pool) = ([1.0, 0.0, 1.0], [0.5, 0.25, 1.0], [0.75, 0.5]);
        let clusters = PpiTotals::by_cluster(&y, &f, &[9, 4, 9], &pool, &[4, 11]).unwrap();
        assert_eq!(clusters.len(), 3);
        assert_eq!(PpiTotals::sum(&clusters), PpiTotals::new(&y, &f, &pool).unwrap());
    }

    /// A constant that is no binary fraction still has no variance.
    #[test]
    fn constants_have_exactly_no_variance() {
        let totals = PpiTotals::new(&[0.1; 7], &[0.3; 7], &[0.3; 11]).unwrap();
        assert_eq!((totals.outcome_variance(), totals.judged_variance(), totals.best_weight()), (0.0, 0.0, 0.0));
    }

    #[test]
    fn malformed_is_refused() {
        assert!(PpiTotals::new(&[1.0], &[], &[]).is_err());
        assert!(PpiTotals::new(&[1.0], &[f64::NAN], &[]).is_err());
        assert!(PpiTotals::by_cluster(&[1.0], &[1.0], &[], &[], &[]).is_err());
        assert!(PpiTotals::by_cluster(&[], &[], &[], &[1.0], &[]).is_err());
    }
}
