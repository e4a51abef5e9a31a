//! Where an example stands: its cluster, its combination of slice values and the votes of its raters, by position.

use std::collections::{BTreeMap, BTreeSet};

use super::votes::Votes;
use crate::gold::GoldSet;
use crate::model::{Axis, PerAxis, Severity};
use crate::table::{Answer, TrialRow};

/// Clusters and strata of a set: positions that rows refer to.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// Cluster ids, sorted.
    pub(crate) clusters: Vec<String>,
    /// Distinct combinations of slice values.
    pub(crate) strata: Vec<BTreeMap<String, String>>,
    cluster_of: Vec<u32>,
    stratum_of: Vec<u32>,
    votes: PerAxis<Votes>,
}

impl Layout {
    pub(crate) fn new(gold: &GoldSet) -> Self {
        let clusters: Vec<String> =
            gold.examples.iter().map(|example| example.cluster.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let slices: Vec<BTreeMap<String, String>> = (0..gold.examples.len()).map(|at| slices_of(gold, at)).collect();
        let strata: Vec<BTreeMap<String, String>> =
            slices.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let position = |found: Result<usize, usize>| found.map_or(u32::MAX, |index| index as u32);
        let cluster_of =
            gold.examples.iter().map(|example| position(clusters.binary_search(&example.cluster))).collect();
        let stratum_of = slices.iter().map(|slices| position(strata.binary_search(slices))).collect();
        let votes = PerAxis::from_fn(|axis| Votes::new(gold, axis));
        Self { clusters, strata, cluster_of, stratum_of, votes }
    }

    /// Position of the cluster of the example at a position.
    pub(crate) fn cluster(&self, example: usize) -> usize {
        self.cluster_of[example] as usize
    }

    /// What the raters said on an axis.
    pub(crate) fn votes(&self, axis: Axis) -> &Votes {
        self.votes.get(axis)
    }

    /// A row without items.
    pub(crate) fn row(
        &self,
        subject: u32,
        axis: Axis,
        example: usize,
        gold: Severity,
        answer: Answer,
        repeats: u32,
    ) -> TrialRow {
        TrialRow {
            subject,
            axis: axis.index() as u32,
            cluster: self.cluster_of[example],
            stratum: self.stratum_of[example],
            gold,
            elsewhere: 0,
            answer,
            repeats,
            items_missed: 0,
            items_missed_found: 0,
            items_hit: 0,
            items_hit_flagged: 0,
        }
    }
}

/// The slices of an example, to be kept.
fn slices_of(gold: &GoldSet, position: usize) -> BTreeMap<String, String> {
    gold.slices(position).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
