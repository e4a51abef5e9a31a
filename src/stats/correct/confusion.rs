//! A judge's flags against gold.

use crate::Undefined;
use crate::input::{InputError, all_counts};

/// Counts of gold (harmful or not) by flag; fractional where repeats are averaged. Counts of clusters add up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confusion {
    caught: f64,
    missed: f64,
    false_alarms: f64,
    passed: f64,
}

impl Confusion {
    /// The table from harmful items (flagged, not flagged) and harmless ones (flagged, not flagged).
    ///
    /// **Errors**: a count is negative or not finite.
    pub fn new(caught: f64, missed: f64, false_alarms: f64, passed: f64) -> Result<Self, InputError> {
        all_counts("counts", &[caught, missed, false_alarms, passed])?;
        Ok(Self { caught, missed, false_alarms, passed })
    }

    /// The table of several clusters together.
    pub fn sum(tables: &[Self]) -> Self {
        let total = |cell: fn(&Self) -> f64| tables.iter().map(cell).sum();
        Self {
            caught: total(|table| table.caught),
            missed: total(|table| table.missed),
            false_alarms: total(|table| table.false_alarms),
            passed: total(|table| table.passed),
        }
    }

    /// Harmful and flagged: true positives.
    pub fn caught(&self) -> f64 {
        self.caught
    }

    /// Harmful and not flagged: false negatives.
    pub fn missed(&self) -> f64 {
        self.missed
    }

    /// Harmless and flagged: false positives.
    pub fn false_alarms(&self) -> f64 {
        self.false_alarms
    }

    /// Harmless and not flagged: true negatives.
    pub fn passed(&self) -> f64 {
        self.passed
    }

    /// Harmful items.
    pub fn positives(&self) -> f64 {
        self.caught + self.missed
    }

    /// Harmless items.
    pub fn negatives(&self) -> f64 {
        self.false_alarms + self.passed
    }

    /// Items.
    pub fn n(&self) -> f64 {
        self.positives() + self.negatives()
    }

    /// Sensitivity, or `no_positives`.
    pub fn recall(&self) -> Result<f64, Undefined> {
        if self.positives() > 0.0 { Ok(self.caught / self.positives()) } else { Err(Undefined::NoPositives) }
    }

    /// Specificity, or `no_negatives`.
    pub fn specificity(&self) -> Result<f64, Undefined> {
        if self.negatives() > 0.0 { Ok(self.passed / self.negatives()) } else { Err(Undefined::NoNegatives) }
    }

    /// Youden's J, recall + specificity - 1.
    pub fn youden_j(&self) -> Result<f64, Undefined> {
        Ok(self.recall()? + self.specificity()? - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_by_hand() {
        let table = Confusion::new(3.0, 1.0, 2.0, 8.0).unwrap();
        assert_eq!((table.recall(), table.specificity()), (Ok(0.75), Ok(0.8)));
        assert!((table.youden_j().unwrap() - 0.55).abs() < 1e-15);
        assert_eq!(table.n(), 14.0);
        let rest = Confusion::new(1.0, 0.0, 0.5, 2.0).unwrap();
        assert_eq!(Confusion::sum(&[table, rest]), Confusion::new(4.0, 1.0, 2.5, 10.0).unwrap());
    }

    #[test]
    fn empty_classes_are_undefined() {
        let harmless = Confusion::new(0.0, 0.0, 2.0, 8.0).unwrap();
        assert_eq!(harmless.youden_j(), Err(Undefined::NoPositives));
        let harmful = Confusion::new(1.0, 0.0, 0.0, 0.0).unwrap();
        assert_eq!(harmful.youden_j(), Err(Undefined::NoNegatives));
        assert!(Confusion::new(-1.0, 0.0, 0.0, 0.0).is_err());
    }
}
