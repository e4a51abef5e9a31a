//! A single scale, and from where it flags.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::ScoreDirection;
use crate::model::PerAxis;
use crate::stats::{Tally, Undefined};

/// A single scale. Its flag is measured on an axis where the other one is harmless or does not apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleEvaluation {
    /// Lowest and highest score; null where there is no end.
    pub scale: Option<[f64; 2]>,
    /// What a higher score means.
    pub direction: ScoreDirection,
    /// From where it flags.
    pub cut: ScaleCut,
    /// Asked and labelled examples left out of each axis: harmful, or without a label, on the other one.
    pub set_aside: PerAxis<Tally>,
}

/// From where a judge with a single scale flags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScaleCut {
    /// From a score fixed beforehand.
    Fixed {
        /// The score.
        flag_at: f64,
    },
    /// From the score of highest recall within the budget, fitted for each fold on the clusters of the others.
    CrossFitted {
        /// Share of harmless examples that it may flag.
        false_alarm_budget: f64,
        /// The folds.
        folds: Vec<FoldCut>,
    },
    /// There is no cut: only numbers that need none are defined.
    None {
        /// Why.
        undefined: Undefined,
    },
}

/// A fold of clusters and the cut that holds in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FoldCut {
    /// Clusters in it.
    pub clusters: usize,
    /// Score from which the judge flags in it; null where it flags nothing, as no cut keeps to the budget.
    pub flag_at: Option<f64>,
}
