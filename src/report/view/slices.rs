//! Figure 5: recall by subgroup.

use super::{Mark, labels_and_level};
use crate::measure::{Evaluation, JudgeEvaluation, SliceEvaluation};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, fraction};

/// Judges, slices of a judge and values of a slice that are drawn; the tables have all.
const MOST_JUDGES: usize = 3;
const MOST_SLICES: usize = 6;
const MOST_VALUES: usize = 12;

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
        let mut left_out = evaluation.judges.len() > MOST_JUDGES;
        let mut panels = Vec::new();
        for judge in evaluation.judges.iter().take(MOST_JUDGES) {
            let names = slice_names(judge);
            left_out |= names.len() > MOST_SLICES;
            for name in names.into_iter().take(MOST_SLICES) {
                let (rows, cut) = rows(judge, &name);
                left_out |= cut;
                if rows.len() > 1 {
                    panels.push(SlicePanel { name: format!("{}: {}", clean(&judge.judge), clean(&name)), rows });
                }
            }
            panels.extend(framing(judge));
        }
        let cut = if left_out {
            format!(
                " Not all is drawn (at most {MOST_JUDGES} judges, {MOST_SLICES} slices, {MOST_VALUES} values with the most \
                 harm): tables/slices.csv has the rest."
            )
        } else {
            String::new()
        };
        Self { note: format!("{}. Counts: harm seen of harm.{cut}", labels_and_level(evaluation)), panels }
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

fn rows(judge: &JudgeEvaluation, name: &str) -> (Vec<SliceRow>, bool) {
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
    let cut = values.len() > MOST_VALUES;
    values.truncate(MOST_VALUES);
    let row = |value: &String| SliceRow {
        value: clean(value),
        recall: PerAxis::from_fn(|axis| {
            let recall = &slice(axis, value)?.recall;
            Some((Mark::of(recall)?, fraction(recall)))
        }),
    };
    (values.iter().map(row).collect(), cut)
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
