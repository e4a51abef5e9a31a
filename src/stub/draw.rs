//! Draws that depend on what they are for, and on nothing else.

use sha2::{Digest, Sha256};

/// Separates these digests from every other use of SHA-256.
const DOMAIN: &[u8] = b"lacuna stub 1";

/// SHA-256 of a request body.
pub(super) type BodyDigest = [u8; 32];

/// What draws are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Whether and how an attempt fails.
    Attempt(u32),
    /// What the answer to a body is.
    Answer,
    /// The marks of items and the wording around a verdict.
    Detail,
    /// How much longer than the latency a reply takes.
    Delay,
}

/// Four independent draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Draws(pub(super) [f64; 4]);

impl Draws {
    /// The draws of one purpose for one body.
    pub(super) fn new(seed: u64, purpose: Purpose, body: &BodyDigest) -> Self {
        let (tag, number) = match purpose {
            Purpose::Attempt(number) => (0u8, number),
            Purpose::Answer => (1, 0),
            Purpose::Detail => (2, 0),
            Purpose::Delay => (3, 0),
        };
        let mut digest = Sha256::new();
        digest.update(DOMAIN);
        digest.update(seed.to_le_bytes());
        digest.update([tag]);
        digest.update(number.to_le_bytes());
        digest.update(body);
        let bytes: [u8; 32] = digest.finalize().into();
        let mut draws = [0.0; 4];
        for (draw, word) in draws.iter_mut().zip(bytes.chunks_exact(8)) {
            let word = word.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
            *draw = unit(word);
        }
        Self(draws)
    }
}

/// A number in [0, 1) from the upper 53 bits.
#[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
fn unit(word: u64) -> f64 {
    (word >> 11) as f64 / (1u64 << 53) as f64
}

/// Position of one of `count` choices.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "below count")]
pub(super) fn pick(draw: f64, count: usize) -> usize {
    ((draw * count as f64) as usize).min(count.saturating_sub(1))
}

/// Position of the share that a draw falls into, if it falls into one.
pub(super) fn share_of<const N: usize>(draw: f64, shares: [f64; N]) -> Option<usize> {
    let mut upper = 0.0;
    shares.iter().position(|share| {
        upper += share;
        draw < upper
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_every_part_and_are_even() {
        let of = |seed, purpose, body: u8| Draws::new(seed, purpose, &[body; 32]);
        assert_eq!(of(1, Purpose::Answer, 7), of(1, Purpose::Answer, 7));
        assert_ne!(of(1, Purpose::Answer, 7), of(2, Purpose::Answer, 7));
        assert_ne!(of(1, Purpose::Answer, 7), of(1, Purpose::Detail, 7));
        assert_ne!(of(1, Purpose::Attempt(1), 7), of(1, Purpose::Attempt(2), 7));
        assert_ne!(of(1, Purpose::Answer, 7), of(1, Purpose::Answer, 8));
        // The mean of 4,000 even draws has a standard deviation of 0.29 / sqrt(4000) = 0.005.
        let sum: f64 = (0..1000).map(|seed| of(seed, Purpose::Answer, 0).0.iter().sum::<f64>()).sum();
        assert!((sum / 4000.0 - 0.5).abs() < 0.025, "{sum}");
    }

    #[test]
    fn a_draw_falls_into_one_share() {
        assert_eq!(share_of(0.05, [0.1, 0.2]), Some(0));
        assert_eq!(share_of(0.10, [0.1, 0.2]), Some(1));
        assert_eq!(share_of(0.31, [0.1, 0.2]), None);
        assert_eq!(share_of(0.0, [0.0, 1.0]), Some(1));
        assert_eq!(pick(0.999, 3), 2);
        assert_eq!(pick(0.0, 3), 0);
    }
}
