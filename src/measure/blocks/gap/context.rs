//! What the gap is computed from.

use std::borrow::Cow;

use crate::measure::answers::{Context, Subject};
use crate::measure::counts::{AxisCells, Cut};
use crate::model::{PerAxis, Severity};

/// What the gap needs to know beside the cells.
pub(crate) struct GapContext<'a> {
    pub(crate) subject: &'a Subject<'a>,
    pub(crate) context: &'a Context<'a>,
    pub(crate) cuts: PerAxis<Cut>,
    pub(crate) tops: PerAxis<Severity>,
    /// Cells and cuts at other thresholds.
    pub(crate) at: &'a dyn Fn(PerAxis<Severity>) -> AtThresholds<'a>,
}

impl GapContext<'_> {
    pub(super) fn level(&self) -> f64 {
        self.context.options.level
    }
}

/// Both axes of one judge at a pair of thresholds.
pub(crate) struct AtThresholds<'a> {
    pub(crate) cells: PerAxis<Cow<'a, AxisCells>>,
    pub(crate) cuts: PerAxis<Cut>,
}

/// Both axes of one judge.
pub(crate) struct BothAxes<'a> {
    pub(crate) omission: &'a AxisCells,
    pub(crate) commission: &'a AxisCells,
}
