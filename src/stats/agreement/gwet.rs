//! Gwet's AC1 and AC2: agreement that does not collapse when one level is rare.

use super::kappa::Weighting;
use super::ratings::{RatingCounts, Unit};
use super::table::ConfusionTable;
use crate::proportion::check_level;
use crate::special::t_critical;
use crate::{Interval, Undefined};

/// Gwet's coefficient: AC1 with nominal weights, else AC2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GwetCoefficient {
    /// (pa - pe)/(1 - pe), at most 1.
    pub value: f64,
    /// Weighted agreement of pairs of ratings.
    pub observed: f64,
    /// Agreement by chance.
    pub expected: f64,
    /// Standard error for independent units; `TooFew` for a single one.
    pub standard_error: Result<f64, Undefined>,
    /// t interval for independent units, cut at 1.
    pub interval: Result<Interval, Undefined>,
}

/// Gwet's coefficient of gold and judge severities.
///
/// Beside kappa where positives are rare; its chance agreement does not follow the margins. Clustered intervals by the jackknife.
///
/// **Undefined**: `NoData` without a pair, `OneClass` where chance agreement is 1; `Incompatible` for a level outside (0, 1).
/// **Cost** O(q^3). **Source**: Gwet (2008), BJMSP 61:29; Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed.; R `irrCAC`
/// agrees to 7e-16.
///
/// ```
/// use lacuna_stats::agreement::{ConfusionTable, Weighting, gwet_coefficient};
/// // 18 of 20 agree; one level has 38 of 40 ratings: pe = 2 (38/40)(2/40) = 19/200, AC1 = (0.9 - 0.095)/0.905 (kappa is negative).
/// let table = ConfusionTable::from_rows(&[vec![18.0, 1.0], vec![1.0, 0.0]]).unwrap();
/// let found = gwet_coefficient(&table, Weighting::Nominal, 0.95).unwrap();
/// assert!((found.value - 161.0 / 181.0).abs() < 1e-15);
/// ```
pub fn gwet_coefficient(
    table: &ConfusionTable,
    weighting: Weighting,
    level: f64,
) -> Result<GwetCoefficient, Undefined> {
    gwet_coefficient_of_ratings(&RatingCounts::from_table(table), weighting, level)
}

/// Gwet's coefficient of any number of raters with missing ratings.
///
/// Units with one rating inform the margins, units with two or more the agreement. **Undefined**, **source**: as
/// [`gwet_coefficient`]. **Cost** O(units q^2).
pub fn gwet_coefficient_of_ratings(
    ratings: &RatingCounts,
    weighting: Weighting,
    level: f64,
) -> Result<GwetCoefficient, Undefined> {
    check_level(level)?;
    let levels = ratings.levels();
    let rated: Vec<&Unit> = ratings.units().iter().filter(|unit| unit.ratings >= 1.0).collect();
    let sum = |value: &dyn Fn(&Unit) -> f64| rated.iter().map(|unit| unit.weight * value(unit)).sum::<f64>();
    let units = sum(&|_| 1.0);
    let paired_units = sum(&|unit| is_paired(unit));
    if paired_units == 0.0 {
        return Err(Undefined::NoData);
    }
    let agreement = |unit: &Unit| agreement(unit, weighting, levels);
    let observed = sum(&agreement) / paired_units;
    let shares: Vec<f64> = (0..levels).map(|c| sum(&|unit| unit.counts[c] / unit.ratings) / units).collect();
    let pairs = (levels * (levels - 1)) as f64;
    let weights = (0..levels * levels).map(|cell| weighting.weight(cell / levels, cell % levels, levels)).sum::<f64>();
    let expected = weights / pairs * shares.iter().map(|share| share * (1.0 - share)).sum::<f64>();
    if expected >= 1.0 - 1e-14 {
        return Err(Undefined::OneClass);
    }
    // Sums of shares may pass 1 by a bit.
    let value = ((observed - expected) / (1.0 - expected)).min(1.0);
    let linearised = |unit: &Unit| {
        let chance =
            weights / pairs * unit.counts.iter().zip(&shares).map(|(c, s)| c * (1.0 - s)).sum::<f64>() / unit.ratings;
        let gain = units / paired_units * (agreement(unit) - expected * is_paired(unit)) / (1.0 - expected);
        gain - 2.0 * (1.0 - value) * (chance - expected) / (1.0 - expected)
    };
    let standard_error = if units > 1.0 {
        Ok((sum(&|unit| (linearised(unit) - value).powi(2)) / (units * (units - 1.0))).sqrt())
    } else {
        Err(Undefined::TooFew)
    };
    let interval = standard_error.map(|error| {
        let half = t_critical(level, units - 1.0) * error;
        Interval { lower: value - half, upper: (value + half).min(1.0) }
    });
    Ok(GwetCoefficient { value, observed, expected, standard_error, interval })
}

/// 1 for a unit with a pair of ratings, else 0.
fn is_paired(unit: &Unit) -> f64 {
    f64::from(u8::from(unit.ratings >= 2.0))
}

/// Weighted agreement of the pairs of ratings of a unit, 0 without a pair.
fn agreement(unit: &Unit, weighting: Weighting, levels: usize) -> f64 {
    if unit.ratings < 2.0 {
        return 0.0;
    }
    let alike = |c: usize| -> f64 { (0..levels).map(|k| weighting.weight(c, k, levels) * unit.counts[k]).sum() };
    let pairs: f64 = (0..levels).map(|c| unit.counts[c] * (alike(c) - 1.0)).sum();
    pairs / (unit.ratings * (unit.ratings - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_and_ratings_agree() {
        let table =
            ConfusionTable::from_rows(&[vec![3.0, 1.0, 0.0], vec![0.0, 2.0, 2.0], vec![1.0, 0.0, 4.0]]).unwrap();
        let mut units = Vec::new();
        for (gold, judge, weight) in table.iter() {
            units.extend((0..weight as usize).map(|_| vec![Some(gold), Some(judge)]));
        }
        let ratings = RatingCounts::from_ratings(&units, 3).unwrap();
        for weighting in [Weighting::Nominal, Weighting::Linear, Weighting::Quadratic] {
            let direct = gwet_coefficient(&table, weighting, 0.95).unwrap();
            let listed = gwet_coefficient_of_ratings(&ratings, weighting, 0.95).unwrap();
            assert!((direct.value - listed.value).abs() < 1e-14);
            assert!((direct.standard_error.unwrap() - listed.standard_error.unwrap()).abs() < 1e-14);
        }
    }

    #[test]
    fn one_unit_has_a_value_and_no_error() {
        let ratings = RatingCounts::from_ratings(&[vec![Some(0), Some(1), Some(1)]], 3).unwrap();
        let found = gwet_coefficient_of_ratings(&ratings, Weighting::Nominal, 0.95).unwrap();
        // One of three pairs agrees; shares 1/3 and 2/3: pe = 3/6 (2/9 + 2/9) = 2/9.
        assert!((found.value - (1.0 / 3.0 - 2.0 / 9.0) / (7.0 / 9.0)).abs() < 1e-15);
        assert_eq!((found.standard_error, found.interval), (Err(Undefined::TooFew), Err(Undefined::TooFew)));
    }

    #[test]
    fn no_pair_has_no_coefficient() {
        let lone = RatingCounts::from_ratings(&[vec![Some(0), None], vec![None, Some(1)]], 2).unwrap();
        let found = gwet_coefficient_of_ratings(&lone, Weighting::Nominal, 0.95);
        assert_eq!(found, Err(Undefined::NoData));
        let empty = gwet_coefficient(&ConfusionTable::new(3).unwrap(), Weighting::Linear, 0.95);
        assert_eq!(empty, Err(Undefined::NoData));
    }
}
