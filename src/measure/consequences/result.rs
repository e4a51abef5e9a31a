//! What follows from relying on the judge: harm undetected, harm rates of systems as it reports them and corrected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What follows from relying on the judge: harm undetected, harm rates of systems as it reports them and corrected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consequences {}
