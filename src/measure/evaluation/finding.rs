//! What these data can and cannot support.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Axis;

/// How much a finding limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// A number should not be read without it.
    Warning,
    /// Worth knowing.
    Note,
}

/// What these data can or cannot support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Stable code; `docs/findings.md` has an entry for each.
    pub code: String,
    /// How much it limits.
    pub level: FindingLevel,
    /// The judge it is about, if one.
    pub judge: Option<String>,
    /// The axis it is about, if one.
    pub axis: Option<Axis>,
    /// What was found, with its numbers.
    pub message: String,
    /// What to do about it.
    pub help: String,
}
