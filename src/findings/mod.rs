//! Coded warnings on an evaluation: what these data can and cannot support.
//!
//! `docs/findings.md` has an entry for each code; a test holds both together.

mod bias;
mod calibration;
mod code;
mod compare;
mod consequences;
mod detectable;
mod dose;
mod gap;
mod gold;
mod judge;
mod labels;
mod missing;
mod scale;

pub use code::FindingCode;
pub use scale::describe as describe_scale;

use crate::measure::{Evaluation, Finding, FindingLevel};
use crate::model::Axis;
use crate::stats::Estimate;

/// All findings of an evaluation: those on the gold set first, then judge by judge; warnings before notes.
pub fn findings(evaluation: &Evaluation) -> Vec<Finding> {
    let mut findings = gold::findings(evaluation);
    findings.extend(compare::findings(evaluation));
    findings.extend(labels::on_set(evaluation));
    findings.extend(bias::on_set(evaluation));
    for judge in &evaluation.judges {
        findings.extend(judge::findings(evaluation, judge));
        findings.extend(calibration::findings(judge));
        findings.extend(scale::findings(judge));
        findings.extend(gap::findings(judge));
        findings.extend(detectable::findings(judge));
        findings.extend(dose::findings(judge));
        findings.extend(missing::findings(judge));
        findings.extend(labels::on_judge(evaluation, judge));
        findings.extend(consequences::findings(judge));
        findings.extend(bias::on_judge(judge));
    }
    findings.sort_by_key(|finding| (finding.judge.is_some(), finding.level));
    findings
}

/// A finding on the gold set or, with a judge, on that judge.
fn finding(
    code: FindingCode,
    level: FindingLevel,
    judge: Option<&str>,
    axis: Option<Axis>,
    message: String,
) -> Finding {
    Finding {
        code: code.name().to_owned(),
        level,
        judge: judge.map(ToOwned::to_owned),
        axis,
        message,
        help: code.help().to_owned(),
    }
}

/// A signed difference with its limits.
fn with_limits(estimate: &Estimate) -> String {
    let value = estimate.value.map_or_else(|| "undefined".to_owned(), |value| format!("{value:+.2}"));
    match estimate.interval() {
        Some(limits) => format!("{value} ({:+.2} to {:+.2})", limits.lower, limits.upper),
        None => format!("{value} (no interval)"),
    }
}

/// A share as whole per cent with its limits and its size.
fn share_with_limits(estimate: &Estimate) -> String {
    let value = estimate.value.map_or_else(|| "undefined".to_owned(), percent);
    match estimate.interval() {
        Some(limits) => {
            format!("{value} ({:.0}-{:.0}; n {})", 100.0 * limits.lower, 100.0 * limits.upper, amount(estimate.n))
        }
        None => format!("{value} (no interval; n {})", amount(estimate.n)),
    }
}

/// A share as whole per cent.
fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// A count of examples; repeats may make it fractional.
fn amount(count: f64) -> String {
    if count.fract() == 0.0 { format!("{count:.0}") } else { format!("{count:.1}") }
}
