//! Sums over the examples of each cluster: what shares, jackknives and tests of one judge on one axis are made of.

use std::collections::BTreeMap;

use super::answers::{Answered, Context};
use crate::model::Severity;
use crate::stats::gap::{GapCount, MOVER_GUARDED, recall_gap};
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::proportion::{ClusterCount, clustered_proportion, totals};
use crate::stats::random::{StreamKey, uniform};
use crate::stats::{Estimate, Undefined};

/// What an example adds to a share: numerator and denominator; none where it is not in the denominator.
pub(super) type Part = Option<(f64, f64)>;

/// A positive from a gold severity: the share of trials that flag, an unscored one being a miss.
pub(super) fn hit(one: &Answered, from: Severity) -> Part {
    (one.gold >= from).then(|| (one.flagged_of_asked(), 1.0))
}

/// A negative below a gold severity: the share that flags of the trials with a verdict.
pub(super) fn alarm(one: &Answered, from: Severity) -> Part {
    (one.gold < from).then(|| flag(one)).flatten()
}

/// Any example: the share that flags of the trials with a verdict.
pub(super) fn flag(one: &Answered) -> Part {
    (one.scored > 0).then(|| (one.flagged_of_asked(), 1.0 - one.unscored()))
}

/// What a number over these examples misses: the sum of their shares of trials without a verdict.
pub(super) fn unscored<'a>(examples: impl IntoIterator<Item = &'a Answered>) -> f64 {
    whole(examples.into_iter().map(Answered::unscored).sum())
}

/// Sums by cluster, one entry for each cluster of the set.
pub(super) fn counts<'a>(
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
pub(super) fn share<'a>(
    context: &Context<'_>,
    answered: impl IntoIterator<Item = &'a Answered>,
    empty: Undefined,
    part: impl Fn(&Answered) -> Part,
) -> Estimate {
    share_of(&counts(context.layout.clusters.len(), answered, part), context.options.level, empty)
}

/// The same from sums by cluster. Parts of examples that add up to a whole number do so but for rounding.
pub(super) fn share_of(counts: &[ClusterCount], level: f64, empty: Undefined) -> Estimate {
    let mut estimate = clustered_proportion(counts, level, empty);
    estimate.n = whole(estimate.n);
    estimate.count = estimate.count.map(whole);
    estimate
}

/// A sum of parts of examples, without what rounding left.
pub(super) fn whole(sum: f64) -> f64 {
    /// Far below one trial at a million repeats.
    const ROUNDING: f64 = 1e-9;
    if (sum - sum.round()).abs() < ROUNDING { sum.round() } else { sum }
}

/// A difference of two shares over common clusters, with the guarded MOVER interval.
pub(super) fn difference(
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

/// The sum without each part in turn, from sums before and after it: nothing is subtracted.
pub(super) fn without_each<T: Clone>(zero: &T, parts: &[T], add: impl Fn(&mut T, &T)) -> Vec<T> {
    let mut after = vec![zero.clone(); parts.len() + 1];
    for (index, part) in parts.iter().enumerate().rev() {
        after[index] = after[index + 1].clone();
        add(&mut after[index], part);
    }
    let mut before = zero.clone();
    let mut without = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let mut rest = before.clone();
        add(&mut rest, &after[index + 1]);
        without.push(rest);
        add(&mut before, part);
    }
    without
}

/// Adds lists of sums.
pub(super) fn add_lists(sum: &mut [f64], part: &[f64]) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
}

/// A smooth statistic of sums, with its cluster jackknife; parts that are all zero are no clusters of it.
pub(super) fn jackknife_of_sums(
    parts: &[Vec<f64>],
    scale: Scale,
    level: f64,
    statistic: impl Fn(&[f64]) -> Result<f64, Undefined>,
) -> Estimate {
    let parts: Vec<Vec<f64>> = parts.iter().filter(|part| part.iter().any(|sum| *sum != 0.0)).cloned().collect();
    let zero = vec![0.0; parts.first().map_or(0, Vec::len)];
    let mut all = zero.clone();
    parts.iter().for_each(|part| add_lists(&mut all, part));
    let without = without_each(&zero, &parts, |sum, part| add_lists(sum, part));
    jackknife(parts.len(), scale, level, |left_out| match left_out {
        None if parts.is_empty() => Err(Undefined::NoData),
        None => statistic(&all),
        Some(cluster) => statistic(&without[cluster]),
    })
}

/// The examples of each system, by name; those without one are left out.
pub(super) fn of_systems<'a, 'c>(
    answered: &'a [Answered],
    context: &Context<'c>,
) -> BTreeMap<&'c str, Vec<&'a Answered>> {
    let mut systems: BTreeMap<&str, Vec<&Answered>> = BTreeMap::new();
    for one in answered {
        if let Some(system) = context.gold.examples[one.example as usize].system.as_deref() {
            systems.entry(system).or_default().push(one);
        }
    }
    systems
}

/// A place for each cluster in an order that depends on the seed and on its id alone.
pub(super) fn shuffled_places(context: &Context<'_>) -> Vec<usize> {
    let ids = &context.layout.clusters;
    let draw = |id: &String| {
        let mut stream = StreamKey::new(context.options.seed, id, "", "order_of_clusters").stream(0);
        uniform(&mut stream)
    };
    let draws: Vec<f64> = ids.iter().map(draw).collect();
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by(|one, other| draws[*one].total_cmp(&draws[*other]).then(one.cmp(other)));
    let mut places = vec![0; ids.len()];
    order.iter().enumerate().for_each(|(place, cluster)| places[*cluster] = place);
    places
}

/// Clusters, or groups of clusters, that a jackknife leaves out in turn.
pub(super) struct Groups {
    /// The group of each cluster of the set.
    pub(super) of: Vec<usize>,
    /// How many.
    pub(super) count: usize,
    /// Clusters in them.
    clusters: usize,
}

/// Name of the jackknife over groups of clusters.
const GROUPED: &str = "grouped_cluster_jackknife_t";
/// Passes over an item up to which every cluster is left out in turn.
const CHEAP: usize = 200_000;
/// Groups beyond it.
const GROUPS: usize = 20;

/// Every cluster of the items by itself, where a jackknife over them is cheap; else at random in twenty groups of equal size
/// (delete-a-group jackknife, Kott 2001, J Official Statistics 17:521).
pub(super) fn grouped(clusters: impl Iterator<Item = u32>, items: usize, context: &Context<'_>) -> Groups {
    let mut own: Vec<usize> = clusters.map(|cluster| cluster as usize).collect();
    own.sort_unstable();
    own.dedup();
    let count = if own.len() * items <= CHEAP { own.len() } else { own.len().min(GROUPS) };
    let mut of = vec![usize::MAX; context.layout.clusters.len()];
    if count < own.len() {
        let places = shuffled_places(context);
        own.sort_unstable_by_key(|cluster| places[*cluster]);
    }
    own.iter().enumerate().for_each(|(place, cluster)| of[*cluster] = place % count.max(1));
    Groups { of, count, clusters: own.len() }
}

impl Groups {
    /// Says in an estimate that groups were left out, not clusters, and over how many clusters it is.
    pub(super) fn name(&self, estimate: &mut Estimate) {
        estimate.clusters = self.clusters;
        if self.count < self.clusters {
            GROUPED.clone_into(&mut estimate.method);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(gold: Severity, trials: u32, scored: u32, flagged: u32) -> Answered {
        Answered {
            example: 0,
            cluster: 0,
            gold,
            positive: gold >= 1,
            trials,
            scored,
            flagged,
            severity: None,
            probability: None,
            score: None,
        }
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

    #[test]
    fn sums_without_each_are_the_sums_of_the_others() {
        let parts = [vec![1.0, 10.0], vec![2.0, 20.0], vec![4.0, 40.0]];
        let without = without_each(&vec![0.0; 2], &parts, |sum, part| add_lists(sum, part));
        assert_eq!(without, [vec![6.0, 60.0], vec![5.0, 50.0], vec![3.0, 30.0]]);
        assert!(without_each(&vec![0.0; 2], &[], |sum, part| add_lists(sum, part)).is_empty());
    }

    /// The mean of 1, 2, 3 as a ratio of sums: its jackknife error is that of the textbook, 1 / sqrt(3).
    #[test]
    fn the_jackknife_of_sums_is_the_jackknife() {
        let parts = [vec![1.0, 1.0], vec![0.0, 0.0], vec![2.0, 1.0], vec![3.0, 1.0]];
        let found = jackknife_of_sums(&parts, Scale::Identity, 0.95, |sums| Ok(sums[0] / sums[1]));
        let half = 4.302_652_729_749_462 / 3.0_f64.sqrt();
        assert_eq!((found.value, found.clusters), (Some(2.0), 3));
        assert!((found.upper.unwrap() - 2.0 - half).abs() < 1e-9);
        assert_eq!(jackknife_of_sums(&[], Scale::Identity, 0.95, |_| Ok(1.0)).undefined, Some(Undefined::NoData));
    }
}
