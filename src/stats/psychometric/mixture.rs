//! Guess and lapse of highest likelihood for a given Weibull.
//!
//! Given F, the share flagged is linear in both: P = g (1 - F) + (1 - l) F. The likelihood is then concave in them, so that its
//! highest point is found for certain, on a bound or off it.

use std::f64::consts::LN_2;

use super::MOST_LAPSE;
use super::data::DoseCounts;
use crate::proportion::ClusterCount;

/// Steps of an ascent; most take five.
const STEPS: usize = 100;
/// An ascent ends where the next step promises less than this in log-likelihood.
const PROMISE: f64 = 1e-14;

/// What is known of guess and lapse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ends {
    /// Nothing.
    Free,
    /// The guess rate.
    Guess(f64),
    /// The lapse rate.
    Lapse(f64),
    /// That the share flagged at this dose is 1/2.
    HalfAt(f64),
}

/// F at each dose of a table of counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weibull {
    pub(super) log_threshold: f64,
    pub(super) log_shape: f64,
    /// F and 1 - F, neither by subtraction.
    shares: Vec<[f64; 2]>,
}

/// The best guess and lapse, and the log-likelihood there (minus infinity where what happened cannot).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mixture {
    pub(super) guess: f64,
    pub(super) lapse: f64,
    pub(super) log_likelihood: f64,
}

/// F and 1 - F at a dose.
fn seen(dose: f64, log_threshold: f64, shape: f64) -> [f64; 2] {
    if dose <= 0.0 {
        return [0.0, 1.0];
    }
    let halvings = (shape * (dose.ln() - log_threshold)).exp();
    [-(-LN_2 * halvings).exp_m1(), (-LN_2 * halvings).exp()]
}

impl Weibull {
    pub(super) fn new(counts: &DoseCounts, log_threshold: f64, log_shape: f64) -> Self {
        let shape = log_shape.exp();
        let shares = counts.doses().iter().map(|dose| seen(*dose, log_threshold, shape)).collect();
        Self { log_threshold, log_shape, shares }
    }

    /// The best guess and lapse.
    pub(super) fn mixture(&self, counts: &DoseCounts, ends: Ends) -> Mixture {
        match ends {
            Ends::Free => self.free(counts),
            Ends::Guess(guess) => self.between(counts, [guess, 0.0], [guess, MOST_LAPSE.min(1.0 - guess)]),
            Ends::Lapse(lapse) => self.between(counts, [0.0, lapse], [1.0 - lapse, lapse]),
            Ends::HalfAt(dose) => {
                // Where g (1 - F) + (1 - l) F = 1/2: from a bound of guess or lapse to the curve that is 1/2 throughout.
                let [seen, unseen] = seen(dose, self.log_threshold, self.log_shape.exp());
                let start = if seen < 0.5 { [(0.5 - seen) / unseen, 0.0] } else { [0.0, 1.0 - 0.5 / seen] };
                self.between(counts, start, [0.5, 0.5])
            }
        }
    }

    /// Shares flagged and passed at a dose.
    fn shares([seen, unseen]: [f64; 2], [guess, lapse]: [f64; 2]) -> [f64; 2] {
        [guess * unseen + (1.0 - lapse) * seen, (1.0 - guess) * unseen + lapse * seen]
    }

    fn at(&self, counts: &DoseCounts, ends: [f64; 2]) -> Mixture {
        let term = |weight: f64, share: f64| if weight > 0.0 { weight * share.ln() } else { 0.0 };
        let of_dose = |(own, count): (&[f64; 2], &ClusterCount)| {
            let [flagged, passed] = Self::shares(*own, ends);
            term(count.hits, flagged) + term(count.total - count.hits, passed)
        };
        let log_likelihood = self.shares.iter().zip(counts.totals()).map(of_dose).sum();
        Mixture { guess: ends[0], lapse: ends[1], log_likelihood }
    }

    /// The best point between two: the root of a falling derivative, by Newton's steps within a bracket.
    fn between(&self, counts: &DoseCounts, from: [f64; 2], to: [f64; 2]) -> Mixture {
        let point = |part: f64| [0, 1].map(|index| (1.0 - part) * from[index] + part * to[index]);
        let change = |[seen, unseen]: [f64; 2]| (to[0] - from[0]) * unseen - (to[1] - from[1]) * seen;
        let derivatives = |part: f64| {
            let (mut first, mut second) = (0.0, 0.0);
            for (own, count) in self.shares.iter().zip(counts.totals()) {
                let (rise, [flagged, passed]) = (change(*own), Self::shares(*own, point(part)));
                let (hits, misses) = (count.hits, count.total - count.hits);
                // A share that does not change has no part in it, be it 0 or 1.
                if rise != 0.0 && hits > 0.0 {
                    first += hits * rise / flagged;
                    second -= hits * (rise / flagged).powi(2);
                }
                if rise != 0.0 && misses > 0.0 {
                    first -= misses * rise / passed;
                    second -= misses * (rise / passed).powi(2);
                }
            }
            (first, second)
        };
        if derivatives(0.0).0 <= 0.0 {
            return self.at(counts, from);
        }
        if derivatives(1.0).0 >= 0.0 {
            return self.at(counts, to);
        }
        let (mut low, mut high, mut part) = (0.0, 1.0, 0.5);
        for _ in 0..STEPS {
            let (first, second) = derivatives(part);
            if first * first <= -second * PROMISE {
                break;
            }
            if first > 0.0 {
                low = part
            } else {
                high = part
            }
            let next = part - first / second;
            part = if next > low && next < high { next } else { 0.5 * (low + high) };
        }
        self.at(counts, point(part))
    }

    /// The best guess in [0, 1] and lapse in [0, [`MOST_LAPSE`]] of a curve that does not fall: Newton's steps on those of both
    /// that may move, shortened until the likelihood rises.
    fn free(&self, counts: &DoseCounts) -> Mixture {
        let none = counts.totals()[0];
        let mut best = self.at(counts, [(none.hits + 0.5) / (none.total + 1.0), 0.1]);
        for _ in 0..STEPS {
            let (step, promise) = self.step(counts, &best);
            if promise < PROMISE {
                break;
            }
            let next = |length: f64| {
                let guess = (best.guess + length * step[0]).clamp(0.0, 1.0);
                self.at(counts, [guess, (best.lapse + length * step[1]).clamp(0.0, MOST_LAPSE)])
            };
            let lengths = std::iter::successors(Some(1.0), |length| Some(0.5 * length)).take(40);
            match lengths.map(next).find(|next| next.log_likelihood > best.log_likelihood) {
                Some(better) => best = better,
                None => break,
            }
        }
        if best.guess + best.lapse <= 1.0 {
            return best;
        }
        // The best of all falls: the best that does not is flat.
        let sum = counts.sum();
        let share = (sum.hits / sum.total).clamp(1.0 - MOST_LAPSE, 1.0);
        self.at(counts, [share, 1.0 - share])
    }

    /// Newton's step over what may move, and what it promises.
    fn step(&self, counts: &DoseCounts, at: &Mixture) -> ([f64; 2], f64) {
        let (mut gradient, mut information) = ([0.0; 2], [[0.0; 2]; 2]);
        for (own, count) in self.shares.iter().zip(counts.totals()) {
            let [flagged, passed] = Self::shares(*own, [at.guess, at.lapse]);
            let slopes = [own[1], -own[0]];
            for (weight, sign, share) in [(count.hits, 1.0, flagged), (count.total - count.hits, -1.0, passed)] {
                if weight <= 0.0 {
                    continue;
                }
                for row in 0..2 {
                    gradient[row] += sign * weight * slopes[row] / share;
                    for column in 0..2 {
                        information[row][column] += weight * (slopes[row] / share) * (slopes[column] / share);
                    }
                }
            }
        }
        let held = |index: usize, value: f64, most: f64| {
            (value <= 0.0 && gradient[index] <= 0.0) || (value >= most && gradient[index] >= 0.0)
        };
        let held = [held(0, at.guess, 1.0), held(1, at.lapse, MOST_LAPSE)];
        let alone = |index: usize| gradient[index] / (information[index][index] + f64::MIN_POSITIVE);
        let determinant = information[0][0] * information[1][1] - information[0][1] * information[1][0];
        let step = match held {
            [true, true] => [0.0, 0.0],
            [true, false] => [0.0, alone(1)],
            [false, true] => [alone(0), 0.0],
            // Where F says nothing of one of them it stays where it is.
            [false, false] if determinant <= 1e-14 * information[0][0] * information[1][1] => [alone(0), alone(1)],
            [false, false] => [
                (gradient[0] * information[1][1] - gradient[1] * information[0][1]) / determinant,
                (gradient[1] * information[0][0] - gradient[0] * information[1][0]) / determinant,
            ],
        };
        (step, step[0] * gradient[0] + step[1] * gradient[1])
    }
}
