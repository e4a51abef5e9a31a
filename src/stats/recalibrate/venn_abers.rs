//! Venn-Abers predictors: two calibrated probabilities, one of which is valid.

use crate::Undefined;
use crate::auc::{LabelledScores, ScoreLevel};
use crate::calibration::pool_adjacent_violators;
use crate::input::{InputError, all_finite};

/// The calibrated probabilities of one score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VennAbers {
    /// Isotonic value if the item were negative.
    pub lower: f64,
    /// Isotonic value if the item were positive; their distance says how little is known here.
    pub upper: f64,
    /// One probability for both: upper / (1 - lower + upper).
    pub merged: f64,
}

/// Inductive Venn-Abers prediction.
///
/// Calibrated without assumptions but exchangeability: one of the two probabilities is right on average. For few
/// positives, where an isotonic map alone claims certainty. Fit it on other clusters than it is used on.
///
/// **Inputs**: calibration labels and scores; the scores to predict. **Returns**: one entry a score, in order.
/// **Undefined**: `no_data` without calibration items. **Errors**: a score is not finite.
/// **Cost**: O(K) a score for K distinct calibration scores.
/// **Source**: Vovk, Petej and Fedorova (2015), by the definition: two isotonic fits a score, merged for
/// log loss. Agrees with venn-abers 1.5.4 to 1e-9.
pub fn venn_abers(
    calibration: &LabelledScores,
    scores: &[f64],
) -> Result<Result<Vec<VennAbers>, Undefined>, InputError> {
    all_finite("scores", scores)?;
    if calibration.scores().is_empty() {
        return Ok(Err(Undefined::NoData));
    }
    let levels = calibration.levels();
    Ok(Ok(scores.iter().map(|score| prediction(levels.rows(), *score)).collect()))
}

/// The prediction of one score from the levels of the calibration items.
pub(super) fn prediction(levels: &[ScoreLevel], score: f64) -> VennAbers {
    let lower = value_with(levels, ScoreLevel { score, positives: 0.0, negatives: 1.0 });
    let upper = value_with(levels, ScoreLevel { score, positives: 1.0, negatives: 0.0 });
    VennAbers { lower, upper, merged: upper / (1.0 - lower + upper) }
}

/// Isotonic value at the score of one more item.
fn value_with(levels: &[ScoreLevel], item: ScoreLevel) -> f64 {
    let position = levels.partition_point(|level| level.score < item.score);
    let mut points: Vec<(f64, f64)> =
        levels.iter().map(|level| (level.positives, level.positives + level.negatives)).collect();
    match levels.get(position) {
        Some(level) if level.score == item.score => {
            points[position].0 += item.positives;
            points[position].1 += 1.0;
        }
        _ => points.insert(position, (item.positives, 1.0)),
    }
    pool_adjacent_violators(points)[position]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    /// Calibration 1 (false), 3 (true). At 2: as a negative 0, as a positive 1, merged 1/2. At 3: as a negative
    /// (1 + 0)/2, as a positive 1: merged 1 / (1 - 1/2 + 1) = 2/3.
    #[test]
    fn worked_by_hand() {
        let items = LabelledScores::new(&[false, true], &[1.0, 3.0]).unwrap();
        let found = venn_abers(&items, &[2.0, 3.0]).unwrap().unwrap();
        assert_eq!(found[0], VennAbers { lower: 0.0, upper: 1.0, merged: 0.5 });
        assert_eq!((found[1].lower, found[1].upper), (0.5, 1.0));
        assert!((found[1].merged - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn undefined_malformed_and_ordered() {
        let none = LabelledScores::new(&[], &[]).unwrap();
        assert_eq!(venn_abers(&none, &[1.0]), Ok(Err(Undefined::NoData)));
        let mut random = Arbitrary::new(17);
        for _ in 0..100 {
            let n = 1 + random.below(10);
            let labels: Vec<bool> = (0..n).map(|_| random.coin(0.5)).collect();
            let scores: Vec<f64> = (0..n).map(|_| random.grid(4)).collect();
            let items = LabelledScores::new(&labels, &scores).unwrap();
            assert!(venn_abers(&items, &[f64::NAN]).is_err());
            let tests: Vec<f64> = (0..=8).map(|k| f64::from(k) / 8.0).collect();
            let found = venn_abers(&items, &tests).unwrap().unwrap();
            for one in &found {
                assert!(0.0 <= one.lower && one.lower <= one.upper && one.upper <= 1.0);
                assert!(one.lower <= one.merged + 1e-15 && one.merged <= one.upper + 1e-15);
            }
            assert!(found.is_sorted_by(|a, b| a.lower <= b.lower + 1e-15 && a.upper <= b.upper + 1e-15));
        }
    }
}
