//! Krippendorff's alpha.

use super::ratings::RatingCounts;
use super::table::ConfusionTable;
use crate::Undefined;

/// How far apart two levels are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Any two levels are equally far apart.
    Nominal,
    /// By the ratings that lie between them.
    Ordinal,
    /// By the squared difference of the levels.
    Interval,
}

/// Krippendorff's alpha of gold and judge severities.
///
/// Treats both as interchangeable raters: use it beside kappa when either may be missing or there are more raters
/// ([`krippendorff_alpha_of_ratings`]). Intervals by the cluster jackknife.
///
/// **Returns** at most 1; 0 is chance, below it disagreement is systematic. **Undefined**: `NoData` without a pair, `NoVariation` where
/// every rating is the same. **Cost** O(q^2). **Source**: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; python
/// `krippendorff` 0.9 agrees to 1e-10.
///
/// ```
/// use lacuna_stats::agreement::{ConfusionTable, Metric, krippendorff_alpha};
/// // Pairs 00, 01, 11, 11: 8 ratings, 3 zeros and 5 ones. Observed 2/8, expected 2*15/(8*7): alpha = 1 - 7/15.
/// let table = ConfusionTable::from_rows(&[vec![1.0, 1.0], vec![0.0, 2.0]]).unwrap();
/// assert!((krippendorff_alpha(&table, Metric::Nominal).unwrap() - 8.0 / 15.0).abs() < 1e-15);
/// ```
pub fn krippendorff_alpha(table: &ConfusionTable, metric: Metric) -> Result<f64, Undefined> {
    let levels = table.levels();
    let mut coincidences = vec![0.0; levels * levels];
    for (gold, judge, weight) in table.iter() {
        coincidences[gold * levels + judge] += weight;
        coincidences[judge * levels + gold] += weight;
    }
    alpha(&coincidences, levels, metric)
}

/// Krippendorff's alpha of any number of raters; units with fewer than two ratings drop out.
///
/// **Undefined**, **source**: as [`krippendorff_alpha`]. **Cost** O(units q^2).
pub fn krippendorff_alpha_of_ratings(ratings: &RatingCounts, metric: Metric) -> Result<f64, Undefined> {
    let levels = ratings.levels();
    let mut coincidences = vec![0.0; levels * levels];
    for unit in ratings.units().iter().filter(|unit| unit.ratings >= 2.0) {
        for c in 0..levels {
            for k in 0..levels {
                let pairs = unit.counts[c] * (unit.counts[k] - f64::from(u8::from(c == k)));
                coincidences[c * levels + k] += unit.weight * pairs / (unit.ratings - 1.0);
            }
        }
    }
    alpha(&coincidences, levels, metric)
}

/// `1 - (n - 1) sum o d^2 / sum n_c n_k d^2` of a symmetric coincidence matrix.
fn alpha(coincidences: &[f64], levels: usize, metric: Metric) -> Result<f64, Undefined> {
    let margin: Vec<f64> = coincidences.chunks(levels).map(|row| row.iter().sum()).collect();
    let total: f64 = margin.iter().sum();
    if total <= 1.0 {
        return Err(Undefined::NoData);
    }
    let (mut observed, mut expected) = (0.0, 0.0);
    for c in 0..levels {
        for k in 0..levels {
            let distance = distance(metric, c, k, &margin);
            observed += coincidences[c * levels + k] * distance;
            expected += margin[c] * margin[k] * distance;
        }
    }
    if expected <= 0.0 { Err(Undefined::NoVariation) } else { Ok(1.0 - (total - 1.0) * observed / expected) }
}

/// Squared distance of two levels.
fn distance(metric: Metric, first: usize, second: usize, margin: &[f64]) -> f64 {
    let (low, high) = (first.min(second), first.max(second));
    if low == high {
        return 0.0;
    }
    match metric {
        Metric::Nominal => 1.0,
        Metric::Interval => ((high - low) as f64).powi(2),
        Metric::Ordinal => (margin[low..=high].iter().sum::<f64>() - 0.5 * (margin[low] + margin[high])).powi(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METRICS: [Metric; 3] = [Metric::Nominal, Metric::Ordinal, Metric::Interval];

    #[test]
    fn table_and_ratings_agree() {
        let table =
            ConfusionTable::from_rows(&[vec![3.0, 1.0, 0.0], vec![0.0, 2.0, 2.0], vec![1.0, 0.0, 4.0]]).unwrap();
        let mut units = Vec::new();
        for (gold, judge, weight) in table.iter() {
            units.extend((0..weight as usize).map(|_| vec![Some(gold), None, Some(judge)]));
        }
        units.push(vec![Some(2), None, None]);
        let ratings = RatingCounts::from_ratings(&units, 3).unwrap();
        for metric in METRICS {
            let direct = krippendorff_alpha(&table, metric).unwrap();
            assert!((direct - krippendorff_alpha_of_ratings(&ratings, metric).unwrap()).abs() < 1e-14);
        }
    }

    #[test]
    fn interval_by_hand() {
        // Pairs 00, 02, 22: six ratings, three of each end. Observed 2*4, expected 2*9*4: alpha = 1 - 5*8/72 = 4/9.
        let units = [vec![Some(0), Some(0)], vec![Some(0), Some(2)], vec![Some(2), Some(2)]];
        let ratings = RatingCounts::from_ratings(&units, 3).unwrap();
        assert!((krippendorff_alpha_of_ratings(&ratings, Metric::Interval).unwrap() - 4.0 / 9.0).abs() < 1e-15);
    }

    #[test]
    fn no_pair_and_no_variation_have_no_alpha() {
        let lone = RatingCounts::from_ratings(&[vec![Some(0), None], vec![None, Some(1)]], 2).unwrap();
        let constant = ConfusionTable::from_rows(&[vec![0.0, 0.0], vec![0.0, 7.0]]).unwrap();
        for metric in METRICS {
            assert_eq!(krippendorff_alpha_of_ratings(&lone, metric), Err(Undefined::NoData));
            assert_eq!(krippendorff_alpha(&constant, metric), Err(Undefined::NoVariation));
            assert_eq!(krippendorff_alpha(&ConfusionTable::new(3).unwrap(), metric), Err(Undefined::NoData));
        }
    }
}
