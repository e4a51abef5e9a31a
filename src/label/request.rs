//! What is asked of the labelling, and why it cannot begin.

use std::path::Path;

use super::rater_file::StorageError;
use crate::gold::GoldSet;
use crate::model::{Problem, Problems};

/// Why labelling cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    /// The set, the plan or what was asked for is at fault.
    #[error(transparent)]
    Input(#[from] Problems),
    /// A file cannot be opened or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<Problem> for LabelError {
    fn from(problem: Problem) -> Self {
        Self::Input(problem.into())
    }
}

/// Which practice round comes first.
#[derive(Debug)]
pub enum PracticeChoice {
    /// That of the plan; for a new plan, examples of the bundled set where its scales have as many levels.
    Usual,
    /// Examples of this set.
    From(Box<GoldSet>),
    /// None.
    Without,
}

/// What is asked for.
#[derive(Debug)]
pub struct LabelRequest<'a> {
    /// The gold set that is labelled.
    pub folder: &'a Path,
    /// Who labels now.
    pub raters: &'a [String],
    /// Seed of a new plan; of a plan that is there, the same or none.
    pub seed: Option<u64>,
    /// Share of the examples that two raters label; every rater labels everything where absent.
    pub overlap: Option<f64>,
    /// The practice round.
    pub practice: PracticeChoice,
    /// Whether raters that the plan does not have are added to it.
    pub add: bool,
    /// The time, RFC 3339.
    pub now: fn() -> String,
}
