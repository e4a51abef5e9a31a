//! Intervals that hold for all judges, or all thresholds, at once.

use crate::proportion::check_level;
use crate::quantile::quantile;
use crate::{Interval, Undefined};

/// Simultaneous intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct SimultaneousIntervals {
    /// Critical value of the largest studentised deviation.
    pub critical: f64,
    /// One for each estimate; a point where its standard error is 0, which is no evidence of certainty.
    pub intervals: Vec<Interval>,
    /// Which estimates had a standard error of 0 and were left out of the maximum.
    pub excluded: Vec<usize>,
}

/// Max-t intervals: each estimate -+ c standard errors, c the quantile of the largest deviation over joint replicates.
///
/// **Inputs**: estimates, standard errors, and replicates (a row each) of all of them from the same resamples; with
/// `replicate_errors`, a deviation is measured in the error of its own replicate. **Undefined**: `NoData` without replicates or
/// estimates; `ZeroVariance` where no estimate varies; `Incompatible` for different lengths or non-finite values. **Cost** O(B J + B
/// log B). **Source**: Romano & Wolf (2005), Econometrica 73:1237; Montiel Olea & Plagborg-Moller (2019), J Appl Econometrics 34:1.
pub fn max_t_intervals(
    estimates: &[f64],
    standard_errors: &[f64],
    replicates: &[Vec<f64>],
    replicate_errors: Option<&[Vec<f64>]>,
    level: f64,
) -> Result<SimultaneousIntervals, Undefined> {
    check_level(level)?;
    let count = estimates.len();
    if count == 0 || replicates.is_empty() {
        return Err(Undefined::NoData);
    }
    let shaped = |rows: &[Vec<f64>]| {
        rows.len() == replicates.len()
            && rows.iter().all(|row| row.len() == count && row.iter().all(|value| value.is_finite()))
    };
    let positive = |rows: &[Vec<f64>]| rows.iter().flatten().all(|error| *error >= 0.0);
    let sound = standard_errors.len() == count
        && standard_errors.iter().all(|error| error.is_finite() && *error >= 0.0)
        && estimates.iter().all(|estimate| estimate.is_finite());
    if !sound || !shaped(replicates) || !replicate_errors.is_none_or(|errors| shaped(errors) && positive(errors)) {
        return Err(Undefined::Incompatible);
    }
    let (included, excluded): (Vec<usize>, Vec<usize>) = (0..count).partition(|&j| standard_errors[j] > 0.0);
    if included.is_empty() {
        return Err(Undefined::ZeroVariance);
    }
    let deviation = |b: usize, j: usize| {
        let distance = (replicates[b][j] - estimates[j]).abs();
        let error = replicate_errors.map_or(standard_errors[j], |errors| errors[b][j]);
        if distance == 0.0 { 0.0 } else { distance / error }
    };
    let largest = |b: usize| included.iter().map(|&j| deviation(b, j)).fold(0.0, f64::max);
    let mut maxima: Vec<f64> = (0..replicates.len()).map(largest).collect();
    maxima.sort_by(f64::total_cmp);
    let critical = quantile(&maxima, level).filter(|c| c.is_finite()).ok_or(Undefined::ZeroVariance)?;
    let interval = |(estimate, error): (&f64, &f64)| Interval {
        lower: estimate - critical * error,
        upper: estimate + critical * error,
    };
    let intervals = estimates.iter().zip(standard_errors).map(interval).collect();
    Ok(SimultaneousIntervals { critical, intervals, excluded })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Deviations over errors: rows (1, 2), (3, 0), (0, 1): maxima 2, 3, 1, median 2.
        let replicates = [vec![1.0, 14.0], vec![-3.0, 10.0], vec![0.0, 8.0]];
        let found = max_t_intervals(&[0.0, 10.0], &[1.0, 2.0], &replicates, None, 0.5).unwrap();
        assert_eq!((found.critical, found.intervals[1]), (2.0, Interval { lower: 6.0, upper: 14.0 }));
        // In the errors of the replicates: (1/2, 4/1), (3/1, 0), (0, 2/4): maxima 4, 3, 1/2, median 3.
        let errors = [vec![2.0, 1.0], vec![1.0, 1.0], vec![1.0, 4.0]];
        assert_eq!(max_t_intervals(&[0.0, 10.0], &[1.0, 2.0], &replicates, Some(&errors), 0.5).unwrap().critical, 3.0);
    }

    #[test]
    fn what_does_not_vary_is_a_point_and_named() {
        let found = max_t_intervals(&[0.5, 1.0], &[0.1, 0.0], &[vec![0.6, 1.0], vec![0.3, 1.0]], None, 0.95).unwrap();
        assert_eq!((found.excluded, found.intervals[1]), (vec![1], Interval { lower: 1.0, upper: 1.0 }));
    }

    #[test]
    fn more_estimates_widen_the_band() {
        let one = max_t_intervals(&[0.0], &[1.0], &[vec![1.0], vec![2.0], vec![0.5]], None, 0.9).unwrap();
        let rows = [vec![1.0, 3.0], vec![2.0, 0.0], vec![0.5, 1.0]];
        let two = max_t_intervals(&[0.0, 0.0], &[1.0, 1.0], &rows, None, 0.9).unwrap();
        assert!(two.critical >= one.critical);
    }

    #[test]
    fn each_reason_is_given() {
        assert_eq!(max_t_intervals(&[0.5], &[0.1], &[], None, 0.95), Err(Undefined::NoData));
        assert_eq!(max_t_intervals(&[0.5], &[0.0], &[vec![0.5]], None, 0.95), Err(Undefined::ZeroVariance));
        assert_eq!(max_t_intervals(&[0.5], &[0.1], &[vec![0.5, 0.5]], None, 0.95), Err(Undefined::Incompatible));
        let negative = max_t_intervals(&[0.5], &[0.1], &[vec![0.7]], Some(&[vec![-0.1]]), 0.95);
        assert_eq!(negative, Err(Undefined::Incompatible));
        let still = max_t_intervals(&[0.5], &[0.1], &[vec![0.7]], Some(&[vec![0.0]]), 0.95);
        assert_eq!(still, Err(Undefined::ZeroVariance));
    }
}
