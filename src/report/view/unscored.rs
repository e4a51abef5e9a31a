//! Figure 10: verdicts that did not come, by reason and by gold severity.

use super::in_drawing_order;
use crate::measure::{AxisEvaluation, Evaluation};
use crate::model::{Axis, Severity};
use crate::report::format::{clean, label_source, tally};
use crate::stats::Tally;

/// A row for each judge and axis with an unscored example.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct UnscoredView {
    pub(in crate::report) note: String,
    pub(in crate::report) rows: Vec<UnscoredRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct UnscoredRow {
    pub(in crate::report) name: String,
    pub(in crate::report) axis: Axis,
    /// `11 of 1000: no_verdict 9, refused 2`.
    pub(in crate::report) reasons: String,
    /// Per gold severity: examples without a verdict, and examples in all.
    pub(in crate::report) by_severity: Vec<(f64, f64)>,
}

impl UnscoredView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let mut rows = Vec::new();
        for judge in in_drawing_order(evaluation) {
            for axis in Axis::ALL {
                let Some(numbers) = judge.axes.get(axis).as_deref().filter(|numbers| !numbers.unscored.is_empty())
                else {
                    continue;
                };
                rows.push(UnscoredRow {
                    name: format!("{}, {axis}", clean(&judge.judge)),
                    axis,
                    reasons: reasons(numbers),
                    by_severity: by_severity(numbers, *evaluation.settings.thresholds.get(axis)),
                });
            }
        }
        let labels = label_source(evaluation.gold.label_source);
        Self { note: format!("Measured against {labels}; repeats are averaged"), rows }
    }
}

fn reasons(numbers: &AxisEvaluation) -> String {
    let in_all: f64 = numbers.unscored.values().map(|count| count.0).sum();
    let each: Vec<String> =
        numbers.unscored.iter().map(|(reason, count)| format!("{} {}", reason.name(), tally(*count))).collect();
    format!("{} of {}: {}", tally(Tally(in_all)), tally(numbers.applicable), each.join(", "))
}

/// The denominator of a share flagged holds the unscored from the threshold up, and leaves them out below.
fn by_severity(numbers: &AxisEvaluation, threshold: Severity) -> Vec<(f64, f64)> {
    numbers
        .severity_response
        .iter()
        .map(|point| {
            let (n, missing) = (point.flagged.n, point.flagged.missing);
            (missing, if point.severity >= threshold { n } else { n + missing })
        })
        .collect()
}
