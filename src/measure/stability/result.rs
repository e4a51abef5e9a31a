//! How far repeats of a question agree.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far repeats of a question agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stability {}
