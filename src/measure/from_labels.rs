//! What a set could show before a judge is asked: the smallest difference that would be found four times in five.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gold::GoldSet;
use crate::measure::options::MeasureOptions;
use crate::model::{Axis, PerAxis};
use crate::stats::power::{Power, design_effect, minimum_detectable_gap, pairs_for_mcnemar};
use crate::stats::{Confidence, Undefined};

/// Probability with which a difference has to be found.
const DETECTION: f64 = 0.8;
/// Correlation of two examples of a cluster: the floor of every interval of a share.
const CORRELATION: f64 = 0.05;
/// Shares of examples on which two judges differ: much alike, and as two coins that do not look.
const DISAGREEMENTS: [f64; 3] = [0.1, 0.25, 0.5];

/// What a set could show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectableFromLabels {
    /// Confidence level of the test.
    pub level: f64,
    /// Probability with which the difference would be found.
    pub power: f64,
    /// Assumed correlation of the hits on two examples of one cluster.
    pub correlation: f64,
    /// Per axis; null without positives.
    pub axes: PerAxis<Option<DetectableOnAxis>>,
    /// Smallest recall gap of one judge, at recalls of one half; null without positives on both axes, or above 1.
    pub recall_gap: Option<f64>,
}

/// What one axis could show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectableOnAxis {
    /// Positives, at the threshold.
    pub positives: usize,
    /// Their clusters.
    pub clusters: usize,
    /// By how much clustering multiplies the examples needed.
    pub design_effect: f64,
    /// Smallest difference of two judges' recalls, by how often they differ.
    pub recall_difference: Vec<DetectableDifference>,
}

/// The smallest difference at one share of disagreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectableDifference {
    /// Share of the positives that one of the judges finds and the other does not.
    pub disagreement: f64,
    /// The smallest difference; null where none that this disagreement allows would be found.
    pub difference: Option<f64>,
    /// Why there is none.
    pub undefined: Option<Undefined>,
}

/// From gold labels alone: no judge is needed.
pub fn detectable_from_labels(gold: &GoldSet, options: &MeasureOptions) -> DetectableFromLabels {
    let confidence = Confidence::new(options.level).unwrap_or(Confidence::DEFAULT);
    let power = Power::new(confidence, DETECTION).expect("four in five is a probability");
    let axes = PerAxis::from_fn(|axis| on_axis(gold, axis, options, power));
    let gap = axes.omission.as_ref().zip(axes.commission.as_ref()).and_then(|(omission, commission)| {
        let effect = omission.design_effect.max(commission.design_effect);
        let positives = [omission.positives as f64, commission.positives as f64];
        minimum_detectable_gap([0.5, 0.5], positives, effect, power).ok().filter(|gap| *gap <= 1.0)
    });
    DetectableFromLabels { level: options.level, power: DETECTION, correlation: CORRELATION, axes, recall_gap: gap }
}

fn on_axis(gold: &GoldSet, axis: Axis, options: &MeasureOptions, power: Power) -> Option<DetectableOnAxis> {
    let threshold = *options.thresholds_on(&gold.card).get(axis);
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for (position, example) in gold.examples.iter().enumerate() {
        let positive = gold.labels.get(axis)[position].severity.is_some_and(|severity| severity >= threshold);
        if positive && gold.applies(position, axis) {
            *sizes.entry(&example.cluster).or_default() += 1.0;
        }
    }
    let clusters = sizes.len();
    if clusters == 0 {
        return None;
    }
    let positives: f64 = sizes.values().sum();
    let mean = positives / clusters as f64;
    let variance = sizes.values().map(|size| (size - mean).powi(2)).sum::<f64>() / clusters as f64;
    let effect = design_effect(mean, variance.sqrt() / mean, CORRELATION).ok()?;
    let difference = |disagreement: f64| {
        let found = smallest(positives / effect, disagreement, power);
        let undefined = found.is_none().then_some(Undefined::TooFew);
        DetectableDifference { disagreement, difference: found, undefined }
    };
    Some(DetectableOnAxis {
        positives: positives as usize,
        clusters,
        design_effect: effect,
        recall_difference: DISAGREEMENTS.map(difference).to_vec(),
    })
}

/// The smallest difference for which no more pairs are needed than there are; fewer are needed the larger it is.
fn smallest(pairs: f64, disagreement: f64, power: Power) -> Option<f64> {
    let enough = |difference: f64| {
        let (first, second) = (0.5 * (disagreement + difference), 0.5 * (disagreement - difference));
        pairs_for_mcnemar(first, second.max(0.0), power).is_ok_and(|needed| needed <= pairs)
    };
    if !enough(disagreement) {
        return None;
    }
    let (mut low, mut high) = (0.0, disagreement);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if enough(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power() -> Power {
        Power::new(Confidence::DEFAULT, DETECTION).unwrap()
    }

    #[test]
    fn the_smallest_difference_is_the_one_that_needs_all_pairs() {
        let found = smallest(200.0, 0.25, power()).unwrap();
        let needed = pairs_for_mcnemar(0.5 * (0.25 + found), 0.5 * (0.25 - found), power()).unwrap();
        assert!((needed - 200.0).abs() < 1e-6, "{found} needs {needed}");
        assert!(smallest(400.0, 0.25, power()).unwrap() < found);
    }

    #[test]
    fn too_few_pairs_show_nothing() {
        // All of the disagreement one way needs (z sqrt(q) + z' sqrt(q - q^2))^2/q^2 pairs: 76 at a tenth.
        assert_eq!(smallest(50.0, 0.1, power()), None);
        assert!(smallest(80.0, 0.1, power()).is_some());
    }
}
