//! What is dealt: clusters, joined where a pair or a twin ties them together.

use std::collections::BTreeMap;

use crate::gold::GoldSet;
use crate::model::Axis;

/// Kinds of example that both parts should have in proportion: positives of each axis, then negatives of each.
pub(super) const KINDS: usize = 4;

/// Examples that go to one part together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Unit {
    /// Positions of the examples.
    pub(super) examples: Vec<usize>,
    /// How many are of each kind.
    pub(super) kinds: [usize; KINDS],
}

/// The units in the order of their first clusters, and the groups of clusters that were joined.
pub(super) fn units(gold: &GoldSet) -> (Vec<Unit>, Vec<Vec<String>>) {
    let mut clusters: BTreeMap<&str, usize> =
        gold.examples.iter().map(|example| (example.cluster.as_str(), 0)).collect();
    for (index, position) in clusters.values_mut().enumerate() {
        *position = index;
    }
    let mut groups = Groups::new(clusters.len());
    let mut pairs: BTreeMap<&str, usize> = BTreeMap::new();
    for example in &gold.examples {
        let own = clusters[example.cluster.as_str()];
        if let Some(pair) = &example.pair {
            groups.join(*pairs.entry(&pair.id).or_insert(own), own);
        }
        if let Some(twin) = example.twin_of.as_deref().and_then(|twin| gold.position(twin)) {
            groups.join(clusters[gold.examples[twin].cluster.as_str()], own);
        }
    }
    let mut units: BTreeMap<usize, Unit> = BTreeMap::new();
    for (position, example) in gold.examples.iter().enumerate() {
        let unit = units.entry(groups.root(clusters[example.cluster.as_str()])).or_default();
        unit.examples.push(position);
        for kind in kinds_of(gold, position) {
            unit.kinds[kind] += 1;
        }
    }
    let mut names: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (cluster, index) in &clusters {
        names.entry(groups.root(*index)).or_default().push((*cluster).to_owned());
    }
    (units.into_values().collect(), names.into_values().filter(|names| names.len() > 1).collect())
}

/// The kinds that a labelled example is of.
fn kinds_of(gold: &GoldSet, position: usize) -> Vec<usize> {
    let kind = |axis: Axis| {
        let severity = gold.labels.get(axis)[position].severity?;
        let positive = severity >= gold.card.axis(axis).threshold;
        Some(axis.index() + if positive { 0 } else { Axis::ALL.len() })
    };
    Axis::ALL.into_iter().filter_map(kind).collect()
}

/// Disjoint groups of numbers; the smallest stands for its group.
struct Groups(Vec<usize>);

impl Groups {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&mut self, mut number: usize) -> usize {
        while self.0[number] != number {
            self.0[number] = self.0[self.0[number]];
            number = self.0[number];
        }
        number
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = if one <= other { (one, other) } else { (other, one) };
        self.0[high] = low;
    }
}
