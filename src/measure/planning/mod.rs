//! Planning: how many examples, positives and clusters an audit needs, and what a set lets it show.
//!
//! The formulas are those of the intervals that the evaluation gives (`stats::power`), so that a plan and the audit that follows
//! it agree; [`simulate_gap`] and its like hold them against simulation.

mod design;
mod outcome;
mod plan;
mod search;
mod set;
mod simulate;

pub use design::{Assumptions, MakeUp};
pub use outcome::{CorrelationSource, Plan, PlannedSet};
pub use plan::{GapPlan, PairPlan, RecallPlan, Size, plan_gap, plan_pairs, plan_recall};
pub use set::{ObservedCorrelation, SetPower, SetRecall, SetShape, observed_correlation, power_of_set};
pub use simulate::{
    ClusterSizes, Repetitions, Simulated, enough_by_simulation, simulate_gap, simulate_pairs, simulate_recall,
};
