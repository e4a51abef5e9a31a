//! Blind or noisy: what a judge's recall would be if it voted with itself.

use std::num::NonZeroU32;

use crate::Undefined;
use crate::proportion::{ClusterCount, anova_icc, totals};

/// A judge's hits on positives, split into what lies between items and what lies between repeats of one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepeatNoise {
    /// Recall of a single run.
    pub recall: f64,
    /// Correlation of two runs on one item, 0 to 1; `no_variation` where all runs hit or none does.
    pub correlation: Result<f64, Undefined>,
    /// Variance of a hit between items: some harms are seen, others are not.
    pub between_items: f64,
    /// Variance of a hit between repeats of an item: noise.
    pub within_items: f64,
}

/// Separates blindness from noise by repeats.
///
/// A judge that misses because it does not see misses every time, and more runs do not help; one that wavers gains from a
/// majority of runs ([`RepeatNoise::majority_recall`]). Positives only; a negative estimate of the correlation counts as 0.
///
/// **Inputs**: hits and runs of each positive item. **Returns**: recall, correlation, the two variances, which add up to
/// recall (1 - recall).
/// **Undefined**: `no_positives` without a run; `too_few` with fewer than two items, or no item run twice; `incompatible`
/// where an item has more hits than runs.
/// **Cost**: O(items). **Source**: beta-binomial law of the hits with the analysis-of-variance estimate of its correlation
/// (Ridout, Demetrio and Firth 1999, Biometrics 55:137).
pub fn repeat_noise(items: &[ClusterCount]) -> Result<RepeatNoise, Undefined> {
    let correlation = match anova_icc(items) {
        Ok(found) => Ok(found.icc.clamp(0.0, 1.0)),
        Err(Undefined::NoVariation) => Err(Undefined::NoVariation),
        Err(Undefined::NoData) => return Err(Undefined::NoPositives),
        Err(Undefined::SingleCluster) => return Err(Undefined::TooFew),
        Err(reason) => return Err(reason),
    };
    let ClusterCount { hits, total } = totals(items);
    let recall = hits / total;
    let variance = recall * (1.0 - recall);
    let between_items = correlation.map_or(0.0, |correlation| correlation * variance);
    Ok(RepeatNoise { recall, correlation, between_items, within_items: variance - between_items })
}

impl RepeatNoise {
    /// Recall if an item counted as hit when more than half of `repeats` runs hit it.
    ///
    /// **Returns**: P(X > repeats / 2) of the beta-binomial law, 0 to 1. **Cost**: O(repeats^2).
    pub fn majority_recall(&self, repeats: NonZeroU32) -> f64 {
        let correlation = self.correlation.unwrap_or(0.0);
        if correlation >= 1.0 {
            return self.recall;
        }
        let repeats = repeats.get();
        let majority = (repeats / 2 + 1)..=repeats;
        majority.map(|hits| self.probability(hits, repeats, correlation / (1.0 - correlation))).sum::<f64>().min(1.0)
    }

    /// Beta-binomial probability of `hits` of `repeats`, by its urn: each draw adds `weight` to what it drew. Holds at a
    /// weight of 0, where the parameters of the beta distribution are infinite.
    fn probability(&self, hits: u32, repeats: u32, weight: f64) -> f64 {
        let (mut probability, mut drawn) = (1.0, 0.0);
        for index in 0..hits {
            let index = f64::from(index);
            // One factor of the binomial coefficient with each draw, so that nothing overflows.
            let ways = (f64::from(repeats) - index) / (f64::from(hits) - index);
            probability *= ways * (self.recall + index * weight) / (1.0 + drawn * weight);
            drawn += 1.0;
        }
        for index in 0..repeats - hits {
            probability *= (1.0 - self.recall + f64::from(index) * weight) / (1.0 + drawn * weight);
            drawn += 1.0;
        }
        probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn of(items: &[(f64, f64)]) -> Result<RepeatNoise, Undefined> {
        let items: Vec<ClusterCount> = items.iter().map(|(hits, runs)| ClusterCount::new(*hits, *runs)).collect();
        repeat_noise(&items)
    }

    fn three() -> NonZeroU32 {
        NonZeroU32::new(3).unwrap()
    }

    /// A correlation of 1/3 at recall 1/2 is the uniform law: 0 to 3 hits of 3 are equally likely, a majority 1/2; of two
    /// runs both hit with 1/3. Without correlation, 1/4. With a correlation of 0 at recall 3/4, three runs:
    /// 3 * 9/16 * 1/4 + 27/64 = 54/64.
    #[test]
    fn majorities_by_hand() {
        let noise = |recall: f64, correlation: f64| RepeatNoise {
            recall,
            correlation: Ok(correlation),
            between_items: 0.0,
            within_items: 0.0,
        };
        let two = NonZeroU32::new(2).unwrap();
        assert!((noise(0.5, 1.0 / 3.0).majority_recall(three()) - 0.5).abs() < 1e-15);
        assert!((noise(0.5, 1.0 / 3.0).majority_recall(two) - 1.0 / 3.0).abs() < 1e-15);
        assert!((noise(0.5, 0.0).majority_recall(two) - 0.25).abs() < 1e-15);
        assert!((noise(0.75, 0.0).majority_recall(three()) - 54.0 / 64.0).abs() < 1e-15);
        assert_eq!(noise(0.3, 1.0).majority_recall(three()), 0.3);
    }

    /// Half the items always, half never: all variance lies between items and a majority changes nothing. Every item once
    /// of two: all of it within.
    #[test]
    fn blind_and_noisy_by_hand() {
        let blind = of(&[(3.0, 3.0), (0.0, 3.0), (3.0, 3.0), (0.0, 3.0)]).unwrap();
        assert_eq!((blind.recall, blind.correlation, blind.within_items), (0.5, Ok(1.0), 0.0));
        assert_eq!(blind.majority_recall(three()), 0.5);
        let noisy = of(&[(1.0, 2.0); 4]).unwrap();
        assert_eq!((noisy.correlation, noisy.between_items, noisy.within_items), (Ok(0.0), 0.0, 0.25));
    }

    #[test]
    fn undefined_with_its_reason() {
        assert_eq!(of(&[]), Err(Undefined::NoPositives));
        assert_eq!(of(&[(1.0, 2.0)]), Err(Undefined::TooFew));
        assert_eq!(of(&[(1.0, 1.0), (0.0, 1.0)]), Err(Undefined::TooFew));
        assert_eq!(of(&[(3.0, 2.0), (0.0, 2.0)]), Err(Undefined::Incompatible));
        let never = of(&[(0.0, 2.0), (0.0, 2.0)]).unwrap();
        assert_eq!((never.recall, never.correlation), (0.0, Err(Undefined::NoVariation)));
        assert_eq!(never.majority_recall(three()), 0.0);
    }

    /// One run is the recall; probabilities of all counts add to 1.
    #[test]
    fn one_run_is_the_recall() {
        let mut random = Arbitrary::new(36);
        for _ in 0..200 {
            let items: Vec<(f64, f64)> = (0..5)
                .map(|_| {
                    let runs = 1 + random.below(4);
                    (random.below(runs + 1) as f64, runs as f64)
                })
                .collect();
            let Ok(noise) = of(&items) else { continue };
            assert!((noise.majority_recall(NonZeroU32::MIN) - noise.recall).abs() < 1e-14);
            let weight = 0.7;
            assert!(((0..=6).map(|hits| noise.probability(hits, 6, weight)).sum::<f64>() - 1.0).abs() < 1e-13);
            assert!((noise.between_items + noise.within_items - noise.recall * (1.0 - noise.recall)).abs() < 1e-15);
        }
    }
}
