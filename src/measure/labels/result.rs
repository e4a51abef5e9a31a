//! How far the labels of one axis can be relied on, and what follows for judges.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far the labels of one axis can be relied on, and what follows for judges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelReliability {}
