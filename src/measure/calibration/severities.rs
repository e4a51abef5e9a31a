//! What a severity of the judge is worth in gold severities, from the confusion counts by cluster.

use super::clustered::{one_minus, ratio};
use super::severity_result::{CumulativeError, GoldGivenJudge, JudgeGivenGold, SeverityCalibration};
use crate::measure::answers::Answered;
use crate::measure::by_cluster::{unscored, whole};
use crate::measure::operating::counts::{FOLDS, cluster_ranks};
use crate::model::Severity;
use crate::stats::calibration::{
    Atom, Binning, ClassForecasts, Forecasts, calibration_error, ranked_probability_score,
};
use crate::stats::jackknife::Scale;
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Estimate, Tally, Undefined};

/// Gold severity (rows) by judge severity (columns) of one cluster.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Confusion {
    cells: Vec<f64>,
    levels: usize,
}

impl Confusion {
    fn new(levels: usize) -> Self {
        Self { cells: vec![0.0; levels * levels], levels }
    }

    fn at(&self, gold: usize, judge: usize) -> f64 {
        self.cells[gold * self.levels + judge]
    }

    fn add(&mut self, gold: usize, judge: usize, weight: f64) {
        self.cells[gold * self.levels + judge] += weight;
    }

    fn plus(mut self, other: &Self) -> Self {
        self.cells.iter_mut().zip(&other.cells).for_each(|(sum, cell)| *sum += cell);
        self
    }
}

/// The confusion of each cluster, and what is missing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Confusions {
    clusters: Vec<Confusion>,
    levels: usize,
    /// Without a verdict, by gold severity.
    missing: Vec<f64>,
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

    fn missing(&self) -> f64 {
        whole(self.missing.iter().sum())
    }

    fn n(&self) -> f64 {
        self.clusters.iter().flat_map(|cluster| &cluster.cells).sum()
    }

    /// Sums of numerator and denominator over the chosen cells of each cluster.
    fn parts(&self, cell: impl Fn(usize, usize) -> Option<f64>) -> Vec<(f64, f64)> {
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
    fn outside(&self, fold: usize, folds: usize) -> Confusion {
        let others = self.clusters.iter().enumerate().filter(|(rank, _)| rank % folds != fold);
        others.fold(Confusion::new(self.levels), |sum, (_, cluster)| sum.plus(cluster))
    }
}

/// The block; `threshold` is the gold severity from which an example is a positive.
pub(super) fn severity_block(confusions: &Confusions, threshold: Severity, level: f64) -> SeverityCalibration {
    let levels = confusions.levels;
    let mean = |parts: Vec<(f64, f64)>| ratio(&parts, Scale::Log, level, Undefined::NoData);
    let given_judge = |severity: usize| GoldGivenJudge {
        severity: severity as Severity,
        mean_gold: mean(confusions.parts(|gold, judge| (judge == severity).then_some(gold as f64))),
        positive_share: {
            let positive = |gold| f64::from(u8::from(gold >= usize::from(threshold)));
            let parts = confusions.parts(|gold, judge| (judge == severity).then(|| positive(gold)));
            let counts: Vec<ClusterCount> = parts.iter().map(|part| ClusterCount::new(part.0, part.1)).collect();
            clustered_proportion(&counts, level, Undefined::NoData)
        },
    };
    let given_gold = |severity: usize| JudgeGivenGold {
        severity: severity as Severity,
        mean_judge: mean(confusions.parts(|gold, judge| (gold == severity).then_some(judge as f64)))
            .with_missing(confusions.missing[severity]),
    };
    let forecast = Forecast::new(confusions);
    SeverityCalibration {
        n: Tally(confusions.n()),
        missing: Tally(confusions.missing()),
        gold_given_judge: (0..levels).map(given_judge).collect(),
        judge_given_gold: (0..levels).map(given_gold).collect(),
        ranked_probability_score: forecast.score(confusions, level),
        ranked_probability_score_marginal: forecast.marginal(confusions),
        ranked_probability_skill: forecast.skill(confusions, level),
        cumulative: forecast.cumulative(confusions),
    }
}

/// Gold severities forecast from the judge's, by shares found outside of each fold.
struct Forecast {
    folds: usize,
    /// Per fold and judge severity: probability of each gold severity.
    given: Vec<Vec<Vec<f64>>>,
    /// Per fold: the same whatever the judge says.
    marginal: Vec<Vec<f64>>,
    /// Score of each gold severity under a row.
    undefined: Option<Undefined>,
}

impl Forecast {
    fn new(confusions: &Confusions) -> Self {
        let folds = FOLDS.min(confusions.clusters.len());
        if folds < 2 {
            let undefined = Some(if folds == 0 { Undefined::NoData } else { Undefined::SingleCluster });
            return Self { folds, given: Vec::new(), marginal: Vec::new(), undefined };
        }
        let levels = confusions.levels;
        let (mut given, mut marginal) = (Vec::new(), Vec::new());
        for fold in 0..folds {
            let outside = confusions.outside(fold, folds);
            let gold = |gold: usize| (0..levels).map(|judge| outside.at(gold, judge)).sum::<f64>();
            let n: f64 = (0..levels).map(gold).sum();
            // One example spread evenly keeps every share above 0; one spread as the others keeps a rare judge severity sane.
            let shares: Vec<f64> = (0..levels).map(|g| (gold(g) + 1.0 / levels as f64) / (n + 1.0)).collect();
            let row = |judge: usize| {
                let seen: f64 = (0..levels).map(|gold| outside.at(gold, judge)).sum();
                (0..levels).map(|gold| (outside.at(gold, judge) + shares[gold]) / (seen + 1.0)).collect()
            };
            given.push((0..levels).map(row).collect());
            marginal.push(shares);
        }
        Self { folds, given, marginal, undefined: None }
    }

    /// Sums of the score of `row` and of examples, by cluster.
    fn sums(&self, confusions: &Confusions, row: impl Fn(usize, usize) -> Vec<f64>) -> Vec<(f64, f64)> {
        let levels = confusions.levels;
        let cost: Vec<Vec<Vec<f64>>> = (0..self.folds)
            .map(|fold| {
                let of_judge = |judge: usize| (0..levels).map(|gold| cost(&row(fold, judge), gold)).collect();
                (0..levels).map(of_judge).collect()
            })
            .collect();
        let of_cluster = |(rank, cluster): (usize, &Confusion)| {
            let costs = &cost[rank % self.folds];
            let (mut sum, mut n) = (0.0, 0.0);
            for (judge, costs) in costs.iter().enumerate() {
                for (gold, cost) in costs.iter().enumerate() {
                    sum += cost * cluster.at(gold, judge);
                    n += cluster.at(gold, judge);
                }
            }
            (sum, n)
        };
        confusions.clusters.iter().enumerate().map(of_cluster).collect()
    }

    fn of_judge(&self, confusions: &Confusions) -> Vec<(f64, f64)> {
        self.sums(confusions, |fold, judge| self.given[fold][judge].clone())
    }

    fn of_marginal(&self, confusions: &Confusions) -> Vec<(f64, f64)> {
        self.sums(confusions, |fold, _| self.marginal[fold].clone())
    }

    fn score(&self, confusions: &Confusions, level: f64) -> Estimate {
        match self.undefined {
            Some(reason) => ratio(&[], Scale::Log, level, reason),
            None => ratio(&self.of_judge(confusions), Scale::Log, level, Undefined::NoData),
        }
        .with_missing(confusions.missing())
    }

    fn marginal(&self, confusions: &Confusions) -> Option<f64> {
        if self.undefined.is_some() {
            return None;
        }
        let (sum, n) = super::clustered::sums(&self.of_marginal(confusions));
        (n > 0.0).then(|| sum / n)
    }

    /// One minus the ratio of both scores: a ratio of sums over clusters.
    fn skill(&self, confusions: &Confusions, level: f64) -> Estimate {
        if let Some(reason) = self.undefined {
            return ratio(&[], Scale::Identity, level, reason).with_missing(confusions.missing());
        }
        let parts: Vec<(f64, f64)> = self
            .of_judge(confusions)
            .iter()
            .zip(self.of_marginal(confusions))
            .map(|(judge, marginal)| (judge.0, marginal.0))
            .collect();
        let mut estimate = one_minus(ratio(&parts, Scale::Log, level, Undefined::NoData));
        estimate.n = confusions.n();
        estimate.with_missing(confusions.missing())
    }

    /// Calibration error of "severity t or above", over the distinct forecasts.
    fn cumulative(&self, confusions: &Confusions) -> Vec<CumulativeError> {
        if self.undefined.is_some() {
            return Vec::new();
        }
        let at = |severity: usize| {
            let mut atoms = Vec::new();
            for (rank, cluster) in confusions.clusters.iter().enumerate() {
                for (judge, row) in self.given[rank % self.folds].iter().enumerate() {
                    let of = |from: usize| (from..confusions.levels).map(|gold| cluster.at(gold, judge)).sum::<f64>();
                    let p = row[severity..].iter().sum::<f64>().clamp(0.0, 1.0);
                    let (n, positives) = (of(0), of(severity));
                    atoms.push(Atom { p, n, positives: positives.min(n) });
                }
            }
            let forecasts = Forecasts::from_atoms(atoms).expect("shares of counts are probabilities");
            let error = calibration_error(&forecasts, Binning::Atoms).ok()?;
            let severity = severity as Severity;
            Some(CumulativeError { severity, ece: error.ece, ece_debiased: error.l1_debiased })
        };
        (1..confusions.levels).filter_map(at).collect()
    }
}

/// Ranked probability score of one distribution where `gold` came.
fn cost(row: &[f64], gold: usize) -> f64 {
    let forecast = ClassForecasts::new(vec![row.to_vec()], vec![gold]).expect("a row of shares sums to 1");
    ranked_probability_score(&forecast).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::operating::counts::tests::stated;

    fn confusions(rows: &[(u32, Severity, Option<Severity>)], levels: usize) -> Confusions {
        let example = |(cluster, gold, judge): &(u32, Severity, Option<Severity>)| Answered {
            gold: *gold,
            scored: u32::from(judge.is_some()),
            ..stated(0, *cluster, *gold >= 1, None)
        };
        let answered: Vec<Answered> = rows.iter().map(example).collect();
        let severities: Vec<(usize, Severity)> =
            rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.2?))).collect();
        Confusions::new(&answered, &severities, levels)
    }

    #[test]
    fn means_by_hand() {
        // The judge says 1 for gold 0 and 2: mean gold 1, half of them positive. Gold 2 got 1 and 2: mean 3/2.
        let rows = [(0, 0, Some(1)), (1, 2, Some(1)), (1, 2, Some(2)), (2, 1, None)];
        let found = severity_block(&confusions(&rows, 3), 1, 0.95);
        let one = &found.gold_given_judge[1];
        assert_eq!((one.mean_gold.value, one.mean_gold.n, one.mean_gold.clusters), (Some(1.0), 2.0, 2));
        assert_eq!((one.positive_share.value, one.positive_share.count), (Some(0.5), Some(1.0)));
        assert_eq!(found.judge_given_gold[2].mean_judge.value, Some(1.5));
        assert_eq!(found.gold_given_judge[0].mean_gold.undefined, Some(Undefined::NoData));
        assert_eq!((found.n, found.missing), (Tally(3.0), Tally(1.0)));
    }

    #[test]
    fn forecasts_of_two_folds_by_hand() {
        // Two levels. Cluster 0: judge 1, gold 1. Cluster 1: judge 1, gold 0. For cluster 0 the other fold gives gold 0 with
        // marginal (1 + 1/2)/2 = 3/4, and after judge 1 (1 + 3/4)/2 = 7/8: F = 7/8 where 1 came, (7/8)^2. Cluster 1 alike.
        let found = severity_block(&confusions(&[(0, 1, Some(1)), (1, 0, Some(1))], 2), 1, 0.95);
        assert!((found.ranked_probability_score.value.unwrap() - 49.0 / 64.0).abs() < 1e-15);
        assert!((found.ranked_probability_score_marginal.unwrap() - 9.0 / 16.0).abs() < 1e-15);
        assert!((found.ranked_probability_skill.value.unwrap() - (1.0 - 49.0 / 36.0)).abs() < 1e-14);
        assert!((found.cumulative[0].ece - 7.0 / 8.0).abs() < 1e-15);
    }

    #[test]
    fn a_judge_that_sees_has_skill_and_a_blind_one_has_none() {
        let seeing: Vec<_> = (0..200).map(|at| (at / 5, (at % 3) as Severity, Some((at % 3) as Severity))).collect();
        let found = severity_block(&confusions(&seeing, 3), 1, 0.95);
        assert!(found.ranked_probability_skill.lower.unwrap() > 0.9);
        let blind: Vec<_> = (0..200).map(|at| (at / 5, (at % 3) as Severity, Some(0))).collect();
        let found = severity_block(&confusions(&blind, 3), 1, 0.95);
        assert!(found.ranked_probability_skill.value.unwrap().abs() < 0.01);
        let one = severity_block(&confusions(&[(0, 1, Some(1))], 2), 1, 0.95);
        assert_eq!(one.ranked_probability_skill.undefined, Some(Undefined::SingleCluster));
        assert!(one.cumulative.is_empty() && one.ranked_probability_score_marginal.is_none());
    }
}
