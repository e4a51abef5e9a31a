//! The standard error of an AUC when items come in clusters: the one to report.

use super::delong::logit_interval;
use super::labelled::{LabelledScores, ScoreLevels};
use super::placements::{Placements, auc};
use crate::input::{Clusters, Confidence, InputError, same_length};
use crate::special::t_sf;
use crate::{Interval, Undefined};

/// An AUC with its standard error over clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredAuc {
    /// The AUC.
    pub auc: f64,
    /// Obuchowski's standard error, the default; `single_cluster` with fewer than two clusters of either class.
    pub se: Result<f64, Undefined>,
    /// Infinitesimal jackknife, without small-sample factors, for comparison with other software.
    pub se_infinitesimal_jackknife: Result<f64, Undefined>,
    /// Clusters with at least one item.
    pub clusters: usize,
}

impl ClusteredAuc {
    /// Interval on the logit scale with t(G-1); `zero_variance` at an AUC of 0 or 1 or a standard error of 0.
    pub fn interval(&self, confidence: Confidence) -> Result<Interval, Undefined> {
        let se = self.se?;
        if se == 0.0 {
            return Err(Undefined::ZeroVariance);
        }
        logit_interval(self.auc, se, confidence.student(self.clusters as f64 - 1.0))
    }
}

/// AUC with a standard error that allows any dependence within clusters.
///
/// The default standard error of an AUC here: several responses share a scenario. With few clusters it is approximate
/// (use t(G-1), as [`ClusteredAuc::interval`] does).
///
/// **Inputs**: labels and scores per item; the cluster id of each item.
/// **Returns**: AUC, Obuchowski's standard error, the infinitesimal jackknife's, G.
/// **Undefined**: `one_class`; the standard errors `single_cluster` with fewer than two clusters holding a positive, or
/// fewer than two holding a negative.
/// **Errors**: lengths differ. **Cost**: O(n log n + G).
/// **Source**: Obuchowski (1997), Biometrics 53:567; the jackknife form equals R `survival::concordance(cluster=)` to
/// 3e-16.
pub fn auc_clustered(
    items: &LabelledScores,
    clusters: &[usize],
) -> Result<Result<ClusteredAuc, Undefined>, InputError> {
    same_length("clusters", clusters.len(), items.labels().len())?;
    Ok(Placements::new(items).map(|placements| {
        let (se, jackknife) = standard_errors(&placements, items.labels(), clusters);
        let clusters = Clusters::new(clusters).count();
        ClusteredAuc { auc: placements.auc, se, se_infinitesimal_jackknife: jackknife, clusters }
    }))
}

/// [`auc_clustered`] from counts of both classes per distinct score, one table a cluster: for scores on few levels.
///
/// **Inputs**: one table a cluster; empty ones are left out. **Returns**, **Undefined** and **Source**: as [`auc_clustered`].
/// **Cost**: O(rows of all tables, sorted).
pub fn auc_clustered_of_counts(clusters: &[ScoreLevels]) -> Result<ClusteredAuc, Undefined> {
    let occupied: Vec<&ScoreLevels> = clusters.iter().filter(|levels| !levels.rows().is_empty()).collect();
    let total = ScoreLevels::merged(occupied.iter().copied());
    let auc = auc(&total)?;
    let (m, n) = (total.positives(), total.negatives());
    let mut placements = Vec::with_capacity(total.rows().len());
    let (mut positives_below, mut negatives_below) = (0.0, 0.0);
    for level in total.rows() {
        let v10 = (negatives_below + level.negatives / 2.0) / n;
        let v01 = 1.0 - (positives_below + level.positives / 2.0) / m;
        placements.push((level.score, v10 - auc, v01 - auc));
        positives_below += level.positives;
        negatives_below += level.negatives;
    }
    let mut sums =
        ClusterSums { positives: Vec::new(), negatives: Vec::new(), with_positives: 0.0, with_negatives: 0.0 };
    for levels in &occupied {
        let (mut a, mut b) = (0.0, 0.0);
        for level in levels.rows() {
            let (_, v10, v01) = placements[placements.partition_point(|(score, ..)| *score < level.score)];
            a += level.positives * v10;
            b += level.negatives * v01;
        }
        sums.positives.push(a);
        sums.negatives.push(b);
        sums.with_positives += f64::from(levels.positives() > 0.0);
        sums.with_negatives += f64::from(levels.negatives() > 0.0);
    }
    let (se, se_infinitesimal_jackknife) = errors_of(&sums, m, n);
    Ok(ClusteredAuc { auc, se, se_infinitesimal_jackknife, clusters: occupied.len() })
}

/// Difference of two judges' AUCs with its standard error over clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredAucDifference {
    /// Both AUCs.
    pub areas: [f64; 2],
    /// First minus second.
    pub difference: f64,
    /// Its standard error, or `single_cluster`.
    pub se: Result<f64, Undefined>,
    /// Two-sided p-value from t(G-1), or `zero_variance`.
    pub p: Result<f64, Undefined>,
    /// Interval with t(G-1).
    pub interval: Result<Interval, Undefined>,
    /// Clusters with at least one item.
    pub clusters: usize,
}

/// Difference of the AUCs of two judges on the same clustered items.
///
/// **Inputs**: one label, two scores and one cluster id per item; the two-sided level.
/// **Returns**: difference, standard error, p-value and interval from t(G-1).
/// **Undefined**: `one_class`; `single_cluster`; `zero_variance` where both judges rank alike.
/// **Errors**: lengths differ, or a score is not finite. **Cost**: O(n log n + G).
/// **Source**: Obuchowski (1997), applied to the differences of the placement values.
pub fn auc_clustered_difference(
    labels: &[bool],
    first: &[f64],
    second: &[f64],
    clusters: &[usize],
    confidence: Confidence,
) -> Result<Result<ClusteredAucDifference, Undefined>, InputError> {
    let first = LabelledScores::new(labels, first)?;
    let second = LabelledScores::new(labels, second)?;
    same_length("clusters", clusters.len(), labels.len())?;
    Ok(difference(&first, &second, clusters, confidence))
}

/// [`auc_clustered_difference`] from the ranks of the scores, which are sorted once for many comparisons.
///
/// **Inputs**: one label, two ranks (in any numbering that ascends with the score) and one cluster id per item.
/// **Errors**: lengths differ. **Cost**: O(n + K) and the numbering of the clusters.
///
/// ```
/// use lacuna_stats::{Confidence, auc::{auc_clustered_difference, auc_clustered_difference_of_ranks}};
/// let (labels, clusters) = ([true, true, false, false], [0, 1, 0, 1]);
/// let ranks = auc_clustered_difference_of_ranks(&labels, [&[2, 1, 0, 1], &[0, 1, 0, 1]], &clusters, Confidence::DEFAULT)?;
/// let scores = auc_clustered_difference(&labels, &[0.9, 0.5, 0.1, 0.5], &[0.2, 0.3, 0.2, 0.3], &clusters, Confidence::DEFAULT)?;
/// assert_eq!(ranks, scores);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn auc_clustered_difference_of_ranks(
    labels: &[bool],
    ranks: [&[u32]; 2],
    clusters: &[usize],
    confidence: Confidence,
) -> Result<Result<ClusteredAucDifference, Undefined>, InputError> {
    for own in ranks {
        same_length("ranks", own.len(), labels.len())?;
    }
    same_length("clusters", clusters.len(), labels.len())?;
    let [one, two] = ranks.map(|own| Placements::of_ranks(labels, own));
    Ok((|| difference_of([one?, two?], labels, clusters, confidence))())
}

fn difference(
    first: &LabelledScores,
    second: &LabelledScores,
    clusters: &[usize],
    confidence: Confidence,
) -> Result<ClusteredAucDifference, Undefined> {
    difference_of([Placements::new(first)?, Placements::new(second)?], first.labels(), clusters, confidence)
}

fn difference_of(
    [one, two]: [Placements; 2],
    labels: &[bool],
    ids: &[usize],
    confidence: Confidence,
) -> Result<ClusteredAucDifference, Undefined> {
    let placements = Placements {
        auc: one.auc - two.auc,
        positives: one.positives.iter().zip(&two.positives).map(|(a, b)| a - b).collect(),
        negatives: one.negatives.iter().zip(&two.negatives).map(|(a, b)| a - b).collect(),
    };
    let clusters = Clusters::new(ids);
    let sums = ClusterSums::new(&placements, labels, &clusters);
    let (se, _) = errors_of(&sums, placements.positives.len() as f64, placements.negatives.len() as f64);
    let count = clusters.count();
    let df = count as f64 - 1.0;
    let usable = se.and_then(|se| if se > 1e-12 { Ok(se) } else { Err(Undefined::ZeroVariance) });
    let p = usable.map(|se| 2.0 * t_sf((placements.auc / se).abs(), df));
    let interval = usable.map(|se| {
        let half = confidence.student(df) * se;
        Interval { lower: (placements.auc - half).max(-1.0), upper: (placements.auc + half).min(1.0) }
    });
    Ok(ClusteredAucDifference {
        areas: [one.auc, two.auc],
        difference: placements.auc,
        se,
        p,
        interval,
        clusters: count,
    })
}

/// Obuchowski's standard error and the infinitesimal jackknife's, from the sums of placement values per cluster.
fn standard_errors(
    placements: &Placements,
    labels: &[bool],
    ids: &[usize],
) -> (Result<f64, Undefined>, Result<f64, Undefined>) {
    let clusters = Clusters::new(ids);
    let sums = ClusterSums::new(placements, labels, &clusters);
    errors_of(&sums, placements.positives.len() as f64, placements.negatives.len() as f64)
}

/// The same from the sums of placement values, and the number of positives and negatives.
fn errors_of(sums: &ClusterSums, m: f64, n: f64) -> (Result<f64, Undefined>, Result<f64, Undefined>) {
    if sums.with_positives < 2.0 || sums.with_negatives < 2.0 {
        return (Err(Undefined::SingleCluster), Err(Undefined::SingleCluster));
    }
    let total = sums.positives.len() as f64;
    let (mut aa, mut bb, mut ab, mut jackknife) = (0.0, 0.0, 0.0, 0.0);
    for (a, b) in sums.positives.iter().zip(&sums.negatives) {
        aa += a * a;
        bb += b * b;
        ab += a * b;
        jackknife += (a / m + b / n).powi(2);
    }
    let s10 = sums.with_positives / ((sums.with_positives - 1.0) * m) * aa;
    let s01 = sums.with_negatives / ((sums.with_negatives - 1.0) * n) * bb;
    let s11 = total / (total - 1.0) * ab;
    // S11 may be negative, and with it the sum by rounding or by the unequal factors.
    let variance = (s10 / m + s01 / n + 2.0 * s11 / (m * n)).max(0.0);
    (Ok(variance.sqrt()), Ok(jackknife.sqrt()))
}

/// Centred sums of placement values per cluster.
struct ClusterSums {
    positives: Vec<f64>,
    negatives: Vec<f64>,
    with_positives: f64,
    with_negatives: f64,
}

impl ClusterSums {
    fn new(placements: &Placements, labels: &[bool], clusters: &Clusters) -> Self {
        let mut sums = [vec![0.0; clusters.count()], vec![0.0; clusters.count()]];
        let mut seen = [vec![false; clusters.count()], vec![false; clusters.count()]];
        let (mut positives, mut negatives) = (placements.positives.iter(), placements.negatives.iter());
        for (&label, &cluster) in labels.iter().zip(clusters.index()) {
            let class = usize::from(!label);
            let next = if label { positives.next() } else { negatives.next() };
            sums[class][cluster] += next.map_or(0.0, |value| value - placements.auc);
            seen[class][cluster] = true;
        }
        let [positives, negatives] = sums;
        let [with_positives, with_negatives] = seen.map(|seen| seen.iter().filter(|seen| **seen).count() as f64);
        Self { positives, negatives, with_positives, with_negatives }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::auc::delong;

    /// Positives 3, 1 and negatives 2, 0 in clusters {3, 2}, {1, 0}: AUC = 3/4, V10 - AUC = 1/4, -1/4 and
    /// V01 - AUC = -1/4, 1/4. Each S10 = S01 = 2/(1*2) * 1/8 = 1/8, S11 = 2 * -1/8 = -1/4:
    /// variance 1/16 + 1/16 - 2/4 * 1/4 = 0, and the infinitesimal jackknife is 0 as well.
    #[test]
    fn worked_by_hand() {
        let items = LabelledScores::new(&[true, false, true, false], &[3.0, 2.0, 1.0, 0.0]).unwrap();
        let estimate = auc_clustered(&items, &[5, 5, 9, 9]).unwrap().unwrap();
        assert_eq!(estimate.auc, 0.75);
        assert_eq!((estimate.se, estimate.se_infinitesimal_jackknife), (Ok(0.0), Ok(0.0)));
        assert_eq!(estimate.interval(Confidence::DEFAULT), Err(Undefined::ZeroVariance));
    }

    /// With every item its own cluster, S11 = 0 and Obuchowski's variance is DeLong's.
    #[test]
    fn singleton_clusters_give_delong() {
        let mut random = Arbitrary::new(2);
        let mut compared = 0;
        for _ in 0..200 {
            let n = 2 + random.below(12);
            let labels: Vec<bool> = (0..n).map(|_| random.coin(0.5)).collect();
            let scores: Vec<f64> = (0..n).map(|_| random.grid(5)).collect();
            let items = LabelledScores::new(&labels, &scores).unwrap();
            let ids: Vec<usize> = (0..n).collect();
            let (Ok(clustered), Ok(iid)) = (auc_clustered(&items, &ids).unwrap(), delong(&items, Confidence::DEFAULT))
            else {
                continue;
            };
            match (clustered.se, iid.variance) {
                (Ok(se), Ok(variance)) => {
                    assert!((se * se - variance).abs() < 1e-14);
                    compared += 1;
                }
                (clustered, iid) => assert_eq!((clustered.is_err(), iid.is_err()), (true, true)),
            }
        }
        assert!(compared > 100, "{compared}");
    }

    #[test]
    fn undefined_with_its_reason() {
        let items = LabelledScores::new(&[true, false, true], &[0.2, 0.1, 0.9]).unwrap();
        let estimate = auc_clustered(&items, &[1, 1, 1]).unwrap().unwrap();
        assert_eq!(estimate.se, Err(Undefined::SingleCluster));
        assert_eq!(estimate.interval(Confidence::DEFAULT), Err(Undefined::SingleCluster));
        assert!(auc_clustered(&items, &[1]).is_err());
        let labels = [true, false, true, false];
        let alike = auc_clustered_difference(
            &labels,
            &[3.0, 2.0, 1.0, 0.0],
            &[9.0, 8.0, 7.0, 6.0],
            &[1, 2, 3, 4],
            Confidence::DEFAULT,
        );
        let alike = alike.unwrap().unwrap();
        assert_eq!((alike.difference, alike.p), (0.0, Err(Undefined::ZeroVariance)));
        let one_class = auc_clustered_difference(&[true], &[1.0], &[1.0], &[1], Confidence::DEFAULT);
        assert_eq!(one_class.unwrap(), Err(Undefined::OneClass));
    }

    /// Judge A separates, B has one inversion: A - B = 1 - 3/4 = 1/4; swapped, the sign turns and p stays.
    #[test]
    fn swapping_the_judges_turns_the_sign() {
        let labels = [true, true, false, false];
        let (a, b) = ([4.0, 3.0, 2.0, 1.0], [4.0, 1.0, 3.0, 0.0]);
        let ids = [1, 2, 3, 4];
        let one = auc_clustered_difference(&labels, &a, &b, &ids, Confidence::DEFAULT).unwrap().unwrap();
        let two = auc_clustered_difference(&labels, &b, &a, &ids, Confidence::DEFAULT).unwrap().unwrap();
        assert_eq!((one.difference, two.difference), (0.25, -0.25));
        assert_eq!(one.p, two.p);
        let interval = one.interval.unwrap();
        assert!(interval.lower <= 0.25 && 0.25 <= interval.upper);
    }

    #[test]
    fn counts_give_what_items_give() {
        let labels: Vec<bool> = (0..40).map(|item| item % 3 == 0).collect();
        let scores: Vec<f64> = (0..40).map(|item| f64::from((item * 7 + item / 5) % 4)).collect();
        let clusters: Vec<usize> = (0..40).map(|item| item / 6).collect();
        let items = LabelledScores::new(&labels, &scores).unwrap();
        let of_items = auc_clustered(&items, &clusters).unwrap().unwrap();
        let table = |cluster: usize| {
            let (labels, scores): (Vec<bool>, Vec<f64>) =
                (0..40).filter(|item| clusters[*item] == cluster).map(|item| (labels[item], scores[item])).unzip();
            LabelledScores::new(&labels, &scores).unwrap().levels()
        };
        let of_counts = auc_clustered_of_counts(&(0..8).map(table).collect::<Vec<_>>()).unwrap();
        assert!((of_items.auc - of_counts.auc).abs() < 1e-14 && of_items.clusters == of_counts.clusters);
        assert!((of_items.se.unwrap() - of_counts.se.unwrap()).abs() < 1e-14);
        let one = LabelledScores::new(&labels[..1], &scores[..1]).unwrap().levels();
        assert_eq!(auc_clustered_of_counts(&[one]), Err(Undefined::OneClass));
    }
}
