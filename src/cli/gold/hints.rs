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
    let base = || Selection { axis: selection.axis, ..Selection::default() };
    let on = selection.axis.map(|axis| format!(" on {axis}")).unwrap_or_default();
    let mut filters = Vec::new();
    if let Some(axis) = selection.axis {
        filters.push((format!("--axis {axis}"), base()));
    }
    if let Some(range) = selection.severity {
        let range_text = match (range.lowest, range.highest) {
            (lowest, highest) if lowest == highest => lowest.to_string(),
            (lowest, u8::MAX) => format!("{lowest}.."),
            (lowest, highest) => format!("{lowest}..{highest}"),
        };
        filters.push((format!("--severity {range_text}{on}"), Selection { severity: Some(range), ..base() }));
    }
    if let Some(rater) = &selection.rater {
        let alone = Selection { rater: Some(rater.clone()), ..base() };
        filters.push((format!("--rater {}{on}", shown(rater)), alone));
    }
    if selection.agreement == Agreement::Disputed {
        filters.push((format!("--disputed{on}"), Selection { agreement: Agreement::Disputed, ..base() }));
    }
    if let Some(cluster) = &selection.cluster {
        let alone = Selection { cluster: Some(cluster.clone()), ..Selection::default() };
        filters.push((format!("--cluster {}", shown(cluster)), alone));
    }
    if let Some(system) = &selection.system {
        let alone = Selection { system: Some(system.clone()), ..Selection::default() };
        filters.push((format!("--system {}", shown(system)), alone));
    }
    for slice in &selection.slices {
        let alone = Selection { slices: vec![slice.clone()], ..Selection::default() };
        filters.push((format!("--slice {}", shown(&format!("{}={}", slice.0, slice.1))), alone));
    }
    if let Some(text) = &selection.text {
        let alone = Selection { text: Some(text.clone()), ..Selection::default() };
        filters.push((format!("--text {}", shown(text)), alone));
    }
    filters
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
