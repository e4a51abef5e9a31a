//! What a gold set, as it is, lets an audit show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::design::{Assumptions, MakeUp};
use super::plan::gap_design;
use super::simulate::ClusterSizes;
use crate::gold::GoldSet;
use crate::measure::trials::Layout;
use crate::model::{Axis, PerAxis, RaterKind, Severity};
use crate::run::JudgeRun;
use crate::stats::Undefined;
use crate::stats::power::{PairDesign, expected_interval, half_width};
use crate::stats::proportion::{ClusterCount, anova_icc, totals};

/// The positives of a set, cluster by cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct SetShape {
    /// Examples.
    pub examples: usize,
    /// Omission and commission positives of each cluster.
    pub clusters: Vec<[u32; 2]>,
}

impl SetShape {
    /// The shape of a set at given thresholds.
    pub fn of(gold: &GoldSet, thresholds: &PerAxis<Severity>) -> Self {
        let layout = Layout::new(gold);
        let mut clusters = vec![[0, 0]; layout.clusters.len()];
        for (position, axis) in positives(gold, thresholds) {
            clusters[layout.cluster(position)][axis.index()] += 1;
        }
        Self { examples: gold.examples.len(), clusters }
    }

    /// Examples a cluster.
    pub fn cluster_size(&self) -> f64 {
        self.examples as f64 / self.clusters.len().max(1) as f64
    }

    /// How the positives of each axis fall into clusters.
    pub fn make_up(&self) -> PerAxis<Option<MakeUp>> {
        PerAxis::from_fn(|axis| {
            MakeUp::observed(&self.clusters.iter().map(|cluster| cluster[axis.index()]).collect::<Vec<_>>())
        })
    }

    /// Clusters like these, to be drawn.
    pub fn sizes(&self) -> ClusterSizes {
        ClusterSizes::Observed(self.clusters.clone())
    }
}

/// Positions and axes of the positives of a set.
fn positives<'a>(
    gold: &'a GoldSet,
    thresholds: &'a PerAxis<Severity>,
) -> impl Iterator<Item = (usize, Axis)> + use<'a> {
    (0..gold.examples.len()).flat_map(move |position| {
        Axis::ALL.into_iter().filter_map(move |axis| {
            let severity = gold.labels.get(axis)[position].severity.filter(|_| gold.applies(position, axis))?;
            (severity >= *thresholds.get(axis)).then_some((position, axis))
        })
    })
}

/// Where an intraclass correlation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedCorrelation {
    /// Mean of the subjects' correlations, weighted by their positives; it may be negative.
    pub icc: f64,
    /// Judges or raters in it.
    pub subjects: usize,
}

/// Correlation of finding the positives of one cluster, over the given judges; without judges, over the human raters where a set
/// has several. None where no subject has enough positives.
pub fn observed_correlation(
    gold: &GoldSet,
    runs: &[JudgeRun],
    thresholds: &PerAxis<Severity>,
) -> PerAxis<Option<ObservedCorrelation>> {
    let layout = Layout::new(gold);
    PerAxis::from_fn(|axis| {
        let subjects: Vec<Vec<ClusterCount>> = if runs.is_empty() {
            let people: Vec<usize> = (0..gold.raters.len()).filter(|at| is_human(gold, *at)).collect();
            let several = people.len() > 1;
            people
                .iter()
                .filter(|_| several)
                .map(|rater| of_rater(gold, &layout, *rater, axis, *thresholds.get(axis)))
                .collect()
        } else {
            runs.iter().map(|run| of_judge(gold, &layout, run, axis, thresholds)).collect()
        };
        pooled(&subjects)
    })
}

fn is_human(gold: &GoldSet, rater: usize) -> bool {
    gold.raters[rater].kind == RaterKind::Human
}

fn pooled(subjects: &[Vec<ClusterCount>]) -> Option<ObservedCorrelation> {
    let found: Vec<(f64, f64)> =
        subjects.iter().filter_map(|cells| Some((anova_icc(cells).ok()?.icc, totals(cells).total))).collect();
    let weight: f64 = found.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = found.iter().map(|(icc, weight)| icc * weight).sum();
    (weight > 0.0).then(|| ObservedCorrelation { icc: sum / weight, subjects: found.len() })
}

/// Positives that a rater flags, by cluster, among those that it rated.
fn of_rater(gold: &GoldSet, layout: &Layout, rater: usize, axis: Axis, threshold: Severity) -> Vec<ClusterCount> {
    let mut cells = vec![ClusterCount::default(); layout.clusters.len()];
    for (position, label) in gold.labels.get(axis).iter().enumerate().filter(|(at, _)| gold.applies(*at, axis)) {
        let rated = label.ratings.iter().find(|(index, _)| *index == rater);
        let positive = label.severity.is_some_and(|severity| severity >= threshold);
        let Some((_, severity)) = rated.filter(|_| positive) else { continue };
        let cell = &mut cells[layout.cluster(position)];
        cell.total += 1.0;
        cell.hits += f64::from(u8::from(*severity >= threshold));
    }
    cells
}

/// Positives that a judge flags, by cluster, among those that it was asked about; repeats are averaged.
fn of_judge(
    gold: &GoldSet,
    layout: &Layout,
    run: &JudgeRun,
    axis: Axis,
    thresholds: &PerAxis<Severity>,
) -> Vec<ClusterCount> {
    let mut cells = vec![ClusterCount::default(); layout.clusters.len()];
    if run.spec.score.is_some() || !run.spec.axes.contains(&axis) {
        return cells;
    }
    let flag_at = i64::from(run.spec.flag_at.get(&axis).copied().unwrap_or(*thresholds.get(axis)));
    let mut asked = vec![(0_u32, 0_u32); gold.examples.len()];
    for verdict in &run.verdicts {
        let Some(position) = gold.position(&verdict.example) else { continue };
        asked[position].0 += 1;
        asked[position].1 += u32::from(verdict.severity(axis).is_some_and(|severity| severity >= flag_at));
    }
    for (position, _) in positives(gold, thresholds).filter(|(at, on)| *on == axis && asked[*at].0 > 0) {
        let cell = &mut cells[layout.cluster(position)];
        cell.total += 1.0;
        cell.hits += f64::from(asked[position].1) / f64::from(asked[position].0);
    }
    cells
}

/// What an audit of a set would show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPower {
    /// Clusters.
    pub clusters: usize,
    /// Examples.
    pub examples: usize,
    /// Positives on each axis.
    pub positives: PerAxis<f64>,
    /// Smallest gap, in either direction, that would be shown, about the mean of the assumed recalls.
    pub smallest_gap: Option<f64>,
    /// Why there is none.
    pub smallest_gap_undefined: Option<Undefined>,
    /// Precision on each axis.
    pub recall: PerAxis<SetRecall>,
}

/// What an audit of a set would show of the recall on one axis.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRecall {
    /// Longer side of the interval at the assumed recall.
    pub half_width: Option<f64>,
    /// Smallest difference of two judges about the assumed recall, missing independently of each other, that would be shown.
    pub smallest_difference: Option<f64>,
    /// Why there are no such numbers.
    pub undefined: Option<Undefined>,
}

/// What an audit of a set of this shape would show; the assumptions hold its make-up.
pub fn power_of_set(shape: &SetShape, assumed: &Assumptions) -> SetPower {
    let clusters = shape.clusters.len() as f64;
    let [first, second] = assumed.measured_recalls();
    let smallest = gap_design(assumed, clusters)
        .and_then(|design| design.smallest_gap(f64::midpoint(first, second), assumed.power));
    SetPower {
        clusters: shape.clusters.len(),
        examples: shape.examples,
        positives: PerAxis::from_fn(|axis| assumed.arm(axis, clusters).map_or(0.0, |arm| arm.positives.round())),
        smallest_gap: smallest.ok(),
        smallest_gap_undefined: smallest.err(),
        recall: PerAxis::from_fn(|axis| recall_of_set(assumed, axis, clusters)),
    }
}

fn recall_of_set(assumed: &Assumptions, axis: Axis, clusters: f64) -> SetRecall {
    let recall = assumed.measured(axis);
    let found = (|| {
        let arm = assumed.arm(axis, clusters).ok_or(Undefined::NoPositives)?;
        let interval = expected_interval(recall, &arm, assumed.level)?;
        let difference = PairDesign { arm, level: assumed.level }.smallest_difference(recall, assumed.power);
        Ok((half_width(recall, interval), difference))
    })();
    SetRecall {
        half_width: found.ok().map(|(half_width, _)| half_width),
        smallest_difference: found.ok().and_then(|(_, difference)| difference.ok()),
        undefined: found.and_then(|(_, difference)| difference).err(),
    }
}
