//! The area under the ROC curve, and what each item contributes to it.

use super::labelled::{LabelledScores, ScoreLevels};
use crate::Undefined;

/// Area under the ROC curve: the probability that a positive scores above a negative, ties counting half.
///
/// Use it for the separation that a score achieves over all thresholds. It says nothing of calibration, nor of the
/// threshold that a judge really uses.
///
/// **Inputs**: counts of both classes per distinct score.
/// **Returns**: 0 to 1; 0.5 is chance.
/// **Undefined**: `one_class` without positives or without negatives.
/// **Cost**: O(K) for K distinct scores.
/// **Source**: Bamber (1975); the Mann-Whitney form with ties. Agrees with R pROC 1.18.0 and scikit-learn 1.9.1.
///
/// ```
/// use lacuna_stats::auc::{LabelledScores, auc};
/// // Positive 0.8 beats both negatives; positive 0.4 beats 0.1 and ties 0.4: (1 + 1 + 1 + 1/2) / 4.
/// let labels = [true, true, false, false];
/// let scores = LabelledScores::new(&labels, &[0.8, 0.4, 0.4, 0.1])?;
/// assert_eq!(auc(&scores.levels()), Ok(0.875));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn auc(levels: &ScoreLevels) -> Result<f64, Undefined> {
    let pairs = levels.positives() * levels.negatives();
    if pairs <= 0.0 {
        return Err(Undefined::OneClass);
    }
    let (mut below, mut won) = (0.0, 0.0);
    for level in levels.rows() {
        won += level.positives * (below + level.negatives / 2.0);
        below += level.negatives;
    }
    Ok(won / pairs)
}

/// Placement values (structural components) of an AUC: the part that each item has in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Placements {
    /// The AUC: the mean of either component.
    pub auc: f64,
    /// V10 per positive, in item order: share of the negatives that it beats, ties half.
    pub positives: Vec<f64>,
    /// V01 per negative, in item order: share of the positives that beat it, ties half.
    pub negatives: Vec<f64>,
}

impl Placements {
    /// Placement values of one judge's scores (DeLong et al. 1988), or none for one class.
    ///
    /// **Cost**: O(n log n).
    pub fn new(items: &LabelledScores) -> Result<Self, Undefined> {
        let (mut positives, mut negatives) = (items.of_class(true), items.of_class(false));
        if positives.is_empty() || negatives.is_empty() {
            return Err(Undefined::OneClass);
        }
        let (m, n) = (positives.len() as f64, negatives.len() as f64);
        let (sorted_positives, sorted_negatives) = (sorted(&positives), sorted(&negatives));
        positives.iter_mut().for_each(|score| *score = rank_among(&sorted_negatives, *score) / n);
        negatives.iter_mut().for_each(|score| *score = 1.0 - rank_among(&sorted_positives, *score) / m);
        let auc = positives.iter().sum::<f64>() / m;
        Ok(Self { auc, positives, negatives })
    }

    /// The same from the rank of each item's score among the distinct ones, in any numbering that ascends with the score.
    ///
    /// For many comparisons of the same scores, which are then sorted once. **Undefined**: `one_class`. **Cost**: O(n + K) for
    /// ranks below K.
    pub fn of_ranks(labels: &[bool], ranks: &[u32]) -> Result<Self, Undefined> {
        let levels = ranks.iter().max().map_or(0, |most| *most as usize + 1);
        let mut at = vec![[0.0_f64; 2]; levels];
        for (label, rank) in labels.iter().zip(ranks) {
            at[*rank as usize][usize::from(*label)] += 1.0;
        }
        let (mut n, mut m) = (0.0, 0.0);
        // What an item of each rank beats: the negatives and the positives below it, ties half.
        let beaten: Vec<[f64; 2]> = at
            .iter()
            .map(|[negatives, positives]| {
                let beaten = [n + 0.5 * negatives, m + 0.5 * positives];
                (n, m) = (n + negatives, m + positives);
                beaten
            })
            .collect();
        if n == 0.0 || m == 0.0 {
            return Err(Undefined::OneClass);
        }
        let (mut positives, mut negatives) = (Vec::with_capacity(m as usize), Vec::with_capacity(n as usize));
        for (label, rank) in labels.iter().zip(ranks) {
            let [of_negatives, of_positives] = beaten[*rank as usize];
            if *label { positives.push(of_negatives / n) } else { negatives.push(1.0 - of_positives / m) }
        }
        let auc = positives.iter().sum::<f64>() / m;
        Ok(Self { auc, positives, negatives })
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// How many of `sorted` lie below `score`, ties counting half.
fn rank_among(sorted: &[f64], score: f64) -> f64 {
    let below = sorted.partition_point(|other| *other < score);
    let upto = sorted.partition_point(|other| *other <= score);
    (below + upto) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    /// Positives 3, 1; negatives 2, 0: V10 = 1, 1/2; V01 = 1/2, 1; AUC = 3/4.
    #[test]
    fn placements_by_hand() {
        let items = LabelledScores::new(&[true, false, true, false], &[3.0, 2.0, 1.0, 0.0]).unwrap();
        let placements = Placements::new(&items).unwrap();
        assert_eq!((placements.positives, placements.negatives), (vec![1.0, 0.5], vec![0.5, 1.0]));
        assert_eq!((placements.auc, auc(&items.levels())), (0.75, Ok(0.75)));
    }

    /// Both components average to the AUC that the counts give.
    #[test]
    fn components_average_to_the_area() {
        let mut random = Arbitrary::new(29);
        for _ in 0..200 {
            let n = random.below(12);
            let labels: Vec<bool> = (0..n).map(|_| random.coin(0.4)).collect();
            let scores: Vec<f64> = (0..n).map(|_| random.grid(4)).collect();
            let items = LabelledScores::new(&labels, &scores).unwrap();
            let (area, placements) = (auc(&items.levels()), Placements::new(&items));
            assert_eq!(area.is_ok(), labels.contains(&true) && labels.contains(&false));
            let (Ok(area), Ok(placements)) = (area, placements) else { continue };
            for component in [&placements.positives, &placements.negatives] {
                let mean = component.iter().sum::<f64>() / component.len() as f64;
                assert!((mean - area).abs() < 1e-14);
            }
        }
    }
}
