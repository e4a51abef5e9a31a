//! How far repeats of a question agree.

mod result;

pub use result::Stability;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// Stability of one judge on one axis; none where it does not apply.
pub(super) fn stability(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<Stability> {
    None
}
