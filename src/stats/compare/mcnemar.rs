//! McNemar's test for independent pairs.

use super::ChiSquared;
use crate::Undefined;
use crate::special::{binomial_cdf, binomial_pmf};

/// McNemar's test in its four forms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// Two-sided exact binomial p.
    pub exact: f64,
    /// Exact p less the probability of the observed split: the one to report.
    pub mid_p: f64,
    /// (b - c)^2/(b + c); `ZeroDiscordant` where no pair differs.
    pub chi_squared: Result<ChiSquared, Undefined>,
    /// With continuity correction, max(0, |b - c| - 1)^2/(b + c).
    pub corrected: Result<ChiSquared, Undefined>,
}

/// McNemar's test that two judges hit the same share, from the pairs that only one of them hits.
///
/// For independent examples; clusters have [`super::paired_test`], since with judge-by-cluster interaction this one rejects a true null
/// hypothesis in 6 to 12% of audits at a nominal 5%.
///
/// **Returns** p-values, 1 where no pair differs. **Cost** O(1). **Source**: McNemar (1947), Psychometrika 12:153; mid-p Fagerland,
/// Lydersen & Laake (2013), BMC Med Res Methodol 13:91; `statsmodels` 0.15 and R `mcnemar.test` agree to 1e-11 (the former's
/// correction is positive at b = c).
///
/// ```
/// use lacuna_stats::compare::mcnemar;
/// // Five to none: 2/32 exact, half of it is the observed split.
/// let found = mcnemar(5, 0);
/// assert!((found.exact - 1.0 / 16.0).abs() < 1e-13 && (found.mid_p - 1.0 / 32.0).abs() < 1e-13);
/// ```
pub fn mcnemar(only_first: u64, only_second: u64) -> McNemar {
    let total = (only_first + only_second) as f64;
    let fewer = only_first.min(only_second) as f64;
    let difference = only_first.abs_diff(only_second) as f64;
    if total == 0.0 {
        let chi_squared = Err(Undefined::ZeroDiscordant);
        return McNemar { exact: 1.0, mid_p: 1.0, chi_squared, corrected: chi_squared };
    }
    let tail = 2.0 * binomial_cdf(fewer, total, 0.5);
    let mid_p = if difference == 0.0 { 1.0 } else { (tail - binomial_pmf(fewer, total, 0.5)).clamp(0.0, 1.0) };
    let statistic = |distance: f64| Ok(ChiSquared::new(distance * distance / total, 1.0));
    McNemar {
        exact: tail.min(1.0),
        mid_p,
        chi_squared: statistic(difference),
        corrected: statistic((difference - 1.0).max(0.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Four to one: P(X <= 1) = 6/32, exact 12/32, mid-p less 5/32.
        let found = mcnemar(4, 1);
        assert!((found.exact - 12.0 / 32.0).abs() < 1e-13 && (found.mid_p - 7.0 / 32.0).abs() < 1e-13);
        assert_eq!(found.chi_squared.unwrap().statistic, 9.0 / 5.0);
        assert_eq!(found.corrected.unwrap().statistic, 4.0 / 5.0);
    }

    #[test]
    fn order_does_not_matter_and_balance_is_no_evidence() {
        assert_eq!(mcnemar(9, 3), mcnemar(3, 9));
        let even = mcnemar(4, 4);
        assert_eq!((even.exact, even.mid_p, even.corrected.unwrap().statistic), (1.0, 1.0, 0.0));
        let none = mcnemar(0, 0);
        assert_eq!((none.exact, none.mid_p, none.chi_squared), (1.0, 1.0, Err(Undefined::ZeroDiscordant)));
    }

    #[test]
    fn a_million_pairs_are_no_trouble() {
        let found = mcnemar(1_000_000, 999_000);
        let normal = found.chi_squared.unwrap().p_value;
        assert!((found.mid_p / normal - 1.0).abs() < 1e-5, "{} {normal}", found.mid_p);
    }
}
