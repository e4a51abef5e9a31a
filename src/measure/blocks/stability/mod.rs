//! Repeats: does the judge say the same when it is asked again?

mod noise;
mod severities;
#[cfg(test)]
mod tests;

use crate::measure::answers::{Answered, Context, Part, Subject, share};
use crate::measure::evaluation::Stability;
use crate::model::Axis;
use crate::stats::{Estimate, Tally, Undefined};
use severities::agreeing_pairs;

/// Stability of one judge on one axis; none where no example has two verdicts.
pub(crate) fn stability(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<Stability> {
    let answered = subject.axes.get(axis).as_deref()?;
    let repeated = answered.iter().filter(|one| one.scored > 1).count();
    if repeated == 0 {
        return None;
    }
    let no_cut = subject.no_cut();
    let of_repeated = |part: fn(&Answered) -> f64| -> Estimate {
        let repeated = |one: &Answered| -> Part { (one.scored > 1).then(|| (part(one), 1.0)) };
        share(context, answered, Undefined::NoData, repeated).unless(no_cut)
    };
    let severities =
        subject.scale.is_none().then(|| severities::agreement(&subject.run.verdicts, answered, axis, context));
    let (severity_agreement, severity_alpha) = severities.unzip();
    Some(Stability {
        repeated: Tally(repeated as f64),
        most_repeats: answered.iter().map(|one| one.scored as usize).max().unwrap_or(0),
        flip_rate: of_repeated(|one| f64::from(u8::from(one.flagged > 0 && one.flagged < one.scored))),
        flag_agreement: of_repeated(|one| agreeing_pairs(&[one.flagged, one.scored - one.flagged])),
        severity_agreement,
        severity_alpha,
        noise: noise::noise(answered, no_cut, context),
    })
}
