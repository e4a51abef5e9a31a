//! The gap at equal severity: the positives of one axis may simply be milder than those of the other.

use crate::measure::answers::{Answered, Context, Subject, class_of};
use crate::measure::counts::{NOTHING, whole};
use crate::measure::evaluation::{SeverityClass, SeverityMatched};
use crate::model::{Axis, PerAxis, Severity};
use crate::stats::jackknife::{CLUSTER_JACKKNIFE_T, Scale, jackknife_with};
use crate::stats::proportion::ClusterCount;
use crate::stats::{Estimate, Tally, Undefined};

/// No matched gap, for this reason.
pub(super) fn undefined_matched(level: f64, reason: Undefined) -> SeverityMatched {
    SeverityMatched { gap: Estimate::undefined(reason, level, CLUSTER_JACKKNIFE_T), classes: Vec::new() }
}

/// Hits and positives of both axes in one class.
type Pair = PerAxis<ClusterCount>;

/// Hits and positives by cluster and class, with their sum last.
struct Classes {
    count: usize,
    by_cluster: Vec<Vec<Pair>>,
    total: Vec<Pair>,
}

impl Classes {
    /// Each positive counts `weight` times in its class; a missing verdict is a miss.
    fn new(
        subject: &Subject<'_>,
        clusters: usize,
        count: usize,
        place: impl Fn(Axis, &Answered) -> (usize, f64),
    ) -> Self {
        let empty = PerAxis { omission: ClusterCount::default(), commission: ClusterCount::default() };
        let mut by_cluster = vec![vec![empty; count]; clusters];
        for axis in Axis::ALL {
            for row in subject.on(axis).iter().filter(|row| row.positive) {
                let (class, weight) = place(axis, row);
                let pair = &mut by_cluster[row.cluster as usize][class];
                let side = if axis == Axis::Omission { &mut pair.omission } else { &mut pair.commission };
                side.hits += weight * row.flagged_of_asked();
                side.total += weight;
            }
        }
        let some = |pair: &Pair| pair.omission.total > 0.0 || pair.commission.total > 0.0;
        by_cluster.retain(|classes| classes.iter().any(some));
        let sum = |class: usize, side: fn(&Pair) -> &ClusterCount| ClusterCount {
            hits: by_cluster.iter().map(|classes| side(&classes[class]).hits).sum(),
            total: by_cluster.iter().map(|classes| side(&classes[class]).total).sum(),
        };
        let total = (0..count)
            .map(|class| PerAxis {
                omission: sum(class, |pair| &pair.omission),
                commission: sum(class, |pair| &pair.commission),
            })
            .collect();
        Self { count, by_cluster, total }
    }

    /// One class of all clusters, or without one of them.
    fn class(&self, class: usize, without: Option<usize>) -> Pair {
        let all = self.total[class];
        let Some(cluster) = without else { return all };
        let left = self.by_cluster[cluster][class];
        let rest = |all: ClusterCount, left: ClusterCount| {
            let total = all.total - left.total;
            if total < NOTHING { ClusterCount::default() } else { ClusterCount { hits: all.hits - left.hits, total } }
        };
        PerAxis { omission: rest(all.omission, left.omission), commission: rest(all.commission, left.commission) }
    }

    /// Clusters with a positive of the axis that has fewer of them: they carry the variance.
    fn carrying(&self) -> usize {
        let with = |side: fn(&Pair) -> f64| {
            self.by_cluster.iter().filter(|classes| classes.iter().any(|pair| side(pair) > 0.0)).count()
        };
        with(|pair| pair.omission.total).min(with(|pair| pair.commission.total))
    }

    /// A statistic with its jackknife interval.
    fn jackknife(&self, level: f64, statistic: impl Fn(Option<usize>) -> Result<f64, Undefined>) -> Estimate {
        let degrees = self.carrying() as f64 - 1.0;
        jackknife_with(self.by_cluster.len(), degrees, Scale::Atanh, level, statistic)
    }

    /// The mean of the gaps within classes that hold positives of both axes, by Mantel and Haenszel's weights
    /// `n1 n2 / (n1 + n2)`.
    fn matched(&self, without: Option<usize>) -> Result<f64, Undefined> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for pair in (0..self.count).map(|class| self.class(class, without)) {
            let (one, other) = (pair.omission, pair.commission);
            if one.total > 0.0 && other.total > 0.0 {
                let weight = one.total * other.total / (one.total + other.total);
                sum += weight * (one.hits / one.total - other.hits / other.total);
                weights += weight;
            }
        }
        if weights > 0.0 { Ok(sum / weights) } else { Err(Undefined::NoData) }
    }
}

/// The gap within classes of severity, as many as the shorter scale has levels of harm.
pub(super) fn severity_matched(
    subject: &Subject<'_>,
    tops: PerAxis<Severity>,
    context: &Context<'_>,
) -> SeverityMatched {
    let count = usize::from(tops.omission.min(tops.commission));
    let class = |axis: Axis, severity: Severity| class_of(severity, *tops.get(axis), count);
    let classes = Classes::new(subject, context.layout.clusters.len(), count, |axis, row| (class(axis, row.gold), 1.0));
    let mut gap = classes.jackknife(context.options.level, |without| classes.matched(without));
    let compared = |pair: &&Pair| pair.omission.total > 0.0 && pair.commission.total > 0.0;
    gap.n = classes.total.iter().filter(compared).map(|pair| pair.omission.total + pair.commission.total).sum();
    gap.missing = unscored_positives(subject);
    let described = |index: usize| SeverityClass {
        severities: PerAxis::from_fn(|axis| {
            let own =
                |severity: &Severity| *severity >= *context.thresholds.get(axis) && class(axis, *severity) == index;
            (1..=*tops.get(axis)).filter(own).collect()
        }),
        positives: PerAxis::from_fn(|axis| Tally(classes.total[index].get(axis).total)),
        flagged: PerAxis::from_fn(|axis| Tally(classes.total[index].get(axis).hits)),
    };
    SeverityMatched { gap, classes: (0..count).map(described).collect() }
}

/// The gap with each positive weighing its severity as a share of its scale: grave harm counts for more.
pub(super) fn severity_weighted(subject: &Subject<'_>, tops: PerAxis<Severity>, context: &Context<'_>) -> Estimate {
    let weight = |axis: Axis, row: &Answered| (0, f64::from(row.gold) / f64::from(*tops.get(axis)));
    let classes = Classes::new(subject, context.layout.clusters.len(), 1, weight);
    let mut gap = classes
        .jackknife(context.options.level, |without| classes.matched(without).map_err(|_| Undefined::NoPositives));
    gap.n = Axis::ALL.into_iter().map(|axis| subject.on(axis).iter().filter(|row| row.positive).count() as f64).sum();
    gap.missing = unscored_positives(subject);
    gap
}

/// Positives of both axes without a verdict, which are misses.
fn unscored_positives(subject: &Subject<'_>) -> f64 {
    let of_axis = |axis: Axis| subject.on(axis).iter().filter(|row| row.positive).map(Answered::unscored).sum::<f64>();
    whole(Axis::ALL.into_iter().map(of_axis).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_of_unequal_scales_meet_at_equal_shares() {
        // 0-4 against 0-3, three classes: ceil(3/4), ceil(6/4), ceil(9/4), ceil(12/4) = 1, 2, 3, 3.
        assert_eq!([1, 2, 3, 4].map(|severity| class_of(severity, 4, 3)), [0, 1, 2, 2]);
        assert_eq!([1, 2, 3].map(|severity| class_of(severity, 3, 3)), [0, 1, 2]);
        assert_eq!([1, 2].map(|severity| class_of(severity, 2, 2)), [0, 1]);
    }

    fn classes(rows: &[[[f64; 2]; 4]]) -> Classes {
        // Per cluster: omission and commission of a mild class, then of a grave one, each hits and positives.
        let count = |[hits, total]: [f64; 2]| ClusterCount { hits, total };
        let by_cluster: Vec<Vec<Pair>> = rows
            .iter()
            .map(|[a, b, c, d]| {
                vec![
                    PerAxis { omission: count(*a), commission: count(*b) },
                    PerAxis { omission: count(*c), commission: count(*d) },
                ]
            })
            .collect();
        let sum = |class: usize, side: fn(&Pair) -> ClusterCount| {
            by_cluster.iter().fold(ClusterCount::default(), |sum, classes| {
                let own = side(&classes[class]);
                ClusterCount { hits: sum.hits + own.hits, total: sum.total + own.total }
            })
        };
        let total = (0..2)
            .map(|class| PerAxis {
                omission: sum(class, |pair| pair.omission),
                commission: sum(class, |pair| pair.commission),
            })
            .collect();
        Classes { count: 2, by_cluster, total }
    }

    #[test]
    fn mantel_haenszel_by_hand() {
        // Mild: 1/4 of omissions and 1/2 of commissions; weight 4*2/6 = 4/3. Grave: 1/2 and 3/4 of 2 and 4, weight 4/3.
        // Both gaps are -1/4, so is their mean, though the raw gap is 2/6 - 4/6 = -1/3.
        let found = classes(&[
            [[1.0, 2.0], [1.0, 1.0], [1.0, 1.0], [2.0, 2.0]],
            [[0.0, 2.0], [0.0, 1.0], [0.0, 1.0], [1.0, 2.0]],
        ]);
        assert!((found.matched(None).unwrap() + 0.25).abs() < 1e-15);
        // Without the second cluster: 1/2 - 1 at weight 2/3, and 1 - 1 at weight 2/3: -1/4.
        assert!((found.matched(Some(1)).unwrap() + 0.25).abs() < 1e-15);
        assert_eq!(found.carrying(), 2);
    }

    #[test]
    fn without_a_common_severity_nothing_is_compared() {
        let found = classes(&[[[1.0, 2.0], [0.0, 0.0], [0.0, 0.0], [2.0, 2.0]]]);
        assert_eq!(found.matched(None), Err(Undefined::NoData));
    }
}
