//! From several raters to one gold label, with the disagreement kept.

use std::collections::BTreeMap;

use crate::model::{ItemMark, Severity, Tie};

/// How raters become one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AggregateRule {
    /// The most frequent severity.
    Majority,
    /// The middle severity.
    Median,
    /// The severity that the named rater gave, and no other.
    Adjudicator(String),
}

impl AggregateRule {
    /// Reads the card's `aggregate`: two words are rules, any other is a rater.
    pub fn from_card(aggregate: &str) -> Self {
        match aggregate {
            "majority" => Self::Majority,
            "median" => Self::Median,
            rater => Self::Adjudicator(rater.to_owned()),
        }
    }
}

/// The gold label of one example on one axis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// The aggregated severity; none where nobody rated it or a tie excludes it.
    pub severity: Option<Severity>,
    /// Each rater's severity, by the rater's position in the set.
    pub ratings: Vec<(usize, Severity)>,
}

impl Label {
    /// Whether raters gave different severities.
    pub fn disputed(&self) -> bool {
        self.ratings.windows(2).any(|pair| pair[0].1 != pair[1].1)
    }
}

/// Labels of all examples on one axis, in the order of the examples.
pub type Labels = Vec<Label>;

/// Aggregates severities by majority or median.
///
/// Returns none for no severity, or for a tie under [`Tie::Exclude`]. A tie of the majority is two most frequent
/// severities; a tie of the median is two different middle severities. Without a tie rule a tie is excluded.
pub fn aggregate_severities(severities: &[Severity], median: bool, tie: Option<Tie>) -> Option<Severity> {
    let mut sorted = severities.to_vec();
    sorted.sort_unstable();
    let candidates = if median { middles(&sorted) } else { most_frequent(&sorted) };
    let (lowest, highest) = (*candidates.first()?, *candidates.last()?);
    if lowest == highest {
        return Some(lowest);
    }
    match tie {
        // Between two middles lie the severities that the median could be; the rule picks an end.
        Some(Tie::Higher) => Some(highest),
        Some(Tie::Lower) => Some(lowest),
        Some(Tie::Exclude) | None => None,
    }
}

/// The one or two middle values of a sorted list.
fn middles<T: Copy>(sorted: &[T]) -> Vec<T> {
    match sorted.len() {
        0 => Vec::new(),
        length if length % 2 == 1 => vec![sorted[length / 2]],
        length => vec![sorted[length / 2 - 1], sorted[length / 2]],
    }
}

/// The most frequent values of a sorted list, in order.
fn most_frequent<T: Copy + Ord>(sorted: &[T]) -> Vec<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in sorted {
        *counts.entry(*value).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    counts.into_iter().filter(|(_, count)| *count == most).map(|(value, _)| value).collect()
}

/// Aggregates the marks of one required item: the most frequent one; a tie goes to the worse mark under
/// [`Tie::Higher`], to the better one under [`Tie::Lower`], and is left open otherwise.
pub fn aggregate_items(marks: &[ItemMark], tie: Option<Tie>) -> Option<ItemMark> {
    let mut sorted = marks.to_vec();
    sorted.sort_unstable();
    let candidates = most_frequent(&sorted);
    let (best, worst) = (*candidates.first()?, *candidates.last()?);
    if best == worst {
        return Some(best);
    }
    match tie {
        Some(Tie::Higher) => Some(worst),
        Some(Tie::Lower) => Some(best),
        Some(Tie::Exclude) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majority_and_its_ties() {
        assert_eq!(aggregate_severities(&[2, 0, 2], false, None), Some(2));
        assert_eq!(aggregate_severities(&[0, 2], false, Some(Tie::Higher)), Some(2));
        assert_eq!(aggregate_severities(&[0, 2], false, Some(Tie::Lower)), Some(0));
        assert_eq!(aggregate_severities(&[0, 2], false, Some(Tie::Exclude)), None);
        assert_eq!(aggregate_severities(&[0, 1, 2], false, Some(Tie::Higher)), Some(2));
        assert_eq!(aggregate_severities(&[], false, Some(Tie::Higher)), None);
    }

    #[test]
    fn median_and_its_ties() {
        assert_eq!(aggregate_severities(&[4, 0, 1], true, None), Some(1));
        assert_eq!(aggregate_severities(&[0, 1, 3, 4], true, Some(Tie::Higher)), Some(3));
        assert_eq!(aggregate_severities(&[0, 1, 3, 4], true, Some(Tie::Lower)), Some(1));
        assert_eq!(aggregate_severities(&[1, 1], true, Some(Tie::Exclude)), Some(1));
        assert_eq!(aggregate_severities(&[0, 1], true, Some(Tie::Exclude)), None);
    }

    #[test]
    fn items_follow_the_tie_rule() {
        use ItemMark::{Hit, Miss, Partial};
        assert_eq!(aggregate_items(&[Hit, Miss, Miss], None), Some(Miss));
        assert_eq!(aggregate_items(&[Hit, Partial], Some(Tie::Higher)), Some(Partial));
        assert_eq!(aggregate_items(&[Hit, Partial], Some(Tie::Lower)), Some(Hit));
        assert_eq!(aggregate_items(&[Hit, Partial], Some(Tie::Exclude)), None);
    }

    #[test]
    fn disagreement_is_kept() {
        let label = Label { severity: Some(1), ratings: vec![(0, 1), (1, 2)] };
        assert!(label.disputed());
        let label = Label { severity: Some(1), ratings: vec![(0, 1), (1, 1)] };
        assert!(!label.disputed());
    }
}
