//! Prediction-powered inference for a mean: few labels, many judged items.

use super::PpiTotals;
use crate::input::Confidence;
use crate::{Interval, Undefined};

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
/// **Source**: Angelopoulos et al. (2023), Science 382:669; Angelopoulos, Duchi and Zrnic (2023, arXiv 2311.01453)
/// for the weight; population variances as ppi-python 0.2.3, agrees with it to 1e-9.
///
/// ```
/// use lacuna_stats::{Confidence, correct::{PpiTotals, Tuning, ppi_mean}};
/// // Labels 1, 0 judged 1, 1; elsewhere 1, 0: judge's mean 1/2, less its error 1 - 1/2.
/// let totals = PpiTotals::new(&[1.0, 0.0], &[1.0, 1.0], &[1.0, 0.0])?;
/// assert_eq!(ppi_mean(&totals, Tuning::Full, Confidence::DEFAULT).unwrap().value, 0.0);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn ppi_mean(totals: &PpiTotals, tuning: Tuning, confidence: Confidence) -> Result<Ppi, Undefined> {
    let weight = usable_weight(totals, tuning)?;
    let (value, se) = (totals.estimate(weight), totals.variance_of_estimate(weight).sqrt());
    Ok(Ppi { weight, value, se, interval: around(value, confidence.normal() * se) })
}

/// The weight, where there are items enough for it.
fn usable_weight(totals: &PpiTotals, tuning: Tuning) -> Result<f64, Undefined> {
    if totals.labelled() < 2.0 {
        return Err(Undefined::TooFew);
    }
    let weight = match tuning {
        Tuning::Labels => 0.0,
        Tuning::Full => 1.0,
        Tuning::Best => totals.best_weight(),
    };
    if weight > 0.0 && totals.unlabelled() < 2.0 { Err(Undefined::TooFew) } else { Ok(weight) }
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
/// w (f - mean)/N, V = G/(G-1) sum a_g^2. In simulation 93% of the 95% intervals hold with 18 clusters: for fewer, take the
/// cluster jackknife of [`ppi_mean`].
pub fn ppi_mean_clustered(
    clusters: &[PpiTotals],
    tuning: Tuning,
    confidence: Confidence,
) -> Result<ClusteredPpi, Undefined> {
    let used: Vec<&PpiTotals> =
        clusters.iter().filter(|cluster| cluster.labelled() + cluster.unlabelled() > 0.0).collect();
    let totals = PpiTotals::sum(clusters);
    let weight = usable_weight(&totals, tuning)?;
    let value = totals.estimate(weight);
    let squares: f64 = used.iter().map(|cluster| totals.part(cluster, weight).powi(2)).sum();
    let count = used.len() as f64;
    let se = if used.len() < 2 { Err(Undefined::SingleCluster) } else { Ok((count / (count - 1.0) * squares).sqrt()) };
    let interval = se.and_then(|se| around(value, confidence.student(count - 1.0) * se));
    Ok(ClusteredPpi { weight, value, se, interval, clusters: used.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn ppi(totals: &PpiTotals, tuning: Tuning) -> Result<Ppi, Undefined> {
        ppi_mean(totals, tuning, Confidence::DEFAULT)
    }

    /// Labels 1, 0 judged 1, 0; elsewhere 1, 1, 0, 0. With weight 1 the residuals vanish: variance 1/4 / 4 = 1/16.
    #[test]
    fn worked_by_hand() {
        let totals = PpiTotals::new(&[1.0, 0.0], &[1.0, 0.0], &[1.0, 1.0, 0.0, 0.0]).unwrap();
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
    fn undefined_with_its_reason() {
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
