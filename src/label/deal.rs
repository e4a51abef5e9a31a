//! Who labels what: each example goes to one rater, and a share of them to two; loads are balanced.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;

use crate::stats::random::shuffle;

/// Deals the examples of all groups to raters; one list of examples a rater.
///
/// A share `overlap` of the examples, rounded to a whole number, goes to two raters; they are drawn from all groups in turn, so
/// that they lie in as many clusters as they can. Every other goes to one. The loads of two raters differ by one at most, and so,
/// as far as that allows, do the numbers of examples that two raters have in common.
pub(super) fn deal(groups: &[Vec<usize>], raters: usize, overlap: f64, random: &mut ChaCha8Rng) -> Vec<Vec<usize>> {
    let mut order = in_turn(groups, random);
    let twice = (order.len() as f64 * overlap).round() as usize;
    let mut once = order.split_off(twice.min(order.len()));
    // Dealt in turns of the groups, a rater could get the same group each time.
    shuffle(&mut order, random);
    shuffle(&mut once, random);
    let mut dealt = vec![Vec::new(); raters];
    let mut together: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for example in order {
        let pair = least_loaded_pair(&dealt, &together);
        *together.entry(pair).or_default() += 1;
        dealt[pair.0].push(example);
        dealt[pair.1].push(example);
    }
    let mut ranks: Vec<usize> = (0..raters).collect();
    for example in once {
        shuffle(&mut ranks, random);
        if let Some(rater) = ranks.iter().copied().min_by_key(|rater| dealt[*rater].len()) {
            dealt[rater].push(example);
        }
    }
    dealt
}

/// One example of each group, then a second of each, and so on; groups and members by lot.
fn in_turn(groups: &[Vec<usize>], random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut groups: Vec<Vec<usize>> = groups.to_vec();
    shuffle(&mut groups, random);
    groups.iter_mut().for_each(|members| shuffle(members, random));
    let longest = groups.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest).flat_map(|turn| groups.iter().filter_map(move |members| members.get(turn).copied())).collect()
}

/// The two raters with the lowest loads; of those, the two with the fewest examples in common.
fn least_loaded_pair(dealt: &[Vec<usize>], together: &BTreeMap<(usize, usize), usize>) -> (usize, usize) {
    let pairs = (0..dealt.len()).flat_map(|one| (one + 1..dealt.len()).map(move |other| (one, other)));
    let cost = |pair: &(usize, usize)| {
        let loads = [dealt[pair.0].len(), dealt[pair.1].len()];
        (loads[0] + loads[1], together.get(pair).copied().unwrap_or(0))
    };
    pairs.min_by_key(cost).expect("two raters or more: the plan refuses fewer")
}

/// Moves unfinished examples of the others to one more rater, from the ends of their lists, until loads are balanced as far as
/// that allows. `movable` says whether an example of a rater (by position) may go; nobody gets an example twice.
pub(super) fn move_to_another(dealt: &mut [Vec<usize>], movable: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut moved: Vec<usize> = Vec::new();
    loop {
        let mut donors: Vec<usize> = (0..dealt.len()).filter(|rater| dealt[*rater].len() > moved.len() + 1).collect();
        donors.sort_by_key(|rater| std::cmp::Reverse(dealt[*rater].len()));
        let found = donors.into_iter().find_map(|rater| {
            let may_go = |example: &usize| movable(rater, *example) && !moved.contains(example);
            Some((rater, dealt[rater].iter().rposition(may_go)?))
        });
        let Some((rater, place)) = found else { return moved };
        moved.push(dealt[rater].remove(place));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::stats::random::StreamKey;

    fn groups(clusters: usize, size: usize) -> Vec<Vec<usize>> {
        (0..clusters).map(|cluster| (cluster * size..(cluster + 1) * size).collect()).collect()
    }

    fn dealt(clusters: usize, size: usize, raters: usize, overlap: f64, seed: u64) -> Vec<Vec<usize>> {
        deal(&groups(clusters, size), raters, overlap, &mut StreamKey::new(seed, "", "", "deal").stream(0))
    }

    /// How many raters have each example.
    fn raters_of(dealt: &[Vec<usize>]) -> BTreeMap<usize, usize> {
        let mut counts = BTreeMap::new();
        dealt.iter().flatten().for_each(|example| *counts.entry(*example).or_default() += 1);
        counts
    }

    /// 192 examples and an overlap of 0.2: 38 twice, 154 once, 230 in all; by 3 that is 77, 77 and 76.
    #[test]
    fn counts_are_exact_and_loads_balanced() {
        for (raters, overlap, twice, loads) in [
            (3, 0.2, 38, vec![76, 77, 77]),
            (2, 1.0, 192, vec![192, 192]),
            (4, 0.0, 0, vec![48; 4]),
            (5, 0.5, 96, vec![57, 57, 58, 58, 58]),
        ] {
            let dealt = dealt(24, 8, raters, overlap, 1);
            let counts = raters_of(&dealt);
            assert_eq!(counts.len(), 192);
            assert_eq!(counts.values().filter(|count| **count == 2).count(), twice, "{raters} raters, {overlap}");
            assert_eq!(counts.values().filter(|count| **count == 1).count(), 192 - twice);
            let mut found: Vec<usize> = dealt.iter().map(Vec::len).collect();
            found.sort_unstable();
            assert_eq!(found, loads);
            assert!(dealt.iter().all(|own| own.iter().collect::<BTreeSet<_>>().len() == own.len()), "an example twice");
        }
    }

    /// 24 clusters and 38 examples that two raters get: every cluster has one or two of them.
    #[test]
    fn those_for_two_raters_lie_in_as_many_clusters_as_they_can() {
        for seed in 0..10 {
            let twice = raters_of(&dealt(24, 8, 3, 0.2, seed)).into_iter().filter(|(_, raters)| *raters == 2);
            let mut clusters: BTreeMap<usize, usize> = BTreeMap::new();
            twice.for_each(|(example, _)| *clusters.entry(example / 8).or_default() += 1);
            assert_eq!(clusters.len(), 24);
            assert!(clusters.values().all(|count| (1..=2).contains(count)), "{clusters:?}");
        }
    }

    #[test]
    fn every_two_raters_have_about_as_many_in_common() {
        let dealt = dealt(24, 8, 4, 0.5, 7);
        let common = |one: usize, other: usize| dealt[one].iter().filter(|own| dealt[other].contains(own)).count();
        let counts = [common(0, 1), common(0, 2), common(0, 3), common(1, 2), common(1, 3), common(2, 3)];
        assert_eq!(counts.iter().sum::<usize>(), 96);
        assert_eq!(counts, [16; 6]);
    }

    #[test]
    fn one_more_rater_takes_unfinished_work_alone() {
        let mut lists = dealt(24, 8, 3, 0.2, 1);
        let before = lists.clone();
        // The first has finished all but two, the others nothing.
        let finished = |rater: usize, example: usize| rater == 0 && before[0][..before[0].len() - 2].contains(&example);
        let moved = move_to_another(&mut lists, |rater, example| !finished(rater, example));
        assert!(lists[0].starts_with(&before[0][..before[0].len() - 2]));
        for (now, then) in lists.iter().zip(&before) {
            let mut then = then.iter();
            assert!(now.iter().all(|own| then.any(|other| other == own)), "what stays keeps its order");
        }
        assert_eq!(lists.iter().map(Vec::len).sum::<usize>() + moved.len(), 230);
        assert_eq!(raters_of(&[lists.clone(), vec![moved.clone()]].concat()), raters_of(&before));
        assert_eq!(moved.iter().collect::<BTreeSet<_>>().len(), moved.len());
        // 77 of the first stay at 75 or more; the others come down to the newcomer's load.
        let loads = [lists[1].len(), lists[2].len(), moved.len()];
        assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1, "{loads:?}");
        let nothing = move_to_another(&mut before.clone(), |_, _| false);
        assert_eq!(nothing, Vec::<usize>::new());
    }
}
