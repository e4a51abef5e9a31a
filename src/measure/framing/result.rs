//! The same facts put in two ways: pairs of framings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The same facts put in two ways: pairs of framings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Framing {}
