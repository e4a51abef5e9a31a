//! Rank correlation with covariates held fixed.

use crate::Undefined;
use crate::input::{InputError, all_finite, same_length};

/// A residual whose square is below this share of its variable's is rounding: the covariates explain the variable.
const EXPLAINED: f64 = 1e-24;

/// Partial Spearman correlation: the correlation of two rankings after both are regressed on the ranks of covariates.
///
/// For verbosity bias: does the judge's severity go with the response's length at equal gold? It sees rising relations
/// only, and linear ones between ranks.
///
/// **Inputs**: two variables; the covariates, one list each. **Returns**: -1 to 1.
/// **Undefined**: `too_few` with fewer than three items more than covariates; `no_variation` of a variable, or one that
/// the covariates explain.
/// **Errors**: lengths differ, or a value is not finite. **Cost**: O(n log n + n c^2).
/// **Source**: Pearson correlation of the residuals of mid-ranks; agrees with pingouin 0.6.1
/// `partial_corr(method='spearman')` to 1e-10.
pub fn partial_spearman(x: &[f64], y: &[f64], covariates: &[Vec<f64>]) -> Result<Result<f64, Undefined>, InputError> {
    same_length("second variable", y.len(), x.len())?;
    all_finite("first variable", x)?;
    all_finite("second variable", y)?;
    for covariate in covariates {
        same_length("covariate", covariate.len(), x.len())?;
        all_finite("covariate", covariate)?;
    }
    Ok(correlate(x, y, covariates))
}

fn correlate(x: &[f64], y: &[f64], covariates: &[Vec<f64>]) -> Result<f64, Undefined> {
    if x.len() < covariates.len() + 3 {
        return Err(Undefined::TooFew);
    }
    let mut basis: Vec<Vec<f64>> = vec![vec![1.0 / (x.len() as f64).sqrt(); x.len()]];
    for covariate in covariates {
        // A covariate that the ones before it explain adds no direction.
        if let Ok(mut direction) = residual(&mid_ranks(covariate), &basis) {
            let norm = dot(&direction, &direction).sqrt();
            direction.iter_mut().for_each(|value| *value /= norm);
            basis.push(direction);
        }
    }
    let (x, y) = (residual(&mid_ranks(x), &basis)?, residual(&mid_ranks(y), &basis)?);
    let r = dot(&x, &y) / (dot(&x, &x) * dot(&y, &y)).sqrt();
    Ok(r.clamp(-1.0, 1.0))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// What is left of `values` beside an orthonormal basis. Projected twice, so that rounding leaves no trace of the basis.
fn residual(values: &[f64], basis: &[Vec<f64>]) -> Result<Vec<f64>, Undefined> {
    let mut left = values.to_vec();
    for direction in basis.iter().chain(basis) {
        let along = dot(&left, direction);
        left.iter_mut().zip(direction).for_each(|(value, part)| *value -= along * part);
    }
    if dot(&left, &left) <= EXPLAINED * dot(values, values) { Err(Undefined::NoVariation) } else { Ok(left) }
}

/// Ranks from 1, ties sharing their mean rank.
fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = before as f64 + (tied.len() + 1) as f64 / 2.0;
        tied.iter().for_each(|item| ranks[*item] = rank);
        before += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn of(x: &[f64], y: &[f64], covariates: &[Vec<f64>]) -> Result<f64, Undefined> {
        partial_spearman(x, y, covariates).unwrap()
    }

    /// No covariate: Spearman of 1 2 3 4 and 2 1 4 3: 1 - 6 * 4 / (4 * 15) = 3/5. Ties: 5 5 9 have ranks 3/2 3/2 3.
    #[test]
    fn worked_by_hand() {
        assert!((of(&[1.0, 2.0, 3.0, 4.0], &[20.0, 10.0, 40.0, 30.0], &[]).unwrap() - 0.6).abs() < 1e-15);
        assert_eq!(mid_ranks(&[5.0, 9.0, 5.0]), [1.5, 3.0, 1.5]);
    }

    /// One covariate: (r_xy - r_xz r_yz) / sqrt((1 - r_xz^2) (1 - r_yz^2)).
    #[test]
    fn one_covariate_is_the_textbook_formula() {
        let mut random = Arbitrary::new(27);
        let mut compared = 0;
        for _ in 0..200 {
            let n = 5 + random.below(8);
            let [x, y, z] = [(); 3].map(|()| (0..n).map(|_| random.grid(6)).collect::<Vec<f64>>());
            let plain = (of(&x, &y, &[]), of(&x, &z, &[]), of(&y, &z, &[]));
            let (Ok(xy), Ok(xz), Ok(yz)) = plain else { continue };
            if xz.abs() > 0.999 || yz.abs() > 0.999 {
                continue;
            }
            let expected = (xy - xz * yz) / ((1.0 - xz * xz) * (1.0 - yz * yz)).sqrt();
            assert!((of(&x, &y, std::slice::from_ref(&z)).unwrap() - expected).abs() < 1e-11);
            // The same covariate twice changes nothing.
            assert!((of(&x, &y, &[z.clone(), z]).unwrap() - expected).abs() < 1e-11);
            compared += 1;
        }
        assert!(compared > 100, "{compared}");
    }

    #[test]
    fn undefined_and_malformed() {
        let line = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(of(&[0.0; 4], &line, &[]), Err(Undefined::NoVariation));
        assert_eq!(of(&line, &[4.0, 1.0, 3.0, 2.0], &[vec![10.0, 20.0, 30.0, 40.0]]), Err(Undefined::NoVariation));
        assert_eq!(of(&[1.0, 2.0], &[1.0, 2.0], &[]), Err(Undefined::TooFew));
        assert!(partial_spearman(&line, &[1.0], &[]).is_err());
        assert!(partial_spearman(&line, &line, &[vec![1.0]]).is_err());
        assert!(partial_spearman(&line, &[f64::NAN; 4], &[]).is_err());
    }
}
