//! Recall and false alarms with one system left out at a time: systems are few and fixed.

mod result;

pub use result::SystemRange;

use super::answers::{Context, Subject};
use crate::model::Axis;

/// SystemRange of one judge on one axis; none where it does not apply.
pub(super) fn systems(_subject: &Subject<'_>, _axis: Axis, _context: &Context<'_>) -> Option<SystemRange> {
    None
}
