//! Isotonic recalibration: the calibrated curve itself, joined by lines.

use crate::Undefined;
use crate::auc::{LabelledScores, ScoreLevels};
use crate::calibration::pool_adjacent_violators;

/// A rising piecewise-linear map, constant outside the scores that it was fitted on.
#[derive(Debug, Clone, PartialEq)]
pub struct IsotonicMap {
    knots: Vec<(f64, f64)>,
}

impl IsotonicMap {
    /// The calibrated probability of a score.
    pub fn apply(&self, score: f64) -> f64 {
        let above = self.knots.partition_point(|knot| knot.0 <= score);
        match (above.checked_sub(1).map(|below| self.knots[below]), self.knots.get(above)) {
            (Some((_, value)), None) => value,
            (None, Some((_, value))) => *value,
            (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * ((score - x0) / (x1 - x0)),
            (None, None) => unreachable!("a map has at least one knot"),
        }
    }

    /// Distinct training scores with their calibrated probabilities, ascending.
    pub fn knots(&self) -> &[(f64, f64)] {
        &self.knots
    }
}

/// Isotonic recalibration of a score.
///
/// Makes no assumption but a rising curve, and pays for it: below 30 positives it over-fits, and it maps to exactly 0 and
/// 1 at the ends.
///
/// **Inputs**: labels and scores. **Returns**: the map. **Undefined**: `no_data`. **Cost**: O(n log n), O(log n) a score.
/// **Source**: Zadrozny and Elkan (2002); interpolation as scikit-learn 1.9.1 `IsotonicRegression(out_of_bounds='clip')`.
pub fn isotonic_calibration(items: &LabelledScores) -> Result<IsotonicMap, Undefined> {
    isotonic_of_levels(&items.levels())
}

/// The same from counts of both classes per distinct score.
pub(super) fn isotonic_of_levels(levels: &ScoreLevels) -> Result<IsotonicMap, Undefined> {
    if levels.rows().is_empty() {
        return Err(Undefined::NoData);
    }
    let points = levels.rows().iter().map(|level| (level.positives, level.positives + level.negatives));
    let fitted = pool_adjacent_violators(points);
    Ok(IsotonicMap { knots: levels.rows().iter().map(|level| level.score).zip(fitted).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores 0 (false), 2 (true, false), 4 (true): values 0, 1/2, 1; half-way 1/4 and 3/4; constant outside.
    #[test]
    fn worked_by_hand() {
        let labels = [false, true, false, true];
        let map = isotonic_calibration(&LabelledScores::new(&labels, &[0.0, 2.0, 2.0, 4.0]).unwrap()).unwrap();
        let values = [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 9.0].map(|score| map.apply(score));
        assert_eq!(values, [0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0]);
        assert_eq!(map.knots().len(), 3);
        let none = LabelledScores::new(&[], &[]).unwrap();
        assert_eq!(isotonic_calibration(&none), Err(Undefined::NoData));
    }
}
