//! The curve of highest likelihood within the bounds, with some coordinates held: Fisher scoring with damping.

use nalgebra::{Matrix4, Vector4};

use super::coordinates::Coordinates;
use super::curve::Curve;
use super::data::DoseCounts;
use super::{MOST_LAPSE, SHAPES};

/// Steps of one ascent; most take fewer than twenty.
const STEPS: usize = 200;
/// An ascent ends where a step promises less than this in log-likelihood.
const PROMISE: f64 = 1e-11;
/// Enough for a matrix that is singular but for rounding.
const LEAST_DAMPING: f64 = 1e-9;
/// The most that a logarithm moves in one step.
const LARGEST_MOVE: f64 = 1.0;
/// How far thresholds are looked for beyond the doses, as a factor.
const REACH: f64 = 50.0;

/// A fitted curve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fitted {
    pub(super) curve: Curve,
    pub(super) log_likelihood: f64,
}

/// A search: in which coordinates, and which of them are held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) counts: &'a DoseCounts,
    pub(super) coordinates: Coordinates,
    pub(super) held: [bool; 4],
}

impl Search<'_> {
    /// The best of the ascents from these points; none where no point is a curve.
    pub(super) fn best(&self, starts: impl IntoIterator<Item = Vector4<f64>>) -> Option<(Vector4<f64>, Fitted)> {
        let mut best: Option<(Vector4<f64>, Fitted)> = None;
        for found in starts.into_iter().filter_map(|start| self.climb(start)) {
            // A later start has to be better by more than rounding.
            if best.as_ref().is_none_or(|(_, best)| found.1.log_likelihood > best.log_likelihood + 1e-9) {
                best = Some(found);
            }
        }
        best
    }

    /// Smallest and largest value of each coordinate.
    fn bounds(&self) -> [(f64, f64); 4] {
        let (threshold, shape) = (threshold_bounds(self.counts), (SHAPES[0].ln(), SHAPES[1].ln()));
        let anything = (f64::NEG_INFINITY, f64::INFINITY);
        match self.coordinates {
            Coordinates::Natural => [(0.0, 1.0), (0.0, MOST_LAPSE), threshold, shape],
            Coordinates::Slope => [(0.0, 1.0), (0.0, MOST_LAPSE), threshold, anything],
            Coordinates::Half => [(0.0, 1.0), (0.0, MOST_LAPSE), anything, shape],
        }
    }

    fn climb(&self, start: Vector4<f64>) -> Option<(Vector4<f64>, Fitted)> {
        let bounds = self.bounds();
        let mut point = start;
        let mut state = self.state(&point)?;
        let mut damping = 1e-3;
        for _ in 0..STEPS {
            let (step, promise) = self.step(&point, &state, &bounds, damping);
            if promise < PROMISE {
                break;
            }
            let mut next = point + step;
            for (index, (low, high)) in bounds.iter().enumerate().filter(|(index, _)| !self.held[*index]) {
                next[index] = next[index].clamp(*low, *high);
            }
            match self.state(&next).filter(|next| next.value > state.value) {
                Some(better) => {
                    (point, state) = (next, better);
                    damping = f64::max(damping / 5.0, LEAST_DAMPING);
                }
                None if damping > 1e6 => break,
                None => damping *= 6.0,
            }
        }
        let curve = Curve::from_natural(&self.coordinates.natural(&point)?.0);
        Some((point, Fitted { curve, log_likelihood: state.value }))
    }

    /// The damped step over the coordinates that may move, and what a step without damping promises.
    fn step(&self, point: &Vector4<f64>, state: &State, bounds: &[(f64, f64); 4], damping: f64) -> (Vector4<f64>, f64) {
        let mut gradient: [f64; 4] = state.gradient.into();
        let mut information: [[f64; 4]; 4] = state.information.into();
        for index in 0..4 {
            let (low, high) = bounds[index];
            let outward =
                (point[index] <= low && gradient[index] < 0.0) || (point[index] >= high && gradient[index] > 0.0);
            if self.held[index] || outward {
                gradient[index] = 0.0;
                information.iter_mut().for_each(|row| row[index] = 0.0);
                information[index] = [0.0; 4];
                information[index][index] = 1.0;
            }
        }
        let promise = solve(&information, &gradient, LEAST_DAMPING).map_or(f64::INFINITY, |step| dot(&gradient, &step));
        let Some(mut step) = solve(&information, &gradient, damping) else {
            return (Vector4::from(gradient) * 1e-3, f64::INFINITY);
        };
        let largest = step[2].abs().max(step[3].abs());
        if largest > LARGEST_MOVE {
            step.iter_mut().for_each(|part| *part *= LARGEST_MOVE / largest);
        }
        (Vector4::from(step), promise)
    }

    fn state(&self, point: &Vector4<f64>) -> Option<State> {
        let (natural, jacobian) = self.coordinates.natural(point)?;
        let found = self.counts.likelihood(&natural);
        let identity = self.coordinates == Coordinates::Natural;
        found.value.is_finite().then(|| State {
            value: found.value,
            gradient: if identity { found.gradient } else { jacobian.transpose() * found.gradient },
            information: if identity { found.information } else { jacobian.transpose() * found.information * jacobian },
        })
    }
}

fn dot(one: &[f64; 4], other: &[f64; 4]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// The solution of (A + damping diag A) x = b by Cholesky's factors; none where A is not positive definite.
fn solve(matrix: &[[f64; 4]; 4], right: &[f64; 4], damping: f64) -> Option<[f64; 4]> {
    let mut factor = [[0.0; 4]; 4];
    for row in 0..4 {
        for column in 0..=row {
            let mut rest = matrix[row][column];
            if row == column {
                rest += damping * rest + 1e-12;
            }
            rest -= (0..column).map(|at| factor[row][at] * factor[column][at]).sum::<f64>();
            if row > column {
                factor[row][column] = rest / factor[column][column];
            } else if rest > 0.0 {
                factor[row][row] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    let mut solution = *right;
    for row in 0..4 {
        let known: f64 = (0..row).map(|at| factor[row][at] * solution[at]).sum();
        solution[row] = (solution[row] - known) / factor[row][row];
    }
    for row in (0..4).rev() {
        let known: f64 = (row + 1..4).map(|at| factor[at][row] * solution[at]).sum();
        solution[row] = (solution[row] - known) / factor[row][row];
    }
    Some(solution)
}

struct State {
    value: f64,
    gradient: Vector4<f64>,
    information: Matrix4<f64>,
}

/// Smallest and largest ln threshold that is looked at.
fn threshold_bounds(counts: &DoseCounts) -> (f64, f64) {
    let doses = counts.doses();
    ((doses[1] / REACH).ln(), (doses[doses.len() - 1] * REACH).ln())
}

/// Where searches begin: natural coordinates all over the range of the doses.
pub(super) fn starts(counts: &DoseCounts) -> Vec<Vector4<f64>> {
    let doses = counts.doses();
    let none = counts.totals()[0];
    // Away from the bounds, where the gradient says nothing.
    let guess = ((none.hits + 0.5) / (none.total + 1.0)).min(0.9);
    let (low, high) = ((doses[1] / 2.0).ln(), (doses[doses.len() - 1] * 1.5).ln());
    let mut points = Vec::new();
    for shape in [1.0_f64, 0.5, 2.0, 4.0] {
        for step in 0..5 {
            for lapse in [0.02, 0.3] {
                let threshold = low + (high - low) * f64::from(step) / 4.0;
                points.push(Vector4::new(guess.min(0.95 - lapse), lapse, threshold, shape.ln()));
            }
        }
    }
    points
}

/// Whether a coordinate lies on a bound: guess, lapse, ln threshold or ln shape.
pub(super) fn on_bound(counts: &DoseCounts, curve: &Curve) -> [bool; 4] {
    const NEAR: f64 = 1e-6;
    let (low, high) = threshold_bounds(counts);
    let near = |value: f64, bound: f64| (value - bound).abs() < NEAR;
    let natural = curve.natural();
    [
        near(natural[0], 0.0),
        near(natural[1], 0.0) || near(natural[1], MOST_LAPSE),
        near(natural[2], low) || near(natural[2], high),
        near(natural[3], SHAPES[0].ln()) || near(natural[3], SHAPES[1].ln()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A = L L' with L of ones below a diagonal of twos; A x = b at x = (1, 2, 3, 4).
    #[test]
    fn factors_solve() {
        let lower = |row: usize, column: usize| if row == column { 2.0 } else { f64::from(u8::from(row > column)) };
        let mut matrix = [[0.0; 4]; 4];
        for (row, values) in matrix.iter_mut().enumerate() {
            for (column, value) in values.iter_mut().enumerate() {
                *value = (0..4).map(|at| lower(row, at) * lower(column, at)).sum();
            }
        }
        let right = matrix.map(|row| dot(&row, &[1.0, 2.0, 3.0, 4.0]));
        let found = solve(&matrix, &right, 0.0).unwrap();
        assert!(found.iter().zip([1.0, 2.0, 3.0, 4.0]).all(|(found, value)| (found - value).abs() < 1e-10));
        assert_eq!(solve(&[[0.0, 1.0, 0.0, 0.0]; 4], &right, 0.0), None);
    }
}
