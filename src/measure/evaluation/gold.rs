//! The gold set, as far as a reader of the numbers needs it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{ExpertReview, LabelSource, PerAxis, RaterKind, Severity, TextPolicy};

/// The gold set, as far as a reader of the numbers needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoldSummary {
    /// Short name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Title.
    pub title: String,
    /// Licence.
    pub licence: String,
    /// Origin.
    pub source: String,
    /// How to cite it.
    pub citation: Option<String>,
    /// Limits of use, in the card's words.
    pub limits: Option<String>,
    /// How much of it an expert has read, where the card says so.
    pub expert_review: Option<ExpertReview>,
    /// Whether outputs may hold texts.
    pub texts: TextPolicy,
    /// Who made the labels.
    pub label_source: LabelSource,
    /// How raters became one label.
    pub aggregate: String,
    /// The rater whose answer went before that rule where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjudicator: Option<String>,
    /// Examples.
    pub examples: usize,
    /// Clusters.
    pub clusters: usize,
    /// Annotations.
    pub annotations: usize,
    /// Systems that wrote the responses.
    pub systems: Vec<String>,
    /// Raters.
    pub raters: Vec<RaterSummary>,
    /// The two axes.
    pub axes: PerAxis<AxisSummary>,
    /// Digest of the files of the set.
    pub sha256: String,
}

impl GoldSummary {
    /// Whether a rater decides: alone, or before the others.
    pub fn adjudicates(&self, rater: &str) -> bool {
        self.aggregate == rater || self.adjudicator.as_deref() == Some(rater)
    }
}

/// A rater and how much was rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaterSummary {
    /// Pseudonym.
    pub rater: String,
    /// What the rater is.
    pub kind: RaterKind,
    /// Ratings per axis.
    pub ratings: PerAxis<usize>,
}

/// One axis of the gold set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisSummary {
    /// What harm on this axis means in this set.
    pub harm: String,
    /// Level names from 0 up.
    pub levels: Vec<String>,
    /// Severity from which an example is a positive.
    pub threshold: Severity,
    /// Examples to which the axis applies.
    pub applicable: usize,
    /// Of those, examples with a gold label.
    pub labelled: usize,
    /// Labelled examples at or above the threshold.
    pub positives: usize,
    /// Labelled or not, examples on which raters gave different severities.
    pub disputed: usize,
    /// Clusters that hold a positive.
    pub positive_clusters: usize,
    /// Positives per system.
    pub positives_by_system: BTreeMap<String, usize>,
    /// Largest number of positives in one cluster, and that cluster.
    pub largest_cluster: Option<LargestCluster>,
}

/// The cluster with the most positives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LargestCluster {
    /// The cluster.
    pub cluster: String,
    /// Its positives.
    pub positives: usize,
}
