//! The cluster jackknife of kappa, of an area under the curve and of the mean signed error.

use super::{CLUSTERS, LEVEL, REPETITIONS, Source, Tally, summarise};
use crate::agreement::{ConfusionTable, Weighting, cohen_kappa, ordinal_errors, rank_association};
use crate::jackknife::{Scale, jackknife};
use crate::{Interval, Undefined};

/// Levels of the scale.
const LEVELS: usize = 5;
/// Latent cuts between levels: 55% of the gold labels are 0.
const CUTS: [f64; 4] = [0.15, 0.7, 1.2, 1.8];
/// Examples in the population from which the truth is read.
const POPULATION: usize = 4_000_000;

/// Latent model: gold is a + e, the judge reads `slope` of it less `shift`, with an error of its own; a and the judge's bias b are the
/// cluster's.
struct Design {
    /// Variance share of the cluster in gold.
    gold_icc: f64,
    /// Standard deviation of the judge's bias by cluster.
    judge_bias: f64,
    slope: f64,
    shift: f64,
    noise: f64,
    size: f64,
}

const DESIGNS: [Design; 4] = [
    Design { gold_icc: 0.1, judge_bias: 0.0, slope: 1.0, shift: 0.0, noise: 0.7, size: 6.0 },
    Design { gold_icc: 0.3, judge_bias: 0.4, slope: 1.0, shift: 0.5, noise: 0.5, size: 6.0 },
    Design { gold_icc: 0.3, judge_bias: 0.4, slope: 0.6, shift: 0.6, noise: 0.6, size: 12.0 },
    Design { gold_icc: 0.1, judge_bias: 0.2, slope: 1.0, shift: 0.0, noise: 0.3, size: 4.0 },
];

type Statistic = fn(&ConfusionTable) -> Result<f64, Undefined>;

/// Name, scale, statistic and the least worst coverage that is accepted.
const STATISTICS: [(&str, Scale, Statistic, f64); 3] = [
    ("quadratic kappa", Scale::Atanh, kappa, 0.89),
    ("area under the curve", Scale::Logit, area, 0.91),
    ("mean signed error", Scale::Identity, signed_error, 0.91),
];

fn kappa(table: &ConfusionTable) -> Result<f64, Undefined> {
    cohen_kappa(table, Weighting::Quadratic, LEVEL).map(|found| found.value)
}

/// The area is (D + 1)/2 with Somers' D of the judge's level given gold positive or not.
fn area(table: &ConfusionTable) -> Result<f64, Undefined> {
    let mut binary = ConfusionTable::new(LEVELS).expect("five levels");
    table.iter().for_each(|(gold, judge, weight)| binary.add(usize::from(gold >= 1), judge, weight));
    rank_association(&binary)?.somers_d.map(|d| 0.5 * (d + 1.0)).map_err(|_| Undefined::OneClass)
}

fn signed_error(table: &ConfusionTable) -> Result<f64, Undefined> {
    ordinal_errors(table).map(|found| found.mean_signed)
}

#[test]
#[ignore = "slow"]
fn cluster_jackknife_holds_smooth_statistics() {
    let truths: Vec<ConfusionTable> =
        DESIGNS.iter().enumerate().map(|(index, design)| population(index, design)).collect();
    for clusters in CLUSTERS {
        let mut tallies = [[Tally::default(); DESIGNS.len()]; STATISTICS.len()];
        for (index, design) in DESIGNS.iter().enumerate() {
            let truth = STATISTICS.map(|(_, _, statistic, _)| statistic(&truths[index]).expect("a large population"));
            for repetition in 0..REPETITIONS {
                let mut source = Source::new("smooth", index, repetition);
                let tables: Vec<ConfusionTable> = (0..clusters).map(|_| cluster(&mut source, design)).collect();
                for (which, (_, scale, statistic, _)) in STATISTICS.iter().enumerate() {
                    tallies[which][index].add(interval(&tables, *scale, *statistic), truth[which]);
                }
            }
        }
        for ((label, _, _, least), tallies) in STATISTICS.iter().zip(&tallies) {
            let summary = summarise(label, clusters, tallies);
            assert!(summary.worst > *least, "{label}");
        }
    }
}

fn interval(tables: &[ConfusionTable], scale: Scale, statistic: Statistic) -> Option<Interval> {
    let occupied: Vec<ConfusionTable> = tables.iter().filter(|table| table.total() > 0.0).cloned().collect();
    let of = |without| statistic(&ConfusionTable::sum_without(&occupied, without).ok_or(Undefined::NoData)?);
    jackknife(occupied.len(), scale, LEVEL, of).interval()
}

fn cluster(source: &mut Source, design: &Design) -> ConfusionTable {
    let size = source.poisson(design.size) as usize;
    let mut table = ConfusionTable::new(LEVELS).expect("five levels");
    fill(source, design, size, &mut table);
    table
}

/// Adds the examples of one cluster.
fn fill(source: &mut Source, design: &Design, size: usize, table: &mut ConfusionTable) {
    let common = design.gold_icc.sqrt() * source.normal();
    let bias = design.judge_bias * source.normal();
    for _ in 0..size {
        let gold = common + (1.0 - design.gold_icc).sqrt() * source.normal();
        let judge = design.slope * gold - design.shift + bias + design.noise * source.normal();
        table.add(level(gold), level(judge), 1.0);
    }
}

fn level(latent: f64) -> usize {
    CUTS.iter().filter(|cut| latent >= **cut).count()
}

/// The table of very many clusters of one example.
fn population(index: usize, design: &Design) -> ConfusionTable {
    let mut source = Source::new("population", index, 0);
    let mut table = ConfusionTable::new(LEVELS).expect("five levels");
    (0..POPULATION).for_each(|_| fill(&mut source, design, 1, &mut table));
    table
}
