//! Who agrees with whom, as `evaluation.json` has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::RaterKind;
use crate::stats::Estimate;

/// Judges and raters held against each other on one axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairAgreements {
    /// Judge with judge as in `comparisons`, then every judge with each rater, then rater with rater.
    pub pairs: Vec<PairAgreement>,
    /// Raters of the axis beyond the twenty with the most ratings, who are in no pair.
    pub raters_left_out: usize,
}

/// Two who answered about the same examples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairAgreement {
    /// The one.
    pub first: String,
    /// What the one is.
    pub first_kind: PartyKind,
    /// The other.
    pub second: String,
    /// What the other is.
    pub second_kind: PartyKind,
    /// Share of the common examples with the same flag; `n` are those on which both have a verdict.
    pub same_flag: Estimate,
    /// Cohen's kappa of the flags.
    pub flag_kappa: Estimate,
    /// Cohen's kappa of the severities, quadratic weights.
    pub severity_kappa_quadratic: Estimate,
}

/// What a party to a pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A judge under audit.
    Judge,
    /// A rater who is a person.
    Human,
    /// A rater that is a model.
    Model,
    /// A rater that is the way the example was made.
    Construction,
}

impl PartyKind {
    /// The name used in every file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Judge => "judge",
            Self::Human => "human",
            Self::Model => "model",
            Self::Construction => "construction",
        }
    }
}

impl From<RaterKind> for PartyKind {
    fn from(kind: RaterKind) -> Self {
        match kind {
            RaterKind::Human => Self::Human,
            RaterKind::Model => Self::Model,
            RaterKind::Construction => Self::Construction,
        }
    }
}
