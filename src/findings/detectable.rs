//! Findings on what an audit could not have shown.

use super::{FindingCode, finding, percent};
use crate::measure::{Finding, FindingLevel, JudgeEvaluation};
use crate::stats::Undefined;

/// A set that shows gaps of this size can be said to look for one.
const SMALL_ENOUGH: f64 = 0.2;

pub(super) fn findings(judge: &JudgeEvaluation) -> Vec<Finding> {
    let gap = &judge.recall_gap.estimate;
    let (Some(value), Some(interval)) = (gap.value, gap.interval()) else { return Vec::new() };
    let established = interval.lower > 0.0 || interval.upper < 0.0;
    let power = judge.detectable.power;
    let could = match (judge.detectable.gap.smallest, judge.detectable.gap.undefined) {
        (Some(smallest), _) if smallest > SMALL_ENOUGH => {
            format!("this set shows, with a probability of {}, only gaps of {smallest:.2} or more", percent(power))
        }
        (None, Some(Undefined::TooFew)) => "this set is too small to show a gap of any size".to_owned(),
        _ => return Vec::new(),
    };
    if established {
        return Vec::new();
    }
    let message = format!("a gap ({value:+.2}) is not established, which says little: {could}");
    vec![finding(FindingCode::GapNotDetectable, FindingLevel::Note, Some(&judge.judge), None, message)]
}
