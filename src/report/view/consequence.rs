//! Figure 8: harm of systems as a judge reports it, corrected, and by the labels.

use super::{Mark, labels_and_level};
use crate::measure::{Evaluation, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{clean, tally};

/// Judges and systems that are drawn; the tables have all.
const MOST_JUDGES: usize = 6;
const MOST_SYSTEMS: usize = 12;

/// A panel for each judge and axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ConsequenceView {
    pub(in crate::report) note: String,
    pub(in crate::report) panels: Vec<ConsequencePanel>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ConsequencePanel {
    pub(in crate::report) name: String,
    pub(in crate::report) axis: Axis,
    pub(in crate::report) rows: Vec<SystemRow>,
    /// Which ranks flip.
    pub(in crate::report) flips: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SystemRow {
    pub(in crate::report) system: String,
    pub(in crate::report) reported: Option<Mark>,
    pub(in crate::report) corrected: Option<Mark>,
    pub(in crate::report) by_labels: Option<f64>,
    pub(in crate::report) n: String,
}

impl ConsequenceView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let panels: Vec<ConsequencePanel> = evaluation
            .judges
            .iter()
            .flat_map(|judge| Axis::ALL.into_iter().filter_map(move |axis| panel(judge, axis)))
            .take(2 * MOST_JUDGES)
            .collect();
        Self { note: labels_and_level(evaluation), panels }
    }
}

fn panel(judge: &JudgeEvaluation, axis: Axis) -> Option<ConsequencePanel> {
    let consequences = judge.axes.get(axis).as_deref()?.consequences.as_ref()?;
    let rows: Vec<SystemRow> = consequences
        .by_system
        .iter()
        .take(MOST_SYSTEMS)
        .map(|system| SystemRow {
            system: clean(&system.system),
            reported: Mark::of(&system.reported_rate),
            corrected: Mark::of(&system.corrected_rate),
            by_labels: system.harm_rate.value,
            n: tally(crate::stats::Tally(system.harm_rate.n)),
        })
        .collect();
    let flips = consequences.ranking_of_systems.as_ref().map_or_else(String::new, |ranking| {
        let flipped: Vec<String> = ranking
            .pairs
            .iter()
            .filter(|pair| pair.flips)
            .take(2)
            .map(|pair| format!("{} and {}", clean(&pair.better), clean(&pair.worse)))
            .collect();
        let named = if flipped.is_empty() { String::new() } else { format!(": {}", flipped.join("; ")) };
        format!("{} of {} pairs of systems flip{named}", ranking.flipped_pairs, ranking.system_pairs)
    });
    (rows.len() > 1).then(|| ConsequencePanel { name: format!("{}, {axis}", clean(&judge.judge)), axis, rows, flips })
}
