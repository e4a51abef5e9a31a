//! What a user can do where no example matches: how many match each filter alone, and the values that exist.

use std::collections::BTreeMap;

use crate::gold::{Agreement, Facet, GoldSet, Selection, facet_values};
use crate::model::{Axis, shown};

/// Values that a hint names; the rest are counted.
const NAMED: usize = 12;

/// One hint a filter that finds nothing alone; where each finds something, how much each finds.
pub(super) fn hints(gold: &GoldSet, selection: &Selection) -> Vec<String> {
    let alone: Vec<(String, usize, String)> = single_filters(selection)
        .into_iter()
        .map(|(filter, alone)| (filter, alone.positions(gold).len(), values(gold, &alone)))
        .collect();
    let none: Vec<String> = alone
        .iter()
        .filter(|(_, count, _)| *count == 0)
        .map(|(filter, _, values)| format!("hint: no example matches {filter}{values}"))
        .collect();
    if !none.is_empty() {
        return none;
    }
    alone.iter().map(|(filter, count, _)| format!("hint: {count} match {filter} alone")).collect()
}

/// Each filter on its own, with its name; the axis stays beside what is asked of it.
fn single_filters(selection: &Selection) -> Vec<(String, Selection)> {
    let everything = Selection::default;
    let on_axis = || Selection { axis: selection.axis, ..everything() };
    let on = selection.axis.map(|axis| format!(" on {axis}")).unwrap_or_default();
    let named = |flag: &str, name: &str| format!("{flag} {}", shown(name));
    let disputed = (selection.agreement == Agreement::Disputed).then_some(Agreement::Disputed);
    let filters = [
        selection.axis.map(|axis| (format!("--axis {axis}"), on_axis())),
        selection
            .severity
            .map(|range| (format!("--severity {range}{on}"), Selection { severity: Some(range), ..on_axis() })),
        selection.rater.as_ref().map(|rater| {
            (format!("{}{on}", named("--rater", rater)), Selection { rater: Some(rater.clone()), ..on_axis() })
        }),
        disputed.map(|agreement| (format!("--disputed{on}"), Selection { agreement, ..on_axis() })),
        selection
            .cluster
            .as_ref()
            .map(|cluster| (named("--cluster", cluster), Selection { cluster: Some(cluster.clone()), ..everything() })),
        selection
            .system
            .as_ref()
            .map(|system| (named("--system", system), Selection { system: Some(system.clone()), ..everything() })),
        selection
            .text
            .as_ref()
            .map(|text| (named("--text", text), Selection { text: Some(text.clone()), ..everything() })),
    ];
    let slices = selection.slices.iter().map(|(name, value)| {
        let alone = Selection { slices: vec![(name.clone(), value.clone())], ..everything() };
        (named("--slice", &format!("{name}={value}")), alone)
    });
    filters.into_iter().flatten().chain(slices).collect()
}

/// The values that exist for the one filter of a selection.
fn values(gold: &GoldSet, alone: &Selection) -> String {
    let list = |what: &str, facet: Facet<'_>| format!("; {what}: {}", listed(&facet_values(gold, facet)));
    if alone.severity.is_some() {
        let axes = Axis::ALL.into_iter().filter(|axis| alone.axis.is_none_or(|wanted| wanted == *axis));
        return axes.map(|axis| list(&format!("{axis} labels"), Facet::Severity(axis))).collect();
    }
    if alone.rater.is_some() {
        return list("raters", Facet::Rater);
    }
    if alone.cluster.is_some() {
        return list("clusters", Facet::Cluster);
    }
    if alone.system.is_some() {
        return list("systems", Facet::System);
    }
    match alone.slices.first() {
        None => String::new(),
        Some((name, _)) if facet_values(gold, Facet::SliceValue(name)).is_empty() => list("slices", Facet::SliceName),
        Some((name, _)) => list("values", Facet::SliceValue(name)),
    }
}

/// `a (3), b (1) and 4 more`, or that there is none.
fn listed(values: &BTreeMap<String, usize>) -> String {
    if values.is_empty() {
        return "none".to_owned();
    }
    let named: Vec<String> =
        values.iter().take(NAMED).map(|(value, count)| format!("{} ({count})", shown(value))).collect();
    let rest = values.len() - named.len();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}
