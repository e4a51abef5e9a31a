//! Gold severities forecast from the judge's, on other clusters.

use super::clustered::{one_minus, ratio};
use super::confusions::{Confusion, Confusions};
use crate::measure::answers::FOLDS;
use crate::measure::evaluation::CumulativeError;
use crate::model::Severity;
use crate::stats::calibration::{
    Atom, Binning, ClassForecasts, Forecasts, calibration_error, ranked_probability_score,
};
use crate::stats::jackknife::Scale;
use crate::stats::{Estimate, Undefined};

/// Gold severities forecast from the judge's, by shares found outside of each fold.
pub(super) struct Forecast {
    folds: usize,
    /// Per fold and judge severity: probability of each gold severity.
    given: Vec<Vec<Vec<f64>>>,
    /// Per fold: the same whatever the judge says.
    marginal: Vec<Vec<f64>>,
    /// Score of each gold severity under a row.
    undefined: Option<Undefined>,
}

impl Forecast {
    pub(super) fn new(confusions: &Confusions) -> Self {
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

    pub(super) fn score(&self, confusions: &Confusions, level: f64) -> Estimate {
        match self.undefined {
            Some(reason) => ratio(&[], Scale::Log, level, reason),
            None => ratio(&self.of_judge(confusions), Scale::Log, level, Undefined::NoData),
        }
        .with_missing(confusions.missing())
    }

    pub(super) fn marginal(&self, confusions: &Confusions) -> Option<f64> {
        if self.undefined.is_some() {
            return None;
        }
        let (sum, n) = super::clustered::sums(&self.of_marginal(confusions));
        (n > 0.0).then(|| sum / n)
    }

    /// One minus the ratio of both scores: a ratio of sums over clusters.
    pub(super) fn skill(&self, confusions: &Confusions, level: f64) -> Estimate {
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
    pub(super) fn cumulative(&self, confusions: &Confusions) -> Vec<CumulativeError> {
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
