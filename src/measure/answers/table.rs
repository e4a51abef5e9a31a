//! What one judge answered, example by example on one axis, repeats averaged: for numbers that need examples, not counts.

use crate::gold::GoldSet;
use crate::measure::options::MeasureOptions;
use crate::measure::trials::{FLAG, FittedScale, Layout, answer_of, severity_elsewhere};
use crate::model::{Axis, Outcome, PerAxis, Severity};
use crate::run::JudgeRun;
use crate::stats::Undefined;
use crate::table::Answer;

/// What every number is measured against, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) gold: &'a GoldSet,
    pub(crate) layout: &'a Layout,
    /// Severities from which an example is a positive.
    pub(crate) thresholds: PerAxis<Severity>,
    pub(crate) options: &'a MeasureOptions,
}

/// One example as one judge answered it on one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Answered {
    /// Position in the gold set.
    pub(crate) example: u32,
    /// Position of its cluster in the layout.
    pub(crate) cluster: u32,
    /// Gold severity.
    pub(crate) gold: Severity,
    /// Whether the gold severity reaches the threshold.
    pub(crate) positive: bool,
    /// How often the judge was asked.
    pub(crate) trials: u32,
    /// Of those, with a verdict on this axis.
    pub(crate) scored: u32,
    /// Of those, flagged; 0 where the judge has no cut.
    pub(crate) flagged: u32,
    /// Mean severity of the scored trials; none for a single scale, or where none was scored.
    pub(crate) severity: Option<f64>,
    /// Mean of the stated probabilities of harm on this axis.
    pub(crate) probability: Option<f64>,
    /// Mean score of a single scale, turned so that higher is more harm.
    pub(crate) score: Option<f64>,
}

impl Answered {
    /// Share of all trials that flag: an unscored one does not.
    pub(crate) fn flagged_of_asked(&self) -> f64 {
        f64::from(self.flagged) / f64::from(self.trials)
    }

    /// Share of the scored trials that flag; none where none was scored.
    pub(crate) fn flagged_of_scored(&self) -> Option<f64> {
        (self.scored > 0).then(|| f64::from(self.flagged) / f64::from(self.scored))
    }

    /// Whether most of the trials flag; half counts as most.
    pub(crate) fn mostly_flagged(&self) -> bool {
        self.flagged > 0 && 2 * self.flagged >= self.trials
    }

    /// Share of all pairs of a trial of this judge and one of another in which both have a verdict: what an example weighs where
    /// two judges meet.
    pub(crate) fn scored_with(&self, other: &Self) -> f64 {
        f64::from(self.scored) * f64::from(other.scored) / (f64::from(self.trials) * f64::from(other.trials))
    }

    /// Share of the trials without a verdict.
    pub(crate) fn unscored(&self) -> f64 {
        f64::from(self.trials - self.scored) / f64::from(self.trials)
    }
}

/// A judge and what it answered per axis, in the order of the examples; none where it does not answer on the axis.
///
/// An example is there if the judge was asked about it, the axis applies and it has a gold label; of a single scale, if
/// moreover it is harmless on the other axis, as in every number of such a judge.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) run: &'a JudgeRun,
    pub(crate) scale: Option<&'a FittedScale>,
    pub(crate) axes: PerAxis<Option<Vec<Answered>>>,
}

impl<'a> Subject<'a> {
    /// Reads the verdicts of one run.
    pub(crate) fn new(run: &'a JudgeRun, scale: Option<&'a FittedScale>, context: &Context<'_>) -> Self {
        let flag_at = PerAxis::from_fn(|axis| match scale {
            Some(_) => FLAG,
            None => run.spec.flag_at.get(&axis).copied().unwrap_or(*context.thresholds.get(axis)),
        });
        let axes = PerAxis::from_fn(|axis| {
            run.spec.axes.contains(&axis).then(|| answered(run, scale, axis, *flag_at.get(axis), context))
        });
        Self { run, scale, axes }
    }

    /// Name of the judge.
    pub(crate) fn name(&self) -> &'a str {
        &self.run.spec.name
    }

    /// Why the judge has no flag, if it has none.
    pub(crate) fn no_cut(&self) -> Option<Undefined> {
        self.scale.and_then(FittedScale::no_cut)
    }

    /// What it answered on one axis; empty where it does not answer on it.
    pub(crate) fn on(&self, axis: Axis) -> &[Answered] {
        self.axes.get(axis).as_deref().unwrap_or_default()
    }
}

/// Where in a list of answers, which is in the order of the examples, the one to an example stands.
pub(crate) fn place_of(answered: &[Answered], example: usize) -> Option<usize> {
    answered.binary_search_by_key(&(example as u32), |one| one.example).ok()
}

/// Sums over the trials of one example.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    trials: u32,
    scored: u32,
    flagged: u32,
    severity: f64,
    probability: (u32, f64),
    score: (u32, f64),
}

/// The mean over the repeats of an example, to twelve digits.
pub(crate) fn mean(count: u32, sum: f64) -> f64 {
    if count == 1 { sum } else { twelve_digits(sum / f64::from(count)) }
}

/// A computed value to twelve significant digits, so that what ties in decimals ties: (0.2 + 0.4) / 2 and (0.0 + 0.6) / 2
/// differ in the last bits of a double, and so do 1 - 0.8 and 0.2.
pub(crate) fn twelve_digits(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

fn answered(
    run: &JudgeRun,
    scale: Option<&FittedScale>,
    axis: Axis,
    flag_at: Severity,
    context: &Context<'_>,
) -> Vec<Answered> {
    let Context { gold, layout, thresholds, .. } = *context;
    let mut sums = vec![Sums::default(); gold.examples.len()];
    for verdict in &run.verdicts {
        let Some(position) = gold.position(&verdict.example) else { continue };
        let answer = match scale {
            Some(scale) => scale.answer(verdict, layout.cluster(position)),
            None => answer_of(verdict, axis),
        };
        let of_example = &mut sums[position];
        of_example.trials += 1;
        if let Answer::Severity(severity) = answer {
            of_example.scored += 1;
            of_example.flagged += u32::from(severity >= flag_at);
            of_example.severity += f64::from(severity);
        }
        let stated = verdict.probability(axis).filter(|_| verdict.outcome == Outcome::Scored);
        for (sum, stated) in [
            (&mut of_example.probability, stated),
            (&mut of_example.score, scale.and_then(|scale| scale.harm(verdict))),
        ] {
            if let Some(stated) = stated {
                *sum = (sum.0 + 1, sum.1 + stated);
            }
        }
    }
    let mean = |(count, sum): (u32, f64)| (count > 0).then(|| mean(count, sum));
    sums.into_iter()
        .enumerate()
        .filter(|(position, sums)| sums.trials > 0 && gold.applies(*position, axis))
        .filter_map(|(position, sums)| {
            let severity = gold.labels.get(axis)[position].severity?;
            let apart = |elsewhere: Severity| elsewhere < *thresholds.get(axis.other());
            if scale.is_some() && !severity_elsewhere(gold, position, axis).is_some_and(apart) {
                return None;
            }
            Some(Answered {
                example: position as u32,
                cluster: layout.cluster(position) as u32,
                gold: severity,
                positive: severity >= *thresholds.get(axis),
                trials: sums.trials,
                scored: sums.scored,
                flagged: sums.flagged,
                severity: mean((if scale.is_some() { 0 } else { sums.scored }, sums.severity)),
                probability: mean(sums.probability),
                score: mean(sums.score),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::mean;

    #[test]
    fn means_that_tie_in_decimals_tie() {
        assert_ne!((0.2 + 0.4) / 2.0, (0.0 + 0.6) / 2.0);
        assert_eq!(mean(2, 0.2 + 0.4), mean(2, 0.0 + 0.6));
        assert_eq!((mean(3, 1.0), mean(1, 0.1 + 0.2), mean(2, 1e9 + 3e9)), (0.333333333333, 0.1 + 0.2, 2e9));
    }
}
