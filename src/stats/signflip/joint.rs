//! Several sums at once under flipped signs of whole clusters.

use rand_chacha::rand_core::Rng;

use crate::Undefined;
use crate::random::StreamKey;

/// Random sign vectors of [`joint_sign_flip`]; with the observed one 1,000.
pub const JOINT_FLIPS: u32 = 999;
/// Fewer clusters than this have too few sign vectors to say anything.
const LEAST_CLUSTERS: usize = 5;
/// Statistics closer than this share of the larger tie.
const TIE: f64 = 1e-9;

/// The mid-p of the joint test that several sums of cluster scores are all zero.
///
/// For the question whether groups differ at all: the scores of a cluster are, per group, its hits less those expected
/// without a difference. The statistic is the sum over groups of (sum of scores)^2 / (sum of squared scores); whole
/// clusters keep one sign, so that groups that share clusters stay dependent as they are.
///
/// **Inputs**: one list of scores a cluster, all of the same length. **Returns**: (1 + #greater + #equal/2) / 1,000 over 999
/// random flips. **Undefined**: `too_few` with fewer than five clusters that have a score; `no_variation` where every score
/// is 0; `incompatible` for lists of different lengths or values that are not finite. **Cost**: O(999 G k).
/// **Source**: Hemerik, Goeman & Finos (2020), JRSSB 82:841; +1 rule Phipson & Smyth (2010), SAGMB 9:39.
///
/// ```
/// use lacuna_stats::{random::StreamKey, signflip::joint_sign_flip};
/// // Ten clusters that all lean the same way: hardly any sign vector leans as far.
/// let key = StreamKey::new(1, "judge", "omission", "doc");
/// assert!(joint_sign_flip(&vec![vec![1.0, -1.0]; 10], &key).unwrap() < 0.02);
/// ```
pub fn joint_sign_flip(scores: &[Vec<f64>], key: &StreamKey) -> Result<f64, Undefined> {
    let groups = scores.first().map_or(0, Vec::len);
    let sound = |cluster: &Vec<f64>| cluster.len() == groups && cluster.iter().all(|score| score.is_finite());
    if !scores.iter().all(sound) {
        return Err(Undefined::Incompatible);
    }
    let squares: Vec<f64> =
        (0..groups).map(|group| scores.iter().map(|cluster| cluster[group].powi(2)).sum()).collect();
    if squares.iter().all(|square| *square == 0.0) {
        return Err(Undefined::NoVariation);
    }
    let speaking: Vec<&Vec<f64>> = scores.iter().filter(|cluster| cluster.iter().any(|score| *score != 0.0)).collect();
    if speaking.len() < LEAST_CLUSTERS {
        return Err(Undefined::TooFew);
    }
    let statistic = |sums: &[f64]| -> f64 {
        let terms = sums.iter().zip(&squares).filter(|(_, square)| **square > 0.0);
        terms.map(|(sum, square)| sum * sum / square).sum()
    };
    let observed = statistic(&signed_sums(&speaking, groups, || false));
    let (mut greater, mut equal) = (0.0, 0.0);
    let mut random = key.stream(0);
    for _ in 0..JOINT_FLIPS {
        let (mut bits, mut left) = (0_u64, 0);
        let flipped = statistic(&signed_sums(&speaking, groups, || {
            if left == 0 {
                (bits, left) = (random.next_u64(), 64);
            }
            left -= 1;
            bits >> left & 1 == 1
        }));
        if (flipped - observed).abs() <= TIE * observed.max(flipped) {
            equal += 1.0;
        } else if flipped > observed {
            greater += 1.0;
        }
    }
    Ok((1.0 + greater + 0.5 * equal) / (f64::from(JOINT_FLIPS) + 1.0))
}

/// Sums of the scores, each cluster's turned where `turned` says so.
fn signed_sums(scores: &[&Vec<f64>], groups: usize, mut turned: impl FnMut() -> bool) -> Vec<f64> {
    let mut sums = vec![0.0; groups];
    for cluster in scores {
        let sign = if turned() { -1.0 } else { 1.0 };
        sums.iter_mut().zip(*cluster).for_each(|(sum, score)| *sum += sign * score);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn key(name: &str) -> StreamKey {
        StreamKey::new(3, "judge", "omission", name)
    }

    /// One group: the statistic is (sum)^2 over a constant, so the test is the two-sided sign flip. Five scores of 1: 2 of
    /// 32 sign vectors tie, a mid-p of 1/32, here by 999 draws: one standard error is 0.006.
    #[test]
    fn one_group_is_the_sign_flip() {
        let found = joint_sign_flip(&vec![vec![1.0]; 5], &key("one")).unwrap();
        assert!((found - 1.0 / 32.0).abs() < 0.02, "{found}");
    }

    #[test]
    fn true_nulls_are_rejected_as_often_as_stated() {
        let mut random = Arbitrary::new(77);
        let mut rejected = 0;
        for round in 0..400 {
            let scores: Vec<Vec<f64>> = (0..12)
                .map(|_| {
                    let (a, b) = (random.unit() - 0.5, random.unit() - 0.5);
                    vec![a, b, -a - b]
                })
                .collect();
            let p = joint_sign_flip(&scores, &key(&format!("null {round}"))).unwrap();
            rejected += u32::from(p < 0.05);
        }
        // 20 expected, standard deviation 4.4.
        assert!((8..=34).contains(&rejected), "{rejected}");
    }

    #[test]
    fn undefined_with_its_reason() {
        assert_eq!(joint_sign_flip(&[], &key("none")), Err(Undefined::NoVariation));
        assert_eq!(joint_sign_flip(&vec![vec![0.0, 0.0]; 9], &key("zero")), Err(Undefined::NoVariation));
        assert_eq!(joint_sign_flip(&vec![vec![1.0, -1.0]; 4], &key("few")), Err(Undefined::TooFew));
        assert_eq!(joint_sign_flip(&[vec![1.0], vec![]], &key("ragged")), Err(Undefined::Incompatible));
        assert_eq!(joint_sign_flip(&vec![vec![f64::NAN]; 9], &key("nan")), Err(Undefined::Incompatible));
    }
}
