//! Severity distribution of gold from that of a judge, through the judge's confusion.

use nalgebra::{DMatrix, DVector};

use crate::Undefined;
use crate::input::{InputError, all_probabilities, same_length};

/// A severity distribution recovered through a confusion matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfusionInversion {
    /// Inverse of the confusion applied to the judge's distribution; may leave 0-1. `singular` where the judge does not
    /// separate two levels.
    pub raw: Result<Vec<f64>, Undefined>,
    /// Maximum likelihood among distributions; where `raw` is undefined one of many.
    pub likely: Vec<f64>,
    /// Condition number of the confusion, `singular` from 1e12: sampling error grows by up to this factor.
    pub condition: Result<f64, Undefined>,
}

/// From this condition number on the recovered distribution says nothing.
const VACUOUS_CONDITION: f64 = 50.0;
/// From this condition number on the confusion is singular to working precision.
const SINGULAR_CONDITION: f64 = 1e12;
const EM_STEPS: usize = 20_000;
const EM_CONVERGED: f64 = 1e-16;
/// How far probabilities may be from summing to 1.
const SUM_SLACK: f64 = 1e-6;

impl ConfusionInversion {
    /// Whether the condition number is above 50, or does not exist.
    pub fn is_vacuous(&self) -> bool {
        self.condition.map_or(true, |condition| condition > VACUOUS_CONDITION)
    }
}

/// Distribution of gold severities given the judge's distribution and its confusion matrix.
///
/// The ordinal Rogan-Gladen: it asks for the same confusion in both sets. Read the condition number first; a judge that
/// scores two severities alike cannot be inverted.
///
/// **Inputs**: `confusion[j][g]` = P(judge says j | gold is g), square, every column summing to 1; the judge's
/// distribution over its levels, summing to 1.
/// **Returns**: raw inverse, maximum likelihood on the simplex, condition number.
/// **Undefined**: `no_data` for no levels; raw and condition `singular`.
/// **Errors**: not square, lengths differ, no probabilities, or sums other than 1. **Cost**: O(q^3), and O(q^2) an EM step.
/// **Source**: Rogan and Gladen (1978) in matrix form; EM for mixture proportions (Saerens, Latinne and Decaestecker
/// 2002); agrees with numpy `linalg.solve` and scipy SLSQP.
pub fn confusion_inversion(
    confusion: &[Vec<f64>],
    apparent: &[f64],
) -> Result<Result<ConfusionInversion, Undefined>, InputError> {
    let levels = apparent.len();
    same_length("confusion rows", confusion.len(), levels)?;
    for row in confusion {
        same_length("confusion columns", row.len(), levels)?;
        all_probabilities("confusion", row)?;
    }
    all_probabilities("apparent distribution", apparent)?;
    if levels == 0 {
        return Ok(Err(Undefined::NoData));
    }
    let column = |level: usize| confusion.iter().map(|row| row[level]).sum::<f64>();
    sums_to_one("confusion columns", (0..levels).map(column))?;
    sums_to_one("apparent distribution", [apparent.iter().sum()].into_iter())?;
    let matrix = DMatrix::from_fn(levels, levels, |judge, gold| confusion[judge][gold]);
    Ok(Ok(invert(&matrix, &DVector::from_column_slice(apparent))))
}

fn sums_to_one(what: &'static str, sums: impl Iterator<Item = f64>) -> Result<(), InputError> {
    for (index, value) in sums.enumerate() {
        if (value - 1.0).abs() > SUM_SLACK {
            return Err(InputError::OutOfRange { what, index, value, allowed: "a sum of 1" });
        }
    }
    Ok(())
}

fn invert(matrix: &DMatrix<f64>, apparent: &DVector<f64>) -> ConfusionInversion {
    let singular_values = matrix.singular_values();
    let (largest, least) = (singular_values.max(), singular_values.min());
    let condition = if largest < SINGULAR_CONDITION * least { Ok(largest / least) } else { Err(Undefined::Singular) };
    let solve = |_| matrix.clone().lu().solve(apparent).ok_or(Undefined::Singular);
    let raw = condition.and_then(solve).map(|solution| solution.iter().copied().collect());
    ConfusionInversion { raw, likely: most_likely(matrix, apparent), condition }
}

/// EM from the uniform distribution: weights times M' (apparent / fitted), normalised.
fn most_likely(matrix: &DMatrix<f64>, apparent: &DVector<f64>) -> Vec<f64> {
    let levels = matrix.ncols();
    let mut gold = DVector::from_element(levels, 1.0 / levels as f64);
    for _ in 0..EM_STEPS {
        let fitted = matrix * &gold;
        let ratio = fitted.zip_map(apparent, |fitted, seen| if fitted > 0.0 { seen / fitted } else { 0.0 });
        let mut next = matrix.tr_mul(&ratio).component_mul(&gold);
        let total = next.sum();
        if total <= 0.0 {
            break;
        }
        next /= total;
        let moved = (&next - &gold).amax();
        gold = next;
        if moved < EM_CONVERGED {
            break;
        }
    }
    gold.iter().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(confusion: [[f64; 2]; 2], apparent: [f64; 2]) -> ConfusionInversion {
        confusion_inversion(&confusion.map(Vec::from), &apparent).unwrap().unwrap()
    }

    /// Specificity and recall 3/4, flag rate 5/8: (5/8 - 1/4) / (1/2) = 3/4 harmful. The matrix has eigenvalues 1 and
    /// 1/2 and is symmetric: condition 2.
    #[test]
    fn two_levels_are_rogan_gladen() {
        let found = of([[0.75, 0.25], [0.25, 0.75]], [0.375, 0.625]);
        let raw = found.raw.clone().unwrap();
        assert!((raw[1] - 0.75).abs() < 1e-14 && (raw[0] - 0.25).abs() < 1e-14);
        assert!((found.likely[1] - 0.75).abs() < 1e-10);
        assert!((found.condition.unwrap() - 2.0).abs() < 1e-13 && !found.is_vacuous());
    }

    /// A flag rate that no distribution explains: raw leaves 0-1, the likely one is at the end.
    #[test]
    fn incompatible_rates_leave_the_simplex_only_raw() {
        let found = of([[0.75, 0.25], [0.25, 0.75]], [0.0, 1.0]);
        assert!((found.raw.unwrap()[1] - 1.5).abs() < 1e-13);
        assert!((found.likely[1] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn undefined_and_malformed() {
        let blind = of([[0.9, 0.9], [0.1, 0.1]], [0.9, 0.1]);
        assert_eq!((blind.raw.clone(), blind.condition), (Err(Undefined::Singular), Err(Undefined::Singular)));
        assert!(blind.is_vacuous() && (blind.likely.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(confusion_inversion(&[], &[]), Ok(Err(Undefined::NoData)));
        let unit = [vec![1.0, 0.0], vec![0.0, 1.0]];
        assert!(confusion_inversion(&unit, &[1.0]).is_err());
        assert!(confusion_inversion(&unit, &[0.4, 0.4]).is_err());
        assert!(confusion_inversion(&[vec![0.5, 0.0], vec![0.0, 1.0]], &[0.5, 0.5]).is_err());
        assert!(confusion_inversion(&[vec![1.0], vec![0.0]], &[0.5, 0.5]).is_err());
        assert!(confusion_inversion(&unit, &[f64::NAN, 0.5]).is_err());
    }
}
