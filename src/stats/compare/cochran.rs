//! Cochran's Q: whether several judges hit the same share.

use super::ChiSquared;
use crate::Undefined;

/// Cochran's Q.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CochranQ {
    /// The test.
    pub test: ChiSquared,
    /// Judges, less one.
    pub df: f64,
}

/// Cochran's Q test that k judges hit the same share of the same independent examples: an omnibus test, before any pair is looked at.
///
/// **Inputs**: an example a row, a judge a column, whether it hit. **Undefined**: `NoData` without examples, `TooFew` below two judges,
/// `ZeroDiscordant` where the judges agree on every example, `Incompatible` for ragged rows. **Cost** O(n k). **Source**: Cochran (1950),
/// Biometrika 37:256; `statsmodels` 0.15 `cochrans_q` and R `mantelhaen.test` agree to 1e-9.
///
/// ```
/// use lacuna_stats::compare::cochran_q;
/// // Two judges: McNemar's statistic, (3 - 1)^2/4.
/// let rows = [[true, false], [true, false], [true, false], [false, true], [true, true]].map(|row| row.to_vec());
/// assert_eq!(cochran_q(&rows).unwrap().test.statistic, 1.0);
/// ```
pub fn cochran_q(rows: &[Vec<bool>]) -> Result<CochranQ, Undefined> {
    let judges = rows.first().ok_or(Undefined::NoData)?.len();
    if !rows.iter().all(|row| row.len() == judges) {
        return Err(Undefined::Incompatible);
    }
    if judges < 2 {
        return Err(Undefined::TooFew);
    }
    let k = judges as f64;
    let of_row = |row: &Vec<bool>| row.iter().filter(|hit| **hit).count() as f64;
    let of_judge = |judge: usize| rows.iter().filter(|row| row[judge]).count() as f64;
    let total: f64 = rows.iter().map(of_row).sum();
    let row_squares: f64 = rows.iter().map(|row| of_row(row).powi(2)).sum();
    let judge_squares: f64 = (0..judges).map(|judge| of_judge(judge).powi(2)).sum();
    let spread = k * total - row_squares;
    if spread == 0.0 {
        return Err(Undefined::ZeroDiscordant);
    }
    let statistic = (k - 1.0) * (k * judge_squares - total * total) / spread;
    Ok(CochranQ { test: ChiSquared::new(statistic, k - 1.0), df: k - 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_judges_by_hand() {
        // Rows 110, 100, 001, 111: judges 3, 2, 2; T = 7; row squares 4 + 1 + 1 + 9. Q = 2 (3*17 - 49)/(21 - 15) = 2/3.
        let rows = [[true, true, false], [true, false, false], [false, false, true], [true, true, true]];
        let found = cochran_q(&rows.map(|row| row.to_vec())).unwrap();
        assert!((found.test.statistic - 2.0 / 3.0).abs() < 1e-14 && found.df == 2.0);
        assert!((found.test.p_value - (-1.0_f64 / 3.0).exp()).abs() < 1e-12);
    }

    #[test]
    fn each_reason_is_given() {
        assert_eq!(cochran_q(&[]), Err(Undefined::NoData));
        assert_eq!(cochran_q(&[vec![true]]), Err(Undefined::TooFew));
        assert_eq!(cochran_q(&[vec![true, true], vec![false, false]]), Err(Undefined::ZeroDiscordant));
        assert_eq!(cochran_q(&[vec![true, true], vec![false]]), Err(Undefined::Incompatible));
    }
}
