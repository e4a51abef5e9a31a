//! Sample sizes and detectable differences of proportions.

use crate::input::{Confidence, InputError, all_counts, all_finite, all_probabilities, open_unit};
use crate::special::normal_quantile;

/// A two-sided test and the probability with which it has to find the difference, as their normal deviates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    significance: f64,
    detection: f64,
}

impl Power {
    /// A test of the given confidence (0.95) that finds the difference with the given probability (0.8).
    ///
    /// **Errors**: the probability is not strictly between 0 and 1.
    pub fn new(confidence: Confidence, detection: f64) -> Result<Self, InputError> {
        open_unit("power", detection)?;
        Ok(Self { significance: confidence.normal(), detection: normal_quantile(detection) })
    }
}

/// Positives needed in each of two independent arms to tell two recalls apart.
///
/// Independent items; multiply by [`design_effect`] for clusters (see [`examples_to_collect`]). The omission-commission
/// gap with arms of different size: [`minimum_detectable_gap`].
///
/// **Inputs**: the two recalls, which must differ; the test. **Returns**: n per arm, not rounded.
/// **Errors**: not probabilities, or equal. **Cost**: O(1).
/// **Source**: Fleiss, Levin and Paik (2003), chapter 4, without continuity correction; agrees with R `power.prop.test`.
///
/// ```
/// use lacuna_stats::{Confidence, power::{Power, size_per_arm}};
/// let n = size_per_arm(0.35, 0.65, Power::new(Confidence::DEFAULT, 0.8)?)?;
/// assert_eq!(n.ceil(), 43.0);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn size_per_arm(first: f64, second: f64, power: Power) -> Result<f64, InputError> {
    all_probabilities("recalls", &[first, second])?;
    let difference = distinct("difference of recalls", first - second)?;
    let pooled = (first + second) / 2.0;
    let null = power.significance * (2.0 * pooled * (1.0 - pooled)).sqrt();
    let alternative = power.detection * (first * (1.0 - first) + second * (1.0 - second)).sqrt();
    Ok(((null + alternative) / difference).powi(2))
}

/// Pairs needed for McNemar's test of two judges on the same positives.
///
/// **Inputs**: shares of pairs that only the first and only the second judge hits, which must differ; the test.
/// **Returns**: pairs, not rounded. **Errors**: not probabilities, equal, or above 1 together. **Cost**: O(1).
/// **Source**: Connor (1987), Biometrics 43:207.
pub fn pairs_for_mcnemar(first_only: f64, second_only: f64, power: Power) -> Result<f64, InputError> {
    all_probabilities("discordant shares", &[first_only, second_only])?;
    let difference = distinct("difference of discordant shares", first_only - second_only)?;
    let discordant = first_only + second_only;
    all_probabilities("sum of discordant shares", &[discordant])?;
    let null = power.significance * discordant.sqrt();
    let alternative = power.detection * (discordant - difference * difference).max(0.0).sqrt();
    Ok(((null + alternative) / difference).powi(2))
}

fn distinct(what: &'static str, difference: f64) -> Result<f64, InputError> {
    if difference != 0.0 {
        return Ok(difference);
    }
    Err(InputError::OutOfRange { what, index: 0, value: 0.0, allowed: "not 0" })
}

/// Design effect of clusters of unequal size.
///
/// **Inputs**: mean items a cluster (above 0); coefficient of variation of the sizes; intraclass correlation, -1 to 1.
/// **Returns**: the factor by which clustering multiplies the items needed; below 1 for a negative correlation.
/// **Errors**: out of range. **Cost**: O(1). **Source**: Eldridge, Ashby and Kerry (2006), Int J Epidemiol 35:1292.
///
/// ```
/// // (0.4^2 + 1) * 6 = 6.96, less 1, times 0.1: 1.596.
/// let effect = lacuna_stats::power::design_effect(6.0, 0.4, 0.1)?;
/// assert!((effect - 1.596).abs() < 1e-15);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn design_effect(mean_size: f64, variation: f64, correlation: f64) -> Result<f64, InputError> {
    all_counts("cluster sizes", &[mean_size, variation])?;
    all_finite("intraclass correlation", &[correlation])?;
    if mean_size == 0.0 {
        return Err(InputError::OutOfRange { what: "cluster sizes", index: 0, value: 0.0, allowed: "above 0" });
    }
    if correlation.abs() > 1.0 {
        let value = correlation;
        return Err(InputError::OutOfRange { what: "intraclass correlation", index: 0, value, allowed: "-1 to 1" });
    }
    Ok(1.0 + ((variation * variation + 1.0) * mean_size - 1.0) * correlation)
}

/// Examples to collect for a given size under independence: times the design effect, over the share that gets a verdict.
///
/// Add two clusters for the t critical value. **Inputs**: the size; the design effect; the expected share without a
/// verdict, below 1. **Returns**: examples, not rounded. **Errors**: a negative count, or a share outside [0, 1).
pub fn examples_to_collect(size: f64, design_effect: f64, missing: f64) -> Result<f64, InputError> {
    all_counts("size and design effect", &[size, design_effect])?;
    all_probabilities("missing share", &[missing])?;
    if missing == 1.0 {
        return Err(InputError::OutOfRange { what: "missing share", index: 0, value: missing, allowed: "below 1" });
    }
    Ok(size * design_effect / (1.0 - missing))
}

/// Smallest recall gap that an audit of given arms can find.
///
/// The smaller arm decides: it is usually commission. An approximation; simulation with the analysis inside is the final
/// word.
///
/// **Inputs**: expected recalls; positives of either arm (above 0); the design effect (above 0); the test.
/// **Returns**: the gap, in units of recall; above 1 no gap can be found. **Errors**: out of range. **Cost**: O(1).
/// **Source**: (z_a/2 + z_b) sqrt(deff (p1 q1 / n1 + p2 q2 / n2)), the Wald form.
pub fn minimum_detectable_gap(
    recalls: [f64; 2],
    positives: [f64; 2],
    design_effect: f64,
    power: Power,
) -> Result<f64, InputError> {
    all_probabilities("recalls", &recalls)?;
    all_finite("positives", &positives)?;
    all_finite("design effect", &[design_effect])?;
    for (what, index, value) in
        [("positives", 0, positives[0]), ("positives", 1, positives[1]), ("design effect", 0, design_effect)]
    {
        if value <= 0.0 {
            return Err(InputError::OutOfRange { what, index, value, allowed: "above 0" });
        }
    }
    let variance: f64 = recalls.iter().zip(positives).map(|(p, n)| p * (1.0 - p) / n).sum();
    Ok((power.significance + power.detection) * (design_effect * variance).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power() -> Power {
        Power::new(Confidence::DEFAULT, 0.8).unwrap()
    }

    /// At a power of 1/2 its deviate is 0: recalls 1/4 and 3/4 need z^2 (2 * 1/4) / (1/4) = 2 z^2; discordant shares 1/2
    /// and 0 need z^2 (1/2) / (1/4) = 2 z^2 pairs.
    #[test]
    fn half_power_by_hand() {
        let half = Power::new(Confidence::DEFAULT, 0.5).unwrap();
        let z2 = Confidence::DEFAULT.normal().powi(2);
        assert!((size_per_arm(0.25, 0.75, half).unwrap() - 2.0 * z2).abs() < 1e-12);
        assert!((pairs_for_mcnemar(0.5, 0.0, half).unwrap() - 2.0 * z2).abs() < 1e-12);
    }

    /// The published table of detectable gaps at recalls 0.3 / 0.7, design effect 1.3, to its two digits.
    #[test]
    fn detectable_gaps_of_the_table() {
        for (omission, commission, gap) in
            [(15.0, 5.0, 0.76), (45.0, 10.0, 0.51), (125.0, 100.0, 0.20), (300.0, 300.0, 0.12)]
        {
            let found = minimum_detectable_gap([0.3, 0.7], [omission, commission], 1.3, power()).unwrap();
            assert!((found - gap).abs() < 0.006, "{omission} {commission} {found}");
        }
    }

    /// 100 independent examples, design effect 3/2, a quarter without verdict: 200.
    #[test]
    fn collection_by_hand() {
        assert_eq!(examples_to_collect(100.0, 1.5, 0.25), Ok(200.0));
    }

    #[test]
    fn more_power_and_smaller_differences_cost_more() {
        let strong = Power::new(Confidence::DEFAULT, 0.95).unwrap();
        assert!(size_per_arm(0.3, 0.6, strong).unwrap() > size_per_arm(0.3, 0.6, power()).unwrap());
        assert!(size_per_arm(0.3, 0.4, power()).unwrap() > size_per_arm(0.3, 0.6, power()).unwrap());
        assert_eq!(size_per_arm(0.3, 0.6, power()), size_per_arm(0.6, 0.3, power()));
    }

    #[test]
    fn malformed_is_refused() {
        assert!(Power::new(Confidence::DEFAULT, 1.0).is_err());
        assert!(size_per_arm(0.3, 0.3, power()).is_err() && size_per_arm(1.3, 0.3, power()).is_err());
        assert!(pairs_for_mcnemar(0.2, 0.2, power()).is_err() && pairs_for_mcnemar(0.8, 0.7, power()).is_err());
        assert!(design_effect(0.0, 0.4, 0.1).is_err() && design_effect(6.0, 0.4, 1.5).is_err());
        assert!(design_effect(6.0, f64::NAN, 0.1).is_err());
        assert!(examples_to_collect(10.0, 1.0, 1.0).is_err() && examples_to_collect(-1.0, 1.0, 0.0).is_err());
        assert!(minimum_detectable_gap([0.3, 0.7], [0.0, 5.0], 1.3, power()).is_err());
        assert!(minimum_detectable_gap([0.3, 0.7], [5.0, 5.0], 0.0, power()).is_err());
    }
}
