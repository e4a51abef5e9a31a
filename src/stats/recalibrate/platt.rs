//! Platt scaling: a logistic curve through the score.

use nalgebra::DMatrix;

use crate::Undefined;
use crate::auc::{LabelledScores, ScoreLevel, ScoreLevels};
use crate::logistic::{Logistic, Penalty};
use crate::logit::expit;

/// What the curve is fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlattTargets {
    /// Platt's targets (n1 + 1) / (n1 + 2) and 1 / (n0 + 2): finite under separation. The default.
    Smoothed,
    /// The outcomes themselves: maximum likelihood.
    Observed,
}

/// P(positive | score) = 1 / (1 + exp(-(slope * score + intercept))).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlattMap {
    /// Change of the logit per unit of the score.
    pub slope: f64,
    /// Logit at score 0.
    pub intercept: f64,
}

impl PlattMap {
    /// The calibrated probability of a score.
    pub fn apply(&self, score: f64) -> f64 {
        expit(self.slope * score + self.intercept)
    }
}

/// Platt's sigmoid recalibration.
///
/// Two parameters, so it is the map for few positives. Give it a score whose scale is unbounded (a logit where the judge
/// gives probabilities).
///
/// **Inputs**: labels and scores; the targets. **Returns**: slope and intercept.
/// **Undefined**: `no_data`; `no_variation` of a constant score; `separation` with observed targets.
/// **Cost**: O(n) a Newton step. **Source**: Platt (1999), with his targets and Newton's method (Lin, Lin
/// and Weng 2007); agrees with scikit-learn 1.9.1 `_SigmoidCalibration` to 2e-8 (its optimiser) and statsmodels `GLM` to
/// 1e-9.
pub fn platt_scaling(items: &LabelledScores, targets: PlattTargets) -> Result<PlattMap, Undefined> {
    platt_of_levels(&items.levels(), targets)
}

/// The same from counts of both classes per distinct score; the likelihood is the same.
pub(super) fn platt_of_levels(levels: &ScoreLevels, targets: PlattTargets) -> Result<PlattMap, Undefined> {
    let rows = levels.rows();
    match rows.len() {
        0 => return Err(Undefined::NoData),
        1 => return Err(Undefined::NoVariation),
        _ => {}
    }
    let (positives, negatives) = (levels.positives(), levels.negatives());
    let (of_positive, of_negative) = match targets {
        PlattTargets::Smoothed => ((positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0)),
        PlattTargets::Observed => (1.0, 0.0),
    };
    let weights: Vec<f64> = rows.iter().map(|level| level.positives + level.negatives).collect();
    let mean = |level: &ScoreLevel| {
        (level.positives * of_positive + level.negatives * of_negative) / (level.positives + level.negatives)
    };
    let targets: Vec<f64> = rows.iter().map(mean).collect();
    let design = DMatrix::from_fn(rows.len(), 2, |row, column| if column == 0 { rows[row].score } else { 1.0 });
    let fit =
        Logistic { design: &design, targets: &targets, weights: Some(&weights), offset: None, penalty: Penalty::None };
    let fit = fit.fit()?;
    Ok(PlattMap { slope: fit.coefficients[0], intercept: fit.coefficients[1] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    /// Scores 0 (1 of 4 positive) and 1 (3 of 4): smoothed targets 5/6 and 1/6, means 1/3 and 2/3, so the logits are
    /// -+ ln 2; with the outcomes themselves -+ ln 3.
    #[test]
    fn worked_by_hand() {
        let labels = [true, false, false, false, true, true, true, false];
        let scores = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        let items = LabelledScores::new(&labels, &scores).unwrap();
        let smoothed = platt_scaling(&items, PlattTargets::Smoothed).unwrap();
        assert!((smoothed.intercept + 2.0_f64.ln()).abs() < 1e-14);
        assert!((smoothed.slope - 2.0 * 2.0_f64.ln()).abs() < 1e-14);
        assert!((smoothed.apply(1.0) - 2.0 / 3.0).abs() < 1e-14);
        let observed = platt_scaling(&items, PlattTargets::Observed).unwrap();
        assert!((observed.apply(0.0) - 0.25).abs() < 1e-14);
    }

    #[test]
    fn separated_scores_are_finite_only_when_smoothed() {
        let labels = [false, false, true, true];
        let items = LabelledScores::new(&labels, &[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert!(platt_scaling(&items, PlattTargets::Smoothed).unwrap().slope > 0.0);
        assert_eq!(platt_scaling(&items, PlattTargets::Observed), Err(Undefined::Separation));
        let constant = LabelledScores::new(&labels, &[1.0; 4]).unwrap();
        assert_eq!(platt_scaling(&constant, PlattTargets::Smoothed), Err(Undefined::NoVariation));
        let none = LabelledScores::new(&[], &[]).unwrap();
        assert_eq!(platt_scaling(&none, PlattTargets::Smoothed), Err(Undefined::NoData));
    }

    /// Smoothed targets leave no score without a finite map.
    #[test]
    fn smoothed_maps_always_exist() {
        let mut random = Arbitrary::new(33);
        for _ in 0..300 {
            let n = 2 + random.below(10);
            let labels: Vec<bool> = (0..n).map(|_| random.coin(0.5)).collect();
            let scores: Vec<f64> = (0..n).map(|_| 1000.0 * random.grid(4)).collect();
            let items = LabelledScores::new(&labels, &scores).unwrap();
            match platt_scaling(&items, PlattTargets::Smoothed) {
                Ok(map) => assert!(scores.iter().all(|score| (0.0..=1.0).contains(&map.apply(*score)))),
                Err(reason) => assert_eq!(reason, Undefined::NoVariation),
            }
        }
    }
}
