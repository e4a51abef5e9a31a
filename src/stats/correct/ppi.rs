//! Prediction-powered inference for a mean: few labels, many judged items.

use std::ops::AddAssign;

use crate::stats::input::{Clusters, Confidence, InputError, all_finite, same_length};
use crate::stats::{Interval, Undefined};

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
    fn best_weight(&self) -> f64 {
        let all = self.labelled + self.unlabelled;
        let pooled = variance(all, self.f + self.other_f, self.ff + self.other_ff) * all / (all - 1.0);
        if self.unlabelled == 0.0 || pooled == 0.0 {
            return 0.0;
        }
        (self.covariance() / ((1.0 + self.labelled / self.unlabelled) * pooled)).clamp(0.0, 1.0)
    }

    fn weight(&self, tuning: Tuning) -> f64 {
        match tuning {
            Tuning::Labels => 0.0,
            Tuning::Full => 1.0,
            Tuning::Best => self.best_weight(),
        }
    }

    /// Mean of the judge on the unlabelled items, 0 where there is none (and the weight is 0).
    fn unlabelled_mean(&self) -> f64 {
        if self.unlabelled > 0.0 { self.other_f / self.unlabelled } else { 0.0 }
    }

    fn estimate(&self, weight: f64) -> f64 {
        weight * self.unlabelled_mean() + (self.y - weight * self.f) / self.labelled
    }
}

/// How much the judge's values count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tuning {
    /// Not at all: the mean of the labels (weight 0).
    Labels,
    /// Fully: plain prediction-powered inference (weight 1).
    Full,
    /// By the weight that makes the variance least, 0 to 1: PPI++, the default.
    Best,
}

/// A mean with its interval over independent items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ppi {
    /// Weight of the judge, 0 to 1.
    pub weight: f64,
    /// The estimated mean.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// Normal interval; `zero_variance` at a standard error of 0.
    pub interval: Result<Interval, Undefined>,
}

/// Mean outcome from few labels and a judge's values on many more items.
///
/// The default correction of a prevalence: valid for any judge, never (asymptotically) worse than the labels alone with
/// [`Tuning::Best`], and asking only that the labelled items are a random sample of all. Use probabilities rather than
/// flags where there are any. For items in clusters use [`ppi_mean_clustered`].
///
/// **Inputs**: sums over items; the tuning; the two-sided level. **Returns**: estimate, standard error, interval.
/// **Undefined**: `too_few` with fewer than two labels, or with fewer than two unlabelled items while the judge counts.
/// **Cost**: O(1) on the sums.
/// **Source**: Angelopoulos et al. (2023), Science 382:669; Angelopoulos, Duchi and Zrnic (2023, arXiv 2311.01453),
/// equation 8, for the weight; population variances as ppi-python 0.2.3, agrees with it to 1e-9.
///
/// ```
/// use lacuna::stats::{Confidence, correct::{PpiTotals, Tuning, ppi_mean}};
/// // Labels 1, 0 judged 1, 1; elsewhere 1, 0: judge's mean 1/2, less its error 1 - 1/2.
/// let totals = PpiTotals::new(&[1.0, 0.0], &[1.0, 1.0], &[1.0, 0.0])?;
/// assert_eq!(ppi_mean(&totals, Tuning::Full, Confidence::DEFAULT).unwrap().value, 0.0);
/// # Ok::<(), lacuna::stats::InputError>(())
/// ```
pub fn ppi_mean(totals: &PpiTotals, tuning: Tuning, confidence: Confidence) -> Result<Ppi, Undefined> {
    let weight = usable_weight(totals, tuning)?;
    let residual =
        totals.outcome_variance() - 2.0 * weight * totals.covariance() + weight * weight * totals.judged_variance();
    let scale = totals.outcome_variance() + weight * weight * totals.judged_variance();
    // A judge that equals the labels leaves a residual of rounding size.
    let residual = if residual <= NO_VARIANCE * scale { 0.0 } else { residual };
    let mut variance_of_mean = residual / totals.labelled;
    if weight > 0.0 {
        let spread = variance(totals.unlabelled, totals.other_f, totals.other_ff);
        variance_of_mean += weight * weight * spread / totals.unlabelled;
    }
    let (value, se) = (totals.estimate(weight), variance_of_mean.sqrt());
    Ok(Ppi { weight, value, se, interval: around(value, confidence.normal() * se) })
}

/// The weight, where there are items enough for it.
fn usable_weight(totals: &PpiTotals, tuning: Tuning) -> Result<f64, Undefined> {
    if totals.labelled < 2.0 {
        return Err(Undefined::TooFew);
    }
    let weight = totals.weight(tuning);
    if weight > 0.0 && totals.unlabelled < 2.0 { Err(Undefined::TooFew) } else { Ok(weight) }
}

fn around(value: f64, half: f64) -> Result<Interval, Undefined> {
    if half > 0.0 { Ok(Interval { lower: value - half, upper: value + half }) } else { Err(Undefined::ZeroVariance) }
}

/// A mean with its interval over clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredPpi {
    /// Weight of the judge, 0 to 1.
    pub weight: f64,
    /// The estimated mean.
    pub value: f64,
    /// Its standard error over clusters; `single_cluster`.
    pub se: Result<f64, Undefined>,
    /// Interval with t(G-1).
    pub interval: Result<Interval, Undefined>,
    /// Clusters with an item of either kind.
    pub clusters: usize,
}

/// [`ppi_mean`] for items in clusters, which labelled and unlabelled items may share.
///
/// **Inputs**: sums a cluster; the tuning; the two-sided level.
/// **Returns**: estimate, standard error, interval with t(G-1).
/// **Undefined**: `too_few` as for [`ppi_mean`]; `single_cluster`; `zero_variance`. **Cost**: O(G).
/// **Source**: linearisation of the estimator, a_g = sum over labelled of ((y - wf) - mean)/n + sum over unlabelled of
/// w (f - mean)/N, V = G/(G-1) sum a_g^2.
pub fn ppi_mean_clustered(
    clusters: &[PpiTotals],
    tuning: Tuning,
    confidence: Confidence,
) -> Result<ClusteredPpi, Undefined> {
    let used: Vec<&PpiTotals> = clusters.iter().filter(|cluster| cluster.labelled + cluster.unlabelled > 0.0).collect();
    let totals = PpiTotals::sum(clusters);
    let weight = usable_weight(&totals, tuning)?;
    let value = totals.estimate(weight);
    let residual_mean = (totals.y - weight * totals.f) / totals.labelled;
    let part = |cluster: &&PpiTotals| {
        let residual = cluster.y - weight * cluster.f - cluster.labelled * residual_mean;
        let judged = weight * (cluster.other_f - cluster.unlabelled * totals.unlabelled_mean());
        let judged = if weight > 0.0 { judged / totals.unlabelled } else { 0.0 };
        residual / totals.labelled + judged
    };
    let squares: f64 = used.iter().map(|cluster| part(cluster).powi(2)).sum();
    let count = used.len() as f64;
    let se = if used.len() < 2 { Err(Undefined::SingleCluster) } else { Ok((count / (count - 1.0) * squares).sqrt()) };
    let interval = se.and_then(|se| around(value, confidence.student(count - 1.0) * se));
    Ok(ClusteredPpi { weight, value, se, interval, clusters: used.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::arbitrary::Arbitrary;

    fn ppi(totals: &PpiTotals, tuning: Tuning) -> Result<Ppi, Undefined> {
        ppi_mean(totals, tuning, Confidence::DEFAULT)
    }

    /// Labels 1, 0 judged 1, 0; elsewhere 1, 1, 0, 0. Covariance 1/4, pooled variance 6/4 / 5 = 3/10, factor
    /// 1 + 2/4: weight 1/4 / (3/2 * 3/10) = 5/9. With weight 1 the residuals vanish: variance 1/4 / 4 = 1/16.
    #[test]
    fn worked_by_hand() {
        let totals = PpiTotals::new(&[1.0, 0.0], &[1.0, 0.0], &[1.0, 1.0, 0.0, 0.0]).unwrap();
        assert!((ppi(&totals, Tuning::Best).unwrap().weight - 5.0 / 9.0).abs() < 1e-15);
        let full = ppi(&totals, Tuning::Full).unwrap();
        assert_eq!((full.value, full.se), (0.5, 0.25));
        let labels = ppi(&totals, Tuning::Labels).unwrap();
        assert_eq!((labels.value, labels.se), (0.5, 0.125_f64.sqrt()));
    }

    /// Two clusters, each one label: a_g = -+ 1/2 / 2, V = 2 (1/16 + 1/16) = 1/4.
    #[test]
    fn clusters_by_hand() {
        let clusters = PpiTotals::by_cluster(&[1.0, 0.0], &[0.0, 0.0], &[3, 8], &[], &[]).unwrap();
        let found = ppi_mean_clustered(&clusters, Tuning::Labels, Confidence::DEFAULT).unwrap();
        assert_eq!((found.value, found.se, found.clusters), (0.5, Ok(0.5), 2));
    }

    #[test]
    fn undefined_and_malformed() {
        assert_eq!(ppi(&PpiTotals::default(), Tuning::Best), Err(Undefined::TooFew));
        let no_pool = PpiTotals::new(&[1.0, 0.0, 1.0], &[1.0, 0.0, 0.0], &[]).unwrap();
        assert_eq!(ppi(&no_pool, Tuning::Full), Err(Undefined::TooFew));
        assert_eq!(ppi(&no_pool, Tuning::Best).unwrap().weight, 0.0);
        let constant = PpiTotals::new(&[0.0, 0.0], &[0.1, 0.1], &[0.1, 0.1, 0.1]).unwrap();
        let found = ppi(&constant, Tuning::Best).unwrap();
        assert_eq!((found.weight, found.se, found.interval), (0.0, 0.0, Err(Undefined::ZeroVariance)));
        let one = PpiTotals::by_cluster(&[1.0, 0.0], &[1.0, 0.0], &[4, 4], &[], &[]).unwrap();
        let one = ppi_mean_clustered(&one, Tuning::Best, Confidence::DEFAULT).unwrap();
        assert_eq!((one.se, one.interval), (Err(Undefined::SingleCluster), Err(Undefined::SingleCluster)));
        assert!(PpiTotals::new(&[1.0], &[], &[]).is_err());
        assert!(PpiTotals::new(&[1.0], &[f64::NAN], &[]).is_err());
        assert!(PpiTotals::by_cluster(&[1.0], &[1.0], &[], &[], &[]).is_err());
    }

    /// With labels alone and singleton clusters the clustered variance is n/(n-1) times the iid one.
    #[test]
    fn singleton_clusters_give_the_iid_error() {
        let mut random = Arbitrary::new(20);
        for _ in 0..200 {
            let n = 2 + random.below(10);
            let y: Vec<f64> = (0..n).map(|_| f64::from(random.coin(0.4))).collect();
            let f: Vec<f64> = (0..n).map(|_| random.grid(5)).collect();
            let ids: Vec<usize> = (0..n).collect();
            let clusters = PpiTotals::by_cluster(&y, &f, &ids, &[], &[]).unwrap();
            let clustered = ppi_mean_clustered(&clusters, Tuning::Labels, Confidence::DEFAULT).unwrap();
            let iid = ppi(&PpiTotals::sum(&clusters), Tuning::Labels).unwrap();
            let factor = (n as f64 / (n as f64 - 1.0)).sqrt();
            assert!((clustered.se.unwrap() - factor * iid.se).abs() < 1e-12);
        }
    }

    #[test]
    fn the_best_weight_lies_between_labels_and_full() {
        let mut random = Arbitrary::new(21);
        for _ in 0..200 {
            let (n, m) = (2 + random.below(10), 2 + random.below(20));
            let y: Vec<f64> = (0..n).map(|_| f64::from(random.coin(0.4))).collect();
            let f: Vec<f64> = y.iter().map(|y| if random.coin(0.7) { *y } else { random.grid(4) }).collect();
            let pool: Vec<f64> = (0..m).map(|_| random.grid(4)).collect();
            let totals = PpiTotals::new(&y, &f, &pool).unwrap();
            let best = ppi(&totals, Tuning::Best).unwrap();
            assert!((0.0..=1.0).contains(&best.weight) && best.value.is_finite() && best.se.is_finite());
        }
    }
}
