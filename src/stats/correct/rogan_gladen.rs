//! Prevalence of harm from a judge's flag rate and its known errors.

use super::Confusion;
use crate::input::{Confidence, InputError, all_counts};
use crate::{Interval, Undefined};

/// A corrected prevalence with two intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoganGladen {
    /// Flag rate in the target set.
    pub apparent: f64,
    /// Youden's J of the calibration set.
    pub youden_j: f64,
    /// The corrected prevalence, not cut; outside 0-1 the data contradict the assumptions.
    pub raw: Result<f64, Undefined>,
    /// The corrected prevalence, cut at 0 and 1.
    pub value: Result<f64, Undefined>,
    /// Delta-method standard error.
    pub se: Result<f64, Undefined>,
    /// Wald interval, cut; collapses with the standard error, so not the one to print.
    pub delta: Result<Interval, Undefined>,
    /// Interval of Lang and Reiczigel, cut: the one to print.
    pub lang_reiczigel: Result<Interval, Undefined>,
}

/// An interval longer than this says that the judge carries no usable information on the prevalence.
const VACUOUS_LENGTH: f64 = 0.5;

impl RoganGladen {
    /// Whether the uncut estimate leaves 0-1: transport or equality of the error rates fails.
    pub fn is_incompatible(&self) -> bool {
        self.raw.is_ok_and(|raw| !(0.0..=1.0).contains(&raw))
    }

    /// Whether the interval to print is longer than 0.5, or does not exist.
    pub fn is_vacuous(&self) -> bool {
        self.lang_reiczigel.map_or(true, |interval| interval.upper - interval.lower > VACUOUS_LENGTH)
    }
}

/// Prevalence corrected by sensitivity and specificity.
///
/// Needs a judge with some sight (J of 0.5 or more), errors that are the same in both sets and for every system, and a
/// calibration set stratified on gold. For a blind judge the intervals are useless: [`ppi_mean`](super::ppi_mean). All
/// three sources of sampling error enter; none is held fixed. Items are assumed independent: with clusters jackknife
/// the whole pipeline.
///
/// **Inputs**: flagged items and all items of the target set; the calibration table; the two-sided level.
/// **Returns**: see [`RoganGladen`].
/// **Undefined**: `no_data` without target items; `no_positives`, `no_negatives` in the calibration set;
/// `worse_than_chance` at J <= 0 (of the shrunk rates for the interval of Lang and Reiczigel).
/// **Errors**: a negative count, or more flags than items. **Cost**: O(1).
/// **Source**: Rogan and Gladen (1978), Am J Epidemiol 107:71; Lang and Reiczigel (2014), Prev Vet Med 113:13;
/// Lee et al. (2025, arXiv 2511.21140) use the same interval. Agrees with R asht `prevSeSp`.
pub fn rogan_gladen(
    flagged: f64,
    n: f64,
    calibration: &Confusion,
    confidence: Confidence,
) -> Result<Result<RoganGladen, Undefined>, InputError> {
    all_counts("target counts", &[flagged, n])?;
    if flagged > n {
        let allowed = "at most the items";
        return Err(InputError::OutOfRange { what: "flagged", index: 0, value: flagged, allowed });
    }
    Ok(correct(flagged, n, calibration, confidence.normal()))
}

/// A rate with the number of items behind it.
#[derive(Clone, Copy)]
struct Rate {
    value: f64,
    n: f64,
}

impl Rate {
    fn variance(self) -> f64 {
        self.value * (1.0 - self.value) / self.n
    }
}

/// Corrected prevalence and its delta-method standard error, or none at J <= 0.
fn delta(apparent: Rate, recall: Rate, specificity: Rate) -> Result<(f64, f64), Undefined> {
    let j = recall.value + specificity.value - 1.0;
    if j <= 0.0 {
        return Err(Undefined::WorseThanChance);
    }
    let value = (apparent.value + specificity.value - 1.0) / j;
    let variance =
        apparent.variance() + value.powi(2) * recall.variance() + (1.0 - value).powi(2) * specificity.variance();
    Ok((value, variance.sqrt() / j))
}

fn correct(flagged: f64, n: f64, calibration: &Confusion, z: f64) -> Result<RoganGladen, Undefined> {
    if n <= 0.0 {
        return Err(Undefined::NoData);
    }
    let apparent = Rate { value: flagged / n, n };
    let recall = Rate { value: calibration.recall()?, n: calibration.positives() };
    let specificity = Rate { value: calibration.specificity()?, n: calibration.negatives() };
    let found = delta(apparent, recall, specificity);
    Ok(RoganGladen {
        apparent: apparent.value,
        youden_j: recall.value + specificity.value - 1.0,
        raw: found.map(|(value, _)| value),
        value: found.map(|(value, _)| value.clamp(0.0, 1.0)),
        se: found.map(|(_, se)| se),
        delta: found.map(|(value, se)| cut(value - z * se, value + z * se)),
        lang_reiczigel: lang_reiczigel(flagged, n, calibration, z),
    })
}

fn cut(lower: f64, upper: f64) -> Interval {
    Interval { lower: lower.clamp(0.0, 1.0), upper: upper.clamp(0.0, 1.0) }
}

/// The delta interval of rates shrunk towards 1/2, moved by 2 z^2 times the skewness term.
fn lang_reiczigel(flagged: f64, n: f64, calibration: &Confusion, z: f64) -> Result<Interval, Undefined> {
    let z2 = z * z;
    let apparent = Rate { value: (flagged + z2 / 2.0) / (n + z2), n: n + z2 };
    let shrunk = |hits: f64, n: f64| Rate { value: (hits + 1.0) / (n + 2.0), n: n + 2.0 };
    let recall = shrunk(calibration.caught(), calibration.positives());
    let specificity = shrunk(calibration.passed(), calibration.negatives());
    let (value, se) = delta(apparent, recall, specificity)?;
    let shift = 2.0 * z2 * (value * recall.variance() - (1.0 - value) * specificity.variance());
    Ok(cut(value + shift - z * se, value + shift + z * se))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn of(flagged: f64, n: f64, table: [f64; 4]) -> Result<RoganGladen, Undefined> {
        let table = Confusion::new(table[0], table[1], table[2], table[3]).unwrap();
        rogan_gladen(flagged, n, &table, Confidence::DEFAULT).unwrap()
    }

    /// Flag rate 1/2, recall 3/4 of 4, specificity 3/4 of 4: J = 1/2, prevalence 1/2; the variance is
    /// (1/4 / 16 + 2 * 1/4 * 3/64) / (1/4) = (1/64 + 3/128) * 4 = 5/32.
    #[test]
    fn worked_by_hand() {
        let found = of(8.0, 16.0, [3.0, 1.0, 1.0, 3.0]).unwrap();
        assert_eq!((found.youden_j, found.raw), (0.5, Ok(0.5)));
        assert!((found.se.unwrap() - (5.0_f64 / 32.0).sqrt()).abs() < 1e-15);
        // Symmetric in the classes: the shrunk rates are 2/3 both, the shift is 0, the interval is centred.
        let interval = found.lang_reiczigel.unwrap();
        assert!((interval.lower + interval.upper - 1.0).abs() < 1e-14);
        assert!(found.is_vacuous() && !found.is_incompatible());
    }

    /// z = 2, 2 of 4 flagged, recall 4 of 6, specificity 1 of 2. Shrunk: flag rate (2 + 2) / 8 = 1/2, recall 5/8 of 8,
    /// specificity 2/4 of 4; J = 1/8; prevalence (1/2 + 1/2 - 1) / J = 0. Shift 2 * 4 * (0 - 1 * (1/4) / 4) = -1/2;
    /// half-width 2 sqrt((1/4) / 8 + 0 + (1/4) / 4) / (1/8) = 16 sqrt(3/32) > 1/2: limits 0 and 16 sqrt(3/32) - 1/2, cut.
    #[test]
    fn lang_reiczigel_by_hand() {
        let table = Confusion::new(4.0, 2.0, 1.0, 1.0).unwrap();
        let uncut = lang_reiczigel(2.0, 4.0, &table, 2.0).unwrap();
        assert_eq!((uncut.lower, uncut.upper), (0.0, 1.0));
        // A larger sample, 56 of 76 flagged (shrunk 58/80), recall 62 of 62 (63/64), specificity 31 of 62 (1/2): J = 31/64,
        // prevalence (9/40) (64/31) = 72/155.
        let (j, value) = (31.0 / 64.0, 72.0 / 155.0);
        let table = Confusion::new(62.0, 0.0, 31.0, 31.0).unwrap();
        let found = lang_reiczigel(56.0, 76.0, &table, 2.0).unwrap();
        let (of_recall, of_specificity): (f64, f64) = (63.0 / 64.0 / 64.0 / 64.0, 0.25 / 64.0);
        let centre = value + 8.0 * (value * of_recall - (1.0 - value) * of_specificity);
        let variance =
            58.0 * 22.0 / 80.0_f64.powi(3) + value * value * of_recall + (1.0 - value).powi(2) * of_specificity;
        let half = 2.0 * variance.sqrt() / j;
        assert!((found.lower - (centre - half)).abs() < 1e-14 && (found.upper - (centre + half)).abs() < 1e-14);
        assert!(0.0 < found.lower && found.upper < 1.0);
    }

    #[test]
    fn undefined_and_malformed() {
        let chance = of(5.0, 10.0, [1.0, 1.0, 1.0, 1.0]).unwrap();
        assert_eq!(
            (chance.value, chance.lang_reiczigel),
            (Err(Undefined::WorseThanChance), Err(Undefined::WorseThanChance))
        );
        assert!(chance.is_vacuous());
        assert_eq!(of(0.0, 0.0, [1.0; 4]), Err(Undefined::NoData));
        assert_eq!(of(1.0, 2.0, [0.0, 0.0, 1.0, 1.0]), Err(Undefined::NoPositives));
        assert_eq!(of(1.0, 2.0, [1.0, 1.0, 0.0, 0.0]), Err(Undefined::NoNegatives));
        let table = Confusion::new(1.0, 0.0, 0.0, 1.0).unwrap();
        assert!(rogan_gladen(3.0, 2.0, &table, Confidence::DEFAULT).is_err());
        assert!(of(10.0, 10.0, [8.0, 2.0, 2.0, 8.0]).unwrap().is_incompatible());
    }

    #[test]
    fn limits_are_ordered_and_in_range() {
        let mut random = Arbitrary::new(19);
        for _ in 0..500 {
            let n = 1 + random.below(30);
            let table = [(); 4].map(|()| random.below(6) as f64);
            let Ok(found) = of(random.below(n + 1) as f64, n as f64, table) else { continue };
            for interval in [found.delta, found.lang_reiczigel].into_iter().flatten() {
                assert!(0.0 <= interval.lower && interval.lower <= interval.upper && interval.upper <= 1.0);
            }
        }
    }
}
