//! What the figures draw: plain numbers taken from the evaluation, in drawing order. Nothing is computed here but places.

mod agreement;
mod blindness;
mod calibration;
mod confusion;
mod consequence;
mod cost;
mod operating;
mod severity_response;
mod slices;
mod unscored;

pub(super) use agreement::{AgreementView, SameFlag};
#[cfg(test)]
pub(super) use blindness::CeilingBand;
pub(super) use blindness::{AxisRow, BlindnessView, JudgeRow};
pub(super) use calibration::{CalibrationPanel, CalibrationView, Reliability, Worth};
pub(super) use confusion::{ConfusionGrid, ConfusionView};
#[cfg(test)]
pub(super) use consequence::SystemRow;
pub(super) use consequence::{ConsequencePanel, ConsequenceView};
pub(super) use cost::{CostPanel, CostRow, CostView};
pub(super) use operating::{Curves, OperatingView};
pub(super) use severity_response::{ResponsePanel, ResponsePoint, SeverityResponseView};
pub(super) use slices::{SlicePanel, SliceRow, SlicesView};
pub(super) use unscored::{UnscoredRow, UnscoredView};

use super::format::label_source;
use crate::measure::{Evaluation, JudgeEvaluation};
use crate::stats::Estimate;

/// A point with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub(super) value: f64,
    pub(super) limits: Option<(f64, f64)>,
}

impl Mark {
    pub(super) fn of(estimate: &Estimate) -> Option<Self> {
        let limits = estimate.interval().map(|interval| (interval.lower, interval.upper));
        estimate.value.map(|value| Self { value, limits })
    }
}

/// What stands under the title of every figure: what the labels are, and how sure the marks are.
pub(super) fn labels_and_level(evaluation: &Evaluation) -> String {
    format!(
        "Measured against {}; bars are {:.0} % intervals over clusters",
        label_source(evaluation.gold.label_source),
        100.0 * evaluation.settings.level
    )
}

/// Whether a judge is one that was brought to the audit, and no baseline.
pub(super) fn is_own(judge: &JudgeEvaluation) -> bool {
    judge.kind != "baseline"
}

/// The judges as figures draw them: those that were brought to the audit before the baselines, each in the order of the
/// evaluation.
pub(super) fn in_drawing_order(evaluation: &Evaluation) -> Vec<&JudgeEvaluation> {
    let (own, baselines): (Vec<_>, Vec<_>) = evaluation.judges.iter().partition(|judge| is_own(judge));
    own.into_iter().chain(baselines).collect()
}
