//! How well a person agrees with the other people.

use super::RatingTable;
use crate::Undefined;

/// Agreement of each rater with the others, over all ratings that have another beside them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HumanCeiling {
    /// Ratings compared.
    pub n: usize,
    /// Share that equals the lower median of the other ratings of the item.
    pub exact: f64,
    /// Mean absolute distance to the mean of the other ratings, in levels.
    pub mean_distance: f64,
}

/// Leave-one-out human agreement: what a judge can be expected to reach.
///
/// Print a judge's agreement beside it, or as its fraction. It is no upper bound on skill where raters are noisy: a judge
/// may agree with their median better than they do. The ceiling of a report's recall is a rater measured like a judge,
/// which is something else.
///
/// **Inputs**: ratings. **Returns**: counts and means over ratings. **Undefined**: `too_few` where no item has two ratings.
/// **Cost**: O(items x raters^2 log raters). **Source**: leave-one-out agreement; the lower median is a level of the scale for any number of raters.
///
/// ```
/// use lacuna_stats::raters::{RatingTable, human_ceiling};
/// // 1 against (2, 2): off by 1. 2 against (1, 2): lower median 1, mean 3/2. Twice. None exact.
/// let table = RatingTable::new(vec![vec![Some(1), Some(2), Some(2)]], 5)?;
/// let ceiling = human_ceiling(&table).unwrap();
/// assert_eq!((ceiling.n, ceiling.exact), (3, 0.0));
/// assert!((ceiling.mean_distance - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn human_ceiling(table: &RatingTable) -> Result<HumanCeiling, Undefined> {
    let (mut n, mut exact, mut distance) = (0, 0, 0.0);
    for (item, row) in table.items().iter().enumerate() {
        for (rater, level) in row.iter().enumerate() {
            let mut others = table.others(item, rater);
            let (Some(level), false) = (*level, others.is_empty()) else { continue };
            others.sort_unstable();
            let mean = others.iter().sum::<usize>() as f64 / others.len() as f64;
            n += 1;
            exact += usize::from(others[(others.len() - 1) / 2] == level);
            distance += (level as f64 - mean).abs();
        }
    }
    if n == 0 {
        return Err(Undefined::TooFew);
    }
    Ok(HumanCeiling { n, exact: exact as f64 / n as f64, mean_distance: distance / n as f64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: Vec<Vec<Option<usize>>>) -> Result<HumanCeiling, Undefined> {
        human_ceiling(&RatingTable::new(rows, 5).unwrap())
    }

    /// Item 0 2 2 (4 raters, one missing): 0 against 2, 2; 2 against lower median of 0, 2 = 0, mean 1, twice. Item 3 3:
    /// both exact. Sums: 5 ratings, 2 exact, distances 2 + 1 + 1 + 0 + 0.
    #[test]
    fn worked_by_hand() {
        let found = of(vec![vec![Some(0), Some(2), None, Some(2)], vec![None, Some(3), Some(3), None]]).unwrap();
        assert_eq!((found.n, found.exact, found.mean_distance), (5, 0.4, 0.8));
    }

    #[test]
    fn single_ratings_are_no_ceiling() {
        assert_eq!(of(vec![vec![Some(1), None]]), Err(Undefined::TooFew));
        assert_eq!(of(vec![]), Err(Undefined::TooFew));
    }

    #[test]
    fn unanimous_raters_agree_fully_in_any_order() {
        let rows = vec![vec![Some(1); 3], vec![Some(4); 3]];
        let found = of(rows.clone()).unwrap();
        assert_eq!((found.exact, found.mean_distance), (1.0, 0.0));
        assert_eq!(of(rows.into_iter().rev().collect()).unwrap(), found);
    }
}
