//! Two judges on the examples that both were asked.

mod result;

pub use result::{Comparison, Ranking};

use super::answers::{Context, Subject};

/// Two judges on the examples that both were asked.
pub(super) fn comparisons(_subjects: &[Subject<'_>], _context: &Context<'_>) -> Vec<Comparison> {
    Vec::new()
}

/// Judges in the order of one metric, with what is sure of it.
pub(super) fn rankings(_subjects: &[Subject<'_>], _context: &Context<'_>) -> Vec<Ranking> {
    Vec::new()
}
