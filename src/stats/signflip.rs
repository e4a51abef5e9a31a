//! Randomisation tests by flipping the signs of cluster scores.

mod flips;
mod joint;

use super::Undefined;
use super::gap::{GapCount, occupied};
use super::proportion::totals;
use super::random::StreamKey;
use flips::{Observed, clustered_t, exact, monte_carlo};

pub use joint::{JOINT_FLIPS, joint_sign_flip};

/// Non-zero scores up to which every sign vector counts: 2^24, since a vector and its opposite tie.
pub const EXACT_SCORES: usize = 25;
/// Non-zero scores up to which flips are drawn; beyond, the t distribution is as good.
pub const MONTE_CARLO_SCORES: usize = 1_000;
/// Random flips; with the observed one 100,000.
pub const FLIPS: u32 = 99_999;

/// How a p-value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlipMethod {
    /// All sign vectors.
    Exact,
    /// [`FLIPS`] random sign vectors, and the observed one.
    MonteCarlo,
    /// The clustered t test.
    ClusteredT,
}

impl FlipMethod {
    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "sign_flip_exact",
            Self::MonteCarlo => "sign_flip_monte_carlo",
            Self::ClusteredT => "clustered_t",
        }
    }
}

/// A two-sided sign-flip test that the scores are symmetric about zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignFlip {
    /// Probability of a sum at least as far from zero.
    pub p_value: f64,
    /// The one to report: ties count half, since the plain p is conservative where scores tie.
    pub p_mid: f64,
    /// How they were found.
    pub method: FlipMethod,
}

/// The sign-flip test of the sum of `scores`, one a cluster.
///
/// For paired judges a score is the number of positives that the first hits and the second misses, minus the reverse; for a gap see
/// [`gap_test`]. Assumes scores that are symmetric about zero under the null hypothesis.
///
/// **Returns** two-sided p-values; both 1 where every score is zero. Exact to [`EXACT_SCORES`] non-zero scores; random flips with
/// `p = (1 + #greater + #equal/2)/100,000` to [`MONTE_CARLO_SCORES`]; the t test beyond. **Undefined**: `NoData` without a score,
/// `Incompatible` for a non-finite one. **Cost** O(2^12 log 2^12) at most where exact, O(100,000 G) random. **Source**: Hemerik, Goeman & Finos (2020),
/// JRSSB 82:841; +1 rule Phipson & Smyth (2010), SAGMB 9:39; `scipy` 1.17 `permutation_test(permutation_type = "samples")` agrees
/// exactly.
///
/// ```
/// use lacuna_stats::{random::StreamKey, signflip::sign_flip};
/// // Five scores of one sign: 2 of 32 sign vectors are as extreme, and both tie.
/// let found = sign_flip(&[1.0, 2.0, 1.0, 3.0, 1.0], &StreamKey::new(1, "judge", "gap", "sign_flip")).unwrap();
/// assert_eq!((found.p_value, found.p_mid), (2.0 / 32.0, 1.0 / 32.0));
/// ```
pub fn sign_flip(scores: &[f64], key: &StreamKey) -> Result<SignFlip, Undefined> {
    if scores.is_empty() {
        return Err(Undefined::NoData);
    }
    if !scores.iter().all(|score| score.is_finite()) {
        return Err(Undefined::Incompatible);
    }
    let nonzero: Vec<f64> = scores.iter().copied().filter(|score| *score != 0.0).collect();
    let test = Observed::new(&nonzero);
    match nonzero.len() {
        0 => Ok(SignFlip { p_value: 1.0, p_mid: 1.0, method: FlipMethod::Exact }),
        1..=EXACT_SCORES => Ok(exact(&nonzero, test)),
        _ if nonzero.len() <= MONTE_CARLO_SCORES => Ok(monte_carlo(&nonzero, test, key)),
        _ => clustered_t(scores),
    }
}

/// A gap with its sign-flip test.
#[derive(Debug, Clone, PartialEq)]
pub struct GapTest {
    /// First minus second recall, the sum of the scores.
    pub value: f64,
    /// A score for each cluster given; zero where it has no positive.
    pub scores: Vec<f64>,
    /// The test.
    pub test: SignFlip,
}

/// The sign-flip test that two recalls over common clusters are equal.
///
/// The score of a cluster imposes the null hypothesis: `(h1 - p n1)/N1 - (h2 - p n2)/N2` with the pooled recall p, so that the scores
/// sum to the gap (residuals about either recall would sum to zero). With a sparse side at a recall near 0 its error may reach 8.8% at a
/// nominal 5%: there prefer the interval of [`super::gap::recall_gap`].
///
/// **Undefined**: `NoPositives` if a side is empty, `SingleCluster`, `Incompatible`. **Cost**, **source**: as [`sign_flip`].
pub fn gap_test(cells: &[GapCount], key: &StreamKey) -> Result<GapTest, Undefined> {
    let clusters = occupied(cells)?;
    if clusters.len() < 2 {
        return Err(Undefined::SingleCluster);
    }
    let first = totals(&clusters.iter().map(|cell| cell.first).collect::<Vec<_>>());
    let second = totals(&clusters.iter().map(|cell| cell.second).collect::<Vec<_>>());
    let pooled = (first.hits + second.hits) / (first.total + second.total);
    let score = |cell: &GapCount| {
        let score = cell.first.residual(pooled) / first.total - cell.second.residual(pooled) / second.total;
        let size = cell.first.total / first.total + cell.second.total / second.total;
        if score.abs() <= 1e-13 * size { 0.0 } else { score }
    };
    let scores: Vec<f64> = cells.iter().map(score).collect();
    let test = sign_flip(&clusters.iter().map(score).collect::<Vec<_>>(), key)?;
    Ok(GapTest { value: first.hits / first.total - second.hits / second.total, scores, test })
}

#[cfg(test)]
mod tests {
    use super::flips::Extreme;
    use super::*;
    use crate::proportion::ClusterCount;
    use crate::special::t_sf;

    fn key() -> StreamKey {
        StreamKey::new(11, "judge", "gap", "sign_flip")
    }

    /// Every sign vector by brute force.
    fn brute(scores: &[f64]) -> (f64, f64) {
        let observed = Observed::new(scores);
        let mut extreme = Extreme::default();
        for vector in 0..1_u64 << scores.len() {
            let sign = |index: usize| if vector >> index & 1 == 1 { -1.0 } else { 1.0 };
            observed.count(scores.iter().enumerate().map(|(i, score)| sign(i) * score).sum(), &mut extreme);
        }
        let vectors = (1_u64 << scores.len()) as f64;
        (
            (extreme.greater + extreme.equal) as f64 / vectors,
            (extreme.greater as f64 + 0.5 * extreme.equal as f64) / vectors,
        )
    }

    #[test]
    fn three_scores_by_hand() {
        // 3 - 1 + 1 = 3; sums 5, 3, 3, 1 and their opposites: greater 2, equal 4 of 8.
        let found = sign_flip(&[3.0, -1.0, 1.0], &key()).unwrap();
        assert_eq!((found.p_value, found.p_mid, found.method), (6.0 / 8.0, 4.0 / 8.0, FlipMethod::Exact));
    }

    #[test]
    fn beyond_the_table_it_equals_brute_force() {
        let of = |count: u32, score: &dyn Fn(u32) -> f64| (0..count).map(score).collect::<Vec<f64>>();
        let cases = [
            of(15, &|i| 0.1 * f64::from((i * 7) % 11) - 0.33),
            // Whole numbers, that tie often, and thirds of them, that tie but for rounding.
            of(18, &|i| f64::from((i * 5) % 4) - 1.0),
            of(18, &|i| (f64::from((i * 5) % 4) - 1.25) / 3.0),
            // A sum of nothing: every sum is as far from zero.
            of(16, &|i| if i % 2 == 0 { 0.1 } else { -0.1 }),
            // All of one sign: only the two vectors that turn none or all.
            of(20, &|i| 1.0 + f64::from(i % 3)),
        ];
        for scores in cases {
            let scores: Vec<f64> = scores.into_iter().filter(|score| *score != 0.0).collect();
            let found = sign_flip(&scores, &key()).unwrap();
            assert_eq!(
                (found.p_value, found.p_mid, found.method),
                (brute(&scores).0, brute(&scores).1, FlipMethod::Exact)
            );
        }
    }

    /// The sums of both halves one by one, as often as there are sign vectors up to their opposites.
    #[test]
    fn with_the_most_scores_the_count_is_that_of_every_sum() {
        let scores: Vec<f64> = (0..EXACT_SCORES as u32).map(|i| f64::from((i * 11) % 17) / 7.0 - 0.9).collect();
        let observed = Observed::new(&scores);
        let sums = |scores: &[f64]| {
            scores.iter().fold(vec![0.0], |sums: Vec<f64>, score| {
                sums.iter().flat_map(|sum| [sum + score, sum - score]).collect()
            })
        };
        let (inner, outer) = (sums(&scores[1..13]), sums(&scores[13..]));
        let mut extreme = Extreme::default();
        for base in &outer {
            inner.iter().for_each(|sum| observed.count(scores[0] + base + sum, &mut extreme));
        }
        let vectors = (inner.len() * outer.len()) as f64;
        let found = sign_flip(&scores, &key()).unwrap();
        assert_eq!(found.p_value, (extreme.greater + extreme.equal) as f64 / vectors);
        assert_eq!(found.p_mid, (extreme.greater as f64 + 0.5 * extreme.equal as f64) / vectors);
        assert!(found.p_value > 0.001 && found.p_value < 1.0);
    }

    #[test]
    fn rounding_does_not_break_ties() {
        // Ten scores of 0.1: as many sign vectors tie as with ten scores of 1.
        let tenths = sign_flip(&[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, -0.1, 0.1, -0.1, 0.1], &key()).unwrap();
        let ones = sign_flip(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0], &key()).unwrap();
        assert_eq!(tenths, ones);
    }

    #[test]
    fn random_flips_agree_with_the_binomial() {
        // 26 equal scores, 18 positive: P(|X - 13| > 5) + P(|X - 13| = 5)/2 for X ~ Bin(26, 1/2).
        let scores: Vec<f64> = (0..26).map(|i| if i < 18 { 1.0 } else { -1.0 }).collect();
        let found = sign_flip(&scores, &key()).unwrap();
        let at = |k: f64| crate::special::binomial_pmf(k, 26.0, 0.5);
        let exact = 2.0 * ((19..=26).map(|k| at(f64::from(k))).sum::<f64>() + 0.5 * at(18.0));
        assert_eq!(found.method, FlipMethod::MonteCarlo);
        let error = (exact * (1.0 - exact) / f64::from(FLIPS)).sqrt();
        assert!((found.p_mid - exact).abs() < 4.0 * error, "{} against {exact}", found.p_mid);
        assert_eq!(found, sign_flip(&scores, &key()).unwrap());
        assert_ne!(found.p_mid, sign_flip(&scores, &StreamKey::new(12, "judge", "gap", "sign_flip")).unwrap().p_mid);
    }

    #[test]
    fn an_extreme_sum_never_has_probability_zero() {
        let found = sign_flip(&[1.0; 60], &key()).unwrap();
        assert_eq!((found.p_value, found.p_mid), (1e-5, 1e-5));
    }

    #[test]
    fn beyond_a_thousand_scores_it_is_the_t_test() {
        let scores: Vec<f64> = (0..1_200).map(|i| if i % 5 < 3 { 1.0 } else { -1.0 }).collect();
        // Mean 1/5, variance (1 - 1/25) 1200/1199: t = 0.2/sqrt(0.96/1199).
        let found = sign_flip(&scores, &key()).unwrap();
        let expected = 2.0 * t_sf(0.2 / (0.96_f64 / 1_199.0).sqrt(), 1_199.0);
        assert!((found.p_value / expected - 1.0).abs() < 1e-9 && found.method == FlipMethod::ClusteredT);
        assert_eq!(sign_flip(&[1.0; 1_001], &key()), Err(Undefined::ZeroVariance));
    }

    #[test]
    fn sign_of_the_scores_does_not_matter() {
        let scores = [3.0, -1.0, 2.0, 2.0, 0.0, 1.0, -1.0, 4.0];
        let opposite = scores.map(|score| -score);
        assert_eq!(sign_flip(&scores, &key()), sign_flip(&opposite, &key()));
    }

    #[test]
    fn gap_scores_sum_to_the_gap_and_each_reason_is_given() {
        let cell = |h1, n1, h2, n2| GapCount { first: ClusterCount::new(h1, n1), second: ClusterCount::new(h2, n2) };
        let found =
            gap_test(&[cell(0.0, 2.0, 2.0, 2.0), cell(1.0, 3.0, 1.0, 1.0), cell(0.0, 0.0, 0.0, 0.0)], &key()).unwrap();
        assert!((found.scores.iter().sum::<f64>() - found.value).abs() < 1e-15);
        assert_eq!((found.value, found.scores[2]), (0.2 - 1.0, 0.0));
        let reason = |cells: &[GapCount]| gap_test(cells, &key()).unwrap_err();
        assert_eq!(reason(&[cell(1.0, 2.0, 0.0, 0.0)]), Undefined::NoPositives);
        assert_eq!(reason(&[cell(1.0, 2.0, 1.0, 1.0)]), Undefined::SingleCluster);
        assert_eq!(reason(&[cell(3.0, 2.0, 1.0, 1.0)]), Undefined::Incompatible);
        assert_eq!(sign_flip(&[], &key()), Err(Undefined::NoData));
        assert_eq!(sign_flip(&[f64::NAN], &key()), Err(Undefined::Incompatible));
    }
}
