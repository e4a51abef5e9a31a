//! Clusters, or groups of them, that a jackknife leaves out in turn.

use super::table::Context;
use crate::stats::Estimate;
use crate::stats::random::{StreamKey, uniform};

/// A place for each cluster in an order that depends on the seed and on its id alone.
pub(crate) fn shuffled_places(context: &Context<'_>) -> Vec<usize> {
    let ids = &context.layout.clusters;
    let draw = |id: &String| {
        let mut stream = StreamKey::new(context.options.seed, id, "", "order_of_clusters").stream(0);
        uniform(&mut stream)
    };
    let draws: Vec<f64> = ids.iter().map(draw).collect();
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by(|one, other| draws[*one].total_cmp(&draws[*other]).then(one.cmp(other)));
    let mut places = vec![0; ids.len()];
    order.iter().enumerate().for_each(|(place, cluster)| places[*cluster] = place);
    places
}

/// Clusters, or groups of clusters, that a jackknife leaves out in turn.
pub(crate) struct Groups {
    /// The group of each cluster of the set.
    pub(crate) of: Vec<usize>,
    /// How many.
    pub(crate) count: usize,
    /// Clusters in them.
    clusters: usize,
}

/// Name of the jackknife over groups of clusters.
const GROUPED: &str = "grouped_cluster_jackknife_t";

/// Passes over an item up to which every cluster is left out in turn.
const CHEAP: usize = 200_000;

/// Groups beyond it.
const GROUPS: usize = 20;

/// Every cluster of the items by itself, where a jackknife over them is cheap; else at random in twenty groups of equal size
/// (delete-a-group jackknife, Kott 2001, J Official Statistics 17:521).
pub(crate) fn grouped(clusters: impl Iterator<Item = u32>, items: usize, context: &Context<'_>) -> Groups {
    let mut own: Vec<usize> = clusters.map(|cluster| cluster as usize).collect();
    own.sort_unstable();
    own.dedup();
    let count = if own.len() * items <= CHEAP { own.len() } else { own.len().min(GROUPS) };
    let mut of = vec![usize::MAX; context.layout.clusters.len()];
    if count < own.len() {
        let places = shuffled_places(context);
        own.sort_unstable_by_key(|cluster| places[*cluster]);
    }
    own.iter().enumerate().for_each(|(place, cluster)| of[*cluster] = place % count.max(1));
    Groups { of, count, clusters: own.len() }
}

impl Groups {
    /// Says in an estimate that groups were left out, not clusters, and over how many clusters it is.
    pub(crate) fn name(&self, estimate: &mut Estimate) {
        estimate.clusters = self.clusters;
        if self.count < self.clusters {
            GROUPED.clone_into(&mut estimate.method);
        }
    }
}
