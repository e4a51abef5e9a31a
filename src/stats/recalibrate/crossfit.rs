//! Recalibrated probabilities from maps that never saw the item's own cluster.

use super::isotonic::isotonic_of_levels;
use super::platt::platt_of_levels;
use super::temperature::temperature_of_levels;
use super::venn_abers::prediction;
use super::{BetaMap, IsotonicMap, PlattMap, PlattTargets, Temperature, beta_calibration};
use crate::Undefined;
use crate::auc::{LabelledScores, ScoreLevel, ScoreLevels};
use crate::calibration::{Atom, Forecasts};
use crate::input::{Clusters, InputError, all_probabilities, same_length};

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
    /// Venn-Abers, merged: two isotonic fits a distinct score.
    VennAbers,
}

/// A fitted map.
enum Map {
    Platt(PlattMap),
    Isotonic(IsotonicMap),
    Temperature(Temperature),
    Beta(BetaMap),
    VennAbers(ScoreLevels),
    Constant(f64),
}

impl Map {
    fn fit(family: Recalibration, levels: ScoreLevels) -> Result<Self, Undefined> {
        let (positives, negatives) = (levels.positives(), levels.negatives());
        if positives <= 0.0 || negatives <= 0.0 || levels.rows().len() < 2 {
            // No curve can be fitted to one class or to one score: Laplace's base rate.
            return Ok(Self::Constant((positives + 1.0) / (positives + negatives + 2.0)));
        }
        Ok(match family {
            Recalibration::Platt => Self::Platt(platt_of_levels(&levels, PlattTargets::Smoothed)?),
            Recalibration::Isotonic => Self::Isotonic(isotonic_of_levels(&levels)?),
            Recalibration::Temperature => Self::Temperature(temperature_of_levels(&levels)?),
            Recalibration::Beta => Self::Beta(beta_calibration(&forecasts_of(&levels)?)?),
            Recalibration::VennAbers => Self::VennAbers(levels),
        })
    }

    fn apply(&self, score: f64) -> f64 {
        match self {
            Self::Platt(map) => map.apply(score),
            Self::Isotonic(map) => map.apply(score),
            Self::Temperature(map) => map.apply(score),
            Self::Beta(map) => map.apply(score),
            Self::VennAbers(levels) => prediction(levels.rows(), score).merged,
            Self::Constant(value) => *value,
        }
    }
}

/// Scores that are probabilities as forecasts; `incompatible` where one is none.
fn forecasts_of(levels: &ScoreLevels) -> Result<Forecasts, Undefined> {
    let atom =
        |level: &ScoreLevel| Atom { p: level.score, n: level.positives + level.negatives, positives: level.positives };
    Forecasts::from_atoms(levels.rows().iter().map(atom).collect()).map_err(|_| Undefined::Incompatible)
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
        let training = LabelledScores::new(&labels, &scores).expect("scores were checked at the door");
        let map = match Map::fit(family, training.levels()) {
            Ok(map) => map,
            Err(reason) => return Ok(Err(reason)),
        };
        for (item, value) in recalibrated.iter_mut().enumerate().filter(|(item, _)| folds.index()[*item] == fold) {
            *value = map.apply(items.scores()[item]);
        }
    }
    Ok(Ok(recalibrated))
}

/// [`crossfit`] from counts of both classes per distinct score, one table a fold.
///
/// **Inputs**: one table a fold; the family, with scores as it needs them (logits for temperature and Platt, probabilities
/// for beta). **Returns**: one list a fold with a probability for each of its scores, ascending. **Undefined**: as
/// [`crossfit`]; `incompatible` where beta meets a score that is no probability. **Cost**: one fit a fold on the distinct
/// scores; Venn-Abers O(K^2) a fold for K distinct scores.
pub fn crossfit_counts(folds: &[ScoreLevels], family: Recalibration) -> Result<Vec<Vec<f64>>, Undefined> {
    if folds.len() < 2 {
        return Err(Undefined::TooFew);
    }
    let mapped = |fold: usize| {
        let others = folds.iter().enumerate().filter(|(other, _)| *other != fold).map(|(_, levels)| levels);
        let map = Map::fit(family, ScoreLevels::merged(others))?;
        Ok(folds[fold].rows().iter().map(|level| map.apply(level.score)).collect())
    };
    (0..folds.len()).map(mapped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    const FAMILIES: [Recalibration; 5] = [
        Recalibration::Platt,
        Recalibration::Isotonic,
        Recalibration::Temperature,
        Recalibration::Beta,
        Recalibration::VennAbers,
    ];

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

    #[test]
    fn counts_give_what_items_give() {
        let labels: Vec<bool> = (0..30).map(|item| item % 3 == 0 || item % 7 == 0).collect();
        let scores: Vec<f64> = (0..30).map(|item| f64::from(1 + item * 7 % 5) / 6.0).collect();
        let folds: Vec<usize> = (0..30).map(|item| item % 3).collect();
        let items = LabelledScores::new(&labels, &scores).unwrap();
        let table = |fold: usize| {
            let (labels, scores): (Vec<bool>, Vec<f64>) =
                (0..30).filter(|item| folds[*item] == fold).map(|item| (labels[item], scores[item])).unzip();
            LabelledScores::new(&labels, &scores).unwrap().levels()
        };
        let tables: Vec<ScoreLevels> = (0..3).map(table).collect();
        for family in FAMILIES {
            let of_items = crossfit(&items, &folds, family).unwrap().unwrap();
            let of_counts = crossfit_counts(&tables, family).unwrap();
            for (item, mapped) in of_items.iter().enumerate() {
                let rows = tables[folds[item]].rows();
                let at = rows.iter().position(|level| level.score == scores[item]).unwrap();
                assert!((mapped - of_counts[folds[item]][at]).abs() < 1e-12, "{family:?}");
            }
        }
        assert_eq!(crossfit_counts(&tables[..1], Recalibration::Platt), Err(Undefined::TooFew));
    }
}
