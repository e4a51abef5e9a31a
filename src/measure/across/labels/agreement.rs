//! Raters against each other, by sums over clusters.

use crate::measure::answers::Context;
use crate::measure::counts::left_over;
use crate::measure::trials::{Pattern, Votes};
use crate::model::Severity;
use crate::stats::agreement::{ConfusionTable, Metric, krippendorff_alpha};
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Estimate, Undefined};

/// Ratings that equal the others' lower median, distances from their mean, and how many were compared.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct LeaveOneOut {
    exact: f64,
    distance: f64,
    compared: f64,
}

/// Sums of one axis by cluster.
pub(super) struct Ratings {
    levels: usize,
    /// Krippendorff's coincidences of each cluster: each two ratings of an example with m weigh 1/(m - 1).
    coincidences: Vec<Vec<f64>>,
    several: f64,
    /// By rater and cluster.
    left_out: Vec<Vec<LeaveOneOut>>,
    given: Vec<usize>,
}

impl Ratings {
    pub(super) fn new(votes: &Votes, context: &Context<'_>) -> Self {
        let (clusters, levels) = (context.layout.clusters.len(), votes.levels());
        let mut ratings = Self {
            levels,
            coincidences: vec![vec![0.0; levels * levels]; clusters],
            several: 0.0,
            left_out: vec![vec![LeaveOneOut::default(); clusters]; votes.raters.len()],
            given: vec![0; votes.raters.len()],
        };
        let held: Vec<Vec<LeaveOneOut>> = votes.patterns.iter().map(|pattern| leave_one_out(pattern)).collect();
        for example in 0..context.gold.examples.len() {
            let Some(row) = votes.row(example) else { continue };
            ratings.add(&votes.patterns[row], &held[row], context.layout.cluster(example));
        }
        ratings
    }

    fn add(&mut self, pattern: &Pattern, held: &[LeaveOneOut], cluster: usize) {
        for ((column, _), own) in pattern.iter().zip(held) {
            self.given[*column] += 1;
            let sums = &mut self.left_out[*column][cluster];
            sums.exact += own.exact;
            sums.distance += own.distance;
            sums.compared += own.compared;
        }
        if pattern.len() > 1 {
            self.several += 1.0;
            let weight = 1.0 / (pattern.len() - 1) as f64;
            for (index, (_, first)) in pattern.iter().enumerate() {
                for (_, second) in &pattern[index + 1..] {
                    let cell = usize::from(*first) * self.levels + usize::from(*second);
                    self.coincidences[cluster][cell] += weight;
                }
            }
        }
    }

    /// Examples that a rater rated.
    pub(super) fn given(&self, rater: usize) -> usize {
        self.given[rater]
    }

    /// Krippendorff's alpha of all raters; `too_few` where no two rated an example.
    pub(super) fn alpha(&self, level: f64) -> Estimate {
        let weight = |cells: &&Vec<f64>| cells.iter().sum::<f64>() > 0.0;
        let occupied: Vec<&Vec<f64>> = self.coincidences.iter().filter(weight).collect();
        let mut total = vec![0.0; self.levels * self.levels];
        occupied.iter().for_each(|cells| total.iter_mut().zip(*cells).for_each(|(sum, cell)| *sum += cell));
        let mut estimate = jackknife(occupied.len(), Scale::Atanh, level, |left_out| {
            let mut table = ConfusionTable::new(self.levels).expect("a card has two levels or more");
            for (index, sum) in total.iter().enumerate() {
                let rest = sum - left_out.map_or(0.0, |cluster| occupied[cluster][index]);
                table.add(index / self.levels, index % self.levels, left_over(rest));
            }
            krippendorff_alpha(&table, Metric::Ordinal)
        });
        estimate.n = self.several;
        estimate.unless((self.several == 0.0).then_some(Undefined::TooFew))
    }

    /// Sums by cluster of one rater, or of all.
    fn sums(&self, rater: Option<usize>) -> Vec<LeaveOneOut> {
        let of_cluster = |cluster: usize| {
            let of_rater = |rater: usize| self.left_out[rater][cluster];
            rater.map_or_else(|| (0..self.left_out.len()).map(of_rater).fold(LeaveOneOut::default(), plus), of_rater)
        };
        (0..self.coincidences.len()).map(of_cluster).filter(|sums| sums.compared > 0.0).collect()
    }

    /// Share of the ratings that equal the lower median of the others'.
    pub(super) fn exact(&self, rater: Option<usize>, level: f64) -> Estimate {
        let counts: Vec<ClusterCount> =
            self.sums(rater).iter().map(|sums| ClusterCount::new(sums.exact, sums.compared)).collect();
        clustered_proportion(&counts, level, Undefined::TooFew)
    }

    /// Mean distance from the mean of the others.
    pub(super) fn distance(&self, rater: Option<usize>, level: f64) -> Estimate {
        let sums = self.sums(rater);
        let total = sums.iter().copied().fold(LeaveOneOut::default(), plus);
        let mut estimate = jackknife(sums.len(), Scale::Log, level, |left_out| {
            let left = left_out.map_or_else(LeaveOneOut::default, |cluster| sums[cluster]);
            let compared = total.compared - left.compared;
            if compared < 0.5 {
                Err(Undefined::TooFew)
            } else {
                Ok((total.distance - left.distance).max(0.0) / compared)
            }
        });
        estimate.n = total.compared;
        estimate
    }
}

fn plus(sum: LeaveOneOut, other: LeaveOneOut) -> LeaveOneOut {
    LeaveOneOut {
        exact: sum.exact + other.exact,
        distance: sum.distance + other.distance,
        compared: sum.compared + other.compared,
    }
}

/// Each rating of a row against the others; nothing compared where there is no other.
fn leave_one_out(pattern: &[(usize, Severity)]) -> Vec<LeaveOneOut> {
    let against_others = |index: usize| {
        let mut others: Vec<f64> =
            pattern.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, (_, s))| f64::from(*s)).collect();
        if others.is_empty() {
            return LeaveOneOut::default();
        }
        others.sort_by(f64::total_cmp);
        let own = f64::from(pattern[index].1);
        let mean = others.iter().sum::<f64>() / others.len() as f64;
        let exact = f64::from(others[(others.len() - 1) / 2] == own);
        LeaveOneOut { exact, distance: (own - mean).abs(), compared: 1.0 }
    };
    (0..pattern.len()).map(against_others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::raters::{RatingTable, human_ceiling};

    #[test]
    fn leaving_one_out_is_the_human_ceiling() {
        // 1 against (2, 2): off by 1. 2 against (1, 2): lower median 1, mean 3/2. None exact.
        let found = leave_one_out(&[(0, 1), (1, 2), (2, 2)]);
        let total = found.iter().copied().fold(LeaveOneOut::default(), plus);
        let table = RatingTable::new(vec![vec![Some(1), Some(2), Some(2)]], 5).unwrap();
        let ceiling = human_ceiling(&table).unwrap();
        assert_eq!((total.exact / total.compared, total.compared), (ceiling.exact, ceiling.n as f64));
        assert!((total.distance / total.compared - ceiling.mean_distance).abs() < 1e-15);
        assert_eq!(leave_one_out(&[(4, 1)]), [LeaveOneOut::default()]);
    }

    /// Pairs 00, 01, 11, 11, each a cluster: alpha = 8/15 (nominal and ordinal agree on two levels), as `stats` has it.
    #[test]
    fn alpha_from_sums_over_clusters_by_hand() {
        let mut ratings = Ratings {
            levels: 2,
            coincidences: vec![vec![0.0; 4]; 5],
            several: 0.0,
            left_out: vec![vec![LeaveOneOut::default(); 5]; 2],
            given: vec![0; 2],
        };
        for (cluster, (first, second)) in [(0, 0), (0, 1), (1, 1), (1, 1)].into_iter().enumerate() {
            let pattern = vec![(0, first), (1, second)];
            ratings.add(&pattern, &leave_one_out(&pattern), cluster);
        }
        let alpha = ratings.alpha(0.95);
        assert!((alpha.value.unwrap() - 8.0 / 15.0).abs() < 1e-15);
        assert_eq!((alpha.n, alpha.clusters, ratings.given(1)), (4.0, 4, 4));
        // Each of the two raters equals the other on three of four: 6 of 8 ratings; mean distance 2/8.
        assert_eq!(ratings.exact(None, 0.95).value, Some(0.75));
        assert_eq!(ratings.distance(None, 0.95).value, Some(0.25));
        assert_eq!(ratings.exact(Some(0), 0.95).n, 4.0);
    }

    #[test]
    fn one_rating_an_example_compares_nothing() {
        let mut ratings = Ratings {
            levels: 3,
            coincidences: vec![vec![0.0; 9]],
            several: 0.0,
            left_out: vec![vec![LeaveOneOut::default(); 1]],
            given: vec![0],
        };
        ratings.add(&vec![(0, 2)], &leave_one_out(&[(0, 2)]), 0);
        assert_eq!(ratings.alpha(0.95).undefined, Some(Undefined::TooFew));
        assert_eq!(ratings.exact(None, 0.95).undefined, Some(Undefined::TooFew));
        assert_eq!(ratings.distance(None, 0.95).undefined, Some(Undefined::TooFew));
    }
}
