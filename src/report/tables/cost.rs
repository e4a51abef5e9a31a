//! What each judge's verdicts cost and how long they took, where they state it.

use super::{Cell, TableError, write};
use crate::measure::{Evaluation, JudgeEvaluation, LatencySeconds};

/// A row a judge with a stated cost, time or number of tokens.
pub(super) fn costs(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let headings = [
        "judge",
        "verdicts",
        "cost_known",
        "cost_usd_per_1000",
        "latency_known",
        "latency_seconds_median",
        "latency_seconds_p90",
        "input_tokens_per_verdict",
        "output_tokens_per_verdict",
    ];
    let row = |judge: &JudgeEvaluation| {
        let cost = judge.cost.as_ref()?;
        let count = |count: usize| Cell::Number(Some(count as f64));
        let seconds = |of: fn(&LatencySeconds) -> f64| Cell::Number(cost.latency_seconds.as_ref().map(of));
        Some(vec![
            Cell::text(&judge.judge),
            count(cost.verdicts),
            count(cost.cost_known),
            Cell::Number(cost.cost_usd_per_1000),
            count(cost.latency_known),
            seconds(|latency| latency.median),
            seconds(|latency| latency.p90),
            Cell::Number(cost.input_tokens_per_verdict),
            Cell::Number(cost.output_tokens_per_verdict),
        ])
    };
    write(&headings, evaluation.judges.iter().filter_map(row).collect())
}
