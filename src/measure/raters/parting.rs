//! Where raters part: on which examples and items, in which slices, and what nobody could judge.

use std::collections::BTreeMap;

use super::result::{
    CannotJudge, DisputedExample, DisputedItem, ItemParting, MarkGiven, Parting, RaterCannotJudge, SeverityGiven,
    SliceParting,
};
use crate::gold::{AxisAnswers, GoldSet, IndependentAnswers, ItemMarks, mark_difference};
use crate::measure::options::Listing;
use crate::measure::trials::Layout;
use crate::model::{Axis, Severity};
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Estimate, Undefined};

/// Everything that the numbers follow from.
pub(super) struct Parted<'a> {
    pub(super) gold: &'a GoldSet,
    pub(super) layout: &'a Layout,
    pub(super) answers: &'a IndependentAnswers,
    pub(super) level: f64,
    pub(super) listing: Listing,
}

impl Parted<'_> {
    /// One axis.
    pub(super) fn axis(&self, axis: Axis, threshold: Severity) -> Parting {
        let answers = self.answers.axes.get(axis);
        Parting {
            cannot_judge: self.cannot_judge(answers),
            disputed_share: self.share(answers),
            slices: self.slices(answers, threshold),
            examples: (self.listing == Listing::Examples).then(|| self.examples(answers, threshold)),
        }
    }

    fn cannot_judge(&self, answers: &[AxisAnswers]) -> CannotJudge {
        let mut by_rater: BTreeMap<usize, usize> = BTreeMap::new();
        answers.iter().flat_map(|one| &one.cannot_judge).for_each(|rater| *by_rater.entry(*rater).or_default() += 1);
        let rater = |(rater, answers): (&usize, &usize)| RaterCannotJudge { rater: self.id(*rater), answers: *answers };
        CannotJudge {
            answers: by_rater.values().sum(),
            examples: answers.iter().filter(|one| !one.cannot_judge.is_empty()).count(),
            nobody_could_judge: answers.iter().filter(|one| one.nobody_could_judge()).count(),
            raters: by_rater.iter().map(rater).collect(),
        }
    }

    /// Share of the examples with two ratings or more on which raters differ.
    fn share(&self, answers: &[AxisAnswers]) -> Estimate {
        self.clustered(answers.iter().enumerate().filter_map(|(at, one)| Some((at, one.difference()? > 0))))
    }

    fn clustered(&self, compared: impl Iterator<Item = (usize, bool)>) -> Estimate {
        let mut counts = vec![ClusterCount::default(); self.layout.clusters.len()];
        for (example, differ) in compared {
            let count = &mut counts[self.layout.cluster(example)];
            count.total += 1.0;
            count.hits += if differ { 1.0 } else { 0.0 };
        }
        clustered_proportion(&counts, self.level, Undefined::TooFew)
    }

    /// Values of each slice in which somebody could differ, by name and value.
    fn slices(&self, answers: &[AxisAnswers], threshold: Severity) -> Vec<SliceParting> {
        let mut members: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (at, _) in answers.iter().enumerate().filter(|(_, one)| one.difference().is_some()) {
            for named in self.gold.slices(at) {
                members.entry(named).or_default().push(at);
            }
        }
        let part = |((slice, value), members): ((&str, &str), Vec<usize>)| SliceParting {
            slice: slice.to_owned(),
            value: value.to_owned(),
            disputed_share: self.clustered(members.iter().map(|at| (*at, answers[*at].difference() != Some(0)))),
            disputed_across_threshold: members.iter().filter(|at| answers[**at].across(threshold)).count(),
        };
        members.into_iter().map(part).collect()
    }

    /// The examples on which raters differ or which nobody could judge, the largest difference first.
    fn examples(&self, answers: &[AxisAnswers], threshold: Severity) -> Vec<DisputedExample> {
        let disputed = |one: &AxisAnswers| one.difference().is_some_and(|far| far > 0) || one.nobody_could_judge();
        let open = answers.iter().enumerate().filter(|(_, one)| disputed(one));
        let mut examples: Vec<DisputedExample> = open
            .map(|(at, one)| DisputedExample {
                example: self.gold.examples[at].id.clone(),
                difference: one.difference(),
                across_threshold: one.across(threshold),
                severities: one
                    .ratings
                    .iter()
                    .map(|(rater, severity)| SeverityGiven { rater: self.id(*rater), severity: *severity })
                    .collect(),
                cannot_judge: one.cannot_judge.iter().map(|rater| self.id(*rater)).collect(),
            })
            .collect();
        examples.sort_by_key(|example| std::cmp::Reverse((example.difference, example.across_threshold)));
        examples
    }

    /// The required items of all examples.
    pub(super) fn items(&self) -> ItemParting {
        let marked = || {
            let examples = self.answers.items.iter().enumerate();
            examples.flat_map(|(at, items)| items.iter().map(move |(item, marks)| (at, item, marks)))
        };
        let compared = || marked().filter_map(|(at, _, marks)| Some((at, mark_difference(marks)?)));
        ItemParting {
            rated: marked().count(),
            rated_by_several: compared().count(),
            disputed: compared().filter(|(_, difference)| *difference > 0).count(),
            hit_against_miss: compared().filter(|(_, difference)| *difference == 2).count(),
            disputed_share: self.clustered(compared().map(|(at, difference)| (at, difference > 0))),
            items: (self.listing == Listing::Examples).then(|| self.disputed_items(marked())),
        }
    }

    fn disputed_items<'a>(
        &self,
        marked: impl Iterator<Item = (usize, &'a String, &'a ItemMarks)>,
    ) -> Vec<DisputedItem> {
        let mut items: Vec<DisputedItem> = marked
            .filter_map(|(at, item, marks)| {
                let difference = mark_difference(marks).filter(|difference| *difference > 0)?;
                let mark =
                    |(rater, mark): &(usize, crate::model::ItemMark)| MarkGiven { rater: self.id(*rater), mark: *mark };
                Some(DisputedItem {
                    example: self.gold.examples[at].id.clone(),
                    item: item.clone(),
                    difference,
                    marks: marks.iter().map(mark).collect(),
                })
            })
            .collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.difference));
        items
    }

    fn id(&self, rater: usize) -> String {
        self.gold.raters[rater].id.clone()
    }
}
