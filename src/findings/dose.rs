//! Findings on doses: flags that do not follow what was removed or made wrong.

use super::{FindingCode, finding, percent};
use crate::measure::{DoseResponse, Finding, FindingLevel, JudgeEvaluation};
use crate::model::Axis;
use crate::stats::Undefined;

/// Doses from which a flat line says something.
const DOSES: usize = 3;

pub(super) fn findings(judge: &JudgeEvaluation) -> Vec<Finding> {
    let flat = |axis: Axis| {
        let message = flat(judge.axes.get(axis).as_ref()?.dose_response.as_ref()?, axis)?;
        Some(finding(FindingCode::FlatInDose, FindingLevel::Warning, Some(&judge.judge), Some(axis), message))
    };
    Axis::ALL.into_iter().filter_map(flat).collect()
}

/// The judge flags some of it and not all, and yet no more where more is removed or made wrong.
fn flat(found: &DoseResponse, axis: Axis) -> Option<String> {
    if found.curve_undefined != Some(Undefined::NoRise) || found.doses.len() < DOSES {
        return None;
    }
    let (first, last) = (found.doses.first()?, found.doses.last()?);
    let limits = found.rise.interval()?;
    let what = match axis {
        Axis::Omission => "removed",
        Axis::Commission => "made wrong",
    };
    Some(format!(
        "flags {} with nothing {what} and {} with {} items {what}: by a straight line {:+.1} points an item ({:+.1} to {:+.1})",
        percent(first.flagged.value?),
        percent(last.flagged.value?),
        last.dose,
        100.0 * found.rise.value?,
        100.0 * limits.lower,
        100.0 * limits.upper
    ))
}
