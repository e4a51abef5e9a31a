//! Where raters part: examples and items on which the independent raters gave different answers, or no usable one.

use std::collections::BTreeMap;

use super::set::GoldSet;
use crate::model::{Axis, ItemMark, PerAxis, Severity};

/// What the independent raters said of one example on one axis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AxisAnswers {
    /// Severities with the position of each rater among the set's raters, in that order.
    pub ratings: Vec<(usize, Severity)>,
    /// Raters who looked and could not tell, in the same order.
    pub cannot_judge: Vec<usize>,
}

impl AxisAnswers {
    /// How far the severities lie apart; none where fewer than two were given.
    pub fn difference(&self) -> Option<Severity> {
        let severities = || self.ratings.iter().map(|(_, severity)| *severity);
        let (lowest, highest) = severities().min().zip(severities().max())?;
        (self.ratings.len() > 1).then_some(highest - lowest)
    }

    /// Whether everyone who looked could not tell.
    pub fn nobody_could_judge(&self) -> bool {
        self.ratings.is_empty() && !self.cannot_judge.is_empty()
    }

    /// Whether one rater calls it a positive and another does not.
    pub fn across(&self, threshold: Severity) -> bool {
        let positive = |(_, severity): &(usize, Severity)| *severity >= threshold;
        self.ratings.iter().any(positive) && !self.ratings.iter().all(positive)
    }
}

/// The marks that the independent raters gave one required item, with the position of each rater.
pub type ItemMarks = Vec<(usize, ItemMark)>;

/// How far marks lie apart: 2 between a hit and a miss; none where fewer than two were given.
pub fn mark_difference(marks: &[(usize, ItemMark)]) -> Option<u8> {
    let step = |mark: &ItemMark| match mark {
        ItemMark::Hit => 0,
        ItemMark::Partial => 1,
        ItemMark::Miss => 2,
    };
    let steps = || marks.iter().map(|(_, mark)| step(mark));
    let (lowest, highest): (u8, u8) = steps().min().zip(steps().max())?;
    (marks.len() > 1).then_some(highest - lowest)
}

/// The answers of the raters who judged on their own: an adjudicator, who may have seen the others', is not one of them.
#[derive(Debug, Clone)]
pub struct IndependentAnswers {
    /// Per axis, in the order of the examples; empty where the axis does not apply or nobody answered.
    pub axes: PerAxis<Vec<AxisAnswers>>,
    /// Marks by item id, in the order of the examples.
    pub items: Vec<BTreeMap<String, ItemMarks>>,
}

impl IndependentAnswers {
    /// Collects them.
    pub fn of(gold: &GoldSet) -> Self {
        let count = gold.examples.len();
        let mut axes = PerAxis::from_fn(|_| vec![AxisAnswers::default(); count]);
        let mut items = vec![BTreeMap::<String, ItemMarks>::new(); count];
        let adjudicator = gold.adjudicator();
        for annotation in gold.annotations.iter().filter(|annotation| adjudicator != Some(annotation.rater.as_str())) {
            let found = (gold.position(&annotation.example), gold.rater(&annotation.rater));
            let (Some(example), Some(rater)) = found else { continue };
            for axis in Axis::ALL.into_iter().filter(|axis| gold.applies(example, *axis)) {
                let answers: &mut AxisAnswers = &mut axes.get_mut(axis)[example];
                match annotation.severity(axis).and_then(|severity| Severity::try_from(severity).ok()) {
                    Some(severity) => answers.ratings.push((rater, severity)),
                    None if annotation.cannot_judge.contains(&axis) => answers.cannot_judge.push(rater),
                    None => {}
                }
            }
            for (item, mark) in &annotation.items {
                items[example].entry(item.clone()).or_default().push((rater, *mark));
            }
        }
        for answers in axes.omission.iter_mut().chain(&mut axes.commission) {
            answers.ratings.sort_unstable();
            answers.cannot_judge.sort_unstable();
        }
        items.iter_mut().flat_map(BTreeMap::values_mut).for_each(|marks| marks.sort_unstable());
        Self { axes, items }
    }
}

/// An example that somebody should decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Position of the example.
    pub example: usize,
    /// The axes to be decided.
    pub axes: Vec<Axis>,
    /// The largest difference of severities on them; none where only those are open that nobody could judge.
    pub difference: Option<Severity>,
}

/// What is to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisputeFilter {
    /// One axis, or both.
    pub axis: Option<Axis>,
    /// From which difference of severities on raters dispute an axis; 1 or more.
    pub min_difference: Severity,
}

/// Examples on which independent raters differ, and those that nobody could judge: the largest difference first, then in
/// the order of the set; what nobody could judge comes last.
pub fn disputes(gold: &GoldSet, answers: &IndependentAnswers, filter: DisputeFilter) -> Vec<Dispute> {
    let axes: Vec<Axis> = Axis::ALL.into_iter().filter(|axis| filter.axis.is_none_or(|only| only == *axis)).collect();
    let of_example = |example: usize| {
        let on = |axis: &Axis| &answers.axes.get(*axis)[example];
        let far = |axis: &Axis| on(axis).difference().filter(|difference| *difference >= filter.min_difference.max(1));
        let open: Vec<Axis> =
            axes.iter().copied().filter(|axis| far(axis).is_some() || on(axis).nobody_could_judge()).collect();
        let difference = open.iter().filter_map(far).max();
        (!open.is_empty()).then_some(Dispute { example, axes: open, difference })
    };
    let mut found: Vec<Dispute> = (0..gold.examples.len()).filter_map(of_example).collect();
    found.sort_by_key(|dispute| std::cmp::Reverse(dispute.difference));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use ItemMark::{Hit, Miss, Partial};

    #[test]
    fn differences_by_hand() {
        let answers = |severities: &[Severity]| AxisAnswers {
            ratings: severities.iter().copied().enumerate().collect(),
            cannot_judge: vec![9],
        };
        assert_eq!(answers(&[3, 0, 1]).difference(), Some(3));
        assert_eq!(answers(&[2, 2]).difference(), Some(0));
        assert_eq!(answers(&[2]).difference(), None);
        assert!(answers(&[]).nobody_could_judge() && !answers(&[0]).nobody_could_judge());
        assert!(answers(&[2, 1]).across(2) && !answers(&[2, 3]).across(2) && !answers(&[]).across(1));
        assert_eq!(mark_difference(&[(0, Hit), (1, Miss)]), Some(2));
        assert_eq!(mark_difference(&[(0, Partial), (1, Miss)]), Some(1));
        assert_eq!(mark_difference(&[(0, Partial)]), None);
    }
}
