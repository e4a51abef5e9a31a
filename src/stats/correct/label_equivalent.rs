//! What a judge is worth in expert labels.

use super::PpiTotals;
use crate::Undefined;
use crate::input::{InputError, all_counts};

/// A judge's worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelEquivalent {
    /// Squared correlation of outcome and judge; for recalibrated probabilities DSC / UNC of CORP.
    pub squared_correlation: f64,
    /// Factor by which the judge multiplies the labels; `infinite` for a perfect judge with an unlimited pool.
    pub multiplier: Result<f64, Undefined>,
    /// Expert labels that the judge is worth, n (multiplier - 1).
    pub extra_labels: Result<f64, Undefined>,
}

/// How many expert labels a judge is worth for estimating a harm rate.
///
/// The sentence for a reader: "this judge is worth so many labels". A blind judge has a multiplier near 1. Cross-fit
/// recalibrated probabilities before, or it flatters the judge.
///
/// **Inputs**: sums over items with outcome and judge's value; the planned labelled and unlabelled counts.
/// **Returns**: rho^2 and m = 1 / (1 - rho^2 N / (n + N)). A constant judge has rho^2 = 0, m = 1.
/// **Undefined**: `no_data` without items or planned counts; `no_variation` of the outcome.
/// **Errors**: a negative count. **Cost**: O(1).
/// **Source**: variance of PPI++ at its best weight (Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453) over that of
/// the labels alone.
///
/// ```
/// use lacuna_stats::correct::{PpiTotals, label_equivalent};
/// // rho^2 = 1 and as many judged as labelled: 1 / (1 - 1/2) = 2, worth 10 labels more.
/// let totals = PpiTotals::new(&[1.0, 0.0], &[1.0, 0.0], &[])?;
/// assert_eq!(label_equivalent(&totals, 10.0, 10.0)?.unwrap().extra_labels, Ok(10.0));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn label_equivalent(
    totals: &PpiTotals,
    labelled: f64,
    unlabelled: f64,
) -> Result<Result<LabelEquivalent, Undefined>, InputError> {
    all_counts("planned counts", &[labelled, unlabelled])?;
    if totals.labelled() <= 0.0 || labelled + unlabelled <= 0.0 {
        return Ok(Err(Undefined::NoData));
    }
    if totals.outcome_variance() <= 0.0 {
        return Ok(Err(Undefined::NoVariation));
    }
    let spread = totals.outcome_variance() * totals.judged_variance();
    // Rounding must not make a correlation larger than 1.
    let squared_correlation = if spread > 0.0 { (totals.covariance().powi(2) / spread).min(1.0) } else { 0.0 };
    let multiplier = label_multiplier(squared_correlation, labelled, unlabelled);
    let extra_labels = multiplier.map(|multiplier| labelled * (multiplier - 1.0));
    Ok(Ok(LabelEquivalent { squared_correlation, multiplier, extra_labels }))
}

/// Factor by which a judge of this squared correlation multiplies so many labels beside so many unlabelled items,
/// m = 1 / (1 - rho^2 N / (n + N)). It rises with rho^2, so that limits of the one are limits of the other.
///
/// **Inputs**: rho^2 in \[0, 1\], counts of which one is positive. **Undefined**: `infinite` for a perfect judge without a label.
/// **Cost**: O(1). **Source**: as [`label_equivalent`].
pub fn label_multiplier(squared_correlation: f64, labelled: f64, unlabelled: f64) -> Result<f64, Undefined> {
    let saved = squared_correlation * unlabelled / (labelled + unlabelled);
    if saved < 1.0 { Ok(1.0 / (1.0 - saved)) } else { Err(Undefined::Infinite) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(y: &[f64], f: &[f64], labelled: f64, unlabelled: f64) -> Result<LabelEquivalent, Undefined> {
        label_equivalent(&PpiTotals::new(y, f, &[]).unwrap(), labelled, unlabelled).unwrap()
    }

    /// Outcomes 1 1 0 0, judge 1 0 0 0: covariance 1/4 - 1/8 = 1/8, variances 1/4 and 3/16: rho^2 = (1/64)/(3/64) = 1/3.
    /// With N = 2 n: m = 1 / (1 - 2/9) = 9/7.
    #[test]
    fn worked_by_hand() {
        let found = of(&[1.0, 1.0, 0.0, 0.0], &[1.0, 0.0, 0.0, 0.0], 7.0, 14.0).unwrap();
        assert!((found.squared_correlation - 1.0 / 3.0).abs() < 1e-15);
        assert!((found.multiplier.unwrap() - 9.0 / 7.0).abs() < 1e-15);
        assert!((found.extra_labels.unwrap() - 2.0).abs() < 1e-14);
    }

    #[test]
    fn undefined_and_malformed() {
        let constant = of(&[1.0, 0.0], &[0.3, 0.3], 5.0, 50.0).unwrap();
        assert_eq!((constant.squared_correlation, constant.multiplier), (0.0, Ok(1.0)));
        let perfect = of(&[1.0, 0.0], &[1.0, 0.0], 0.0, 50.0).unwrap();
        assert_eq!((perfect.multiplier, perfect.extra_labels), (Err(Undefined::Infinite), Err(Undefined::Infinite)));
        assert_eq!(of(&[1.0, 1.0], &[1.0, 0.0], 5.0, 50.0), Err(Undefined::NoVariation));
        assert_eq!(of(&[], &[], 5.0, 50.0), Err(Undefined::NoData));
        assert_eq!(of(&[1.0, 0.0], &[1.0, 0.0], 0.0, 0.0), Err(Undefined::NoData));
        assert!(label_equivalent(&PpiTotals::default(), -1.0, 0.0).is_err());
    }
}
