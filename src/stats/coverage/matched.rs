//! Numbers of matched responses: recall in one role less that in the other, and twins told apart.

use super::{CLUSTERS, LEVEL, POINTS, Rates, Source, Tally, summarise};
use crate::Undefined;
use crate::compare::{paired_difference, paired_test};
use crate::gap::GapCount;
use crate::proportion::{ClusterCount, clustered_proportion};
use crate::random::StreamKey;
use crate::special::normal_cdf;

const REPETITIONS: u64 = 1_000;

/// Recalls in both roles, pairs a cluster, correlation within clusters and of both hits of a pair.
fn framings() -> Vec<([f64; 2], f64, f64, f64)> {
    let mut designs = Vec::new();
    for recalls in [[0.5, 0.5], [0.3, 0.6], [0.1, 0.1], [0.8, 0.95]] {
        for size in [1.5, 4.0] {
            for rho in [0.05, 0.3] {
                designs.push((recalls, size, rho, 0.5));
            }
        }
    }
    designs
}

fn draw(source: &mut Source, rates: &[Rates; 2], size: f64, correlation: f64, clusters: usize) -> Vec<GapCount> {
    let cell = |_| {
        let point = source.point();
        let own = [point, (point + source.point() / 4) % POINTS];
        let mut cell = GapCount::default();
        for _ in 0..source.poisson(size) {
            let (first, other) = (source.normal(), source.normal());
            let second = correlation * first + (1.0 - correlation * correlation).sqrt() * other;
            let hit =
                |deviate: f64, side: usize| f64::from(u8::from(normal_cdf(deviate) < rates[side].quantiles[own[side]]));
            cell.first = ClusterCount::new(cell.first.hits + hit(first, 0), cell.first.total + 1.0);
            cell.second = ClusterCount::new(cell.second.hits + hit(second, 1), cell.second.total + 1.0);
        }
        cell
    };
    (0..clusters).map(cell).collect()
}

#[test]
#[ignore = "slow"]
fn a_difference_of_roles_is_held() {
    for clusters in CLUSTERS {
        let mut tallies = Vec::new();
        let mut rejected: Vec<f64> = Vec::new();
        for (index, (recalls, size, rho, correlation)) in framings().into_iter().enumerate() {
            let rates = recalls.map(|recall| Rates::new(recall, rho));
            let truth = rates[0].mean - rates[1].mean;
            let (mut tally, mut below, mut tests) = (Tally::default(), 0.0, 0.0);
            for repetition in 0..REPETITIONS {
                let mut source = Source::new("framing", index, repetition);
                let cells = draw(&mut source, &rates, size, correlation, clusters);
                tally.add(paired_difference(&cells, LEVEL).interval(), truth);
                // The exact test is dear where many clusters differ: a part of the repetitions is enough.
                let key = StreamKey::new(repetition, "", "", "framing test");
                let equal = recalls[0] == recalls[1] && clusters <= 18 && repetition < 400;
                if let Some(Ok(test)) = equal.then(|| paired_test(&cells, &key)) {
                    tests += 1.0;
                    below += f64::from(u8::from(test.p_mid < 0.05));
                }
            }
            tallies.push(tally);
            if tests > 0.0 {
                rejected.push(below / tests);
            }
        }
        let summary = summarise("difference of two roles", clusters, &tallies);
        println!("sign-flip test at 5 %: {rejected:.3?}");
        assert!(summary.mean > 0.93 && summary.worst > 0.90);
    }
}

/// Chances that the degraded response is judged worse and that both are judged alike; correlation within clusters; pairs.
fn twins() -> Vec<([f64; 2], f64, f64)> {
    let mut designs = Vec::new();
    for chances in [[0.2, 0.6], [0.5, 0.4], [0.8, 0.1], [0.05, 0.9]] {
        for rho in [0.05, 0.3] {
            for size in [1.5, 4.0] {
                designs.push((chances, rho, size));
            }
        }
    }
    designs
}

#[test]
#[ignore = "slow"]
fn a_share_with_half_hits_is_held() {
    for clusters in CLUSTERS {
        let mut tallies = Vec::new();
        for (index, ([worse, alike], rho, size)) in twins().into_iter().enumerate() {
            let rates = Rates::new(worse, rho);
            // Of the pairs that are not judged worse this share is judged alike.
            let tie = alike / (1.0 - worse);
            let truth = rates.mean + 0.5 * tie * (1.0 - rates.mean);
            let mut tally = Tally::default();
            for repetition in 0..REPETITIONS {
                let mut source = Source::new("twins", index, repetition);
                let cell = |_| {
                    let rate = rates.quantiles[source.point()];
                    let total = source.poisson(size);
                    let score = |source: &mut Source| match (source.uniform() < rate, source.uniform() < tie) {
                        (true, _) => 1.0,
                        (false, true) => 0.5,
                        (false, false) => 0.0,
                    };
                    let hits = (0..total).map(|_| score(&mut source)).sum();
                    ClusterCount::new(hits, f64::from(total))
                };
                let cells: Vec<ClusterCount> = (0..clusters).map(cell).collect();
                tally.add(clustered_proportion(&cells, LEVEL, Undefined::NoData).interval(), truth);
            }
            tallies.push(tally);
        }
        let summary = summarise("twins told apart", clusters, &tallies);
        assert!(summary.mean > 0.95 && summary.worst > 0.92);
    }
}
