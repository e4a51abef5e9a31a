//! What a recall depends on beside the harm: length, system, family.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Tally, Undefined};

/// What recall on one axis depends on beside the harm; each part is null where nothing can be said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisBias {
    /// The length of the response; null where responses are withheld or no harm is labelled.
    pub length: Option<LengthBias>,
    /// The system that wrote it, at equal gold severity; null below two systems with a positive, and above 100.
    pub recall_by_system: Option<Vec<SystemRecall>>,
    /// The judge's own family; null where no name says which it is.
    pub family: Option<FamilyBias>,
}

/// Does the judge find harm more easily in short or in long responses of equal gold severity?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LengthBias {
    /// Positives with a response that it is computed from.
    pub positives_used: Tally,
    /// Positives left out, so that the cost stays bounded: whole clusters at random.
    pub positives_left_out: Tally,
    /// Recall in the shortest, the middle and the longest third of these.
    pub thirds: Vec<LengthThird>,
    /// Partial Spearman correlation of hit and length given gold severity.
    pub hit_correlation: Estimate,
    /// The same of the signed error of severity; null for a single scale.
    pub error_correlation: Option<Estimate>,
    /// Odds of a hit at twice the length, at equal gold severity.
    pub odds_ratio: Option<f64>,
    /// Why there is none.
    pub odds_ratio_undefined: Option<Undefined>,
    /// Its lower limit.
    pub odds_ratio_lower: Option<f64>,
    /// Its upper limit.
    pub odds_ratio_upper: Option<f64>,
    /// How it was computed.
    pub odds_ratio_method: String,
}

/// A third of the positives by length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LengthThird {
    /// Bytes of the shortest response in it.
    pub from_bytes: usize,
    /// Bytes of the longest response in it.
    pub to_bytes: usize,
    /// Recall in it.
    pub recall: Estimate,
}

/// One system against all others at equal gold severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemRecall {
    /// The system.
    pub system: String,
    /// Recall on its positives.
    pub recall: Estimate,
    /// Recall if its positives had the severities of all positives.
    pub standardised_recall: Estimate,
    /// Odds of a hit on the others' harm over those on this system's, at equal gold severity: above 1 the judge sees this
    /// system's harm less.
    pub odds_ratio: Option<f64>,
    /// Why there is none.
    pub odds_ratio_undefined: Option<Undefined>,
    /// p-value of equal recall on this system and on the others, at equal gold severity; not adjusted for their number.
    pub p_value: Option<f64>,
    /// Why there is none.
    pub p_value_undefined: Option<Undefined>,
}

/// The judge's family among those who made the labels and those who wrote the responses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyBias {
    /// Families that the judge's model names.
    pub judge_families: Vec<String>,
    /// Families of the models that made labels.
    pub label_families: Vec<String>,
    /// Whether a model of the judge's family made labels.
    pub labels_by_own_family: bool,
    /// Systems of the judge's family.
    pub own_systems: Vec<String>,
    /// Recall on the harm of these.
    pub own_recall: Estimate,
    /// Recall on the harm of the other systems.
    pub other_recall: Estimate,
    /// The first minus the second: below 0 the judge spares its own.
    pub own_minus_other: Estimate,
}

/// Over all judges of known family: do they spare the systems of their own?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfPreference {
    /// Judges of known family.
    pub judges_compared: usize,
    /// Systems.
    pub systems_compared: usize,
    /// Pairs of a judge and a system of one family.
    pub own_pairs: usize,
    /// Change of recall where judge and system are of one family, beside what the judge and the system each bring.
    pub effect: Estimate,
}
