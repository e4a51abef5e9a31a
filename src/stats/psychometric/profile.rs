//! Limits of one quantity from the profile of the likelihood, scaled for clusters.

use super::DoseCounts;
use super::curve::Curve;
use super::mixture::Ends;
use super::robust::Inflation;
use super::search::{Course, Fitted, Search};
use crate::Interval;
use crate::special::t_critical;

/// A quantity whose limits are sought.
pub(super) struct Profile<'a> {
    pub(super) search: &'a Search<'a>,
    /// What is known of a curve where the quantity has a value.
    pub(super) held: fn(f64, Ends) -> (Ends, Course),
    /// What is known of guess and lapse beside it.
    pub(super) known: Ends,
    /// Range beyond which a limit is not looked for.
    pub(super) range: (f64, f64),
}

/// Evaluations that a limit may take on either side; most take ten.
const EVALUATIONS: usize = 60;
/// A limit is told to within this, on the scale of the quantity.
const CLOSE: f64 = 1e-6;

impl Profile<'_> {
    /// Both limits on the scale of the quantity: where twice the loss of log-likelihood, divided by the inflation, is the square of
    /// the t quantile. A limit that is not reached within the range is its end.
    pub(super) fn limits(&self, best: &Fitted, at: f64, inflation: Inflation, level: f64) -> Interval {
        let critical = t_critical(level, self.search.counts().clusters() as f64 - 1.0);
        // The root of the scaled loss, less the critical value: nearly straight on either side.
        let root = |value: f64| {
            let (ends, course) = (self.held)(value, self.known);
            match self.search.best(ends, course) {
                Some(found) => loss_root(best, &found, inflation) - critical,
                None => f64::INFINITY,
            }
        };
        // A standard error says how far to look first. On a bound it says nothing of the other side.
        let step = inflation.standard_error.max(1e-3) * critical;
        let lower = self.limit(at, -step, self.range.0, critical, &root);
        Interval { lower, upper: self.limit(at, step, self.range.1, critical, &root) }
    }

    /// The limit on one side: outwards by a step, and then by twice that, until the critical value is passed.
    fn limit(&self, start: f64, mut step: f64, end: f64, critical: f64, root: &impl Fn(f64) -> f64) -> f64 {
        let (mut inside, mut below) = (start, -critical);
        for _ in 0..EVALUATIONS {
            let outside = if step < 0.0 { (inside + step).max(end) } else { (inside + step).min(end) };
            let above = root(outside);
            if above >= 0.0 {
                return crossing((inside, below), (outside, above), root);
            }
            if outside == end {
                break;
            }
            (inside, below) = (outside, above);
            step *= 2.0;
        }
        end
    }
}

/// Where the root crosses zero between two points: false position, with the end that stays put drawn in (Illinois).
fn crossing(mut inside: (f64, f64), mut outside: (f64, f64), root: &impl Fn(f64) -> f64) -> f64 {
    let mut last = 0;
    for _ in 0..EVALUATIONS {
        let (width, height) = (outside.0 - inside.0, outside.1 - inside.1);
        let share = if height.is_finite() { (-inside.1 / height).clamp(0.01, 0.99) } else { 0.5 };
        let middle = inside.0 + share * width;
        let value = root(middle);
        // By what the middle misses the crossing, if the root were straight.
        if (value * width / height).abs() < CLOSE && height.is_finite() || width.abs() < CLOSE {
            return middle;
        }
        if value < 0.0 {
            inside = (middle, value);
            if last < 0 && outside.1.is_finite() {
                outside.1 /= 2.0;
            }
            last = -1;
        } else {
            outside = (middle, value);
            if last > 0 {
                inside.1 /= 2.0;
            }
            last = 1;
        }
    }
    0.5 * (inside.0 + outside.0)
}

/// The test that a quantity has a value, against any other: the root of the scaled loss, referred to t.
pub(super) fn loss_root(best: &Fitted, restricted: &Fitted, inflation: Inflation) -> f64 {
    (2.0 * (best.log_likelihood - restricted.log_likelihood) / inflation.factor).max(0.0).sqrt()
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
