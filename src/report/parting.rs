//! Where raters part, as a terminal shows it: slices, examples and items.

use super::format::{clean, counted, fraction, share, short_name};
use super::terminal::{hanging, table};
use crate::measure::{CannotJudge, DisputedExample, DisputedItem, ItemParting, Parting, SliceParting};
use crate::model::Axis;

/// Slice values that a table shows; the rest are counted.
const SLICES: usize = 12;
/// Raters that a sentence names; the rest are counted.
const NAMED: usize = 6;

/// Who could not judge, and the slices in which raters differ most.
pub(super) fn on_axis(parting: &Parting, axis: Axis) -> String {
    [cannot_judge(&parting.cannot_judge, axis), slices(&parting.slices, axis)].concat()
}

fn cannot_judge(found: &CannotJudge, axis: Axis) -> String {
    if found.answers == 0 {
        return String::new();
    }
    let named = found.raters.iter().take(NAMED).map(|one| format!("{} {}", clean(&one.rater), one.answers));
    let more = if found.raters.len() > NAMED { ", and others" } else { "" };
    let text = format!(
        "{axis}: {} {} that the rater could not judge it, on {} ({}{more}); on {} of them nobody could.",
        found.answers,
        if found.answers == 1 { "answer says" } else { "answers say" },
        counted(found.examples, "example", "examples"),
        named.collect::<Vec<_>>().join(", "),
        found.nobody_could_judge
    );
    format!("\n{}", hanging("", &text, "  "))
}

/// The values of slices in which raters differ, the largest share first.
fn slices(slices: &[SliceParting], axis: Axis) -> String {
    let disputed = |slice: &&SliceParting| slice.disputed_share.count.is_some_and(|count| count > 0.0);
    let mut found: Vec<&SliceParting> = slices.iter().filter(disputed).collect();
    if found.is_empty() {
        return String::new();
    }
    let size = |slice: &SliceParting| (slice.disputed_share.value.unwrap_or(0.0), slice.disputed_share.n);
    // The order of names stands where two are equal: the sort is stable.
    found.sort_by(|one, other| {
        let ((share, n), (other_share, other_n)) = (size(one), size(other));
        other_share.total_cmp(&share).then(other_n.total_cmp(&n))
    });
    let mut table = table(&[axis.name(), "value", "raters differ", "on", "across"]);
    for slice in found.iter().take(SLICES) {
        table.add_row(vec![
            short_name(&slice.slice),
            short_name(&slice.value),
            share(&slice.disputed_share),
            fraction(&slice.disputed_share),
            slice.disputed_across_threshold.to_string(),
        ]);
    }
    let more = match found.len().saturating_sub(SLICES) {
        0 => String::new(),
        more => format!("and {more} more slice values; --format json has all\n"),
    };
    format!("\n{}\n{more}", table.trim_fmt())
}

/// The examples of one axis on which raters part, where they were asked for.
pub(super) fn examples(parting: &Parting, axis: Axis) -> String {
    let Some(examples) = parting.examples.as_ref().filter(|examples| !examples.is_empty()) else {
        return String::new();
    };
    let lines: String = examples.iter().map(example).collect();
    format!("\n{axis}: raters part on {}:\n{lines}", counted(examples.len(), "example", "examples"))
}

fn example(example: &DisputedExample) -> String {
    let severities = example.severities.iter().map(|given| format!("{} {}", clean(&given.rater), given.severity));
    let unsure = example.cannot_judge.iter().map(|rater| format!("{} could not judge", clean(rater)));
    let said = severities.chain(unsure).collect::<Vec<_>>().join(", ");
    let across = if example.across_threshold { "; across the threshold" } else { "" };
    format!("  {}: {said}{across}\n", clean(&example.example))
}

/// Required items: how often marks differ and, where they were asked for, which.
pub(super) fn items(parting: &ItemParting) -> String {
    if parting.rated_by_several == 0 {
        return String::new();
    }
    let text = format!(
        "required items: {} of {} marked ones have two marks or more; raters differ on {}: {}; on {} of them one says hit \
         and another miss.",
        parting.rated_by_several,
        parting.rated,
        parting.disputed,
        share(&parting.disputed_share),
        parting.hit_against_miss
    );
    let named: String = parting.items.iter().flatten().map(item).collect();
    format!("\n{}{named}", hanging("", &text, "  "))
}

fn item(item: &DisputedItem) -> String {
    let marks = item.marks.iter().map(|given| format!("{} {}", clean(&given.rater), given.mark.name()));
    format!("  {} {}: {}\n", clean(&item.example), clean(&item.item), marks.collect::<Vec<_>>().join(", "))
}
