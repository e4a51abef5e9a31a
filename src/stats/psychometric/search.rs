//! The curve of highest likelihood within the bounds, with parts of it known.
//!
//! Over guess and lapse the likelihood is concave ([`super::mixture`]). What is left are threshold and shape: a table of both shows
//! the hills, and the highest of them are climbed. Where it begins has no part in the result.

use super::coordinates::log_of_slope;
use super::curve::Curve;
use super::data::DoseCounts;
use super::maximum::{Highest, highest};
use super::mixture::{Ends, Weibull};
use super::{MOST_LAPSE, SHAPES};

/// Largest distance of two thresholds of the table, in logarithms, among the doses and beyond them.
const FINE: f64 = 0.25;
const ROUGH: f64 = 1.0;
/// Shapes that are tried at a threshold; the table has every second one.
const SHAPES_TRIED: usize = 9;
/// How near the end of a range a best shape lies on it.
const EDGE: f64 = 1e-5;
/// How far thresholds are looked for beyond the doses, as a factor.
const REACH: f64 = 50.0;

/// A fitted curve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fitted {
    pub(super) curve: Curve,
    pub(super) log_likelihood: f64,
}

/// What is known of the Weibull, in logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Course {
    /// Nothing.
    Any,
    /// The threshold.
    Threshold(f64),
    /// The shape.
    Shape(f64),
    /// The slope of F at the threshold.
    Slope(f64),
    /// Threshold and shape.
    Known(f64, f64),
}

/// The counts with the table.
#[derive(Debug)]
pub(super) struct Search<'a> {
    counts: &'a DoseCounts,
    thresholds: Vec<f64>,
    shapes: Vec<f64>,
    /// One row a threshold.
    table: Vec<Vec<Weibull>>,
}

impl<'a> Search<'a> {
    /// Of counts of which a curve can be fitted: two doses or more.
    pub(super) fn new(counts: &'a DoseCounts) -> Self {
        let doses = counts.doses();
        let ends = threshold_bounds(counts);
        let inner = ((doses[1] / 2.0).ln(), (doses[doses.len() - 1] * 1.5).ln());
        let points =
            |(from, to): (f64, f64), distance: f64| spread(from, to, 1 + ((to - from) / distance).ceil() as usize);
        let mut thresholds = points((ends.0, inner.0), ROUGH);
        thresholds.extend(&points(inner, FINE)[1..]);
        thresholds.extend(&points((inner.1, ends.1), ROUGH)[1..]);
        let shapes = spread(SHAPES[0].ln(), SHAPES[1].ln(), SHAPES_TRIED);
        let table = thresholds.iter().map(|threshold| row(counts, *threshold, &shapes)).collect();
        Self { counts, thresholds, shapes, table }
    }

    pub(super) fn counts(&self) -> &'a DoseCounts {
        self.counts
    }

    /// The best curve with these parts known; none where there is no such curve or it cannot give what was observed.
    pub(super) fn best(&self, ends: Ends, course: Course) -> Option<Fitted> {
        let (threshold, shape) = match course {
            Course::Known(threshold, shape) => (threshold, shape),
            Course::Threshold(threshold) => {
                (threshold, self.along(self.shapes.clone(), |shape| self.value(ends, threshold, shape))?)
            }
            Course::Shape(shape) => {
                (self.along(self.thresholds.clone(), |threshold| self.value(ends, threshold, shape))?, shape)
            }
            Course::Slope(slope) => {
                let threshold = |shape: f64| shape - slope + log_of_slope();
                let shape = self.along(self.shapes_with(slope), |shape| self.value(ends, threshold(shape), shape))?;
                (threshold(shape), shape)
            }
            Course::Any => self.anywhere(ends),
        };
        let found = Weibull::new(self.counts, threshold, shape).mixture(self.counts, ends);
        let curve = Curve { guess: found.guess, lapse: found.lapse, threshold: threshold.exp(), shape: shape.exp() };
        let log_likelihood = found.log_likelihood;
        log_likelihood.is_finite().then_some(Fitted { curve, log_likelihood })
    }

    fn value(&self, ends: Ends, threshold: f64, shape: f64) -> f64 {
        Weibull::new(self.counts, threshold, shape).mixture(self.counts, ends).log_likelihood
    }

    /// The best place among rising knots and between them; none where there are none.
    fn along(&self, knots: Vec<f64>, value: impl Fn(f64) -> f64) -> Option<f64> {
        let sketch: Vec<f64> = knots.iter().map(|at| value(*at)).collect();
        (!knots.is_empty()).then(|| highest(&knots, &sketch, None, value).at)
    }

    /// Shapes at which a slope has its threshold within the bounds, those of the table and of its thresholds.
    fn shapes_with(&self, slope: f64) -> Vec<f64> {
        let of = |threshold: f64| threshold + slope - log_of_slope();
        let (first, last) = (self.shapes[0], self.shapes[self.shapes.len() - 1]);
        let (low, high) = threshold_bounds(self.counts);
        let (low, high) = (first.max(of(low)), last.min(of(high)));
        let knots = self.shapes.iter().copied().chain(self.thresholds.iter().map(|threshold| of(*threshold)));
        let mut knots: Vec<f64> = knots.chain([low, high]).filter(|shape| (low..=high).contains(shape)).collect();
        knots.sort_by(f64::total_cmp);
        knots.dedup();
        knots
    }

    /// Threshold and shape of the best curve.
    fn anywhere(&self, ends: Ends) -> (f64, f64) {
        let mut knots = self.thresholds.clone();
        let mut sketch: Vec<(usize, f64)> = self.table.iter().map(|row| self.best_of(ends, row)).collect();
        // At a threshold of the dose that is held, guess and lapse leave one bound for another.
        let kink = match ends {
            Ends::HalfAt(dose) => {
                let own = dose.ln();
                let place = knots.partition_point(|knot| *knot < own);
                knots.insert(place, own);
                sketch.insert(place, self.best_of(ends, &row(self.counts, own, &self.shapes)));
                Some(place)
            }
            _ => None,
        };
        let shape_at = |threshold: f64| {
            let right = knots.partition_point(|knot| *knot < threshold).min(knots.len() - 1);
            let (one, other) = (sketch[right.saturating_sub(1)].0, sketch[right].0);
            self.shape_near(one.min(other), one.max(other), |shape| self.value(ends, threshold, shape))
        };
        let values: Vec<f64> = sketch.iter().map(|(_, value)| *value).collect();
        let threshold = highest(&knots, &values, kink, |threshold| shape_at(threshold).value).at;
        (threshold, shape_at(threshold).at)
    }

    /// The best shape, looked for between two entries of a row and a step beyond, and everywhere where that is too narrow.
    fn shape_near(&self, first: usize, last: usize, value: impl Fn(f64) -> f64) -> Highest {
        let (from, to) = ((2 * first).saturating_sub(1), (2 * last + 2).min(self.shapes.len()));
        let found = |shapes: &[f64]| {
            let sketch: Vec<f64> = shapes.iter().map(|shape| value(*shape)).collect();
            highest(shapes, &sketch, None, &value)
        };
        let near = found(&self.shapes[from..to]);
        let leaves = (from > 0 && near.at <= self.shapes[from] + EDGE)
            || (to < self.shapes.len() && near.at >= self.shapes[to - 1] - EDGE);
        if leaves { found(&self.shapes) } else { near }
    }

    /// The best entry of a row, and the log-likelihood there.
    fn best_of(&self, ends: Ends, row: &[Weibull]) -> (usize, f64) {
        let values = row.iter().map(|weibull| weibull.mixture(self.counts, ends).log_likelihood).enumerate();
        values.fold((0, f64::NEG_INFINITY), |best, found| if found.1 > best.1 { found } else { best })
    }
}

/// A row of the table: every second shape.
fn row(counts: &DoseCounts, threshold: f64, shapes: &[f64]) -> Vec<Weibull> {
    shapes.iter().step_by(2).map(|shape| Weibull::new(counts, threshold, *shape)).collect()
}

/// Points from one value to another, both among them.
fn spread(from: f64, to: f64, points: usize) -> Vec<f64> {
    let last = (points - 1) as f64;
    (0..points).map(|point| from + (to - from) * point as f64 / last).collect()
}

/// Smallest and largest ln threshold that is looked at.
fn threshold_bounds(counts: &DoseCounts) -> (f64, f64) {
    let doses = counts.doses();
    ((doses[1] / REACH).ln(), (doses[doses.len() - 1] * REACH).ln())
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
    use crate::arbitrary::Arbitrary;
    use crate::proportion::ClusterCount;

    /// Flags of a judge that passes much of whatever it is shown: likelihoods that are flat along a ridge.
    fn counts(random: &mut Arbitrary) -> DoseCounts {
        let (per_item, guess, lapse) = (0.05 + 0.9 * random.unit(), 0.4 * random.unit(), 0.6 * random.unit());
        let clusters = 6 + random.below(30);
        let flag = |dose: i32, random: &mut Arbitrary| {
            let seen = 1.0 - (1.0 - per_item).powi(dose);
            ClusterCount::new(f64::from(u8::from(random.coin(guess + (1.0 - guess - lapse).max(0.0) * seen))), 1.0)
        };
        let row = |random: &mut Arbitrary| (0..6).map(|dose| flag(dose, random)).collect::<Vec<_>>();
        let rows: Vec<Vec<ClusterCount>> = (0..clusters).map(|_| row(random)).collect();
        DoseCounts::new(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], &rows).unwrap()
    }

    /// No curve that keeps to what is known has a higher likelihood, wherever it is looked for.
    #[test]
    fn nothing_beats_the_best() {
        let mut random = Arbitrary::new(31);
        let mut compared = 0;
        for _ in 0..12 {
            let counts = counts(&mut random);
            let search = Search::new(&counts);
            let dose = 0.3 + 8.0 * random.unit();
            let (guess, lapse) = (0.4 * random.unit(), 0.5 * random.unit());
            let slope = Curve { guess: 0.0, lapse: 0.0, threshold: dose, shape: 1.5 }.slope();
            let held: [(Ends, Course); 7] = [
                (Ends::Free, Course::Any),
                (Ends::HalfAt(dose), Course::Any),
                (Ends::Guess(guess), Course::Any),
                (Ends::Lapse(lapse), Course::Any),
                (Ends::Free, Course::Threshold(dose.ln())),
                (Ends::Free, Course::Shape(0.7)),
                (Ends::Free, Course::Slope(slope.ln())),
            ];
            for (ends, course) in held {
                let Some(best) = search.best(ends, course) else { continue };
                assert!((counts.log_likelihood(&best.curve) - best.log_likelihood).abs() < 1e-7, "{best:?}");
                for _ in 0..4_000 {
                    if let Some(other) = any_curve(&mut random, &best.curve, ends, course) {
                        let value = counts.log_likelihood(&other);
                        assert!(value <= best.log_likelihood + 1e-9, "{ends:?} {course:?} {value} {other:?} {best:?}");
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 100_000, "{compared}");
    }

    /// A curve that keeps to what is known: half of them anywhere, half near another.
    fn any_curve(random: &mut Arbitrary, near: &Curve, ends: Ends, course: Course) -> Option<Curve> {
        let anywhere = random.coin(0.5);
        let spread = 10.0_f64.powf(-4.0 * random.unit());
        let mut about = |value: f64, low: f64, high: f64| {
            let moved =
                if anywhere { low + (high - low) * random.unit() } else { value + spread * (random.unit() - 0.5) };
            moved.clamp(low, high)
        };
        let (guess, lapse) = (about(near.guess, 0.0, 1.0), about(near.lapse, 0.0, MOST_LAPSE));
        let threshold = about(near.threshold.ln(), (1.0 / REACH).ln(), (5.0 * REACH).ln());
        let shape = about(near.shape.ln(), SHAPES[0].ln(), SHAPES[1].ln());
        let (threshold, shape) = match course {
            Course::Any => (threshold, shape),
            Course::Threshold(threshold) => (threshold, shape),
            Course::Shape(shape) => (threshold, shape),
            Course::Slope(slope) => (shape - slope + log_of_slope(), shape),
            Course::Known(threshold, shape) => (threshold, shape),
        };
        let mut curve = Curve { guess, lapse, threshold: threshold.exp(), shape: shape.exp() };
        match ends {
            Ends::Free => {}
            Ends::Guess(guess) => curve.guess = guess,
            Ends::Lapse(lapse) => curve.lapse = lapse,
            // P = g (1 - F) + (1 - l) F = 1/2, solved for the lapse.
            Ends::HalfAt(dose) => {
                let seen = Curve { guess: 0.0, lapse: 0.0, ..curve }.probability(dose);
                curve.lapse = 1.0 - (0.5 - guess * (1.0 - seen)) / seen;
            }
        }
        let bounded =
            (1.0 / REACH..=5.0 * REACH).contains(&curve.threshold) && (0.0..=MOST_LAPSE).contains(&curve.lapse);
        (bounded && curve.span() >= 0.0).then_some(curve)
    }
}
