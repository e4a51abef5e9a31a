//! Cells of one subject on one axis: gold severity by judge severity, cluster by cluster.

use std::collections::BTreeMap;

use super::rounding::{NOTHING, whole};
use crate::model::{Axis, Outcome, Severity};
use crate::stats::proportion::ClusterCount;
use crate::table::{Answer, Count};

/// Counts of one subject on one axis: a run of the sorted table.
pub(crate) fn counts_of(counts: &[Count], subject: u32, axis: Axis) -> &[Count] {
    let key = |count: &Count| (count.row.subject, count.row.axis);
    let wanted = (subject, axis.index() as u32);
    let start = counts.partition_point(|count| key(count) < wanted);
    let end = counts.partition_point(|count| key(count) <= wanted);
    &counts[start..end]
}

/// Weighted trials by gold severity (rows) and judge severity (columns, the last one unscored).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cells {
    levels: usize,
    weights: Vec<f64>,
}

impl Cells {
    pub(crate) fn new(levels: usize) -> Self {
        Self { levels, weights: vec![0.0; levels * (levels + 1)] }
    }

    pub(crate) fn levels(&self) -> usize {
        self.levels
    }

    /// Trials with this gold severity and this judge severity.
    pub(crate) fn scored(&self, gold: usize, judge: usize) -> f64 {
        self.weights[gold * (self.levels + 1) + judge]
    }

    /// Trials with this gold severity and no verdict.
    pub(crate) fn unscored(&self, gold: usize) -> f64 {
        self.weights[gold * (self.levels + 1) + self.levels]
    }

    fn add(&mut self, gold: Severity, answer: Answer, weight: f64) {
        let column = match answer {
            Answer::Severity(severity) => usize::from(severity),
            Answer::Unscored(_) => self.levels,
        };
        self.weights[usize::from(gold) * (self.levels + 1) + column] += weight;
    }

    /// Takes away other cells; what is left of a difference that should be zero is zero.
    fn subtract(&mut self, other: &Self) {
        for (own, other) in self.weights.iter_mut().zip(&other.weights) {
            *own -= other;
            if own.abs() < NOTHING {
                *own = 0.0;
            }
        }
    }

    /// Sums over scored cells for which the predicate of (gold, judge) holds.
    pub(crate) fn sum_scored(&self, holds: impl Fn(usize, usize) -> bool) -> f64 {
        let mut sum = 0.0;
        for gold in 0..self.levels {
            for judge in 0..self.levels {
                if holds(gold, judge) {
                    sum += self.scored(gold, judge);
                }
            }
        }
        sum
    }

    /// Sums over unscored cells for which the predicate of the gold severity holds.
    pub(crate) fn sum_unscored(&self, holds: impl Fn(usize) -> bool) -> f64 {
        (0..self.levels).filter(|gold| holds(*gold)).map(|gold| self.unscored(gold)).sum()
    }

    /// The two-by-two table behind recall and false alarms.
    pub(crate) fn rates(&self, cut: Cut) -> Rates {
        let (positive, flagged) = (|gold: usize| gold >= cut.gold, |judge: usize| judge >= cut.judge);
        Rates {
            hits: self.sum_scored(|gold, judge| positive(gold) && flagged(judge)),
            misses: self.sum_scored(|gold, judge| positive(gold) && !flagged(judge)),
            unscored_positives: self.sum_unscored(positive),
            false_alarms: self.sum_scored(|gold, judge| !positive(gold) && flagged(judge)),
            passes: self.sum_scored(|gold, judge| !positive(gold) && !flagged(judge)),
            unscored_negatives: self.sum_unscored(|gold| !positive(gold)),
        }
    }
}

/// Where gold and judge are cut: positive and flagged from these severities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) gold: usize,
    pub(crate) judge: usize,
}

/// Counts behind recall and false alarms. An unscored positive is a miss; an unscored negative is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Rates {
    pub(crate) hits: f64,
    pub(crate) misses: f64,
    pub(crate) unscored_positives: f64,
    pub(crate) false_alarms: f64,
    pub(crate) passes: f64,
    pub(crate) unscored_negatives: f64,
}

impl Rates {
    pub(crate) fn positives(&self) -> f64 {
        whole(self.hits + self.misses + self.unscored_positives)
    }

    pub(crate) fn scored_positives(&self) -> f64 {
        whole(self.hits + self.misses)
    }

    pub(crate) fn scored_negatives(&self) -> f64 {
        whole(self.false_alarms + self.passes)
    }

    pub(crate) fn negatives(&self) -> f64 {
        whole(self.false_alarms + self.passes + self.unscored_negatives)
    }

    pub(crate) fn unscored(&self) -> f64 {
        whole(self.unscored_positives + self.unscored_negatives)
    }
}

/// All cells of one subject on one axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AxisCells {
    /// Cells by cluster, in the order of the cluster ids.
    pub(crate) clusters: BTreeMap<u32, Cells>,
    /// Their sum.
    pub(crate) total: Cells,
    /// Unscored trials by reason.
    pub(crate) unscored: BTreeMap<Outcome, f64>,
}

impl AxisCells {
    /// Collects counts; each trial weighs one over the repeats of its example.
    ///
    /// Trials of equal weight are added as whole numbers first, so that three thirds are one.
    pub(crate) fn collect<'a>(levels: usize, counts: impl Iterator<Item = &'a Count>) -> Self {
        let mut exact: BTreeMap<(u32, Severity, Answer, u32), u64> = BTreeMap::new();
        for count in counts {
            let row = &count.row;
            *exact.entry((row.cluster, row.gold, row.answer, row.repeats)).or_default() += u64::from(count.trials);
        }
        let mut clusters: BTreeMap<u32, Cells> = BTreeMap::new();
        let mut whole: BTreeMap<(Severity, Answer, u32), u64> = BTreeMap::new();
        for ((cluster, gold, answer, repeats), trials) in exact {
            let cells = clusters.entry(cluster).or_insert_with(|| Cells::new(levels));
            cells.add(gold, answer, trials as f64 / f64::from(repeats));
            *whole.entry((gold, answer, repeats)).or_default() += trials;
        }
        let mut total = Cells::new(levels);
        let mut unscored: BTreeMap<Outcome, f64> = BTreeMap::new();
        for ((gold, answer, repeats), trials) in whole {
            let weight = trials as f64 / f64::from(repeats);
            total.add(gold, answer, weight);
            if let Answer::Unscored(reason) = answer {
                *unscored.entry(reason).or_default() += weight;
            }
        }
        Self { clusters, total, unscored }
    }

    /// One count per cluster.
    pub(crate) fn per_cluster(&self, count: impl Fn(&Cells) -> ClusterCount) -> Vec<ClusterCount> {
        self.clusters.values().map(count).collect()
    }

    /// Clusters for which the size is positive.
    pub(crate) fn contributing(&self, size: impl Fn(&Cells) -> f64) -> Vec<&Cells> {
        self.clusters.values().filter(|cells| size(cells) > 0.0).collect()
    }

    /// The sum without one cluster.
    pub(crate) fn without(&self, left_out: &Cells) -> Cells {
        let mut cells = self.total.clone();
        cells.subtract(left_out);
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::TrialRow;

    fn count(cluster: u32, gold: Severity, answer: Answer, repeats: u32, trials: u32) -> Count {
        let row = TrialRow { repeats, ..TrialRow::plain(cluster, gold, answer) };
        Count { row, trials }
    }

    #[test]
    fn repeats_of_an_example_weigh_one_together() {
        let unscored = Answer::Unscored(Outcome::Refused);
        let counts = [
            count(0, 2, Answer::Severity(1), 3, 2),
            count(0, 2, unscored, 3, 1),
            count(1, 0, Answer::Severity(0), 1, 4),
        ];
        let cells = AxisCells::collect(5, counts.iter());
        let rates = cells.total.rates(Cut { gold: 1, judge: 1 });
        // Two of three repeats flag: 2/3 of a hit; the third is unscored: 1/3 of a miss.
        assert_eq!(rates.hits, 2.0 / 3.0);
        assert_eq!(rates.unscored_positives, 1.0 / 3.0);
        assert_eq!(rates.positives(), 1.0);
        assert_eq!((rates.passes, rates.negatives()), (4.0, 4.0));
        assert_eq!(cells.unscored, BTreeMap::from([(Outcome::Refused, 1.0 / 3.0)]));
    }

    #[test]
    fn leaving_a_cluster_out_leaves_the_rest() {
        let counts = [count(0, 1, Answer::Severity(1), 1, 2), count(7, 1, Answer::Severity(0), 1, 3)];
        let cells = AxisCells::collect(2, counts.iter());
        let rest = cells.without(&cells.clusters[&7]);
        assert_eq!((rest.scored(1, 1), rest.scored(1, 0)), (2.0, 0.0));
    }
}
