//! What the doubt about the gold labels does to a recall.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the doubt about the gold labels does to a recall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoldUncertainty {}
