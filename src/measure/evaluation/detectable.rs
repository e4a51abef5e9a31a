//! What a finished audit could have detected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::PerAxis;
use crate::stats::Undefined;

/// What this audit could have shown of a judge, given the positives that it was asked about and how its answers cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detectable {
    /// Probability with which a difference has to be shown to count as detectable.
    pub power: f64,
    /// The recall gap.
    pub gap: DetectableGap,
    /// Recall on each axis; null where the judge does not answer on it.
    pub recall: PerAxis<Option<DetectableRecall>>,
}

/// The smallest gap that the audit would have shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectableGap {
    /// Smallest gap, in either direction, whose interval leaves out 0 with that probability.
    pub smallest: Option<f64>,
    /// Why there is none: `too_few` where not even recalls of 0 and 1 would be told apart.
    pub undefined: Option<Undefined>,
    /// Longer side of the interval that the gap of such an audit can be expected to have.
    pub half_width: Option<f64>,
}

/// How precisely the audit measures a recall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectableRecall {
    /// Longer side of the interval that the recall of such an audit can be expected to have.
    pub half_width: Option<f64>,
    /// Smallest difference from another judge on the same positives that would be shown with that probability, if what one
    /// misses says nothing of what the other misses.
    pub smallest_difference: Option<f64>,
    /// Why there are no such numbers.
    pub undefined: Option<Undefined>,
    /// How many times the positives it takes, as they cluster, to say what independent ones would.
    pub design_effect: Option<f64>,
}
