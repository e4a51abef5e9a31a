//! Gold severity by judge severity, cluster by cluster.

use crate::measure::answers::{Answered, cluster_ranks, unscored};
use crate::measure::counts::whole;
use crate::model::Severity;

/// Gold severity (rows) by judge severity (columns) of one cluster.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Confusion {
    cells: Vec<f64>,
    pub(super) levels: usize,
}

impl Confusion {
    pub(super) fn new(levels: usize) -> Self {
        Self { cells: vec![0.0; levels * levels], levels }
    }

    pub(super) fn at(&self, gold: usize, judge: usize) -> f64 {
        self.cells[gold * self.levels + judge]
    }

    pub(super) fn add(&mut self, gold: usize, judge: usize, weight: f64) {
        self.cells[gold * self.levels + judge] += weight;
    }

    pub(super) fn plus(mut self, other: &Self) -> Self {
        self.cells.iter_mut().zip(&other.cells).for_each(|(sum, cell)| *sum += cell);
        self
    }
}

/// The confusion of each cluster, and what is missing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Confusions {
    pub(super) clusters: Vec<Confusion>,
    pub(super) levels: usize,
    /// Without a verdict, by gold severity.
    pub(super) missing: Vec<f64>,
}

impl Confusions {
    /// Counts the scored trials: the severity of each, with the position of its example among the answered ones.
    pub(super) fn new(answered: &[Answered], severities: &[(usize, Severity)], levels: usize) -> Self {
        let (ranks, count) = cluster_ranks(answered);
        let mut clusters = vec![Confusion::new(levels); count];
        for (at, severity) in severities {
            let example = &answered[*at];
            let weight = 1.0 / f64::from(example.trials);
            let judge = usize::from(*severity).min(levels - 1);
            clusters[ranks[example.cluster as usize]].add(usize::from(example.gold), judge, weight);
        }
        let missing = (0..levels).map(|gold| unscored(answered.iter().filter(|one| usize::from(one.gold) == gold)));
        Self { clusters, levels, missing: missing.collect() }
    }

    /// Without a verdict.
    pub(super) fn missing(&self) -> f64 {
        whole(self.missing.iter().sum())
    }

    pub(super) fn n(&self) -> f64 {
        self.clusters.iter().flat_map(|cluster| &cluster.cells).sum()
    }

    /// Sums of numerator and denominator over the chosen cells of each cluster.
    pub(super) fn parts(&self, cell: impl Fn(usize, usize) -> Option<f64>) -> Vec<(f64, f64)> {
        let of_cluster = |cluster: &Confusion| {
            let (mut sum, mut n) = (0.0, 0.0);
            for gold in 0..self.levels {
                for judge in 0..self.levels {
                    if let Some(value) = cell(gold, judge) {
                        sum += value * cluster.at(gold, judge);
                        n += cluster.at(gold, judge);
                    }
                }
            }
            (sum, n)
        };
        self.clusters.iter().map(of_cluster).collect()
    }

    /// All clusters but those of a fold.
    pub(super) fn outside(&self, fold: usize, folds: usize) -> Confusion {
        let others = self.clusters.iter().enumerate().filter(|(rank, _)| rank % folds != fold);
        others.fold(Confusion::new(self.levels), |sum, (_, cluster)| sum.plus(cluster))
    }
}
