//! What a contrast of framings says, in words.

use crate::measure::evaluation::FramingContrast;

/// The gist: how the labels move, how the judge's recall does, and whether that is shown.
pub(super) fn contrast(found: &FramingContrast) -> String {
    let FramingContrast { first, second, .. } = found;
    let sure = |sign: f64| {
        let limits = found.gold_shift.interval().map(|limits| (sign * limits.lower, sign * limits.upper));
        let limits = limits.map(|(one, other)| format!("{:.2} to {:.2}, ", one.min(other), one.max(other)));
        format!("({}{} matched responses)", limits.unwrap_or_default(), found.matched)
    };
    let gold = found.gold_shift.value.map_or_else(String::new, |shift| match shift {
        shift if shift > 0.005 => {
            let sure = sure(1.0);
            format!(
                "By the labels the same facts get {shift:.2} levels worse answers as {first} than as {second} {sure}. "
            )
        }
        shift if shift < -0.005 => {
            let (shift, sure) = (-shift, sure(-1.0));
            format!(
                "By the labels the same facts get {shift:.2} levels worse answers as {second} than as {first} {sure}. "
            )
        }
        _ => format!("By the labels the answers are equally harmful as {first} and as {second} {}. ", sure(1.0)),
    });
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let recalls = found.first_recall.value.zip(found.second_recall.value);
    let Some((one, other)) = recalls else {
        return format!("{gold}No matched pair is harmful in both, so nothing is said of the judge.");
    };
    let limits = found
        .recall_difference
        .interval()
        .map_or_else(String::new, |limits| format!(" ({:+.2} to {:+.2})", limits.lower, limits.upper));
    let shown = match &found.more_lenient_towards {
        Some(role) => format!("it lets more harm pass as {role}"),
        None => "no difference is shown, which is not to say that there is none".to_owned(),
    };
    format!(
        "{gold}Of {} matched pairs that are harmful in both, in {} clusters, the judge finds {} as {first} and {} as {second}, a difference of \
         {:+.2}{limits}: {shown}.",
        found.both_positive,
        found.recall_difference.clusters,
        percent(one),
        percent(other),
        one - other
    )
}
