//! Claims of "no gap": equivalence within a margin that was fixed beforehand.

use crate::proportion::check_level;
use crate::special::{t_cdf, t_sf};
use crate::{Interval, Undefined};

/// Two one-sided tests of a difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    /// p of "the difference is below -margin".
    pub p_lower: f64,
    /// p of "the difference is above the margin".
    pub p_upper: f64,
    /// The larger of the two.
    pub p_value: f64,
    /// Whether the difference lies within the margin, at the level asked for.
    pub equivalent: bool,
}

/// Two one-sided t tests that a difference lies inside `-margin..margin`.
///
/// A gap that is not significant is not thereby absent; this is the test for absence. At a recall of 0 or 1 the standard error says
/// nothing: there use [`lies_within`] on the MOVER interval of level `1 - 2a`.
///
/// **Inputs**: difference and its standard error, degrees of freedom (clusters - 1), a pre-registered `margin > 0`, `level = 1 - a`.
/// **Undefined**: `ZeroVariance` at a standard error of 0; `Incompatible` outside the domain. **Cost** O(1). **Source**: Schuirmann
/// (1987), J Pharmacokinet Biopharm 15:657; `scipy` 1.17 `ttest_1samp(alternative=)` agrees to 1e-11.
pub fn two_one_sided_tests(
    difference: f64,
    standard_error: f64,
    df: f64,
    margin: f64,
    level: f64,
) -> Result<Equivalence, Undefined> {
    check_level(level)?;
    if !(difference.is_finite() && standard_error >= 0.0 && standard_error.is_finite() && df > 0.0 && margin > 0.0) {
        return Err(Undefined::Incompatible);
    }
    if standard_error == 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    let p_lower = t_sf((difference + margin) / standard_error, df);
    let p_upper = t_cdf((difference - margin) / standard_error, df);
    let p_value = p_lower.max(p_upper);
    Ok(Equivalence { p_lower, p_upper, p_value, equivalent: p_value < 1.0 - level })
}

/// Whether an interval lies wholly inside `-margin..margin`: equivalence at `a` if the interval's level is `1 - 2a`.
pub fn lies_within(interval: Interval, margin: f64) -> bool {
    interval.lower > -margin && interval.upper < margin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_with_one_degree_of_freedom() {
        // Difference 0, error = margin: P(T > 1) = 1/4 on both sides (Cauchy).
        let found = two_one_sided_tests(0.0, 0.1, 1.0, 0.1, 0.95).unwrap();
        assert!((found.p_lower - 0.25).abs() < 1e-12 && (found.p_upper - 0.25).abs() < 1e-12);
        assert!(!found.equivalent);
    }

    #[test]
    fn a_difference_on_the_margin_is_a_coin_toss_and_one_far_inside_is_equivalent() {
        let edge = two_one_sided_tests(0.1, 0.01, 17.0, 0.1, 0.95).unwrap();
        assert!((edge.p_value - 0.5).abs() < 1e-12 && !edge.equivalent);
        assert!(two_one_sided_tests(0.0, 0.01, 17.0, 0.1, 0.95).unwrap().equivalent);
        assert!(lies_within(Interval { lower: -0.09, upper: 0.05 }, 0.1));
        assert!(!lies_within(Interval { lower: -0.10, upper: 0.05 }, 0.1));
    }

    #[test]
    fn no_error_and_no_margin_are_refused() {
        assert_eq!(two_one_sided_tests(0.0, 0.0, 5.0, 0.1, 0.95), Err(Undefined::ZeroVariance));
        assert_eq!(two_one_sided_tests(0.0, 0.1, 5.0, 0.0, 0.95), Err(Undefined::Incompatible));
        assert_eq!(two_one_sided_tests(f64::NAN, 0.1, 5.0, 0.1, 0.95), Err(Undefined::Incompatible));
    }
}
