//! Other coordinates of a curve, in which the quantity of interest is one of the four: what clusters do to its variance is read
//! off there.

use nalgebra::{Matrix4, Vector4};
use std::f64::consts::LN_2;

use super::curve::Curve;
use super::{MOST_LAPSE, SHAPES};

/// What the third and fourth coordinate are; the first two are guess and lapse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coordinates {
    /// ln threshold, ln shape.
    Natural,
    /// ln threshold, ln slope.
    Slope,
    /// ln of the dose at which half are flagged, ln shape.
    Half,
}

/// ln slope = ln shape - ln threshold + this.
pub(super) fn log_of_slope() -> f64 {
    (LN_2 / 2.0).ln()
}

impl Coordinates {
    /// The curve in these coordinates; none where it has no such point.
    pub(super) fn of(self, curve: &Curve) -> Option<Vector4<f64>> {
        let mut point = curve.natural();
        match self {
            Self::Natural => {}
            Self::Slope => point[3] = curve.slope().ln(),
            Self::Half => point[2] = curve.half_dose()?.ln(),
        }
        Some(point)
    }

    /// Guess, lapse, ln threshold and ln shape, with their derivatives in these coordinates; none for a point that is no curve.
    pub(super) fn natural(self, point: &Vector4<f64>) -> Option<(Vector4<f64>, Matrix4<f64>)> {
        let mut natural = *point;
        let mut jacobian = Matrix4::identity();
        match self {
            Self::Natural => {}
            Self::Slope => {
                natural[3] = point[3] + point[2] - log_of_slope();
                jacobian[(3, 2)] = 1.0;
            }
            Self::Half => {
                let (guess, lapse, shape) = (point[0], point[1], point[3].exp());
                let span = 1.0 - guess - lapse;
                let reached = (0.5 - guess) / span;
                if !(reached > 0.0 && reached < 1.0) {
                    return None;
                }
                let halvings = -(1.0 - reached).log2();
                natural[2] = point[2] - halvings.ln() / shape;
                let per_reached = -1.0 / (shape * halvings * (1.0 - reached) * LN_2);
                jacobian[(2, 0)] = per_reached * (lapse - 0.5) / (span * span);
                jacobian[(2, 1)] = per_reached * (0.5 - guess) / (span * span);
                jacobian[(2, 3)] = halvings.ln() / shape;
            }
        }
        is_curve(&natural).then_some((natural, jacobian))
    }
}

/// Whether the shape is within its bounds and the curve does not fall.
fn is_curve(natural: &Vector4<f64>) -> bool {
    /// A little beyond the bounds: a point that lies on one in other coordinates may miss it by rounding.
    const SLACK: f64 = 1e-9;
    let shape = natural[3].exp();
    natural.iter().all(|value| value.is_finite())
        && (-SLACK..1.0).contains(&natural[0])
        && (-SLACK..=MOST_LAPSE + SLACK).contains(&natural[1])
        && 1.0 - natural[0] - natural[1] > SLACK
        && (SHAPES[0] * (1.0 - SLACK)..=SHAPES[1] * (1.0 + SLACK)).contains(&shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_with_derivatives() {
        let curve = Curve { guess: 0.1, lapse: 0.15, threshold: 2.5, shape: 1.4 };
        for coordinates in [Coordinates::Natural, Coordinates::Slope, Coordinates::Half] {
            let point = coordinates.of(&curve).unwrap();
            let (natural, jacobian) = coordinates.natural(&point).unwrap();
            assert!((natural - curve.natural()).amax() < 1e-14);
            for index in 0..4 {
                let moved = |by: f64| {
                    let mut other = point;
                    other[index] += by;
                    coordinates.natural(&other).unwrap().0
                };
                let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!((difference - jacobian.column(index)).amax() < 1e-8, "{coordinates:?} {index}");
            }
        }
    }

    #[test]
    fn what_is_no_curve_is_none() {
        let point = |guess, lapse, shape: f64| Vector4::new(guess, lapse, 0.0, shape.ln());
        assert!(Coordinates::Half.natural(&point(0.6, 0.1, 1.0)).is_none());
        assert!(Coordinates::Natural.natural(&point(0.6, 0.4, 1.0)).is_none());
        assert!(Coordinates::Natural.natural(&point(0.1, 0.1, 100.0)).is_none());
        assert!(Coordinates::Natural.natural(&point(0.1, 0.1, 1.0)).is_some());
    }
}
