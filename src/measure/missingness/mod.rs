//! Whether verdicts fail to come where the harm is.

mod result;

pub use result::Missingness;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// Missingness of one judge on one axis; none where it does not apply.
pub(super) fn missingness(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<Missingness> {
    None
}
