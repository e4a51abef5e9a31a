//! Odds ratio of matched pairs, for one content in two framings.

use crate::Undefined;
use crate::compare::{McNemar, mcnemar};
use crate::input::Confidence;
use crate::proportion::clopper_pearson;

/// Limits of an odds ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OddsInterval {
    /// Lower limit; `infinite` where it lies beyond every number.
    pub lower: Result<f64, Undefined>,
    /// Upper limit; `infinite` where no pair speaks for the second framing.
    pub upper: Result<f64, Undefined>,
}

/// Matched-pairs odds ratio with its exact interval and test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchedPairs {
    /// b / c; `infinite` where c = 0, `zero_discordant` where both are 0.
    pub odds_ratio: Result<f64, Undefined>,
    /// Exact interval; `zero_discordant`.
    pub interval: Result<OddsInterval, Undefined>,
    /// McNemar's test of equal hits; its exact p-value belongs to the interval, its mid-p is the one to report.
    pub test: McNemar,
}

/// Conditional odds ratio of a hit between two framings of the same content.
///
/// Restrict it to pairs whose gold is harmful in both framings, and report how the gold itself shifts apart. Pairs are
/// assumed independent; over clusters use the sign-flip test.
///
/// **Inputs**: pairs hit in the first framing only, and in the second only; the two-sided level.
/// **Returns**: odds ratio, exact interval, McNemar's test. **Undefined**: per field. **Cost**: O(1).
/// **Source**: the conditional likelihood given b + c (Breslow and Day 1980, section 5.2); the interval is that of
/// Clopper and Pearson for b of b + c, on the odds scale. Agrees with R `binom.test` and statsmodels `ConditionalLogit`
/// (to 1.7e-6, its optimiser).
///
/// ```
/// use lacuna_stats::{Confidence, bias::matched_pairs_odds_ratio};
/// // 3 pairs against 1: odds 3; p = 2 (1 + 4) / 16.
/// let found = matched_pairs_odds_ratio(3, 1, Confidence::DEFAULT);
/// assert_eq!(found.odds_ratio, Ok(3.0));
/// assert!((found.test.exact - 0.625).abs() < 1e-14);
/// ```
pub fn matched_pairs_odds_ratio(first_only: u64, second_only: u64, confidence: Confidence) -> MatchedPairs {
    let (b, c) = (first_only as f64, second_only as f64);
    let (n, test) = (b + c, mcnemar(first_only, second_only));
    if n == 0.0 {
        let none = Undefined::ZeroDiscordant;
        return MatchedPairs { odds_ratio: Err(none), interval: Err(none), test };
    }
    let odds = |p: f64| if p < 1.0 { Ok(p / (1.0 - p)) } else { Err(Undefined::Infinite) };
    MatchedPairs {
        odds_ratio: if c > 0.0 { Ok(b / c) } else { Err(Undefined::Infinite) },
        interval: clopper_pearson(b, n, confidence.level())
            .map(|share| OddsInterval { lower: odds(share.lower), upper: odds(share.upper) }),
        test,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 against 0: lower limit of 2 of 2 is sqrt(0.025), on the odds scale; upper infinite; p = 2 / 4.
    #[test]
    fn worked_by_hand() {
        let found = matched_pairs_odds_ratio(2, 0, Confidence::DEFAULT);
        let interval = found.interval.unwrap();
        let share = 0.025_f64.sqrt();
        assert!((interval.lower.unwrap() - share / (1.0 - share)).abs() < 1e-12);
        assert_eq!((found.odds_ratio, interval.upper), (Err(Undefined::Infinite), Err(Undefined::Infinite)));
        assert!((found.test.exact - 0.5).abs() < 1e-14);
    }

    #[test]
    fn swapping_the_framings_inverts_everything() {
        for (b, c) in [(1, 0), (5, 2), (7, 7), (0, 9)] {
            let (one, two) = (
                matched_pairs_odds_ratio(b, c, Confidence::DEFAULT),
                matched_pairs_odds_ratio(c, b, Confidence::DEFAULT),
            );
            assert!((one.test.exact - two.test.exact).abs() < 1e-14);
            let (one, two) = (one.interval.unwrap(), two.interval.unwrap());
            if let (Ok(upper), Ok(lower)) = (one.upper, two.lower) {
                assert!((upper * lower - 1.0).abs() < 1e-9);
            }
        }
        let none = matched_pairs_odds_ratio(0, 0, Confidence::DEFAULT);
        assert_eq!((none.odds_ratio, none.test.exact), (Err(Undefined::ZeroDiscordant), 1.0));
        assert_eq!(none.interval, Err(Undefined::ZeroDiscordant));
    }
}
