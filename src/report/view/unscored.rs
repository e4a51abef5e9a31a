//! Figure 10: verdicts that did not come, by reason and by gold severity.

use super::{drawn_of, in_drawing_order};
use crate::measure::{AxisEvaluation, Evaluation};
use crate::model::{Axis, Severity};
use crate::report::format::{clean, label_source, tally};
use crate::stats::Tally;

/// Rows that are drawn, so that the figure fits on a page; the table has all.
const MOST_ROWS: usize = 24;

/// A row for each judge and axis with an unscored example.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct UnscoredView {
    pub(in crate::report) note: String,
    /// What is left out.
    pub(in crate::report) drawn: String,
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
        let drawn = with_most(&mut rows);
        Self { note: format!("Measured against {labels}; repeats are averaged"), drawn, rows }
    }
}

/// Leaves the rows with the most missing verdicts, in their order, and says what is left out.
fn with_most(rows: &mut Vec<UnscoredRow>) -> String {
    let all = rows.len();
    let missing = |row: &UnscoredRow| row.by_severity.iter().map(|(missing, _)| missing).sum::<f64>();
    let mut amounts: Vec<f64> = rows.iter().map(missing).collect();
    amounts.sort_by(|one, other| other.total_cmp(one));
    if let Some(least) = amounts.get(MOST_ROWS - 1).filter(|_| all > MOST_ROWS) {
        // Of those that miss as much as the last one only as many as there is room for.
        let mut room = MOST_ROWS - amounts.iter().filter(|amount| *amount > least).count();
        rows.retain(|row| {
            let amount = missing(row);
            let level = amount == *least && room > 0;
            room -= usize::from(level);
            amount > *least || level
        });
    }
    let which = format!("the {MOST_ROWS} of {all} judges and axes with the most missing verdicts");
    drawn_of("unscored", (all > MOST_ROWS).then_some(which).as_slice())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_with_the_most_missing_stay_in_their_order() {
        let row = |name: usize| UnscoredRow {
            name: name.to_string(),
            axis: Axis::Omission,
            reasons: String::new(),
            by_severity: vec![((name % 3) as f64, 10.0)],
        };
        let names = |rows: &[UnscoredRow]| -> Vec<usize> { rows.iter().map(|row| row.name.parse().unwrap()).collect() };
        // Of 60 rows 20 miss two and 20 miss one: all of the first, and the first four of the others.
        let mut rows: Vec<UnscoredRow> = (0..60).map(row).collect();
        let drawn = with_most(&mut rows);
        let expected: Vec<usize> = (0..60).filter(|name| name % 3 == 2 || name % 3 == 1 && *name < 12).collect();
        assert_eq!((names(&rows), rows.len()), (expected, MOST_ROWS));
        assert!(drawn.contains("the 24 of 60 judges and axes"), "{drawn}");
        let mut rows: Vec<UnscoredRow> = (0..24).map(row).collect();
        assert_eq!((with_most(&mut rows), rows.len()), (String::new(), 24));
    }
}
