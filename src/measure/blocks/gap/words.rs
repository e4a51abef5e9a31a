//! The gap in one sentence.

use crate::measure::evaluation::{GapAtThresholds, GapShown, RecallGap};
use crate::stats::Undefined;

/// Pairs of thresholds that the sentence names.
const MOST_PAIRS: usize = 4;

/// Why there is no gap, for a person.
fn why(reason: Option<Undefined>) -> &'static str {
    match reason {
        Some(Undefined::NotAnswered) => "the judge answers on one axis only",
        Some(Undefined::NoCut) => "the judge has no cut from which it flags",
        Some(Undefined::NoPositives) => "it was asked about no positive of one axis",
        _ => "its counts do not give one",
    }
}

/// Two decimals with a sign; nothing is nothing, not minus nothing.
fn signed(value: f64) -> String {
    let text = format!("{value:+.2}");
    if matches!(text.as_str(), "+0.00" | "-0.00") { "0.00".to_owned() } else { text }
}

/// The gap in one sentence: value, interval, thresholds, what is shown, and on what the sign depends.
pub(crate) fn in_words(gap: &RecallGap) -> String {
    let Some(value) = gap.estimate.value else {
        return format!("A recall gap cannot be computed: {}.", why(gap.estimate.undefined));
    };
    let pair = format!("at thresholds {} and {}", gap.thresholds.omission, gap.thresholds.commission);
    let Some(interval) = gap.estimate.interval() else {
        return format!(
            "Omission recall minus commission recall is {} {pair}, from too few clusters to say more.",
            signed(value)
        );
    };
    let shown = match gap.shown() {
        Some(GapShown::Equivalent) => {
            format!(
                "lies within {:.2} of zero: the judge finds what is withheld as often, or as seldom, as what is wrong",
                gap.equivalence.margin
            )
        }
        Some(GapShown::NotAmongAll) => {
            "is not established: its own interval leaves out zero, but not among all the tests of this audit".to_owned()
        }
        Some(GapShown::LessOfOmission) => "is established: the judge sees less of what is withheld".to_owned(),
        Some(GapShown::LessOfCommission) => "is established: the judge sees less of what is wrong".to_owned(),
        Some(GapShown::Undecided) | None => "is not established".to_owned(),
    };
    let mut sentence = format!(
        "Omission recall minus commission recall, {} ({:.2} to {:.2}) {pair}, {shown}",
        signed(value),
        interval.lower,
        interval.upper
    );
    let at = |at: &GapAtThresholds| {
        format!("{} and {} ({})", at.omission, at.commission, at.gap.value.map_or_else(String::new, signed))
    };
    let opposite: Vec<String> = gap.opposite_at().into_iter().map(at).collect();
    if !opposite.is_empty() {
        let named = &opposite[..opposite.len().min(MOST_PAIRS)];
        sentence.push_str(&format!("; its sign changes at {}", named.join(", ")));
        if opposite.len() > MOST_PAIRS {
            sentence.push_str(&format!(" and {} more pairs", opposite.len() - MOST_PAIRS));
        }
    }
    if gap.sign_rests_on_unscored() {
        sentence.push_str("; its sign depends on verdicts that never came");
    }
    sentence.push('.');
    sentence
}
