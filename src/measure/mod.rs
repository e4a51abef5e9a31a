//! From gold and verdicts to the evaluation. Every number comes from the counts table, but for the AUC and the cuts of a
//! single scale, which need each example's probability or score and are computed while the trials are counted.

mod agreement;
mod align;
mod axis;
mod ceiling;
mod cells;
mod evaluate;
mod evaluation;
mod gap;
mod items;
mod layout;
mod raters;
mod scale;
mod separation;
mod shares;
mod summary;

pub use evaluate::{CountedTrials, MeasureError, MeasureOptions, evaluate, tabulate};
pub use evaluation::{
    Agreement, AxisEvaluation, AxisSummary, Blindness, Bounds, CeilingEntry, CeilingReference, Evaluation, Finding,
    FindingLevel, FoldCut, GapAtThresholds, GapOfSystem, GoldSummary, ItemEvaluation, JudgeEvaluation, LargestCluster,
    RaterSummary, RecallGap, ScaleCut, ScaleEvaluation, Settings, SeverityResponse, SliceEvaluation, UnscoredCounts,
};
pub use raters::{
    AxisAgreement, Disagreement, Disagreements, JudgeByReference, Listing, RaterAgreement, RaterPair, Reference,
    ReferenceLabels, ReferenceRecall, rater_agreement,
};
