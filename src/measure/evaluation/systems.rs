//! Recall and false alarms with one system left out at a time: systems are few and fixed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::Estimate;

/// How far the numbers of one judge on one axis rest on a single system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemRange {
    /// Recall without one system.
    pub recall: LeaveOneOut,
    /// False-alarm rate without one system.
    pub false_alarm_rate: LeaveOneOut,
    /// Youden J without one system.
    pub youden_j: LeaveOneOut,
}

/// The extremes of a number over leaving out each system in turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveOneOut {
    /// The lowest value, and which system was left out; null where it is undefined whichever is left out.
    pub lowest: Option<WithoutSystem>,
    /// The highest value.
    pub highest: Option<WithoutSystem>,
    /// Systems without which it is undefined.
    pub undefined_without: Vec<String>,
}

/// A number without one system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithoutSystem {
    /// The system that was left out.
    pub without: String,
    /// The number over the others.
    pub estimate: Estimate,
}
