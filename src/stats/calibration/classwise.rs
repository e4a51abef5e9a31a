//! Forecasts over several classes or ordinal levels.

use super::bins::Binning;
use super::ece::calibration_error;
use super::forecasts::Forecasts;
use crate::Undefined;
use crate::input::{InputError, all_probabilities, same_length};

/// A forecast distribution over classes 0, 1, …, K-1 per item, with the class that came.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassForecasts {
    rows: Vec<Vec<f64>>,
    classes: Vec<usize>,
    count: usize,
}

/// How far a row of probabilities may be from summing to 1: rounding of published values to three digits.
const SUM_SLACK: f64 = 5e-3;

impl ClassForecasts {
    /// Pairs rows of K >= 2 probabilities with the classes that came.
    ///
    /// **Errors**: lengths differ, a value is not a probability, a row does not sum to 1 (within 0.005), a class is not
    /// below K, or K < 2.
    pub fn new(rows: Vec<Vec<f64>>, classes: Vec<usize>) -> Result<Self, InputError> {
        same_length("classes", classes.len(), rows.len())?;
        let count = rows.first().map_or(2, Vec::len);
        if count < 2 {
            let value = count as f64;
            return Err(InputError::OutOfRange { what: "number of classes", index: 0, value, allowed: "2 or more" });
        }
        for (index, (row, &class)) in rows.iter().zip(&classes).enumerate() {
            same_length("class probabilities", row.len(), count)?;
            all_probabilities("class probabilities", row)?;
            let value = row.iter().sum::<f64>();
            if (value - 1.0).abs() > SUM_SLACK {
                return Err(InputError::OutOfRange { what: "sum of a row", index, value, allowed: "1" });
            }
            if class >= count {
                let value = class as f64;
                return Err(InputError::OutOfRange { what: "classes", index, value, allowed: "below their number" });
            }
        }
        Ok(Self { rows, classes, count })
    }

    /// Number of classes, K.
    pub fn classes(&self) -> usize {
        self.count
    }

    /// The forecasts of one class against the rest.
    pub fn of_class(&self, class: usize) -> Forecasts {
        self.forecasts(|row| row[class], |came| came == class)
    }

    /// The forecasts of "level `threshold` or above": the ordinal reading.
    pub fn of_at_least(&self, threshold: usize) -> Forecasts {
        self.forecasts(|row| row[threshold..].iter().sum(), |came| came >= threshold)
    }

    fn forecasts(&self, probability: impl Fn(&[f64]) -> f64, outcome: impl Fn(usize) -> bool) -> Forecasts {
        let p: Vec<f64> = self.rows.iter().map(|row| probability(row).min(1.0)).collect();
        let outcomes: Vec<bool> = self.classes.iter().map(|class| outcome(*class)).collect();
        Forecasts::new(&p, &outcomes).expect("sums of probabilities, cut at 1, one outcome each")
    }
}

/// Ranked probability score: the squared distance of forecast and outcome distribution functions, summed over levels.
///
/// The ordinal Brier score: a forecast that misses by one level costs less than one that misses by three. Not divided by
/// K-1.
///
/// **Returns**: the mean over items, 0 to K-1; for K = 2 the Brier score. **Undefined**: `no_data`.
/// **Cost**: O(n K). **Source**: Epstein (1969), Murphy (1971).
///
/// ```
/// use lacuna_stats::calibration::{ClassForecasts, ranked_probability_score};
/// // F = 1/2, 3/4 against 0, 1 (level 1 came): 1/4 + 1/16.
/// let forecasts = ClassForecasts::new(vec![vec![0.5, 0.25, 0.25]], vec![1])?;
/// assert_eq!(ranked_probability_score(&forecasts), Ok(0.3125));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn ranked_probability_score(forecasts: &ClassForecasts) -> Result<f64, Undefined> {
    if forecasts.rows.is_empty() {
        return Err(Undefined::NoData);
    }
    let mut total = 0.0;
    for (row, &class) in forecasts.rows.iter().zip(&forecasts.classes) {
        let mut cumulative = 0.0;
        for (level, p) in row[..forecasts.count - 1].iter().enumerate() {
            cumulative += p;
            let came = f64::from(class <= level);
            total += (cumulative - came).powi(2);
        }
    }
    Ok(total / forecasts.rows.len() as f64)
}

/// Calibration errors of the classes.
#[derive(Debug, Clone, PartialEq)]
pub struct ClasswiseError {
    /// ECE of each class against the rest.
    pub per_class: Vec<f64>,
    /// Their mean.
    pub mean: f64,
}

/// Classwise expected calibration error: the ECE of each class against the rest, and their mean.
///
/// For severities report [`cumulative_error`], which knows that levels are ordered.
///
/// **Undefined**: `no_data`. **Cost**: O(K n log n).
/// **Source**: Kull et al. (2019); the L1 mean of uncertainty-calibration 0.1.4 `mode='marginal'`.
pub fn classwise_error(forecasts: &ClassForecasts, binning: Binning) -> Result<ClasswiseError, Undefined> {
    let error = |class| calibration_error(&forecasts.of_class(class), binning).map(|error| error.ece);
    let per_class = (0..forecasts.count).map(error).collect::<Result<Vec<f64>, _>>()?;
    let mean = per_class.iter().sum::<f64>() / per_class.len() as f64;
    Ok(ClasswiseError { per_class, mean })
}

/// Expected calibration error of P(level >= t) for each threshold t = 1, …, K-1: the ordinal one to report.
///
/// **Undefined**: `no_data`. **Cost**: O(K n log n). **Source**: [`calibration_error`] at every threshold.
pub fn cumulative_error(forecasts: &ClassForecasts, binning: Binning) -> Result<Vec<f64>, Undefined> {
    let error = |threshold| calibration_error(&forecasts.of_at_least(threshold), binning).map(|error| error.ece);
    (1..forecasts.count).map(error).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::brier_score;

    /// One item, (1/2, 1/4, 1/4), level 1 came: classwise distances 1/2, 3/4, 1/4 with mean 1/2; cumulative
    /// P(>= 1) = 1/2 against 1 and P(>= 2) = 1/4 against 0.
    #[test]
    fn worked_by_hand() {
        let forecasts = ClassForecasts::new(vec![vec![0.5, 0.25, 0.25]], vec![1]).unwrap();
        let error = classwise_error(&forecasts, Binning::Atoms).unwrap();
        assert_eq!((error.per_class, error.mean), (vec![0.5, 0.75, 0.25], 0.5));
        assert_eq!(cumulative_error(&forecasts, Binning::Atoms).unwrap(), [0.5, 0.25]);
    }

    /// F = 1/2, 3/4 against 0, 1 (level 1 came) and F = 1, 1 against 0, 0 (level 2 came): (5/16 + 2) / 2.
    #[test]
    fn ranked_score_by_hand() {
        let rows = vec![vec![0.5, 0.25, 0.25], vec![1.0, 0.0, 0.0]];
        let forecasts = ClassForecasts::new(rows, vec![1, 2]).unwrap();
        assert_eq!(ranked_probability_score(&forecasts), Ok(2.3125 / 2.0));
    }

    #[test]
    fn refused_and_undefined() {
        let row = vec![0.5, 0.5];
        assert!(ClassForecasts::new(vec![row.clone()], vec![2]).is_err());
        assert!(ClassForecasts::new(vec![row.clone()], vec![]).is_err());
        assert!(ClassForecasts::new(vec![vec![0.5, 0.6]], vec![0]).is_err());
        assert!(ClassForecasts::new(vec![vec![1.0]], vec![0]).is_err());
        assert!(ClassForecasts::new(vec![row, vec![1.0]], vec![0, 0]).is_err());
        let none = ClassForecasts::new(vec![], vec![]).unwrap();
        assert_eq!(ranked_probability_score(&none), Err(Undefined::NoData));
        assert_eq!(classwise_error(&none, Binning::Atoms), Err(Undefined::NoData));
        assert_eq!(cumulative_error(&none, Binning::Atoms), Err(Undefined::NoData));
    }

    /// Two classes: the ranked probability score is the Brier score, and both classes have the same error.
    #[test]
    fn two_classes_are_the_binary_case() {
        let mut random = Arbitrary::new(10);
        for _ in 0..100 {
            let p: Vec<f64> = (0..1 + random.below(9)).map(|_| random.grid(4)).collect();
            let classes: Vec<usize> = p.iter().map(|_| random.below(2)).collect();
            let rows = p.iter().map(|p| vec![1.0 - p, *p]).collect();
            let forecasts = ClassForecasts::new(rows, classes).unwrap();
            let brier = brier_score(&forecasts.of_class(1)).unwrap();
            assert!((ranked_probability_score(&forecasts).unwrap() - brier).abs() < 1e-14);
            let error = classwise_error(&forecasts, Binning::Atoms).unwrap();
            assert!((error.per_class[0] - error.per_class[1]).abs() < 1e-14);
        }
    }
}
