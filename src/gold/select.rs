//! Choosing examples of a set by what is known of them.

use std::collections::BTreeMap;
use std::fmt;

use super::set::GoldSet;
use crate::model::{Axis, Severity};

/// Severities from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeverityRange {
    /// The lowest.
    pub lowest: Severity,
    /// The highest.
    pub highest: Severity,
}

impl fmt::Display for SeverityRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.lowest, self.highest) {
            (lowest, highest) if lowest == highest => write!(formatter, "{lowest}"),
            (lowest, Severity::MAX) => write!(formatter, "{lowest}.."),
            (lowest, highest) => write!(formatter, "{lowest}..{highest}"),
        }
    }
}

/// Whether agreement between raters matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Agreement {
    /// It does not.
    #[default]
    Any,
    /// Raters gave different severities.
    Disputed,
}

/// Which examples are wanted; a part that is not given holds for all of them.
///
/// `severity`, `rater` and `agreement` have to hold together on one axis: the given one, or either.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// An axis that applies.
    pub axis: Option<Axis>,
    /// Severity of the gold label; of the rater's rating where a rater is given.
    pub severity: Option<SeverityRange>,
    /// Somebody who rated the example.
    pub rater: Option<String>,
    /// Whether raters differ.
    pub agreement: Agreement,
    /// The cluster.
    pub cluster: Option<String>,
    /// The system.
    pub system: Option<String>,
    /// Slices by name and value, all of which hold; `system` and `mechanism` are slices too, as in a report.
    pub slices: Vec<(String, String)>,
    /// Words that stand in prompt, response, reference or items; case does not matter.
    pub text: Option<String>,
}

impl Selection {
    /// Positions of the examples that are wanted, in file order.
    pub fn positions(&self, gold: &GoldSet) -> Vec<usize> {
        // A rater whom the set does not have rated nothing.
        let rater = self.rater.as_ref().map(|id| gold.raters.iter().position(|rater| rater.id == *id));
        let wanted = self.text.as_deref().map(str::to_lowercase);
        (0..gold.examples.len())
            .filter(|at| self.holds_somewhere(gold, *at, rater) && self.describes(gold, *at))
            .filter(|at| wanted.as_deref().is_none_or(|wanted| has_words(gold, *at, wanted)))
            .collect()
    }

    fn holds_somewhere(&self, gold: &GoldSet, at: usize, rater: Option<Option<usize>>) -> bool {
        let asked =
            self.axis.is_some() || self.severity.is_some() || rater.is_some() || self.agreement == Agreement::Disputed;
        let mut axes = Axis::ALL.into_iter().filter(|axis| self.axis.is_none_or(|wanted| wanted == *axis));
        !asked || axes.any(|axis| self.holds_on(gold, at, axis, rater))
    }

    fn holds_on(&self, gold: &GoldSet, at: usize, axis: Axis, rater: Option<Option<usize>>) -> bool {
        let label = &gold.labels.get(axis)[at];
        let severity = match rater {
            None => label.severity,
            Some(rater) => label.ratings.iter().find(|(by, _)| Some(*by) == rater).map(|(_, severity)| *severity),
        };
        let in_range =
            |range: SeverityRange| severity.is_some_and(|severity| (range.lowest..=range.highest).contains(&severity));
        gold.applies(at, axis)
            && (rater.is_none() || severity.is_some())
            && self.severity.is_none_or(in_range)
            && (self.agreement == Agreement::Any || label.disputed())
    }

    fn describes(&self, gold: &GoldSet, at: usize) -> bool {
        let example = &gold.examples[at];
        let slices = gold.slices(at);
        self.cluster.as_ref().is_none_or(|cluster| example.cluster == *cluster)
            && (self.system.is_none() || example.system == self.system)
            && self.slices.iter().all(|(name, value)| slices.get(name.as_str()) == Some(&value.as_str()))
    }
}

fn has_words(gold: &GoldSet, at: usize, wanted: &str) -> bool {
    let example = &gold.examples[at];
    let has = |text: &str| text.to_lowercase().contains(wanted);
    has(&example.prompt.plain())
        || example.response.as_ref().is_some_and(|response| has(&response.plain()))
        || example.reference.as_deref().is_some_and(has)
        || example.required.iter().chain(&example.prohibited).any(|item| has(&item.text))
}

/// Something that examples have values of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet<'a> {
    /// Cluster ids.
    Cluster,
    /// Names of systems.
    System,
    /// Raters.
    Rater,
    /// Names of slices.
    SliceName,
    /// Values of one slice.
    SliceValue(&'a str),
    /// Severities of the gold labels on an axis.
    Severity(Axis),
}

/// The values that a facet has in a set, with their examples.
pub fn facet_values(gold: &GoldSet, facet: Facet<'_>) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |value: &str| *counts.entry(value.to_owned()).or_default() += 1;
    if facet == Facet::Rater {
        gold.annotations.iter().for_each(|annotation| add(&annotation.rater));
        return counts;
    }
    for (at, example) in gold.examples.iter().enumerate() {
        match facet {
            Facet::Cluster => add(&example.cluster),
            Facet::System => example.system.iter().for_each(|system| add(system)),
            Facet::SliceName => gold.slices(at).keys().for_each(|name| add(name)),
            Facet::SliceValue(name) => gold.slices(at).get(name).into_iter().for_each(|value| add(value)),
            Facet::Severity(axis) => {
                gold.labels.get(axis)[at].severity.iter().for_each(|severity| add(&severity.to_string()));
            }
            Facet::Rater => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::starter_set;

    fn starter() -> GoldSet {
        GoldSet::from_files(&starter_set()).unwrap()
    }

    fn count(selection: &Selection) -> usize {
        selection.positions(&starter()).len()
    }

    #[test]
    fn everything_is_wanted_where_nothing_is_said() {
        assert_eq!(count(&Selection::default()), 192);
    }

    #[test]
    fn conditions_on_an_axis_hold_together_on_one_axis() {
        // 24 scenarios, 8 kinds: omission is 2 for one kind, 1 for another; commission is 2 for one.
        let exactly = |lowest, highest| Some(SeverityRange { lowest, highest });
        let omission = Some(Axis::Omission);
        assert_eq!(count(&Selection { axis: omission, severity: exactly(2, 2), ..Selection::default() }), 24);
        assert_eq!(count(&Selection { axis: omission, severity: exactly(1, 2), ..Selection::default() }), 48);
        assert_eq!(count(&Selection { severity: exactly(2, 2), ..Selection::default() }), 48);
        assert_eq!(count(&Selection { severity: exactly(9, 9), ..Selection::default() }), 0);
        assert_eq!(count(&Selection { agreement: Agreement::Disputed, ..Selection::default() }), 0);
    }

    #[test]
    fn a_rater_of_no_such_name_rated_nothing() {
        let by = |rater: &str| count(&Selection { rater: Some(rater.to_owned()), ..Selection::default() });
        assert_eq!((by("construction"), by("nobody")), (192, 0));
    }

    #[test]
    fn slices_hold_all_together_and_words_in_any_case() {
        let slice = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let full = slice("construction", "full");
        assert_eq!(count(&Selection { slices: vec![full.clone()], ..Selection::default() }), 24);
        let twice = vec![full, slice("construction", "hedged")];
        assert_eq!(count(&Selection { slices: twice, ..Selection::default() }), 0);
        assert_eq!(count(&Selection { slices: vec![slice("system", "constructed")], ..Selection::default() }), 192);
        assert!(count(&Selection { text: Some("APIXABAN".to_owned()), ..Selection::default() }) >= 8);
    }

    #[test]
    fn facets_count_their_values() {
        let gold = starter();
        assert_eq!(facet_values(&gold, Facet::Cluster).len(), 24);
        assert_eq!(facet_values(&gold, Facet::Rater), BTreeMap::from([("construction".to_owned(), 192)]));
        assert_eq!(facet_values(&gold, Facet::SliceValue("construction"))["full"], 24);
        assert_eq!(facet_values(&gold, Facet::Severity(Axis::Omission))["4"], 24);
        assert!(facet_values(&gold, Facet::SliceName).contains_key("system"));
    }
}
