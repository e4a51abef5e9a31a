//! Which judges a report is about, and which stand beside them for comparison.

use crate::measure::{Evaluation, JudgeEvaluation};

/// The judges of an evaluation in the order in which a report names them; in both parts as the evaluation has them, best on
/// omission first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OwnFirst<'a> {
    /// The judges that are audited: those that are no baselines, or all where every one is a baseline.
    pub(super) own: Vec<&'a JudgeEvaluation>,
    /// Baselines beside judges that are none.
    pub(super) baselines: Vec<&'a JudgeEvaluation>,
}

impl<'a> OwnFirst<'a> {
    pub(super) fn of(evaluation: &'a Evaluation) -> Self {
        let (baselines, own): (Vec<_>, Vec<_>) = evaluation.judges.iter().partition(|judge| is_baseline(judge));
        if own.is_empty() { Self { own: baselines, baselines: own } } else { Self { own, baselines } }
    }

    /// Every judge, the baselines last.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a JudgeEvaluation> {
        self.own.iter().chain(&self.baselines).copied()
    }

    /// Whether this judge is there for comparison only.
    pub(super) fn for_comparison(&self, judge: &str) -> bool {
        self.baselines.iter().any(|baseline| baseline.judge == judge)
    }
}

/// One of the program's baselines.
pub(super) fn is_baseline(judge: &JudgeEvaluation) -> bool {
    judge.kind == "baseline"
}
