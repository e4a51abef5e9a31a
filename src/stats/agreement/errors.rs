//! Errors of ordinal severities.

use super::table::ConfusionTable;
use crate::Undefined;

/// Shares and means of the difference judge minus gold, in levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrdinalErrors {
    /// Examples.
    pub total: f64,
    /// Share of the same severity.
    pub exact: f64,
    /// Share at most one level off.
    pub within_one: f64,
    /// Mean absolute difference.
    pub mean_absolute: f64,
    /// Root of the mean squared difference.
    pub root_mean_square: f64,
    /// Mean difference: negative where the judge under-calls.
    pub mean_signed: f64,
    /// Share scored below gold.
    pub under: f64,
    /// Share scored above gold.
    pub over: f64,
}

/// The errors of a judge's severities.
///
/// The mean signed error stands beside every rank measure, which cannot see a constant under-call. Shares take
/// [`crate::proportion::clustered_proportion`], means [`crate::jackknife::jackknife`].
///
/// **Undefined**: `NoData` for an empty table. **Cost** O(q^2). **Source**: definitions; `scikit-learn` 1.9 agrees to 1e-12.
///
/// ```
/// use lacuna_stats::agreement::{ConfusionTable, ordinal_errors};
/// // Differences 0, -1, -2, +1.
/// let table = ConfusionTable::from_rows(&[vec![1.0, 1.0, 0.0], vec![1.0, 0.0, 0.0], vec![1.0, 0.0, 0.0]]).unwrap();
/// let found = ordinal_errors(&table).unwrap();
/// assert_eq!((found.exact, found.within_one, found.mean_absolute, found.mean_signed), (0.25, 0.75, 1.0, -0.5));
/// assert_eq!((found.under, found.over, found.root_mean_square), (0.5, 0.25, 1.5_f64.sqrt()));
/// ```
pub fn ordinal_errors(table: &ConfusionTable) -> Result<OrdinalErrors, Undefined> {
    let total = table.total();
    if total == 0.0 {
        return Err(Undefined::NoData);
    }
    let mean = |value: fn(f64) -> f64| -> f64 {
        table.iter().map(|(gold, judge, weight)| weight * value(judge as f64 - gold as f64)).sum::<f64>() / total
    };
    let share = |holds: fn(f64) -> bool| -> f64 {
        let held = table.iter().filter(|(gold, judge, _)| holds(*judge as f64 - *gold as f64));
        held.map(|(_, _, weight)| weight).sum::<f64>() / total
    };
    Ok(OrdinalErrors {
        total,
        exact: share(|difference| difference == 0.0),
        within_one: share(|difference| difference.abs() <= 1.0),
        mean_absolute: mean(f64::abs),
        root_mean_square: mean(|difference| difference * difference).sqrt(),
        mean_signed: mean(|difference| difference),
        under: share(|difference| difference < 0.0),
        over: share(|difference| difference > 0.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapping_gold_and_judge_turns_the_sign_only() {
        let forward =
            ConfusionTable::from_rows(&[vec![3.0, 1.0, 2.0], vec![0.0, 1.0, 0.5], vec![4.0, 0.0, 2.0]]).unwrap();
        let swapped =
            ConfusionTable::from_rows(&[vec![3.0, 0.0, 4.0], vec![1.0, 1.0, 0.0], vec![2.0, 0.5, 2.0]]).unwrap();
        let [a, b] = [forward, swapped].map(|table| ordinal_errors(&table).unwrap());
        assert!((a.mean_signed + b.mean_signed).abs() < 1e-15);
        assert_eq!((a.under, a.over, a.exact), (b.over, b.under, b.exact));
        assert!((a.exact + a.under + a.over - 1.0).abs() < 1e-15);
    }

    #[test]
    fn an_empty_table_has_no_errors() {
        assert_eq!(ordinal_errors(&ConfusionTable::new(4).unwrap()), Err(Undefined::NoData));
    }
}
