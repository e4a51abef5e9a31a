//! Figure 4: gold severity against judge severity.

use super::{first_panels, in_drawing_order};
use crate::measure::{AxisEvaluation, Evaluation, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{clean, label_source};

/// Judges that are drawn, so that the figure fits on a page; the table has all.
const MOST_JUDGES: usize = 6;

/// The grids of the judges that give severities, judge by judge, omission first.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ConfusionView {
    pub(in crate::report) note: String,
    /// What is left out.
    pub(in crate::report) drawn: String,
    pub(in crate::report) judges: Vec<(String, Vec<ConfusionGrid>)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ConfusionGrid {
    pub(in crate::report) axis: Axis,
    pub(in crate::report) levels: Vec<String>,
    /// Gold severity by judge severity, and last the examples without a verdict.
    pub(in crate::report) cells: Vec<Vec<f64>>,
    /// Gold severity from which an example is a positive.
    pub(in crate::report) threshold: usize,
    /// Judge severity from which it flags.
    pub(in crate::report) flag_at: usize,
}

impl ConfusionView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let mut judges: Vec<_> = in_drawing_order(evaluation)
            .into_iter()
            .filter_map(|judge| Some((judge, judge.flag_at.as_ref()?)))
            .filter(|(judge, _)| Axis::ALL.into_iter().any(|axis| on_axis(judge, axis).is_some()))
            .map(|(judge, flag_at)| {
                let grids = Axis::ALL
                    .into_iter()
                    .filter_map(|axis| {
                        let numbers = on_axis(judge, axis)?;
                        let summary = evaluation.gold.axes.get(axis);
                        Some(ConfusionGrid {
                            axis,
                            levels: summary.levels.iter().map(|level| clean(level)).collect(),
                            cells: cells(numbers),
                            threshold: usize::from(summary.threshold),
                            flag_at: usize::from(*flag_at.get(axis)),
                        })
                    })
                    .collect();
                (clean(&judge.judge), grids)
            })
            .collect();
        let labels = label_source(evaluation.gold.label_source);
        let drawn = first_panels(&mut judges, MOST_JUDGES, "judges that give severities", "confusion");
        Self { note: format!("Measured against {labels}; cells count examples"), drawn, judges }
    }
}

/// The numbers on an axis that applies to any example that the judge was asked.
fn on_axis(judge: &JudgeEvaluation, axis: Axis) -> Option<&AxisEvaluation> {
    judge.axes.get(axis).as_deref().filter(|numbers| numbers.applicable.0 > 0.0)
}

fn cells(numbers: &AxisEvaluation) -> Vec<Vec<f64>> {
    numbers
        .confusion
        .iter()
        .zip(&numbers.severity_response)
        .map(|(row, response)| row.iter().map(|count| count.0).chain([response.flagged.missing]).collect())
        .collect()
}
