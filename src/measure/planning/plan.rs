//! Sizes: what it takes to show a gap, to bring a recall within a half-width, to tell two judges apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::design::Assumptions;
use super::search::fewest;
use super::simulate::Simulated;
use crate::model::{Axis, PerAxis};
use crate::stats::power::{GapDesign, PairDesign, expected_interval, half_width};
use crate::stats::{Interval, Undefined};

/// A number of clusters and what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Clusters.
    pub clusters: usize,
    /// Examples in them.
    pub examples: f64,
    /// Positives in them that are to be expected.
    pub positives: PerAxis<f64>,
}

impl Size {
    /// So many clusters under the assumptions.
    pub fn new(clusters: usize, assumed: &Assumptions) -> Self {
        let positives = |axis| assumed.arm(axis, clusters as f64).map_or(0.0, |arm| arm.positives);
        Self {
            clusters,
            examples: (clusters as f64 * assumed.cluster_size).ceil(),
            positives: PerAxis::from_fn(positives),
        }
    }
}

/// What it takes to show a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GapPlan {
    /// The gap that is measured: omission recall less commission recall, unscored positives being misses.
    pub gap: f64,
    /// The fewest clusters; null where not even a million are enough.
    pub size: Option<Size>,
    /// Probability that the interval of the gap then leaves out 0.
    pub power: Option<f64>,
    /// The interval to be expected.
    pub interval: Option<Interval>,
    /// What a simulation of this size found.
    pub simulated: Option<Simulated>,
    /// The size with which the simulation, too, reaches the power; null where there was none, or where it did not get there.
    pub by_simulation: Option<Size>,
}

/// What it takes to bring a recall within a half-width.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallPlan {
    /// The axis.
    pub axis: Axis,
    /// The recall that is measured.
    pub recall: f64,
    /// The half-width that was asked for.
    pub half_width: f64,
    /// The fewest clusters; null where not even a million are enough, or where the axis has no positives.
    pub size: Option<Size>,
    /// The interval to be expected.
    pub interval: Option<Interval>,
    /// What a simulation of this size found.
    pub simulated: Option<Simulated>,
}

/// What it takes to tell two judges apart on one axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairPlan {
    /// The axis.
    pub axis: Axis,
    /// Difference of the two recalls.
    pub difference: f64,
    /// Share of the positives that only one of the judges finds.
    pub discordant: f64,
    /// The fewest clusters; null where not even a million are enough, or where the axis has no positives.
    pub size: Option<Size>,
    /// Probability that the interval of the difference then leaves out 0.
    pub power: Option<f64>,
    /// Pairs that independent positives would take by Connor's formula.
    pub independent_pairs: f64,
    /// What a simulation of this size found.
    pub simulated: Option<Simulated>,
    /// The size with which the simulation, too, reaches the power; null where there was none, or where it did not get there.
    pub by_simulation: Option<Size>,
}

/// The gap design of so many clusters.
pub(super) fn gap_design(assumed: &Assumptions, clusters: f64) -> Result<GapDesign, Undefined> {
    let arms = [assumed.arm(Axis::Omission, clusters), assumed.arm(Axis::Commission, clusters)];
    let [Some(first), Some(second)] = arms else { return Err(Undefined::NoPositives) };
    GapDesign::new([first, second], 0.0, assumed.level)
}

/// Clusters that it takes to show the gap between the assumed recalls.
pub fn plan_gap(assumed: &Assumptions) -> GapPlan {
    let recalls = assumed.measured_recalls();
    let power = |clusters: usize| gap_design(assumed, clusters as f64).map_or(0.0, |design| design.power(recalls));
    let clusters = fewest(|clusters| power(clusters) >= assumed.power);
    let interval = |clusters: usize| gap_design(assumed, clusters as f64)?.expected_interval(recalls);
    GapPlan {
        gap: recalls[0] - recalls[1],
        size: clusters.map(|clusters| Size::new(clusters, assumed)),
        power: clusters.map(power),
        interval: clusters.and_then(|clusters| interval(clusters).ok()),
        simulated: None,
        by_simulation: None,
    }
}

/// Clusters that bring the guarded Wilson interval of a recall within the half-width on its longer side.
pub fn plan_recall(assumed: &Assumptions, axis: Axis, wanted: f64) -> RecallPlan {
    let recall = assumed.measured(axis);
    let interval = |clusters: usize| {
        let arm = assumed.arm(axis, clusters as f64).ok_or(Undefined::NoPositives)?;
        expected_interval(recall, &arm, assumed.level)
    };
    let enough = |clusters: usize| interval(clusters).is_ok_and(|interval| half_width(recall, interval) <= wanted);
    let clusters = if assumed.make_up.get(axis).is_some() { fewest(enough) } else { None };
    RecallPlan {
        axis,
        recall,
        half_width: wanted,
        size: clusters.map(|clusters| Size::new(clusters, assumed)),
        interval: clusters.and_then(|clusters| interval(clusters).ok()),
        simulated: None,
    }
}

/// Clusters that it takes to tell two judges apart whose recalls differ by so much and of whose findings so many are only one's.
pub fn plan_pairs(assumed: &Assumptions, axis: Axis, difference: f64, discordant: f64) -> PairPlan {
    let power = |clusters: usize| {
        let design = assumed.arm(axis, clusters as f64).map(|arm| PairDesign { arm, level: assumed.level });
        design.map_or(0.0, |design| design.power(difference, discordant))
    };
    let clusters =
        if assumed.make_up.get(axis).is_some() { fewest(|clusters| power(clusters) >= assumed.power) } else { None };
    PairPlan {
        axis,
        difference,
        discordant,
        size: clusters.map(|clusters| Size::new(clusters, assumed)),
        power: clusters.map(power),
        independent_pairs: independent_pairs(assumed, difference, discordant),
        simulated: None,
        by_simulation: None,
    }
}

/// Connor's number of pairs. The assumptions are validated where they are made, so that it is defined.
fn independent_pairs(assumed: &Assumptions, difference: f64, discordant: f64) -> f64 {
    use crate::stats::Confidence;
    use crate::stats::power::{Power, pairs_for_mcnemar};
    let [first, second] = [0.5 * (discordant + difference), 0.5 * (discordant - difference)];
    let test = Confidence::new(assumed.level).and_then(|level| Power::new(level, assumed.power));
    test.and_then(|test| pairs_for_mcnemar(first, second, test)).map_or(0.0, f64::ceil)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::planning::design::MakeUp;

    fn assumed(recalls: [f64; 2], cluster_size: f64, icc: f64) -> Assumptions {
        Assumptions {
            recall: PerAxis { omission: recalls[0], commission: recalls[1] },
            missing: 0.0,
            icc: PerAxis { omission: icc, commission: icc },
            cluster_size,
            make_up: PerAxis::from_fn(|_| Some(MakeUp::binomial(cluster_size, 1.0))),
            power: 0.8,
            level: 0.95,
        }
    }

    /// Independent positives, one a cluster, both kinds in each: about Fleiss's (z_a sqrt(2 pq) + z_b sqrt(p1 q1 + p2 q2))^2 /
    /// D^2 = 43 an arm at 0.35 and 0.65; Wilson's intervals and t need a little more.
    #[test]
    fn a_gap_takes_about_what_the_textbook_says() {
        let plan = plan_gap(&assumed([0.35, 0.65], 1.0, 0.0));
        let clusters = plan.size.unwrap().clusters;
        assert!((43..50).contains(&clusters), "{clusters}");
        assert!(plan.power.unwrap() >= 0.8 && plan.interval.unwrap().upper < 0.0);
        assert!((plan.gap + 0.3).abs() < 1e-12);
        assert_eq!(plan_gap(&assumed([0.65, 0.35], 1.0, 0.0)).size.unwrap().clusters, clusters);
    }

    /// Wilson at p = 1/2: half = z / (2 sqrt(n + z^2)) <= 0.1 from n = (1.96 / 0.2)^2 - 3.84 = 92.2 on; one positive a
    /// cluster leaves the size as it is.
    #[test]
    fn a_half_width_by_hand() {
        let plan = plan_recall(&assumed([0.5, 0.5], 1.0, 0.0), Axis::Omission, 0.1);
        assert_eq!(plan.size.unwrap().clusters, 93);
        let interval = plan.interval.unwrap();
        assert!(interval.upper - 0.5 <= 0.1 && interval.upper - 0.5 > 0.099);
    }

    #[test]
    fn clustering_and_missing_verdicts_cost() {
        let clusters = |assumed: &Assumptions| plan_gap(assumed).size.unwrap().positives.omission;
        let loose = clusters(&assumed([0.3, 0.6], 6.0, 0.0));
        let tight = assumed([0.3, 0.6], 6.0, 0.3);
        assert!(clusters(&tight) > 1.5 * loose);
        // A third without a verdict turns 0.3 and 0.6 into 0.2 and 0.4.
        let missing = Assumptions { missing: 1.0 / 3.0, ..tight.clone() };
        assert!((plan_gap(&missing).gap + 0.2).abs() < 1e-12);
        assert!(clusters(&missing) > 1.5 * clusters(&tight));
    }

    /// Connor: (1.96 sqrt(0.4) + 0.8416 sqrt(0.36))^2 / 0.04 = 76.1. The t interval has the variance of the data, not of equality:
    /// (1.96 + 0.8416)^2 0.36 / 0.04 = 70.6, and t a little more.
    #[test]
    fn pairs_by_hand() {
        let plan = plan_pairs(&assumed([0.5, 0.5], 1.0, 0.0), Axis::Omission, 0.2, 0.4);
        assert_eq!(plan.independent_pairs, 77.0);
        let clusters = plan.size.unwrap().clusters;
        assert!((71..76).contains(&clusters), "{clusters}");
    }

    #[test]
    fn without_positives_there_is_no_plan() {
        let none = Assumptions { make_up: PerAxis::default(), ..assumed([0.3, 0.6], 6.0, 0.1) };
        assert_eq!(plan_gap(&none).size, None);
        assert_eq!(plan_recall(&none, Axis::Omission, 0.1).size, None);
        assert_eq!(plan_pairs(&none, Axis::Omission, 0.2, 0.4).size, None);
        assert_eq!(plan_gap(&assumed([0.5, 0.5], 6.0, 0.1)).size, None);
    }
}
