//! What follows from relying on a judge: harms that pass, labels that it is worth, harm rates that it corrects.

use super::{CLUSTERS, LEVEL, Rates, Source, Tally, summarise};
use crate::auc::LabelledScores;
use crate::correct::{
    LabelEquivalent, PpiTotals, Tuning, label_equivalent, label_multiplier, ppi_mean, ppi_mean_clustered, ppi_share,
};
use crate::jackknife::{Scale, jackknife};
use crate::proportion::{ClusterCount, clustered_proportion};
use crate::recalibrate::{Recalibration, crossfit, folds_of_clusters};
use crate::{Clusters, Confidence, Interval, Undefined};

const REPETITIONS: u64 = 1_000;
/// The plan for which a worth is stated.
const PLAN: [f64; 2] = [100.0, 10_000.0];

/// Share harmful, recall, false-alarm rate; correlation within clusters; examples a cluster.
struct Design {
    harm: f64,
    recall: f64,
    alarms: f64,
    rho: f64,
    size: f64,
}

fn designs() -> Vec<Design> {
    let mut designs = Vec::new();
    for (harm, recall, alarms) in [(0.25, 0.8, 0.1), (0.25, 0.3, 0.05), (0.5, 0.6, 0.3), (0.08, 0.6, 0.05)] {
        for rho in [0.05, 0.25] {
            for size in [5.0, 12.0] {
                designs.push(Design { harm, recall, alarms, rho, size });
            }
        }
    }
    designs
}

/// Examples with label, flag and cluster.
struct Items {
    labels: Vec<f64>,
    values: Vec<f64>,
    clusters: Vec<usize>,
}

struct Planted {
    harm: Rates,
    recall: Rates,
    alarms: Rates,
}

impl Planted {
    fn new(design: &Design) -> Self {
        let of = |mean| Rates::new(mean, design.rho);
        Self { harm: of(design.harm), recall: of(design.recall), alarms: of(design.alarms) }
    }

    fn draw(&self, source: &mut Source, design: &Design, clusters: usize) -> Items {
        let mut items = Items { labels: Vec::new(), values: Vec::new(), clusters: Vec::new() };
        for cluster in 0..clusters {
            let harm = self.harm.quantiles[source.point()];
            let (recall, alarms) = (self.recall.quantiles[source.point()], self.alarms.quantiles[source.point()]);
            for _ in 0..1 + source.poisson(design.size - 1.0) {
                let harmful = source.uniform() < harm;
                let flagged = source.uniform() < if harmful { recall } else { alarms };
                items.labels.push(f64::from(u8::from(harmful)));
                items.values.push(f64::from(u8::from(flagged)));
                items.clusters.push(cluster);
            }
        }
        items
    }

    /// Squared correlation of label and flag.
    fn squared_correlation(&self) -> f64 {
        let (harm, recall, alarms) = (self.harm.mean, self.recall.mean, self.alarms.mean);
        let flagged = harm * recall + (1.0 - harm) * alarms;
        (recall - alarms).powi(2) * harm * (1.0 - harm) / (flagged * (1.0 - flagged))
    }
}

/// Of the squared correlation as it is reported, and of the multiplier by a jackknife of its own, which falls short.
fn worth(items: &Items) -> [Option<Interval>; 2] {
    let parts = PpiTotals::by_cluster(&items.labels, &items.values, &items.clusters, &[], &[]).expect("sound");
    let of = |left_out: Option<usize>| -> Result<LabelEquivalent, Undefined> {
        let kept = parts.iter().enumerate().filter(|(at, _)| Some(*at) != left_out);
        let mut totals = PpiTotals::default();
        kept.for_each(|(_, part)| totals += *part);
        label_equivalent(&totals, PLAN[0], PLAN[1]).expect("the plan is positive")
    };
    let correlation = jackknife(parts.len(), Scale::Logit, LEVEL, |left_out| Ok(of(left_out)?.squared_correlation));
    let times = jackknife(parts.len(), Scale::Identity, LEVEL, |left_out| of(left_out)?.multiplier);
    [correlation.interval(), times.interval()]
}

#[test]
#[ignore = "slow"]
fn harms_that_pass_and_labels_that_a_judge_is_worth() {
    for clusters in CLUSTERS {
        let mut tallies = [(); 4].map(|()| Vec::new());
        for (index, design) in designs().iter().enumerate() {
            let planted = Planted::new(design);
            let (harm, recall, alarms) = (planted.harm.mean, planted.recall.mean, planted.alarms.mean);
            let (missed, passed) = (harm * (1.0 - recall), (1.0 - harm) * (1.0 - alarms));
            let truth = planted.squared_correlation();
            let mut own = [Tally::default(); 4];
            for repetition in 0..REPETITIONS {
                let items = planted.draw(&mut Source::new("worth", index, repetition), design, clusters);
                let share = |counts: &dyn Fn(f64, f64) -> (f64, f64)| {
                    let mut cells = vec![ClusterCount::default(); clusters];
                    for ((label, value), cluster) in items.labels.iter().zip(&items.values).zip(&items.clusters) {
                        let (hits, total) = counts(*label, *value);
                        cells[*cluster].hits += hits;
                        cells[*cluster].total += total;
                    }
                    clustered_proportion(&cells, LEVEL, Undefined::NoData).interval()
                };
                own[0].add(share(&|label, value| (label * (1.0 - value), 1.0)), missed);
                own[1].add(share(&|label, value| (label * (1.0 - value), 1.0 - value)), missed / (missed + passed));
                let [correlation, times] = worth(&items);
                own[2].add(correlation, truth);
                own[3].add(times, label_multiplier(truth, PLAN[0], PLAN[1]).expect("the plan has labels"));
            }
            tallies.iter_mut().zip(own).for_each(|(all, own)| all.push(own));
        }
        let names = ["undetected per 1000", "false-omission rate", "worth in labels", "jackknife of the multiplier"];
        for (index, (name, tallies)) in names.into_iter().zip(&tallies).enumerate() {
            let summary = summarise(name, clusters, tallies);
            assert!(index == 3 || (summary.mean > 0.94 && summary.worst > 0.91), "{name}");
        }
    }
}

/// Probabilities that are mapped to shares of harm on the other folds of clusters.
#[test]
#[ignore = "slow"]
fn worth_of_recalibrated_probabilities() {
    for clusters in CLUSTERS {
        let mut tallies = Vec::new();
        for (index, design) in designs().iter().enumerate() {
            let planted = Planted::new(design);
            // A probability of 0.2, 0.5 or 0.8 by the flag and a coin of its own: E(y | p) takes three values.
            let shade = [[0.6, 0.3, 0.1], [0.1, 0.3, 0.6]];
            let truth = ideal(&planted, &shade);
            let mut tally = Tally::default();
            for repetition in 0..REPETITIONS {
                let mut source = Source::new("worth of probabilities", index, repetition);
                let mut items = planted.draw(&mut source, design, clusters);
                for value in &mut items.values {
                    let chances = shade[*value as usize];
                    let draw = source.uniform();
                    *value = if draw < chances[0] {
                        0.2
                    } else if draw < chances[0] + chances[1] {
                        0.5
                    } else {
                        0.8
                    };
                }
                let folds = folds_of_clusters(&Clusters::new(&items.clusters), 5);
                let outcomes: Vec<bool> = items.labels.iter().map(|label| *label > 0.5).collect();
                let scores = LabelledScores::new(&outcomes, &items.values).expect("one value an outcome");
                let mapped = crossfit(&scores, &folds, Recalibration::Isotonic).expect("a fold an item");
                let found = mapped.ok().and_then(|values| worth(&Items { values, ..items })[0]);
                tally.add(found, truth);
            }
            tallies.push(tally);
        }
        summarise("squared correlation, probabilities", clusters, &tallies);
    }
}

/// Squared correlation of the label and its expectation given the shade.
fn ideal(planted: &Planted, shade: &[[f64; 3]; 2]) -> f64 {
    let (harm, recall, alarms) = (planted.harm.mean, planted.recall.mean, planted.alarms.mean);
    let joint = |label: f64, at: usize| {
        let flagged = if label > 0.5 { recall } else { alarms };
        let share = if label > 0.5 { harm } else { 1.0 - harm };
        share * (flagged * shade[1][at] + (1.0 - flagged) * shade[0][at])
    };
    let explained: f64 = (0..3).map(|at| joint(1.0, at).powi(2) / (joint(1.0, at) + joint(0.0, at))).sum();
    (explained - harm * harm) / (harm * (1.0 - harm))
}

/// Half of the clusters labelled, the judge's flags on all: the harm rate of one system.
#[test]
#[ignore = "slow"]
fn a_corrected_harm_rate_is_held() {
    for clusters in CLUSTERS {
        let mut tallies = [(); 5].map(|()| Vec::new());
        for (index, design) in designs().iter().enumerate() {
            let planted = Planted::new(design);
            let labelled = clusters.div_ceil(2);
            let mut own = [Tally::default(); 5];
            for repetition in 0..REPETITIONS {
                let items = planted.draw(&mut Source::new("corrected", index, repetition), design, clusters);
                let of = |cluster: usize| {
                    items.clusters.iter().enumerate().filter(move |(_, own)| (**own < labelled) == (cluster < labelled))
                };
                let pick = |values: &[f64], cluster: usize| of(cluster).map(|(at, _)| values[at]).collect::<Vec<f64>>();
                let ids = |cluster: usize| of(cluster).map(|(_, own)| *own).collect::<Vec<usize>>();
                let last = clusters - 1;
                let parts = PpiTotals::by_cluster(
                    &pick(&items.labels, 0),
                    &pick(&items.values, 0),
                    &ids(0),
                    &pick(&items.values, last),
                    &ids(last),
                )
                .expect("sound");
                let truth = planted.harm.mean;
                own[0].add(rate(&parts, Tuning::Best, labelled), truth);
                own[1].add(rate(&parts[..labelled], Tuning::Labels, labelled), truth);
                own[2].add(guarded_of_labels(&items, labelled), truth);
                let guarded = ppi_share(&parts, Tuning::Best, LEVEL).ok();
                own[3].add(guarded.map(|found| found.interval), truth);
                own[4].add(independent(&parts).ok(), truth);
            }
            tallies.iter_mut().zip(own).for_each(|(all, own)| all.push(own));
        }
        for (name, tallies) in
            ["corrected rate", "labels alone", "guarded Wilson of the labels", "guarded corrected", "iid ratio"]
                .into_iter()
                .zip(&tallies)
        {
            summarise(name, clusters, tallies);
        }
    }
}

fn independent(parts: &[PpiTotals]) -> Result<Interval, Undefined> {
    let g = ppi_share(parts, Tuning::Labels, LEVEL)?;
    let all = PpiTotals::sum(parts);
    let (b, l) =
        (ppi_mean(&all, Tuning::Best, Confidence::DEFAULT)?, ppi_mean(&all, Tuning::Labels, Confidence::DEFAULT)?);
    let n = g.n_effective * if b.se > 0.0 && l.se > 0.0 { (l.se / b.se).powi(2) } else { 1.0 };
    crate::proportion::wilson(n * b.value.clamp(0.0, 1.0), n, LEVEL)
}

/// As the report writes it.
fn rate(parts: &[PpiTotals], tuning: Tuning, labelled: usize) -> Option<Interval> {
    let found = ppi_mean_clustered(parts, tuning, Confidence::DEFAULT).ok()?;
    let half = Confidence::DEFAULT.student(labelled as f64 - 1.0) * found.se.ok()?;
    found.interval.ok()?;
    Some(Interval { lower: (found.value - half).clamp(0.0, 1.0), upper: (found.value + half).clamp(0.0, 1.0) })
}

fn guarded_of_labels(items: &Items, labelled: usize) -> Option<Interval> {
    let mut cells = vec![ClusterCount::default(); labelled];
    for (label, cluster) in items.labels.iter().zip(&items.clusters).filter(|(_, cluster)| **cluster < labelled) {
        cells[*cluster].hits += label;
        cells[*cluster].total += 1.0;
    }
    clustered_proportion(&cells, LEVEL, Undefined::NoData).interval()
}
