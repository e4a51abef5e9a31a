//! What a finished audit could have detected: the smallest gap and the smallest difference of judges that its positives,
//! as they cluster, would have shown.

use std::collections::BTreeSet;

use crate::measure::counts::{AxisCells, Cut, Missing, recall_cells};
use crate::measure::evaluation::{Detectable, DetectableGap, DetectableRecall};
use crate::model::{Axis, PerAxis};
use crate::stats::Undefined;
use crate::stats::gap::{GapCount, describe_gap};
use crate::stats::power::{Arm, GapDesign, PairDesign, expected_interval, half_width};
use crate::stats::proportion::{ClusterCount, guarded_wilson, totals};

/// Probability with which a difference has to be shown to count as detectable.
const POWER: f64 = 0.8;

/// What the audit of one judge could have shown. `answers` says on which axes the judge answers, `no_cut` why it flags nothing.
pub(crate) fn detectable(
    cells: &PerAxis<AxisCells>,
    cuts: &PerAxis<Cut>,
    answers: &[Axis],
    no_cut: Option<Undefined>,
    level: f64,
) -> Detectable {
    let counts = PerAxis::from_fn(|axis| counts(cells.get(axis), *cuts.get(axis)));
    let arms = PerAxis::from_fn(|axis| match no_cut {
        Some(reason) => Err(reason),
        None if !answers.contains(&axis) => Err(Undefined::NotAnswered),
        None => Observed::new(counts.get(axis), level),
    });
    let recall = PerAxis::from_fn(|axis| answers.contains(&axis).then(|| of_recall(arms.get(axis), level)));
    Detectable { power: POWER, gap: of_gap(&arms, correlation(cells, cuts, level), level), recall }
}

/// Flagged positives by cluster; an unscored one is a miss.
fn counts(cells: &AxisCells, cut: Cut) -> Vec<ClusterCount> {
    cells.per_cluster(|cells| recall_cells(cells, cut, Missing::Miss))
}

/// The recall that was found and the arm it was found on.
struct Observed {
    recall: f64,
    arm: Arm,
}

impl Observed {
    /// Design effects are the observed ones that the guarded interval rests on.
    fn new(counts: &[ClusterCount], level: f64) -> Result<Self, Undefined> {
        let ClusterCount { hits, total } = totals(counts);
        if total <= 0.0 {
            return Err(Undefined::NoPositives);
        }
        let effect = guarded_wilson(counts, level)?.design_effect;
        let clusters = counts.iter().filter(|count| count.total > 0.0).count() as f64;
        let arm = Arm { positives: total, clusters, design_effect: effect, guarded_effect: effect };
        Ok(Self { recall: hits / total, arm })
    }
}

fn of_recall(observed: &Result<Observed, Undefined>, level: f64) -> DetectableRecall {
    let found = observed.as_ref().map_err(|reason| *reason).and_then(|Observed { recall, arm }| {
        let interval = expected_interval(*recall, arm, level)?;
        let difference = PairDesign { arm: *arm, level }.smallest_difference(*recall, POWER);
        Ok((half_width(*recall, interval), difference.ok(), arm.design_effect))
    });
    DetectableRecall {
        half_width: found.ok().map(|(half_width, _, _)| half_width),
        smallest_difference: found.ok().and_then(|(_, difference, _)| difference),
        undefined: match found {
            Err(reason) => Some(reason),
            Ok((_, None, _)) => Some(Undefined::TooFew),
            Ok(_) => None,
        },
        design_effect: found.ok().map(|(_, _, effect)| effect),
    }
}

fn of_gap(arms: &PerAxis<Result<Observed, Undefined>>, correlation: f64, level: f64) -> DetectableGap {
    let design = match (&arms.omission, &arms.commission) {
        (Ok(first), Ok(second)) => GapDesign::new([first.arm, second.arm], correlation, level)
            .map(|design| (design, [first.recall, second.recall])),
        (Err(reason), _) | (_, Err(reason)) => Err(*reason),
    };
    let smallest =
        design.and_then(|(design, [first, second])| design.smallest_gap(f64::midpoint(first, second), POWER));
    let interval = design.and_then(|(design, recalls)| Ok((recalls, design.expected_interval(recalls)?)));
    DetectableGap {
        smallest: smallest.ok(),
        undefined: smallest.err(),
        half_width: interval.ok().map(|([first, second], interval)| half_width(first - second, interval)),
    }
}

/// Correlation of the two recalls over clusters, as the interval of the gap takes it; 0 where there is none.
fn correlation(cells: &PerAxis<AxisCells>, cuts: &PerAxis<Cut>, level: f64) -> f64 {
    let clusters: BTreeSet<u32> =
        cells.omission.clusters.keys().chain(cells.commission.clusters.keys()).copied().collect();
    let count = |axis: Axis, cluster: &u32| {
        let found = cells.get(axis).clusters.get(cluster);
        found.map_or(ClusterCount::new(0.0, 0.0), |cells| recall_cells(cells, *cuts.get(axis), Missing::Miss))
    };
    let both: Vec<GapCount> = clusters
        .iter()
        .map(|cluster| GapCount { first: count(Axis::Omission, cluster), second: count(Axis::Commission, cluster) })
        .collect();
    describe_gap(&both, level).and_then(|gap| gap.variance).map_or(0.0, |variance| variance.correlation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clusters(counts: &[(f64, f64)], times: usize) -> Vec<ClusterCount> {
        counts.iter().cycle().take(counts.len() * times).map(|&(hits, total)| ClusterCount::new(hits, total)).collect()
    }

    fn gap(first: &[ClusterCount], second: &[ClusterCount]) -> DetectableGap {
        let arms = PerAxis { omission: Observed::new(first, 0.95), commission: Observed::new(second, 0.95) };
        of_gap(&arms, 0.0, 0.95)
    }

    /// One positive a cluster, 10 of 20: the linearised design effect is G/(G-1) = 20/19, the effective size 19, and Wilson's
    /// half-width at 1/2 is z / (2 sqrt(19 + z^2)) = 0.2050.
    #[test]
    fn a_recall_by_hand() {
        let found = of_recall(&Observed::new(&clusters(&[(1.0, 1.0), (0.0, 1.0)], 10), 0.95), 0.95);
        assert!((found.half_width.unwrap() - 0.20505).abs() < 1e-5, "{found:?}");
        assert!((found.design_effect.unwrap() - 20.0 / 19.0).abs() < 1e-9, "{found:?}");
        assert!(found.smallest_difference.unwrap() > 0.3 && found.undefined.is_none());
    }

    #[test]
    fn a_larger_audit_detects_smaller_gaps() {
        let of = |times| {
            let arm = clusters(&[(1.0, 2.0), (0.0, 1.0), (2.0, 2.0)], times);
            gap(&arm, &arm)
        };
        let (small, large) = (of(5), of(20));
        assert!(small.smallest.unwrap() > 1.6 * large.smallest.unwrap(), "{small:?} {large:?}");
        assert!(small.half_width.unwrap() > 1.6 * large.half_width.unwrap());
    }

    #[test]
    fn each_reason_is_given() {
        let enough = clusters(&[(1.0, 2.0), (0.0, 1.0)], 8);
        assert_eq!(gap(&enough, &[]).undefined, Some(Undefined::NoPositives));
        assert_eq!(gap(&clusters(&[(1.0, 4.0)], 1), &enough).undefined, Some(Undefined::SingleCluster));
        let tiny = clusters(&[(1.0, 1.0), (0.0, 1.0)], 1);
        let found = gap(&tiny, &tiny);
        assert_eq!((found.smallest, found.undefined), (None, Some(Undefined::TooFew)));
        assert!(found.half_width.is_some());
        let none = of_recall(&Err(Undefined::NoCut), 0.95);
        assert_eq!((none.half_width, none.design_effect, none.undefined), (None, None, Some(Undefined::NoCut)));
    }
}
