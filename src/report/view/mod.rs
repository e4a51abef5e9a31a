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

pub(super) use agreement::{AgreementGrid, AgreementView, SameFlag};
#[cfg(test)]
pub(super) use blindness::CeilingBand;
pub(super) use blindness::{AxisRow, BlindnessView};
pub(super) use calibration::{CalibrationPanel, CalibrationView, Reliability};
pub(super) use confusion::{ConfusionGrid, ConfusionView};
#[cfg(test)]
pub(super) use consequence::SystemRow;
pub(super) use consequence::{ConsequencePanel, ConsequenceView};
pub(super) use cost::{CostPanel, CostRow, CostView};
pub(super) use operating::{Curves, OperatingView};
pub(super) use severity_response::{ResponsePanel, ResponsePoint, SeverityResponseView};
#[cfg(test)]
pub(super) use slices::SliceRow;
pub(super) use slices::{SlicePanel, SlicesView};
pub(super) use unscored::{UnscoredRow, UnscoredView};

use super::format::label_source;
use crate::measure::Evaluation;
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
