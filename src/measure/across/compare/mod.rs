//! Judge against judge on the examples that both were asked: differences, tests of a family, ranks, and what to say of it.

mod common;
mod family;
mod joint;
mod letters;
mod pair;
mod ranking;
mod separating;
mod words;

pub(crate) use common::common_answers;
pub(crate) use ranking::rankings;

use rayon::prelude::*;

use crate::measure::answers::{Context, Subject};
use crate::measure::evaluation::{ComparedPairs, Comparison, ComparisonPlan, JudgeEvaluation};
use crate::measure::options::{PrimaryComparison, PrimaryMetric};
use crate::model::PerAxis;
use pair::Pair;
use separating::{Ranks, ranks};

/// Judges of which every two are compared; beyond, the best of them and each other judge with the best.
const EVERY_PAIR: usize = 20;

/// Every pair of judges on the examples that both were asked; adjusts their tests together with the gap of each judge.
pub(crate) fn comparisons(
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
    let baseline =
        |name: &str| subjects.iter().any(|subject| subject.name() == name && subject.run.spec.kind.is_baseline());
    let plan = family::adjust(&mut comparisons, judges, options.primary, pairs, &baseline);
    for comparison in &mut comparisons {
        comparison.in_words = words::in_words(comparison, options.level);
    }
    (comparisons, plan)
}

/// Two runs alone: their tests are a family of their own.
pub(crate) fn comparison_of_two(
    first: &Subject<'_>,
    second: &Subject<'_>,
    context: &Context<'_>,
) -> (Comparison, ComparisonPlan) {
    let ranked = [ranks(first), ranks(second)];
    let own = [&ranked[0], &ranked[1]];
    let mut compared = [Pair { first, second, ranks: own, context }.compare()];
    let plan = family::adjust(&mut compared, &mut [], context.options.primary, ComparedPairs::All, &|_| false);
    let [mut comparison] = compared;
    comparison.in_words = words::in_words(&comparison, context.options.level);
    (comparison, plan)
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
