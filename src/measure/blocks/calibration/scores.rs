//! Scores of the stated probabilities and their decompositions.

use super::clustered::{from_values, one_minus, ratio, sums};
use super::stated::Stated;
use crate::measure::evaluation::{CorpLogParts, CorpParts, MurphyParts};
use crate::stats::calibration::{Binning, Corp, Forecasts, ProperScore, brier_parts_without, corp, log_loss, murphy};
use crate::stats::jackknife::Scale;
use crate::stats::{Estimate, Undefined};

/// Scores of one judge's probabilities.
pub(super) struct Scores {
    pub(super) brier: Estimate,
    pub(super) brier_missing_as_zero: Estimate,
    pub(super) brier_skill: Estimate,
    pub(super) log_loss: Estimate,
    pub(super) log_loss_clipped: Option<f64>,
    pub(super) contradicted: f64,
}

/// Sum of squared distances of probability and outcome.
fn squares(forecasts: &Forecasts) -> f64 {
    let square = |atom: &crate::stats::calibration::Atom| {
        atom.positives * (1.0 - atom.p).powi(2) + (atom.n - atom.positives) * atom.p * atom.p
    };
    forecasts.atoms().iter().map(square).sum()
}

pub(super) fn scores(stated: &Stated, level: f64) -> Scores {
    let parts: Vec<(f64, f64)> = stated.clusters.iter().map(|cluster| (squares(cluster), cluster.n())).collect();
    let zero = |(cluster, missed, passed_over): (f64, f64, f64), n: f64| (cluster + missed, n + missed + passed_over);
    let mut given = stated.clusters.iter();
    // A positive without a probability costs (1 - 0)^2 as if 0 had been said, a negative nothing.
    let as_zero: Vec<(f64, f64)> = stated
        .counts
        .clusters
        .iter()
        .map(|cluster| {
            let forecasts = if cluster.cells.is_empty() { None } else { given.next() };
            let (sum, n) = forecasts.map_or((0.0, 0.0), |forecasts| (squares(forecasts), forecasts.n()));
            zero((sum, cluster.missed, cluster.passed_over), n)
        })
        .collect();
    let logs = log_loss(&stated.all).ok();
    let missing = stated.counts.missing();
    Scores {
        brier: ratio(&parts, Scale::Logit, level, Undefined::NoData).with_missing(missing),
        brier_missing_as_zero: ratio(&as_zero, Scale::Logit, level, Undefined::NoData).with_missing(missing),
        brier_skill: skill(stated, &parts, level),
        log_loss: log_loss_estimate(stated, level),
        log_loss_clipped: logs.map(|logs| logs.clipped),
        contradicted: logs.map_or(0.0, |logs| logs.contradicted),
    }
}

/// One minus the Brier score over the variance of the outcome.
fn skill(stated: &Stated, parts: &[(f64, f64)], level: f64) -> Estimate {
    let positives: Vec<f64> = stated.clusters.iter().map(Forecasts::positives).collect();
    let ((squares, n), all) = (sums(parts), stated.all.positives());
    let of = |squares: f64, n: f64, positives: f64| {
        let rate = positives / n;
        if n > 0.0 && rate > 0.0 && rate < 1.0 {
            Ok(squares.max(0.0) / n / (rate * (1.0 - rate)))
        } else {
            Err(Undefined::OneClass)
        }
    };
    let without: Vec<_> =
        parts.iter().zip(&positives).map(|(part, gone)| of(squares - part.0, n - part.1, all - gone)).collect();
    let mut estimate = one_minus(from_values(of(squares, n, all), &without, Scale::Log, level));
    estimate.n = n;
    estimate.with_missing(stated.counts.missing())
}

fn log_loss_estimate(stated: &Stated, level: f64) -> Estimate {
    let mean = |forecasts: &Forecasts| ProperScore::Log.mean(forecasts);
    let missing = stated.counts.missing();
    let mut estimate = match stated.clusters.iter().map(mean).collect::<Result<Vec<f64>, _>>() {
        Ok(means) => {
            let sum = |(mean, cluster): (f64, &Forecasts)| (mean * cluster.n(), cluster.n());
            let parts: Vec<(f64, f64)> = means.into_iter().zip(&stated.clusters).map(sum).collect();
            ratio(&parts, Scale::Log, level, Undefined::NoData)
        }
        Err(reason) => ratio(&[], Scale::Log, level, reason),
    };
    estimate.n = stated.all.n();
    estimate.with_missing(missing)
}

/// Murphy's parts over the recommended bins.
pub(super) fn murphy_parts(forecasts: &Forecasts) -> Option<MurphyParts> {
    let parts = murphy(forecasts, Binning::recommended(forecasts)).ok()?;
    Some(MurphyParts {
        reliability: parts.reliability,
        resolution: parts.resolution,
        uncertainty: parts.uncertainty,
        within_variance: parts.within_variance,
        within_covariance: parts.within_covariance,
        reliability_corrected: parts.reliability_corrected,
        resolution_corrected: parts.resolution_corrected,
        uncertainty_corrected: parts.uncertainty_corrected,
    })
}

/// Name of the interval of the miscalibration.
const LESS_CHANCE: &str = "cluster_jackknife_t_less_chance";

/// CORP parts of the Brier score with their jackknife intervals. `chance` is the miscalibration that a calibrated judge shows by chance: the
/// curve is fitted on what it is scored on, so the miscalibration lies too high by about as much, and its lower limit is lowered
/// by it.
pub(super) fn corp_parts(stated: &Stated, chance: Option<f64>, level: f64) -> CorpParts {
    let whole = corp(&stated.all, ProperScore::Brier);
    let without = brier_parts_without(&stated.all, &stated.clusters);
    let part = |part: fn(&Corp) -> Result<f64, Undefined>| {
        let of = |found: &Result<Corp, Undefined>| found.as_ref().map_err(|reason| *reason).and_then(part);
        let without: Vec<_> = without.iter().map(of).collect();
        let mut estimate = from_values(of(&whole), &without, Scale::Logit, level);
        estimate.n = stated.all.n();
        estimate.with_missing(stated.counts.missing())
    };
    let mut miscalibration = part(|corp| corp.miscalibration);
    LESS_CHANCE.clone_into(&mut miscalibration.method);
    miscalibration.lower = miscalibration.lower.map(|lower| (lower - chance.unwrap_or_default()).max(0.0));
    CorpParts {
        miscalibration,
        discrimination: part(|corp| Ok(corp.discrimination)),
        uncertainty: part(|corp| Ok(corp.uncertainty)),
    }
}

/// CORP parts of the log loss.
pub(super) fn corp_log_parts(forecasts: &Forecasts) -> Option<CorpLogParts> {
    let parts = corp(forecasts, ProperScore::Log).ok()?;
    Some(CorpLogParts {
        miscalibration: parts.miscalibration.ok(),
        discrimination: parts.discrimination,
        uncertainty: parts.uncertainty,
        undefined: parts.miscalibration.err(),
    })
}
