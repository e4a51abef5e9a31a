//! What a judge is worth where it is sure: risk against coverage.

use crate::measure::answers::{Cell, ClusterCells, ValueCounts, thinned, twelve_digits};
use crate::measure::evaluation::{CoverageAtRecall, CoveragePoint, SelectivePrediction};
use crate::stats::calibration::{ConfidenceBlock, augrc, risk_coverage_of_counts};
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Tally, Undefined};

/// Recall among the positives that are left to the judge.
const RECALL: f64 = 0.9;
/// From this probability on the judge says harmful.
const DECISION: f64 = 0.5;

/// Examples of one confidence.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    confidence: f64,
    items: f64,
    errors: f64,
    positives: f64,
    caught: f64,
}

/// Risk and coverage of the stated probabilities.
pub(super) fn selective(counts: &ValueCounts, level: f64) -> SelectivePrediction {
    let blocks = blocks(counts);
    let areas = risk_coverage_of_counts(&errors_of(&blocks)).expect("errors are a part of the items").ok();
    let wrong = |cluster: &ClusterCells| {
        let errors = |cell: &Cell| {
            if counts.values[cell.value] >= DECISION { cell.negatives } else { cell.positives }
        };
        let items = cluster.cells.iter().map(|cell| cell.positives + cell.negatives).sum();
        ClusterCount::new(cluster.cells.iter().map(errors).sum(), items)
    };
    let cells: Vec<ClusterCount> = counts.clusters.iter().map(wrong).collect();
    let curve = curve(&blocks);
    SelectivePrediction {
        error_rate: clustered_proportion(&cells, level, Undefined::NoData).with_missing(counts.missing()),
        augrc: augrc_estimate(counts, &blocks, level),
        aurc: areas.map(|areas| areas.aurc),
        excess_aurc: areas.map(|areas| areas.excess_aurc),
        coverage_at_recall: coverage_at_recall(&blocks),
        curve: thinned(curve, |point| [point.coverage, point.risk, point.recall.unwrap_or_default()]),
    }
}

/// Confidence of a probability.
fn confidence(p: f64) -> f64 {
    p.max(twelve_digits(1.0 - p))
}

/// Position among the distinct confidences, the highest first, of each value.
fn places(counts: &ValueCounts) -> (Vec<f64>, Vec<usize>) {
    let mut distinct: Vec<f64> = counts.values.iter().map(|p| confidence(*p)).collect();
    distinct.sort_unstable_by(|a, b| b.total_cmp(a));
    distinct.dedup();
    let places = counts.values.iter().map(|p| distinct.partition_point(|other| *other > confidence(*p))).collect();
    (distinct, places)
}

fn blocks(counts: &ValueCounts) -> Vec<Block> {
    let (confidences, places) = places(counts);
    let mut blocks: Vec<Block> =
        confidences.into_iter().map(|confidence| Block { confidence, ..Block::default() }).collect();
    for ((value, place), (positives, negatives)) in counts.values.iter().zip(places).zip(counts.totals(|_| true)) {
        let block = &mut blocks[place];
        block.items += positives + negatives;
        block.positives += positives;
        if *value >= DECISION {
            block.errors += negatives;
            block.caught += positives;
        } else {
            block.errors += positives;
        }
    }
    blocks
}

fn errors_of(blocks: &[Block]) -> Vec<ConfidenceBlock> {
    blocks.iter().map(|block| ConfidenceBlock { items: block.items, errors: block.errors }).collect()
}

fn augrc_estimate(counts: &ValueCounts, blocks: &[Block], level: f64) -> crate::stats::Estimate {
    let (_, places) = places(counts);
    let all = errors_of(blocks);
    let occupied: Vec<_> = counts.clusters.iter().filter(|cluster| !cluster.cells.is_empty()).collect();
    let mut estimate = jackknife(occupied.len(), Scale::Logit, level, |left_out| {
        let mut rest = all.clone();
        for cell in left_out.iter().flat_map(|cluster| &occupied[*cluster].cells) {
            let block = &mut rest[places[cell.value]];
            block.items -= cell.positives + cell.negatives;
            block.errors -= if counts.values[cell.value] >= DECISION { cell.negatives } else { cell.positives };
        }
        augrc(&rest)
    });
    estimate.n = counts.n();
    estimate.with_missing(counts.missing())
}

/// What is kept down to each confidence.
fn kept(blocks: &[Block]) -> impl Iterator<Item = Block> + '_ {
    blocks.iter().scan(Block::default(), |sum, block| {
        sum.confidence = block.confidence;
        sum.items += block.items;
        sum.errors += block.errors;
        sum.positives += block.positives;
        sum.caught += block.caught;
        Some(*sum)
    })
}

fn recall(kept: &Block) -> Option<f64> {
    (kept.positives > 0.0).then(|| kept.caught / kept.positives)
}

fn curve(blocks: &[Block]) -> Vec<CoveragePoint> {
    let n: f64 = blocks.iter().map(|block| block.items).sum();
    kept(blocks)
        .map(|kept| CoveragePoint {
            confidence: kept.confidence,
            coverage: kept.items / n,
            risk: kept.errors / kept.items,
            recall: recall(&kept),
        })
        .collect()
}

/// The most that can be left to the judge while recall among the positives kept is at least [`RECALL`].
fn coverage_at_recall(blocks: &[Block]) -> CoverageAtRecall {
    let n: f64 = blocks.iter().map(|block| block.items).sum();
    let positives: f64 = blocks.iter().map(|block| block.positives).sum();
    let found = kept(blocks).filter(|kept| recall(kept).is_some_and(|recall| recall >= RECALL)).last();
    let reason = if positives > 0.0 { Undefined::TooFew } else { Undefined::NoPositives };
    CoverageAtRecall {
        recall: RECALL,
        coverage: found.map(|kept| kept.items / n),
        confidence: found.map(|kept| kept.confidence),
        positives: found.map(|kept| Tally(kept.positives)),
        undefined: found.is_none().then_some(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::Answered;
    use crate::measure::answers::Thinning;
    use crate::measure::answers::toy::stated;

    fn of(answered: &[Answered]) -> SelectivePrediction {
        selective(&ValueCounts::new(answered, Thinning::Grid, |example| example.probability), 0.95)
    }

    #[test]
    fn four_examples_by_hand() {
        // Confidence 1: positive at 1.0 (right). 0.9: negative at 0.1 (right). 0.8: negative at 0.8 (wrong). 0.6: positive at
        // 0.4 (wrong). Errors kept 0, 0, 1, 2: AURC (0 + 0 + 1/3 + 1/2) / 4, AUGRC (0 + 0 + 1 + 2) / 16; at best the same
        // order, so no excess. Recall is 1 down to 0.8 and 1/2 at 0.6.
        let answered = [
            stated(0, 0, true, Some(1.0)),
            stated(1, 1, false, Some(0.1)),
            stated(2, 1, false, Some(0.8)),
            stated(3, 2, true, Some(0.4)),
        ];
        let found = of(&answered);
        assert!((found.aurc.unwrap() - 5.0 / 24.0).abs() < 1e-15 && found.excess_aurc.unwrap().abs() < 1e-15);
        assert!((found.augrc.value.unwrap() - 3.0 / 16.0).abs() < 1e-15);
        assert_eq!((found.error_rate.value, found.curve.len()), (Some(0.5), 4));
        let at = found.coverage_at_recall;
        assert_eq!((at.coverage, at.confidence, at.positives), (Some(0.75), Some(0.8), Some(Tally(1.0))));
        assert_eq!(found.curve[3].recall, Some(0.5));
    }

    #[test]
    fn a_recall_that_is_never_reached_and_no_positive() {
        let missed = of(&[stated(0, 0, true, Some(0.1)), stated(1, 1, false, Some(0.2))]).coverage_at_recall;
        assert_eq!((missed.coverage, missed.undefined), (None, Some(Undefined::TooFew)));
        let none = of(&[stated(0, 0, false, Some(0.1))]);
        assert_eq!(none.coverage_at_recall.undefined, Some(Undefined::NoPositives));
        assert_eq!((none.augrc.value, none.augrc.interval_undefined), (Some(0.0), Some(Undefined::SingleCluster)));
    }
}
