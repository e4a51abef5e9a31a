//! Linear regression with bias-reduced cluster errors and Satterthwaite degrees of freedom.

use nalgebra::{Cholesky, DMatrix, DVector, SymmetricEigen};

use super::LinearRegression;
use crate::input::{Confidence, InputError};
use crate::logistic::has_full_rank;
use crate::special::t_sf;
use crate::{Interval, Undefined};

/// One coefficient with its CR2 error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cr2 {
    /// The least-squares coefficient.
    pub coefficient: f64,
    /// CR2 standard error.
    pub se: f64,
    /// Satterthwaite degrees of freedom: how many clusters really speak on this coefficient. Below 4 do not rely on it.
    pub df: f64,
    /// Two-sided p-value of a coefficient of 0.
    pub p: f64,
}

impl Cr2 {
    /// t interval of the coefficient.
    pub fn interval(&self, confidence: Confidence) -> Interval {
        let half = confidence.student(self.df) * self.se;
        Interval { lower: self.coefficient - half, upper: self.coefficient + half }
    }
}

/// An eigenvalue of I - H_gg below this belongs to a direction that the cluster alone determines; it is left out.
const NO_EIGENVALUE: f64 = 1e-9;
/// Relative size below which a variance is rounding.
const NO_VARIANCE: f64 = 1e-26;

/// Least squares with CR2 standard errors and Satterthwaite's degrees of freedom.
///
/// The regression to trust with few clusters. On hits it is the linear probability model, whose coefficients are
/// differences of recall.
///
/// **Inputs**: outcomes with covariates and clusters; the column of the coefficient.
/// **Returns**: coefficient, standard error, degrees of freedom, two-sided p-value.
/// **Undefined**: `no_data`; `singular`; `single_cluster`; `zero_variance` where no cluster deviates.
/// **Errors**: no such column. **Cost**: O(n k^2 + G k^3 + G^2 k).
/// **Source**: Bell and McCaffrey (2002); Pustejovsky and Tipton (2018), JBES 36:672, working model =
/// identity. Agrees with R clubSandwich 0.5.8 and estimatr 1.0.0 to 2e-14.
pub fn cr2_satterthwaite(regression: &LinearRegression, column: usize) -> Result<Result<Cr2, Undefined>, InputError> {
    if column >= regression.design.columns() {
        let value = column as f64;
        return Err(InputError::OutOfRange { what: "column", index: 0, value, allowed: "a column of the design" });
    }
    Ok(estimate(regression, column))
}

fn estimate(regression: &LinearRegression, column: usize) -> Result<Cr2, Undefined> {
    let design = &regression.design.matrix;
    if design.nrows() == 0 {
        return Err(Undefined::NoData);
    }
    let cross = design.tr_mul(design);
    if !has_full_rank(&cross) {
        return Err(Undefined::Singular);
    }
    if regression.design.clusters.count() < 2 {
        return Err(Undefined::SingleCluster);
    }
    let inverse = cross.try_inverse().ok_or(Undefined::Singular)?;
    let root = Cholesky::new(inverse.clone()).ok_or(Undefined::Singular)?.l();
    let outcomes = DVector::from_column_slice(&regression.outcomes);
    let coefficients = &inverse * design.tr_mul(&outcomes);
    let residuals = &outcomes - design * &coefficients;
    let parts = parts(regression, &root, &residuals, column);
    let variance: f64 = parts.iter().map(|part| part.score * part.score).sum();
    // Size of the variance if residuals were as large as the outcomes.
    if variance <= NO_VARIANCE * outcomes.norm_squared() * inverse[(column, column)] {
        return Err(Undefined::ZeroVariance);
    }
    let df = satterthwaite(&parts, &inverse)?;
    let (coefficient, se) = (coefficients[column], variance.sqrt());
    Ok(Cr2 { coefficient, se, df, p: 2.0 * t_sf((coefficient / se).abs(), df) })
}

/// What a cluster contributes to the variance of one coefficient.
struct Part {
    /// a_g' e_g, with a_g = A_g X_g (X'X)^-1 c.
    score: f64,
    /// a_g' a_g.
    norm: f64,
    /// X_g' a_g.
    loading: DVector<f64>,
}

fn parts(regression: &LinearRegression, root: &DMatrix<f64>, residuals: &DVector<f64>, column: usize) -> Vec<Part> {
    let part = |rows: Vec<usize>| {
        let x = regression.design.matrix.select_rows(&rows);
        let e = residuals.select_rows(&rows);
        let factored = &x * root;
        let weights = &factored * adjusted(&factored.tr_mul(&factored), &root.row(column).transpose());
        Part { score: weights.dot(&e), norm: weights.norm_squared(), loading: x.tr_mul(&weights) }
    };
    regression.design.clusters.members().into_iter().map(part).collect()
}

/// With (X'X)^-1 = L L' and B = X_g L, I - H_gg is I - B B', and X_g (X'X)^-1 c is B w with w = L'c. A function of B B'
/// applied to B w is B times that function of B'B applied to w, so k x k matrices do: here (1 - value)^-1/2, and 0 where
/// the cluster alone determines a direction.
fn adjusted(gram: &DMatrix<f64>, w: &DVector<f64>) -> DVector<f64> {
    let eigen = SymmetricEigen::new((gram + gram.transpose()) / 2.0);
    let root = |value: f64| if 1.0 - value > NO_EIGENVALUE { 1.0 / (1.0 - value).sqrt() } else { 0.0 };
    let scaled = eigen.eigenvectors.tr_mul(w).component_mul(&eigen.eigenvalues.map(root));
    &eigen.eigenvectors * scaled
}

/// (trace)^2 / trace of the square of P'P, where p_g = (I - H) a_g. I - H is idempotent, so
/// p_g' p_h = [g = h] a_g' a_g - (X_g' a_g)' (X'X)^-1 (X_h' a_h): no n x n matrix is needed.
fn satterthwaite(parts: &[Part], inverse: &DMatrix<f64>) -> Result<f64, Undefined> {
    let (mut trace, mut squares) = (0.0, 0.0);
    for (g, one) in parts.iter().enumerate() {
        let projected = inverse * &one.loading;
        for (h, other) in parts.iter().enumerate() {
            let shared = -projected.dot(&other.loading);
            let product = if g == h { one.norm + shared } else { shared };
            squares += product * product;
            if g == h {
                trace += product;
            }
        }
    }
    if squares > 0.0 { Ok(trace * trace / squares) } else { Err(Undefined::ZeroVariance) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn of(rows: &[Vec<f64>], outcomes: &[f64], clusters: &[usize], column: usize) -> Result<Cr2, Undefined> {
        cr2_satterthwaite(&LinearRegression::new(rows, outcomes, clusters).unwrap(), column).unwrap()
    }

    /// Mean of four clusters of one: 0, 0, 1, 1. I - H_gg = 3/4, A = 2 / sqrt 3, a_g = 1 / (2 sqrt 3), residuals +-1/2:
    /// variance 4 * 1/48 = 1/12, the textbook s^2 / n; and df = 3.
    #[test]
    fn the_mean_by_hand() {
        let rows = vec![vec![1.0]; 4];
        let found = of(&rows, &[0.0, 0.0, 1.0, 1.0], &[1, 2, 3, 4], 0).unwrap();
        assert!((found.coefficient - 0.5).abs() < 1e-15);
        assert!((found.se.powi(2) - 1.0 / 12.0).abs() < 1e-15 && (found.df - 3.0).abs() < 1e-12);
        let interval = found.interval(Confidence::DEFAULT);
        assert!((interval.lower + interval.upper - 1.0).abs() < 1e-14);
    }

    /// The mean of equal clusters is the mean of cluster means: clusters {0, 1}, {1, 1} have means 1/2 and 1, so the
    /// variance is (1/8) / 2 = 1/16 and df = 1; t = (3/4) / (1/4) = 3, p = 1 - 2 atan(3) / pi.
    #[test]
    fn two_clusters_by_hand() {
        let rows = vec![vec![1.0]; 4];
        let found = of(&rows, &[0.0, 1.0, 1.0, 1.0], &[1, 1, 2, 2], 0).unwrap();
        assert!((found.se - 0.25).abs() < 1e-14 && (found.df - 1.0).abs() < 1e-12);
        assert!((found.p - (1.0 - 2.0 * 3.0_f64.atan() / std::f64::consts::PI)).abs() < 1e-12);
    }

    #[test]
    fn undefined_and_malformed() {
        let rows = vec![vec![1.0]; 2];
        assert_eq!(of(&rows, &[0.0, 1.0], &[1, 1], 0), Err(Undefined::SingleCluster));
        assert_eq!(of(&rows, &[1.0, 1.0], &[1, 2], 0), Err(Undefined::ZeroVariance));
        let twice = vec![vec![1.0, 1.0]; 3];
        assert_eq!(of(&twice, &[0.0, 1.0, 1.0], &[1, 2, 3], 0), Err(Undefined::Singular));
        let regression = LinearRegression::new(&rows, &[0.0, 1.0], &[1, 2]).unwrap();
        assert!(cr2_satterthwaite(&regression, 1).is_err());
        let saturated = vec![vec![1.0, 0.0], vec![1.0, 1.0]];
        assert_eq!(of(&saturated, &[0.0, 1.0], &[1, 2], 1), Err(Undefined::ZeroVariance));
    }

    /// Standard error and degrees of freedom as the papers write them, with matrices of the rows' size.
    fn by_definition(rows: &[Vec<f64>], outcomes: &[f64], clusters: &[usize], column: usize) -> (f64, f64) {
        let n = rows.len();
        let x = DMatrix::from_fn(n, rows[0].len(), |row, column| rows[row][column]);
        let inverse = x.tr_mul(&x).try_inverse().unwrap();
        let annihilator = DMatrix::identity(n, n) - &x * &inverse * x.transpose();
        let residuals = &annihilator * DVector::from_column_slice(outcomes);
        let mut variance = 0.0;
        let mut columns = Vec::new();
        for members in crate::Clusters::new(clusters).members() {
            let block = annihilator.select_rows(&members).select_columns(&members);
            let eigen = SymmetricEigen::new(block);
            let roots = eigen.eigenvalues.map(|value| if value > NO_EIGENVALUE { 1.0 / value.sqrt() } else { 0.0 });
            let root = &eigen.eigenvectors * DMatrix::from_diagonal(&roots) * eigen.eigenvectors.transpose();
            let weights = root * x.select_rows(&members) * inverse.column(column);
            variance += weights.dot(&residuals.select_rows(&members)).powi(2);
            columns.push(annihilator.select_columns(&members) * weights);
        }
        let p = DMatrix::from_columns(&columns);
        let gram = p.tr_mul(&p);
        (variance.sqrt(), gram.trace().powi(2) / gram.norm_squared())
    }

    #[test]
    fn the_small_matrices_are_the_definition() {
        let mut random = Arbitrary::new(35);
        let mut compared = 0;
        for _ in 0..200 {
            let n = 4 + random.below(12);
            let rows: Vec<Vec<f64>> = (0..n).map(|_| vec![1.0, random.unit(), random.below(2) as f64]).collect();
            let outcomes: Vec<f64> = (0..n).map(|_| random.grid(4)).collect();
            let clusters: Vec<usize> = (0..n).map(|_| random.below(4)).collect();
            let Ok(found) = of(&rows, &outcomes, &clusters, 1) else { continue };
            let (se, df) = by_definition(&rows, &outcomes, &clusters, 1);
            assert!((found.se - se).abs() < 1e-7 * (1.0 + se) && (found.df - df).abs() < 1e-6 * df);
            compared += 1;
        }
        assert!(compared > 100, "{compared}");
    }
}
