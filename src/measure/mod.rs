//! From gold and verdicts to the evaluation. Every number comes from the counts table, but for the AUC, which needs each
//! example's probability and is computed while the trials are counted.

mod agreement;
mod align;
mod axis;
mod ceiling;
mod cells;
mod evaluate;
mod evaluation;
mod gap;
mod items;
mod separation;
mod shares;
mod summary;

pub use evaluate::{CountedTrials, MeasureError, MeasureOptions, evaluate, tabulate};
pub use evaluation::{
    Agreement, AxisEvaluation, AxisSummary, Blindness, Bounds, CeilingEntry, CeilingReference, Evaluation, Finding,
    FindingLevel, GapAtThresholds, GapOfSystem, GoldSummary, ItemEvaluation, JudgeEvaluation, LargestCluster,
    RaterSummary, RecallGap, Settings, SeverityResponse, SliceEvaluation, UnscoredCounts,
};
