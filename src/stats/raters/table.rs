//! Ratings of items by raters, some of them missing.

use crate::input::{InputError, same_length};

/// Levels 0 to K-1 that raters gave to items; none where a rater did not rate an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingTable {
    items: Vec<Vec<Option<usize>>>,
    raters: usize,
    levels: usize,
}

impl RatingTable {
    /// A table with one row an item and one column a rater, for a scale of `levels` levels.
    ///
    /// **Errors**: rows of different length, or a level outside the scale.
    pub fn new(items: Vec<Vec<Option<usize>>>, levels: usize) -> Result<Self, InputError> {
        let raters = items.first().map_or(0, Vec::len);
        for (index, row) in items.iter().enumerate() {
            same_length("ratings of an item", row.len(), raters)?;
            if let Some(level) = row.iter().flatten().find(|level| **level >= levels) {
                let value = *level as f64;
                return Err(InputError::OutOfRange {
                    what: "ratings of item",
                    index,
                    value,
                    allowed: "the scale's levels",
                });
            }
        }
        Ok(Self { items, raters, levels })
    }

    /// The same raters and scale with some of the rows.
    pub(super) fn with_items(&self, items: Vec<Vec<Option<usize>>>) -> Self {
        Self { items, ..*self }
    }

    /// One row an item.
    pub fn items(&self) -> &[Vec<Option<usize>>] {
        &self.items
    }

    /// Number of raters.
    pub fn raters(&self) -> usize {
        self.raters
    }

    /// Number of levels of the scale.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// Ratings of an item by all but one rater.
    pub(super) fn others(&self, item: usize, rater: usize) -> Vec<usize> {
        let row = self.items[item].iter().enumerate();
        row.filter(|(other, _)| *other != rater).filter_map(|(_, level)| *level).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_checks_shape_and_scale() {
        let table = RatingTable::new(vec![vec![Some(0), None], vec![Some(1), Some(2)]], 3).unwrap();
        assert_eq!((table.raters(), table.levels(), table.items().len()), (2, 3, 2));
        assert_eq!((table.others(0, 0), table.others(1, 0)), (vec![], vec![2]));
        assert!(RatingTable::new(vec![vec![Some(0)], vec![]], 3).is_err());
        assert!(RatingTable::new(vec![vec![Some(3)]], 3).is_err());
        assert_eq!(RatingTable::new(vec![], 2).unwrap().raters(), 0);
    }
}
