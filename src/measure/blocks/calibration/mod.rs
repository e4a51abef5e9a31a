//! How the probabilities that a judge states agree with the gold labels, and what its severities are worth.

mod clustered;
mod confusions;
mod curve;
mod forecast;
mod line;
mod recalibration;
mod scores;
mod severities;
mod stated;

use crate::judge::JudgeKind;
use crate::judge::live::ConfidenceSource;
use crate::measure::answers::{Answered, Context, Subject, cluster_ranks};
use crate::measure::evaluation::{Calibration, ProbabilityAtSeverity, ProbabilitySource, SeverityCalibration};
use crate::measure::trials::answer_of;
use crate::model::{Axis, Severity, Verdict};
use crate::stats::calibration::smooth_error;
use crate::stats::jackknife::Scale;
use crate::stats::random::StreamKey;
use crate::stats::{Tally, Undefined};
use crate::table::Answer;
use confusions::Confusions;
use stated::Stated;

/// Calibration of one judge on one axis; none where it states no probability.
pub(crate) fn calibration(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<Calibration> {
    let options = context.options;
    let settings = Settings {
        source: source(&subject.run.spec.kind),
        has_rule: subject.no_cut().is_none(),
        levels: context.gold.card.axis(axis).levels.len(),
        key: StreamKey::new(options.seed, subject.name(), axis.name(), "calibration_consistency"),
        level: options.level,
        resamples: options.resamples,
    };
    of_answers(subject.on(axis), &settings)
}

/// What the numbers of one judge on one axis need beside its answers.
struct Settings {
    source: ProbabilitySource,
    /// Whether the judge has a flag of its own.
    has_rule: bool,
    /// Levels of the gold scale.
    levels: usize,
    key: StreamKey,
    level: f64,
    resamples: usize,
}

fn source(kind: &JudgeKind) -> ProbabilitySource {
    match kind {
        JudgeKind::Live(spec) => match spec.confidence {
            ConfidenceSource::None | ConfidenceSource::Stated => ProbabilitySource::Stated,
            ConfidenceSource::LogProbabilities => ProbabilitySource::LogProbabilities,
            ConfidenceSource::Samples => ProbabilitySource::Samples,
        },
        JudgeKind::Panel(_) => ProbabilitySource::Panel,
        JudgeKind::Recorded { .. } => ProbabilitySource::Recorded,
        _ => ProbabilitySource::Baseline,
    }
}

fn of_answers(answered: &[Answered], settings: &Settings) -> Option<Calibration> {
    let stated = Stated::new(answered)?;
    let level = settings.level;
    let scores = scores::scores(&stated, level);
    let drawn = curve::curve(&stated.all, &settings.key, level, settings.resamples);
    let smooth = smooth_error(&stated.all).ok();
    let (recalibration, evidence) = recalibration::recalibration(&stated, answered, settings.has_rule, level);
    Some(Calibration {
        source: settings.source,
        n: Tally(stated.all.n()),
        positives: Tally(stated.all.positives()),
        missing: Tally(stated.counts.missing()),
        distinct: stated.counts.distinct,
        rounded_to: stated.rounded_to(),
        brier: scores.brier,
        brier_missing_as_zero: scores.brier_missing_as_zero,
        brier_skill: scores.brier_skill,
        log_loss: scores.log_loss,
        log_loss_clipped: scores.log_loss_clipped,
        contradicted: Tally(scores.contradicted),
        murphy: scores::murphy_parts(&stated.all),
        corp: scores::corp_parts(&stated, drawn.consistency.chance_miscalibration, level),
        corp_log: scores::corp_log_parts(&stated.all),
        curve: drawn.points,
        consistency: drawn.consistency,
        binned: curve::binned(&stated.all),
        smooth_error: smooth.map(|smooth| smooth.value),
        smooth_bandwidth: smooth.map(|smooth| smooth.bandwidth),
        line: line::line(&stated, level),
        spiegelhalter: line::spiegelhalter(&stated),
        by_gold_severity: by_gold_severity(answered, settings.levels, level),
        evidence,
        recalibration,
    })
}

/// Mean stated probability at each gold severity, over clusters.
fn by_gold_severity(answered: &[Answered], levels: usize, level: f64) -> Vec<ProbabilityAtSeverity> {
    let (ranks, count) = cluster_ranks(answered);
    let mut sums = vec![vec![(0.0, 0.0); count]; levels];
    let mut missing = vec![0.0; levels];
    for example in answered {
        let gold = usize::from(example.gold).min(levels - 1);
        match example.probability {
            Some(p) => {
                let (sum, n) = &mut sums[gold][ranks[example.cluster as usize]];
                *sum += p;
                *n += 1.0;
            }
            None => missing[gold] += 1.0,
        }
    }
    let at = |(severity, (parts, missing)): (usize, (Vec<(f64, f64)>, f64))| ProbabilityAtSeverity {
        severity: severity as Severity,
        mean_probability: clustered::ratio(&parts, Scale::Logit, level, Undefined::NoData).with_missing(missing),
    };
    sums.into_iter().zip(missing).enumerate().map(at).collect()
}

/// What the severities of one judge are worth on one axis; none for a single scale, or without a severity.
pub(crate) fn severity_calibration(
    subject: &Subject<'_>,
    axis: Axis,
    context: &Context<'_>,
) -> Option<SeverityCalibration> {
    let answered = subject.on(axis);
    if subject.scale.is_some() || !answered.iter().any(|example| example.severity.is_some()) {
        return None;
    }
    let levels = context.gold.card.axis(axis).levels.len();
    let confusions = Confusions::new(answered, &severities_of(subject, axis, context), levels);
    Some(severities::severity_block(&confusions, *context.thresholds.get(axis), context.options.level))
}

/// Severity of each scored trial, with the position of its example among the answered ones.
fn severities_of(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Vec<(usize, Severity)> {
    let answered = subject.on(axis);
    if answered.iter().all(|example| example.trials == 1) {
        let whole = |severity: f64| severity as Severity;
        let severity = |(at, example): (usize, &Answered)| Some((at, example.severity.map(whole)?));
        return answered.iter().enumerate().filter_map(severity).collect();
    }
    let mut place = vec![usize::MAX; context.gold.examples.len()];
    answered.iter().enumerate().for_each(|(at, example)| place[example.example as usize] = at);
    let severity = |verdict: &Verdict| {
        let at = place[context.gold.position(&verdict.example)?];
        match answer_of(verdict, axis) {
            Answer::Severity(severity) if at < answered.len() => Some((at, severity)),
            _ => None,
        }
    };
    subject.run.verdicts.iter().filter_map(severity).collect()
}

#[cfg(test)]
mod tests;
