//! Gold and verdicts side by side: one row per subject, example, axis and repeat, and counts of what was left out.

use std::collections::{BTreeMap, BTreeSet};

use super::cost::cost_and_speed;
use super::layout::Layout;
use super::raters::RaterSubject;
use super::replies_made::replies_made;
use super::scale::{FittedScale, severity_elsewhere};
use crate::gold::{GoldSet, Labels};
use crate::measure::evaluation::{CostAndSpeed, RepliesMade};
use crate::model::{Axis, ItemMark, Outcome, PerAxis, Severity, Verdict};
use crate::run::JudgeRun;
use crate::table::{Answer, TrialRow};

/// What a judge was asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Coverage {
    pub(crate) asked: usize,
    pub(crate) not_asked: usize,
    pub(crate) unknown_examples: usize,
    pub(crate) first_unknown_example: Option<String>,
    /// Whether any verdict marks required items.
    pub(crate) marks_items: bool,
    /// Verdicts by the model that the provider named.
    pub(crate) models: BTreeMap<String, usize>,
    /// When the replies were made.
    pub(crate) replies_made: Option<RepliesMade>,
    /// What they cost and how long they took.
    pub(crate) cost: Option<CostAndSpeed>,
}

/// Rows of one judge; of one with a single scale, with the severity on the other axis, so that its numbers can be taken
/// where that is harmless.
pub(crate) fn align_judge(
    subject: u32,
    run: &JudgeRun,
    scale: Option<&FittedScale>,
    gold: &GoldSet,
    layout: &Layout,
    rows: &mut Vec<TrialRow>,
) -> Coverage {
    let mut by_example: Vec<Vec<&Verdict>> = vec![Vec::new(); gold.examples.len()];
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    for verdict in &run.verdicts {
        match gold.position(&verdict.example) {
            Some(position) => by_example[position].push(verdict),
            None => drop(unknown.insert(&verdict.example)),
        }
    }
    for (position, verdicts) in by_example.iter().enumerate() {
        let repeats = verdicts.len() as u32;
        for axis in run.spec.axes.iter().copied().filter(|axis| gold.applies(position, *axis)) {
            let Some(severity) = gold.labels.get(axis)[position].severity else { continue };
            let elsewhere = if scale.is_some() { severity_elsewhere(gold, position, axis) } else { Some(0) };
            let Some(elsewhere) = elsewhere else { continue };
            for verdict in verdicts {
                let answer = match scale {
                    Some(scale) => scale.answer(verdict, layout.cluster(position)),
                    None => answer_of(verdict, axis),
                };
                let mut row = layout.row(subject, axis, position, severity, answer, repeats);
                row.elsewhere = elsewhere;
                if axis == Axis::Omission {
                    add_items(&mut row, &gold.items[position], verdict);
                }
                rows.push(row);
            }
        }
    }
    let asked = by_example.iter().filter(|verdicts| !verdicts.is_empty()).count();
    Coverage {
        asked,
        not_asked: gold.examples.len() - asked,
        unknown_examples: unknown.len(),
        first_unknown_example: unknown.first().map(|id| (*id).to_owned()),
        marks_items: run.verdicts.iter().any(|verdict| !verdict.items.is_empty()),
        models: models_of(&run.verdicts),
        replies_made: replies_made(&run.verdicts),
        cost: cost_and_speed(&run.verdicts),
    }
}

fn models_of(verdicts: &[Verdict]) -> BTreeMap<String, usize> {
    let mut models: BTreeMap<String, usize> = BTreeMap::new();
    for model in verdicts.iter().filter_map(|verdict| verdict.model.as_ref()) {
        match models.get_mut(model) {
            Some(count) => *count += 1,
            None => drop(models.insert(model.clone(), 1)),
        }
    }
    models
}

/// A row without a verdict on an applicable axis is unscored there, also where the reply as a whole was scored.
pub(crate) fn answer_of(verdict: &Verdict, axis: Axis) -> Answer {
    match (verdict.outcome, verdict.severity(axis).map(Severity::try_from)) {
        (Outcome::Scored, Some(Ok(severity))) => Answer::Severity(severity),
        (Outcome::Scored, _) => Answer::Unscored(Outcome::NoVerdict),
        (reason, _) => Answer::Unscored(reason),
    }
}

/// Counts of required items: on missed ones an unmarked item is a miss; on present ones it is left out.
fn add_items(row: &mut TrialRow, gold: &BTreeMap<String, ItemMark>, verdict: &Verdict) {
    for (item, mark) in gold {
        let judged = verdict.items.get(item);
        match mark {
            ItemMark::Miss => {
                row.items_missed += 1;
                row.items_missed_found += u32::from(judged == Some(&ItemMark::Miss));
            }
            ItemMark::Hit if judged.is_some() => {
                row.items_hit += 1;
                row.items_hit_flagged += u32::from(judged == Some(&ItemMark::Miss));
            }
            ItemMark::Hit | ItemMark::Partial => {}
        }
    }
}

/// Rows of one rater, measured against the given labels on the examples that the rater rated.
pub(crate) fn align_rater(
    subject: u32,
    rater: &RaterSubject,
    labels: &PerAxis<Labels>,
    gold: &GoldSet,
    layout: &Layout,
    rows: &mut Vec<TrialRow>,
) {
    for axis in Axis::ALL {
        for (position, label) in gold.labels.get(axis).iter().enumerate() {
            let rated = label.ratings.iter().find(|(index, _)| *index == rater.index);
            let (Some((_, rated)), Some(reference)) = (rated, labels.get(axis)[position].severity) else { continue };
            rows.push(layout.row(subject, axis, position, reference, Answer::Severity(*rated), 1));
        }
    }
}
