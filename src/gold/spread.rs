//! Orders in which examples of one cluster stand as far apart as they can: a clean response beside its degraded twin would give
//! both away. The labelling page and the exports to other tools show examples in these.

use std::collections::{BinaryHeap, VecDeque};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

use crate::stats::random::shuffle;

/// Puts the members of all groups into one order.
///
/// The smallest distance between two members of one group is the largest that any order has: with groups of at most m members,
/// c of which have m, among n in all, it is floor((n - c) / (m - 1)). Which group comes when, and which member, is drawn.
///
/// Each place goes to a group whose last member is far enough behind, and among those to the one with the most members left:
/// the rule of scheduling tasks that have to cool down, which leaves no place empty where that can be had.
pub fn spread(groups: &[Vec<usize>], random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut left: Vec<Vec<usize>> = groups.to_vec();
    left.iter_mut().for_each(|members| shuffle(members, random));
    let total: usize = left.iter().map(Vec::len).sum();
    let distance = largest_distance(&left, total);
    // Groups that may come next, those with the most members left first and equal ones by lot.
    let mut ready: BinaryHeap<(usize, u64, usize)> = BinaryHeap::new();
    for (group, members) in left.iter().enumerate().filter(|(_, members)| !members.is_empty()) {
        ready.push((members.len(), random.next_u64(), group));
    }
    let mut cooling: VecDeque<(usize, usize)> = VecDeque::new();
    let mut order = Vec::with_capacity(total);
    while order.len() < total {
        while let Some((_, group)) = cooling.pop_front_if(|(from, _)| *from <= order.len()) {
            ready.push((left[group].len(), random.next_u64(), group));
        }
        let next = ready.pop().map(|(_, _, group)| group).or_else(|| cooling.pop_front().map(|(_, group)| group));
        let group = next.expect("members are left, so a group is ready or cooling");
        order.extend(left[group].pop());
        if !left[group].is_empty() {
            cooling.push_back((order.len() - 1 + distance, group));
        }
    }
    order
}

fn largest_distance(groups: &[Vec<usize>], total: usize) -> usize {
    let largest = groups.iter().map(Vec::len).max().unwrap_or(0);
    if largest < 2 {
        return 1;
    }
    let of_that_size = groups.iter().filter(|members| members.len() == largest).count();
    (total - of_that_size) / (largest - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::StreamKey;

    fn random(replicate: u64) -> ChaCha8Rng {
        StreamKey::new(1, "", "", "spread").stream(replicate)
    }

    /// Groups of the given sizes, numbered on.
    fn groups(sizes: &[usize]) -> Vec<Vec<usize>> {
        let mut next = 0;
        let group = |size: &usize| {
            next += size;
            (next - size..next).collect()
        };
        sizes.iter().map(group).collect()
    }

    fn smallest_distance(order: &[usize], groups: &[Vec<usize>]) -> Option<usize> {
        let of = |member: &usize| groups.iter().position(|group| group.contains(member)).unwrap();
        let groups: Vec<usize> = order.iter().map(of).collect();
        let pairs = (0..groups.len()).flat_map(|one| (one + 1..groups.len()).map(move |other| (one, other)));
        pairs.filter(|(one, other)| groups[*one] == groups[*other]).map(|(one, other)| other - one).min()
    }

    /// The largest smallest distance of all orders, by trying every one.
    fn best(sizes: &mut [usize], chosen: &mut Vec<usize>) -> usize {
        if sizes.iter().all(|size| *size == 0) {
            let pairs = (0..chosen.len()).flat_map(|one| (one + 1..chosen.len()).map(move |other| (one, other)));
            let distances = pairs.filter(|(one, other)| chosen[*one] == chosen[*other]).map(|(one, other)| other - one);
            return distances.min().unwrap_or(usize::MAX);
        }
        let mut found = 0;
        for group in 0..sizes.len() {
            if sizes[group] > 0 {
                sizes[group] -= 1;
                chosen.push(group);
                found = found.max(best(sizes, chosen));
                chosen.pop();
                sizes[group] += 1;
            }
        }
        found
    }

    #[test]
    fn every_member_comes_once_and_the_order_follows_from_the_stream() {
        let groups = groups(&[8, 8, 8, 3, 1]);
        let order = spread(&groups, &mut random(0));
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..28).collect::<Vec<_>>());
        assert_eq!(order, spread(&groups, &mut random(0)));
        assert_ne!(order, spread(&groups, &mut random(1)));
        assert_eq!(spread(&[], &mut random(0)), Vec::<usize>::new());
    }

    /// Against every order of small sets.
    #[test]
    fn no_order_keeps_a_group_farther_apart() {
        for sizes in [
            vec![2, 2, 2],
            vec![3, 1],
            vec![4],
            vec![3, 3, 1],
            vec![2, 1, 1, 1],
            vec![3, 2, 2],
            vec![2, 2, 1, 1],
            vec![4, 2, 1],
        ] {
            let groups = groups(&sizes);
            let expected = best(&mut sizes.clone(), &mut Vec::new());
            for replicate in 0..20 {
                let order = spread(&groups, &mut random(replicate));
                assert_eq!(smallest_distance(&order, &groups), Some(expected), "{sizes:?}: {order:?}");
            }
        }
    }

    /// Sizes as sets have them: the bound of the formula is kept.
    #[test]
    fn the_distance_is_that_of_the_formula() {
        for (sizes, expected) in [
            (vec![8; 24], 24),
            (vec![23; 64], 64),
            ([vec![10], vec![1; 5]].concat(), 1),
            ([vec![5, 5], vec![2; 30]].concat(), 17),
        ] {
            let groups = groups(&sizes);
            let order = spread(&groups, &mut random(3));
            assert_eq!(smallest_distance(&order, &groups), Some(expected), "{sizes:?}");
        }
    }
}
