//! Trials to be asked, and those that got no reply.

use std::collections::BTreeMap;

use crate::judge::JudgeSpec;
use crate::judge::live::LiveSpec;
use crate::model::Outcome;

/// A judge that is asked, with the examples that it is asked about.
#[derive(Debug, Clone)]
pub struct LiveJudge {
    /// The judge.
    pub judge: JudgeSpec,
    /// How it is asked.
    pub live: LiveSpec,
    /// Positions of the examples.
    pub asks: Vec<usize>,
}

/// A trial that has no reply at the end of the run. The next run asks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why it is unscored: `request_failed` or `cancelled`.
    pub outcome: Outcome,
    /// In words.
    pub reason: String,
    /// Requests that were sent.
    pub attempts: u32,
}

/// Trials without a reply by judge, example and repeat.
pub type Failures = BTreeMap<(usize, usize, u32), Failure>;
