//! What the doubt about the gold labels does to a recall.

mod result;

pub use result::GoldUncertainty;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// GoldUncertainty of one judge on one axis; none where it does not apply.
pub(super) fn gold_uncertainty(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<GoldUncertainty> {
    None
}
