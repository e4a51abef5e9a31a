//! Required items: does the judge see which one is missing?

use std::collections::BTreeMap;

use crate::measure::counts::whole;
use crate::measure::evaluation::ItemEvaluation;
use crate::stats::Undefined;
use crate::stats::proportion::{ClusterCount, clustered_proportion, totals};
use crate::table::{Answer, Count, TrialRow};

/// Item recall and false-alarm rate of one judge from its rows on omission; an item weighs one over the repeats.
pub(crate) fn items<'a>(counts: impl Iterator<Item = &'a Count> + Clone, level: f64) -> ItemEvaluation {
    let missed = by_cluster(counts.clone(), |row| (row.items_missed_found, row.items_missed));
    // An item of a verdict that did not come is one that the judge does not mark.
    let silent = by_cluster(counts.clone(), |row| match row.answer {
        Answer::Unscored(_) => (row.items_missed, row.items_missed),
        Answer::Severity(_) => (0, 0),
    });
    let hit = by_cluster(counts, |row| (row.items_hit_flagged, row.items_hit));
    ItemEvaluation {
        recall: clustered_proportion(&missed, level, Undefined::NoPositives).with_missing(whole(totals(&silent).hits)),
        false_alarm_rate: clustered_proportion(&hit, level, Undefined::NoNegatives),
    }
}

fn by_cluster<'a>(
    counts: impl Iterator<Item = &'a Count>,
    items: impl Fn(&TrialRow) -> (u32, u32),
) -> Vec<ClusterCount> {
    let mut exact: BTreeMap<(u32, u32), (u64, u64)> = BTreeMap::new();
    for count in counts {
        let (hits, total) = items(&count.row);
        let sums = exact.entry((count.row.cluster, count.row.repeats)).or_default();
        sums.0 += u64::from(hits);
        sums.1 += u64::from(total);
    }
    let mut clusters: BTreeMap<u32, ClusterCount> = BTreeMap::new();
    for ((cluster, repeats), (hits, total)) in exact {
        let sums = clusters.entry(cluster).or_insert(ClusterCount { hits: 0.0, total: 0.0 });
        sums.hits += hits as f64 / f64::from(repeats);
        sums.total += total as f64 / f64::from(repeats);
    }
    clusters.into_values().collect()
}
