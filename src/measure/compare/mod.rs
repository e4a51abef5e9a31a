//! Judge against judge on the examples that both were asked: differences, tests of a family, ranks, and what to say of it.

mod change;
mod choice;
mod common;
mod detectable;
mod family;
mod joint;
mod letters;
mod pair;
mod ranking;
mod result;
mod separating;
mod words;

pub use change::{AxisChange, Flip, Flips, RunChange, run_change};
pub use choice::{Candidate, Choice, ChoiceCheck, JudgeCost, NoChoice, check_choice, choose, costs};
pub use detectable::{DetectableDifference, DetectableFromLabels, DetectableOnAxis, detectable_from_labels};
pub use result::{
    AdjustedTest, AxisComparison, CochranTest, ComparedPairs, Comparison, ComparisonPlan, Discordance,
    LeftOutOfRanking, LeftOutReason, PairedDifference, PairedFlags, RankedJudge, RankedMetric, Ranking, ReferenceTests,
    SeparatingScore, TestFamily,
};

pub(super) use ranking::rankings;

use rayon::prelude::*;

use super::answers::{Context, Subject};
use super::evaluation::JudgeEvaluation;
use crate::measure::options::{PrimaryComparison, PrimaryMetric};
use crate::model::PerAxis;
use crate::run::JudgeRun;
use pair::Pair;
use separating::{Ranks, ranks};

/// Judges of which every two are compared; beyond, the best of them and each other judge with the best.
const EVERY_PAIR: usize = 20;

/// Whether a judge is a baseline.
fn is_baseline(run: &JudgeRun) -> bool {
    run.spec.kind.name() == "baseline"
}

/// Every pair of judges on the examples that both were asked; adjusts their tests together with the gap of each judge.
pub(super) fn comparisons(
    subjects: &[Subject<'_>],
    judges: &mut [JudgeEvaluation],
    context: &Context<'_>,
) -> (Vec<Comparison>, ComparisonPlan) {
    let options = context.options;
    let (indices, pairs) = chosen_pairs(subjects, judges, options.primary);
    let ranked: Vec<PerAxis<Option<Ranks>>> = subjects.par_iter().map(ranks).collect();
    let mut comparisons: Vec<Comparison> = indices
        .into_par_iter()
        .map(|(first, second)| {
            let own = [&ranked[first], &ranked[second]];
            Pair { first: &subjects[first], second: &subjects[second], ranks: own, context }.compare()
        })
        .collect();
    let baseline = |name: &str| subjects.iter().any(|subject| subject.name() == name && is_baseline(subject.run));
    let plan = family::adjust(&mut comparisons, judges, options.primary, pairs, &baseline);
    for comparison in &mut comparisons {
        comparison.in_words = words::in_words(comparison, options.level);
    }
    (comparisons, plan)
}

/// Pairs of positions, each in the order of the judges' names, and the list too.
fn chosen_pairs(
    subjects: &[Subject<'_>],
    judges: &[JudgeEvaluation],
    primary: PrimaryComparison,
) -> (Vec<(usize, usize)>, ComparedPairs) {
    let mut by_name: Vec<usize> = (0..subjects.len()).collect();
    by_name.sort_by_key(|subject| subjects[*subject].name());
    let all = by_name.iter().enumerate().flat_map(|(at, one)| by_name[at + 1..].iter().map(move |two| (*one, *two)));
    if subjects.len() <= EVERY_PAIR {
        return (all.collect(), ComparedPairs::All);
    }
    let value = |subject: usize| {
        let judge = judges.iter().find(|judge| judge.judge == subjects[subject].name())?;
        let axis = judge.axes.get(primary.axis).as_deref()?;
        match primary.metric {
            PrimaryMetric::YoudenJ => axis.youden_j.value,
            PrimaryMetric::Recall => axis.recall.value,
        }
    };
    let mut best = by_name.clone();
    let key = |subject: usize| value(subject).unwrap_or(f64::NEG_INFINITY);
    best.sort_by(|one, other| key(*other).total_cmp(&key(*one)));
    let within = |subject: usize| best[..EVERY_PAIR].contains(&subject);
    let kept = all.filter(|(one, two)| (within(*one) && within(*two)) || *one == best[0] || *two == best[0]);
    (kept.collect(), ComparedPairs::TwentyBest)
}
