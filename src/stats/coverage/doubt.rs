//! The recall with the raters' doubt carried on: Dawid and Skene's posteriors, draws of the truth, Rubin's rule.

use super::{LEVEL, Rates, Source, Tally};
use crate::proportion::{ClusterCount, clustered_proportion};
use crate::raters::{RatingTable, combine_shares, dawid_skene, flag_posterior};
use crate::{Interval, Undefined};

/// As many as the report draws.
const DRAWS: usize = 50;
const STEPS: usize = 50;

/// Clusters of eight examples; raters by their sensitivity and specificity.
struct Design {
    name: &'static str,
    clusters: usize,
    raters: &'static [(f64, f64)],
    prevalence: f64,
    recall: f64,
    /// Whether raters miss the same grave-looking examples: the model's assumption is then wrong.
    shared_error: f64,
}

const GOOD: &[(f64, f64)] = &[(0.9, 0.95), (0.85, 0.9), (0.9, 0.9)];
const FIVE: &[(f64, f64)] = &[(0.9, 0.95), (0.85, 0.9), (0.9, 0.9), (0.8, 0.9), (0.85, 0.95)];
const POOR: &[(f64, f64)] = &[(0.75, 0.85), (0.7, 0.9), (0.8, 0.8)];

const DESIGNS: [Design; 6] = [
    Design { name: "three good raters", clusters: 40, raters: GOOD, prevalence: 0.4, recall: 0.5, shared_error: 0.0 },
    Design { name: "three good raters", clusters: 18, raters: GOOD, prevalence: 0.4, recall: 0.5, shared_error: 0.0 },
    Design {
        name: "three good raters, recall 0.15",
        clusters: 18,
        raters: GOOD,
        prevalence: 0.4,
        recall: 0.15,
        shared_error: 0.0,
    },
    Design { name: "five raters", clusters: 18, raters: FIVE, prevalence: 0.3, recall: 0.5, shared_error: 0.0 },
    Design { name: "three poor raters", clusters: 40, raters: POOR, prevalence: 0.4, recall: 0.5, shared_error: 0.0 },
    Design {
        name: "three raters who err together",
        clusters: 40,
        raters: GOOD,
        prevalence: 0.4,
        recall: 0.5,
        shared_error: 0.1,
    },
];

/// Votes, flags and clusters.
struct Drawn {
    votes: Vec<Vec<Option<usize>>>,
    flags: Vec<bool>,
    clusters: Vec<usize>,
}

fn draw(source: &mut Source, design: &Design, harm: &Rates, recall: &Rates) -> Drawn {
    let mut drawn = Drawn { votes: Vec::new(), flags: Vec::new(), clusters: Vec::new() };
    for cluster in 0..design.clusters {
        let (harm, recall) = (harm.quantiles[source.point()], recall.quantiles[source.point()]);
        for _ in 0..8 {
            let harmful = source.uniform() < harm;
            let turned = source.uniform() < design.shared_error;
            let seen = harmful != turned;
            let vote = |source: &mut Source, (sensitivity, specificity): (f64, f64)| {
                let says = source.uniform() < if seen { sensitivity } else { 1.0 - specificity };
                Some(usize::from(says))
            };
            drawn.votes.push(design.raters.iter().map(|rater| vote(source, *rater)).collect());
            drawn.flags.push(source.uniform() < if harmful { recall } else { 0.1 });
            drawn.clusters.push(cluster);
        }
    }
    drawn
}

/// The interval of the report, one whose draws know nothing of the flag, and that of the recall against the majority.
fn intervals(source: &mut Source, drawn: &Drawn, clusters: usize) -> Result<[Option<Interval>; 3], Undefined> {
    let table = RatingTable::new(drawn.votes.clone(), 2).map_err(|_| Undefined::Incompatible)?;
    let truth = dawid_skene(&table, STEPS)?;
    let harmful: Vec<f64> = truth.posteriors.iter().map(|levels| levels.as_ref().map_or(0.0, |at| at[1])).collect();
    let flags: Vec<f64> = drawn.flags.iter().map(|flag| f64::from(u8::from(*flag))).collect();
    let updated = flag_posterior(&harmful, &flags, &vec![1.0; flags.len()]).map_err(|_| Undefined::Incompatible)?;
    let counts = |positive: &dyn Fn(usize) -> bool| {
        let mut counts = vec![ClusterCount::default(); clusters];
        for (at, flag) in drawn.flags.iter().enumerate().filter(|(at, _)| positive(*at)) {
            counts[drawn.clusters[at]].hits += f64::from(u8::from(*flag));
            counts[drawn.clusters[at]].total += 1.0;
        }
        counts
    };
    let draws = |source: &mut Source, harmful: &[f64]| {
        let one = |_| {
            let drawn: Vec<bool> = harmful.iter().map(|probability| source.uniform() < *probability).collect();
            counts(&|at| drawn[at])
        };
        let draws: Vec<Vec<ClusterCount>> = (0..DRAWS).map(one).collect();
        combine_shares(&draws, LEVEL).ok().map(|found| found.interval)
    };
    let (with_flag, without) = (draws(source, &updated), draws(source, &harmful));
    let raters = table.raters();
    let says = |at: usize| drawn.votes[at].iter().flatten().sum::<usize>();
    let majority = clustered_proportion(&counts(&|at| 2 * says(at) > raters), LEVEL, Undefined::NoPositives);
    Ok([with_flag, without, majority.interval()])
}

fn of_design(index: usize, repetitions: u64) -> [Tally; 3] {
    let design = &DESIGNS[index];
    let (harm, recall) = (Rates::new(design.prevalence, 0.15), Rates::new(design.recall, 0.15));
    let mut tallies = [Tally::default(); 3];
    for repetition in 0..repetitions {
        let mut source = Source::new("doubt", index, repetition);
        let drawn = draw(&mut source, design, &harm, &recall);
        let found = intervals(&mut source, &drawn, design.clusters).unwrap_or([None; 3]);
        tallies.iter_mut().zip(found).for_each(|(tally, interval)| tally.add(interval, recall.mean));
    }
    tallies
}

#[test]
#[ignore = "slow"]
fn the_recall_under_doubt_is_held() {
    println!("| raters | clusters | Rubin | width | draws without the flag | majority as gold | undefined |");
    for (index, design) in DESIGNS.iter().enumerate() {
        let [doubt, without, majority] = of_design(index, 1_000);
        println!(
            "| {} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
            design.name,
            design.clusters,
            doubt.coverage(),
            doubt.width / doubt.defined,
            without.coverage(),
            majority.coverage(),
            1.0 - doubt.defined / doubt.repetitions
        );
        assert!(design.shared_error > 0.0 || doubt.coverage() > 0.92, "{}", design.name);
    }
}

/// Few repetitions, in the design of poor raters: draws that know nothing of the flag pull the recall away from the truth.
#[test]
fn draws_know_of_the_flag() {
    let [doubt, without, majority] = of_design(4, 40);
    let [doubt, without] = [doubt, without].map(|tally| tally.coverage());
    assert!(doubt > 0.84 && without < 0.84 && majority.coverage() < 1.0, "{doubt} {without}");
}
