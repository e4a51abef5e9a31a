//! Whether verdicts fail to come where the harm is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether verdicts fail to come where the harm is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Missingness {}
