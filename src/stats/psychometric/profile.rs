//! Limits of one quantity from the profile of the likelihood, scaled for clusters.

use nalgebra::Vector4;

use super::coordinates::Coordinates;
use super::curve::Curve;
use super::data::DoseCounts;
use super::optimise::{Fitted, Search};
use super::robust::{Inflation, inflation};
use crate::special::t_critical;
use crate::{Interval, Undefined};

/// One coordinate whose limits are sought.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile<'a> {
    pub(super) counts: &'a DoseCounts,
    pub(super) coordinates: Coordinates,
    /// Which coordinate.
    pub(super) index: usize,
    /// Coordinates that are known (a shape of 1), beside it.
    pub(super) known: [bool; 4],
    /// Range beyond which a limit is not looked for.
    pub(super) range: (f64, f64),
}

/// Evaluations that a limit may take on either side; most take ten.
const EVALUATIONS: usize = 60;
/// A limit is found where the root misses the critical value by less than this.
const CLOSE: f64 = 1e-4;

impl Profile<'_> {
    /// Both limits on the scale of the coordinate: where twice the loss of log-likelihood, divided by the inflation, is the
    /// square of the t quantile. A limit that is not reached within the range is its end.
    pub(super) fn limits(&self, best: &Fitted, level: f64) -> Result<Interval, Undefined> {
        let inflation = inflation(self.counts, self.coordinates, &best.curve, self.index, self.known)?;
        let critical = t_critical(level, self.counts.clusters() as f64 - 1.0);
        let point = self.coordinates.of(&best.curve).ok_or(Undefined::NoVariation)?;
        let side = |direction: f64| self.limit(best, &point, inflation, critical, direction);
        Ok(Interval { lower: side(-1.0), upper: side(1.0) })
    }

    fn limit(&self, best: &Fitted, point: &Vector4<f64>, inflation: Inflation, critical: f64, direction: f64) -> f64 {
        let end = if direction < 0.0 { self.range.0 } else { self.range.1 };
        let start = point[self.index];
        let mut warm = *point;
        let mut root = |value: f64| {
            let found = self.held_at(value, &[warm, *point]);
            let Some((at, fitted)) = found else { return f64::INFINITY };
            warm = at;
            (2.0 * (best.log_likelihood - fitted.log_likelihood) / inflation.factor).max(0.0).sqrt() - critical
        };
        let (mut inside, mut outside) = (start, start);
        let (mut below, mut above) = (-critical, f64::NAN);
        // Outwards, first by as much as a standard error says and then by twice that, until the critical value is passed. On a bound
        // the standard error says nothing of the other side.
        let mut step = inflation.standard_error.max(1e-3) * critical;
        for _ in 0..EVALUATIONS {
            outside = if direction < 0.0 { (inside - step).max(end) } else { (inside + step).min(end) };
            above = root(outside);
            if above >= 0.0 {
                break;
            }
            if outside == end {
                return end;
            }
            (inside, below) = (outside, above);
            step *= 2.0;
        }
        if above.is_nan() || above < 0.0 {
            return outside;
        }
        // Between the two by false position, with the end that stays put drawn in (Illinois).
        let mut last = 0;
        for _ in 0..EVALUATIONS {
            let share = if above.is_finite() { (below / (below - above)).clamp(0.05, 0.95) } else { 0.5 };
            let middle = inside + share * (outside - inside);
            let value = root(middle);
            if value.abs() < CLOSE || (outside - inside).abs() < 1e-9 {
                return middle;
            }
            if value < 0.0 {
                (inside, below) = (middle, value);
                if last < 0 && above.is_finite() {
                    above /= 2.0;
                }
                last = -1;
            } else {
                (outside, above) = (middle, value);
                if last > 0 {
                    below /= 2.0;
                }
                last = 1;
            }
        }
        0.5 * (inside + outside)
    }

    /// The best curve with the coordinate at a value: from these points, and from steeper, flatter and more careless ones.
    fn held_at(&self, value: f64, near: &[Vector4<f64>]) -> Option<(Vector4<f64>, Fitted)> {
        let mut held = self.known;
        held[self.index] = true;
        let search = Search { counts: self.counts, coordinates: self.coordinates, held };
        let mut starts: Vec<Vector4<f64>> = near.to_vec();
        for start in &mut starts {
            start[self.index] = value;
            for (index, most) in [(0, 0.98), (1, super::MOST_LAPSE - 0.01)] {
                // On a bound the gradient says nothing of the way in.
                if !held[index] {
                    start[index] = start[index].clamp(0.005, most);
                }
            }
        }
        let first = starts[0];
        for (lapse, shape) in [(0.02, 0.7_f64), (0.3, 1.5)] {
            let mut start = first;
            if !held[1] {
                start[1] = lapse;
            }
            if !held[3] && self.coordinates != Coordinates::Slope {
                start[3] = shape.ln();
            }
            starts.push(start);
        }
        search.best(starts)
    }
}

/// The test that a coordinate has a value, against any other: the root of the scaled loss, referred to t.
pub(super) fn loss_root(best: &Fitted, restricted: &Fitted, inflation: Inflation) -> f64 {
    (2.0 * (best.log_likelihood - restricted.log_likelihood) / inflation.factor).max(0.0).sqrt()
}

/// A curve in which only some coordinates were free.
pub(super) fn restricted(counts: &DoseCounts, held: [bool; 4], starts: Vec<Vector4<f64>>) -> Option<Fitted> {
    let search = Search { counts, coordinates: Coordinates::Natural, held };
    search.best(starts).map(|(_, fitted)| fitted)
}

/// Smallest and largest ln threshold at which a limit is looked for.
pub(super) fn natural_range(counts: &DoseCounts) -> (f64, f64) {
    let doses = counts.doses();
    ((doses[1] / FURTHEST).ln(), (doses[doses.len() - 1] * FURTHEST).ln())
}

/// How far beyond the doses, as a factor, a limit is looked for.
pub(super) const FURTHEST: f64 = 20.0;

/// Whether the dose moves the share by so little that there is no curve.
pub(super) fn is_flat(curve: &Curve) -> bool {
    curve.span() < 1e-3
}
