//! Sums over the examples of each cluster: what shares, jackknives and tests of one judge on one axis are made of.

use super::table::{Answered, Context};
use crate::measure::counts::whole;
use crate::model::Severity;
use crate::stats::gap::{GapCount, MOVER_GUARDED, recall_gap};
use crate::stats::proportion::{ClusterCount, clustered_proportion, totals};
use crate::stats::{Estimate, Undefined};

/// What an example adds to a share: numerator and denominator; none where it is not in the denominator.
pub(crate) type Part = Option<(f64, f64)>;

/// A positive from a gold severity: the share of trials that flag, an unscored one being a miss.
pub(crate) fn hit(one: &Answered, from: Severity) -> Part {
    (one.gold >= from).then(|| (one.flagged_of_asked(), 1.0))
}

/// A negative below a gold severity: the share that flags of the trials with a verdict.
pub(crate) fn alarm(one: &Answered, from: Severity) -> Part {
    (one.gold < from).then(|| flag(one)).flatten()
}

/// Any example: the share that flags of the trials with a verdict.
pub(crate) fn flag(one: &Answered) -> Part {
    (one.scored > 0).then(|| (one.flagged_of_asked(), 1.0 - one.unscored()))
}

/// What a number over these examples misses: the sum of their shares of trials without a verdict.
pub(crate) fn unscored<'a>(examples: impl IntoIterator<Item = &'a Answered>) -> f64 {
    whole(examples.into_iter().map(Answered::unscored).sum())
}

/// Sums by cluster, one entry for each cluster of the set.
pub(crate) fn counts<'a>(
    clusters: usize,
    answered: impl IntoIterator<Item = &'a Answered>,
    part: impl Fn(&Answered) -> Part,
) -> Vec<ClusterCount> {
    let mut counts = vec![ClusterCount::default(); clusters];
    for one in answered {
        if let Some((hits, total)) = part(one) {
            let own = &mut counts[one.cluster as usize];
            own.hits += hits;
            own.total += total;
        }
    }
    counts
}

/// A share with its guarded Wilson interval.
pub(crate) fn share<'a>(
    context: &Context<'_>,
    answered: impl IntoIterator<Item = &'a Answered>,
    empty: Undefined,
    part: impl Fn(&Answered) -> Part,
) -> Estimate {
    share_of(&counts(context.layout.clusters.len(), answered, part), context.options.level, empty)
}

/// The same from sums by cluster. Parts of examples that add up to a whole number do so but for rounding.
pub(crate) fn share_of(counts: &[ClusterCount], level: f64, empty: Undefined) -> Estimate {
    let mut estimate = clustered_proportion(counts, level, empty);
    estimate.n = whole(estimate.n);
    estimate.count = estimate.count.map(whole);
    estimate
}

/// A difference of two shares over common clusters, with the guarded MOVER interval.
pub(crate) fn difference(
    first: &[ClusterCount],
    second: &[ClusterCount],
    level: f64,
    empty: [Undefined; 2],
) -> Estimate {
    for (counts, reason) in [first, second].into_iter().zip(empty) {
        if totals(counts).total <= 0.0 {
            return Estimate::undefined(reason, level, MOVER_GUARDED);
        }
    }
    let pairs = first.iter().zip(second).map(|(first, second)| GapCount { first: *first, second: *second });
    let mut estimate = recall_gap(&pairs.collect::<Vec<_>>(), level);
    estimate.n = whole(estimate.n);
    estimate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::toy::repeats;

    fn answered(gold: Severity, trials: u32, scored: u32, flagged: u32) -> Answered {
        repeats(0, gold, [trials, scored, flagged])
    }

    /// Four trials, three scored, one flagged: a hit of 1/4; as an alarm or a flag 1/4 of 3/4.
    #[test]
    fn an_unscored_trial_is_a_miss_on_a_positive_and_left_out_elsewhere() {
        assert_eq!(hit(&answered(1, 4, 3, 1), 1), Some((0.25, 1.0)));
        assert_eq!(alarm(&answered(0, 4, 3, 1), 1), Some((0.25, 0.75)));
        assert_eq!(flag(&answered(1, 4, 3, 1)), Some((0.25, 0.75)));
        assert_eq!((hit(&answered(0, 1, 1, 1), 1), alarm(&answered(1, 1, 1, 1), 1)), (None, None));
        assert_eq!((hit(&answered(1, 2, 0, 0), 1), alarm(&answered(0, 2, 0, 0), 1)), (Some((0.0, 1.0)), None));
        assert_eq!(hit(&answered(1, 1, 1, 1), 2), None);
    }
}
