//! Ratings of units by any number of raters, reduced to what agreement coefficients need.

use super::table::ConfusionTable;
use thiserror::Error;

/// Why ratings cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RatingError {
    /// A scale has two levels or more.
    #[error("a scale of {0} levels: at least 2 are needed")]
    TooFewLevels(usize),
    /// A rating lies off the scale.
    #[error("unit {unit}, rater {rater}: {found} is off a scale of {levels} levels")]
    OffScale {
        /// Unit at fault, from 0.
        unit: usize,
        /// Rater at fault, from 0.
        rater: usize,
        /// The rating.
        found: usize,
        /// Levels of the scale.
        levels: usize,
    },
}

/// How often each unit was given each level, with a weight a unit. Who gave which is not kept: these coefficients do not ask.
#[derive(Debug, Clone, PartialEq)]
pub struct RatingCounts {
    levels: usize,
    units: Vec<Unit>,
}

/// One unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    /// Ratings at each level.
    pub(super) counts: Vec<f64>,
    /// All its ratings.
    pub(super) ratings: f64,
    /// How many units this one stands for.
    pub(super) weight: f64,
}

impl RatingCounts {
    /// Counts ratings given as units x raters, `None` for a missing one.
    pub fn from_ratings(units: &[Vec<Option<usize>>], levels: usize) -> Result<Self, RatingError> {
        if levels < 2 {
            return Err(RatingError::TooFewLevels(levels));
        }
        let mut counted = Vec::with_capacity(units.len());
        for (unit, ratings) in units.iter().enumerate() {
            let mut counts = vec![0.0; levels];
            for (rater, rating) in ratings.iter().enumerate() {
                match *rating {
                    Some(found) if found >= levels => {
                        return Err(RatingError::OffScale { unit, rater, found, levels });
                    }
                    Some(level) => counts[level] += 1.0,
                    None => {}
                }
            }
            counted.push(Unit { ratings: counts.iter().sum(), counts, weight: 1.0 });
        }
        Ok(Self { levels, units: counted })
    }

    /// The two-rater case: each cell of the table is a kind of unit with a gold and a judge rating.
    pub fn from_table(table: &ConfusionTable) -> Self {
        let unit = |(gold, judge, weight): (usize, usize, f64)| {
            let mut counts = vec![0.0; table.levels()];
            counts[gold] += 1.0;
            counts[judge] += 1.0;
            Unit { counts, ratings: 2.0, weight }
        };
        let units = table.iter().filter(|(_, _, weight)| *weight > 0.0).map(unit).collect();
        Self { levels: table.levels(), units }
    }

    /// Levels of the scale.
    pub fn levels(&self) -> usize {
        self.levels
    }

    pub(super) fn units(&self) -> &[Unit] {
        &self.units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_off_the_scale_are_named() {
        let found = RatingCounts::from_ratings(&[vec![Some(0), None], vec![Some(1), Some(5)]], 5);
        assert_eq!(found, Err(RatingError::OffScale { unit: 1, rater: 1, found: 5, levels: 5 }));
        assert_eq!(RatingCounts::from_ratings(&[], 1), Err(RatingError::TooFewLevels(1)));
    }
}
