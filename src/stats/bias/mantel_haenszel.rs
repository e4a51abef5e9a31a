//! Differential functioning by Mantel and Haenszel.

use crate::Undefined;
use crate::input::{InputError, all_counts};
use crate::special::chi_squared_sf;

/// Hits of two groups at one gold severity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    reference: [f64; 2],
    focal: [f64; 2],
}

impl Stratum {
    /// Hits and misses of the reference group, hits and misses of the focal group.
    ///
    /// **Errors**: a count is negative or not finite.
    pub fn new(reference: [f64; 2], focal: [f64; 2]) -> Result<Self, InputError> {
        all_counts("reference counts", &reference)?;
        all_counts("focal counts", &focal)?;
        Ok(Self { reference, focal })
    }

    fn n(&self) -> f64 {
        self.reference.iter().chain(&self.focal).sum()
    }
}

/// Class of differential functioning after the Educational Testing Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtsClass {
    /// Negligible: |delta| < 1, or not significant.
    A,
    /// Moderate.
    B,
    /// Large: |delta| >= 1.5 and significantly above 1.
    C,
}

/// Common odds ratio over severities and its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MantelHaenszel {
    /// Common odds ratio, reference over focal; above 1 the judge sees the focal group's harms less.
    pub odds_ratio: Result<f64, Undefined>,
    /// Its logarithm.
    pub log_odds_ratio: Result<f64, Undefined>,
    /// Standard error of the logarithm (Robins, Breslow and Greenland).
    pub se: Result<f64, Undefined>,
    /// ETS delta, -2.35 ln OR.
    pub delta: Result<f64, Undefined>,
    /// Cochran-Mantel-Haenszel chi-squared, one degree of freedom.
    pub chi_squared: Result<f64, Undefined>,
    /// Its p-value.
    pub p: Result<f64, Undefined>,
    /// Chi-squared with the continuity correction max(0, |d| - 1/2).
    pub chi_squared_corrected: Result<f64, Undefined>,
    /// Its p-value.
    pub p_corrected: Result<f64, Undefined>,
}

/// Two-sided 5% point of the normal in the ETS rules.
const SIGNIFICANT: f64 = 1.96;
/// One-sided 5% point, for "significantly above 1".
const SIGNIFICANTLY_ABOVE: f64 = 1.645;
/// Units of the delta scale per unit of the log odds ratio.
const DELTA: f64 = -2.35;

impl MantelHaenszel {
    /// The ETS class, by the size of delta and its significance.
    pub fn ets_class(&self) -> Result<EtsClass, Undefined> {
        let (size, se) = (self.delta?.abs(), DELTA.abs() * self.se?);
        if size >= 1.5 && size - 1.0 > SIGNIFICANTLY_ABOVE * se {
            return Ok(EtsClass::C);
        }
        Ok(if size < 1.0 || size <= SIGNIFICANT * se { EtsClass::A } else { EtsClass::B })
    }
}

/// Mantel-Haenszel analysis of hits by group within gold severities.
///
/// Asks whether two groups (systems, framings, domains) are seen equally at equal harm. It is the test of non-differential
/// errors that a Rogan-Gladen correction needs. Items are assumed independent: with clusters permute the group labels of
/// whole clusters.
///
/// **Inputs**: one table a severity. **Returns**: odds ratio, its error, ETS delta, tests.
/// **Undefined**: the odds ratio `no_variation` where one side of every table is empty (it would be 0 or infinite);
/// the tests `no_variation` where no table has both groups, hits and misses.
/// **Cost**: O(severities).
/// **Source**: Mantel and Haenszel (1959); Robins, Breslow and Greenland (1986) for the error; Holland and Thayer (1988)
/// for delta. Agrees with R `mantelhaen.test` (which applies the correction only at |d| >= 1/2) and statsmodels
/// `StratifiedTable`.
pub fn mantel_haenszel(strata: &[Stratum]) -> MantelHaenszel {
    let ratio = log_odds_ratio(strata);
    let test = deviation(strata);
    let chi = test.map(|(deviation, variance)| deviation * deviation / variance);
    let corrected = test.map(|(deviation, variance)| (deviation.abs() - 0.5).max(0.0).powi(2) / variance);
    let p = |chi: f64| chi_squared_sf(chi, 1.0);
    MantelHaenszel {
        odds_ratio: ratio.map(|(log, _)| log.exp()),
        log_odds_ratio: ratio.map(|(log, _)| log),
        se: ratio.map(|(_, se)| se),
        delta: ratio.map(|(log, _)| DELTA * log),
        chi_squared: chi,
        p: chi.map(p),
        chi_squared_corrected: corrected,
        p_corrected: corrected.map(p),
    }
}

/// ln OR with the standard error of Robins, Breslow and Greenland.
fn log_odds_ratio(strata: &[Stratum]) -> Result<(f64, f64), Undefined> {
    let (mut r, mut s, mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for stratum in strata.iter().filter(|stratum| stratum.n() > 0.0) {
        let (n, [a, b], [c, d]) = (stratum.n(), stratum.reference, stratum.focal);
        let (concordant, discordant) = (a * d / n, b * c / n);
        let (p, q) = ((a + d) / n, (b + c) / n);
        r += concordant;
        s += discordant;
        pr += p * concordant;
        mixed += p * discordant + q * concordant;
        qs += q * discordant;
    }
    if r <= 0.0 || s <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let variance = pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s);
    Ok(((r / s).ln(), variance.sqrt()))
}

/// Hits of the reference group less their expectation, and the variance, over strata.
fn deviation(strata: &[Stratum]) -> Result<(f64, f64), Undefined> {
    let (mut deviation, mut variance) = (0.0, 0.0);
    for stratum in strata.iter().filter(|stratum| stratum.n() > 1.0) {
        let (n, [a, b], [c, d]) = (stratum.n(), stratum.reference, stratum.focal);
        deviation += a - (a + b) * (a + c) / n;
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1.0));
    }
    if variance > 0.0 { Ok((deviation, variance)) } else { Err(Undefined::NoVariation) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn strata(tables: &[[[f64; 2]; 2]]) -> Vec<Stratum> {
        tables.iter().map(|table| Stratum::new(table[0], table[1]).unwrap()).collect()
    }

    /// One table 3 1 / 1 3: R = 9/8, S = 1/8, OR 9; variance 1/3 + 1 + 1 + 1/3 = 8/3 (Woolf's, for a single table);
    /// hits 3 against 2 expected, variance 4^4 / (64 * 7) = 4/7: chi 7/4, corrected (1/2)^2 * 7/4 = 7/16.
    #[test]
    fn worked_by_hand() {
        let found = mantel_haenszel(&strata(&[[[3.0, 1.0], [1.0, 3.0]]]));
        assert!((found.odds_ratio.unwrap() - 9.0).abs() < 1e-13);
        assert!((found.se.unwrap().powi(2) - 8.0 / 3.0).abs() < 1e-14);
        assert!((found.chi_squared.unwrap() - 1.75).abs() < 1e-14);
        assert!((found.chi_squared_corrected.unwrap() - 0.4375).abs() < 1e-14);
        // delta = -2.35 ln 9 = -5.2 is large and, with an error of 3.8, not significant.
        assert_eq!(found.ets_class(), Ok(EtsClass::A));
        let many = mantel_haenszel(&strata(&[[[300.0, 100.0], [100.0, 300.0]]]));
        assert_eq!(many.ets_class(), Ok(EtsClass::C));
        let some = mantel_haenszel(&strata(&[[[310.0, 200.0], [200.0, 200.0]]]));
        assert_eq!(some.ets_class(), Ok(EtsClass::B));
    }

    #[test]
    fn undefined_and_malformed() {
        let one_sided = mantel_haenszel(&strata(&[[[3.0, 0.0], [2.0, 0.0]]]));
        assert_eq!((one_sided.odds_ratio, one_sided.p), (Err(Undefined::NoVariation), Err(Undefined::NoVariation)));
        assert_eq!(one_sided.ets_class(), Err(Undefined::NoVariation));
        assert_eq!(mantel_haenszel(&[]).chi_squared, Err(Undefined::NoVariation));
        assert!(Stratum::new([-1.0, 0.0], [0.0, 0.0]).is_err());
    }

    /// Swapping the groups inverts the odds ratio and keeps the test; empty strata change nothing.
    #[test]
    fn swapping_the_groups_inverts_the_ratio() {
        let mut random = Arbitrary::new(26);
        for _ in 0..200 {
            let tables: Vec<[[f64; 2]; 2]> =
                (0..3).map(|_| [(); 2].map(|()| [(); 2].map(|()| random.below(6) as f64))).collect();
            let mut swapped: Vec<[[f64; 2]; 2]> = tables.iter().map(|[one, two]| [*two, *one]).collect();
            swapped.push([[0.0; 2]; 2]);
            let (one, two) = (mantel_haenszel(&strata(&tables)), mantel_haenszel(&strata(&swapped)));
            match (one.log_odds_ratio, two.log_odds_ratio) {
                (Ok(one), Ok(two)) => assert!((one + two).abs() < 1e-12),
                (one, two) => assert_eq!(one, two),
            }
            match (one.p, two.p) {
                (Ok(one), Ok(two)) => assert!((one - two).abs() < 1e-12 && (0.0..=1.0).contains(&one)),
                (one, two) => assert_eq!(one, two),
            }
        }
    }
}
