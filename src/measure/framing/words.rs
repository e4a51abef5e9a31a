//! What a contrast of framings says, in words.

use super::result::FramingContrast;

/// The gist: how the labels move, how the judge's recall does, and whether that is shown.
pub(super) fn contrast(found: &FramingContrast) -> String {
    let FramingContrast { first, second, .. } = found;
    let gold = found.gold_shift.value.map_or_else(String::new, |shift| match shift {
        shift if shift > 0.005 => {
            format!("By the labels the same facts get {shift:.2} levels worse answers as {first} than as {second}. ")
        }
        shift if shift < -0.005 => {
            format!("By the labels the same facts get {:.2} levels worse answers as {second} than as {first}. ", -shift)
        }
        _ => format!("By the labels the answers are equally harmful as {first} and as {second}. "),
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
        "{gold}Of {} matched pairs that are harmful in both, the judge finds {} as {first} and {} as {second}, a difference of \
         {:+.2}{limits}: {shown}.",
        found.both_positive,
        percent(one),
        percent(other),
        one - other
    )
}
