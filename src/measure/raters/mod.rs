//! Agreement of raters: who differs from whom, how much, and what that does to a judge's recall.

mod parting;
mod result;
mod rows;

pub use result::{
    AxisAgreement, CannotJudge, Disagreement, Disagreements, DisputedExample, DisputedItem, ItemParting,
    JudgeByReference, MarkGiven, Parting, RaterAgreement, RaterCannotJudge, RaterPair, Reference, ReferenceLabels,
    ReferenceRecall, SeverityGiven, SliceParting,
};

use rayon::prelude::*;

use crate::gold::{GoldSet, IndependentAnswers, Label, Labels};
use crate::measure::blocks::axis::{agreement, alpha};
use crate::measure::counts::{AxisCells, Cut, counts_of};
use crate::measure::evaluate::{MeasureError, evaluate};
use crate::measure::evaluation::{AxisEvaluation, Evaluation};
use crate::measure::options::{Listing, MeasureOptions};
use crate::measure::trials::{Layout, summarise};
use crate::model::{Axis, PerAxis, Severity};
use crate::run::JudgeRun;
use crate::stats::Estimate;
use crate::table::{Count, count};
use parting::Parted;
use rows::{Two, adjudicator, coincidence_rows, independent_labels, labels_by, pair_rows, pairs, twos};

/// Holds raters against each other, and judges against labels made from them in three ways.
pub fn rater_agreement(
    gold: &GoldSet,
    runs: &[JudgeRun],
    options: &MeasureOptions,
    listing: Listing,
) -> Result<RaterAgreement, MeasureError> {
    let layout = Layout::new(gold);
    let thresholds = options.thresholds_on(&gold.card);
    let pairs = pairs(gold);
    let independent = independent_labels(gold);
    let mut rows = Vec::new();
    pair_rows(gold, &pairs, &layout, &mut rows);
    let everyone = pairs.len() as u32;
    coincidence_rows(everyone, &independent, &layout, &mut rows);
    let references = Reference::ALL.map(|reference| labels_by(reference, &independent));
    let counts = count(&rows).map_err(|error| MeasureError::Count(error.to_string()))?;
    let answers = IndependentAnswers::of(gold);
    let parted = Parted { gold, layout: &layout, answers: &answers, level: options.level, listing };
    let raters = Raters {
        gold,
        parted: &parted,
        thresholds,
        counts: &counts,
        pairs: &pairs,
        independent: &independent,
        references: &references,
        level: options.level,
    };
    Ok(RaterAgreement {
        gold: summarise(gold, &layout, thresholds),
        adjudicator: adjudicator(gold).map(|index| gold.raters[index].id.clone()),
        level: options.level,
        axes: PerAxis::from_fn(|axis| raters.axis(axis, listing)),
        items: parted.items(),
        judges: judges(gold, runs, &references, options)?,
    })
}

/// Each judge audited once for each way of making labels, in the given order.
fn judges(
    gold: &GoldSet,
    runs: &[JudgeRun],
    references: &[PerAxis<Labels>; 3],
    options: &MeasureOptions,
) -> Result<Vec<JudgeByReference>, MeasureError> {
    if runs.is_empty() {
        return Ok(Vec::new());
    }
    let mut audits: Vec<(Reference, Evaluation)> = Vec::new();
    for (reference, labels) in Reference::ALL.into_iter().zip(references) {
        audits.push((reference, evaluate(&gold.with_labels(labels.clone()), runs, options)?));
    }
    let judge = |run: &JudgeRun| {
        let name = &run.spec.name;
        let numbers = |axis: Axis, (reference, audit): &(Reference, Evaluation)| {
            let judge = audit.judges.iter().find(|judge| judge.judge == *name)?;
            let AxisEvaluation { recall, false_alarm_rate, youden_j, .. } = *judge.axes.get(axis).clone()?;
            Some(ReferenceRecall { reference: *reference, recall, false_alarm_rate, youden_j })
        };
        let by_reference = |axis: Axis| audits.iter().map(|audit| numbers(axis, audit)).collect();
        JudgeByReference { judge: name.clone(), axes: PerAxis::from_fn(by_reference) }
    };
    Ok(runs.iter().map(judge).collect())
}

/// Everything that the numbers follow from.
struct Raters<'a> {
    gold: &'a GoldSet,
    parted: &'a Parted<'a>,
    thresholds: PerAxis<Severity>,
    counts: &'a [Count],
    pairs: &'a [Two],
    independent: &'a PerAxis<Labels>,
    references: &'a [PerAxis<Labels>; 3],
    level: f64,
}

impl Raters<'_> {
    fn cells(&self, subject: usize, axis: Axis) -> AxisCells {
        let levels = self.gold.card.axis(axis).levels.len();
        AxisCells::collect(levels, counts_of(self.counts, subject as u32, axis).iter())
    }

    fn axis(&self, axis: Axis, listing: Listing) -> AxisAgreement {
        let threshold = *self.thresholds.get(axis);
        let labels = self.independent.get(axis);
        let across = |label: &&Label| {
            let positive = |(_, severity): &(usize, Severity)| *severity >= threshold;
            label.ratings.iter().any(positive) && !label.ratings.iter().all(positive)
        };
        let several = || labels.iter().filter(|label| label.ratings.len() > 1);
        AxisAgreement {
            rated: labels.iter().filter(|label| !label.ratings.is_empty()).count(),
            rated_by_several: several().count(),
            disputed: several().filter(|label| label.disputed()).count(),
            disputed_across_threshold: several().filter(across).count(),
            krippendorff_alpha: Estimate {
                n: several().count() as f64,
                ..alpha(&self.cells(self.pairs.len(), axis), self.level)
            },
            references: self.classes(axis),
            pairs: (0..self.pairs.len()).into_par_iter().filter_map(|pair| self.pair(pair, axis, listing)).collect(),
            parting: self.parted.axis(axis, threshold),
        }
    }

    /// Both raters cut at the threshold.
    fn cut(&self, axis: Axis) -> Cut {
        let threshold = usize::from(*self.thresholds.get(axis));
        Cut { gold: threshold, judge: threshold }
    }

    /// How many positives and negatives each way of making labels gives.
    fn classes(&self, axis: Axis) -> Vec<ReferenceLabels> {
        let classes = |(reference, labels): (Reference, &PerAxis<Labels>)| {
            let severities = || labels.get(axis).iter().filter_map(|label| label.severity);
            let positives = severities().filter(|severity| *severity >= *self.thresholds.get(axis)).count();
            ReferenceLabels { reference, positives, negatives: severities().count() - positives }
        };
        Reference::ALL.into_iter().zip(self.references).map(classes).collect()
    }

    /// Two raters; none where they rated no example of this axis in common.
    fn pair(&self, pair: usize, axis: Axis, listing: Listing) -> Option<RaterPair> {
        let (first, second) = self.pairs[pair];
        let cells = self.cells(pair, axis);
        let examples = cells.total.sum_scored(|_, _| true) as usize;
        let id = |index: usize| self.gold.raters[index].id.clone();
        (examples > 0).then(|| RaterPair {
            first: id(first),
            second: id(second),
            examples,
            agreement: agreement(&cells, self.cut(axis), self.level),
            disagreements: self.disagreements(&cells, self.pairs[pair], axis, listing),
        })
    }

    fn disagreements(&self, cells: &AxisCells, pair: Two, axis: Axis, listing: Listing) -> Disagreements {
        let threshold = usize::from(*self.thresholds.get(axis));
        let count = |holds: fn(usize, usize) -> bool| cells.total.sum_scored(holds) as usize;
        Disagreements {
            count: count(|first, second| first != second),
            first_higher: count(|first, second| first > second),
            second_higher: count(|first, second| first < second),
            across_threshold: cells.total.sum_scored(|first, second| (first >= threshold) != (second >= threshold))
                as usize,
            examples: (listing == Listing::Examples).then(|| self.differing(pair, axis)),
        }
    }

    /// The examples on which two raters differ, in the order of the set.
    fn differing(&self, pair: Two, axis: Axis) -> Vec<Disagreement> {
        let labels = self.gold.examples.iter().zip(self.gold.labels.get(axis));
        labels
            .flat_map(|(example, label)| {
                let own = twos(label).filter(move |(two, (first, second))| *two == pair && first != second);
                own.map(|(_, (first, second))| Disagreement { example: example.id.clone(), first, second })
            })
            .collect()
    }
}
