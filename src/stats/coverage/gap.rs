//! Guarded MOVER for a recall gap.

use super::{CLUSTERS, LEVEL, POINTS, REPETITIONS, Rates, Source, Tally, summarise};
use crate::gap::{GapCount, describe_gap};
use crate::proportion::ClusterCount;
use crate::special::normal_cdf;

/// Recalls, mean positives a cluster, intraclass correlation, and correlation of a cluster's two rates on the normal scale.
struct Design {
    recalls: [f64; 2],
    sizes: [f64; 2],
    rho: f64,
    correlation: f64,
}

/// 32 designs.
fn designs() -> Vec<Design> {
    let mut designs = Vec::new();
    for recalls in [[0.3, 0.3], [0.3, 0.8], [0.06, 0.6], [0.9, 0.9]] {
        for sizes in [[3.0, 3.0], [3.0, 1.5]] {
            for rho in [0.05, 0.3] {
                for correlation in [0.0, 0.8] {
                    designs.push(Design { recalls, sizes, rho, correlation });
                }
            }
        }
    }
    designs
}

#[test]
#[ignore = "slow"]
fn guarded_mover_holds_a_gap() {
    for clusters in CLUSTERS {
        let (mut guarded, mut robust) = (Vec::new(), Vec::new());
        for (index, design) in designs().iter().enumerate() {
            let rates = design.recalls.map(|recall| Rates::new(recall, design.rho));
            let truth = rates[0].mean - rates[1].mean;
            let (mut of_guarded, mut of_robust) = (Tally::default(), Tally::default());
            for repetition in 0..REPETITIONS {
                let mut source = Source::new("gap", index, repetition);
                let gap = describe_gap(&draw(&mut source, design, &rates, clusters), LEVEL).ok();
                of_guarded.add(gap.and_then(|gap| gap.guarded.difference.ok()), truth);
                of_robust.add(gap.and_then(|gap| gap.t_interval.ok()), truth);
            }
            guarded.push(of_guarded);
            robust.push(of_robust);
        }
        summarise("cluster-robust t", clusters, &robust);
        let summary = summarise("guarded MOVER", clusters, &guarded);
        assert!(summary.mean > 0.95 && summary.worst > 0.92);
    }
}

fn draw(source: &mut Source, design: &Design, rates: &[Rates; 2], clusters: usize) -> Vec<GapCount> {
    let cell = |_| {
        let first = source.normal();
        let other = source.normal();
        let second = design.correlation * first + (1.0 - design.correlation * design.correlation).sqrt() * other;
        let [first, second] = [(first, 0), (second, 1)].map(|(deviate, side)| {
            let point = ((normal_cdf(deviate) * POINTS as f64) as usize).min(POINTS - 1);
            let total = source.poisson(design.sizes[side]);
            ClusterCount::new(f64::from(source.binomial(total, rates[side].quantiles[point])), f64::from(total))
        });
        GapCount { first, second }
    };
    (0..clusters).map(cell).collect()
}
