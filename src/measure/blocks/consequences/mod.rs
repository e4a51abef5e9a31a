//! What follows from relying on the judge: harm undetected, harm rates of systems as it reports them and corrected.

mod by_system;
mod differential;
mod panel;
mod ranking;
mod rogan_gladen;
#[cfg(test)]
mod tests;
mod words;
mod worth;

use crate::measure::answers::{Context, MOST_SYSTEMS, Subject, alarm, hit, of_systems};
use crate::measure::evaluation::{ConsequencePanel, Consequences};
use crate::model::Axis;

/// Consequences of one judge on one axis; none where it does not answer on it.
pub(crate) fn consequences(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<Consequences> {
    let answered = subject.axes.get(axis).as_deref()?;
    let threshold = *context.thresholds.get(axis);
    let no_cut = subject.no_cut();
    let top = context.gold.card.axis(axis).top();
    let panels: Vec<ConsequencePanel> =
        (threshold..=top.min(threshold + 1)).map(|from| panel::panel(answered, from, no_cut, context)).collect();
    let label_equivalents = worth::worth(subject, answered, context);
    let systems = of_systems(answered, context);
    let comparable = (2..=MOST_SYSTEMS).contains(&systems.len());
    let names = (subject.name(), axis.name());
    let equal_errors = comparable.then(|| {
        let (hit, alarm) = (|one: &_| hit(one, threshold), |one: &_| alarm(one, threshold));
        differential::equal_errors(&systems, names, no_cut, hit, alarm, context)
    });
    let by_system = by_system::by_system(&systems, no_cut, equal_errors.as_ref(), context);
    let youden_j = panels.first().and_then(|panel| panel.discrimination.value);
    let ranking_of_systems = equal_errors
        .filter(|_| no_cut.is_none())
        .and_then(|errors| ranking::ranking_of_systems(&systems, youden_j, errors, context));
    let in_words = panels.first().map(|panel| words::consequences(panel, &label_equivalents)).unwrap_or_default();
    Some(Consequences { panels, label_equivalents, in_words, by_system, ranking_of_systems })
}
