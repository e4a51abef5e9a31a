//! Generalised estimating equations for hits.

use nalgebra::{DMatrix, DVector};

use super::HitRegression;
use super::logistic_clustered::logistic_clustered;
use crate::Undefined;
use crate::logit::expit;

/// Working correlation within a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkingCorrelation {
    /// None: the logistic regression with CR0 errors.
    Independence,
    /// The same for every pair.
    Exchangeable,
}

/// Marginal logistic coefficients with sandwich errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Gee {
    /// Coefficients on the logit scale.
    pub coefficients: Vec<f64>,
    /// Sandwich standard errors, without a small-sample factor.
    pub se: Vec<f64>,
    /// Estimated working correlation; `no_data` without a pair, or under independence.
    pub correlation: Result<f64, Undefined>,
}

const STEPS: usize = 200;
const CONVERGED: f64 = 1e-11;

/// Generalised estimating equations with a logit link.
///
/// Weighs clusters of different size by how alike their items are. Packages estimate the working correlation by different
/// moments and differ in the third or fourth digit; this is geepack's. With few clusters the errors are too small:
/// [`cr2_satterthwaite`](super::cr2_satterthwaite).
///
/// **Inputs**: hits with covariates and clusters; the working correlation.
/// **Returns**: coefficients, standard errors, correlation.
/// **Undefined**: `no_data`, `singular`, `separation`, `single_cluster`; `incompatible` where the estimated correlation is
/// no correlation for the largest cluster, or the equations have no solution.
/// **Cost**: O(n k^2) a step (the exchangeable inverse is closed). **Source**: Liang and Zeger (1986), Biometrika 73:13;
/// moments of geepack (Halekoh, Hojsgaard and Yan 2006): scale = mean squared Pearson residual, correlation = mean
/// product over all pairs / scale.
pub fn gee(regression: &HitRegression, working: WorkingCorrelation) -> Result<Gee, Undefined> {
    let start = logistic_clustered(regression)?;
    let se = start.se_cr0?;
    if working == WorkingCorrelation::Independence {
        return Ok(Gee { coefficients: start.coefficients, se, correlation: Err(Undefined::NoData) });
    }
    let members = regression.design.clusters.members();
    if members.iter().all(|rows| rows.len() < 2) {
        return Ok(Gee { coefficients: start.coefficients, se, correlation: Err(Undefined::NoData) });
    }
    let mut coefficients = DVector::from_vec(start.coefficients);
    for _ in 0..STEPS {
        let correlation = correlation(regression, &members, &coefficients)?;
        let equations = Equations::new(regression, &members, &coefficients, correlation);
        let inverse = equations.information.clone().try_inverse().ok_or(Undefined::Singular)?;
        let step = &inverse * &equations.score;
        coefficients += &step;
        if !coefficients.iter().all(|value| value.is_finite()) {
            return Err(Undefined::Incompatible);
        }
        if step.amax() <= CONVERGED * (1.0 + coefficients.amax()) {
            return finish(regression, &members, coefficients);
        }
    }
    Err(Undefined::Incompatible)
}

fn finish(regression: &HitRegression, members: &[Vec<usize>], coefficients: DVector<f64>) -> Result<Gee, Undefined> {
    let correlation = correlation(regression, members, &coefficients)?;
    let equations = Equations::new(regression, members, &coefficients, correlation);
    let inverse = equations.information.try_inverse().ok_or(Undefined::Singular)?;
    let sandwich = &inverse * equations.meat * &inverse;
    Ok(Gee {
        coefficients: coefficients.iter().copied().collect(),
        se: sandwich.diagonal().iter().map(|variance| variance.max(0.0).sqrt()).collect(),
        correlation: Ok(correlation),
    })
}

/// Fitted probability and standard deviation of each row.
fn fitted(regression: &HitRegression, coefficients: &DVector<f64>) -> Vec<(f64, f64)> {
    let predictor = &regression.design.matrix * coefficients;
    let row = |eta: &f64| {
        let p = expit(*eta);
        (p, (p * (1.0 - p)).sqrt())
    };
    predictor.iter().map(row).collect()
}

/// Moment estimate over all pairs of rows that share a cluster.
fn correlation(
    regression: &HitRegression,
    members: &[Vec<usize>],
    coefficients: &DVector<f64>,
) -> Result<f64, Undefined> {
    let fitted = fitted(regression, coefficients);
    let pearson: Vec<f64> = regression.hits.iter().zip(&fitted).map(|(hit, (p, sd))| (hit - p) / sd).collect();
    let scale = pearson.iter().map(|residual| residual * residual).sum::<f64>() / pearson.len() as f64;
    let (mut products, mut pairs, mut largest) = (0.0, 0.0, 0.0_f64);
    for rows in members {
        let size = rows.len() as f64;
        let sum: f64 = rows.iter().map(|row| pearson[*row]).sum();
        let squares: f64 = rows.iter().map(|row| pearson[*row].powi(2)).sum();
        products += (sum * sum - squares) / 2.0;
        pairs += size * (size - 1.0) / 2.0;
        largest = largest.max(size);
    }
    let correlation = products / pairs / scale;
    let valid = correlation < 1.0 && 1.0 + (largest - 1.0) * correlation > 0.0;
    if valid { Ok(correlation) } else { Err(Undefined::Incompatible) }
}

/// The estimating equations at one value of the coefficients.
struct Equations {
    score: DVector<f64>,
    information: DMatrix<f64>,
    meat: DMatrix<f64>,
}

impl Equations {
    fn new(regression: &HitRegression, members: &[Vec<usize>], coefficients: &DVector<f64>, correlation: f64) -> Self {
        let fitted = fitted(regression, coefficients);
        let columns = coefficients.len();
        let mut equations = Self {
            score: DVector::zeros(columns),
            information: DMatrix::zeros(columns, columns),
            meat: DMatrix::zeros(columns, columns),
        };
        for rows in members {
            let design =
                |row: usize, column: usize| regression.design.matrix[(rows[row], column)] * fitted[rows[row]].1;
            // On the scale of Pearson residuals: D' V^-1 = (A^1/2 X)' R^-1 A^-1/2.
            let scaled = DMatrix::from_fn(rows.len(), columns, design);
            let pearson = DVector::from_iterator(
                rows.len(),
                rows.iter().map(|row| (regression.hits[*row] - fitted[*row].0) / fitted[*row].1),
            );
            // R^-1 v = (v - shrink * sum(v)) / (1 - correlation) for an exchangeable R.
            let shrink = correlation / (1.0 + (rows.len() as f64 - 1.0) * correlation);
            let sums = scaled.row_sum();
            let weighted = (scaled.transpose()
                - sums.transpose() * DVector::from_element(rows.len(), shrink).transpose())
                / (1.0 - correlation);
            let score = &weighted * pearson;
            equations.information += &weighted * &scaled;
            equations.meat += &score * score.transpose();
            equations.score += score;
        }
        equations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Intercept alone, clusters of equal size: the estimate is the mean whatever the correlation. Hits 11 10 00, p = 1/2,
    /// Pearson residuals +-1: scale 1, products 1, -1, 1 over three pairs: correlation 1/3.
    #[test]
    fn worked_by_hand() {
        let rows = vec![vec![1.0]; 6];
        let hits = [true, true, true, false, false, false];
        let regression = HitRegression::new(&rows, &hits, &[1, 1, 2, 2, 3, 3]).unwrap();
        let found = gee(&regression, WorkingCorrelation::Exchangeable).unwrap();
        assert!(found.coefficients[0].abs() < 1e-12);
        assert!((found.correlation.unwrap() - 1.0 / 3.0).abs() < 1e-12);
        // Scores 1, 0, -1 over information 6/4: se = sqrt(2) / (3/2).
        assert!((found.se[0] - 2.0_f64.sqrt() / 1.5).abs() < 1e-12);
        let independent = gee(&regression, WorkingCorrelation::Independence).unwrap();
        assert!((independent.se[0] - found.se[0]).abs() < 1e-12);
        assert_eq!(independent.correlation, Err(Undefined::NoData));
    }

    #[test]
    fn undefined_with_its_reason() {
        let of = |hits: &[bool], clusters: &[usize]| {
            let rows = vec![vec![1.0]; hits.len()];
            gee(&HitRegression::new(&rows, hits, clusters).unwrap(), WorkingCorrelation::Exchangeable)
        };
        assert_eq!(of(&[true, true], &[1, 2]), Err(Undefined::Separation));
        assert_eq!(of(&[true, false], &[1, 1]), Err(Undefined::SingleCluster));
        // Perfect agreement within clusters is a correlation of 1, within which no row adds anything.
        assert_eq!(of(&[true, true, false, false], &[1, 1, 2, 2]), Err(Undefined::Incompatible));
        assert_eq!(of(&[true, false, true], &[1, 2, 3]).unwrap().correlation, Err(Undefined::NoData));
    }
}
