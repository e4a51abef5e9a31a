//! Everything that one call for a plan answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::design::Assumptions;
use super::plan::{GapPlan, PairPlan, RecallPlan, Size};
use super::set::SetPower;
use crate::model::PerAxis;

/// A plan: what was assumed, what the set that was given shows, and what it takes to show what was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What was taken as given.
    pub assumed: Assumptions,
    /// Where the intraclass correlations come from.
    pub icc_from: PerAxis<CorrelationSource>,
    /// The set that was given, and what it shows as it is.
    pub set: Option<PlannedSet>,
    /// To show a gap.
    pub gap: Option<GapPlan>,
    /// To bring each recall within a half-width.
    pub recall: Vec<RecallPlan>,
    /// To tell two judges apart.
    pub pairs: Vec<PairPlan>,
}

/// A gold set in a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedSet {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What an audit of it shows.
    pub shows: SetPower,
}

/// Where an intraclass correlation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrelationSource {
    /// The user named it.
    Given,
    /// The judges that were given.
    Judges,
    /// The people who rated the set.
    Raters,
    /// Nothing: a value that is usual.
    Usual,
}

impl Plan {
    /// Clusters that a size has beyond those of the set; none without a set.
    pub fn more(&self, size: &Size) -> Option<usize> {
        self.set.as_ref().map(|set| size.clusters.saturating_sub(set.shows.clusters))
    }
}
