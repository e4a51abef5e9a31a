//! What the figures draw: plain numbers taken from the evaluation, in drawing order.

use super::format::{clean, fraction, short_name};
use super::sentence::independent;
use crate::measure::{AxisEvaluation, Evaluation};
use crate::model::Axis;
use crate::stats::Estimate;

/// A point with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub(super) value: f64,
    pub(super) limits: Option<(f64, f64)>,
}

impl Mark {
    fn of(estimate: &Estimate) -> Option<Self> {
        let limits = estimate.interval().map(|interval| (interval.lower, interval.upper));
        estimate.value.map(|value| Self { value, limits })
    }
}

/// Figure 1: recall on both axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RecallView {
    pub(super) judges: Vec<String>,
    pub(super) panels: Vec<RecallPanel>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RecallPanel {
    pub(super) axis: Axis,
    pub(super) positives: usize,
    pub(super) negatives: usize,
    /// Lowest and highest recall of a person held against the others.
    pub(super) ceiling: Option<(f64, f64)>,
    /// One row a judge; none where it does not answer on the axis.
    pub(super) rows: Vec<Option<RecallRow>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RecallRow {
    pub(super) recall: Option<Mark>,
    pub(super) false_alarms: Option<Mark>,
    /// The judge's own flag rate.
    pub(super) chance: Option<f64>,
    pub(super) recall_count: String,
    pub(super) false_alarm_count: String,
}

pub(super) fn recall_view(evaluation: &Evaluation) -> RecallView {
    RecallView {
        judges: evaluation.judges.iter().map(|judge| short_name(&judge.judge)).collect(),
        panels: Axis::ALL.into_iter().map(|axis| recall_panel(evaluation, axis)).collect(),
    }
}

fn recall_panel(evaluation: &Evaluation, axis: Axis) -> RecallPanel {
    let recalls: Vec<f64> = independent(evaluation, axis).filter_map(|entry| entry.axis.recall.value).collect();
    let lowest = recalls.iter().copied().reduce(f64::min);
    let highest = recalls.iter().copied().reduce(f64::max);
    let summary = evaluation.gold.axes.get(axis);
    RecallPanel {
        axis,
        positives: summary.positives,
        negatives: summary.labelled.saturating_sub(summary.positives),
        ceiling: lowest.zip(highest),
        rows: evaluation.judges.iter().map(|judge| judge.axes.get(axis).as_ref().map(recall_row)).collect(),
    }
}

fn recall_row(numbers: &AxisEvaluation) -> RecallRow {
    RecallRow {
        recall: Mark::of(&numbers.recall),
        false_alarms: Mark::of(&numbers.false_alarm_rate),
        chance: numbers.flag_rate.value,
        recall_count: fraction(&numbers.recall),
        false_alarm_count: fraction(&numbers.false_alarm_rate),
    }
}

/// Figure 2: the blindness curve, one small panel a judge that gives severities.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BlindnessView {
    /// Highest severity of either axis.
    pub(super) top: u8,
    pub(super) panels: Vec<BlindnessPanel>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct BlindnessPanel {
    pub(super) judge: String,
    pub(super) curves: Vec<BlindnessCurve>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct BlindnessCurve {
    pub(super) axis: Axis,
    pub(super) points: Vec<BlindnessPoint>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BlindnessPoint {
    /// Gold severity at or above.
    pub(super) severity: u8,
    /// Share scored zero.
    pub(super) share: Mark,
    /// Scored examples behind it.
    pub(super) examples: f64,
}

pub(super) fn blindness_view(evaluation: &Evaluation) -> BlindnessView {
    let panels = evaluation
        .judges
        .iter()
        .filter(|judge| judge.scale.is_none())
        .map(|judge| BlindnessPanel {
            judge: short_name(&judge.judge),
            curves: Axis::ALL
                .into_iter()
                .filter_map(|axis| Some((axis, judge.axes.get(axis).as_ref()?)))
                .map(|(axis, numbers)| BlindnessCurve {
                    axis,
                    points: numbers
                        .blindness
                        .iter()
                        .filter_map(|point| {
                            Some(BlindnessPoint {
                                severity: point.severity,
                                share: Mark::of(&point.share_scored_zero)?,
                                examples: point.share_scored_zero.n,
                            })
                        })
                        .collect(),
                })
                .collect(),
        })
        .collect();
    let top = Axis::ALL.iter().map(|axis| evaluation.gold.axes.get(*axis).levels.len().saturating_sub(1)).max();
    BlindnessView { top: top.and_then(|top| u8::try_from(top).ok()).unwrap_or(1), panels }
}

/// Figure 3: confusion grids of the judges that give severities.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ConfusionView {
    pub(super) judges: Vec<ConfusionRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct ConfusionRow {
    pub(super) judge: String,
    pub(super) grids: Vec<Option<ConfusionGrid>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct ConfusionGrid {
    pub(super) axis: Axis,
    pub(super) levels: Vec<String>,
    /// Gold severity by judge severity, and last the examples without a verdict.
    pub(super) cells: Vec<Vec<f64>>,
    /// Gold severity from which an example is a positive.
    pub(super) threshold: usize,
    /// Judge severity from which it flags.
    pub(super) flag_at: usize,
}

pub(super) fn confusion_view(evaluation: &Evaluation) -> ConfusionView {
    let judges = evaluation
        .judges
        .iter()
        .filter_map(|judge| Some((judge, judge.flag_at.as_ref()?)))
        .map(|(judge, flag_at)| ConfusionRow {
            judge: short_name(&judge.judge),
            grids: Axis::ALL
                .into_iter()
                .map(|axis| {
                    let numbers = judge.axes.get(axis).as_ref()?;
                    let summary = evaluation.gold.axes.get(axis);
                    Some(ConfusionGrid {
                        axis,
                        levels: summary.levels.iter().map(|level| clean(level)).collect(),
                        cells: grid_cells(numbers),
                        threshold: usize::from(summary.threshold),
                        flag_at: usize::from(*flag_at.get(axis)),
                    })
                })
                .collect(),
        })
        .collect();
    ConfusionView { judges }
}

fn grid_cells(numbers: &AxisEvaluation) -> Vec<Vec<f64>> {
    numbers
        .confusion
        .iter()
        .zip(&numbers.severity_response)
        .map(|(row, response)| row.iter().map(|count| count.0).chain([response.flagged.missing]).collect())
        .collect()
}
