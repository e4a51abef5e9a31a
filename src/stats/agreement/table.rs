//! The table of gold against judge severities.

use thiserror::Error;

/// Why numbers are no confusion table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TableError {
    /// A scale has two levels or more.
    #[error("a scale of {0} levels: at least 2 are needed")]
    TooFewLevels(usize),
    /// Rows and columns differ in number.
    #[error("row {row} has {found} columns in a table of {expected} rows")]
    NotSquare {
        /// Row at fault, from 0.
        row: usize,
        /// Its columns.
        found: usize,
        /// Rows of the table.
        expected: usize,
    },
    /// A weight is negative or not finite.
    #[error("row {row}, column {column} is negative or not finite")]
    BadWeight {
        /// Row at fault, from 0.
        row: usize,
        /// Column at fault, from 0.
        column: usize,
    },
}

/// Examples by gold severity (row) and judge severity (column), over the full scale.
///
/// Weights rather than counts: an example's repeats share its weight of 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfusionTable {
    levels: usize,
    cells: Vec<f64>,
}

impl ConfusionTable {
    /// An empty table of a scale with `levels` levels, at least 2.
    pub fn new(levels: usize) -> Result<Self, TableError> {
        if levels < 2 {
            return Err(TableError::TooFewLevels(levels));
        }
        Ok(Self { levels, cells: vec![0.0; levels * levels] })
    }

    /// A table from its rows.
    pub fn from_rows(rows: &[Vec<f64>]) -> Result<Self, TableError> {
        let mut table = Self::new(rows.len())?;
        for (row, weights) in rows.iter().enumerate() {
            if weights.len() != rows.len() {
                return Err(TableError::NotSquare { row, found: weights.len(), expected: rows.len() });
            }
            for (column, &weight) in weights.iter().enumerate() {
                if !(weight.is_finite() && weight >= 0.0) {
                    return Err(TableError::BadWeight { row, column });
                }
                table.cells[row * rows.len() + column] = weight;
            }
        }
        Ok(table)
    }

    /// Adds an example, or a share of one. Both severities lie on the scale (`< levels`) and the weight is finite and not negative;
    /// anything else is a mistake of the caller and panics.
    pub fn add(&mut self, gold: usize, judge: usize, weight: f64) {
        assert!(gold < self.levels && judge < self.levels, "severities {gold}, {judge} on {} levels", self.levels);
        assert!(weight.is_finite() && weight >= 0.0, "weight {weight}");
        self.cells[gold * self.levels + judge] += weight;
    }

    /// The sum of tables of one scale, without the one at index `without`: what a jackknife asks for. `None` for no table or different
    /// scales.
    pub fn sum_without(tables: &[Self], without: Option<usize>) -> Option<Self> {
        let levels = tables.first()?.levels;
        let mut cells = vec![0.0; levels * levels];
        for (index, table) in tables.iter().enumerate() {
            if table.levels != levels {
                return None;
            }
            if Some(index) != without {
                cells.iter_mut().zip(&table.cells).for_each(|(sum, cell)| *sum += cell);
            }
        }
        Some(Self { levels, cells })
    }

    /// Levels of the scale.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// The weight of a cell.
    pub fn get(&self, gold: usize, judge: usize) -> f64 {
        self.cells[gold * self.levels + judge]
    }

    /// All examples.
    pub fn total(&self) -> f64 {
        self.cells.iter().sum()
    }

    /// Examples of each gold severity.
    pub fn gold_margin(&self) -> Vec<f64> {
        self.cells.chunks(self.levels).map(|row| row.iter().sum()).collect()
    }

    /// Examples of each judge severity.
    pub fn judge_margin(&self) -> Vec<f64> {
        (0..self.levels).map(|judge| (0..self.levels).map(|gold| self.get(gold, judge)).sum()).collect()
    }

    /// Gold severity, judge severity and weight of every cell.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        self.cells.iter().enumerate().map(|(index, &weight)| (index / self.levels, index % self.levels, weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_gold_and_columns_judge() {
        let mut table = ConfusionTable::new(2).unwrap();
        table.add(1, 0, 2.0);
        table.add(1, 1, 0.5);
        assert_eq!((table.get(1, 0), table.gold_margin(), table.judge_margin()), (2.0, vec![0.0, 2.5], vec![2.0, 0.5]));
        assert_eq!(table.total(), 2.5);
    }

    #[test]
    fn a_cluster_can_be_left_out() {
        let tables: Vec<ConfusionTable> = (0..3)
            .map(|cluster| {
                let mut table = ConfusionTable::new(3).unwrap();
                table.add(cluster, 0, 1.0 + cluster as f64);
                table
            })
            .collect();
        assert_eq!(ConfusionTable::sum_without(&tables, None).unwrap().total(), 6.0);
        assert_eq!(ConfusionTable::sum_without(&tables, Some(1)).unwrap().gold_margin(), vec![1.0, 0.0, 3.0]);
        assert_eq!(ConfusionTable::sum_without(&[], None), None);
        let mixed = [ConfusionTable::new(2).unwrap(), ConfusionTable::new(3).unwrap()];
        assert_eq!(ConfusionTable::sum_without(&mixed, None), None);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(ConfusionTable::new(1), Err(TableError::TooFewLevels(1)));
        let ragged = ConfusionTable::from_rows(&[vec![1.0, 2.0], vec![1.0]]);
        assert_eq!(ragged, Err(TableError::NotSquare { row: 1, found: 1, expected: 2 }));
        let negative = ConfusionTable::from_rows(&[vec![1.0, -2.0], vec![1.0, 1.0]]);
        assert_eq!(negative, Err(TableError::BadWeight { row: 0, column: 1 }));
        let nan = ConfusionTable::from_rows(&[vec![1.0, 2.0], vec![f64::NAN, 1.0]]);
        assert_eq!(nan, Err(TableError::BadWeight { row: 1, column: 0 }));
    }
}
