//! Names of a set: ids, clusters, systems, raters, slices, items. They are compared byte by byte and printed everywhere, so
//! that each of their characters has to be visible.

use std::collections::{BTreeMap, BTreeSet};

use super::jsonl::Located;
use crate::model::{Annotation, Example, MECHANISM_SLICE, SYSTEM_SLICE, is_deceptive, shown};

/// Names of slices that a report makes itself.
const RESERVED: [&str; 2] = [SYSTEM_SLICE, MECHANISM_SLICE];

// A report has every number of a slice for every judge and axis: 20,000 values took a gigabyte for five judges. A column
// with more values than these is an id or a text.
const MOST_SLICES: usize = 100;
/// Most values of one slice; the mechanism is one.
pub const MOST_VALUES: usize = 200;
const MOST_TOGETHER: usize = 5000;
const MOST_SYSTEMS: usize = 1000;

/// What is wrong with a name (an id, a mechanism, a level), if anything: nothing in it, or a character that cannot be seen.
pub fn fault_of(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("found nothing; allowed: text".to_owned());
    }
    let allowed = "text without control, bidirectional or zero-width characters";
    name.contains(is_deceptive).then(|| format!("found {}; allowed: {allowed}", shown(name)))
}

/// Whether a slice may have this name.
pub(super) fn may_name_a_slice(name: &str) -> bool {
    fault_of(name).is_none() && !RESERVED.contains(&name)
}

/// Faults of the names in an example, by key.
pub(super) fn check_example_names(example: &Example, fault: &mut impl FnMut(&str, String)) {
    let mut check = |key: &str, name: &str| {
        if let Some(message) = fault_of(name) {
            fault(key, message);
        }
    };
    check("id", &example.id);
    check("cluster", &example.cluster);
    if let Some(system) = &example.system {
        check("system", system);
    }
    if let Some(pair) = &example.pair {
        check("pair.id", &pair.id);
        check("pair.role", &pair.role);
    }
    for (key, items) in [("required", &example.required), ("prohibited", &example.prohibited)] {
        for (index, item) in items.iter().enumerate() {
            if let Some(message) = fault_of(&item.id) {
                fault(&format!("{key}[{index}].id"), message);
            }
        }
    }
    for (name, value) in &example.slices {
        if let Some(message) = fault_of(name) {
            fault("slices", message);
        }
        // A value may be empty: not known is a subgroup too.
        if let Some(message) = fault_of(value).filter(|_| !value.is_empty()) {
            fault(&format!("slices.{name}"), message);
        }
    }
    for name in RESERVED.iter().filter(|name| example.slices.contains_key(**name)) {
        fault("slices", format!("found \"{name}\", which a report makes itself; allowed: another name"));
    }
}

/// Faults of the names in an annotation, by key.
pub(super) fn check_annotation_names(annotation: &Annotation, fault: &mut impl FnMut(&str, String)) {
    for (key, name) in [("rater", Some(&annotation.rater)), ("mechanism", annotation.mechanism.as_ref())] {
        if let Some(message) = name.and_then(|name| fault_of(name)) {
            fault(key, message);
        }
    }
}

/// Different values, up to as many as a report can hold.
pub(super) struct Distinct<T> {
    seen: BTreeSet<T>,
    most: usize,
    what: &'static str,
}

impl<T: Ord> Distinct<T> {
    /// None yet, and what they are called in a message.
    pub(super) const fn at_most(most: usize, what: &'static str) -> Self {
        Self { seen: BTreeSet::new(), most, what }
    }

    /// Says so at the first value too many, once; those after it are passed over.
    pub(super) fn add(&mut self, value: T) -> Option<String> {
        let Self { most, what, .. } = *self;
        let first_too_many = self.seen.len() <= most && self.seen.insert(value) && self.seen.len() > most;
        first_too_many.then(|| format!("found more than {most} {what}; allowed: at most {most}"))
    }
}

/// Line, key and message of the first slice, value or system too many.
pub(super) fn too_many_values(examples: &[Located<Example>]) -> Vec<(usize, String, String)> {
    let mut systems = Distinct::at_most(MOST_SYSTEMS, "systems");
    let mut names = Distinct::at_most(MOST_SLICES, "slices");
    let mut together = Distinct::at_most(MOST_TOGETHER, "values of all slices together");
    let mut values: BTreeMap<&str, Distinct<&str>> = BTreeMap::new();
    let mut faults = Vec::new();
    for Located { line, value: example } in examples {
        let mut fault = |key: String, message: String| faults.push((*line, key, message));
        if let Some(message) = example.system.as_deref().and_then(|system| systems.add(system)) {
            fault("system".to_owned(), message);
        }
        for (name, value) in &example.slices {
            for message in [names.add(name.as_str()), together.add((name, value))].into_iter().flatten() {
                fault("slices".to_owned(), message);
            }
            let own = values.entry(name).or_insert_with(|| Distinct::at_most(MOST_VALUES, "values of a slice"));
            if let Some(message) = own.add(value) {
                fault(format!("slices.{name}"), message);
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_a_name_is_visible() {
        assert_eq!(fault_of("fi\u{e8}vre/3 \u{6f22}\u{5b57}"), None);
        assert_eq!(fault_of("").unwrap(), "found nothing; allowed: text");
        for hidden in
            ["\u{1b}[2J", "\n", "\u{9b}", "\u{202e}", "\u{200b}", "\u{feff}", "\u{e0041}", "\u{2028}", "\u{ad}"]
        {
            let message = fault_of(&format!("a{hidden}b")).unwrap();
            assert!(message.contains("allowed: text without control"), "{message}");
        }
    }
}
