//! Whether the degraded one of two twins is judged worse; needs no cut.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the degraded one of two twins is judged worse; needs no cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwinDiscrimination {}
