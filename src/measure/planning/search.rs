//! How many clusters it takes.

/// The most clusters that a plan looks at.
pub(super) const MOST_CLUSTERS: usize = 1_000_000;

/// The smallest number of clusters from 2 on that is enough; none where not even a million are.
///
/// More clusters are taken to be at least as good as fewer.
pub(super) fn fewest(enough: impl Fn(usize) -> bool) -> Option<usize> {
    let mut high = 2;
    while !enough(high) {
        if high >= MOST_CLUSTERS {
            return None;
        }
        high = (high * 2).min(MOST_CLUSTERS);
    }
    let mut low = (high / 2).max(1);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if enough(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_is_enough() {
        for least in [1, 2, 3, 7, 8, 9, 1000] {
            assert_eq!(fewest(|clusters| clusters >= least), Some(least.max(2)));
        }
        assert_eq!(fewest(|clusters| clusters >= MOST_CLUSTERS), Some(MOST_CLUSTERS));
        assert_eq!(fewest(|_| false), None);
    }
}
