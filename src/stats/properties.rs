//! What holds for every table, on thousands of small random ones: nothing panics, every number is finite and in its range, and where
//! the specification says undefined there is no number.
//!
//! The tables are small on purpose: empty cells, single clusters, certain shares and constant judges turn up all the time.

use super::agreement::{
    BinaryTable, ConfusionTable, Metric, Weighting, bowker, clustered_kappa_error, cohen_kappa, gwet_coefficient,
    krippendorff_alpha, ordinal_errors, paradox_panel, rank_association, stuart_maxwell,
};
use super::compare::{
    DiscordantCount, bradley_terry, clustered_mcnemar, cochran_q, mcnemar, paired_difference, paired_test,
};
use super::gap::{GapCount, PairedCounts, agresti_min_paired, describe_gap, newcombe_paired, recall_gap, tango_paired};
use super::jackknife::{Scale, jackknife};
use super::missing::{MissingCount, clustered_missing_interval, missing_bounds};
use super::proportion::{ClusterCount, clustered_proportion, describe_proportion, totals};
use super::random::{StreamKey, below};
use super::resample::{ClusterResample, bootstrap_ratio};
use super::signflip::gap_test;
use super::{Estimate, Interval, Undefined};
use rand_chacha::ChaCha8Rng;
use std::num::{NonZeroU32, NonZeroUsize};

const TABLES: u64 = 2_000;
const LEVEL: f64 = 0.95;

/// Small random inputs.
struct Generator(ChaCha8Rng);

impl Generator {
    fn new(test: &str, table: u64) -> Self {
        Self(key(test).stream(table))
    }

    /// A whole number in `0..=most`.
    fn upto(&mut self, most: u32) -> u32 {
        below(&mut self.0, NonZeroU32::new(most + 1).unwrap())
    }

    /// Up to four examples, each a hit in none, some or all of up to three repeats.
    fn count(&mut self) -> ClusterCount {
        let total = self.upto(4).saturating_sub(self.upto(2));
        let repeats = 1 + self.upto(2);
        // A third of the clusters are certain, so that certain shares and equal rates are frequent.
        let hits = match self.upto(5) {
            0 => 0,
            1 => repeats * total,
            _ => self.upto(repeats * total),
        };
        ClusterCount::new(f64::from(hits) / f64::from(repeats), f64::from(total))
    }

    fn counts(&mut self) -> Vec<ClusterCount> {
        (0..self.upto(6)).map(|_| self.count()).collect()
    }

    fn gaps(&mut self) -> Vec<GapCount> {
        (0..self.upto(6)).map(|_| GapCount { first: self.count(), second: self.count() }).collect()
    }

    /// Two judges on the same examples.
    fn pairs(&mut self) -> Vec<GapCount> {
        let pair = |generator: &mut Self| {
            let first = generator.count();
            let hits = f64::from(generator.upto(first.total as u32));
            GapCount { first, second: ClusterCount::new(hits, first.total) }
        };
        (0..self.upto(6)).map(|_| pair(self)).collect()
    }

    /// A table of a few examples on two to five levels.
    fn table(&mut self, levels: usize) -> ConfusionTable {
        let mut table = ConfusionTable::new(levels).unwrap();
        for _ in 0..self.upto(6) {
            let [gold, judge] = [0, 1].map(|_| self.upto(levels as u32 - 1) as usize);
            table.add(gold, judge, 1.0 / f64::from(1 + self.upto(2)));
        }
        table
    }
}

fn key(test: &str) -> StreamKey {
    StreamKey::new(2026, "", "", test)
}

/// What every estimate keeps to.
fn check_estimate(estimate: &Estimate, least: f64, most: f64) {
    assert_eq!(estimate.value.is_some(), estimate.undefined.is_none(), "{estimate:?}");
    assert_eq!(estimate.lower.is_some(), estimate.upper.is_some(), "{estimate:?}");
    let Some(value) = estimate.value else {
        assert!(estimate.lower.is_none() && estimate.interval_undefined.is_none(), "{estimate:?}");
        return;
    };
    assert!(value.is_finite() && least <= value && value <= most, "{estimate:?}");
    assert_eq!(estimate.interval().is_some(), estimate.interval_undefined.is_none(), "{estimate:?}");
    if let Some(interval) = estimate.interval() {
        check_interval(interval, least, most);
        assert!(interval.lower <= value + 1e-12 && value <= interval.upper + 1e-12, "{estimate:?}");
    }
    serde_json::to_string(estimate).unwrap();
}

fn check_interval(interval: Interval, least: f64, most: f64) {
    assert!(least <= interval.lower && interval.lower <= interval.upper && interval.upper <= most, "{interval:?}");
}

fn check_value(value: Result<f64, Undefined>, least: f64, most: f64) {
    if let Ok(value) = value {
        assert!(value.is_finite() && least <= value && value <= most, "{value}");
    }
}

#[test]
fn shares() {
    for table in 0..TABLES {
        let counts = Generator::new("shares", table).counts();
        let estimate = clustered_proportion(&counts, LEVEL, Undefined::NoPositives);
        check_estimate(&estimate, 0.0, 1.0);
        let occupied = counts.iter().filter(|count| count.total > 0.0).count();
        assert_eq!(estimate.undefined == Some(Undefined::NoPositives), occupied == 0);
        assert_eq!(estimate.interval_undefined == Some(Undefined::SingleCluster), occupied == 1);
        assert_eq!(estimate.interval().is_some(), occupied > 1);
        if let Ok(found) = describe_proportion(&counts, LEVEL) {
            for interval in [found.wilson_effective, found.korn_graubard, found.logit_t].into_iter().flatten() {
                check_interval(interval, 0.0, 1.0);
            }
            check_value(found.jackknife_error, 0.0, f64::MAX);
            check_value(found.guarded.and_then(|guarded| guarded.icc), f64::MIN, 1.0);
        }
        let mut reversed = counts.clone();
        reversed.reverse();
        let other = clustered_proportion(&reversed, LEVEL, Undefined::NoPositives);
        assert!((estimate.lower.unwrap_or(0.0) - other.lower.unwrap_or(0.0)).abs() < 1e-9, "{estimate:?} {other:?}");
    }
}

#[test]
fn shares_of_the_complement_mirror() {
    for table in 0..TABLES {
        let counts = Generator::new("complement", table).counts();
        let misses: Vec<ClusterCount> =
            counts.iter().map(|count| ClusterCount::new(count.total - count.hits, count.total)).collect();
        let [hit, miss] = [counts, misses].map(|counts| clustered_proportion(&counts, LEVEL, Undefined::NoPositives));
        if let (Some(hit), Some(miss)) = (hit.interval(), miss.interval()) {
            assert!((hit.lower + miss.upper - 1.0).abs() < 1e-9, "{hit:?} {miss:?}");
        }
    }
}

#[test]
fn gaps() {
    for table in 0..TABLES {
        let cells = Generator::new("gaps", table).gaps();
        let estimate = recall_gap(&cells, LEVEL);
        check_estimate(&estimate, -1.0, 1.0);
        let sides = [|cell: &GapCount| cell.first, |cell: &GapCount| cell.second];
        let empty = sides.iter().any(|side| totals(&cells.iter().map(side).collect::<Vec<_>>()).total == 0.0);
        assert_eq!(estimate.undefined == Some(Undefined::NoPositives), empty);
        if let Ok(gap) = describe_gap(&cells, LEVEL) {
            for interval in [gap.guarded.difference, gap.unguarded.difference].into_iter().flatten() {
                check_interval(interval, -1.0, 1.0);
            }
        }
        match gap_test(&cells, &key("gap test")) {
            Ok(found) => {
                assert!(0.0 < found.test.p_mid && found.test.p_mid <= found.test.p_value && found.test.p_value <= 1.0);
                assert!((found.scores.iter().sum::<f64>() - found.value).abs() < 1e-12);
            }
            Err(reason) => assert!(matches!(reason, Undefined::NoPositives | Undefined::SingleCluster)),
        }
    }
}

#[test]
fn paired_judges() {
    for table in 0..TABLES {
        let cells = Generator::new("pairs", table).pairs();
        check_estimate(&paired_difference(&cells, LEVEL), -1.0, 1.0);
        if let Ok(found) = paired_test(&cells, &key("paired test")) {
            assert!(0.0 < found.p_mid && found.p_mid <= found.p_value && found.p_value <= 1.0);
        }
        let mut generator = Generator::new("pair counts", table);
        let [both, only_first, only_second, neither] = [0; 4].map(|_| generator.upto(3));
        let counts = PairedCounts {
            both: f64::from(both),
            only_first: f64::from(only_first),
            only_second: f64::from(only_second),
            neither: f64::from(neither),
        };
        let methods = [
            newcombe_paired(&counts, LEVEL).map(|found| found.interval),
            tango_paired(&counts, LEVEL),
            agresti_min_paired(&counts, LEVEL),
        ];
        for interval in methods {
            assert_eq!(interval.is_err(), counts.total() == 0.0);
            interval.into_iter().for_each(|interval| check_interval(interval, -1.0, 1.0));
        }
        let iid = mcnemar(u64::from(only_first), u64::from(only_second));
        assert!(0.0 < iid.mid_p && iid.mid_p <= iid.exact && iid.exact <= 1.0);
        assert_eq!(iid.chi_squared.is_err(), only_first + only_second == 0);
        let cell = |_: &u32| {
            let (only_first, only_second) = (f64::from(generator.upto(2)), f64::from(generator.upto(2)));
            DiscordantCount { only_first, only_second, pairs: only_first + only_second + f64::from(generator.upto(2)) }
        };
        let clusters: Vec<DiscordantCount> = [0; 4].iter().map(cell).collect();
        if let Ok(found) = clustered_mcnemar(&clusters) {
            for test in [found.obuchowski, found.durkalski, found.yang] {
                assert!(test.statistic >= 0.0 && (0.0..=1.0).contains(&test.p_value));
            }
        }
    }
}

#[test]
fn agreement() {
    for index in 0..TABLES {
        let mut generator = Generator::new("agreement", index);
        let levels = 2 + generator.upto(3) as usize;
        let table = generator.table(levels);
        let empty = table.total() == 0.0;
        for weighting in [Weighting::Nominal, Weighting::Linear, Weighting::Quadratic] {
            let kappa = cohen_kappa(&table, weighting, LEVEL);
            assert_eq!(kappa.err() == Some(Undefined::NoData), empty);
            check_value(kappa.map(|kappa| kappa.value), -1.0, 1.0);
            check_value(kappa.map(|kappa| kappa.standard_error), 0.0, f64::MAX);
            let gwet = gwet_coefficient(&table, weighting, LEVEL);
            assert_eq!(gwet.err() == Some(Undefined::NoData), empty);
            check_value(gwet.map(|gwet| gwet.value), f64::MIN, 1.0);
            check_value(gwet.and_then(|gwet| gwet.standard_error), 0.0, f64::MAX);
        }
        for metric in [Metric::Nominal, Metric::Ordinal, Metric::Interval] {
            check_value(krippendorff_alpha(&table, metric), f64::MIN, 1.0);
        }
        assert_eq!((ordinal_errors(&table).is_err(), rank_association(&table).is_err()), (empty, empty));
        if let Ok(found) = rank_association(&table) {
            for value in [found.tau_b, found.gamma, found.somers_d, found.spearman] {
                check_value(value, -1.0, 1.0);
            }
        }
        check_value(bowker(&table).map(|found| found.p_value), 0.0, 1.0);
        check_value(stuart_maxwell(&table).map(|found| found.p_value), 0.0, 1.0);
        check_binary(&BinaryTable::at_thresholds(&table, 1, 1));
    }
}

fn check_binary(table: &BinaryTable) {
    check_value(table.youden_j(), -1.0, 1.0);
    check_value(table.matthews_correlation(), -1.0, 1.0);
    check_value(table.f1(), 0.0, 1.0);
    check_value(table.balanced_accuracy(), 0.0, 1.0);
    assert_eq!(table.recall().is_err(), table.positives() == 0.0);
    assert_eq!(table.specificity().is_err(), table.negatives() == 0.0);
    if let Ok(panel) = paradox_panel(table) {
        check_value(panel.kappa, -1.0, 1.0);
        check_value(panel.kappa_max, -1.0, 1.0);
        check_value(panel.positive_agreement, 0.0, 1.0);
    }
}

#[test]
fn jackknives_of_agreement() {
    for index in 0..TABLES {
        let mut generator = Generator::new("jackknife", index);
        let clusters: Vec<ConfusionTable> = (0..generator.upto(6)).map(|_| generator.table(3)).collect();
        let kappa = |without| {
            let table = ConfusionTable::sum_without(&clusters, without).ok_or(Undefined::NoData)?;
            cohen_kappa(&table, Weighting::Quadratic, LEVEL).map(|kappa| kappa.value)
        };
        check_estimate(&jackknife(clusters.len(), Scale::Atanh, LEVEL, kappa), -1.0, 1.0);
        check_value(clustered_kappa_error(&clusters, Weighting::Quadratic), 0.0, f64::MAX);
    }
}

#[test]
fn bootstraps() {
    for index in 0..TABLES / 10 {
        let counts = Generator::new("bootstrap", index).counts();
        let Ok(resample) = ClusterResample::new(counts.len(), &key("draws"), NonZeroUsize::MIN) else {
            assert!(counts.len() < 2);
            continue;
        };
        let Ok(found) = bootstrap_ratio(&counts, &resample, LEVEL) else {
            assert_eq!(totals(&counts).total, 0.0);
            continue;
        };
        for interval in [found.percentile, found.bca.map(|bca| bca.interval)].into_iter().flatten() {
            check_interval(interval, 0.0, 1.0);
        }
        let certain = found.value == 0.0 || found.value == 1.0;
        assert!(!certain || (found.bca.is_err() && found.studentised.is_err()));
    }
}

#[test]
fn missing_verdicts() {
    for index in 0..TABLES {
        let mut generator = Generator::new("missing", index);
        let count = |generator: &mut Generator| {
            let [hits, misses, missing] = [0; 3].map(|_| f64::from(generator.upto(2)));
            MissingCount { hits, misses, missing }
        };
        let cells: Vec<MissingCount> = (0..generator.upto(5)).map(|_| count(&mut generator)).collect();
        let sum = MissingCount::sum(&cells);
        let Ok(bounds) = missing_bounds(&sum) else {
            assert_eq!(sum.hits + sum.misses + sum.missing, 0.0);
            continue;
        };
        assert!(0.0 <= bounds.lower && bounds.lower <= bounds.upper && bounds.upper <= 1.0);
        if let Ok(complete) = bounds.complete_case {
            assert!(bounds.lower <= complete && complete <= bounds.upper);
        }
        if let Ok(interval) = clustered_missing_interval(&cells, LEVEL) {
            check_interval(interval, 0.0, 1.0);
            assert!(interval.lower <= bounds.lower && bounds.upper <= interval.upper);
        }
    }
}

#[test]
fn several_judges() {
    for index in 0..TABLES {
        let mut generator = Generator::new("several", index);
        let judges = 1 + generator.upto(3);
        let mut row = |_| (0..judges).map(|_| generator.upto(1) == 1).collect::<Vec<bool>>();
        let rows: Vec<Vec<bool>> = (0..4).map(&mut row).collect();
        if let Ok(found) = cochran_q(&rows) {
            assert!(found.test.statistic >= -1e-12 && (0.0..=1.0).contains(&found.test.p_value));
        }
        let mut wins = |_| (0..judges).map(|_| f64::from(generator.upto(2))).collect::<Vec<f64>>();
        let wins: Vec<Vec<f64>> = (0..judges).map(&mut wins).collect();
        if let Ok(found) = bradley_terry(&wins) {
            assert!(found.strengths.iter().chain(&found.standard_errors).all(|value| value.is_finite()));
            assert!(found.strengths.iter().sum::<f64>().abs() < 1e-9);
        }
    }
}
