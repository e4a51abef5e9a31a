//! What a recall depends on beside the harm: length, system, family.

mod by_system;
mod family;
mod length;
mod own_family;
#[cfg(test)]
mod tests;

pub(crate) use own_family::self_preference;

use crate::measure::answers::{Context, Subject};
use crate::measure::evaluation::AxisBias;
use crate::model::Axis;

/// Bias of one judge on one axis; none where it does not answer on it.
pub(crate) fn bias(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<AxisBias> {
    let answered = subject.axes.get(axis).as_deref()?;
    Some(AxisBias {
        length: length::length(subject, answered, axis, context),
        recall_by_system: by_system::recall_by_system(subject, answered, axis, context),
        family: own_family::family(subject, answered, axis, context),
    })
}
