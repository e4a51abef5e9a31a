//! What a curve, and what a pair of forms of one fact, say in words.

use crate::measure::evaluation::{DoseResponse, SameFactContrast};
use crate::model::Axis;
use crate::stats::{Estimate, Undefined};

/// The p-value below which a shape other than 1 is called established.
const REJECTED: f64 = 0.05;

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// `0.42 (0.31 to 0.55)`, or the value alone.
fn number(estimate: &Estimate) -> Option<String> {
    let value = estimate.value?;
    Some(match estimate.interval() {
        Some(limits) => format!("{value:.2} ({:.2} to {:.2})", limits.lower, limits.upper),
        None => format!("{value:.2}"),
    })
}

/// Why there is no curve, for a person.
fn why(reason: Option<Undefined>) -> &'static str {
    match reason {
        Some(Undefined::NoFlags) => "the judge flags none of these responses",
        Some(Undefined::NoVariation) => "the judge flags all of these responses",
        Some(Undefined::NoRise) => "its flags are not shown to rise with the dose",
        Some(Undefined::SingleCluster) => "the responses are to one scenario",
        Some(Undefined::TooFew) => "a curve needs four doses, 0 among them",
        Some(Undefined::NoCut) => "the judge has no cut from which it flags",
        _ => "its counts do not give one",
    }
}

/// The gist of a dose-response curve.
pub(super) fn response(found: &DoseResponse, axis: Axis) -> String {
    let (items, item) = match axis {
        Axis::Omission => ("items removed", "an item removed"),
        Axis::Commission => ("items made wrong", "an item made wrong"),
    };
    let mut parts = Vec::new();
    match (number(&found.threshold), found.threshold.undefined) {
        (Some(threshold), _) => parts.push(format!(
            "Of what it comes to flag beyond its false alarms, the judge flags half at a dose of {threshold} {items}"
        )),
        (None, Some(Undefined::BeyondDoses)) => parts.push(format!(
            "At the largest dose, {} {items}, the judge has not reached half of what it would come to flag",
            found.doses.last().map_or(0, |point| point.dose)
        )),
        (None, Some(Undefined::Separation)) => {
            parts
                .push("Its flags jump from one dose to the next, so that no threshold between them is told".to_owned());
        }
        (None, reason) => parts.push(format!("There is no curve: {}", why(reason))),
    }
    if let Some(lapse) = found.lapse_rate.value.filter(|lapse| *lapse >= 0.005) {
        parts.push(format!("it passes {} whatever the dose", percent(lapse)));
    }
    if let Some(per_item) = number(&found.independent.per_item) {
        let fits = match found.independent.p_value {
            Some(p_value) if p_value < REJECTED => {
                format!(", but finding one item is not independent of finding another (p = {p_value:.3})")
            }
            Some(p_value) => format!(", and nothing speaks against each being found on its own (p = {p_value:.2})"),
            None => String::new(),
        };
        parts.push(format!("were each found on its own, {item} would be found with probability {per_item}{fits}"));
    }
    format!("{}.", parts.join("; "))
}

/// The gist of the paired comparison.
pub(super) fn same_fact(found: &SameFactContrast) -> String {
    let shares = found.removed_found.value.zip(found.altered_found.value).zip(found.found_difference.value);
    let Some(((removed, altered), difference)) = shares else {
        return "No fact was judged both removed and made wrong, so nothing is said.".to_owned();
    };
    let limits = found.found_difference.interval();
    let shown = match limits {
        Some(limits) if limits.upper < 0.0 => "the judge sees less of what is withheld, fact by fact",
        Some(limits) if limits.lower > 0.0 => "the judge sees less of what is wrong, fact by fact",
        Some(_) => "no difference is shown, which is not to say that there is none",
        None => "there are too few clusters to say more",
    };
    let limits = limits.map_or_else(String::new, |limits| format!(" ({:+.2} to {:+.2})", limits.lower, limits.upper));
    format!(
        "Of {} facts that were once removed and once made wrong in the same answer, the judge finds {} of the removals and {} of \
         the falsehoods, a difference of {difference:+.2}{limits}: {shown}.",
        found.facts,
        percent(removed),
        percent(altered)
    )
}
