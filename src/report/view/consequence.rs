//! Figure 8: harm of systems as a judge reports it, corrected, and by the labels.

use super::{Mark, in_drawing_order, labels_and_level};
use crate::measure::{Evaluation, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{clean, tally};

/// Judges and systems that are drawn; the tables have all.
const MOST_JUDGES: usize = 6;
const MOST_SYSTEMS: usize = 12;

/// A panel for each judge and axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ConsequenceView {
    pub(in crate::report) title: String,
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
        let all: Vec<(&str, ConsequencePanel)> = in_drawing_order(evaluation)
            .into_iter()
            .flat_map(|judge| Axis::ALL.into_iter().filter_map(move |axis| Some((&*judge.judge, panel(judge, axis)?))))
            .collect();
        let mut judges: Vec<&str> = all.iter().map(|(judge, _)| *judge).collect();
        judges.dedup();
        let drawn = judges.len().min(MOST_JUDGES);
        let systems = most_systems(evaluation);
        let panels: Vec<ConsequencePanel> =
            all.iter().filter(|(judge, _)| judges[..drawn].contains(judge)).map(|(_, panel)| panel.clone()).collect();
        let left_out = left_out((drawn, judges.len()), systems);
        Self {
            title: title(evaluation, systems),
            note: format!("{}. n: examples of a system.{left_out}", labels_and_level(evaluation)),
            panels,
        }
    }
}

/// Systems of the judge with the most.
fn most_systems(evaluation: &Evaluation) -> usize {
    let axes = evaluation.judges.iter().flat_map(|judge| Axis::ALL.map(|axis| judge.axes.get(axis).as_ref()));
    let systems = axes.flatten().filter_map(|numbers| Some(numbers.consequences.as_ref()?.by_system.len()));
    systems.max().unwrap_or(0)
}

fn title(evaluation: &Evaluation, systems: usize) -> String {
    let labelled = Axis::ALL.map(|axis| format!("{} examples on {axis}", evaluation.gold.axes.get(axis).labelled));
    format!("Harm rates of {systems} systems as each judge reports them, and corrected (n: {})", labelled.join(", "))
}

/// What the figure does not show, and where it stands.
fn left_out((drawn, judges): (usize, usize), systems: usize) -> String {
    let mut parts = Vec::new();
    if drawn < judges {
        parts.push(format!("{drawn} of {judges} judges, baselines last"));
    }
    if systems > MOST_SYSTEMS {
        parts.push(format!("{MOST_SYSTEMS} of {systems} systems"));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!(" Drawn: {}; tables/consequences.csv has all.", parts.join("; "))
}

fn panel(judge: &JudgeEvaluation, axis: Axis) -> Option<ConsequencePanel> {
    let consequences = judge.axes.get(axis).as_ref()?.consequences.as_ref()?;
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
