//! How the probabilities that a judge states agree with the gold labels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the probabilities that a judge states agree with the gold labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibration {}

/// What a severity of the judge is worth in gold severities, and the other way round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityCalibration {}
