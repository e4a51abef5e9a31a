//! Streams of random numbers that depend on what they are for, and on nothing else.
//!
//! A stream starts from SHA-256 of (seed, judge, axis, statistic, replicate), so a new statistic moves no other and a replicate gives
//! the same numbers on whichever thread it runs.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use std::num::NonZeroU32;

/// Separates these digests from every other use of SHA-256; changes if the encoding does.
const DOMAIN: &[u8] = b"lacuna stream 1";

/// What a family of streams is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamKey([u8; 32]);

impl StreamKey {
    /// The key of a statistic of a judge on an axis, from the seed of the run.
    ///
    /// The encoding is unambiguous: each text is preceded by its length, so no two different uses share a key.
    pub fn new(seed: u64, judge: &str, axis: &str, statistic: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(DOMAIN);
        digest.update(seed.to_le_bytes());
        for text in [judge, axis, statistic] {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        }
        Self(digest.finalize().into())
    }

    /// The stream of one replicate.
    pub fn stream(&self, replicate: u64) -> ChaCha8Rng {
        ChaCha8Rng::from_seed(self.seed(replicate))
    }

    fn seed(&self, replicate: u64) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.0);
        digest.update(replicate.to_le_bytes());
        digest.finalize().into()
    }
}

/// A whole number below `bound`, each equally likely.
///
/// Source: Lemire (2019), ACM Trans Model Comput Simul 29:3, algorithm 5: a multiplication, and a division only in rare cases.
pub fn below(random: &mut impl Rng, bound: NonZeroU32) -> u32 {
    let bound = u64::from(bound.get());
    let mut product = u64::from(random.next_u32()) * bound;
    if product & u64::from(u32::MAX) < bound {
        let threshold = (1 << 32) % bound;
        while product & u64::from(u32::MAX) < threshold {
            product = u64::from(random.next_u32()) * bound;
        }
    }
    (product >> 32) as u32
}

/// Puts values into an order, each of which is equally likely: the shuffle of Fisher and Yates.
pub fn shuffle<T>(values: &mut [T], random: &mut impl Rng) {
    for last in (1..values.len()).rev() {
        let bound = u32::try_from(last + 1).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX);
        values.swap(last, below(random, bound) as usize);
    }
}

/// A double in \[0, 1), uniform on the multiples of 2^-53.
pub fn uniform(random: &mut impl Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: [u8; 32]) -> String {
        hex::encode(bytes)
    }

    /// The encoding is part of what makes a report reproducible: these digests were computed apart, with Python's hashlib.
    #[test]
    fn keys_are_the_documented_digest() {
        let key = StreamKey::new(7, "judge", "omission", "recall_gap");
        assert_eq!(hex(key.0), "c8331426bf27af4fec753d820aa63af1a6b53ef48859539c3b481ba97ec2e693");
        assert_eq!(hex(key.seed(3)), "98a1619cfe29c25e2494980933550d059c84bc3654be4c9258e0a1b263dd5cdf");
    }

    #[test]
    fn every_part_matters_and_parts_do_not_run_together() {
        let base = StreamKey::new(1, "ab", "c", "d");
        for other in [
            StreamKey::new(2, "ab", "c", "d"),
            StreamKey::new(1, "a", "bc", "d"),
            StreamKey::new(1, "ab", "cd", ""),
            StreamKey::new(1, "ab", "", "cd"),
        ] {
            assert_ne!(base, other);
        }
        assert_ne!(base.stream(0).next_u64(), base.stream(1).next_u64());
        assert_eq!(base.stream(5).next_u64(), base.stream(5).next_u64());
    }

    #[test]
    fn bounded_draws_are_uniform() {
        let mut random = StreamKey::new(0, "", "", "draws").stream(0);
        let bound = NonZeroU32::new(7).unwrap();
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[below(&mut random, bound) as usize] += 1;
        }
        // Chi-squared with 6 degrees of freedom; 22.5 has probability 0.001, and the stream is fixed.
        let chi2: f64 = counts.iter().map(|&count| (f64::from(count) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi2 < 22.5, "{counts:?}");
        assert_eq!(below(&mut random, NonZeroU32::MIN), 0);
    }

    #[test]
    fn every_order_is_equally_likely() {
        let mut random = StreamKey::new(0, "", "", "shuffles").stream(0);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..24_000 {
            let mut order = [0, 1, 2, 3];
            shuffle(&mut order, &mut random);
            *counts.entry(order).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 24);
        // Chi-squared with 23 degrees of freedom; 49.7 has probability 0.001, and the stream is fixed.
        let chi2: f64 = counts.values().map(|&count| (f64::from(count) - 1000.0).powi(2) / 1000.0).sum();
        assert!(chi2 < 49.7, "{counts:?}");
        shuffle(&mut [0; 0], &mut random);
    }

    #[test]
    fn uniform_draws_stay_below_one() {
        let mut random = StreamKey::new(0, "", "", "uniform").stream(0);
        let draws: Vec<f64> = (0..10_000).map(|_| uniform(&mut random)).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        assert!((draws.iter().sum::<f64>() / 10_000.0 - 0.5).abs() < 4.0 / (12.0_f64 * 10_000.0).sqrt());
    }
}
