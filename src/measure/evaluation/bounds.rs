//! What a rate or a difference could be, whatever the missing verdicts would have been.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{Interval, Undefined};

/// What a rate could be, whatever the missing verdicts would have been.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Lowest possible value.
    pub lower: Option<f64>,
    /// Highest possible value.
    pub upper: Option<f64>,
    /// Why there are none.
    pub undefined: Option<Undefined>,
    /// Lower limit of the lower bound to upper limit of the upper bound.
    pub interval: Option<Interval>,
    /// Confidence level of the interval.
    pub level: f64,
    /// Name of the method.
    pub method: String,
}
