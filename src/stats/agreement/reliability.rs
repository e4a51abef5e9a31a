//! Agreement of several raters on complete data: Fleiss' kappa and intraclass correlations.

use super::ConfusionTable;
use crate::Undefined;

/// Fleiss' kappa of units that were each rated equally often.
///
/// **Inputs**: ratings of each unit at each level. **Undefined**: `NoData` without units, `TooFew` with one rating a unit, `OneClass`
/// where every rating is the same, `Incompatible` for unequal numbers of ratings (then use alpha) or malformed counts. **Cost**
/// O(units q). **Source**: Fleiss (1971), Psych Bull 76:378; `statsmodels` 0.15 `fleiss_kappa` agrees to 1e-11.
///
/// ```
/// use lacuna_stats::agreement::fleiss_kappa;
/// // Two raters agree on one of two units: mean agreement 1/2, chance (3/4)^2 + (1/4)^2 = 5/8, kappa = -1/3.
/// let kappa = fleiss_kappa(&[vec![2.0, 0.0], vec![1.0, 1.0]]).unwrap();
/// assert!((kappa + 1.0 / 3.0).abs() < 1e-15);
/// ```
pub fn fleiss_kappa(counts: &[Vec<f64>]) -> Result<f64, Undefined> {
    let Some(first) = counts.first() else {
        return Err(Undefined::NoData);
    };
    let raters: f64 = first.iter().sum();
    let even = |row: &Vec<f64>| row.len() == first.len() && row.iter().sum::<f64>() == raters;
    let sound = |row: &Vec<f64>| row.iter().all(|count| count.is_finite() && *count >= 0.0);
    if !counts.iter().all(|row| even(row) && sound(row)) {
        return Err(Undefined::Incompatible);
    }
    if raters < 2.0 {
        return Err(Undefined::TooFew);
    }
    let units = counts.len() as f64;
    let share = |level: usize| counts.iter().map(|row| row[level]).sum::<f64>() / (units * raters);
    let expected: f64 = (0..first.len()).map(|level| share(level).powi(2)).sum();
    let agreement =
        |row: &Vec<f64>| (row.iter().map(|count| count * count).sum::<f64>() - raters) / (raters * (raters - 1.0));
    let observed = counts.iter().map(agreement).sum::<f64>() / units;
    if 1.0 - expected < 1e-14 { Err(Undefined::OneClass) } else { Ok((observed - expected) / (1.0 - expected)) }
}

/// The intraclass correlations of Shrout and Fleiss. Each is `NoVariation` where its denominator is zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntraclassCorrelations {
    /// ICC(1): raters differ from unit to unit.
    pub one_way: Result<f64, Undefined>,
    /// ICC(2), absolute agreement: whether a judge can stand in for a human; a shift in severity lowers it.
    pub agreement: Result<f64, Undefined>,
    /// ICC(3), consistency: a shift in severity does not matter.
    pub consistency: Result<f64, Undefined>,
    /// ICC(1,k) of the mean of the raters.
    pub one_way_mean: Result<f64, Undefined>,
    /// ICC(2,k) of the mean of the raters.
    pub agreement_mean: Result<f64, Undefined>,
    /// ICC(3,k) of the mean of the raters.
    pub consistency_mean: Result<f64, Undefined>,
}

/// Intraclass correlations of a complete units x raters matrix.
///
/// **Undefined**: `TooFew` below two units or raters; `NoVariation` for a constant matrix; `Incompatible` for ragged rows or
/// non-finite values. **Cost** O(units raters). **Source**: Shrout & Fleiss (1979), Psych Bull 86:420; McGraw & Wong (1996), Psych
/// Methods 1:30; `pingouin` 0.6 and R `psych` 2.2.9 agree to 1e-9.
pub fn intraclass_correlations(ratings: &[Vec<f64>]) -> Result<IntraclassCorrelations, Undefined> {
    let raters = ratings.first().map_or(0, Vec::len);
    if !ratings.iter().all(|row| row.len() == raters && row.iter().all(|value| value.is_finite())) {
        return Err(Undefined::Incompatible);
    }
    if ratings.len() < 2 || raters < 2 {
        return Err(Undefined::TooFew);
    }
    let (n, k) = (ratings.len() as f64, raters as f64);
    let grand = ratings.iter().flatten().sum::<f64>() / (n * k);
    let total: f64 = ratings.iter().flatten().map(|value| (value - grand).powi(2)).sum();
    if total <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let rows = k * ratings.iter().map(|row| (row.iter().sum::<f64>() / k - grand).powi(2)).sum::<f64>();
    let column = |rater: usize| ratings.iter().map(|row| row[rater]).sum::<f64>() / n;
    let columns = n * (0..raters).map(|rater| (column(rater) - grand).powi(2)).sum::<f64>();
    let between = rows / (n - 1.0);
    let rater = columns / (k - 1.0);
    let residual = (total - rows - columns).max(0.0) / ((n - 1.0) * (k - 1.0));
    let within = (total - rows).max(0.0) / (n * (k - 1.0));
    let ratio = |part: f64, whole: f64| if whole != 0.0 { Ok(part / whole) } else { Err(Undefined::NoVariation) };
    Ok(IntraclassCorrelations {
        one_way: ratio(between - within, between + (k - 1.0) * within),
        agreement: ratio(between - residual, between + (k - 1.0) * residual + k * (rater - residual) / n),
        consistency: ratio(between - residual, between + (k - 1.0) * residual),
        one_way_mean: ratio(between - within, between),
        agreement_mean: ratio(between - residual, between + (rater - residual) / n),
        consistency_mean: ratio(between - residual, between),
    })
}

/// ICC(2), absolute agreement, of gold and judge severities from the table of both, whose weights may be fractional.
///
/// The same as `agreement` of [`intraclass_correlations`] on the rated pairs, at the cost of a table: what a jackknife asks for.
///
/// **Undefined**: `TooFew` for one example or less, `NoVariation` where every severity is the same. **Cost** O(q^2). **Source**: as
/// [`intraclass_correlations`].
pub fn intraclass_agreement(table: &ConfusionTable) -> Result<f64, Undefined> {
    let n = table.total();
    if n <= 1.0 {
        return Err(Undefined::TooFew);
    }
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        table.iter().map(|(gold, judge, weight)| weight * term(gold as f64, judge as f64)).sum()
    };
    let (gold, judge) = (sum(&|gold, _| gold) / n, sum(&|_, judge| judge) / n);
    let grand = 0.5 * (gold + judge);
    let total = sum(&|gold, judge| (gold - grand).powi(2) + (judge - grand).powi(2));
    if total <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let rows = sum(&|gold, judge| 2.0 * (0.5 * (gold + judge) - grand).powi(2));
    let rater = n * ((gold - grand).powi(2) + (judge - grand).powi(2));
    let between = rows / (n - 1.0);
    let residual = (total - rows - rater).max(0.0) / (n - 1.0);
    let whole = between + residual + 2.0 * (rater - residual) / n;
    if whole == 0.0 { Err(Undefined::NoVariation) } else { Ok((between - residual) / whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_gives_what_its_ratings_give() {
        let table =
            ConfusionTable::from_rows(&[vec![3.0, 1.0, 0.0], vec![0.0, 2.0, 2.0], vec![1.0, 0.0, 4.0]]).unwrap();
        let mut ratings = Vec::new();
        for (gold, judge, weight) in table.iter() {
            ratings.extend((0..weight as usize).map(|_| vec![gold as f64, judge as f64]));
        }
        let listed = intraclass_correlations(&ratings).unwrap().agreement.unwrap();
        assert!((intraclass_agreement(&table).unwrap() - listed).abs() < 1e-14);
        let one = ConfusionTable::from_rows(&[vec![1.0, 0.0], vec![0.0, 0.0]]).unwrap();
        assert_eq!(intraclass_agreement(&one), Err(Undefined::TooFew));
        let same = ConfusionTable::from_rows(&[vec![4.0, 0.0], vec![0.0, 0.0]]).unwrap();
        assert_eq!(intraclass_agreement(&same), Err(Undefined::NoVariation));
    }

    #[test]
    fn a_shift_lowers_agreement_and_not_consistency() {
        // Rater two is always one higher: mean squares 2 between (1,3,5: k times variance 4 = 8), residual 0, raters 3/2.
        let found = intraclass_correlations(&[vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]]).unwrap();
        assert_eq!(found.consistency, Ok(1.0));
        // Between 8, raters 1.5: 8/(8 + 2*1.5/3) = 8/9.
        assert!((found.agreement.unwrap() - 8.0 / 9.0).abs() < 1e-14);
    }

    #[test]
    fn each_reason_is_given() {
        assert_eq!(fleiss_kappa(&[]), Err(Undefined::NoData));
        assert_eq!(fleiss_kappa(&[vec![1.0, 0.0]]), Err(Undefined::TooFew));
        assert_eq!(fleiss_kappa(&[vec![2.0, 0.0], vec![2.0, 0.0]]), Err(Undefined::OneClass));
        assert_eq!(fleiss_kappa(&[vec![2.0, 0.0], vec![2.0, 1.0]]), Err(Undefined::Incompatible));
        assert_eq!(intraclass_correlations(&[vec![1.0, 2.0]]), Err(Undefined::TooFew));
        assert_eq!(intraclass_correlations(&[]), Err(Undefined::TooFew));
        assert_eq!(intraclass_correlations(&[vec![1.0, 2.0], vec![1.0]]), Err(Undefined::Incompatible));
        assert_eq!(intraclass_correlations(&[vec![2.0, 2.0], vec![2.0, 2.0]]), Err(Undefined::NoVariation));
    }
}
