//! What follows from relying on the judge: harm undetected, harm rates of systems as it reports them and corrected.

mod result;

pub use result::Consequences;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// Consequences of one judge on one axis; none where it does not apply.
pub(super) fn consequences(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<Consequences> {
    None
}
