//! What a recall depends on beside the harm: length, system, family.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a recall depends on beside the harm: length, system, family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisBias {}
