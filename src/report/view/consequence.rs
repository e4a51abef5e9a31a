//! Figure 8: harm of systems as a judge reports it, corrected, and by the labels.

use super::{Mark, drawn_in_words, drawn_judges, drawn_of, labels_and_level};
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
        let judges = drawn_judges(evaluation, MOST_JUDGES);
        let panels: Vec<ConsequencePanel> =
            judges.iter().flat_map(|judge| Axis::ALL.into_iter().filter_map(move |axis| panel(judge, axis))).collect();
        let systems = most_systems(&judges);
        let mut parts: Vec<String> = drawn_in_words(evaluation, judges.len()).into_iter().collect();
        if systems > MOST_SYSTEMS {
            parts.push(format!("{MOST_SYSTEMS} of {systems} systems"));
        }
        let drawn = drawn_of("consequences", &parts);
        Self {
            title: format!("Harm rates of {systems} systems as each judge reports them, and corrected"),
            note: format!("{}. n: examples of a system.{drawn}", labels_and_level(evaluation)),
            panels,
        }
    }
}

/// Systems of the judge with the most.
fn most_systems(judges: &[&JudgeEvaluation]) -> usize {
    let axes = judges.iter().flat_map(|judge| Axis::ALL.map(|axis| judge.axes.get(axis).as_ref()));
    let systems = axes.flatten().filter_map(|numbers| Some(numbers.consequences.as_ref()?.by_system.len()));
    systems.max().unwrap_or(0)
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
    let n: f64 = consequences.by_system.iter().map(|system| system.harm_rate.n).sum();
    let name = format!("{}, {axis} (n {})", clean(&judge.judge), tally(crate::stats::Tally(n)));
    (rows.len() > 1).then_some(ConsequencePanel { name, axis, rows, flips })
}
