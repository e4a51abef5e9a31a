//! From gold and verdicts to the evaluation. Every number comes from the counts table, but for the AUC and the cuts of a
//! single scale, which need each example's probability or score and are computed while the trials are counted.
//!
//! It is built on floors, each of which imports only those before it: what a user may choose (`options`), the records
//! (`evaluation`), gold and verdicts side by side (`trials`) and counted (`counts`), one table a judge (`answers`), the blocks of
//! a judge's numbers (`blocks`), what is measured over several judges (`across`), the whole (`evaluate`), and what uses it.

mod across;
mod answers;
mod blocks;
mod by_example;
mod change;
mod choice;
mod counts;
mod evaluate;
mod evaluation;
mod from_labels;
#[cfg(test)]
mod missing_carried;
mod options;
pub mod planning;
pub mod plant;
mod raters;
mod trials;

pub use by_example::{CountedAnswer, JudgeAnswers, counted_answers};
pub use change::{AxisChange, Flip, Flips, RunChange, run_change};
pub use choice::{Candidate, Choice, ChoiceCheck, JudgeCost, NoChoice, check_choice, choose, costs};
pub use evaluate::{CountedTrials, MeasureError, evaluate, tabulate};
pub use evaluation::*;
pub use from_labels::{DetectableDifference, DetectableFromLabels, DetectableOnAxis, detectable_from_labels};
pub use options::{DEFAULT_MARGIN, DEFAULT_RESAMPLES, Listing, MeasureOptions, PrimaryComparison, PrimaryMetric};
pub use raters::{
    AxisAgreement, CannotJudge, Disagreement, Disagreements, DisputedExample, DisputedItem, ItemParting,
    JudgeByReference, MarkGiven, Parting, RaterAgreement, RaterCannotJudge, RaterPair, Reference, ReferenceLabels,
    ReferenceRecall, SeverityGiven, SliceParting, rater_agreement,
};
