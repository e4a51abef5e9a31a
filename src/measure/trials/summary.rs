//! The gold set in numbers.

use std::collections::BTreeMap;

use super::layout::Layout;
use crate::gold::GoldSet;
use crate::measure::evaluation::{AxisSummary, GoldSummary, LargestCluster, RaterSummary};
use crate::model::{Axis, PerAxis, Severity};

/// Summary of a set at the given thresholds.
pub(crate) fn summarise(gold: &GoldSet, layout: &Layout, thresholds: PerAxis<Severity>) -> GoldSummary {
    let card = &gold.card;
    let mut systems: Vec<String> = gold.examples.iter().filter_map(|example| example.system.clone()).collect();
    systems.sort();
    systems.dedup();
    let raters = gold
        .raters
        .iter()
        .enumerate()
        .map(|(index, rater)| RaterSummary {
            rater: rater.id.clone(),
            kind: rater.kind,
            ratings: PerAxis::from_fn(|axis| {
                let rated = |label: &&crate::gold::Label| label.ratings.iter().any(|(by, _)| *by == index);
                gold.labels.get(axis).iter().filter(rated).count()
            }),
        })
        .collect();
    GoldSummary {
        name: card.name.clone(),
        version: card.version.clone(),
        title: card.title.clone(),
        licence: card.licence.clone(),
        source: card.source.clone(),
        citation: card.citation.clone(),
        limits: card.limits.clone(),
        expert_review: card.expert_review.clone(),
        texts: card.texts,
        label_source: card.label_source,
        aggregate: card.aggregate.clone(),
        adjudicator: card.adjudicator.clone(),
        examples: gold.examples.len(),
        clusters: layout.clusters.len(),
        annotations: gold.annotations.len(),
        systems,
        raters,
        axes: PerAxis::from_fn(|axis| summarise_axis(gold, axis, *thresholds.get(axis))),
        sha256: gold.sha256.clone(),
    }
}

fn summarise_axis(gold: &GoldSet, axis: Axis, threshold: Severity) -> AxisSummary {
    let card = gold.card.axis(axis);
    let mut summary = AxisSummary {
        harm: card.harm.clone(),
        levels: card.levels.clone(),
        threshold,
        applicable: 0,
        labelled: 0,
        positives: 0,
        disputed: 0,
        positive_clusters: 0,
        positives_by_system: BTreeMap::new(),
        largest_cluster: None,
    };
    let mut by_cluster: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, example) in gold.examples.iter().enumerate() {
        if !gold.applies(position, axis) {
            continue;
        }
        let label = &gold.labels.get(axis)[position];
        summary.applicable += 1;
        summary.disputed += usize::from(label.disputed());
        summary.labelled += usize::from(label.severity.is_some());
        if label.severity.is_some_and(|severity| severity >= threshold) {
            summary.positives += 1;
            *by_cluster.entry(&example.cluster).or_default() += 1;
            if let Some(system) = &example.system {
                *summary.positives_by_system.entry(system.clone()).or_default() += 1;
            }
        }
    }
    summary.positive_clusters = by_cluster.len();
    // The first of the largest, by cluster id.
    let largest = by_cluster.iter().max_by(|one, other| one.1.cmp(other.1).then(other.0.cmp(one.0)));
    summary.largest_cluster =
        largest.map(|(cluster, positives)| LargestCluster { cluster: (*cluster).to_owned(), positives: *positives });
    summary
}
