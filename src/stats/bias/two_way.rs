//! A difference in differences: the effect of a property of pairs, with an effect of its own for each member of a pair.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::Undefined;
use crate::logistic::has_full_rank;

/// The items of one pair (a judge and a system): how many, the sum of their outcomes, and whether the pair has the property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoWayCell {
    /// Row (a judge), from 0.
    pub row: usize,
    /// Column (a system), from 0.
    pub column: usize,
    /// Whether the pair has the property (judge and system are of one family).
    pub marked: bool,
    /// Items; a cell of 0 is left out.
    pub n: f64,
    /// Sum of the outcomes (hits, or signed errors).
    pub sum: f64,
}

/// By how much marked pairs differ from what their row and their column lead one to expect.
///
/// Least squares of the outcome on the mark with fixed effects of rows and columns. Rows that are lenient throughout and
/// columns that are hard throughout do not enter: a difference in differences. Sums of a cell are enough, so that a jackknife
/// over clusters costs no pass over items.
///
/// **Inputs**: one cell a pair. **Returns**: the coefficient of the mark, in the unit of the outcome.
/// **Undefined**: `no_data` without items; `singular` where rows and columns explain the mark (one row or one column only,
/// all pairs marked or none). **Errors**: none. **Cost**: O(cells + (rows + columns)^3).
/// **Source**: least squares on cell means with weights n is least squares on items (Frisch and Waugh 1933 for the
/// coefficient).
///
/// ```
/// use lacuna_stats::bias::{TwoWayCell, two_way_effect};
/// // Means 0.75 and 0.5 in the first row, 0.5 and 0.5 in the second, only the first cell marked: (0.75 - 0.5) - (0.5 - 0.5).
/// let cell = |row, column, marked, sum| TwoWayCell { row, column, marked, n: 4.0, sum };
/// let cells = [cell(0, 0, true, 3.0), cell(0, 1, false, 2.0), cell(1, 0, false, 2.0), cell(1, 1, false, 2.0)];
/// assert!((two_way_effect(&cells).unwrap() - 0.25).abs() < 1e-12);
/// ```
pub fn two_way_effect(cells: &[TwoWayCell]) -> Result<f64, Undefined> {
    let occupied: Vec<&TwoWayCell> = cells.iter().filter(|cell| cell.n > 0.0).collect();
    if occupied.is_empty() {
        return Err(Undefined::NoData);
    }
    let numbered = |values: Vec<usize>| {
        let mut distinct = values;
        distinct.sort_unstable();
        distinct.dedup();
        distinct
    };
    let rows = numbered(occupied.iter().map(|cell| cell.row).collect());
    let columns = numbered(occupied.iter().map(|cell| cell.column).collect());
    // The mark first, then every row, then every column but the first.
    let width = 1 + rows.len() + columns.len() - 1;
    let (mut cross, mut right) = (DMatrix::zeros(width, width), DVector::zeros(width));
    for cell in occupied {
        let row = 1 + rows.partition_point(|known| *known < cell.row);
        let column = columns.partition_point(|known| *known < cell.column);
        let mut ones = vec![row];
        ones.extend(cell.marked.then_some(0));
        ones.extend((column > 0).then_some(rows.len() + column));
        for &i in &ones {
            right[i] += cell.sum;
            ones.iter().for_each(|&j| cross[(i, j)] += cell.n);
        }
    }
    if !has_full_rank(&cross) {
        return Err(Undefined::Singular);
    }
    let factor = Cholesky::new(cross).ok_or(Undefined::Singular)?;
    Ok(factor.solve(&right)[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: usize, column: usize, marked: bool, n: f64, mean: f64) -> TwoWayCell {
        TwoWayCell { row, column, marked, n, sum: n * mean }
    }

    /// A lenient judge and a hard system do not make a preference: means are row + column, nothing more.
    #[test]
    fn rows_and_columns_are_no_effect() {
        let mut cells = Vec::new();
        for (row, lenient) in [0.0, 0.25, 0.5].into_iter().enumerate() {
            for (column, hard) in [0.25, 0.125, 0.0].into_iter().enumerate() {
                let n = (1 + row + 2 * column) as f64;
                cells.push(cell(7 * row, 3 * column, row == column, n, lenient + hard));
            }
        }
        assert!(two_way_effect(&cells).unwrap().abs() < 1e-12);
        cells.iter_mut().filter(|cell| cell.marked).for_each(|cell| cell.sum += 0.125 * cell.n);
        assert!((two_way_effect(&cells).unwrap() - 0.125).abs() < 1e-12);
    }

    #[test]
    fn undefined_with_its_reason() {
        assert_eq!(two_way_effect(&[]), Err(Undefined::NoData));
        assert_eq!(two_way_effect(&[cell(0, 0, true, 0.0, 0.0)]), Err(Undefined::NoData));
        let one_row = [cell(0, 0, true, 2.0, 0.5), cell(0, 1, false, 2.0, 0.5)];
        assert_eq!(two_way_effect(&one_row), Err(Undefined::Singular));
        let square = |marks: [bool; 4]| {
            let cells: Vec<TwoWayCell> =
                marks.into_iter().enumerate().map(|(at, mark)| cell(at / 2, at % 2, mark, 2.0, 0.5)).collect();
            two_way_effect(&cells)
        };
        assert_eq!(square([false; 4]), Err(Undefined::Singular));
        assert_eq!(square([true; 4]), Err(Undefined::Singular));
        assert_eq!(square([true, true, false, false]), Err(Undefined::Singular));
        assert!(square([true, false, false, true]).is_ok());
    }
}
