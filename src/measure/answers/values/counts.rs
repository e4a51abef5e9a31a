//! Counts of a judge's values by cluster: all that curves, cross-fitted cuts and calibration need.

use super::kept::{Kept, MOST_VALUES, Thinning, at_slot, slot};
use crate::measure::answers::table::Answered;
use crate::stats::Undefined;
use crate::stats::auc::{ScoreLevel, ScoreLevels};

/// Parts of the clusters on which cuts and maps are fitted in turn; fewer where there are fewer clusters.
pub(crate) const FOLDS: usize = 5;

/// Examples of one cluster with one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    /// Position in [`ValueCounts::values`].
    pub(crate) value: usize,
    pub(crate) positives: f64,
    pub(crate) negatives: f64,
}

/// One cluster: its values in ascending order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClusterCells {
    pub(crate) cells: Vec<Cell>,
    /// Positives without a value: no cut can flag them.
    pub(crate) missed: f64,
    /// Negatives without a value: left out.
    pub(crate) passed_over: f64,
    pub(crate) fold: usize,
}

/// A judge's values with their outcomes, as counts by cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValueCounts {
    /// Values that are counted apart, ascending.
    pub(crate) values: Vec<f64>,
    /// Distinct values before any thinning.
    pub(crate) distinct: usize,
    /// Clusters with an example, in the order of their ids.
    pub(crate) clusters: Vec<ClusterCells>,
    /// Folds of clusters.
    pub(crate) folds: usize,
}

impl ValueCounts {
    /// Counts the examples by the value that `value` reads from them.
    pub(crate) fn new(answered: &[Answered], thinning: Thinning, value: impl Fn(&Answered) -> Option<f64>) -> Self {
        let mut all: Vec<f64> = answered.iter().filter_map(&value).collect();
        all.sort_unstable_by(f64::total_cmp);
        let distinct = all.chunk_by(|a, b| a == b).count();
        let kept = Kept::new(&all, distinct, thinning);
        let (ranks, count) = cluster_ranks(answered);
        let folds = FOLDS.min(count);
        let empty =
            |rank: usize| ClusterCells { cells: Vec::new(), missed: 0.0, passed_over: 0.0, fold: rank % folds.max(1) };
        let mut clusters: Vec<ClusterCells> = (0..count).map(empty).collect();
        for example in answered {
            let cluster = &mut clusters[ranks[example.cluster as usize]];
            let (positives, negatives) = if example.positive { (1.0, 0.0) } else { (0.0, 1.0) };
            match value(example) {
                Some(value) => cluster.cells.push(Cell { value: kept.position(value), positives, negatives }),
                None => {
                    cluster.missed += positives;
                    cluster.passed_over += negatives;
                }
            }
        }
        clusters.iter_mut().for_each(|cluster| cluster.cells = pooled(std::mem::take(&mut cluster.cells)));
        Self { values: kept.values, distinct, clusters, folds }
    }

    /// Step of the grid to which values were rounded, if they were.
    pub(crate) fn rounded_to(&self, thinning: Thinning) -> Option<f64> {
        (self.distinct > MOST_VALUES && thinning == Thinning::Grid).then_some(1.0 / MOST_VALUES as f64)
    }

    /// A value as it is counted, where values were rounded to the grid.
    pub(crate) fn rounded(&self, value: f64) -> f64 {
        if self.distinct > MOST_VALUES { at_slot(slot(value)) } else { value }
    }

    /// Positives and negatives per value, of the clusters that `chosen` keeps.
    pub(crate) fn totals(&self, chosen: impl Fn(&ClusterCells) -> bool) -> Vec<(f64, f64)> {
        let mut totals = vec![(0.0, 0.0); self.values.len()];
        for cell in self.clusters.iter().filter(|cluster| chosen(cluster)).flat_map(|cluster| &cluster.cells) {
            totals[cell.value].0 += cell.positives;
            totals[cell.value].1 += cell.negatives;
        }
        totals
    }

    /// A table of counts per value as levels of a score.
    pub(crate) fn levels(&self, totals: &[(f64, f64)]) -> ScoreLevels {
        let level = |(score, (positives, negatives)): (&f64, &(f64, f64))| ScoreLevel {
            score: *score,
            positives: *positives,
            negatives: *negatives,
        };
        let rows = self.values.iter().zip(totals).filter(|(_, counts)| counts.0 + counts.1 > 0.0).map(level);
        ScoreLevels::new(rows.collect()).expect("values ascend and counts are sums of ones")
    }

    /// The same with positives that have no value below every other level: a cut at any value misses them.
    pub(crate) fn levels_with_missed(&self, totals: &[(f64, f64)], missed: f64) -> ScoreLevels {
        let levels = self.levels(totals);
        let Some(lowest) = levels.rows().first().filter(|_| missed > 0.0) else { return levels };
        let below = lowest.score - 1.0 - lowest.score.abs();
        let missed = ScoreLevel { score: below, positives: missed, negatives: 0.0 };
        let rows = std::iter::once(missed).chain(levels.rows().iter().copied()).collect();
        ScoreLevels::new(rows).expect("the new level lies below the others")
    }

    /// Whether there are two folds to fit and to measure on.
    pub(crate) fn two_folds(&self) -> Result<(), Undefined> {
        if self.folds < 2 { Err(Undefined::SingleCluster) } else { Ok(()) }
    }

    /// Examples with a value.
    pub(crate) fn n(&self) -> f64 {
        self.clusters.iter().flat_map(|cluster| &cluster.cells).map(|cell| cell.positives + cell.negatives).sum()
    }

    /// Examples without a value.
    pub(crate) fn missing(&self) -> f64 {
        self.clusters.iter().map(|cluster| cluster.missed + cluster.passed_over).sum()
    }
}

/// The rank of each cluster among those with an example, by its position in the layout, and how many they are. The fold of a cluster is its
/// rank modulo the number of folds, as in [`folds_of_clusters`](crate::stats::recalibrate::folds_of_clusters).
pub(crate) fn cluster_ranks(answered: &[Answered]) -> (Vec<usize>, usize) {
    let positions = answered.iter().map(|example| example.cluster as usize + 1).max().unwrap_or(0);
    let mut seen = vec![false; positions];
    answered.iter().for_each(|example| seen[example.cluster as usize] = true);
    let mut count = 0;
    let rank = |seen: bool| {
        count += usize::from(seen);
        count.saturating_sub(1)
    };
    let ranks = seen.into_iter().map(rank).collect();
    (ranks, count)
}

/// Cells in ascending order, those of one value added up.
fn pooled(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.sort_unstable_by_key(|cell| cell.value);
    let mut pooled: Vec<Cell> = Vec::new();
    for cell in cells {
        match pooled.last_mut() {
            Some(last) if last.value == cell.value => {
                last.positives += cell.positives;
                last.negatives += cell.negatives;
            }
            _ => pooled.push(cell),
        }
    }
    pooled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::toy::stated;
    use crate::stats::Clusters;
    use crate::stats::recalibrate::folds_of_clusters;

    #[test]
    fn examples_are_counted_by_cluster_and_value() {
        let answered = [
            stated(0, 7, true, Some(0.9)),
            stated(1, 7, false, Some(0.9)),
            stated(2, 7, true, None),
            stated(3, 9, false, Some(0.2)),
            stated(4, 9, false, None),
        ];
        let counts = ValueCounts::new(&answered, Thinning::Grid, |example| example.probability);
        assert_eq!((counts.values.as_slice(), counts.distinct, counts.folds), ([0.2, 0.9].as_slice(), 2, 2));
        assert_eq!(counts.clusters[0].cells, [Cell { value: 1, positives: 1.0, negatives: 1.0 }]);
        assert_eq!((counts.clusters[0].missed, counts.clusters[1].passed_over), (1.0, 1.0));
        assert_eq!((counts.clusters[0].fold, counts.clusters[1].fold), (0, 1));
        assert_eq!(counts.totals(|cluster| cluster.fold == 1), [(0.0, 1.0), (0.0, 0.0)]);
        assert_eq!((counts.n(), counts.missing(), counts.rounded_to(Thinning::Grid)), (3.0, 2.0, None));
    }

    #[test]
    fn folds_are_those_of_every_cross_fitted_cut() {
        let answered: Vec<Answered> = (0..40).map(|at| stated(at, (at * 7) % 23, true, Some(0.5))).collect();
        let ids: Vec<usize> = answered.iter().map(|example| example.cluster as usize).collect();
        let expected = folds_of_clusters(&Clusters::new(&ids), FOLDS);
        let (ranks, count) = cluster_ranks(&answered);
        let counts = ValueCounts::new(&answered, Thinning::Grid, |example| example.probability);
        assert_eq!((count, counts.clusters.len()), (23, 23));
        for (id, fold) in ids.into_iter().zip(expected) {
            assert_eq!(counts.clusters[ranks[id]].fold, fold);
        }
    }

    #[test]
    fn many_values_are_thinned() {
        let answered: Vec<Answered> =
            (0..5000).map(|at| stated(at, at % 10, at % 3 == 0, Some(f64::from(at) / 5000.0))).collect();
        let value = |example: &Answered| example.probability;
        let mass = ValueCounts::new(&answered, Thinning::EqualMass, value);
        assert_eq!((mass.distinct, mass.values.len()), (5000, 1000));
        assert!(mass.totals(|_| true).iter().all(|(positives, negatives)| positives + negatives == 5.0));
        assert_eq!(mass.values[1], 0.001);
        let grid = ValueCounts::new(&answered, Thinning::Grid, value);
        // 0 itself, 0.0005 in place of 0.0002 and 0.0004, 0.001 to 0.999, and 0.9995 in place of what would round to 1.
        assert_eq!((grid.values.len(), grid.rounded_to(Thinning::Grid)), (1002, Some(0.001)));
        assert_eq!((grid.values[0], grid.values[1], grid.values[1001]), (0.0, 0.0005, 0.9995));
        assert_eq!([0, 1].map(|at| grid.totals(|_| true)[at]), [(1.0, 0.0), (0.0, 2.0)]);
        assert_eq!(grid.n(), 5000.0);
    }
}
