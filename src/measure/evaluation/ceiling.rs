//! The human ceiling: a rater measured like a judge.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::axis::AxisEvaluation;

/// A human rater measured like a judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CeilingEntry {
    /// Pseudonym.
    pub rater: String,
    /// What the rater was measured against.
    pub against: CeilingReference,
    /// Whether the rater had no part in what it is measured against.
    pub independent: bool,
    /// The numbers.
    pub axis: Box<AxisEvaluation>,
}

/// What a rater is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CeilingReference {
    /// The gold label, in which the rater may have had a part.
    Gold,
    /// The aggregate of the other human raters: the ceiling that is drawn.
    Others,
}
