//! Recall and false alarms with one system left out at a time: systems are few and fixed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Recall and false alarms with one system left out at a time: systems are few and fixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemRange {}
