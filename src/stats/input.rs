//! Checks at the door of the methods: what a malformed input is, and where it is malformed.

use thiserror::Error;

use super::special::{normal_critical, t_critical};

/// An input on which a method cannot be run. Degenerate but well-formed data are not here: they give
/// [`Undefined`](super::Undefined).
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum InputError {
    /// Two inputs that go together differ in length.
    #[error("{what}: {found} values where {expected} belong")]
    Length {
        /// Name of the input.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length of the input it goes with.
        expected: usize,
    },
    /// A value is NaN or infinite.
    #[error("{what}: value {index} is not finite")]
    NotFinite {
        /// Name of the input.
        what: &'static str,
        /// Position of the value, from 0.
        index: usize,
    },
    /// A value is outside of what the method allows.
    #[error("{what}: value {index} is {value}; allowed: {allowed}")]
    OutOfRange {
        /// Name of the input.
        what: &'static str,
        /// Position of the value, from 0; 0 for a scalar.
        index: usize,
        /// The value found.
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
}

/// Refuses an input whose length is not that of its partner.
pub(crate) fn same_length(what: &'static str, found: usize, expected: usize) -> Result<(), InputError> {
    if found == expected { Ok(()) } else { Err(InputError::Length { what, found, expected }) }
}

/// Refuses NaN and infinities.
pub(crate) fn all_finite(what: &'static str, values: &[f64]) -> Result<(), InputError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(InputError::NotFinite { what, index }),
        None => Ok(()),
    }
}

/// Refuses values outside `[0, 1]`.
pub(crate) fn all_probabilities(what: &'static str, values: &[f64]) -> Result<(), InputError> {
    all_finite(what, values)?;
    match values.iter().position(|value| !(0.0..=1.0).contains(value)) {
        Some(index) => Err(InputError::OutOfRange { what, index, value: values[index], allowed: "0 to 1" }),
        None => Ok(()),
    }
}

/// Refuses negative values (counts may be fractional: repeats are averaged within their example).
pub(crate) fn all_counts(what: &'static str, values: &[f64]) -> Result<(), InputError> {
    all_finite(what, values)?;
    match values.iter().position(|value| *value < 0.0) {
        Some(index) => Err(InputError::OutOfRange { what, index, value: values[index], allowed: "0 or more" }),
        None => Ok(()),
    }
}

/// Refuses a scalar that does not lie strictly between 0 and 1 (a confidence level, an alpha, a power).
pub(crate) fn open_unit(what: &'static str, value: f64) -> Result<(), InputError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    if value.is_finite() {
        return Err(InputError::OutOfRange { what, index: 0, value, allowed: "strictly between 0 and 1" });
    }
    Err(InputError::NotFinite { what, index: 0 })
}

/// A two-sided confidence level, strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// The level that every report of ours uses unless told otherwise.
    pub const DEFAULT: Self = Self(0.95);

    /// A level such as 0.95.
    ///
    /// **Errors**: not strictly between 0 and 1.
    pub fn new(level: f64) -> Result<Self, InputError> {
        open_unit("confidence level", level)?;
        Ok(Self(level))
    }

    /// The level itself.
    pub fn level(self) -> f64 {
        self.0
    }

    /// Upper tail that one limit leaves out, (1 - level) / 2.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// Two-sided normal critical value.
    pub fn normal(self) -> f64 {
        normal_critical(self.0)
    }

    /// Two-sided critical value of Student's t with `df > 0` degrees of freedom.
    pub fn student(self, df: f64) -> f64 {
        t_critical(self.0, df)
    }
}

/// Clusters renumbered 0, 1, … in the order of their sorted ids, so that sums over clusters have one fixed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    index: Vec<usize>,
    count: usize,
}

impl Clusters {
    /// Renumbers `ids`, one per item, in any numbering.
    pub fn new(ids: &[usize]) -> Self {
        let mut distinct = ids.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let index = ids.iter().map(|id| distinct.partition_point(|known| known < id)).collect();
        Self { index, count: distinct.len() }
    }

    /// Number of distinct clusters, G.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The cluster of each item, 0 to G-1.
    pub fn index(&self) -> &[usize] {
        &self.index
    }

    /// Sum of `values` within each cluster, in item order.
    pub fn totals(&self, values: &[f64]) -> Vec<f64> {
        let mut totals = vec![0.0; self.count];
        for (&cluster, &value) in self.index.iter().zip(values) {
            totals[cluster] += value;
        }
        totals
    }

    /// The items of each cluster, in item order.
    pub fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.count];
        for (item, &cluster) in self.index.iter().enumerate() {
            members[cluster].push(item);
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_numbered_in_the_order_of_their_ids() {
        let clusters = Clusters::new(&[7, 3, 7, 40]);
        assert_eq!(clusters.index(), [1, 0, 1, 2]);
        assert_eq!(clusters.totals(&[1.0, 2.0, 4.0, 8.0]), [2.0, 5.0, 8.0]);
        assert_eq!(clusters.members(), [vec![1], vec![0, 2], vec![3]]);
        assert_eq!((clusters.count(), clusters.len(), clusters.is_empty()), (3, 4, false));
        assert!(Clusters::new(&[]).is_empty());
    }

    #[test]
    fn a_malformed_input_is_named_with_its_place() {
        let error = all_probabilities("p", &[0.0, 1.0, 1.5]).unwrap_err();
        assert_eq!(error.to_string(), "p: value 2 is 1.5; allowed: 0 to 1");
        let error = all_probabilities("p", &[0.0, f64::NAN]).unwrap_err();
        assert_eq!(error.to_string(), "p: value 1 is not finite");
        assert_eq!(same_length("y", 2, 3).unwrap_err().to_string(), "y: 2 values where 3 belong");
        assert!(all_counts("n", &[0.0, -1.0]).is_err());
        assert!(open_unit("level", 1.0).is_err() && open_unit("level", f64::NAN).is_err());
        assert!(open_unit("level", 0.95).is_ok());
    }
}
