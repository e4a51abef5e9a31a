//! Rows that belong together: which values make an example, and what is the same in all rows of one.

use std::collections::{BTreeMap, BTreeSet};

use crate::gold::import::Preview;
use crate::model::is_deceptive;

/// The group of each row, numbered in the order of their first rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Groups {
    pub(super) of_row: Vec<usize>,
    pub(super) count: usize,
}

impl Groups {
    /// Groups the rows by the values at several paths, joined as a template joins them. None where a value is missing or
    /// could not stand in an id.
    pub(super) fn by(preview: &Preview, paths: &[&str], fit: Fit) -> Option<Self> {
        let mut keys: Vec<String> = vec![String::new(); preview.len()];
        for (position, path) in paths.iter().enumerate() {
            for (key, text) in keys.iter_mut().zip(preview.texts(path)) {
                let text = text?;
                if fit == Fit::Id && text.contains(is_deceptive) {
                    return None;
                }
                if position > 0 {
                    key.push('/');
                }
                key.push_str(&text);
            }
        }
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let of_row = keys
            .iter()
            .map(|key| {
                let next = numbers.len();
                *numbers.entry(key).or_insert(next)
            })
            .collect();
        Some(Self { of_row, count: numbers.len() })
    }

    /// Every row by itself.
    pub(super) fn rows(preview: &Preview) -> Self {
        Self { of_row: (0..preview.len()).collect(), count: preview.len() }
    }

    /// Whether every row is a group of its own.
    pub(super) fn is_unique(&self) -> bool {
        self.count == self.of_row.len()
    }

    /// Whether all rows of a group have the same cell at a path.
    pub(super) fn share(&self, preview: &Preview, path: &str) -> bool {
        let mut first = vec![None; self.count];
        self.of_row.iter().zip(preview.cells(path)).all(|(group, cell)| *first[*group].get_or_insert(cell) == cell)
    }

    /// Whether no group has the same value at a path twice.
    pub(super) fn once_each(&self, preview: &Preview, path: &str) -> bool {
        let mut seen = BTreeSet::new();
        self.of_row.iter().zip(preview.texts(path)).all(|(group, text)| seen.insert((*group, text)))
    }

    /// Whether groups of `other` lie within one group of this one each.
    pub(super) fn hold(&self, other: &Self) -> bool {
        let mut first = vec![None; other.count];
        other.of_row.iter().zip(&self.of_row).all(|(inner, outer)| *first[*inner].get_or_insert(*outer) == *outer)
    }
}

/// What the values are grouped for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// An id: no control characters.
    Id,
    /// Anything.
    Any,
}
