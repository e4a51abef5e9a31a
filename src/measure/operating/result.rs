//! What a judge would find at other cuts: its operating curves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a judge would find at other cuts: its operating curves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operating {}
