//! How far the labels of one axis can be relied on, and what follows for judges.

mod result;

pub use result::LabelReliability;

use super::answers::{Context, Subject};
use crate::model::PerAxis;

/// How far the labels of one axis can be relied on, and what follows for judges.
pub(super) fn label_reliability(
    _subjects: &[Subject<'_>],
    _context: &Context<'_>,
) -> PerAxis<Option<LabelReliability>> {
    PerAxis::default()
}
