//! Recalibrated probabilities from maps that never saw the item's own cluster.

use super::{BetaMap, IsotonicMap, PlattMap, PlattTargets, Temperature};
use super::{beta_calibration, isotonic_calibration, platt_scaling, temperature_scaling};
use crate::stats::Undefined;
use crate::stats::auc::LabelledScores;
use crate::stats::calibration::Forecasts;
use crate::stats::input::{Clusters, InputError, all_probabilities, same_length};

/// A family of recalibration maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recalibration {
    /// Logistic curve with smoothed targets.
    Platt,
    /// Isotonic, joined by lines.
    Isotonic,
    /// One factor for all logits (scores are logits).
    Temperature,
    /// Beta map (scores are probabilities).
    Beta,
}

/// A fitted map.
enum Map {
    Platt(PlattMap),
    Isotonic(IsotonicMap),
    Temperature(Temperature),
    Beta(BetaMap),
    Constant(f64),
}

impl Map {
    fn fit(family: Recalibration, labels: &[bool], scores: &[f64]) -> Result<Self, Undefined> {
        let positives = labels.iter().filter(|label| **label).count();
        let constant = scores.iter().all(|score| *score == scores[0]);
        if positives == 0 || positives == labels.len() || constant {
            // No curve can be fitted to one class or to one score: Laplace's base rate.
            return Ok(Self::Constant((positives as f64 + 1.0) / (labels.len() as f64 + 2.0)));
        }
        let items = LabelledScores::new(labels, scores).expect("scores were checked at the door");
        Ok(match family {
            Recalibration::Platt => Self::Platt(platt_scaling(&items, PlattTargets::Smoothed)?),
            Recalibration::Isotonic => Self::Isotonic(isotonic_calibration(&items)?),
            Recalibration::Temperature => Self::Temperature(temperature_scaling(&items)?),
            Recalibration::Beta => {
                let forecasts = Forecasts::new(scores, labels).expect("probabilities were checked at the door");
                Self::Beta(beta_calibration(&forecasts)?)
            }
        })
    }

    fn apply(&self, score: f64) -> f64 {
        match self {
            Self::Platt(map) => map.apply(score),
            Self::Isotonic(map) => map.apply(score),
            Self::Temperature(map) => map.apply(score),
            Self::Beta(map) => map.apply(score),
            Self::Constant(value) => *value,
        }
    }
}

/// Folds that keep clusters whole: the rank of an item's cluster, modulo the number of folds.
///
/// **Inputs**: clusters; the number of folds (0 is taken as 1; the number of clusters leaves one out at a time).
/// **Returns**: the fold of each item, from 0.
pub fn folds_of_clusters(clusters: &Clusters, folds: usize) -> Vec<usize> {
    clusters.index().iter().map(|cluster| cluster % folds.max(1)).collect()
}

/// Out-of-fold recalibrated probabilities.
///
/// Each item is mapped by a curve fitted without its fold, so scores computed on the result do not flatter the map.
///
/// **Inputs**: labels and scores (logits for temperature, probabilities for beta); the fold of each item, whole clusters
/// together (see [`folds_of_clusters`]); the family.
/// **Returns**: one probability an item, in order. Where the other folds hold one class or one score: their smoothed
/// base rate (n1 + 1) / (n + 2).
/// **Undefined**: `too_few` folds (below two); `separation` or `too_few` where a temperature or beta map has no optimum.
/// **Errors**: lengths differ; a score is no probability though the family needs one. **Cost**: one fit a fold.
pub fn crossfit(
    items: &LabelledScores,
    folds: &[usize],
    family: Recalibration,
) -> Result<Result<Vec<f64>, Undefined>, InputError> {
    same_length("folds", folds.len(), items.labels().len())?;
    if family == Recalibration::Beta {
        all_probabilities("scores", items.scores())?;
    }
    let folds = Clusters::new(folds);
    if folds.count() < 2 {
        return Ok(Err(Undefined::TooFew));
    }
    let mut recalibrated = vec![0.0; folds.len()];
    for fold in 0..folds.count() {
        let training = (0..folds.len()).filter(|item| folds.index()[*item] != fold);
        let (labels, scores): (Vec<bool>, Vec<f64>) =
            training.map(|item| (items.labels()[item], items.scores()[item])).unzip();
        let map = match Map::fit(family, &labels, &scores) {
            Ok(map) => map,
            Err(reason) => return Ok(Err(reason)),
        };
        for (item, value) in recalibrated.iter_mut().enumerate().filter(|(item, _)| folds.index()[*item] == fold) {
            *value = map.apply(items.scores()[item]);
        }
    }
    Ok(Ok(recalibrated))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::arbitrary::Arbitrary;

    const FAMILIES: [Recalibration; 4] =
        [Recalibration::Platt, Recalibration::Isotonic, Recalibration::Temperature, Recalibration::Beta];

    /// Two folds of two items; each is mapped by the other's curve. Fold 0: 0.2 false, 0.8 true; fold 1: one class, so
    /// fold 0 gets (2 + 1) / (2 + 2). Fold 1 at 0.5 is half-way on the line from 0 to 1.
    #[test]
    fn worked_by_hand() {
        let labels = [false, true, true, true];
        let items = LabelledScores::new(&labels, &[0.2, 0.8, 0.5, 0.9]).unwrap();
        let found = crossfit(&items, &[0, 0, 1, 1], Recalibration::Isotonic).unwrap().unwrap();
        assert_eq!(found[..2], [0.75, 0.75]);
        assert!((found[2] - 0.5).abs() < 1e-15 && found[3] == 1.0);
    }

    #[test]
    fn folds_keep_clusters_whole() {
        let clusters = Clusters::new(&[40, 10, 30, 10, 20]);
        assert_eq!(folds_of_clusters(&clusters, 2), [1, 0, 0, 0, 1]);
        assert_eq!(folds_of_clusters(&clusters, 0), [0; 5]);
    }

    #[test]
    fn undefined_and_malformed() {
        let items = LabelledScores::new(&[true, false], &[2.0, -2.0]).unwrap();
        assert_eq!(crossfit(&items, &[1, 1], Recalibration::Platt), Ok(Err(Undefined::TooFew)));
        assert!(crossfit(&items, &[1], Recalibration::Platt).is_err());
        assert!(crossfit(&items, &[0, 1], Recalibration::Beta).is_err());
        let labels = [true, false, true, false];
        let separated = LabelledScores::new(&labels, &[2.0, -2.0, 1.0, -1.0]).unwrap();
        let found = crossfit(&separated, &[0, 0, 1, 1], Recalibration::Temperature);
        assert_eq!(found, Ok(Err(Undefined::Separation)));
    }

    /// An item's own label never reaches its probability.
    #[test]
    fn out_of_fold_means_out_of_fold() {
        let mut random = Arbitrary::new(18);
        for _ in 0..100 {
            let n = 4 + random.below(10);
            let mut labels: Vec<bool> = (0..n).map(|_| random.coin(0.5)).collect();
            let scores: Vec<f64> = (0..n).map(|_| random.grid(7)).collect();
            let folds: Vec<usize> = (0..n).map(|item| item % 3).collect();
            for family in FAMILIES {
                let before = crossfit(&LabelledScores::new(&labels, &scores).unwrap(), &folds, family).unwrap();
                labels[0] = !labels[0];
                let after = crossfit(&LabelledScores::new(&labels, &scores).unwrap(), &folds, family).unwrap();
                labels[0] = !labels[0];
                let (Ok(before), Ok(after)) = (before, after) else { continue };
                assert_eq!(before[0], after[0]);
                assert!(before.iter().all(|p| (0.0..=1.0).contains(p)));
            }
        }
    }
}
