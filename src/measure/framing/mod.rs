//! The same facts put in two ways: pairs of framings.

mod result;

pub use result::Framing;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// Framing of one judge on one axis; none where it does not apply.
pub(super) fn framing(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<Framing> {
    None
}
