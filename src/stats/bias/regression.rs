//! Regressions of an outcome on covariates, with the clusters of the rows.

use nalgebra::{DMatrix, DVector};

use crate::input::{Clusters, InputError, all_finite, same_length};

/// Covariates and clusters of the rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Design {
    pub(super) matrix: DMatrix<f64>,
    pub(super) clusters: Clusters,
}

impl Design {
    fn new(rows: &[Vec<f64>], clusters: &[usize], outcomes: usize) -> Result<Self, InputError> {
        same_length("outcomes", outcomes, rows.len())?;
        same_length("clusters", clusters.len(), rows.len())?;
        let columns = rows.first().map_or(0, Vec::len);
        for row in rows {
            same_length("columns of a row", row.len(), columns)?;
            all_finite("covariates", row)?;
        }
        let matrix = DMatrix::from_fn(rows.len(), columns, |row, column| rows[row][column]);
        Ok(Self { matrix, clusters: Clusters::new(clusters) })
    }

    /// Rows, n.
    pub(super) fn rows(&self) -> usize {
        self.matrix.nrows()
    }

    /// Columns, k.
    pub(super) fn columns(&self) -> usize {
        self.matrix.ncols()
    }

    /// Sum over clusters of the outer product of X_g' r_g: the meat of a sandwich.
    pub(super) fn meat(&self, residuals: &[f64]) -> DMatrix<f64> {
        let mut meat = DMatrix::zeros(self.columns(), self.columns());
        for members in self.clusters.members() {
            let mut score: DVector<f64> = DVector::zeros(self.columns());
            for row in members {
                score += self.matrix.row(row).transpose() * residuals[row];
            }
            meat += &score * score.transpose();
        }
        meat
    }
}

/// A judge's hits (0 or 1) with covariates, the intercept's column included.
#[derive(Debug, Clone, PartialEq)]
pub struct HitRegression {
    pub(super) design: Design,
    pub(super) hits: Vec<f64>,
}

impl HitRegression {
    /// One row of covariates, one hit and one cluster id per item.
    ///
    /// **Errors**: lengths differ, or a covariate is not finite.
    pub fn new(rows: &[Vec<f64>], hits: &[bool], clusters: &[usize]) -> Result<Self, InputError> {
        let design = Design::new(rows, clusters, hits.len())?;
        Ok(Self { design, hits: hits.iter().map(|hit| f64::from(*hit)).collect() })
    }

    /// Number of clusters.
    pub fn clusters(&self) -> usize {
        self.design.clusters.count()
    }

    /// The regression without one cluster (0 to G-1 in the order of sorted ids), for a jackknife.
    #[must_use]
    pub fn without_cluster(&self, cluster: usize) -> Self {
        let index = self.design.clusters.index();
        let kept: Vec<usize> = (0..self.hits.len()).filter(|row| index[*row] != cluster).collect();
        let ids: Vec<usize> = kept.iter().map(|row| index[*row]).collect();
        let matrix = self.design.matrix.select_rows(&kept);
        let hits = kept.iter().map(|row| self.hits[*row]).collect();
        Self { design: Design { matrix, clusters: Clusters::new(&ids) }, hits }
    }
}

/// A numeric outcome with covariates, the intercept's column included.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearRegression {
    pub(super) design: Design,
    pub(super) outcomes: Vec<f64>,
}

impl LinearRegression {
    /// One row of covariates, one outcome (a hit as 0 or 1, a signed error) and one cluster id per item.
    ///
    /// **Errors**: lengths differ, or a value is not finite.
    pub fn new(rows: &[Vec<f64>], outcomes: &[f64], clusters: &[usize]) -> Result<Self, InputError> {
        let design = Design::new(rows, clusters, outcomes.len())?;
        all_finite("outcomes", outcomes)?;
        Ok(Self { design, outcomes: outcomes.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Undefined;
    use crate::arbitrary::Arbitrary;
    use crate::bias::{WorkingCorrelation, cr2_satterthwaite, firth_logistic, gee, logistic_clustered};

    #[test]
    fn a_cluster_can_be_left_out() {
        let rows = [vec![1.0, 2.0], vec![1.0, 3.0], vec![1.0, 4.0]];
        let all = HitRegression::new(&rows, &[true, false, true], &[7, 5, 7]).unwrap();
        assert_eq!(all.clusters(), 2);
        let rest = all.without_cluster(0);
        assert_eq!(rest, HitRegression::new(&[rows[0].clone(), rows[2].clone()], &[true, true], &[1, 1]).unwrap());
    }

    /// Residuals 1, -1 in one cluster at x = (1, 2), (1, 5): score (0, -3), meat 9 in the corner.
    #[test]
    fn the_meat_by_hand() {
        let rows = [vec![1.0, 2.0], vec![1.0, 5.0]];
        let all = HitRegression::new(&rows, &[true, false], &[1, 1]).unwrap();
        assert_eq!(all.design.meat(&[1.0, -1.0]), DMatrix::from_row_slice(2, 2, &[0.0, 0.0, 0.0, 9.0]));
    }

    #[test]
    fn malformed_is_refused() {
        assert!(HitRegression::new(&[vec![1.0]], &[], &[1]).is_err());
        assert!(HitRegression::new(&[vec![1.0]], &[true], &[]).is_err());
        assert!(HitRegression::new(&[vec![1.0], vec![]], &[true, true], &[1, 1]).is_err());
        assert!(LinearRegression::new(&[vec![f64::NAN]], &[1.0], &[1]).is_err());
        assert!(LinearRegression::new(&[vec![1.0]], &[f64::INFINITY], &[1]).is_err());
    }

    /// Small random regressions, with constant and repeated columns among them: whatever is returned is finite, and does
    /// not depend on the order of rows.
    #[test]
    fn degenerate_designs_are_undefined_and_never_panic() {
        let mut random = Arbitrary::new(31);
        let mut defined = [0; 4];
        for _ in 0..400 {
            let n = 1 + random.below(14);
            let item = |random: &mut Arbitrary| {
                let (x, z) = (random.below(3) as f64, random.below(2) as f64);
                ((vec![1.0, x, z], random.coin(0.5)), random.below(4))
            };
            let mut items: Vec<((Vec<f64>, bool), usize)> = (0..n).map(|_| item(&mut random)).collect();
            let before = fits(&items);
            assert!(matches!(before[2], Ok(_) | Err(Undefined::Singular)), "Firth's estimate is always finite");
            random.shuffle(&mut items);
            for (index, (before, after)) in before.into_iter().zip(fits(&items)).enumerate() {
                match (before, after) {
                    (Ok(before), Ok(after)) => {
                        defined[index] += 1;
                        for (a, b) in before.iter().zip(&after) {
                            assert!(a.is_finite() && (a - b).abs() < 1e-6 * (1.0 + a.abs()), "{index}: {a} {b}");
                        }
                    }
                    (before, after) => assert_eq!(before.err(), after.err(), "{index}"),
                }
            }
        }
        assert!(defined.iter().all(|count| *count > 20), "{defined:?}");
    }

    /// Coefficients and errors by the four regressions.
    fn fits(items: &[((Vec<f64>, bool), usize)]) -> [Result<Vec<f64>, Undefined>; 4] {
        let rows: Vec<Vec<f64>> = items.iter().map(|((row, _), _)| row.clone()).collect();
        let hits: Vec<bool> = items.iter().map(|((_, hit), _)| *hit).collect();
        let clusters: Vec<usize> = items.iter().map(|(_, cluster)| *cluster).collect();
        let hit = HitRegression::new(&rows, &hits, &clusters).unwrap();
        let outcomes: Vec<f64> = hits.iter().map(|hit| f64::from(*hit)).collect();
        let linear = LinearRegression::new(&rows, &outcomes, &clusters).unwrap();
        let logistic = logistic_clustered(&hit);
        let generalised = gee(&hit, WorkingCorrelation::Exchangeable);
        let firth = firth_logistic(&hit);
        let cr2 = cr2_satterthwaite(&linear, 1).unwrap();
        [
            logistic.and_then(|fit| Ok([fit.coefficients, fit.se_model, fit.se_cr0?].concat())),
            generalised.map(|fit| [fit.coefficients, fit.se].concat()),
            firth.map(|fit| [fit.coefficients, fit.se].concat()),
            cr2.map(|fit| vec![fit.coefficient, fit.se, fit.df, fit.p]),
        ]
    }
}
