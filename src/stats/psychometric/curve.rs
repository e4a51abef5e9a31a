//! The psychometric function itself: a Weibull curve between the share flagged at no dose and a ceiling.

use nalgebra::Vector4;
use std::f64::consts::LN_2;

/// P(flag | k) = guess + (1 - guess - lapse) F(k), with the Weibull F(k) = 1 - 2^(-(k / threshold)^shape).
///
/// F is 1/2 at the threshold. A shape of 1 is independent detection: each item is found with the same probability, and the
/// response is flagged where one is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Share flagged at dose 0, in [0, 1).
    pub guess: f64,
    /// Share never flagged, whatever the dose, in [0, [`MOST_LAPSE`](super::MOST_LAPSE)].
    pub lapse: f64,
    /// Dose at which F is 1/2, above 0.
    pub threshold: f64,
    /// Shape of the Weibull, above 0.
    pub shape: f64,
}

impl Curve {
    /// Share flagged at a dose.
    pub fn probability(&self, dose: f64) -> f64 {
        self.at(dose).flagged
    }

    /// Slope of F at the threshold, per unit of dose: shape ln 2 / (2 threshold).
    pub fn slope(&self) -> f64 {
        self.shape * LN_2 / (2.0 * self.threshold)
    }

    /// The dose at which the share flagged is 1/2; none where the curve does not cross it.
    pub fn half_dose(&self) -> Option<f64> {
        let reached = (0.5 - self.guess) / (1.0 - self.guess - self.lapse);
        let halvings = -(1.0 - reached).log2();
        (reached > 0.0 && reached < 1.0).then(|| self.threshold * halvings.powf(1.0 / self.shape))
    }

    /// Probability that one item is found, where the shape is 1: F(1).
    pub(super) fn per_item(threshold: f64) -> f64 {
        -(-LN_2 / threshold).exp_m1()
    }

    /// Share above the guess that the curve can still win.
    pub(super) fn span(&self) -> f64 {
        1.0 - self.guess - self.lapse
    }

    /// From guess, lapse, ln threshold and ln shape.
    pub(super) fn from_natural(natural: &Vector4<f64>) -> Self {
        Self { guess: natural[0], lapse: natural[1], threshold: natural[2].exp(), shape: natural[3].exp() }
    }

    /// Guess, lapse, ln threshold and ln shape.
    pub(super) fn natural(&self) -> Vector4<f64> {
        Vector4::new(self.guess, self.lapse, self.threshold.ln(), self.shape.ln())
    }

    /// Both probabilities at a dose, neither by subtraction, and the derivatives of the first.
    pub(super) fn at(&self, dose: f64) -> At {
        let span = self.span();
        if dose <= 0.0 {
            return At { flagged: self.guess, passed: self.lapse + span, gradient: [1.0, 0.0, 0.0, 0.0] };
        }
        let log_ratio = (dose / self.threshold).ln();
        let power = (self.shape * log_ratio).exp();
        let unseen = (-LN_2 * power).exp();
        let seen = -(-LN_2 * power).exp_m1();
        // Of a power beyond all bounds nothing is unseen, and nothing changes.
        let change = if unseen > 0.0 { span * LN_2 * unseen * power * self.shape } else { 0.0 };
        At {
            flagged: self.guess + span * seen,
            passed: self.lapse + span * unseen,
            gradient: [unseen, -seen, -change, change * log_ratio],
        }
    }
}

/// The curve at one dose.
pub(super) struct At {
    /// Probability of a flag.
    pub(super) flagged: f64,
    /// Probability of none.
    pub(super) passed: f64,
    /// Derivatives of the first in guess, lapse, ln threshold and ln shape.
    pub(super) gradient: [f64; 4],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halfway_at_the_threshold() {
        let curve = Curve { guess: 0.1, lapse: 0.2, threshold: 2.0, shape: 1.7 };
        // 0.1 + 0.7/2, and 0.1 + 0.7 f = 1/2 at f = 4/7.
        assert!((curve.probability(2.0) - 0.45).abs() < 1e-15 && curve.probability(0.0) == 0.1);
        assert!((curve.probability(curve.half_dose().unwrap()) - 0.5).abs() < 1e-14);
        assert_eq!(Curve { guess: 0.6, ..curve }.half_dose(), None);
        assert_eq!(Curve { lapse: 0.5, ..curve }.half_dose(), None);
        // Slope of F by differences.
        let of = |dose: f64| (curve.probability(dose) - 0.1) / 0.7;
        assert!((curve.slope() - (of(2.0 + 1e-6) - of(2.0 - 1e-6)) / 2e-6).abs() < 1e-8);
    }

    /// Each item found with probability 0.3: 1 - 0.7^k, a threshold of ln 2 / -ln 0.7.
    #[test]
    fn a_shape_of_one_is_independent_detection() {
        let threshold = LN_2 / -(0.7_f64.ln());
        let curve = Curve { guess: 0.0, lapse: 0.0, threshold, shape: 1.0 };
        for dose in 0..6 {
            assert!((curve.probability(f64::from(dose)) - (1.0 - 0.7_f64.powi(dose))).abs() < 1e-14);
        }
        assert!((Curve::per_item(threshold) - 0.3).abs() < 1e-15);
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        let natural = Vector4::new(0.07, 0.12, 0.9, 0.35);
        for dose in [0.0, 0.5, 1.0, 3.0, 6.0] {
            let at = Curve::from_natural(&natural).at(dose);
            assert!((at.flagged + at.passed - 1.0).abs() < 1e-15);
            for index in 0..4 {
                let moved = |by: f64| {
                    let mut other = natural;
                    other[index] += by;
                    Curve::from_natural(&other).probability(dose)
                };
                let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!((difference - at.gradient[index]).abs() < 1e-8, "{dose} {index}");
            }
        }
        let far = Curve::from_natural(&Vector4::new(0.0, 0.0, -3.0, 2.3)).at(40.0);
        assert!(far.gradient.iter().all(|value| value.is_finite()) && far.passed == 0.0);
    }
}
