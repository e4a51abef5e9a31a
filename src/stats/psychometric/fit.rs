//! The fitted curve with everything that is read off it.

use super::coordinates::Coordinates;
use super::curve::Curve;
use super::data::DoseCounts;
use super::mixture::Ends;
use super::profile::{Profile, is_flat, loss_root, natural_range};
use super::rise::rise;
use super::robust::{GoodnessOfFit, goodness, inflation};
use super::search::{Course, Fitted, Search, on_bound};
use super::{FEWEST_DOSES, MOST_LAPSE, PROFILE_LIKELIHOOD_T, SHAPES};
use crate::special::t_sf;
use crate::{Estimate, Interval, Undefined};

/// What the flags at each dose say of a judge.
#[derive(Debug, Clone, PartialEq)]
pub struct Psychometric {
    /// Change of the share flagged for one more item, by a straight line.
    pub rise: Estimate,
    /// The curve, or why there is none.
    pub curve: Result<Curve, Undefined>,
    /// Dose at which F is 1/2.
    pub threshold: Estimate,
    /// Slope of F at the threshold, per item.
    pub slope: Estimate,
    /// Shape of the Weibull.
    pub shape: Estimate,
    /// Dose at which half of the responses are flagged.
    pub half_dose: Estimate,
    /// Share flagged at no dose, by the curve.
    pub guess: Estimate,
    /// Share never flagged, by the curve.
    pub lapse: Estimate,
    /// Whether each item is found independently of the others.
    pub independent: IndependentDetection,
    /// Whether the shares lie on the curve.
    pub goodness: Result<GoodnessOfFit, Undefined>,
}

/// The same curve with a shape of 1.
#[derive(Debug, Clone, PartialEq)]
pub struct IndependentDetection {
    /// Probability that one item is found.
    pub per_item: Estimate,
    /// The curve, or why there is none.
    pub curve: Result<Curve, Undefined>,
    /// What was done with the lapse rate.
    pub lapse: LapseRate,
    /// Probability of a shape at least as far from 1, were it 1.
    pub p_value: Result<f64, Undefined>,
}

/// What was done with the lapse rate of the curve with a shape of 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LapseRate {
    /// It was fitted.
    Fitted,
    /// It was taken as 0: there are too few doses to tell it.
    Zero,
}

/// Fits P(flag | k) = g + (1 - g - l) F(k), F a Weibull, to flags by dose, by maximum likelihood over responses.
///
/// Intervals: where twice the loss of the profile log-likelihood, divided by the ratio of the sandwich variance over clusters
/// to the model's (at least 1), is the square of the t quantile with G - 1 degrees of freedom. The lapse rate is sought in
/// [0, [`MOST_LAPSE`]], the shape in [`SHAPES`].
///
/// **Undefined**, all but the rise: `TooFew` (fewer than [`FEWEST_DOSES`] doses, or none at 0), `SingleCluster`, `NoFlags`,
/// `NoVariation` (everything flagged), `NoRise` (the interval of the rise does not lie above 0). Threshold, slope and shape:
/// `Separation` where the doses do not tell the shape (the shares jump from floor to ceiling between two doses); with the lapse
/// rate `BeyondDoses` where the threshold lies above the largest dose. `half_dose`: `BeyondDoses` where the curve
/// has not reached 1/2 at the largest dose, `NoVariation` where it begins above. Intervals: `Infinite` where the likelihood sets no upper limit, `Singular`.
///
/// **Cost**: some 10,000 evaluations of a likelihood of as many terms as doses; O(G) once. **Source**: Wichmann and Hill
/// (2001), Percept Psychophys 63:1293 (threshold, slope, lapse rate); Quick (1974), Kybernetik 16:65 (independent detection);
/// Rao and Scott (1984), Ann Stat 12:46 (scaling). Values and limits agree with scipy 1.17 to 2e-4.
pub fn fit_psychometric(counts: &DoseCounts, level: f64) -> Psychometric {
    let rise = rise(counts, level);
    let lapse = if counts.doses().len() >= FEWEST_DOSES { LapseRate::Fitted } else { LapseRate::Zero };
    let fit = Fit { counts, level, lapse };
    if let Some(reason) = counts.fault().or_else(|| (!rises(&rise)).then_some(Undefined::NoRise)) {
        return fit.undescribed(rise, reason, fit.not_independent(reason));
    }
    let search = Search::new(counts);
    let independent = fit.independent(&search);
    match if lapse == LapseRate::Fitted { fit.best(&search) } else { Err(Undefined::TooFew) } {
        Ok(best) => fit.described(&search, rise, &best, independent),
        Err(reason) => fit.undescribed(rise, reason, independent),
    }
}

/// Whether flags rise with the dose beyond chance. Clusters that are all alike leave no doubt.
fn rises(rise: &Estimate) -> bool {
    match (rise.value, rise.lower, rise.interval_undefined) {
        (Some(_), Some(lower), _) => lower > 0.0,
        (Some(value), None, Some(Undefined::ZeroVariance)) => value > 0.0,
        _ => false,
    }
}

/// A curve that loses no more log-likelihood than this is as good as another.
const AS_GOOD: f64 = 1e-9;

struct Fit<'a> {
    counts: &'a DoseCounts,
    level: f64,
    lapse: LapseRate,
}

/// Where a quantity lies among the coordinates, and the way from there.
struct Quantity {
    coordinates: Coordinates,
    index: usize,
    /// What is known of a curve in which it has a value, beside what was known before.
    held: fn(f64, Ends) -> (Ends, Course),
    range: (f64, f64),
    back: fn(f64) -> f64,
}

impl Fit<'_> {
    fn best(&self, search: &Search<'_>) -> Result<Fitted, Undefined> {
        let found = search.best(Ends::Free, Course::Any).ok_or(Undefined::Singular)?;
        // Where the steepest curve is as good, the doses do not tell the shape: it stands on its bound, and says so.
        let steepest = search.best(Ends::Free, Course::Shape(SHAPES[1].ln()));
        let found =
            steepest.filter(|steepest| steepest.log_likelihood >= found.log_likelihood - AS_GOOD).unwrap_or(found);
        if is_flat(&found.curve) { Err(Undefined::NoRise) } else { Ok(found) }
    }

    fn described(
        &self,
        search: &Search<'_>,
        rise: Estimate,
        best: &Fitted,
        independent: IndependentDetection,
    ) -> Psychometric {
        let curve = best.curve;
        let [_, _, far, steep] = on_bound(self.counts, &curve);
        let doses = self.counts.doses();
        let last = doses[doses.len() - 1];
        let (beyond, unshaped) = (curve.threshold > last, far || steep);
        let of_shape = if beyond {
            Some(Undefined::BeyondDoses)
        } else if unshaped {
            Some(Undefined::Separation)
        } else {
            None
        };
        // A curve that has not reached 1/2 at the last dose may reach it later or never: the doses do not say which.
        let half = curve.half_dose().filter(|dose| *dose <= last);
        let of_half = match half {
            None if curve.guess >= 0.5 => Some(Undefined::NoVariation),
            None => Some(Undefined::BeyondDoses),
            Some(_) => unshaped.then_some(Undefined::Separation),
        };
        let [threshold, slope, shape, half_dose, guess, lapse] = quantities(self.counts);
        let estimate = |value, why, quantity: &Quantity| self.estimate(search, best, value, why, quantity);
        Psychometric {
            rise,
            threshold: estimate(curve.threshold, of_shape, &threshold),
            slope: estimate(curve.slope(), of_shape, &slope),
            shape: estimate(curve.shape, of_shape, &shape),
            half_dose: estimate(half.unwrap_or_default(), of_half, &half_dose),
            guess: estimate(curve.guess, None, &guess),
            lapse: estimate(curve.lapse, beyond.then_some(Undefined::BeyondDoses), &lapse),
            independent: self.tested(independent, best),
            goodness: goodness(self.counts, &curve, best.log_likelihood),
            curve: Ok(curve),
        }
    }

    fn undescribed(&self, rise: Estimate, reason: Undefined, independent: IndependentDetection) -> Psychometric {
        let none = || self.sized(Estimate::undefined(reason, self.level, PROFILE_LIKELIHOOD_T));
        Psychometric {
            rise,
            curve: Err(reason),
            threshold: none(),
            slope: none(),
            shape: none(),
            half_dose: none(),
            guess: none(),
            lapse: none(),
            independent,
            goodness: Err(reason),
        }
    }

    fn sized(&self, mut estimate: Estimate) -> Estimate {
        (estimate.n, estimate.clusters) = (self.counts.sum().total, self.counts.clusters());
        estimate
    }

    fn estimate(
        &self,
        search: &Search<'_>,
        best: &Fitted,
        value: f64,
        undefined: Option<Undefined>,
        quantity: &Quantity,
    ) -> Estimate {
        let estimate = self.sized(Estimate::undefined(Undefined::NoData, self.level, PROFILE_LIKELIHOOD_T));
        if let Some(reason) = undefined {
            return estimate.without_value(reason);
        }
        let limits = self.limits(search, best, quantity, [false; 4], Ends::Free);
        with_limits(Estimate { value: Some(value), undefined: None, ..estimate }, limits)
    }

    /// Limits of a quantity; an end of the range stands for what lies beyond it.
    fn limits(
        &self,
        search: &Search<'_>,
        best: &Fitted,
        quantity: &Quantity,
        fixed: [bool; 4],
        known: Ends,
    ) -> Result<Interval, Undefined> {
        let Quantity { coordinates, index, held, range, back } = *quantity;
        let inflation = inflation(self.counts, coordinates, &best.curve, index, fixed)?;
        let at = coordinates.of(&best.curve).ok_or(Undefined::NoVariation)?[index];
        let found = Profile { search, held, known, range }.limits(best, at, inflation, self.level);
        let is_logarithm = index >= 2;
        if is_logarithm && found.upper >= range.1 {
            return Err(Undefined::Infinite);
        }
        let lower = if is_logarithm && found.lower <= range.0 { 0.0 } else { back(found.lower) };
        Ok(Interval { lower, upper: back(found.upper) })
    }

    fn not_independent(&self, reason: Undefined) -> IndependentDetection {
        IndependentDetection {
            per_item: self.sized(Estimate::undefined(reason, self.level, PROFILE_LIKELIHOOD_T)),
            curve: Err(reason),
            lapse: self.lapse,
            p_value: Err(reason),
        }
    }

    /// The curve with a shape of 1; the lapse rate is fitted where there are doses enough to tell it.
    fn independent(&self, search: &Search<'_>) -> IndependentDetection {
        let known = if self.lapse == LapseRate::Zero { Ends::Lapse(0.0) } else { Ends::Free };
        let Some(best) = search.best(known, Course::Shape(0.0)).filter(|best| !is_flat(&best.curve)) else {
            return self.not_independent(Undefined::NoRise);
        };
        let quantity = Quantity {
            coordinates: Coordinates::Natural,
            index: 2,
            held: |value, ends| (ends, Course::Known(value, 0.0)),
            range: natural_range(self.counts),
            back: f64::exp,
        };
        let fixed = [false, self.lapse == LapseRate::Zero, false, true];
        // The probability falls as the threshold rises: the limits change places.
        let limits = self.limits(search, &best, &quantity, fixed, known).or_else(|reason| match reason {
            Undefined::Infinite => Ok(Interval { lower: 0.0, upper: f64::INFINITY }),
            other => Err(other),
        });
        let of = |threshold: f64| if threshold > 0.0 { Curve::per_item(threshold) } else { 1.0 };
        let limits = limits.map(|found| Interval { lower: of(found.upper), upper: of(found.lower) });
        let estimate = self.sized(Estimate::undefined(Undefined::NoData, self.level, PROFILE_LIKELIHOOD_T));
        let value = Curve::per_item(best.curve.threshold);
        IndependentDetection {
            per_item: with_limits(Estimate { value: Some(value), undefined: None, ..estimate }, limits),
            curve: Ok(best.curve),
            lapse: self.lapse,
            p_value: Err(Undefined::TooFew),
        }
    }

    /// Whether a shape of 1 loses more than chance would have it.
    fn tested(&self, mut independent: IndependentDetection, best: &Fitted) -> IndependentDetection {
        independent.p_value = independent.curve.and_then(|curve| {
            let one = Fitted { curve, log_likelihood: self.counts.log_likelihood(&curve) };
            let inflation = inflation(self.counts, Coordinates::Natural, &best.curve, 3, [false; 4])
                .or_else(|_| inflation(self.counts, Coordinates::Natural, &curve, 3, [false; 4]))?;
            Ok(2.0 * t_sf(loss_root(best, &one, inflation), self.counts.clusters() as f64 - 1.0))
        });
        independent
    }
}

/// Threshold, slope, shape, half dose, guess and lapse.
fn quantities(counts: &DoseCounts) -> [Quantity; 6] {
    use Coordinates::{Half, Natural, Slope};
    let range = natural_range(counts);
    let shapes = (SHAPES[0].ln(), SHAPES[1].ln());
    let slopes = (SHAPES[0].ln() - range.1 - 2.0, SHAPES[1].ln() - range.0 + 2.0);
    let logarithm = |coordinates, index, held, range| Quantity { coordinates, index, held, range, back: f64::exp };
    let share =
        |index, held, most| Quantity { coordinates: Natural, index, held, range: (0.0, most), back: |value| value };
    [
        logarithm(Natural, 2, |value, ends| (ends, Course::Threshold(value)), range),
        logarithm(Slope, 3, |value, ends| (ends, Course::Slope(value)), slopes),
        logarithm(Natural, 3, |value, ends| (ends, Course::Shape(value)), shapes),
        logarithm(Half, 2, |value, _| (Ends::HalfAt(value.exp()), Course::Any), range),
        share(0, |value, _| (Ends::Guess(value), Course::Any), 1.0),
        share(1, |value, _| (Ends::Lapse(value), Course::Any), MOST_LAPSE),
    ]
}

fn with_limits(mut estimate: Estimate, limits: Result<Interval, Undefined>) -> Estimate {
    match limits {
        Ok(Interval { lower, upper }) => (estimate.lower, estimate.upper) = (Some(lower), Some(upper)),
        Err(reason) => estimate.interval_undefined = Some(reason),
    }
    estimate
}
