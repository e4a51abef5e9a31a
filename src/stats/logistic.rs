//! Logistic regression by Newton's method, the kernel of the recalibration maps and of the bias models.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn, SymmetricEigen};

use super::Undefined;
use super::logit::expit;

/// What is added to the log-likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Penalty {
    /// Nothing: maximum likelihood.
    None,
    /// Half the log-determinant of the information (Firth 1993): finite under separation.
    Jeffreys,
}

/// A regression of targets in `[0, 1]` on the columns of a design.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Logistic<'a> {
    /// One row an observation; the caller supplies the intercept's column.
    pub(crate) design: &'a DMatrix<f64>,
    /// One target a row: 0 or 1, or a share.
    pub(crate) targets: &'a [f64],
    /// Weight of each row (the count behind a share); none = 1.
    pub(crate) weights: Option<&'a [f64]>,
    /// Known part of the linear predictor; none = 0.
    pub(crate) offset: Option<&'a [f64]>,
    /// Maximum likelihood or Firth.
    pub(crate) penalty: Penalty,
}

/// A finite optimum.
#[derive(Debug, Clone)]
pub(crate) struct LogisticFit {
    /// Coefficients, one a column.
    pub(crate) coefficients: DVector<f64>,
    /// Inverse of the information at the optimum: the model-based covariance.
    pub(crate) inverse_information: DMatrix<f64>,
    /// Fitted probability of each row.
    pub(crate) fitted: Vec<f64>,
    /// Log-likelihood without the penalty.
    pub(crate) log_likelihood: f64,
}

impl LogisticFit {
    /// Model-based standard errors.
    pub(crate) fn standard_errors(&self) -> Vec<f64> {
        self.inverse_information.diagonal().iter().map(|variance| variance.max(0.0).sqrt()).collect()
    }
}

/// One Newton step may move no linear predictor by more than this: a logit of 10 spans all but 5e-5 of the scale.
const LARGEST_MOVE: f64 = 10.0;
/// A relative step below this is followed by one last step, whose error is then quadratically smaller.
const CONVERGED: f64 = 1e-9;
/// An eigenvalue of a matrix scaled to unit diagonal below this means that a direction carries no information.
const NO_INFORMATION: f64 = 1e-12;
const NEWTON_STEPS: usize = 200;
/// With the penalty the steps use the unpenalised curvature and converge linearly.
const PENALISED_STEPS: usize = 5_000;
const PENALISED_CONVERGED: f64 = 1e-13;

impl Logistic<'_> {
    /// The optimum; `no_data` without rows, `singular` for dependent columns, `separation` where it is infinite.
    pub(crate) fn fit(&self) -> Result<LogisticFit, Undefined> {
        if self.targets.is_empty() {
            return Err(Undefined::NoData);
        }
        let weights: Vec<f64> = (0..self.targets.len()).map(|row| self.weight(row)).collect();
        if !has_full_rank(&self.information(&weights)) {
            return Err(Undefined::Singular);
        }
        let (steps, converged) = match self.penalty {
            Penalty::None => (NEWTON_STEPS, CONVERGED),
            Penalty::Jeffreys => (PENALISED_STEPS, PENALISED_CONVERGED),
        };
        let mut state = self.state(DVector::zeros(self.design.ncols()))?;
        for _ in 0..steps {
            let step = self.step(&state);
            let size = step.amax() / (1.0 + state.coefficients.amax());
            state = self.advance(&state, step)?;
            if size < converged {
                return self.finish(state);
            }
        }
        Err(Undefined::Separation)
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// X' diag(weights) X.
    fn information(&self, weights: &[f64]) -> DMatrix<f64> {
        let columns = self.design.ncols();
        let mut information = DMatrix::zeros(columns, columns);
        for (row, weight) in weights.iter().enumerate() {
            for i in 0..columns {
                let scaled = weight * self.design[(row, i)];
                for j in 0..=i {
                    information[(i, j)] += scaled * self.design[(row, j)];
                }
            }
        }
        information.fill_upper_triangle_with_lower_triangle();
        information
    }

    fn state(&self, coefficients: DVector<f64>) -> Result<State, Undefined> {
        let mut predictor: DVector<f64> = self.design * &coefficients;
        if let Some(offset) = self.offset {
            predictor.iter_mut().zip(offset).for_each(|(eta, known)| *eta += known);
        }
        let fitted: Vec<f64> = predictor.iter().map(|eta| expit(*eta)).collect();
        let curvature: Vec<f64> =
            fitted.iter().enumerate().map(|(row, mu)| self.weight(row) * mu * (1.0 - mu)).collect();
        let information = self.information(&curvature);
        if !has_full_rank(&information) {
            return Err(Undefined::Separation);
        }
        let factor = Cholesky::new(information).ok_or(Undefined::Separation)?;
        let log_likelihood = self.log_likelihood(&predictor);
        let objective = match self.penalty {
            Penalty::None => log_likelihood,
            Penalty::Jeffreys => log_likelihood + factor.ln_determinant() / 2.0,
        };
        Ok(State { coefficients, fitted, curvature, factor, log_likelihood, objective })
    }

    fn log_likelihood(&self, predictor: &DVector<f64>) -> f64 {
        let term = |row: usize| {
            let eta = predictor[row];
            // ln(1 + e^eta) without overflow.
            let normaliser = eta.max(0.0) + (-eta.abs()).exp().ln_1p();
            self.weight(row) * (self.targets[row] * eta - normaliser)
        };
        (0..self.targets.len()).map(term).sum()
    }

    fn step(&self, state: &State) -> DVector<f64> {
        let columns = self.design.ncols();
        let mut score = DVector::zeros(columns);
        let inverse = match self.penalty {
            Penalty::None => None,
            Penalty::Jeffreys => Some(state.factor.inverse()),
        };
        for (row, mu) in state.fitted.iter().enumerate() {
            let mut residual = self.weight(row) * (self.targets[row] - mu);
            if let Some(inverse) = &inverse {
                let x = self.design.row(row);
                let leverage = (x * inverse * x.transpose())[(0, 0)] * state.curvature[row];
                residual += leverage * (0.5 - mu);
            }
            for column in 0..columns {
                score[column] += residual * self.design[(row, column)];
            }
        }
        let step = state.factor.solve(&score);
        let largest = (self.design * &step).amax();
        if largest > LARGEST_MOVE { step * (LARGEST_MOVE / largest) } else { step }
    }

    /// Takes the step, halved until the objective does not fall.
    fn advance(&self, state: &State, mut step: DVector<f64>) -> Result<State, Undefined> {
        let slack = 1e-12 * (1.0 + state.objective.abs());
        for _ in 0..30 {
            let next = self.state(&state.coefficients + &step)?;
            if next.objective >= state.objective - slack {
                return Ok(next);
            }
            step /= 2.0;
        }
        self.state(state.coefficients.clone())
    }

    fn finish(&self, state: State) -> Result<LogisticFit, Undefined> {
        let inverse_information = state.factor.inverse();
        Ok(LogisticFit {
            coefficients: state.coefficients,
            inverse_information,
            fitted: state.fitted,
            log_likelihood: state.log_likelihood,
        })
    }
}

/// The regression at one value of the coefficients.
struct State {
    coefficients: DVector<f64>,
    fitted: Vec<f64>,
    curvature: Vec<f64>,
    factor: Cholesky<f64, Dyn>,
    log_likelihood: f64,
    objective: f64,
}

/// Whether a symmetric matrix, scaled to unit diagonal, has no eigenvalue near 0.
pub(crate) fn has_full_rank(matrix: &DMatrix<f64>) -> bool {
    if matrix.is_empty() || matrix.diagonal().iter().any(|value| value.is_nan() || *value < f64::MIN_POSITIVE) {
        return false;
    }
    let scale = matrix.diagonal().map(|value| 1.0 / value.sqrt());
    let scaled = DMatrix::from_fn(matrix.nrows(), matrix.ncols(), |i, j| matrix[(i, j)] * scale[i] * scale[j]);
    SymmetricEigen::new(scaled).eigenvalues.min() > NO_INFORMATION
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logistic<'a>(design: &'a DMatrix<f64>, targets: &'a [f64], penalty: Penalty) -> Logistic<'a> {
        Logistic { design, targets, weights: None, offset: None, penalty }
    }

    /// Hits 1/4 without and 3/4 with the trait: intercept ln(1/3), slope ln 3 - ln(1/3) = 2 ln 3; the variance of the
    /// intercept is 1/1 + 1/3 = 4/3, of the slope 8/3; the log-likelihood 2 (ln(1/4) + 3 ln(3/4)).
    #[test]
    fn two_groups_by_hand() {
        let design = DMatrix::from_fn(8, 2, |row, column| if column == 0 { 1.0 } else { f64::from(row >= 4) });
        let targets = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0];
        let fit = logistic(&design, &targets, Penalty::None).fit().unwrap();
        assert!((fit.coefficients[0] + 3.0_f64.ln()).abs() < 1e-14);
        assert!((fit.coefficients[1] - 2.0 * 3.0_f64.ln()).abs() < 1e-14);
        assert!((fit.standard_errors()[0].powi(2) - 4.0 / 3.0).abs() < 1e-13);
        assert!((fit.standard_errors()[1].powi(2) - 8.0 / 3.0).abs() < 1e-13);
        assert!((fit.log_likelihood - 2.0 * (0.25_f64.ln() + 3.0 * 0.75_f64.ln())).abs() < 1e-13);
        assert!((fit.fitted[7] - 0.75).abs() < 1e-14);
    }

    /// Shares with weights are the same regression as their rows.
    #[test]
    fn weights_stand_for_rows() {
        let design = DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 1.0]);
        let weighted = Logistic {
            design: &design,
            targets: &[0.25, 0.75],
            weights: Some(&[4.0, 4.0]),
            offset: Some(&[0.0, 1.0]),
            penalty: Penalty::None,
        };
        let fit = weighted.fit().unwrap();
        assert!((fit.coefficients[1] - (2.0 * 3.0_f64.ln() - 1.0)).abs() < 1e-14);
    }

    #[test]
    fn separation_and_dependent_columns_are_told_apart() {
        let design = DMatrix::from_fn(6, 2, |row, column| if column == 0 { 1.0 } else { row as f64 });
        let targets = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0];
        assert_eq!(logistic(&design, &targets, Penalty::None).fit().err(), Some(Undefined::Separation));
        assert!(logistic(&design, &targets, Penalty::Jeffreys).fit().is_ok());
        assert_eq!(logistic(&design, &[1.0; 6], Penalty::None).fit().err(), Some(Undefined::Separation));
        let twice = DMatrix::from_element(4, 2, 1.0);
        assert_eq!(logistic(&twice, &[0.0, 1.0, 0.0, 1.0], Penalty::None).fit().err(), Some(Undefined::Singular));
        let empty = DMatrix::zeros(0, 1);
        assert_eq!(logistic(&empty, &[], Penalty::None).fit().err(), Some(Undefined::NoData));
    }

    /// Quasi-separation: only one group is constant; that direction alone is infinite.
    #[test]
    fn quasi_separation_is_separation() {
        let design = DMatrix::from_fn(8, 2, |row, column| if column == 0 { 1.0 } else { f64::from(row >= 4) });
        let targets = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(logistic(&design, &targets, Penalty::None).fit().err(), Some(Undefined::Separation));
    }

    /// Intercept only: ln((k + 1/2) / (n - k + 1/2)), finite at k = n = 3: ln 7.
    #[test]
    fn firth_of_an_intercept_by_hand() {
        let design = DMatrix::from_element(3, 1, 1.0);
        let fit = logistic(&design, &[1.0; 3], Penalty::Jeffreys).fit().unwrap();
        assert!((fit.coefficients[0] - 7.0_f64.ln()).abs() < 1e-11);
    }
}
