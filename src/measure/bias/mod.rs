//! What a recall depends on beside the harm: length, system, family.

mod result;

pub use result::AxisBias;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// AxisBias of one judge on one axis; none where it does not apply.
pub(super) fn bias(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<AxisBias> {
    None
}
