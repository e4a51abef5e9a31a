//! Sums under flipped signs: all of them, random ones, and the t test that replaces them.

use super::{FLIPS, FlipMethod, SignFlip};
use crate::Undefined;
use crate::random::StreamKey;
use crate::special::t_sf;
use rand_chacha::rand_core::Rng;

/// Flips that share a stream: few enough to run side by side, enough that starting a stream costs nothing.
const FLIPS_PER_STREAM: u32 = 1_000;
/// Sums closer than this share of the sum of magnitudes tie.
const TIE: f64 = 1e-12;
/// Scores in the table of the exact count; the others are enumerated around it.
const TABLE_SCORES: usize = 12;

/// The observed sum and the band within which another ties with it.
#[derive(Clone, Copy)]
pub(super) struct Observed {
    above: f64,
    tied: f64,
}

/// Sums at least as far from zero as the observed one.
#[derive(Default)]
pub(super) struct Extreme {
    pub(super) greater: u64,
    pub(super) equal: u64,
}

impl Observed {
    pub(super) fn new(scores: &[f64]) -> Self {
        let sum = scores.iter().sum::<f64>().abs();
        let band = TIE * scores.iter().map(|score| score.abs()).sum::<f64>();
        Self { above: sum + band, tied: sum - band }
    }

    pub(super) fn count(self, sum: f64, extreme: &mut Extreme) {
        let size = sum.abs();
        extreme.greater += u64::from(size > self.above);
        extreme.equal += u64::from(size >= self.tied && size <= self.above);
    }

    /// Counts `base` plus each sum of a sorted table.
    fn count_sorted(self, base: f64, table: &[f64], extreme: &mut Extreme) {
        let before = |is_before: &dyn Fn(f64) -> bool| table.partition_point(|sum| is_before(base + sum)) as u64;
        let all = table.len() as u64;
        let greater = before(&|sum| sum < -self.above) + all - before(&|sum| sum <= self.above);
        // A band around a sum of zero reaches below zero: nothing is closer to zero than it.
        let less = match self.tied > 0.0 {
            true => before(&|sum| sum < self.tied) - before(&|sum| sum <= -self.tied),
            false => 0,
        };
        extreme.greater += greater;
        extreme.equal += all - greater - less;
    }
}

/// Every sign vector up to its opposite, met in the middle: the sums of one half stand sorted in a table, and around each sum
/// of the other half those that are extreme are counted by bisection (Horowitz & Sahni 1974, J ACM 21:277).
///
/// The count is that of adding every two, bit by bit: adding one number to a sorted list leaves it sorted, rounding included.
/// Each sum is a few additions deep, where a running sum (a Gray code) would drift over 2^24 steps.
pub(super) fn exact(scores: &[f64], observed: Observed) -> SignFlip {
    let (fixed, rest) = (scores[0], &scores[1..]);
    let (inner, outer) = rest.split_at(rest.len().min(TABLE_SCORES));
    let mut table = signed_sums(inner);
    table.sort_by(f64::total_cmp);
    let mut extreme = Extreme::default();
    for base in signed_sums(outer) {
        observed.count_sorted(fixed + base, &table, &mut extreme);
    }
    let vectors = (1_u64 << rest.len()) as f64;
    let (greater, equal) = (extreme.greater as f64, extreme.equal as f64);
    SignFlip {
        p_value: (greater + equal) / vectors,
        p_mid: (greater + 0.5 * equal) / vectors,
        method: FlipMethod::Exact,
    }
}

/// The sums of `scores` under every sign vector.
fn signed_sums(scores: &[f64]) -> Vec<f64> {
    scores.iter().fold(vec![0.0], |sums, score| sums.iter().flat_map(|sum| [sum + score, sum - score]).collect())
}

/// Random sign vectors, in groups that each have their own stream.
pub(super) fn monte_carlo(scores: &[f64], observed: Observed, key: &StreamKey) -> SignFlip {
    let mut extreme = Extreme::default();
    let mut done = 0;
    while done < FLIPS {
        let mut random = key.stream(u64::from(done / FLIPS_PER_STREAM));
        let flips = FLIPS_PER_STREAM.min(FLIPS - done);
        for _ in 0..flips {
            observed.count(flipped_sum(scores, &mut random), &mut extreme);
        }
        done += flips;
    }
    let total = f64::from(FLIPS) + 1.0;
    let (greater, equal) = (extreme.greater as f64, extreme.equal as f64);
    SignFlip {
        p_value: (1.0 + greater + equal) / total,
        p_mid: (1.0 + greater + 0.5 * equal) / total,
        method: FlipMethod::MonteCarlo,
    }
}

/// The sum with a random sign to each score, 64 signs to a draw.
fn flipped_sum(scores: &[f64], random: &mut impl Rng) -> f64 {
    let mut sum = 0.0;
    for group in scores.chunks(64) {
        let mut signs = random.next_u64();
        for score in group {
            sum += f64::from_bits(score.to_bits() ^ (signs << 63));
            signs >>= 1;
        }
    }
    sum
}

/// The one-sample t test of the scores.
pub(super) fn clustered_t(scores: &[f64]) -> Result<SignFlip, Undefined> {
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let squares: f64 = scores.iter().map(|score| (score - mean).powi(2)).sum();
    let error = (squares / (count * (count - 1.0))).sqrt();
    if error <= TIE * mean.abs() {
        return Err(Undefined::ZeroVariance);
    }
    let p_value = (2.0 * t_sf((mean / error).abs(), count - 1.0)).min(1.0);
    Ok(SignFlip { p_value, p_mid: p_value, method: FlipMethod::ClusteredT })
}
