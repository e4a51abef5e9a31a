//! Figure 2: the share that a judge flags at each gold severity.

use super::{Mark, first_panels, in_drawing_order, labels_and_level};
use crate::measure::{AxisEvaluation, Evaluation};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, tally};
use crate::stats::Tally;

/// Judges that are drawn, so that the figure fits on a page; the table has all.
const MOST_JUDGES: usize = 12;

/// One panel a judge.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SeverityResponseView {
    pub(in crate::report) note: String,
    /// What is left out.
    pub(in crate::report) drawn: String,
    /// Highest severity of either axis.
    pub(in crate::report) top: u8,
    /// Severity from which an example is harmful.
    pub(in crate::report) thresholds: PerAxis<u8>,
    pub(in crate::report) panels: Vec<ResponsePanel>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ResponsePanel {
    pub(in crate::report) judge: String,
    pub(in crate::report) curves: PerAxis<Vec<ResponsePoint>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ResponsePoint {
    pub(in crate::report) severity: u8,
    pub(in crate::report) flagged: Mark,
    /// Examples behind it.
    pub(in crate::report) n: String,
}

impl SeverityResponseView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let mut panels: Vec<_> = in_drawing_order(evaluation)
            .into_iter()
            .map(|judge| ResponsePanel {
                judge: clean(&judge.judge),
                curves: PerAxis::from_fn(|axis| judge.axes.get(axis).as_deref().map(points).unwrap_or_default()),
            })
            .filter(|panel| Axis::ALL.iter().any(|axis| !panel.curves.get(*axis).is_empty()))
            .collect();
        let drawn = first_panels(&mut panels, MOST_JUDGES, "judges that flag", "metrics");
        let top = Axis::ALL.iter().map(|axis| evaluation.gold.axes.get(*axis).levels.len().saturating_sub(1)).max();
        Self {
            note: labels_and_level(evaluation),
            drawn,
            top: top.and_then(|top| u8::try_from(top).ok()).unwrap_or(1),
            thresholds: evaluation.settings.thresholds,
            panels,
        }
    }
}

fn points(numbers: &AxisEvaluation) -> Vec<ResponsePoint> {
    numbers
        .severity_response
        .iter()
        .filter_map(|point| {
            let n = tally(Tally(point.flagged.n));
            Some(ResponsePoint { severity: point.severity, flagged: Mark::of(&point.flagged)?, n })
        })
        .collect()
}
