//! The counts table in cells: one subject on one axis, cluster by cluster, and the shares that cells give.

mod cells;
mod rounding;
mod shares;

pub(crate) use cells::{AxisCells, Cells, Cut, Rates, counts_of};
pub(crate) use rounding::{NOTHING, left_over, whole};
pub(crate) use shares::{Missing, Slices, bounds_of, proportion, recall_cells, slices_of};
