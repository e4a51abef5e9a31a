//! The order of asking: clusters shuffled once by the seed, and within them every judge on one example before the next.

use crate::stats::random::StreamKey;

/// Examples of the set in the order in which they are asked about: whole clusters, shuffled.
///
/// All judges go through the same order, so that a run that stops early has asked them about the same examples.
pub(super) fn asking_order(clusters: &[&str], seed: u64) -> Vec<usize> {
    let mut names: Vec<&str> = clusters.to_vec();
    names.sort_unstable();
    names.dedup();
    let key = StreamKey::new(seed, "all", "both", "asking_order");
    let mut ranked: Vec<(u64, &str)> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            use rand_chacha::rand_core::Rng;
            (key.stream(index as u64).next_u64(), *name)
        })
        .collect();
    ranked.sort_unstable();
    let rank = |cluster: &str| names.binary_search(&cluster).unwrap_or(0);
    let mut place = vec![0; names.len()];
    for (position, (_, name)) in ranked.iter().enumerate() {
        place[rank(name)] = position;
    }
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    order.sort_by_key(|example| (place[rank(clusters[*example])], *example));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_stay_whole_and_every_example_is_there_once() {
        let clusters = ["b", "a", "b", "c", "a", "d", "e"];
        let order = asking_order(&clusters, 7);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4, 5, 6]);
        let names: Vec<&str> = order.iter().map(|example| clusters[*example]).collect();
        let mut runs = names.clone();
        runs.dedup();
        assert_eq!(runs.len(), 5, "{names:?}");
        assert_eq!(order, asking_order(&clusters, 7));
        assert!((0..20).any(|seed| asking_order(&clusters, seed) != order));
    }
}
