//! Plants counted, and held against what was planted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quantity::{Held, Observation, Quantity};
use crate::model::Axis;
use crate::stats::proportion::clopper_pearson;
use crate::stats::special::{binomial_cdf, normal_sf};

/// How many standard errors of the simulation a quantity may lie off before it counts as wrong.
pub const TOLERATED_ERRORS: f64 = 3.0;

/// Level of the interval of a coverage, whatever that of the intervals under test.
const MONTE_CARLO_LEVEL: f64 = 0.95;

/// How one quantity of one planted judge came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlantedQuantity {
    /// The planted judge.
    pub judge: String,
    /// The axis, where it belongs to one.
    pub axis: Option<Axis>,
    /// The field of `evaluation.json`.
    pub quantity: String,
    /// What was planted.
    pub planted: f64,
    /// Mean of what was found; null where it never was defined.
    pub mean: Option<f64>,
    /// Mean difference of what was found and planted.
    pub bias: Option<f64>,
    /// Monte-Carlo standard error of it.
    pub bias_error: Option<f64>,
    /// The largest bias that passes.
    pub bias_allowed: Option<f64>,
    /// Share of the intervals that hold the truth; of a test, share of plants on which it does not reject.
    pub coverage: Option<f64>,
    /// Monte-Carlo standard error of it.
    pub coverage_error: Option<f64>,
    /// Lower limit of the coverage that so many plants leave open: Clopper and Pearson, 95 %.
    pub coverage_lower: Option<f64>,
    /// Upper limit of it.
    pub coverage_upper: Option<f64>,
    /// The least coverage that passes.
    pub coverage_needed: Option<f64>,
    /// Plants in which it had no value, or no interval where it should have one.
    pub undefined: u32,
    /// Whether it passed; null where it never was defined.
    pub passed: Option<bool>,
}

/// Adds up one quantity over its plants.
pub(super) fn check(quantity: &Quantity, observations: &[Observation], level: f64) -> PlantedQuantity {
    let usable: Vec<&Observation> = observations
        .iter()
        .filter(|seen| seen.value.is_some() && (seen.interval.is_some() || !needs_interval(quantity.held)))
        .collect();
    let (bias, coverage) = (bias(quantity, &usable), coverage(quantity.held, &usable));
    let n = usable.len() as f64;
    let needed = coverage.map(|_| needed(quantity.held, level, n));
    let bias_allowed = bias.map(|(_, error)| TOLERATED_ERRORS * error + quantity.allowance);
    let on_target = bias.zip(bias_allowed).is_none_or(|((bias, _), allowed)| bias.abs() <= allowed);
    let covers = coverage.zip(needed).is_none_or(|(coverage, needed)| coverage >= needed);
    let open = coverage.and_then(|coverage| clopper_pearson((coverage * n).round(), n, MONTE_CARLO_LEVEL).ok());
    let mean = |of: fn(&Observation) -> f64| usable.iter().map(|seen| of(seen)).sum::<f64>() / n;
    PlantedQuantity {
        judge: quantity.judge.to_owned(),
        axis: quantity.axis,
        quantity: quantity.name.to_owned(),
        planted: planted(observations),
        mean: (!usable.is_empty()).then(|| mean(|seen| seen.value.unwrap_or(0.0))),
        bias: bias.map(|(bias, _)| bias),
        bias_error: bias.map(|(_, error)| error),
        bias_allowed,
        coverage,
        coverage_error: coverage.map(|coverage| (coverage * (1.0 - coverage) / n).sqrt()),
        coverage_lower: open.map(|limits| limits.lower),
        coverage_upper: open.map(|limits| limits.upper),
        coverage_needed: needed,
        undefined: (observations.len() - usable.len()) as u32,
        passed: (!usable.is_empty()).then_some(on_target && covers),
    }
}

/// What was planted: the same in every plant, but for what each plant would have shown with every verdict, of which the mean is given.
fn planted(observations: &[Observation]) -> f64 {
    let first = observations.first().map_or(0.0, |seen| seen.planted);
    if observations.iter().all(|seen| seen.planted == first) {
        return first;
    }
    observations.iter().map(|seen| seen.planted).sum::<f64>() / observations.len() as f64
}

const fn needs_interval(held: Held) -> bool {
    matches!(held, Held::Interval | Held::Always)
}

/// Mean difference from the truth and its standard error; none of what is no estimate of it, or of a single plant.
fn bias(quantity: &Quantity, usable: &[&Observation]) -> Option<(f64, f64)> {
    let n = usable.len() as f64;
    if !matches!(quantity.held, Held::Interval | Held::Mean) || usable.len() < 2 {
        return None;
    }
    let differences: Vec<f64> = usable.iter().map(|seen| seen.value.unwrap_or(0.0) - seen.planted).collect();
    let mean = differences.iter().sum::<f64>() / n;
    let variance = differences.iter().map(|difference| (difference - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some((mean, (variance / n).sqrt()))
}

fn coverage(held: Held, usable: &[&Observation]) -> Option<f64> {
    if usable.is_empty() || held == Held::Mean {
        return None;
    }
    let holds = |seen: &&&Observation| match held {
        Held::Rejections => seen.value == Some(0.0),
        _ => seen.interval.is_some_and(|limits| limits.lower <= seen.planted && seen.planted <= limits.upper),
    };
    Some(usable.iter().filter(holds).count() as f64 / usable.len() as f64)
}

/// The least coverage that is no less likely under the nominal level than a normal value three standard errors below its mean,
/// by the binomial law, which is skewed with few plants; everything for what always holds.
fn needed(held: Held, level: f64, n: f64) -> f64 {
    if held == Held::Always {
        return 1.0;
    }
    let tail = normal_sf(TOLERATED_ERRORS);
    let least = (0..=n as u32).find(|hits| binomial_cdf(f64::from(*hits), n, level) >= tail);
    f64::from(least.unwrap_or(0)) / n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    fn quantity(held: Held) -> Quantity {
        Quantity { judge: "j", axis: None, name: "q", held, allowance: 0.01 }
    }

    fn seen(held: Held, value: f64, half: Option<f64>) -> Observation {
        let interval = half.map(|half| Interval { lower: value - half, upper: value + half });
        Observation { quantity: quantity(held), planted: 0.5, value: Some(value), interval }
    }

    /// Values 0.4 and 0.6: no bias, standard error sqrt(0.02 / 2) = 0.1; one of the two intervals holds 0.5; of two plants none
    /// would have to: that both miss has the probability 0.05^2 = 0.0025, more than the 0.00135 of three standard errors.
    #[test]
    fn by_hand() {
        let observations = [seen(Held::Interval, 0.4, Some(0.2)), seen(Held::Interval, 0.6, Some(0.05))];
        let found = check(&quantity(Held::Interval), &observations, 0.95);
        assert!(found.bias.unwrap().abs() < 1e-12 && (found.bias_error.unwrap() - 0.1).abs() < 1e-12);
        assert!((found.bias_allowed.unwrap() - 0.31).abs() < 1e-12);
        assert_eq!((found.coverage, found.undefined, found.passed), (Some(0.5), 0, Some(true)));
        assert_eq!(found.coverage_needed, Some(0.0));
        // One of two: P(X >= 1 | p) = 1 - (1 - p)^2 = 0.025 at p = 1 - sqrt(0.975), and as much the other way round.
        let lower = 1.0 - 0.975_f64.sqrt();
        assert!((found.coverage_lower.unwrap() - lower).abs() < 1e-9, "{found:?}");
        assert!((found.coverage_upper.unwrap() - (1.0 - lower)).abs() < 1e-9, "{found:?}");
        // Of 200 at 95 %: P(X <= 179) = 0.00116 and P(X <= 180) = 0.00266.
        assert_eq!(needed(Held::Interval, 0.95, 200.0), 0.9);
    }

    #[test]
    fn a_bias_a_short_interval_and_a_broken_bound_fail() {
        let all = |value: f64, half: Option<f64>, held: Held| {
            let observations: Vec<Observation> =
                (0..100).map(|index| seen(held, value + 1e-4 * f64::from(index % 2), half)).collect();
            check(&quantity(held), &observations, 0.95).passed
        };
        assert_eq!(all(0.5, Some(0.1), Held::Interval), Some(true));
        assert_eq!(all(0.53, Some(0.1), Held::Interval), Some(false), "biased");
        assert_eq!(all(0.505, Some(0.001), Held::Interval), Some(false), "too short");
        assert_eq!(all(0.53, None, Held::Mean), Some(false));
        assert_eq!(all(0.6, Some(0.05), Held::Always), Some(false));
        assert_eq!(all(1.0, None, Held::Rejections), Some(false));
        assert_eq!(all(0.5, None, Held::Interval), None, "no interval at all");
    }

    #[test]
    fn one_broken_bound_in_a_hundred_fails() {
        let mut observations = vec![seen(Held::Always, 0.5, Some(0.1)); 100];
        assert_eq!(check(&quantity(Held::Always), &observations, 0.95).passed, Some(true));
        observations[7] = seen(Held::Always, 0.8, Some(0.1));
        assert_eq!(check(&quantity(Held::Always), &observations, 0.95).passed, Some(false));
    }
}
