//! What was planted, and what the evaluation says of it.

use super::draw::FullData;
use super::judges::PlantedJudge;
use crate::measure::evaluation::{AxisEvaluation, Bounds, JudgeEvaluation};
use crate::model::{Axis, PerAxis};
use crate::stats::{Estimate, Interval};

/// How a quantity is held against what was planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// Its interval has to hold the truth at its level, and its mean has to be the truth.
    Interval,
    /// Its mean has to be the truth; it has no interval.
    Mean,
    /// Its bounds have to hold what this very plant would have shown with every verdict: always.
    Always,
    /// The test has to reject no more often than it says: the value is 1 where it rejects.
    Rejections,
}

/// One quantity of one planted judge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quantity {
    pub(super) judge: &'static str,
    pub(super) axis: Option<Axis>,
    pub(super) name: &'static str,
    pub(super) held: Held,
    /// A difference of the mean from the truth that is the estimator's own with few examples.
    pub(super) allowance: f64,
}

/// A quantity in one plant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Observation {
    pub(super) quantity: Quantity,
    pub(super) planted: f64,
    pub(super) value: Option<f64>,
    pub(super) interval: Option<Interval>,
}

/// Rates are unbiased but for the ratio's own error.
const RATE: f64 = 0.005;
/// Scores of few examples.
const SCORE: f64 = 0.01;
/// Logistic fits on some eighty positives lean outwards.
const FIT: f64 = 0.12;

/// Everything that is looked at of one judge, in an order that is the same in every plant.
pub(super) fn observe(
    judge: &PlantedJudge,
    found: &JudgeEvaluation,
    shares: &PerAxis<f64>,
    full: &FullData,
) -> Vec<Observation> {
    let mut all = Vec::new();
    for axis in Axis::ALL {
        if let Some(numbers) = found.axes.get(axis) {
            let mut on_axis = Observer { judge, axis: Some(axis), all: &mut all };
            rates(&mut on_axis, judge, axis, numbers, *shares.get(axis), *full.get(axis));
            probabilities(&mut on_axis, judge, axis, numbers, *shares.get(axis));
        }
    }
    let mut both = Observer { judge, axis: None, all: &mut all };
    gap(&mut both, judge, found);
    if let (Some((recall, false_alarms)), Some(items)) = (judge.items, &found.items) {
        both.estimate("items: recall", recall, RATE, &items.recall);
        both.estimate("items: false_alarm_rate", false_alarms, RATE, &items.false_alarm_rate);
    }
    all
}

struct Observer<'a> {
    judge: &'a PlantedJudge,
    axis: Option<Axis>,
    all: &'a mut Vec<Observation>,
}

impl Observer<'_> {
    fn push(
        &mut self,
        name: &'static str,
        held: Held,
        allowance: f64,
        planted: f64,
        found: (Option<f64>, Option<Interval>),
    ) {
        let quantity = Quantity { judge: self.judge.name, axis: self.axis, name, held, allowance };
        self.all.push(Observation { quantity, planted, value: found.0, interval: found.1 });
    }

    fn estimate(&mut self, name: &'static str, planted: f64, allowance: f64, found: &Estimate) {
        self.push(name, Held::Interval, allowance, planted, (found.value, found.interval()));
    }

    /// Bounds, as an interval around what the plant would have shown with every verdict.
    fn bounds(&mut self, name: &'static str, full: Option<f64>, found: &Bounds) {
        /// Sums of thirds and the like.
        const ROUNDING: f64 = 1e-12;
        let interval = found
            .lower
            .zip(found.upper)
            .map(|(lower, upper)| Interval { lower: lower - ROUNDING, upper: upper + ROUNDING });
        self.push(name, Held::Always, 0.0, full.unwrap_or(0.0), (full, interval.filter(|_| full.is_some())));
    }
}

fn rates(
    observer: &mut Observer<'_>,
    judge: &PlantedJudge,
    axis: Axis,
    numbers: &AxisEvaluation,
    share: f64,
    (hits, positives): (u32, u32),
) {
    let latent = judge.axes.get(axis);
    let false_alarms = latent.false_alarm_rate();
    observer.estimate("recall", judge.recall(axis), RATE, &numbers.recall);
    observer.estimate("false_alarm_rate", false_alarms, RATE, &numbers.false_alarm_rate);
    observer.estimate("youden_j", judge.recall(axis) - false_alarms, RATE, &numbers.youden_j);
    if judge.silence.on_hits > 0.0 {
        observer.estimate("recall_scored_only", judge.recall_scored_only(axis), RATE, &numbers.recall_scored_only);
        let full = (positives > 0).then(|| f64::from(hits) / f64::from(positives));
        observer.bounds("recall_bounds", full, &numbers.recall_bounds);
        let interval = numbers.recall_bounds.interval;
        observer.push(
            "recall_bounds: interval",
            Held::Interval,
            1.0,
            latent.recall(),
            (interval.map(|_| latent.recall()), interval),
        );
        let unscored = numbers.unscored.values().map(|count| count.0).sum::<f64>() / numbers.applicable.0;
        let planted = share * judge.unscored_positives(axis) + (1.0 - share) * judge.silence.on_negatives;
        let value = (numbers.applicable.0 > 0.0).then_some(unscored);
        observer.push("unscored share", Held::Mean, RATE, planted, (value, None));
    }
}

fn probabilities(observer: &mut Observer<'_>, judge: &PlantedJudge, axis: Axis, numbers: &AxisEvaluation, share: f64) {
    let Some(stated) = judge.stated.filter(|_| share > 0.0 && share < 1.0) else { return };
    let latent = judge.axes.get(axis);
    if let Some(auc) = &numbers.auc {
        observer.estimate("auc", latent.auc(), SCORE, auc);
    }
    if let Some(calibration) = &numbers.calibration {
        observer.estimate("calibration: brier", latent.brier(share, stated), SCORE, &calibration.brier);
        observer.estimate("calibration: slope", stated.slope, FIT, &calibration.line.slope);
        observer.estimate("calibration: intercept", stated.intercept, FIT, &calibration.line.intercept);
    }
}

fn gap(observer: &mut Observer<'_>, judge: &PlantedJudge, found: &JudgeEvaluation) {
    let [omission, commission] = Axis::ALL.map(|axis| judge.recall(axis));
    observer.estimate("recall_gap", omission - commission, 2.0 * RATE, &found.recall_gap.estimate);
    if judge.silence.on_hits > 0.0 {
        let [omission, commission] = Axis::ALL.map(|axis| judge.recall_scored_only(axis));
        observer.estimate("recall_gap: scored_only", omission - commission, 2.0 * RATE, &found.recall_gap.scored_only);
    }
    if omission == commission {
        let level = found.recall_gap.estimate.level;
        let rejected = found.recall_gap.p_value.map(|p| f64::from(u8::from(p < 1.0 - level)));
        observer.push("recall_gap: p_value below the error rate", Held::Rejections, 0.0, 1.0 - level, (rejected, None));
    }
}
