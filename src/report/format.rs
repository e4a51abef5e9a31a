//! How numbers and words are written for people.

use crate::measure::{CeilingReference, JudgeEvaluation};
use crate::model::{Axis, LabelSource, is_deceptive};
use crate::stats::{Estimate, Tally, Undefined};

/// Characters of a name that a figure or a table shows.
const NAME_CHARACTERS: usize = 26;

/// A share as per cent: one decimal below 1 % and above 99 %, none between; never rounded to a bound it does not reach.
pub(super) fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if !is_extreme(share) {
        return format!("{value:.0} %");
    }
    if value < 0.1 {
        "< 0.1 %".to_owned()
    } else if value > 99.9 {
        "> 99.9 %".to_owned()
    } else {
        format!("{value:.1} %")
    }
}

/// Limits of a share as per cent, with a decimal where the share has one: `50-63`, `0.0-0.8`.
pub(super) fn percent_limits(estimate: &Estimate) -> String {
    let decimals = usize::from(estimate.value.is_some_and(is_extreme));
    match estimate.interval() {
        Some(interval) => {
            format!("{:.decimals$}-{:.decimals$}", 100.0 * interval.lower, 100.0 * interval.upper)
        }
        None => format!("no interval: {}", estimate.interval_undefined.map_or("undefined", reason)),
    }
}

/// A share so close to 0 or 1 that whole per cents hide it.
fn is_extreme(share: f64) -> bool {
    (share > 0.0 && share < 0.01) || (share > 0.99 && share < 1.0)
}

/// A share with its limits, or why there is none.
pub(super) fn share(estimate: &Estimate) -> String {
    match (estimate.value, estimate.undefined) {
        (Some(value), _) => format!("{} [{}]", percent(value), percent_limits(estimate)),
        (None, Some(undefined)) => format!("undefined: {}", reason(undefined)),
        (None, None) => "undefined".to_owned(),
    }
}

/// A signed difference with its limits, or why there is none.
pub(super) fn difference(estimate: &Estimate) -> String {
    match (estimate.value, estimate.undefined) {
        (Some(value), _) => match estimate.interval() {
            Some(interval) => {
                format!("{} [{}, {}]", signed(value), signed(interval.lower), signed(interval.upper))
            }
            None => {
                format!("{} (no interval: {})", signed(value), estimate.interval_undefined.map_or("undefined", reason))
            }
        },
        (None, Some(undefined)) => format!("undefined: {}", reason(undefined)),
        (None, None) => "undefined".to_owned(),
    }
}

/// Two decimals with a sign; what rounds to nothing has none of its own, so that there is no minus nothing.
pub(super) fn signed(value: f64) -> String {
    let text = format!("{value:+.2}");
    if text == "-0.00" { "+0.00".to_owned() } else { text }
}

/// A number that has no sign, with its limits, or why there is none.
pub(super) fn number(estimate: &Estimate) -> String {
    match (estimate.value, estimate.undefined) {
        (Some(value), _) => match estimate.interval() {
            Some(interval) => format!("{value:.2} [{:.2}, {:.2}]", interval.lower, interval.upper),
            None => format!("{value:.2} (no interval: {})", estimate.interval_undefined.map_or("undefined", reason)),
        },
        (None, Some(undefined)) => format!("undefined: {}", reason(undefined)),
        (None, None) => "undefined".to_owned(),
    }
}

/// A plain number with two decimals, or a dash.
pub(super) fn plain(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

/// A p-value: three decimals, `< 0.001` below.
pub(super) fn p_value(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| p_equation(value).replace("= ", ""))
}

/// The right-hand side of `p ...`: `= 0.012`, `< 0.001`.
pub(super) fn p_equation(value: f64) -> String {
    if value < 0.001 { "< 0.001".to_owned() } else { format!("= {value:.3}") }
}

/// A count: whole where it is whole, but for what sums of shares of a repeat lose.
pub(super) fn tally(count: Tally) -> String {
    if (count.0 - count.0.round()).abs() < 1e-6 { format!("{:.0}", count.0) } else { format!("{:.1}", count.0) }
}

/// A number of things: `1 person`, `2 people`.
pub fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// `168/295`, or a dash where nothing was counted.
pub(super) fn fraction(estimate: &Estimate) -> String {
    match estimate.count {
        Some(count) if estimate.n > 0.0 => format!("{}/{}", tally(Tally(count)), tally(Tally(estimate.n))),
        _ => "-".to_owned(),
    }
}

/// Positives of omission and of commission that a judge was asked about: what stands behind its gap.
pub(super) fn positives(judge: &JudgeEvaluation) -> String {
    let on = |axis: Axis| judge.axes.get(axis).as_ref().map_or_else(|| "-".to_owned(), |found| tally(found.positives));
    format!("{}, {}", on(Axis::Omission), on(Axis::Commission))
}

/// Why a value is undefined, in words.
pub(super) const fn reason(undefined: Undefined) -> &'static str {
    match undefined {
        Undefined::NoPositives => "no positives",
        Undefined::NoNegatives => "no negatives",
        Undefined::NoFlags => "nothing flagged",
        Undefined::NoData => "no data",
        Undefined::OneClass => "one class only",
        Undefined::NoVariation => "no variation",
        Undefined::SingleCluster => "one cluster only",
        Undefined::ZeroVariance => "no variance between clusters",
        Undefined::LooUndefined => "undefined without one of the clusters",
        Undefined::NotAnswered => "the judge does not answer on both axes",
        Undefined::NoCut => "one score and no cut from which it flags",
        Undefined::NoSeverities => "one score, no severities",
        Undefined::NoRise => "flags do not rise with the dose",
        Undefined::BeyondDoses => "beyond the doses given",
        Undefined::TooFew => "too few data",
        Undefined::Separation => "separation",
        Undefined::WorseThanChance => "worse than chance",
        Undefined::NotConnected => "not connected",
        Undefined::ZeroDiscordant => "no discordant pair",
        Undefined::Infinite => "infinite",
        Undefined::Singular => "singular",
        Undefined::Incompatible => "incompatible",
    }
}

/// What labels are, in the words of the first screen.
pub(super) const fn label_source(source: LabelSource) -> &'static str {
    match source {
        LabelSource::Human => "human labels",
        LabelSource::Constructed => "constructed labels (not human)",
        LabelSource::Model => "model-made labels (not human)",
    }
}

/// What a rater was measured against.
pub(super) const fn against(reference: CeilingReference) -> &'static str {
    match reference {
        CeilingReference::Gold => "the gold label",
        CeilingReference::Others => "the other raters",
    }
}

/// A text on one line: control, bidirectional and zero-width characters, which could reorder or hide words, are replaced.
pub fn clean(text: &str) -> String {
    text.chars().map(|character| if is_deceptive(character) { '\u{fffd}' } else { character }).collect()
}

/// Running text of the page: a number keeps its per cent sign on the line.
pub(super) fn flowing(text: &str) -> String {
    clean(text).replace(" %", "\u{a0}%")
}

/// A name cut to what fits beside a row.
pub(super) fn short_name(name: &str) -> String {
    let name = clean(name);
    if name.chars().count() <= NAME_CHARACTERS {
        return name;
    }
    let mut cut: String = name.chars().take(NAME_CHARACTERS - 1).collect();
    cut.push('…');
    cut
}

/// The name of an axis at the beginning of a sentence.
pub(super) const fn capital(axis: Axis) -> &'static str {
    match axis {
        Axis::Omission => "Omission",
        Axis::Commission => "Commission",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_to_a_bound() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.0021), "0.2 %");
        assert_eq!(percent(0.0002), "< 0.1 %");
        assert_eq!(percent(0.996), "99.6 %");
        assert_eq!(percent(0.9999), "> 99.9 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.569), "57 %");
    }

    #[test]
    fn an_undefined_share_says_why() {
        let estimate = Estimate::undefined(Undefined::NoPositives, 0.95, "guarded_wilson");
        assert_eq!(share(&estimate), "undefined: no positives");
    }

    #[test]
    fn names_are_cut_and_cannot_reorder_the_line() {
        assert_eq!(clean("a\u{202e}b\u{1b}c"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(short_name(&"x".repeat(60)).chars().count(), NAME_CHARACTERS);
    }
}
