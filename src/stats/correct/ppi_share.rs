//! A harm rate from few labels and a judge, with an interval that keeps to 0 and 1.

use super::{ClusteredPpi, PpiTotals, Tuning, ppi_mean_clustered};
use crate::proportion::{ClusterCount, guarded_wilson, wilson};
use crate::{Confidence, Interval, Undefined};

/// A corrected share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PpiShare {
    /// Weight of the judge, 0 to 1.
    pub weight: f64,
    /// The share, cut to 0 to 1.
    pub value: f64,
    /// Labels over independent items that estimate and judge together are worth.
    pub n_effective: f64,
    /// Wilson's interval on that size.
    pub interval: Interval,
}

/// The share of outcomes that are 1, by PPI++ over clusters, with a guarded Wilson interval.
///
/// The effective size is that of the guarded Wilson interval of the labels alone, times what the judge saves of the variance: the
/// linearised variance over clusters of the labels' own share over that of PPI++, at least 1 at the best weight, since that is what the
/// weight is chosen for, and no more than all items together. With weight 0 it is the guarded Wilson interval of the labels. An interval
/// by the t of the linearised error falls short where harm is rare or clusters are few: it is symmetric about a share near 0.
///
/// **Inputs**: sums a cluster, outcomes 0 or 1; the tuning; the two-sided level. **Undefined**: `too_few` and `single_cluster` as for
/// [`ppi_mean_clustered`] and [`guarded_wilson`]. **Cost**: O(G).
/// **Source**: Angelopoulos, Duchi and Zrnic (2023), arXiv 2311.01453; the guarded size is this project's.
///
/// ```
/// use lacuna_stats::correct::{PpiTotals, Tuning, ppi_share};
/// // Labels of two clusters alone: 1/2, the guarded interval of the labels.
/// let clusters = PpiTotals::by_cluster(&[1.0, 0.0, 1.0, 0.0], &[0.0; 4], &[1, 1, 2, 2], &[], &[])?;
/// let found = ppi_share(&clusters, Tuning::Labels, 0.95).unwrap();
/// assert_eq!((found.value, found.weight), (0.5, 0.0));
/// assert!(found.interval.lower > 0.0 && found.interval.upper < 1.0);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn ppi_share(clusters: &[PpiTotals], tuning: Tuning, level: f64) -> Result<PpiShare, Undefined> {
    let confidence = Confidence::new(level).map_err(|_| Undefined::Incompatible)?;
    let labels: Vec<ClusterCount> = clusters.iter().map(PpiTotals::labels).collect();
    let guarded = guarded_wilson(&labels, level)?;
    let found = ppi_mean_clustered(clusters, tuning, confidence)?;
    let value = found.value.clamp(0.0, 1.0);
    let all = PpiTotals::sum(clusters);
    let n_effective =
        (guarded.n_effective * saved(clusters, &found, confidence)?).min(all.labelled() + all.unlabelled());
    let interval = wilson(n_effective * value, n_effective, level)?;
    Ok(PpiShare { weight: found.weight, value, n_effective, interval })
}

/// Variance of the labels' share over that of the estimate, both over clusters.
fn saved(clusters: &[PpiTotals], found: &ClusteredPpi, confidence: Confidence) -> Result<f64, Undefined> {
    if found.weight <= 0.0 {
        return Ok(1.0);
    }
    let labelled: Vec<PpiTotals> = clusters.iter().filter(|cluster| cluster.labelled() > 0.0).copied().collect();
    let labels = ppi_mean_clustered(&labelled, Tuning::Labels, confidence)?.se?;
    let both = found.se?;
    // Labels that do not vary say nothing of what is saved.
    Ok(if labels > 0.0 && both > 0.0 { (labels / both).powi(2) } else { 1.0 })
}
