//! Judges in the order of a metric on the examples that all of them were asked, with what is sure of their places.

use std::collections::BTreeSet;

use super::joint::{Joint, Linear};
use crate::measure::answers::{Answered, Context, Subject};
use crate::measure::counts::whole;
use crate::measure::evaluation::{CochranTest, LeftOutOfRanking, LeftOutReason, RankedJudge, RankedMetric, Ranking};
use crate::model::{Axis, PerAxis};
use crate::stats::compare::{RankSets, cochran_q, rank_sets};
use crate::stats::gap::{GapCount, recall_gap};
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Estimate, Interval, Undefined};

/// The rankings of an evaluation, in the order in which a report shows them.
const RANKINGS: [(RankedMetric, Option<Axis>); 5] = [
    (RankedMetric::YoudenJ, Some(Axis::Omission)),
    (RankedMetric::Recall, Some(Axis::Omission)),
    (RankedMetric::YoudenJ, Some(Axis::Commission)),
    (RankedMetric::Recall, Some(Axis::Commission)),
    (RankedMetric::RecallGap, None),
];

/// Every ranking that has two judges or more.
pub(crate) fn rankings(subjects: &[Subject<'_>], context: &Context<'_>) -> Vec<Ranking> {
    let mut joint = Joint::new(context);
    RANKINGS
        .into_iter()
        .filter_map(|(metric, axis)| {
            let (ranked, left_out) = chosen(subjects, axis);
            (ranked.len() > 1).then(|| {
                let ranking = Ranked { metric, axis, judges: ranked, left_out, context };
                ranking.with_values().rank(&mut joint)
            })
        })
        .collect()
}

/// The judges that can be ranked, and those that cannot with the reason.
fn chosen<'a>(subjects: &'a [Subject<'a>], axis: Option<Axis>) -> (Vec<&'a Subject<'a>>, Vec<LeftOutOfRanking>) {
    let baseline = |subject: &&Subject<'_>| subject.run.spec.kind.is_baseline();
    let judged = subjects.iter().filter(|subject| !baseline(subject)).count() > 1;
    let (mut ranked, mut left_out) = (Vec::new(), Vec::new());
    for subject in subjects {
        let answers = Axis::ALL.into_iter().filter(|own| axis.is_none_or(|axis| axis == *own));
        let reason = if judged && baseline(&subject) {
            Some(LeftOutReason::Baseline)
        } else if !answers.into_iter().all(|axis| subject.axes.get(axis).is_some()) {
            Some(LeftOutReason::NotAnswered)
        } else {
            subject.no_cut().map(|_| LeftOutReason::NoCut)
        };
        match reason {
            None => ranked.push(subject),
            Some(reason) => left_out.push(LeftOutOfRanking { judge: subject.name().to_owned(), reason }),
        }
    }
    (ranked, left_out)
}

struct Ranked<'a> {
    metric: RankedMetric,
    axis: Option<Axis>,
    judges: Vec<&'a Subject<'a>>,
    left_out: Vec<LeftOutOfRanking>,
    context: &'a Context<'a>,
}

/// One judge's counts by cluster on the common examples.
#[derive(Debug, Clone, Default)]
struct Counts {
    /// What the metric counts for.
    plus: Vec<ClusterCount>,
    /// What it counts against; empty for recall.
    minus: Vec<ClusterCount>,
}

impl Ranked<'_> {
    /// Without the judges that have no value, where two others have one: with one of them no place would be sure.
    fn with_values(mut self) -> Self {
        let common: PerAxis<Vec<u32>> = PerAxis::from_fn(|axis| self.common_answers(axis));
        let has_value = |judge: &&Subject<'_>| self.estimate(&self.counts(judge, &common)).value.is_some();
        let (with, without): (Vec<_>, Vec<_>) = self.judges.iter().copied().partition(has_value);
        if with.len() > 1 {
            let left_out = |judge: &Subject<'_>| LeftOutOfRanking {
                judge: judge.name().to_owned(),
                reason: LeftOutReason::NoValue,
            };
            self.left_out.extend(without.into_iter().map(left_out));
            self.judges = with;
        }
        self
    }

    fn rank(self, joint: &mut Joint<'_>) -> Ranking {
        let common: PerAxis<Vec<u32>> = PerAxis::from_fn(|axis| self.common_answers(axis));
        let counts: Vec<Counts> = self.judges.iter().map(|judge| self.counts(judge, &common)).collect();
        let estimates: Vec<Estimate> = counts
            .iter()
            .zip(&self.judges)
            .map(|(counts, judge)| self.estimate(counts).with_missing(self.missing(judge, &common)))
            .collect();
        let clusters: BTreeSet<usize> = common
            .omission
            .iter()
            .chain(&common.commission)
            .map(|at| self.context.layout.cluster(*at as usize))
            .collect();
        let lines: Result<Vec<Linear<'_>>, Undefined> =
            counts.iter().map(|counts| Linear::new(&counts.plus, &counts.minus)).collect();
        let sure = lines.and_then(|lines| Sure::new(&lines, joint, self.context.options.level));
        // The estimates know whether positives or negatives are lacking.
        let lacking = estimates.iter().find_map(|estimate| estimate.undefined);
        let distinct: BTreeSet<&u32> = common.omission.iter().chain(&common.commission).collect();
        let lacking = if distinct.is_empty() { Some(Undefined::NoData) } else { lacking };
        Ranking {
            metric: self.metric,
            axis: self.axis,
            examples: distinct.len(),
            clusters: clusters.len(),
            judges: self.places(estimates, &sure),
            critical: sure.as_ref().ok().and_then(|sure| sure.critical),
            undefined: sure.as_ref().err().map(|reason| lacking.unwrap_or(*reason)),
            cochran_q: self
                .axis
                .filter(|_| self.metric == RankedMetric::Recall)
                .map(|axis| self.cochran(axis, &common)),
            left_out: self.left_out,
        }
    }

    /// Examples of an axis that every judge was asked; none on an axis that the metric does not need.
    fn common_answers(&self, axis: Axis) -> Vec<u32> {
        if self.axis.is_some_and(|own| own != axis) {
            return Vec::new();
        }
        let mut asked = vec![0_usize; self.context.gold.examples.len()];
        for judge in &self.judges {
            judge.on(axis).iter().for_each(|answered| asked[answered.example as usize] += 1);
        }
        (0..asked.len()).filter(|at| asked[*at] == self.judges.len()).map(|at| at as u32).collect()
    }

    fn counts(&self, judge: &Subject<'_>, common: &PerAxis<Vec<u32>>) -> Counts {
        let sums = |axis: Axis, positive: bool| {
            let mut sums = vec![ClusterCount::default(); self.context.layout.clusters.len()];
            for answered in among(judge.on(axis), common.get(axis)).filter(|answered| answered.positive == positive) {
                let sum = &mut sums[answered.cluster as usize];
                sum.hits += answered.flagged_of_asked();
                // A trial without a verdict is a miss on a positive and left out on a negative, as in the headline.
                sum.total += if positive { 1.0 } else { 1.0 - answered.unscored() };
            }
            sums
        };
        let hits = |axis: Axis| sums(axis, true);
        match (self.metric, self.axis) {
            (RankedMetric::Recall, Some(axis)) => Counts { plus: hits(axis), minus: Vec::new() },
            (RankedMetric::YoudenJ, Some(axis)) => Counts { plus: hits(axis), minus: sums(axis, false) },
            _ => Counts { plus: hits(Axis::Omission), minus: hits(Axis::Commission) },
        }
    }

    /// Common examples in the metric's denominators, or beside them, on which the judge has no verdict.
    fn missing(&self, judge: &Subject<'_>, common: &PerAxis<Vec<u32>>) -> f64 {
        let positives_only = self.metric != RankedMetric::YoudenJ;
        let of_axis = |axis: Axis| {
            let counted = among(judge.on(axis), common.get(axis)).filter(|one| one.positive || !positives_only);
            counted.map(Answered::unscored).sum::<f64>()
        };
        whole(Axis::ALL.into_iter().map(of_axis).sum())
    }

    fn estimate(&self, counts: &Counts) -> Estimate {
        let level = self.context.options.level;
        if counts.minus.is_empty() {
            return clustered_proportion(&counts.plus, level, Undefined::NoPositives);
        }
        let pairs = counts.plus.iter().zip(&counts.minus);
        let cells: Vec<GapCount> = pairs.map(|(plus, minus)| GapCount { first: *plus, second: *minus }).collect();
        let mut estimate = recall_gap(&cells, level);
        let positives = counts.plus.iter().any(|count| count.total > 0.0);
        if estimate.undefined == Some(Undefined::NoPositives) && positives && self.metric == RankedMetric::YoudenJ {
            estimate.undefined = Some(Undefined::NoNegatives);
        }
        estimate
    }

    fn places(&self, estimates: Vec<Estimate>, sure: &Result<Sure, Undefined>) -> Vec<RankedJudge> {
        let values: Vec<Option<f64>> = estimates.iter().map(|estimate| estimate.value).collect();
        let mut judges: Vec<RankedJudge> = estimates
            .into_iter()
            .enumerate()
            .map(|(index, estimate)| {
                let above = |own: f64| values.iter().flatten().filter(|other| **other > own).count();
                let simultaneous = sure.as_ref().map_err(|reason| *reason).and_then(|sure| sure.intervals[index]);
                let sets = sure.as_ref().ok().map(|sure| &sure.sets);
                RankedJudge {
                    judge: self.judges[index].name().to_owned(),
                    rank: estimate.value.map(|own| above(own) + 1),
                    estimate,
                    simultaneous: simultaneous.ok().map(|interval| self.within(interval)),
                    simultaneous_undefined: simultaneous.err(),
                    rank_lower: sets.map(|sets| sets.lower[index]),
                    rank_upper: sets.map(|sets| sets.upper[index]),
                    with_best: sure.as_ref().ok().map(|sure| sure.with_best[index]),
                    groups: sure.as_ref().map_or_else(|_| String::new(), |sure| sure.letters[index].clone()),
                }
            })
            .collect();
        judges.sort_by_key(|judge| (judge.rank.unwrap_or(usize::MAX), judge.judge.clone()));
        judges
    }

    /// An interval cut at what the metric can be.
    fn within(&self, interval: Interval) -> Interval {
        let least = if self.metric == RankedMetric::Recall { 0.0 } else { -1.0 };
        Interval { lower: interval.lower.max(least), upper: interval.upper.min(1.0) }
    }

    /// Cochran's Q over the common positives; an example counts as found where half of the trials or more flag it.
    fn cochran(&self, axis: Axis, common: &PerAxis<Vec<u32>>) -> CochranTest {
        let mut rows: Vec<Vec<bool>> = Vec::new();
        for (column, judge) in self.judges.iter().enumerate() {
            let positives = among(judge.on(axis), common.get(axis)).filter(|answered| answered.positive);
            for (row, answered) in positives.enumerate() {
                if column == 0 {
                    rows.push(Vec::with_capacity(self.judges.len()));
                }
                rows[row].push(answered.flagged_of_asked() >= 0.5);
            }
        }
        let found = cochran_q(&rows);
        CochranTest {
            statistic: found.ok().map(|found| found.test.statistic),
            df: found.ok().map(|found| found.df),
            p_value_independent: found.ok().map(|found| found.test.p_value),
            undefined: found.err(),
        }
    }
}

/// The answers to certain examples; both lists are in the order of the examples.
fn among<'a>(answers: &'a [Answered], examples: &'a [u32]) -> impl Iterator<Item = &'a Answered> {
    let mut wanted = examples.iter().peekable();
    answers.iter().filter(move |answered| {
        while wanted.next_if(|example| **example < answered.example).is_some() {}
        wanted.next_if(|example| **example == answered.example).is_some()
    })
}

/// What is sure of the places.
struct Sure {
    sets: RankSets,
    with_best: Vec<bool>,
    letters: Vec<String>,
    critical: Option<f64>,
    intervals: Vec<Result<Interval, Undefined>>,
}

impl Sure {
    fn new(lines: &[Linear<'_>], joint: &mut Joint<'_>, level: f64) -> Result<Self, Undefined> {
        let values: Vec<f64> = lines.iter().map(|line| line.value).collect();
        let covariance = joint.covariance(lines, level)?;
        let sets = rank_sets(&values, &covariance, level)?;
        let apart = |one: usize, other: usize| {
            one != other && sets.p_adjusted[pair_index(one.min(other), one.max(other), values.len())] < 1.0 - level
        };
        let best = (0..values.len()).max_by(|one, other| values[*one].total_cmp(&values[*other]).then(other.cmp(one)));
        let best = best.ok_or(Undefined::NoData)?;
        let (critical, intervals) = match joint.simultaneous(lines, level) {
            Ok(found) => (Some(found.critical), found.intervals),
            Err(reason) => (None, vec![Err(reason); values.len()]),
        };
        Ok(Self {
            with_best: (0..values.len()).map(|judge| !apart(best, judge)).collect(),
            letters: super::letters::letters(&values, apart),
            critical,
            intervals,
            sets,
        })
    }
}

/// Position of a pair in (0,1), (0,2), ..., (1,2), ...
fn pair_index(one: usize, other: usize, count: usize) -> usize {
    one * count - one * (one + 1) / 2 + other - one - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_numbered_in_their_order() {
        let pairs = (0..5).flat_map(|one| (one + 1..5).map(move |other| (one, other)));
        for (index, (one, other)) in pairs.enumerate() {
            assert_eq!(pair_index(one, other, 5), index);
        }
    }
}
