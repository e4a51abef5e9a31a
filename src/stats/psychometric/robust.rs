//! What clustering does to the likelihood: the sandwich beside the information.

use nalgebra::{Cholesky, DMatrix, DVector, Matrix4, Vector4};

use super::coordinates::Coordinates;
use super::curve::Curve;
use super::data::DoseCounts;
use super::search::on_bound;
use crate::Undefined;
use crate::logistic::has_full_rank;
use crate::proportion::ClusterCount;
use crate::special::beta_cdf;

/// Variance of one coordinate over that of independent responses, and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Inflation {
    /// Sandwich variance over model variance, at least 1.
    pub(super) factor: f64,
    /// Standard error over clusters.
    pub(super) standard_error: f64,
}

/// Of the coordinate at `index`, with those on a bound (and those held) taken as known. **Undefined**: `Singular`.
pub(super) fn inflation(
    counts: &DoseCounts,
    coordinates: Coordinates,
    curve: &Curve,
    index: usize,
    held: [bool; 4],
) -> Result<Inflation, Undefined> {
    let point = coordinates.of(curve).ok_or(Undefined::NoVariation)?;
    let (natural, jacobian) = coordinates.natural(&point).ok_or(Undefined::Singular)?;
    let all = jacobian.transpose() * counts.information(&natural) * jacobian;
    let free = free(counts, curve, index, held)
        .into_iter()
        .find(|free| has_full_rank(&select(&all, free)))
        .ok_or(Undefined::Singular)?;
    let inverse = Cholesky::new(select(&all, &free)).ok_or(Undefined::Singular)?.inverse();
    let scores: Vec<Vector4<f64>> = counts.scores(&natural).iter().map(|score| jacobian.transpose() * score).collect();
    let outer: Matrix4<f64> = scores.iter().map(|score| score * score.transpose()).sum();
    let clusters = counts.clusters() as f64;
    let robust = &inverse * select(&(outer * (clusters / (clusters - 1.0))), &free) * &inverse;
    let place = free.iter().position(|at| *at == index).unwrap_or(0);
    let factor = (robust[(place, place)] / inverse[(place, place)]).max(1.0);
    Ok(Inflation { factor, standard_error: (factor * inverse[(place, place)]).sqrt() })
}

/// Sets of coordinates to take as unknown, the largest first. Guess and lapse may lie on a bound without the other two being known
/// any better or worse; and of a curve that jumps between two doses guess and lapse are told, while shape and threshold are not.
fn free(counts: &DoseCounts, curve: &Curve, index: usize, held: [bool; 4]) -> Vec<Vec<usize>> {
    let bound = on_bound(counts, curve);
    let all: Vec<usize> = (0..4).filter(|at| *at == index || !(held[*at] || (*at < 2 && bound[*at]))).collect();
    let fewest = if index < 2 { 2 } else { 4 };
    (fewest..=4).rev().map(|end| all.iter().copied().filter(|at| *at < end).collect()).collect()
}

fn select(matrix: &Matrix4<f64>, kept: &[usize]) -> DMatrix<f64> {
    DMatrix::from_fn(kept.len(), kept.len(), |row, column| matrix[(kept[row], kept[column])])
}

/// How far the shares lie from the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GoodnessOfFit {
    /// Twice the log-likelihood that the curve loses to the shares themselves.
    pub deviance: f64,
    /// Doses less the parameters that are on no bound.
    pub degrees: f64,
    /// What clustering multiplies a deviance of the right curve with, on average.
    pub scale: f64,
    /// Probability of a deviance at least as large, were the curve right.
    pub p_value: f64,
}

/// The deviance, scaled by its expectation over clusters and referred to F (Rao and Scott 1984, first order).
pub(super) fn goodness(counts: &DoseCounts, curve: &Curve, log_likelihood: f64) -> Result<GoodnessOfFit, Undefined> {
    let bound = on_bound(counts, curve);
    let free: Vec<usize> = (0..4).filter(|at| !bound[*at]).collect();
    let size = counts.doses().len();
    if size <= free.len() {
        return Err(Undefined::TooFew);
    }
    let degrees = (size - free.len()) as f64;
    let at: Vec<_> = counts.doses().iter().map(|dose| curve.at(*dose)).collect();
    let weight = |dose: usize| {
        let variance = at[dose].flagged * at[dose].passed;
        if variance > LEAST_VARIANCE { counts.totals()[dose].total / variance } else { 0.0 }
    };
    let weights = DMatrix::from_diagonal(&DVector::from_fn(size, |dose, _| weight(dose)));
    let slopes = DMatrix::from_fn(size, free.len(), |dose, index| at[dose].gradient[free[index]]);
    let information = slopes.transpose() * &weights * &slopes;
    if !has_full_rank(&information) {
        return Err(Undefined::Singular);
    }
    let inverse = Cholesky::new(information).ok_or(Undefined::Singular)?.inverse();
    let residual = DMatrix::identity(size, size) - &slopes * inverse * slopes.transpose() * &weights;
    let scale = (residual.transpose() * &weights * &residual * covariance(counts)).trace() / degrees;
    let deviance = (2.0 * (counts.saturated() - log_likelihood)).max(0.0);
    if scale <= 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    let clusters = counts.clusters() as f64;
    let p_value = f_sf(deviance / (scale * degrees), degrees, clusters - 1.0);
    Ok(GoodnessOfFit { deviance, degrees, scale, p_value })
}

/// At a dose where everything or nothing is flagged for sure nothing can miss.
const LEAST_VARIANCE: f64 = 1e-9;

/// Linearised covariance of the shares flagged at each two doses.
fn covariance(counts: &DoseCounts) -> DMatrix<f64> {
    let totals = counts.totals();
    let errors = |row: &Vec<ClusterCount>| {
        DVector::from_fn(totals.len(), |dose, _| {
            row[dose].residual(totals[dose].hits / totals[dose].total) / totals[dose].total
        })
    };
    let clusters = counts.clusters() as f64;
    let mut sum = DMatrix::zeros(totals.len(), totals.len());
    for row in counts.rows() {
        let error = errors(row);
        sum += &error * error.transpose();
    }
    sum * (clusters / (clusters - 1.0))
}

/// Upper tail of the F distribution.
fn f_sf(value: f64, first: f64, second: f64) -> f64 {
    beta_cdf(second / (second + first * value), second / 2.0, first / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_tail_of_f() {
        // F(2, n): (1 + 2x/n)^(-n/2); at x = 3, n = 10 that is 1.6^-5.
        assert!((f_sf(3.0, 2.0, 10.0) - 1.6_f64.powi(-5)).abs() < 1e-14);
        assert_eq!(f_sf(0.0, 2.0, 10.0), 1.0);
    }

    /// Two clusters, each one response a dose; both flag at dose 1, one of them at dose 0: errors 1/4 and -1/4 there.
    #[test]
    fn covariance_by_hand() {
        let row = |first: f64| vec![ClusterCount::new(first, 1.0), ClusterCount::new(1.0, 1.0)];
        let counts = DoseCounts::new(&[0.0, 1.0], &[row(0.0), row(1.0)]).unwrap();
        let found = covariance(&counts);
        assert_eq!((found[(0, 0)], found[(0, 1)], found[(1, 1)]), (0.25, 0.0, 0.0));
    }
}
