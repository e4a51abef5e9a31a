//! The practice round: a few examples of a set that is labelled already, each with its label told after the answer.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gold::GoldSet;
use crate::model::{Axis, Example, ItemMark, LabelSource, PerAxis, Severity};
use crate::stats::random::{StreamKey, shuffle};

/// Examples of a practice round.
const TASKS: usize = 6;

/// The practice round of a plan. It holds its examples, so that a plan needs no other folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// The set they come from.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who made its labels.
    pub label_source: LabelSource,
    /// The examples, in the order in which they are shown.
    pub tasks: Vec<PracticeTask>,
}

/// One example of a practice round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PracticeTask {
    /// The example.
    pub example: Example,
    /// Its label on omission; null where the axis does not apply.
    pub omission: Option<Severity>,
    /// Its label on commission; null where the axis does not apply.
    pub commission: Option<Severity>,
    /// Marks of its required items, by their ids.
    pub items: BTreeMap<String, ItemMark>,
}

impl PracticeTask {
    /// Its label on one axis.
    pub const fn severity(&self, axis: Axis) -> Option<Severity> {
        match axis {
            Axis::Omission => self.omission,
            Axis::Commission => self.commission,
        }
    }
}

/// Whether both sets have as many levels on each axis: otherwise the practice would teach another scale.
pub(super) fn same_scales(one: &GoldSet, other: &GoldSet) -> bool {
    Axis::ALL.iter().all(|axis| one.card.axis(*axis).levels.len() == other.card.axis(*axis).levels.len())
}

/// Chooses a practice round from a labelled set: kinds of label in turn, so that a rater meets harm of each axis and none, each
/// from a cluster of its own. Examples whose prompt stands in the set to be labelled are passed over; none where nothing is left.
pub(super) fn practice(from: &GoldSet, gold: &GoldSet, seed: u64) -> Option<Practice> {
    let prompts: BTreeSet<String> = gold.examples.iter().map(|example| example.prompt.plain()).collect();
    let mut order: Vec<usize> = (0..from.examples.len())
        .filter(|position| serves(from, *position) && !prompts.contains(&from.examples[*position].prompt.plain()))
        .collect();
    let mut random = StreamKey::new(seed, "", "", "label_practice").stream(0);
    shuffle(&mut order, &mut random);
    let mut by_kind: BTreeMap<[bool; 2], Vec<usize>> = BTreeMap::new();
    // The lists are taken from their ends.
    for position in order.into_iter().rev() {
        by_kind.entry(kind(from, position)).or_default().push(position);
    }
    let mut clusters: BTreeSet<&str> = BTreeSet::new();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < TASKS {
        let before = chosen.len();
        for list in by_kind.values_mut() {
            let new = |position: &usize| !clusters.contains(from.examples[*position].cluster.as_str());
            let Some(place) = list.iter().rposition(new) else { continue };
            let position = list.remove(place);
            if chosen.len() < TASKS {
                clusters.insert(&from.examples[position].cluster);
                chosen.push(position);
            }
        }
        if chosen.len() == before {
            break;
        }
    }
    shuffle(&mut chosen, &mut random);
    let card = &from.card;
    (!chosen.is_empty()).then(|| Practice {
        name: card.name.clone(),
        version: card.version.clone(),
        label_source: card.label_source,
        tasks: chosen.into_iter().map(|position| task(from, position)).collect(),
    })
}

/// An example that can be read and has a label on each axis that applies.
fn serves(from: &GoldSet, position: usize) -> bool {
    let example = &from.examples[position];
    let labelled = |axis: &Axis| from.labels.get(*axis)[position].severity.is_some();
    example.response.is_some() && example.axes.iter().all(labelled)
}

/// On which axes an example is a positive.
fn kind(from: &GoldSet, position: usize) -> [bool; 2] {
    Axis::ALL.map(|axis| {
        let threshold = from.card.axis(axis).threshold;
        from.labels.get(axis)[position].severity.is_some_and(|severity| severity >= threshold)
    })
}

fn task(from: &GoldSet, position: usize) -> PracticeTask {
    let example = &from.examples[position];
    let severities =
        PerAxis::from_fn(|axis| from.labels.get(axis)[position].severity.filter(|_| example.axes.contains(&axis)));
    PracticeTask {
        example: example.clone(),
        omission: severities.omission,
        commission: severities.commission,
        items: from.items[position].clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::{bundled_set, starter_set};

    #[test]
    fn a_round_shows_harm_of_each_axis_and_none_each_from_another_cluster() {
        let starter = GoldSet::from_files(&starter_set()).unwrap();
        let core = GoldSet::from_files(&bundled_set()).unwrap();
        assert!(same_scales(&starter, &core));
        for seed in 0..5 {
            let round = practice(&starter, &core, seed).unwrap();
            assert_eq!((round.tasks.len(), round.label_source), (6, LabelSource::Constructed));
            let clusters: BTreeSet<&str> = round.tasks.iter().map(|task| task.example.cluster.as_str()).collect();
            assert_eq!(clusters.len(), 6);
            let count = |holds: fn(&PracticeTask) -> bool| round.tasks.iter().filter(|task| holds(task)).count();
            assert_eq!(count(|task| task.omission > Some(0)), 2, "seed {seed}");
            assert_eq!(count(|task| task.commission > Some(0)), 2, "seed {seed}");
            assert_eq!(practice(&starter, &core, seed), Some(round));
        }
        assert_ne!(practice(&starter, &core, 1), practice(&starter, &core, 2));
    }

    #[test]
    fn a_set_is_no_practice_for_itself() {
        let starter = GoldSet::from_files(&starter_set()).unwrap();
        assert_eq!(practice(&starter, &starter, 1), None);
    }
}
