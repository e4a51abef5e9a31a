//! One judge.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::axis::AxisEvaluation;
use super::cost::CostAndSpeed;
use super::detectable::Detectable;
use super::dose::SameFact;
use super::gap::RecallGap;
use super::replies_made::RepliesMade;
use super::scale::ScaleEvaluation;
use super::systems::LeaveOneOut;
use crate::model::{PerAxis, Severity};
use crate::stats::Estimate;

/// One judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeEvaluation {
    /// Name.
    pub judge: String,
    /// `recorded` or `baseline`.
    pub kind: String,
    /// Title for people.
    pub title: Option<String>,
    /// The model behind it.
    pub model: Option<String>,
    /// What the provider said which model answered, and how many verdicts; empty where it said nothing.
    pub models_said: BTreeMap<String, usize>,
    /// When the replies behind its verdicts were made; null where no verdict says so.
    pub replies_made: Option<RepliesMade>,
    /// What its verdicts cost and how long they took; null where no verdict states a cost, a time or a number of tokens.
    pub cost: Option<CostAndSpeed>,
    /// Severity from which it flags; null where it gives one score in place of severities.
    pub flag_at: Option<PerAxis<Severity>>,
    /// Its scale, where it gives one score; null otherwise.
    pub scale: Option<ScaleEvaluation>,
    /// Examples it was asked about.
    pub asked: usize,
    /// Examples of the set it was not asked about.
    pub not_asked: usize,
    /// Examples in its verdicts that the set does not have.
    pub unknown_examples: usize,
    /// The first of them, by id.
    pub first_unknown_example: Option<String>,
    /// Numbers per axis; null where the judge does not answer on it.
    pub axes: PerAxis<Option<Box<AxisEvaluation>>>,
    /// Omission recall minus commission recall.
    pub recall_gap: RecallGap,
    /// What this audit could have shown of the judge.
    pub detectable: Detectable,
    /// The gap with one system left out at a time; null where the set names fewer than two or the judge has no gap.
    pub gap_without_one_system: Option<LeaveOneOut>,
    /// The same fact removed and made wrong; null where the set has none, or the judge answers on one axis.
    pub same_fact: Option<SameFact>,
    /// Required items; null where the judge marks none.
    pub items: Option<ItemEvaluation>,
}

/// Required items: does the judge see which one is missing?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemEvaluation {
    /// Gold-missed items that the judge marks missing.
    pub recall: Estimate,
    /// Gold-hit items that the judge marks missing, among those it marked.
    pub false_alarm_rate: Estimate,
}
