//! Whether verdicts fail to come where the harm is.

use crate::measure::answers::{Answered, Context, Subject};
use crate::measure::counts::whole;
use crate::measure::evaluation::{CoveredRecall, MissingTrendTest, Missingness, UnscoredAtSeverity};
use crate::model::{Axis, Severity};
use crate::stats::gap::{GapCount, recall_gap};
use crate::stats::missing::{MissingCount, SeverityMissing, imbens_manski, missing_bounds, missing_trend};
use crate::stats::proportion::{ClusterCount, clustered_proportion, guarded_wilson};
use crate::stats::special::{normal_cdf, normal_critical};
use crate::stats::{Estimate, Interval, Undefined};

/// Name of the trend test.
const TREND_METHOD: &str = "cmh_correlation_within_clusters";
/// Name of the interval that covers a bounded recall.
const COVERED_METHOD: &str = "imbens_manski_guarded";

/// The missing verdicts of one judge on one axis; none where every verdict came.
pub(crate) fn missingness(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<Missingness> {
    let answers = subject.on(axis);
    if answers.iter().all(|row| row.scored == row.trials) {
        return None;
    }
    let level = context.options.level;
    let clusters = context.layout.clusters.len();
    let levels = context.gold.card.axis(axis).levels.len();
    let by_severity = counts(answers, clusters, levels, |row| usize::from(row.gold));
    let by_class = counts(answers, clusters, 2, |row| usize::from(row.positive));
    Some(Missingness {
        by_severity: by_severity
            .iter()
            .enumerate()
            .map(|(severity, counts)| UnscoredAtSeverity {
                severity: severity as Severity,
                share_unscored: share(counts, level, Undefined::NoData),
            })
            .collect(),
        unscored_positives: share(&by_class[1], level, Undefined::NoPositives),
        unscored_negatives: share(&by_class[0], level, Undefined::NoNegatives),
        unscored_difference: difference(&by_class[1], &by_class[0], level),
        trend: trend(&by_severity),
        recall_covered: covered(answers, clusters, subject.no_cut(), level),
    })
}

/// Examples (`total`) and those without a verdict (`hits`) of each group, by cluster.
fn counts(
    answers: &[Answered],
    clusters: usize,
    groups: usize,
    group: impl Fn(&Answered) -> usize,
) -> Vec<Vec<ClusterCount>> {
    let mut counts = vec![vec![ClusterCount::default(); clusters]; groups];
    for row in answers {
        let count = &mut counts[group(row)][row.cluster as usize];
        count.hits += row.unscored();
        count.total += 1.0;
    }
    counts
}

fn share(counts: &[ClusterCount], level: f64, empty: Undefined) -> Estimate {
    let estimate = clustered_proportion(counts, level, empty);
    let missing = estimate.count.unwrap_or(0.0);
    estimate.with_missing(missing)
}

/// Unscored among positives minus unscored among negatives, with the interval of every difference of shares.
fn difference(positives: &[ClusterCount], negatives: &[ClusterCount], level: f64) -> Estimate {
    let cells: Vec<GapCount> =
        positives.iter().zip(negatives).map(|(&first, &second)| GapCount { first, second }).collect();
    let mut estimate = recall_gap(&cells, level);
    if estimate.undefined == Some(Undefined::NoPositives) && positives.iter().any(|count| count.total > 0.0) {
        estimate.undefined = Some(Undefined::NoNegatives);
    }
    let missing = |counts: &[ClusterCount]| counts.iter().map(|count| count.hits).sum::<f64>();
    estimate.with_missing(whole(missing(positives) + missing(negatives)))
}

fn trend(by_severity: &[Vec<ClusterCount>]) -> MissingTrendTest {
    let of_severity = |(severity, counts): (usize, &Vec<ClusterCount>)| {
        let cell = move |(cluster, count): (usize, &ClusterCount)| SeverityMissing {
            cluster,
            severity: severity as f64,
            asked: count.total,
            missing: count.hits.min(count.total),
        };
        let occupied = counts.iter().enumerate().filter(|(_, count)| count.total > 0.0);
        occupied.map(cell).collect::<Vec<_>>()
    };
    let cells: Vec<SeverityMissing> = by_severity.iter().enumerate().flat_map(of_severity).collect();
    let found = missing_trend(&cells);
    MissingTrendTest {
        excess_severity: found.as_ref().ok().map(|found| found.direction),
        statistic: found.as_ref().ok().map(|found| found.statistic),
        p_value: found.as_ref().ok().map(|found| found.p_value),
        undefined: found.err(),
        method: TREND_METHOD.to_owned(),
    }
}

/// Imbens and Manski's interval of the recall, made of guarded limits.
///
/// Their critical value lies between the one-sided quantile (bounds far apart: the truth cannot be at both ends) and the
/// two-sided one (bounds that meet). The limits are the guarded Wilson ones at the level that it stands for, so that
/// without a missing verdict this is the interval of the recall: linearised errors fall short with few clusters.
fn covered(answers: &[Answered], clusters: usize, no_cut: Option<Undefined>, level: f64) -> CoveredRecall {
    let found = no_cut.map_or_else(|| limits(&missing_counts(answers, clusters), level), Err);
    CoveredRecall {
        interval: found.ok().map(|(_, interval)| interval),
        undefined: found.err(),
        critical_value: found.ok().map(|(critical, _)| critical),
        level,
        method: COVERED_METHOD.to_owned(),
    }
}

/// Hits, misses and missing verdicts among the positives, by cluster.
fn missing_counts(answers: &[Answered], clusters: usize) -> Vec<MissingCount> {
    let mut cells = vec![MissingCount::default(); clusters];
    for row in answers.iter().filter(|row| row.positive) {
        let cell = &mut cells[row.cluster as usize];
        let (hits, missing) = (row.flagged_of_asked(), row.unscored());
        cell.hits += hits;
        cell.missing += missing;
        cell.misses += (1.0 - hits - missing).max(0.0);
    }
    cells
}

/// The critical value and the interval.
fn limits(cells: &[MissingCount], level: f64) -> Result<(f64, Interval), Undefined> {
    let bounds = missing_bounds(&MissingCount::sum(cells)).map_err(|_| Undefined::NoPositives)?;
    let share = |hits: fn(&MissingCount) -> f64| -> Vec<ClusterCount> {
        let total = |cell: &MissingCount| cell.hits + cell.misses + cell.missing;
        cells.iter().map(|cell| ClusterCount::new(hits(cell), total(cell))).collect()
    };
    let (lowest, highest) = (share(|cell| cell.hits), share(|cell| cell.hits + cell.missing));
    let error = |counts: &[ClusterCount], value: f64| {
        guarded_wilson(counts, level).map(|guarded| (value * (1.0 - value) / guarded.n_effective).sqrt())
    };
    let errors = [error(&lowest, bounds.lower)?, error(&highest, bounds.upper)?];
    let found = imbens_manski(Interval { lower: bounds.lower, upper: bounds.upper }, errors, level)?;
    // Bounds of 0 and 1 have no error: then the one-sided quantile, since the truth cannot be at both ends.
    let apart = if bounds.upper > bounds.lower { 2.0 * level - 1.0 } else { level };
    let critical = found.critical.unwrap_or_else(|_| normal_critical(apart));
    let at = 2.0 * normal_cdf(critical) - 1.0;
    let interval = Interval {
        lower: guarded_wilson(&lowest, at)?.interval.lower,
        upper: guarded_wilson(&highest, at)?.interval.upper,
    };
    Ok((critical, interval))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::toy::repeats;

    fn row(cluster: u32, gold: Severity, scored: u32, flagged: u32) -> Answered {
        repeats(cluster, gold, [2, scored, flagged])
    }

    #[test]
    fn half_an_example_can_be_missing() {
        // One of two repeats without a verdict: half of a positive; the negative came twice.
        let answers = [row(0, 2, 1, 1), row(0, 0, 2, 0), row(1, 2, 2, 0), row(1, 0, 2, 0)];
        let by_class = counts(&answers, 2, 2, |row| usize::from(row.positive));
        let positives = share(&by_class[1], 0.95, Undefined::NoPositives);
        // 1/2 of 2 positives.
        assert_eq!((positives.value, positives.n, positives.missing), (Some(0.25), 2.0, 0.5));
        let found = difference(&by_class[1], &by_class[0], 0.95);
        assert_eq!((found.value, found.missing), (Some(0.25), 0.5));
        assert!(found.lower < Some(0.25) && found.upper > Some(0.25));
        let none = difference(&by_class[1], &[ClusterCount::default(); 2], 0.95);
        assert_eq!(none.undefined, Some(Undefined::NoNegatives));
    }

    #[test]
    fn the_trend_is_taken_within_clusters() {
        // Four asked in one cluster, severities 0 0 1 1, both grave ones missing: chi-squared 3 (by hand in `stats`).
        let answers = [row(0, 0, 2, 0), row(0, 0, 2, 0), row(0, 1, 0, 0), row(0, 1, 0, 0)];
        let found = trend(&counts(&answers, 1, 2, |row| usize::from(row.gold)));
        assert!((found.statistic.unwrap() - 3.0).abs() < 1e-12 && found.excess_severity.unwrap() > 0.0);
        let apart = [row(0, 0, 2, 0), row(1, 1, 0, 0)];
        assert_eq!(trend(&counts(&apart, 2, 2, |row| usize::from(row.gold))).undefined, Some(Undefined::NoVariation));
    }

    #[test]
    fn the_covering_interval_holds_both_bounds() {
        // Recall between 1/4 (both missing a miss) and 3/4.
        let answers = [row(0, 1, 2, 2), row(0, 1, 0, 0), row(1, 1, 0, 0), row(1, 1, 2, 0)];
        let found = covered(&answers, 2, None, 0.95);
        let interval = found.interval.unwrap();
        assert!(interval.lower < 0.25 && interval.upper > 0.75);
        assert!((1.64..1.97).contains(&found.critical_value.unwrap()));
        assert_eq!(covered(&answers, 2, Some(Undefined::NoCut), 0.95).undefined, Some(Undefined::NoCut));
        assert_eq!(covered(&[row(0, 0, 0, 0)], 1, None, 0.95).undefined, Some(Undefined::NoPositives));
        assert_eq!(covered(&answers[..2], 1, None, 0.95).undefined, Some(Undefined::SingleCluster));
        // No verdict at all: anything from 0 to 1.
        let silent = covered(&[row(0, 1, 0, 0), row(1, 1, 0, 0)], 2, None, 0.95).interval.unwrap();
        assert_eq!((silent.lower, silent.upper), (0.0, 1.0));
    }

    /// Where no positive lacks its verdict, the interval is that of the recall.
    #[test]
    fn without_a_missing_verdict_it_is_the_interval_of_the_recall() {
        let answers = [row(0, 1, 2, 2), row(0, 1, 2, 0), row(1, 1, 2, 0), row(1, 1, 2, 2), row(0, 0, 0, 0)];
        let found = covered(&answers, 2, None, 0.95);
        let counts = [ClusterCount::new(1.0, 2.0), ClusterCount::new(1.0, 2.0)];
        let recall = clustered_proportion(&counts, 0.95, Undefined::NoPositives);
        let interval = found.interval.unwrap();
        assert!((interval.lower - recall.lower.unwrap()).abs() < 1e-9);
        assert!((interval.upper - recall.upper.unwrap()).abs() < 1e-9);
    }
}
