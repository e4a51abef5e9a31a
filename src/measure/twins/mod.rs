//! Whether the degraded one of two twins is judged worse; needs no cut.

mod result;

pub use result::TwinDiscrimination;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// TwinDiscrimination of one judge on one axis; none where it does not apply.
pub(super) fn twins(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<TwinDiscrimination> {
    None
}
