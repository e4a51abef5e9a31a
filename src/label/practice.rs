//! The practice round: a few examples of a set that is labelled already, each with its label told after the answer.

use std::cmp::Reverse;
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
pub(super) struct Practice {
    /// The set they come from.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    /// Who made its labels.
    pub(super) label_source: LabelSource,
    /// The examples, in the order in which they are shown.
    pub(super) tasks: Vec<PracticeTask>,
}

/// One example of a practice round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PracticeTask {
    /// The example.
    pub(super) example: Example,
    /// Its label on omission; null where the axis does not apply.
    pub(super) omission: Option<Severity>,
    /// Its label on commission; null where the axis does not apply.
    pub(super) commission: Option<Severity>,
    /// Marks of its required items, by their ids.
    pub(super) items: BTreeMap<String, ItemMark>,
}

impl Practice {
    /// Whether it was taken from a set: each of its examples stands there under the same label.
    pub(super) fn is_of(&self, set: &GoldSet) -> bool {
        let card = &set.card;
        let stands =
            |own: &PracticeTask| set.position(&own.example.id).is_some_and(|position| task(set, position) == *own);
        (&self.name, &self.version, self.label_source) == (&card.name, &card.version, card.label_source)
            && self.tasks.iter().all(stands)
    }
}

impl PracticeTask {
    /// Its label on one axis.
    pub(super) const fn severity(&self, axis: Axis) -> Option<Severity> {
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

/// Chooses a practice round from a labelled set: between them its examples show harm and none on each axis, as far as the set has
/// them, and each comes from a cluster of its own where that allows. Examples whose prompt stands in the set to be labelled are
/// passed over; none where nothing is left.
pub(super) fn practice(from: &GoldSet, gold: &GoldSet, seed: u64) -> Option<Practice> {
    let prompts: BTreeSet<String> = gold.examples.iter().map(|example| example.prompt.plain()).collect();
    let mut order: Vec<usize> = (0..from.examples.len())
        .filter(|position| serves(from, *position) && !prompts.contains(&from.examples[*position].prompt.plain()))
        .collect();
    let mut random = StreamKey::new(seed, "", "", "label_practice").stream(0);
    shuffle(&mut order, &mut random);
    let mut by_kind: BTreeMap<Kind, Vec<usize>> = BTreeMap::new();
    // The lists are taken from their ends.
    for position in order.into_iter().rev() {
        by_kind.entry(kind(from, position)).or_default().push(position);
    }
    let mut round = Round::new(from);
    while round.chosen.len() < TASKS && round.take_one(&mut by_kind) {}
    let mut chosen = round.chosen;
    shuffle(&mut chosen, &mut random);
    let card = &from.card;
    (!chosen.is_empty()).then(|| Practice {
        name: card.name.clone(),
        version: card.version.clone(),
        label_source: card.label_source,
        tasks: chosen.into_iter().map(|position| task(from, position)).collect(),
    })
}

/// Of each axis whether an example is a positive there; none where the axis does not apply.
type Kind = [Option<bool>; 2];

/// A round that is being chosen.
struct Round<'a> {
    from: &'a GoldSet,
    chosen: Vec<usize>,
    clusters: BTreeSet<&'a str>,
    /// How often it shows harm, and none, on each axis.
    shown: BTreeMap<(usize, bool), usize>,
    of_kind: BTreeMap<Kind, usize>,
}

impl<'a> Round<'a> {
    const fn new(from: &'a GoldSet) -> Self {
        Self { from, chosen: Vec::new(), clusters: BTreeSet::new(), shown: BTreeMap::new(), of_kind: BTreeMap::new() }
    }

    /// Adds the example that shows most of what the round does not show yet; among equals one of a new cluster, to which both
    /// axes apply, and whose kind stands out least so far. Says whether there was one worth adding.
    fn take_one(&mut self, by_kind: &mut BTreeMap<Kind, Vec<usize>>) -> bool {
        let is_new = |position: &usize| !self.clusters.contains(self.from.examples[*position].cluster.as_str());
        let offer = |(kind, list): (&Kind, &Vec<usize>)| {
            let place = list.iter().rposition(is_new).or_else(|| list.len().checked_sub(1))?;
            let shown = answers(*kind).map(|answer| self.shown.get(&answer).copied().unwrap_or(0));
            let counts: Vec<usize> = shown.collect();
            let missing = counts.iter().filter(|count| **count == 0).count();
            let new_cluster = is_new(&list[place]);
            let often = (counts.iter().sum::<usize>(), self.of_kind.get(kind).copied().unwrap_or(0));
            let worth = (missing, new_cluster, counts.len(), Reverse(often));
            (missing > 0 || new_cluster).then_some((worth, Reverse(*kind), place))
        };
        let Some((_, Reverse(kind), place)) = by_kind.iter().filter_map(offer).max() else { return false };
        let Some(position) = by_kind.get_mut(&kind).map(|list| list.remove(place)) else { return false };
        self.chosen.push(position);
        self.clusters.insert(&self.from.examples[position].cluster);
        *self.of_kind.entry(kind).or_default() += 1;
        answers(kind).for_each(|answer| *self.shown.entry(answer).or_default() += 1);
        true
    }
}

/// What an example of a kind shows: harm or none on each axis that applies.
fn answers(kind: Kind) -> impl Iterator<Item = (usize, bool)> {
    kind.into_iter().enumerate().filter_map(|(axis, positive)| Some((axis, positive?)))
}

/// An example that can be read and has a label on each axis that applies.
fn serves(from: &GoldSet, position: usize) -> bool {
    let example = &from.examples[position];
    let labelled = |axis: &Axis| from.labels.get(*axis)[position].severity.is_some();
    example.response.is_some() && example.axes.iter().all(labelled)
}

fn kind(from: &GoldSet, position: usize) -> Kind {
    Axis::ALL.map(|axis| {
        let severity = from.labels.get(axis)[position].severity.filter(|_| from.applies(position, axis))?;
        Some(severity >= from.card.axis(axis).threshold)
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
mod tests;
