//! Systematic under-scoring: whether judge and gold use the scale alike.

use super::table::ConfusionTable;
use crate::Undefined;
use crate::special::chi_squared_sf;
use nalgebra::{DMatrix, DVector};

/// Bowker's test of symmetry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bowker {
    /// Chi-squared statistic.
    pub statistic: f64,
    /// Pairs of levels on which the two differ at least once.
    pub df: f64,
    /// p on those degrees of freedom: the one to report.
    pub p_value: f64,
    /// All pairs of levels, as R `mcnemar.test` counts them.
    pub df_all_pairs: f64,
    /// p on that count; conservative where pairs are empty.
    pub p_all_pairs: f64,
}

/// Stuart and Maxwell's test of equal margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StuartMaxwell {
    /// Chi-squared statistic.
    pub statistic: f64,
    /// Levels in use, less one.
    pub df: f64,
    /// p-value.
    pub p_value: f64,
}

/// Bowker's test that gold and judge disagree symmetrically, for independent examples.
///
/// **Undefined**: `NoData` for an empty table, `ZeroDiscordant` where nothing lies off the diagonal. **Cost** O(q^2). **Source**: Bowker
/// (1948), JASA 43:572; R `mcnemar.test` and `statsmodels` 0.15 agree to 1e-9 on all pairs.
///
/// ```
/// use lacuna_stats::agreement::{ConfusionTable, bowker};
/// // (9 - 1)^2/10 on one pair.
/// let table = ConfusionTable::from_rows(&[vec![3.0, 1.0], vec![9.0, 4.0]]).unwrap();
/// assert_eq!(bowker(&table).unwrap().statistic, 6.4);
/// ```
pub fn bowker(table: &ConfusionTable) -> Result<Bowker, Undefined> {
    if table.total() == 0.0 {
        return Err(Undefined::NoData);
    }
    let levels = table.levels();
    let (mut statistic, mut df) = (0.0, 0.0);
    for i in 0..levels {
        for j in i + 1..levels {
            let (above, below) = (table.get(i, j), table.get(j, i));
            if above + below > 0.0 {
                statistic += (above - below).powi(2) / (above + below);
                df += 1.0;
            }
        }
    }
    if df == 0.0 {
        return Err(Undefined::ZeroDiscordant);
    }
    let df_all_pairs = (levels * (levels - 1) / 2) as f64;
    Ok(Bowker {
        statistic,
        df,
        p_value: chi_squared_sf(statistic, df),
        df_all_pairs,
        p_all_pairs: chi_squared_sf(statistic, df_all_pairs),
    })
}

/// Stuart and Maxwell's test that gold and judge use each level equally often, for independent examples; unused levels drop out.
///
/// Clusters: take the jackknife of the mean signed error. **Undefined**: `NoData`; `OneClass` with one level in use; `Singular`
/// where the covariance of the margins cannot be inverted (nothing off the diagonal among them). **Cost** O(q^3). **Source**: Stuart
/// (1955), Biometrika 42:412; Maxwell (1970), Br J Psychiatry 116:651; R `coin::mh_test` agrees to 1e-9.
///
/// ```
/// use lacuna_stats::agreement::{ConfusionTable, stuart_maxwell};
/// // With two levels it is McNemar's (9 - 1)^2/10.
/// let table = ConfusionTable::from_rows(&[vec![3.0, 1.0], vec![9.0, 4.0]]).unwrap();
/// assert!((stuart_maxwell(&table).unwrap().statistic - 6.4).abs() < 1e-12);
/// ```
pub fn stuart_maxwell(table: &ConfusionTable) -> Result<StuartMaxwell, Undefined> {
    let (gold, judge) = (table.gold_margin(), table.judge_margin());
    let used: Vec<usize> = (0..table.levels()).filter(|level| gold[*level] + judge[*level] > 0.0).collect();
    match used.len() {
        0 => return Err(Undefined::NoData),
        1 => return Err(Undefined::OneClass),
        _ => {}
    }
    let size = used.len() - 1;
    let difference = DVector::from_fn(size, |row, _| gold[used[row]] - judge[used[row]]);
    let covariance = DMatrix::from_fn(size, size, |row, column| {
        let (i, j) = (used[row], used[column]);
        if i == j { gold[i] + judge[i] - 2.0 * table.get(i, i) } else { -(table.get(i, j) + table.get(j, i)) }
    });
    let values = covariance.clone().symmetric_eigen().eigenvalues;
    // The same threshold as a numerical rank: rounding of the largest eigenvalue.
    if values.min() <= values.max().abs() * f64::EPSILON * used.len() as f64 {
        return Err(Undefined::Singular);
    }
    let solved = covariance.cholesky().ok_or(Undefined::Singular)?.solve(&difference);
    let (statistic, df) = (difference.dot(&solved), size as f64);
    Ok(StuartMaxwell { statistic, df, p_value: chi_squared_sf(statistic, df) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[f64]]) -> ConfusionTable {
        ConfusionTable::from_rows(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn empty_pairs_are_not_counted() {
        let found = bowker(&table(&[&[5.0, 1.0, 0.0], &[3.0, 2.0, 0.0], &[0.0, 0.0, 1.0]])).unwrap();
        assert_eq!((found.statistic, found.df, found.df_all_pairs), (1.0, 1.0, 3.0));
        assert!(found.p_value < found.p_all_pairs);
    }

    #[test]
    fn swapping_gold_and_judge_changes_nothing() {
        let forward = table(&[&[5.0, 1.0, 2.0], &[3.0, 2.0, 4.0], &[1.0, 6.0, 1.0]]);
        let swapped = table(&[&[5.0, 3.0, 1.0], &[1.0, 2.0, 6.0], &[2.0, 4.0, 1.0]]);
        assert_eq!(bowker(&forward), bowker(&swapped));
        let [a, b] = [forward, swapped].map(|table| stuart_maxwell(&table).unwrap().statistic);
        assert!((a - b).abs() < 1e-12);
    }

    #[test]
    fn each_reason_is_given() {
        let empty = ConfusionTable::new(3).unwrap();
        assert_eq!(
            (bowker(&empty).err(), stuart_maxwell(&empty).err()),
            (Some(Undefined::NoData), Some(Undefined::NoData))
        );
        let one = table(&[&[4.0, 0.0], &[0.0, 0.0]]);
        assert_eq!(
            (bowker(&one).err(), stuart_maxwell(&one).err()),
            (Some(Undefined::ZeroDiscordant), Some(Undefined::OneClass))
        );
        let diagonal = table(&[&[4.0, 0.0], &[0.0, 2.0]]);
        assert_eq!(stuart_maxwell(&diagonal), Err(Undefined::Singular));
    }
}
