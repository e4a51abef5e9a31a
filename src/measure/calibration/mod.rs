//! How the probabilities that a judge states agree with the gold labels.

mod result;

pub use result::{Calibration, SeverityCalibration};

use super::answers::{Context, Subject};
use crate::model::Axis;

/// Calibration of one judge on one axis; none where it does not apply.
pub(super) fn calibration(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<Calibration> {
    None
}

/// SeverityCalibration of one judge on one axis; none where it does not apply.
pub(super) fn severity_calibration(
    _subject: &Subject<'_>,
    _axis: Axis,
    _context: &Context<'_>,
) -> Option<SeverityCalibration> {
    None
}
