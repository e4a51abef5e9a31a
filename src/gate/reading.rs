//! The numbers that a gate is held against: an estimate, bounds, or a count.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::stats::{Tally, Undefined};

/// The numbers that a gate was held against.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateReading {
    /// The value; null for bounds, and where it is undefined.
    pub value: Option<f64>,
    /// Lower limit of the interval; a count is its own limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
    /// Why there is no value or no interval.
    pub undefined: Option<Undefined>,
    /// Confidence level of the interval, two-sided; null for counts.
    pub level: Option<f64>,
    /// Denominator.
    pub n: Option<Tally>,
    /// Clusters.
    pub clusters: Option<u64>,
    /// Examples of the denominator that have no verdict.
    pub missing: Option<Tally>,
    /// Method of the interval, or `count`.
    pub method: Option<String>,
}

impl GateReading {
    /// What a JSON value says, where it is an estimate or bounds.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let has = |keys: &[&str]| keys.iter().all(|key| value.get(key).is_some());
        if has(&["value", "lower", "upper", "method"]) {
            Some(Self { value: number(value, "value"), ..Self::within(value, value) })
        } else if has(&["interval", "undefined", "lower", "upper"]) {
            // The outer interval: whatever the missing verdicts would have been.
            Some(Self::within(value, &value["interval"]))
        } else {
            None
        }
    }

    /// What stands beside an interval, and the interval.
    fn within(beside: &Value, interval: &Value) -> Self {
        let reason = |key: &str| beside.get(key).and_then(|reason| Undefined::deserialize(reason).ok());
        Self {
            value: None,
            lower: number(interval, "lower"),
            upper: number(interval, "upper"),
            undefined: reason("undefined").or_else(|| reason("interval_undefined")),
            level: number(beside, "level"),
            n: number(beside, "n").map(Tally),
            clusters: beside.get("clusters").and_then(Value::as_u64),
            missing: number(beside, "missing").map(Tally),
            method: beside.get("method").and_then(Value::as_str).map(ToOwned::to_owned),
        }
    }

    /// A count, which has no interval and is its own limit.
    pub(super) fn of_count(count: f64) -> Self {
        let count = Some(count);
        Self { value: count, lower: count, upper: count, method: Some(COUNT.to_owned()), ..Self::default() }
    }

    /// Whether it is a count.
    pub fn is_count(&self) -> bool {
        self.method.as_deref() == Some(COUNT)
    }
}

/// The method of a count.
const COUNT: &str = "count";

fn number(value: &Value, key: &str) -> Option<f64> {
    value.get(key).and_then(Value::as_f64)
}
