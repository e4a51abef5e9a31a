//! A number that travels with its interval, its size and its method, or with the reason why there is none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// Why a quantity has no value, or a value no interval. Never written as 0, as 1 or as a non-finite number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Undefined {
    /// The denominator of a recall is empty.
    NoPositives,
    /// The denominator of a false-alarm rate or a specificity is empty.
    NoNegatives,
    /// Nothing was flagged, so there is nothing of which a share could be right.
    NoFlags,
    /// No pair of values to compare.
    NoData,
    /// Only one class is present, or chance agreement is perfect.
    OneClass,
    /// A constant input.
    NoVariation,
    /// A clustered standard error needs two clusters.
    SingleCluster,
    /// The standard error is zero, or all replicates are equal.
    ZeroVariance,
    /// The maximum-likelihood estimate is infinite.
    Separation,
    /// Sensitivity and specificity add to one or less.
    WorseThanChance,
    /// The comparison graph is not strongly connected.
    NotConnected,
    /// No discordant pair.
    ZeroDiscordant,
    /// A leave-one-cluster-out value of the jackknife is undefined.
    LooUndefined,
    /// A logarithmic score was contradicted with certainty.
    Infinite,
    /// A matrix that has to be inverted is singular.
    Singular,
    /// The data contradict an assumption under which the quantity is computed.
    Incompatible,
    /// Fewer ratings, raters or examples than the method needs.
    TooFew,
    /// The judge does not answer on an axis that the number needs.
    NotAnswered,
    /// The judge gives one score and no cut from which it flags.
    NoCut,
    /// The judge gives one score, not severities.
    NoSeverities,
    /// The share flagged does not rise with the dose.
    NoRise,
    /// The value lies above the largest dose that was given.
    BeyondDoses,
}

/// An interval `[lower, upper]`, `lower <= upper`, both finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// A value with its interval, sizes and method (`lacuna-evaluation/1`, the estimate block).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The point value, or null with the reason in `undefined`.
    #[serde(serialize_with = "number_or_null")]
    pub value: Option<f64>,
    /// Why there is no value.
    pub undefined: Option<Undefined>,
    /// Lower confidence limit.
    #[serde(serialize_with = "number_or_null")]
    pub lower: Option<f64>,
    /// Upper confidence limit.
    #[serde(serialize_with = "number_or_null")]
    pub upper: Option<f64>,
    /// Why a defined value has no interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_undefined: Option<Undefined>,
    /// Confidence level of the interval, two-sided, in (0, 1).
    pub level: f64,
    /// Name of the interval method, as `docs/statistics.md` has it.
    pub method: String,
    /// Denominator: examples (repeats are averaged within their example, so it may be fractional).
    #[serde(serialize_with = "number")]
    pub n: f64,
    /// Numerator of a proportion.
    #[serde(serialize_with = "number_or_null")]
    pub count: Option<f64>,
    /// Clusters that contribute to the denominator.
    pub clusters: usize,
    /// Effective size behind the interval, for proportions.
    #[serde(serialize_with = "number_or_null")]
    pub n_effective: Option<f64>,
    /// Examples of the denominator that have no verdict.
    #[serde(serialize_with = "number")]
    pub missing: f64,
}

impl Estimate {
    /// An estimate without a value, for the stated reason.
    pub fn undefined(reason: Undefined, level: f64, method: &str) -> Self {
        Self {
            value: None,
            undefined: Some(reason),
            lower: None,
            upper: None,
            interval_undefined: None,
            level,
            method: method.to_owned(),
            n: 0.0,
            count: None,
            clusters: 0,
            n_effective: None,
            missing: 0.0,
        }
    }

    /// The interval, where there is one.
    pub fn interval(&self) -> Option<Interval> {
        Some(Interval { lower: self.lower?, upper: self.upper? })
    }

    /// The same sizes without a value, for this reason.
    #[must_use]
    pub fn without_value(self, reason: Undefined) -> Self {
        Self {
            value: None,
            undefined: Some(reason),
            lower: None,
            upper: None,
            interval_undefined: None,
            count: None,
            n_effective: None,
            ..self
        }
    }

    /// The same, or without a value where there is a reason against one.
    #[must_use]
    pub fn unless(self, reason: Option<Undefined>) -> Self {
        match reason {
            Some(reason) => self.without_value(reason),
            None => self,
        }
    }

    /// Takes the value away, for this reason.
    pub fn undefine(&mut self, reason: Undefined) {
        *self = self.clone().without_value(reason);
    }

    /// The same estimate with the number of examples that have no verdict.
    #[must_use]
    pub fn with_missing(mut self, missing: f64) -> Self {
        self.missing = missing;
        self
    }
}

/// Largest magnitude up to which every integer is a double.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// Writes an integral double as an integer (168, not 168.0) and refuses a non-finite one.
pub(super) fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if !value.is_finite() {
        return Err(serde::ser::Error::custom("a non-finite number reached an estimate"));
    }
    if value.fract() == 0.0 && value.abs() < EXACT_INTEGERS {
        return serializer.serialize_i64(*value as i64);
    }
    serializer.serialize_f64(*value)
}

/// As [`number`], with null for none.
fn number_or_null<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_as_integers_and_undefined_as_a_reason() {
        let mut estimate = Estimate::undefined(Undefined::NoPositives, 0.95, "guarded_wilson");
        let text = serde_json::to_string(&estimate).unwrap();
        assert!(text.contains(r#""value":null,"undefined":"no_positives""#), "{text}");
        estimate.count = Some(168.0);
        estimate.n = 294.5;
        let text = serde_json::to_string(&estimate).unwrap();
        assert!(text.contains(r#""n":294.5,"count":168"#), "{text}");
    }

    #[test]
    fn a_non_finite_number_is_refused() {
        let mut estimate = Estimate::undefined(Undefined::NoData, 0.95, "guarded_wilson");
        estimate.value = Some(f64::NAN);
        assert!(serde_json::to_string(&estimate).is_err());
    }
}
