//! Two judges on the examples that both were asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Two judges on the examples that both were asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {}

/// Judges in the order of one metric, with what is sure of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ranking {}
