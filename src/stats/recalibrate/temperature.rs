//! Temperature scaling: one divisor for all logits.

use crate::Undefined;
use crate::auc::{LabelledScores, ScoreLevel, ScoreLevels};
use crate::logit::expit;

/// A temperature by its inverse, which always exists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Temperature {
    /// 1 / T, the factor of the logits; 0 where they carry no information or point the wrong way.
    pub inverse: f64,
    /// T; above 1 the judge is over-confident. `no_variation` or `incompatible` where the inverse is 0.
    pub temperature: Result<f64, Undefined>,
}

impl Temperature {
    /// The calibrated probability of a logit.
    pub fn apply(&self, logit: f64) -> f64 {
        expit(self.inverse * logit)
    }
}

/// The root is found to this relative precision.
const PRECISION: f64 = 1e-15;

/// Temperature scaling: the T that makes logit / T most likely.
///
/// Corrects boldness alone: it moves no probability across 1/2 and cannot shift a judge that under-calls. Then use
/// [`platt_scaling`](super::platt_scaling).
///
/// **Inputs**: labels, and logits as scores. **Returns**: 1 / T >= 0 and T.
/// **Undefined**: `no_data`; `separation` where every logit has the right sign, so that T goes to 0.
/// **Cost**: O(n) a step, some ten steps. **Source**: Guo et al. (2017); the likelihood is concave in 1 / T
/// and its root is bracketed. Agrees with scipy 1.17.1 `minimize_scalar` to 1e-7.
pub fn temperature_scaling(items: &LabelledScores) -> Result<Temperature, Undefined> {
    temperature_of_levels(&items.levels())
}

/// The same from counts of both classes per distinct logit.
pub(super) fn temperature_of_levels(levels: &ScoreLevels) -> Result<Temperature, Undefined> {
    if levels.rows().is_empty() {
        return Err(Undefined::NoData);
    }
    if levels.rows().iter().all(|level| level.score == 0.0) {
        return Ok(Temperature { inverse: 0.0, temperature: Err(Undefined::NoVariation) });
    }
    if slope(levels, 0.0).0 <= 0.0 {
        return Ok(Temperature { inverse: 0.0, temperature: Err(Undefined::Incompatible) });
    }
    let wrong = |level: &ScoreLevel| {
        (level.positives > 0.0 && level.score < 0.0) || (level.negatives > 0.0 && level.score > 0.0)
    };
    if !levels.rows().iter().any(wrong) {
        return Err(Undefined::Separation);
    }
    let inverse = root(levels);
    Ok(Temperature { inverse, temperature: Ok(1.0 / inverse) })
}

/// First derivative of the log-likelihood in 1 / T, and minus the second.
fn slope(levels: &ScoreLevels, inverse: f64) -> (f64, f64) {
    let (mut first, mut second) = (0.0, 0.0);
    for level in levels.rows() {
        let (logit, n) = (level.score, level.positives + level.negatives);
        let p = expit(inverse * logit);
        first += logit * (level.positives - n * p);
        second += n * logit * logit * p * (1.0 - p);
    }
    (first, second)
}

/// Newton's method inside a shrinking bracket; the slope is positive at 0 and falls for ever.
fn root(levels: &ScoreLevels) -> f64 {
    let (mut lower, mut upper) = (0.0, 1.0);
    while slope(levels, upper).0 > 0.0 {
        lower = upper;
        upper *= 2.0;
    }
    let mut inverse = (lower + upper) / 2.0;
    for _ in 0..200 {
        let (first, second) = slope(levels, inverse);
        if first > 0.0 {
            lower = inverse
        } else {
            upper = inverse
        }
        let newton = inverse + first / second;
        let next = if newton > lower && newton < upper { newton } else { (lower + upper) / 2.0 };
        if (next - inverse).abs() <= PRECISION * next {
            return next;
        }
        inverse = next;
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(labels: &[bool], logits: &[f64]) -> Result<Temperature, Undefined> {
        temperature_scaling(&LabelledScores::new(labels, logits).unwrap())
    }

    /// Logit 2 for four items of which three are positive: expit(2 b) = 3/4, b = ln 3 / 2.
    #[test]
    fn worked_by_hand() {
        let found = of(&[true, true, true, false], &[2.0; 4]).unwrap();
        assert!((found.inverse - 3.0_f64.ln() / 2.0).abs() < 1e-14);
        assert!((found.temperature.unwrap() * found.inverse - 1.0).abs() < 1e-15);
        assert!((found.apply(2.0) - 0.75).abs() < 1e-14);
        // The same shares at a logit of 1e-6 need half a million times the factor.
        let tiny = of(&[true, true, true, false], &[1e-6; 4]).unwrap();
        assert!((tiny.inverse * 1e-6 - 3.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn undefined_with_its_reason() {
        assert_eq!(of(&[], &[]), Err(Undefined::NoData));
        assert_eq!(of(&[true, false], &[1.0, -1.0]), Err(Undefined::Separation));
        let wrong_way = of(&[false, true], &[1.0, -1.0]).unwrap();
        assert_eq!((wrong_way.inverse, wrong_way.temperature), (0.0, Err(Undefined::Incompatible)));
        assert_eq!(of(&[true], &[0.0]).unwrap().temperature, Err(Undefined::NoVariation));
    }
}
