//! Logistic regression with standard errors over clusters.

use super::HitRegression;
use crate::Undefined;
use crate::input::{InputError, all_finite};
use crate::logistic::{Logistic, LogisticFit, Penalty};
use crate::logit::expit;

/// Coefficients of a logistic regression with four kinds of standard errors.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusteredLogistic {
    /// Coefficients on the logit scale, one a column.
    pub coefficients: Vec<f64>,
    /// Standard errors under independent items.
    pub se_model: Vec<f64>,
    /// Sandwich over clusters without a factor; `single_cluster`.
    pub se_cr0: Result<Vec<f64>, Undefined>,
    /// With the factor G / (G-1), the one to use with t(G-1); `single_cluster`.
    pub se_cr1: Result<Vec<f64>, Undefined>,
    /// With G / (G-1) * (n-1) / (n-k), what Stata and statsmodels call clustered; `single_cluster`, `too_few`.
    pub se_cr1s: Result<Vec<f64>, Undefined>,
}

/// Logistic regression of hits on covariates, with cluster-robust standard errors.
///
/// For confounder-adjusted recall: hit on harm type, severity, framing, log length, system. Sandwich errors are too small
/// below some 30 clusters: then [`cr2_satterthwaite`](super::cr2_satterthwaite), or jackknife [`standardised_rates`].
///
/// **Inputs**: hits with covariates and clusters. **Returns**: coefficients and standard errors.
/// **Undefined**: `no_data`, `singular`, `separation` (then [`firth_logistic`](super::firth_logistic)); per field.
/// **Cost**: O(n k^2) a Newton step. **Source**: Liang and Zeger (1986); agrees with R `sandwich::vcovCL` (HC1 with cadjust
/// for CR1S) and statsmodels to 1e-9.
pub fn logistic_clustered(regression: &HitRegression) -> Result<ClusteredLogistic, Undefined> {
    let fit = fit(regression)?;
    let residuals: Vec<f64> = regression.hits.iter().zip(&fit.fitted).map(|(hit, p)| hit - p).collect();
    let sandwich = &fit.inverse_information * regression.design.meat(&residuals) * &fit.inverse_information;
    let errors = |factor: f64| sandwich.diagonal().iter().map(|v| (factor * v.max(0.0)).sqrt()).collect::<Vec<f64>>();
    let (g, n) = (regression.clusters() as f64, regression.design.rows() as f64);
    let k = regression.design.columns() as f64;
    let clustered = if g < 2.0 { Err(Undefined::SingleCluster) } else { Ok(g / (g - 1.0)) };
    let small =
        clustered.and_then(|factor| if n > k { Ok(factor * (n - 1.0) / (n - k)) } else { Err(Undefined::TooFew) });
    Ok(ClusteredLogistic {
        coefficients: fit.coefficients.iter().copied().collect(),
        se_model: fit.standard_errors(),
        se_cr0: clustered.map(|_| errors(1.0)),
        se_cr1: clustered.map(errors),
        se_cr1s: small.map(errors),
    })
}

fn fit(regression: &HitRegression) -> Result<LogisticFit, Undefined> {
    let logistic = Logistic {
        design: &regression.design.matrix,
        targets: &regression.hits,
        weights: None,
        offset: None,
        penalty: Penalty::None,
    };
    logistic.fit()
}

/// Standardised rates: the mean predicted hit probability if every item had the given value in one column.
///
/// Adjusted recalls that read as recalls: one for each harm type, over the same mix of items. Their interval comes from the
/// cluster jackknife ([`HitRegression::without_cluster`]).
///
/// **Inputs**: hits with covariates; the column; the values to set. **Returns**: one probability a value.
/// **Undefined**: as [`logistic_clustered`]. **Errors**: no such column, or a value is not finite. **Cost**: one fit and
/// O(n k) a value. **Source**: marginal standardisation (Lane and Nelder 1982, Biometrics 38:613).
pub fn standardised_rates(
    regression: &HitRegression,
    column: usize,
    values: &[f64],
) -> Result<Result<Vec<f64>, Undefined>, InputError> {
    all_finite("values", values)?;
    if column >= regression.design.columns() {
        let value = column as f64;
        return Err(InputError::OutOfRange { what: "column", index: 0, value, allowed: "a column of the design" });
    }
    Ok(fit(regression).map(|fit| {
        let design = &regression.design.matrix;
        let predictor = design * &fit.coefficients;
        let rate = |value: &f64| {
            let moved = |row: usize| predictor[row] + fit.coefficients[column] * (value - design[(row, column)]);
            (0..design.nrows()).map(|row| expit(moved(row))).sum::<f64>() / design.nrows() as f64
        };
        values.iter().map(rate).collect()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Intercept alone, hits 1 1 | 1 0 in two clusters: recall 3/4, information 4 * 3/16 = 3/4. Scores 1/2, -1/2: meat
    /// 1/2, CR0 = sqrt(1/2) * 4/3, CR1 = sqrt(2) times it, CR1S the same (n-1 = n-k), model 1 / sqrt(3/4).
    #[test]
    fn worked_by_hand() {
        let rows = vec![vec![1.0]; 4];
        let regression = HitRegression::new(&rows, &[true, true, true, false], &[1, 1, 2, 2]).unwrap();
        let found = logistic_clustered(&regression).unwrap();
        assert!((found.coefficients[0] - 3.0_f64.ln()).abs() < 1e-14);
        assert!((found.se_model[0] - (4.0_f64 / 3.0).sqrt()).abs() < 1e-13);
        let cr0 = 0.5_f64.sqrt() * 4.0 / 3.0;
        assert!((found.se_cr0.unwrap()[0] - cr0).abs() < 1e-13);
        assert!((found.se_cr1.unwrap()[0] - cr0 * 2.0_f64.sqrt()).abs() < 1e-13);
        assert!((found.se_cr1s.unwrap()[0] - cr0 * 2.0_f64.sqrt()).abs() < 1e-13);
        assert!((standardised_rates(&regression, 0, &[1.0]).unwrap().unwrap()[0] - 0.75).abs() < 1e-14);
    }

    /// A saturated model: the standardised rates are the groups' own, 1/4 and 3/4.
    #[test]
    fn standardised_rates_by_hand() {
        let rows: Vec<Vec<f64>> = (0..8).map(|row| vec![1.0, f64::from(row >= 4)]).collect();
        let hits = [true, false, false, false, true, true, true, false];
        let regression = HitRegression::new(&rows, &hits, &[1, 2, 3, 4, 1, 2, 3, 4]).unwrap();
        let rates = standardised_rates(&regression, 1, &[0.0, 1.0]).unwrap().unwrap();
        assert!((rates[0] - 0.25).abs() < 1e-13 && (rates[1] - 0.75).abs() < 1e-13);
        assert!(standardised_rates(&regression, 2, &[0.0]).is_err());
        assert!(standardised_rates(&regression, 1, &[f64::NAN]).is_err());
        let jackknifed = standardised_rates(&regression.without_cluster(1), 1, &[1.0]).unwrap().unwrap();
        assert!((jackknifed[0] - 2.0 / 3.0).abs() < 1e-13);
    }

    #[test]
    fn undefined_with_its_reason() {
        let rows = vec![vec![1.0]; 2];
        let of =
            |hits: &[bool], clusters: &[usize]| logistic_clustered(&HitRegression::new(&rows, hits, clusters).unwrap());
        assert_eq!(of(&[true, true], &[1, 2]), Err(Undefined::Separation));
        let one = of(&[true, false], &[1, 1]).unwrap();
        assert_eq!((one.se_cr0, one.se_cr1s), (Err(Undefined::SingleCluster), Err(Undefined::SingleCluster)));
        let none = HitRegression::new(&[], &[], &[]).unwrap();
        assert_eq!(logistic_clustered(&none), Err(Undefined::NoData));
    }
}
