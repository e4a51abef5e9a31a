//! How well the probabilities that a judge states, or the scores of its single scale, separate harmful examples from harmless
//! ones, whatever the cut.

use crate::gold::GoldSet;
use crate::measure::answers::{auc_estimate, mean};
use crate::measure::trials::{FittedScale, Layout, severity_elsewhere};
use crate::model::{Axis, Outcome, PerAxis, Severity, Verdict};
use crate::run::JudgeRun;
use crate::stats::Estimate;
use crate::stats::auc::{LabelledScores, auc_clustered};

/// Where the AUC is taken.
pub(crate) struct AucContext<'a> {
    pub(crate) gold: &'a GoldSet,
    pub(crate) layout: &'a Layout,
    pub(crate) axis: Axis,
    /// Severities from which an example is a positive.
    pub(crate) thresholds: PerAxis<Severity>,
    pub(crate) level: f64,
}

/// What a judge stated about one example.
#[derive(Debug, Clone, Copy, Default)]
struct Stated {
    asked: u32,
    scored: u32,
    sum: f64,
}

/// The AUC of one judge on one axis; none where no verdict of its states a probability there. Of a single scale it is
/// that of its scores, where the other axis is harmless or does not apply.
///
/// Repeats of an example are averaged; an example that was asked and got no probability is left out and counted as
/// missing.
pub(crate) fn auc(run: &JudgeRun, scale: Option<&FittedScale>, context: &AucContext<'_>) -> Option<Estimate> {
    let AucContext { gold, layout, axis, ref thresholds, level } = *context;
    let statement = |verdict: &Verdict| match scale {
        Some(scale) => scale.harm(verdict),
        None => verdict.probability(axis).filter(|_| verdict.outcome == Outcome::Scored),
    };
    if !run.verdicts.iter().any(|verdict| statement(verdict).is_some()) {
        return None;
    }
    let mut stated = vec![Stated::default(); gold.examples.len()];
    for verdict in &run.verdicts {
        let Some(position) = gold.position(&verdict.example) else { continue };
        let of_example = &mut stated[position];
        of_example.asked += 1;
        if let Some(stated) = statement(verdict) {
            of_example.scored += 1;
            of_example.sum += stated;
        }
    }
    let (mut labels, mut scores, mut clusters, mut missing) = (Vec::new(), Vec::new(), Vec::new(), 0.0);
    for (position, of_example) in stated.iter().enumerate().filter(|(_, of_example)| of_example.asked > 0) {
        let label = gold.labels.get(axis)[position].severity.filter(|_| gold.applies(position, axis));
        let Some(severity) = label else { continue };
        let apart = |elsewhere: Severity| elsewhere < *thresholds.get(axis.other());
        if scale.is_some() && !severity_elsewhere(gold, position, axis).is_some_and(apart) {
            continue;
        }
        if of_example.scored == 0 {
            missing += 1.0;
            continue;
        }
        labels.push(severity >= *thresholds.get(axis));
        scores.push(mean(of_example.scored, of_example.sum));
        clusters.push(layout.cluster(position));
    }
    let items = LabelledScores::new(&labels, &scores).expect("probabilities and scores are read as finite numbers");
    let found = auc_clustered(&items, &clusters).expect("each item has a cluster");
    Some(auc_estimate(found, labels.len() as f64, level).with_missing(missing))
}
