//! Answers by severity: flags at each gold severity, harm scored zero, the confusion of both scales.

use crate::measure::counts::{AxisCells, Cells, Cut, proportion};
use crate::measure::evaluation::{Blindness, SeverityResponse};
use crate::model::Severity;
use crate::stats::{Tally, Undefined};

/// P(flag | gold = k): from the threshold up an unscored verdict is a miss, below it it is left out.
pub(super) fn severity_response(cells: &AxisCells, cut: Cut, level: f64) -> Vec<SeverityResponse> {
    (0..cells.total.levels())
        .map(|severity| {
            let positive = severity >= cut.gold;
            let flagged = proportion(cells, level, Undefined::NoData, |cells| {
                let flagged = cells.sum_scored(|gold, judge| gold == severity && judge >= cut.judge);
                let scored = cells.sum_scored(|gold, _| gold == severity);
                (flagged, if positive { scored + cells.unscored(severity) } else { scored })
            });
            let missing = cells.total.unscored(severity);
            SeverityResponse { severity: severity as Severity, flagged: flagged.with_missing(missing) }
        })
        .collect()
}

/// P(judge severity = 0 | gold >= k), scored examples only.
pub(super) fn blindness(cells: &AxisCells, level: f64) -> Vec<Blindness> {
    (1..cells.total.levels())
        .map(|severity| {
            let share = proportion(cells, level, Undefined::NoPositives, |cells| {
                let zero = cells.sum_scored(|gold, judge| gold >= severity && judge == 0);
                (zero, cells.sum_scored(|gold, _| gold >= severity))
            });
            let missing = cells.total.sum_unscored(|gold| gold >= severity);
            Blindness { severity: severity as Severity, share_scored_zero: share.with_missing(missing) }
        })
        .collect()
}

pub(super) fn confusion(total: &Cells) -> Vec<Vec<Tally>> {
    let levels = total.levels();
    (0..levels).map(|gold| (0..levels).map(|judge| Tally(total.scored(gold, judge))).collect()).collect()
}
