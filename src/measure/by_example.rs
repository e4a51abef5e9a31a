//! Each example as the numbers counted it: what a report shows one by one.

use rayon::prelude::*;

use crate::gold::GoldSet;
use crate::measure::answers::{Answered, Context, Subject};
use crate::measure::options::MeasureOptions;
use crate::measure::trials::{FittedScale, Layout};
use crate::model::{Axis, PerAxis, Severity};
use crate::run::JudgeRun;

/// One example on one axis as it was counted for one judge; repeats are counted, not averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedAnswer {
    /// Position in the gold set.
    pub example: usize,
    /// Gold severity.
    pub gold: Severity,
    /// Whether the gold severity reaches the threshold.
    pub positive: bool,
    /// How often the judge was asked.
    pub trials: u32,
    /// Of those, with a verdict on this axis.
    pub scored: u32,
    /// Of those, flagged.
    pub flagged: u32,
}

/// The answers of one judge per axis, in the order of the examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeAnswers {
    /// Name of the judge.
    pub judge: String,
    /// Whether it has a cut from which it flags; without one there is nothing to agree or disagree with.
    pub flags: bool,
    /// The answers; none where it does not answer on the axis.
    pub axes: PerAxis<Vec<CountedAnswer>>,
}

/// The answers of every run, in the order of the runs.
pub fn counted_answers(gold: &GoldSet, runs: &[JudgeRun], options: &MeasureOptions) -> Vec<JudgeAnswers> {
    let layout = Layout::new(gold);
    let thresholds = options.thresholds_on(&gold.card);
    let context = Context { gold, layout: &layout, thresholds, options };
    runs.par_iter()
        .map(|run| {
            let scale = FittedScale::of(run, gold, &layout, &thresholds);
            let subject = Subject::new(run, scale.as_ref(), &context);
            JudgeAnswers {
                judge: subject.name().to_owned(),
                flags: subject.no_cut().is_none(),
                axes: PerAxis::from_fn(|axis: Axis| subject.on(axis).iter().map(counted).collect()),
            }
        })
        .collect()
}

fn counted(answered: &Answered) -> CountedAnswer {
    CountedAnswer {
        example: answered.example as usize,
        gold: answered.gold,
        positive: answered.positive,
        trials: answered.trials,
        scored: answered.scored,
        flagged: answered.flagged,
    }
}
