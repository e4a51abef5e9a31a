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
/// A step that moves no linear predictor by more than this is the last one: the error that it leaves is quadratically smaller.
const CONVERGED: f64 = 1e-9;
/// An eigenvalue of a matrix scaled to unit diagonal below this means that a direction carries no information.
const NO_INFORMATION: f64 = 1e-12;
const NEWTON_STEPS: usize = 200;
const HALVINGS: usize = 30;
/// With the penalty the steps use the unpenalised curvature and converge linearly.
const PENALISED_STEPS: usize = 1_000;
const PENALISED_CONVERGED: f64 = 1e-11;

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
            let (step, largest_move) = self.step(&state);
            state = self.advance(&state, step)?;
            if largest_move < converged {
                return Ok(state.finish());
            }
        }
        Err(Undefined::Separation)
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// The columns of the design, whose values lie column by column: sums over them are the cost of a fit.
    fn columns(&self) -> Vec<&[f64]> {
        self.design.as_slice().chunks_exact(self.design.nrows()).collect()
    }

    /// X' diag(weights) X.
    fn information(&self, weights: &[f64]) -> DMatrix<f64> {
        let columns = self.columns();
        let mut information = DMatrix::zeros(columns.len(), columns.len());
        for (i, one) in columns.iter().enumerate() {
            for (j, other) in columns[..=i].iter().enumerate() {
                let products = weights.iter().zip(*one).zip(*other);
                information[(i, j)] = products.map(|((weight, one), other)| weight * one * other).sum();
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

    /// Gradient of the objective.
    fn score(&self, state: &State) -> DVector<f64> {
        let residual = |(row, mu): (usize, &f64)| self.weight(row) * (self.targets[row] - mu);
        let mut residuals: Vec<f64> = state.fitted.iter().enumerate().map(residual).collect();
        if self.penalty == Penalty::Jeffreys {
            let leverages = self.leverages(&state.factor.inverse());
            for (row, (residual, mu)) in residuals.iter_mut().zip(&state.fitted).enumerate() {
                *residual += leverages[row] * state.curvature[row] * (0.5 - mu);
            }
        }
        let sum = |column: &&[f64]| residuals.iter().zip(*column).map(|(residual, value)| residual * value).sum();
        DVector::from_iterator(self.design.ncols(), self.columns().iter().map(sum))
    }

    /// x' M x of each row, for a symmetric matrix M.
    fn leverages(&self, matrix: &DMatrix<f64>) -> Vec<f64> {
        let columns = self.columns();
        let mut sums = vec![0.0; self.design.nrows()];
        for (i, one) in columns.iter().enumerate() {
            for (j, other) in columns[..=i].iter().enumerate() {
                // Off the diagonal each pair stands twice.
                let factor = if i == j { matrix[(i, j)] } else { 2.0 * matrix[(i, j)] };
                let products = sums.iter_mut().zip(*one).zip(*other);
                products.for_each(|((sum, one), other)| *sum += factor * one * other);
            }
        }
        sums
    }

    /// The next step of the coefficients and the most that it moves a linear predictor, whatever the columns' scale.
    fn step(&self, state: &State) -> (DVector<f64>, f64) {
        let score = self.score(state);
        let mut step = state.factor.solve(&score);
        let largest = (self.design * &step).amax();
        if largest > LARGEST_MOVE {
            step *= LARGEST_MOVE / largest;
        }
        if self.penalty == Penalty::Jeffreys {
            step *= self.damping(state, &score, &step);
        }
        (step, largest.min(LARGEST_MOVE))
    }

    /// The penalty bends the objective more than the information says, up to twice as much, so that whole steps can swing
    /// about the optimum for ever: where one overshoots, the share of it at which the slope along it crosses 0 (by secant).
    fn damping(&self, state: &State, score: &DVector<f64>, step: &DVector<f64>) -> f64 {
        let Ok(next) = self.state(&state.coefficients + step) else { return 1.0 };
        let (here, there) = (score.dot(step), self.score(&next).dot(step));
        if there < 0.0 && here > 0.0 { here / (here - there) } else { 1.0 }
    }

    /// Takes the step, halved until the objective exists and does not fall.
    fn advance(&self, state: &State, mut step: DVector<f64>) -> Result<State, Undefined> {
        let slack = 1e-12 * (1.0 + state.objective.abs());
        let mut last = Ok(());
        for _ in 0..HALVINGS {
            match self.state(&state.coefficients + &step) {
                Ok(next) if next.objective >= state.objective - slack => return Ok(next),
                Ok(_) => last = Ok(()),
                Err(reason) => last = Err(reason),
            }
            step /= 2.0;
        }
        last?;
        self.state(state.coefficients.clone())
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

impl State {
    fn finish(self) -> LogisticFit {
        LogisticFit {
            inverse_information: self.factor.inverse(),
            coefficients: self.coefficients,
            fitted: self.fitted,
            log_likelihood: self.log_likelihood,
        }
    }
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
mod tests;
