//! Selective prediction: what a judge is worth where it is sure.

use crate::Undefined;
use crate::input::{InputError, all_counts, all_finite, same_length};

/// Areas under the risk-coverage curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RiskCoverage {
    /// AURC: mean over coverages of the mean loss among the items kept.
    pub aurc: f64,
    /// AURC of the best possible ordering of these losses.
    pub aurc_optimal: f64,
    /// AURC - optimal: what better confidences could save.
    pub excess_aurc: f64,
    /// AUGRC: mean over coverages of the loss kept, per item of the whole set. The one to report: AURC over-weights the
    /// few most confident items.
    pub augrc: f64,
    /// Mean loss at full coverage.
    pub full_risk: f64,
}

/// Risk-coverage areas: does the judge err where it is unsure?
///
/// Items are kept in the order of falling confidence. Equal confidences are kept in random order, and the areas are
/// expectations over those orders.
///
/// **Inputs**: confidence (any scale, higher = surer; max(p, 1 - p) for a probability) and loss (0 or more; 1 for wrong)
/// per item. **Returns**: the areas, in units of the loss. **Undefined**: `no_data`; no errors at all give 0.
/// **Errors**: lengths differ, a value is not finite, a loss is negative. **Cost**: O(n log n).
/// **Source**: Geifman and El-Yaniv (2017) for AURC; Geifman, Uziel and El-Yaniv (2019) for its excess; Traub et al.
/// (2024, NeurIPS) for AUGRC.
///
/// ```
/// use lacuna_stats::calibration::risk_coverage;
/// // Kept sure first: losses 0, 1. Risks 0, 1/2, AURC 1/4; losses per set 0, 1/2, AUGRC 1/4.
/// let areas = risk_coverage(&[0.9, 0.6], &[0.0, 1.0])?.unwrap();
/// assert_eq!((areas.aurc, areas.augrc, areas.full_risk), (0.25, 0.25, 0.5));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn risk_coverage(confidence: &[f64], loss: &[f64]) -> Result<Result<RiskCoverage, Undefined>, InputError> {
    same_length("losses", loss.len(), confidence.len())?;
    all_finite("confidences", confidence)?;
    all_counts("losses", loss)?;
    if loss.is_empty() {
        return Ok(Err(Undefined::NoData));
    }
    let mut order: Vec<usize> = (0..loss.len()).collect();
    order.sort_by(|&a, &b| confidence[b].total_cmp(&confidence[a]));
    let blocks = order.chunk_by(|&a, &b| confidence[a] == confidence[b]);
    let kept = cumulative(blocks.map(|block| (block.iter().map(|&item| loss[item]).sum(), block.len())));
    let mut sorted = loss.to_vec();
    sorted.sort_by(f64::total_cmp);
    let best = cumulative(sorted.into_iter().map(|loss| (loss, 1)));
    let n = loss.len() as f64;
    let (aurc, aurc_optimal) = (mean_risk(&kept), mean_risk(&best));
    Ok(Ok(RiskCoverage {
        aurc,
        aurc_optimal,
        excess_aurc: aurc - aurc_optimal,
        augrc: kept.iter().sum::<f64>() / (n * n),
        full_risk: kept[kept.len() - 1] / n,
    }))
}

/// Loss kept after 1, 2, … items, expected over random orders inside each block of (total loss, items).
fn cumulative(blocks: impl Iterator<Item = (f64, usize)>) -> Vec<f64> {
    let mut kept = Vec::new();
    let mut total = 0.0;
    for (loss, items) in blocks {
        kept.extend((1..=items).map(|taken| total + loss * taken as f64 / items as f64));
        total += loss;
    }
    kept
}

fn mean_risk(kept: &[f64]) -> f64 {
    kept.iter().enumerate().map(|(index, loss)| loss / (index + 1) as f64).sum::<f64>() / kept.len() as f64
}

/// Errors among the items of one confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceBlock {
    /// Items.
    pub items: f64,
    /// Errors among them, 0 to `items`.
    pub errors: f64,
}

/// [`risk_coverage`] of errors that are 0 or 1, from counts per distinct confidence.
///
/// **Inputs**: one block a distinct confidence, the highest first, with whole numbers of items and errors.
/// **Returns**, **Undefined** and **Source**: as [`risk_coverage`]. **Errors**: a count is negative, or errors exceed
/// items. **Cost**: O(n) divisions, no sorting.
///
/// ```
/// use lacuna_stats::calibration::{ConfidenceBlock, risk_coverage_of_counts};
/// // The losses 0, 1 of the example above.
/// let blocks = [ConfidenceBlock { items: 1.0, errors: 0.0 }, ConfidenceBlock { items: 1.0, errors: 1.0 }];
/// let areas = risk_coverage_of_counts(&blocks)?.unwrap();
/// assert_eq!((areas.aurc, areas.augrc, areas.full_risk), (0.25, 0.25, 0.5));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn risk_coverage_of_counts(blocks: &[ConfidenceBlock]) -> Result<Result<RiskCoverage, Undefined>, InputError> {
    check_blocks(blocks)?;
    let errors: f64 = blocks.iter().map(|block| block.errors).sum();
    let n: f64 = blocks.iter().map(|block| block.items).sum();
    if n <= 0.0 {
        return Ok(Err(Undefined::NoData));
    }
    let kept = cumulative(blocks.iter().map(|block| (block.errors, block.items as usize)));
    let best = cumulative([(0.0, (n - errors) as usize), (errors, errors as usize)].into_iter());
    let (aurc, aurc_optimal) = (mean_risk(&kept), mean_risk(&best));
    Ok(Ok(RiskCoverage {
        aurc,
        aurc_optimal,
        excess_aurc: aurc - aurc_optimal,
        augrc: augrc(blocks).unwrap_or_default(),
        full_risk: errors / n,
    }))
}

/// AUGRC of errors that are 0 or 1, in closed form, for a jackknife over clusters.
///
/// Within a block of m items with e errors the errors kept rise by e/m an item, so the block adds m times what was kept
/// before it and e (m + 1) / 2.
///
/// **Inputs**: as [`risk_coverage_of_counts`]. **Undefined**: `no_data`. **Cost**: O(blocks).
pub fn augrc(blocks: &[ConfidenceBlock]) -> Result<f64, Undefined> {
    let (mut n, mut kept, mut area) = (0.0, 0.0, 0.0);
    for block in blocks {
        area += block.items * kept + block.errors * (block.items + 1.0) / 2.0;
        kept += block.errors;
        n += block.items;
    }
    if n > 0.0 { Ok(area / (n * n)) } else { Err(Undefined::NoData) }
}

fn check_blocks(blocks: &[ConfidenceBlock]) -> Result<(), InputError> {
    all_counts("items", &blocks.iter().map(|block| block.items).collect::<Vec<_>>())?;
    all_counts("errors", &blocks.iter().map(|block| block.errors).collect::<Vec<_>>())?;
    match blocks.iter().position(|block| block.errors > block.items) {
        Some(index) => {
            let value = blocks[index].errors;
            Err(InputError::OutOfRange { what: "errors", index, value, allowed: "at most the items" })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn areas(confidence: &[f64], loss: &[f64]) -> RiskCoverage {
        risk_coverage(confidence, loss).unwrap().unwrap()
    }

    /// All tied, one wrong of three: risk 1/3 at every coverage; the best order keeps it last, (0 + 0 + 1/3) / 3.
    #[test]
    fn ties_by_hand() {
        let tied = areas(&[0.9; 3], &[1.0, 0.0, 0.0]);
        assert!((tied.aurc - 1.0 / 3.0).abs() < 1e-15 && (tied.aurc_optimal - 1.0 / 9.0).abs() < 1e-15);
        assert!((tied.augrc - 2.0 / 9.0).abs() < 1e-15);
    }

    /// A tie is the mean over its orders.
    #[test]
    fn a_tie_is_the_mean_of_its_orders() {
        let (one, other) = (areas(&[3.0, 2.0, 1.0], &[0.5, 1.0, 0.0]), areas(&[3.0, 1.0, 2.0], &[0.5, 1.0, 0.0]));
        let tied = areas(&[3.0, 1.0, 1.0], &[0.5, 1.0, 0.0]);
        assert!((tied.aurc - (one.aurc + other.aurc) / 2.0).abs() < 1e-15);
        assert!((tied.augrc - (one.augrc + other.augrc) / 2.0).abs() < 1e-15);
    }

    #[test]
    fn undefined_malformed_and_bounded() {
        assert_eq!(risk_coverage(&[], &[]), Ok(Err(Undefined::NoData)));
        assert!(risk_coverage(&[0.5], &[]).is_err() && risk_coverage(&[0.5], &[-1.0]).is_err());
        assert!(risk_coverage(&[f64::INFINITY], &[0.0]).is_err());
        assert_eq!(areas(&[0.5, 0.6], &[0.0, 0.0]).aurc, 0.0);
        let mut random = Arbitrary::new(15);
        for _ in 0..200 {
            let n = 1 + random.below(10);
            let confidence: Vec<f64> = (0..n).map(|_| random.grid(3)).collect();
            let loss: Vec<f64> = (0..n).map(|_| f64::from(random.coin(0.4))).collect();
            let found = areas(&confidence, &loss);
            assert!(found.excess_aurc >= -1e-12 && found.aurc <= 1.0 + 1e-12 && found.augrc <= found.full_risk + 1e-12);
        }
    }

    #[test]
    fn counts_give_what_items_give() {
        // Confidences on a grid of seven values, so that every block holds ties.
        let confidence: Vec<f64> = (0..60).map(|item| f64::from(item * 5 % 7)).collect();
        let loss: Vec<f64> = (0..60).map(|item| f64::from(u8::from(item % 4 == 0 || item * 5 % 7 < 2))).collect();
        let of_items = risk_coverage(&confidence, &loss).unwrap().unwrap();
        let blocks: Vec<ConfidenceBlock> = (0..7)
            .rev()
            .map(|value| {
                let inside = confidence.iter().zip(&loss).filter(|(confidence, _)| **confidence == f64::from(value));
                let (items, errors) =
                    inside.fold((0.0, 0.0), |(items, errors), (_, loss)| (items + 1.0, errors + loss));
                ConfidenceBlock { items, errors }
            })
            .collect();
        let of_counts = risk_coverage_of_counts(&blocks).unwrap().unwrap();
        for (one, other) in [
            (of_items.aurc, of_counts.aurc),
            (of_items.aurc_optimal, of_counts.aurc_optimal),
            (of_items.augrc, of_counts.augrc),
            (of_items.full_risk, of_counts.full_risk),
        ] {
            assert!((one - other).abs() < 1e-12, "{one} and {other}");
        }
    }

    #[test]
    fn counts_are_checked() {
        assert_eq!(risk_coverage_of_counts(&[]).unwrap(), Err(Undefined::NoData));
        assert!(risk_coverage_of_counts(&[ConfidenceBlock { items: 1.0, errors: 2.0 }]).is_err());
    }
}
