//! The AUC without one cluster, from sums over clusters.

use super::labelled::LabelledScores;
use super::placements::Placements;
use crate::Undefined;
use crate::input::{InputError, same_length};

/// What one cluster has in the pairs of positives and negatives.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct ClusterPairs {
    positives: f64,
    negatives: f64,
    /// Pairs won by its positives, against any negative.
    won_by_positives: f64,
    /// Pairs won against its negatives, by any positive.
    won_over_negatives: f64,
    /// Pairs won within the cluster: they are in both sums.
    within: f64,
}

/// Pairs won of an AUC by cluster: all that its delete-one-cluster jackknife needs.
///
/// For differences of AUCs, whose jackknife takes the same cluster out of both. One AUC has
/// [`super::auc_clustered`].
///
/// **Cost**: O(n log n), then O(1) a value. **Source**: the Mann-Whitney form; leaving a cluster out takes away the pairs
/// of its positives and those of its negatives, and gives back the pairs that were taken twice.
///
/// ```
/// use lacuna_stats::auc::{LabelledScores, PairSums};
/// // Clusters 0 and 1. Positive 0.8 beats both negatives; positive 0.4 beats 0.1 and ties 0.4: 3.5 of 4.
/// let (labels, scores) = ([true, false, true, false], [0.8, 0.4, 0.4, 0.1]);
/// let sums = PairSums::new(&LabelledScores::new(&labels, &scores)?, &[0, 0, 1, 1], 2)?;
/// assert_eq!(sums.auc(None), Ok(0.875));
/// // Without cluster 1: 0.8 beats 0.4.
/// assert_eq!(sums.auc(Some(1)), Ok(1.0));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PairSums {
    clusters: Vec<ClusterPairs>,
    won: f64,
    positives: f64,
    negatives: f64,
}

impl PairSums {
    /// The sums of items in clusters 0 to `count` - 1.
    ///
    /// **Errors**: lengths differ, or a cluster is `count` or more.
    pub fn new(items: &LabelledScores, clusters: &[usize], count: usize) -> Result<Self, InputError> {
        same_length("clusters", clusters.len(), items.labels().len())?;
        if let Some(index) = clusters.iter().position(|cluster| *cluster >= count) {
            let value = clusters[index] as f64;
            return Err(InputError::OutOfRange { what: "clusters", index, value, allowed: "below their number" });
        }
        let mut sums = vec![ClusterPairs::default(); count];
        for (label, cluster) in items.labels().iter().zip(clusters) {
            let class = if *label { &mut sums[*cluster].positives } else { &mut sums[*cluster].negatives };
            *class += 1.0;
        }
        let total = |class: fn(&ClusterPairs) -> f64| sums.iter().map(class).sum::<f64>();
        let (positives, negatives) = (total(|sums| sums.positives), total(|sums| sums.negatives));
        let mut won = 0.0;
        if let Ok(placements) = Placements::new(items) {
            won = placements.auc * positives * negatives;
            let (mut of_positives, mut of_negatives) = (placements.positives.iter(), placements.negatives.iter());
            for (label, cluster) in items.labels().iter().zip(clusters) {
                match label {
                    true => sums[*cluster].won_by_positives += of_positives.next().map_or(0.0, |v| v * negatives),
                    false => sums[*cluster].won_over_negatives += of_negatives.next().map_or(0.0, |v| v * positives),
                }
            }
            within(items, clusters, &mut sums);
        }
        Ok(Self { clusters: sums, won, positives, negatives })
    }

    /// The AUC of all clusters, or without one of them.
    ///
    /// **Undefined**: `OneClass`; of all clusters `NoData` without items.
    pub fn auc(&self, without: Option<usize>) -> Result<f64, Undefined> {
        let left = without.map_or_else(ClusterPairs::default, |cluster| self.clusters[cluster]);
        let pairs = (self.positives - left.positives) * (self.negatives - left.negatives);
        if self.positives + self.negatives == 0.0 {
            return Err(Undefined::NoData);
        }
        if pairs <= 0.0 {
            return Err(Undefined::OneClass);
        }
        let won = self.won - left.won_by_positives - left.won_over_negatives + left.within;
        Ok((won / pairs).clamp(0.0, 1.0))
    }

    /// Items.
    pub fn items(&self) -> f64 {
        self.positives + self.negatives
    }

    /// Whether a cluster holds an item.
    pub fn holds(&self, cluster: usize) -> bool {
        self.clusters[cluster].positives + self.clusters[cluster].negatives > 0.0
    }

    /// Clusters with a positive, or those with a negative, whichever are fewer: they carry the variance.
    pub fn fewest_clusters(&self) -> usize {
        let with = |class: fn(&ClusterPairs) -> f64| self.clusters.iter().filter(|sums| class(sums) > 0.0).count();
        with(|sums| sums.positives).min(with(|sums| sums.negatives))
    }
}

/// Counts the pairs won within each cluster.
fn within(items: &LabelledScores, clusters: &[usize], sums: &mut [ClusterPairs]) {
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    let scores = items.scores();
    order.sort_by(|a, b| clusters[*a].cmp(&clusters[*b]).then(scores[*a].total_cmp(&scores[*b])));
    for members in order.chunk_by(|a, b| clusters[*a] == clusters[*b]) {
        let (mut below, mut won) = (0.0, 0.0);
        for tied in members.chunk_by(|a, b| scores[*a] == scores[*b]) {
            let positives = tied.iter().filter(|item| items.labels()[**item]).count() as f64;
            let negatives = tied.len() as f64 - positives;
            won += positives * (below + negatives / 2.0);
            below += negatives;
        }
        sums[clusters[members[0]]].within = won;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::auc::auc;

    /// What is left after a cluster is the AUC of the rest, computed anew.
    #[test]
    fn leaving_a_cluster_out_is_the_auc_of_the_rest() {
        let mut random = Arbitrary::new(41);
        for _ in 0..200 {
            let n = 4 + random.below(20);
            let labels: Vec<bool> = (0..n).map(|_| random.below(2) == 1).collect();
            let scores: Vec<f64> = (0..n).map(|_| random.below(5) as f64 / 4.0).collect();
            let clusters: Vec<usize> = (0..n).map(|_| random.below(4)).collect();
            let sums = PairSums::new(&LabelledScores::new(&labels, &scores).unwrap(), &clusters, 4).unwrap();
            for without in [None, Some(0), Some(1), Some(2), Some(3)] {
                let kept: Vec<usize> = (0..n).filter(|item| Some(clusters[*item]) != without).collect();
                let labels: Vec<bool> = kept.iter().map(|item| labels[*item]).collect();
                let scores: Vec<f64> = kept.iter().map(|item| scores[*item]).collect();
                let expected = auc(&LabelledScores::new(&labels, &scores).unwrap().levels());
                match (sums.auc(without), expected) {
                    (Ok(found), Ok(expected)) => assert!((found - expected).abs() < 1e-12),
                    (found, expected) => assert_eq!(found.is_err(), expected.is_err()),
                }
            }
        }
    }

    #[test]
    fn undefined_and_malformed() {
        let sums = |labels: &[bool], clusters: &[usize]| {
            let scores = vec![0.5; labels.len()];
            PairSums::new(&LabelledScores::new(labels, &scores).unwrap(), clusters, 2)
        };
        assert_eq!(sums(&[], &[]).unwrap().auc(None), Err(Undefined::NoData));
        assert_eq!(sums(&[true, true], &[0, 1]).unwrap().auc(None), Err(Undefined::OneClass));
        let both = sums(&[true, false, false], &[0, 0, 1]).unwrap();
        assert_eq!((both.auc(None), both.auc(Some(0))), (Ok(0.5), Err(Undefined::OneClass)));
        assert_eq!((both.fewest_clusters(), both.items(), both.holds(1)), (1, 3.0, true));
        assert!(sums(&[true], &[2]).is_err() && sums(&[true], &[]).is_err());
    }
}
