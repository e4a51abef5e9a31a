//! What a judge would find at other cuts: its operating curves.

mod result;

pub use result::Operating;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// Operating of one judge on one axis; none where it does not apply.
pub(super) fn operating(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<Operating> {
    None
}
