//! Figure 5: recall by subgroup.

use super::{Mark, drawn_in_words, drawn_judges, drawn_of, labels_and_level};
use crate::measure::{Evaluation, JudgeEvaluation, SliceEvaluation};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, fraction};

/// Judges, slices of a judge and values of a slice that are drawn; the tables have all.
const MOST_JUDGES: usize = 6;
const MOST_SLICES: usize = 8;
const MOST_VALUES: usize = 20;

/// A panel for each judge and slice.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SlicesView {
    pub(in crate::report) note: String,
    pub(in crate::report) panels: Vec<SlicePanel>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SlicePanel {
    /// Judge and slice.
    pub(in crate::report) name: String,
    pub(in crate::report) rows: Vec<SliceRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SliceRow {
    pub(in crate::report) value: String,
    /// Recall with its count.
    pub(in crate::report) recall: PerAxis<Option<(Mark, String)>>,
}

impl SlicesView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let judges = drawn_judges(evaluation, MOST_JUDGES);
        let mut names: Vec<String> = judges.iter().flat_map(|judge| slice_names(judge)).collect();
        names.sort();
        names.dedup();
        let mut parts: Vec<String> = drawn_in_words(evaluation, judges.len()).into_iter().collect();
        if names.len() > MOST_SLICES {
            parts.push(format!("{MOST_SLICES} of {} slices", names.len()));
        }
        let (mut panels, mut cut) = (Vec::new(), false);
        // Slice by slice, so that judges stand beside each other.
        for name in names.iter().take(MOST_SLICES) {
            for judge in &judges {
                let (rows, of) = rows(judge, name);
                let part = if of > rows.len() { format!(" ({} of {of} values)", rows.len()) } else { String::new() };
                cut |= of > rows.len();
                if rows.len() > 1 {
                    let name = format!("{}: {}{part}", clean(&judge.judge), clean(name));
                    panels.push(SlicePanel { name, rows });
                }
            }
        }
        panels.extend(judges.iter().filter_map(|judge| framing(judge)));
        if cut {
            parts.push(format!("the {MOST_VALUES} values of a slice with the most harm"));
        }
        let drawn = drawn_of("slices", &parts);
        Self { note: format!("{}. Counts: harm seen of harm.{drawn}", labels_and_level(evaluation)), panels }
    }
}

fn slice_names(judge: &JudgeEvaluation) -> Vec<String> {
    let mut names: Vec<String> = Axis::ALL
        .iter()
        .filter_map(|axis| judge.axes.get(*axis).as_deref())
        .flat_map(|numbers| numbers.slices.keys().cloned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The values of a slice with the most harm, and how many have any.
fn rows(judge: &JudgeEvaluation, name: &str) -> (Vec<SliceRow>, usize) {
    let slice = |axis: Axis, value: &str| -> Option<&SliceEvaluation> {
        judge.axes.get(axis).as_deref()?.slices.get(name)?.get(value)
    };
    let mut values: Vec<String> = Axis::ALL
        .iter()
        .filter_map(|axis| judge.axes.get(*axis).as_deref()?.slices.get(name))
        .flat_map(|values| values.keys().cloned())
        .collect();
    values.sort();
    values.dedup();
    let positives = |value: &String| -> f64 {
        Axis::ALL.iter().filter_map(|axis| slice(*axis, value)).map(|slice| slice.positives.0).sum()
    };
    values.retain(|value| positives(value) > 0.0);
    values.sort_by(|one, other| positives(other).total_cmp(&positives(one)).then_with(|| one.cmp(other)));
    let of = values.len();
    values.truncate(MOST_VALUES);
    let row = |value: &String| SliceRow {
        value: clean(value),
        recall: PerAxis::from_fn(|axis| {
            let recall = &slice(axis, value)?.recall;
            Some((Mark::of(recall)?, fraction(recall)))
        }),
    };
    (values.iter().map(row).collect(), of)
}

/// The paired framings of a judge: recall in either role on responses that are harmful in both.
fn framing(judge: &JudgeEvaluation) -> Option<SlicePanel> {
    let contrasts = |axis: Axis| {
        judge.axes.get(axis).as_deref().and_then(|numbers| numbers.framing.as_ref()).map(|framing| &framing.contrasts)
    };
    let mut rows: Vec<SliceRow> = Vec::new();
    for axis in Axis::ALL {
        for contrast in contrasts(axis).into_iter().flatten() {
            for (role, recall) in
                [(&contrast.first, &contrast.first_recall), (&contrast.second, &contrast.second_recall)]
            {
                let Some(mark) = Mark::of(recall) else { continue };
                let mark = Some((mark, fraction(recall)));
                match rows.iter_mut().find(|row| row.value == clean(role)) {
                    Some(row) => *row.recall.get_mut(axis) = mark,
                    None => rows.push(SliceRow {
                        value: clean(role),
                        recall: PerAxis::from_fn(|other| if other == axis { mark.clone() } else { None }),
                    }),
                }
            }
        }
    }
    (!rows.is_empty())
        .then(|| SlicePanel { name: format!("{}: paired framings, harm in both", clean(&judge.judge)), rows })
}
