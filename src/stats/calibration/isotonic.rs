//! Isotonic regression by pooling adjacent violators.

use super::forecasts::{Atom, Forecasts};
use crate::input::{InputError, all_finite, same_length};

/// A run of neighbours with one fitted value.
#[derive(Debug, Clone, Copy)]
struct Block {
    sum: f64,
    weight: f64,
    length: usize,
}

/// Non-decreasing least-squares fit to the means `sum / weight` of points in their order; every weight is positive.
/// O(n) (Ayer et al. 1955).
pub(crate) fn pool_adjacent_violators(points: impl IntoIterator<Item = (f64, f64)>) -> Vec<f64> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut count = 0;
    for (sum, weight) in points {
        count += 1;
        let mut block = Block { sum, weight, length: 1 };
        // Means are compared by cross products: no division, and equal means merge.
        while let Some(last) = blocks.pop_if(|last| last.sum * block.weight >= block.sum * last.weight) {
            block = Block {
                sum: last.sum + block.sum,
                weight: last.weight + block.weight,
                length: last.length + block.length,
            };
        }
        blocks.push(block);
    }
    let mut fitted = Vec::with_capacity(count);
    for block in blocks {
        fitted.extend(std::iter::repeat_n(block.sum / block.weight, block.length));
    }
    fitted
}

/// Calibrated probability of each atom: the isotonic regression of outcomes on forecasts.
pub(crate) fn calibrated(atoms: &[Atom]) -> Vec<f64> {
    pool_adjacent_violators(atoms.iter().map(|atom| (atom.positives, atom.n)))
}

/// Non-decreasing least-squares fit of `y` on `x`, equal `x` pooled first.
///
/// The curve behind reliability diagrams without bins: for forecasts and outcomes use [`reliability_curve`].
///
/// **Inputs**: predictor and response per item in any order; weights above 0, or none for 1 each.
/// **Returns**: the fitted value of each item, in input order. **Errors**: lengths differ, a value is not finite, a
/// weight is not above 0. **Cost**: O(n log n).
/// **Source**: Ayer et al. (1955); agrees with scikit-learn 1.9.1, scipy 1.17.1 and R `isoreg` to 1e-11.
///
/// ```
/// use lacuna_stats::calibration::isotonic_regression;
/// // 1 before 0 violates the order: both become their mean.
/// let fitted = isotonic_regression(&[1.0, 2.0, 3.0], &[1.0, 0.0, 2.0], None)?;
/// assert_eq!(fitted, [0.5, 0.5, 2.0]);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn isotonic_regression(x: &[f64], y: &[f64], weights: Option<&[f64]>) -> Result<Vec<f64>, InputError> {
    same_length("responses", y.len(), x.len())?;
    all_finite("predictors", x)?;
    all_finite("responses", y)?;
    if let Some(weights) = weights {
        check_weights(weights, x.len())?;
    }
    let weight = |item: usize| weights.map_or(1.0, |weights| weights[item]);
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut point_of_item = vec![0; x.len()];
    for (rank, &item) in order.iter().enumerate() {
        if rank == 0 || x[order[rank - 1]] != x[item] {
            points.push((0.0, 0.0));
        }
        let last = points.len() - 1;
        points[last].0 += weight(item) * y[item];
        points[last].1 += weight(item);
        point_of_item[item] = last;
    }
    let fitted = pool_adjacent_violators(points);
    Ok(point_of_item.into_iter().map(|point| fitted[point]).collect())
}

fn check_weights(weights: &[f64], expected: usize) -> Result<(), InputError> {
    same_length("weights", weights.len(), expected)?;
    all_finite("weights", weights)?;
    match weights.iter().position(|weight| *weight <= 0.0) {
        Some(index) => {
            let value = weights[index];
            Err(InputError::OutOfRange { what: "weights", index, value, allowed: "above 0" })
        }
        None => Ok(()),
    }
}

/// A point of a reliability diagram: a distinct forecast and what it was worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilityPoint {
    /// Forecast, items and positives.
    pub atom: Atom,
    /// Calibrated probability: the isotonic fit at this forecast.
    pub calibrated: f64,
}

/// The CORP reliability curve: every distinct forecast with its calibrated probability.
///
/// **Returns**: one point an atom, ascending; empty for no data. **Cost**: O(atoms).
/// **Source**: Dimitriadis, Gneiting and Jordan (2021), PNAS 118:e2016191118.
pub fn reliability_curve(forecasts: &Forecasts) -> Vec<ReliabilityPoint> {
    let fitted = calibrated(forecasts.atoms());
    forecasts.atoms().iter().zip(fitted).map(|(&atom, calibrated)| ReliabilityPoint { atom, calibrated }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::forecasts::arbitrary;

    /// Weights 3, 1, 1, 2 on 1, 0, 1, 0: everything pools to (3 + 1) / 7.
    #[test]
    fn weights_count() {
        let fitted = isotonic_regression(&[1.0, 2.0, 3.0, 4.0], &[1.0, 0.0, 1.0, 0.0], Some(&[3.0, 1.0, 1.0, 2.0]));
        assert_eq!(fitted.unwrap(), [4.0 / 7.0; 4]);
    }

    #[test]
    fn malformed_is_refused() {
        assert!(isotonic_regression(&[1.0], &[], None).is_err());
        assert!(isotonic_regression(&[f64::NAN], &[1.0], None).is_err());
        assert!(isotonic_regression(&[1.0], &[1.0], Some(&[0.0])).is_err());
        assert_eq!(isotonic_regression(&[], &[], None).unwrap(), Vec::<f64>::new());
    }

    /// Increasing; sums kept; and the residuals are orthogonal to the fit (the projection onto a cone).
    #[test]
    fn the_fit_is_the_projection() {
        let mut random = Arbitrary::new(8);
        for _ in 0..300 {
            let (p, y) = arbitrary(&mut random);
            let curve = reliability_curve(&Forecasts::new(&p, &y).unwrap());
            assert!(curve.is_sorted_by(|a, b| a.atom.p < b.atom.p && a.calibrated <= b.calibrated));
            let residual = |point: &ReliabilityPoint| point.atom.positives - point.atom.n * point.calibrated;
            assert!(curve.iter().map(residual).sum::<f64>().abs() < 1e-12);
            assert!(curve.iter().map(|point| residual(point) * point.calibrated).sum::<f64>().abs() < 1e-12);
            let outcomes: Vec<f64> = y.iter().map(|outcome| f64::from(*outcome)).collect();
            let by_item = isotonic_regression(&p, &outcomes, None).unwrap();
            for (p, fitted) in p.iter().zip(by_item) {
                let point = curve.iter().find(|point| point.atom.p == *p).unwrap();
                assert!((point.calibrated - fitted).abs() < 1e-14);
            }
        }
    }
}
