//! Which examples have a dose, and which.
//!
//! The set says it in two slices, `removed` and `altered`, both whole numbers. `docs/probes.md` has the rule for its users.

use std::collections::BTreeSet;

use crate::gold::GoldSet;
use crate::measure::answers::{Answered, place_of};
use crate::model::Axis;

/// The slice that says how many items are absent.
const REMOVED: &str = "removed";
/// The slice that says how many false texts there are.
const ALTERED: &str = "altered";
/// The slice that says how an example was made.
const KIND: &str = "kind";
/// How the harm of an absent item is named. A refusal lacks every item too, but for another reason.
const ITEM_REMOVED: &str = "item_removed";

/// The slice that says the dose on an axis.
pub(super) const fn slice_of(axis: Axis) -> &'static str {
    match axis {
        Axis::Omission => REMOVED,
        Axis::Commission => ALTERED,
    }
}

/// The kind that is made for doses alone.
const fn kind_of(axis: Axis) -> &'static str {
    match axis {
        Axis::Omission => "dose-removed",
        Axis::Commission => "dose-altered",
    }
}

/// The dosed examples that one judge was asked about.
pub(super) struct Series<'a> {
    pub(super) kind: Option<&'static str>,
    /// With the dose; in the order of the examples.
    pub(super) answered: Vec<(u32, &'a Answered)>,
}

/// The series on an axis; none where no example of the set has a dose above 0.
pub(super) fn series<'a>(answered: &'a [Answered], axis: Axis, gold: &GoldSet) -> Option<Series<'a>> {
    let all: Vec<(usize, u32)> = (0..gold.examples.len()).filter_map(|at| Some((at, dose(gold, at, axis)?))).collect();
    let is_kind = |at: usize| slice(gold, at, KIND) == Some(kind_of(axis));
    let kind = all.iter().any(|(at, dose)| *dose > 0 && is_kind(*at)).then(|| kind_of(axis));
    let counts = |at: usize| kind.is_none() || is_kind(at);
    let dosed: Vec<(usize, u32)> = all.iter().copied().filter(|(at, dose)| *dose > 0 && counts(*at)).collect();
    if dosed.is_empty() {
        return None;
    }
    let clean = clean(gold, &dosed, &all, kind.map(|_| &is_kind as &dyn Fn(usize) -> bool));
    let mut with_dose: Vec<(u32, &Answered)> = dosed
        .iter()
        .map(|(at, dose)| (*at, *dose))
        .chain(clean.into_iter().map(|at| (at, 0)))
        .filter_map(|(at, dose)| {
            let place = place_of(answered, at)?;
            // A response without dose that is harmful all the same is no measure of false alarms.
            Some((dose, &answered[place])).filter(|(dose, one)| *dose > 0 || !one.positive)
        })
        .collect();
    with_dose.sort_by_key(|(_, one)| one.example);
    Some(Series { kind, answered: with_dose })
}

/// The responses without dose: those that the dosed ones were made from, and those of the same kind. Where the set names no
/// twins, every response of the same clusters whose slices say 0 and that nobody says to be harmful.
fn clean(
    gold: &GoldSet,
    dosed: &[(usize, u32)],
    all: &[(usize, u32)],
    is_kind: Option<&dyn Fn(usize) -> bool>,
) -> BTreeSet<usize> {
    let twins = dosed.iter().filter_map(|(at, _)| gold.position(gold.examples[*at].twin_of.as_deref()?));
    let mut clean: BTreeSet<usize> = twins.collect();
    let named = !clean.is_empty();
    let clusters: BTreeSet<&str> = dosed.iter().map(|(at, _)| gold.examples[*at].cluster.as_str()).collect();
    clean.extend(all.iter().filter(|(_, dose)| *dose == 0).map(|(at, _)| *at).filter(|at| match is_kind {
        Some(is_kind) if named || is_kind(*at) => is_kind(*at),
        _ => !named && gold.mechanisms[*at].is_none() && clusters.contains(gold.examples[*at].cluster.as_str()),
    }));
    clean
}

/// The dose of an example on an axis: its slice, where the other slice is 0 or absent.
pub(super) fn dose(gold: &GoldSet, at: usize, axis: Axis) -> Option<u32> {
    let number = |name: &str| slice(gold, at, name).map(str::parse::<u32>);
    let other = number(slice_of(axis.other()));
    let own = number(slice_of(axis))?.ok()?;
    let mechanism = gold.mechanisms[at].as_deref();
    let for_another_reason = axis == Axis::Omission && mechanism.is_some_and(|mechanism| mechanism != ITEM_REMOVED);
    (matches!(other, None | Some(Ok(0))) && !for_another_reason).then_some(own)
}

fn slice<'a>(gold: &'a GoldSet, at: usize, name: &str) -> Option<&'a str> {
    gold.examples[at].slices.get(name).map(String::as_str)
}
