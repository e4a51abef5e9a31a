//! Figure 5: recall by subgroup.

use super::{Mark, in_drawing_order, is_own, labels_and_level};
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
        let judges = drawn_judges(evaluation);
        let mut panels = Vec::new();
        let (mut most_slices, mut cut) = (0, false);
        for judge in &judges {
            let names = slice_names(judge);
            most_slices = most_slices.max(names.len());
            for name in names.into_iter().take(MOST_SLICES) {
                let (rows, of) = rows(judge, &name);
                let part = if of > rows.len() { format!(" ({} of {of} values)", rows.len()) } else { String::new() };
                cut |= of > rows.len();
                if rows.len() > 1 {
                    let name = format!("{}: {}{part}", clean(&judge.judge), clean(&name));
                    panels.push(SlicePanel { name, rows });
                }
            }
            panels.extend(framing(judge));
        }
        let left_out = left_out((judges.len(), evaluation.judges.len()), most_slices, cut);
        Self { note: format!("{}. Counts: harm seen of harm.{left_out}", labels_and_level(evaluation)), panels }
    }
}

/// The judges that were brought to the audit; baselines where there are no others.
fn drawn_judges(evaluation: &Evaluation) -> Vec<&JudgeEvaluation> {
    let judges = in_drawing_order(evaluation);
    let own = judges.iter().filter(|judge| is_own(judge)).count();
    let drawn = if own > 0 { own } else { judges.len() };
    judges.into_iter().take(drawn.min(MOST_JUDGES)).collect()
}

/// What the figure does not show, and where it stands.
fn left_out((drawn, judges): (usize, usize), slices: usize, cut: bool) -> String {
    let mut parts = Vec::new();
    if drawn < judges {
        parts.push(format!("{drawn} of {judges} judges, baselines last"));
    }
    if slices > MOST_SLICES {
        parts.push(format!("{MOST_SLICES} of {slices} slices"));
    }
    if cut {
        parts.push(format!("the {MOST_VALUES} values of a slice with the most harm"));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!(" Drawn: {}; tables/slices.csv has all.", parts.join("; "))
}

fn slice_names(judge: &JudgeEvaluation) -> Vec<String> {
    let mut names: Vec<String> = Axis::ALL
        .iter()
        .filter_map(|axis| judge.axes.get(*axis).as_ref())
        .flat_map(|numbers| numbers.slices.keys().cloned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The values of a slice with the most harm, and how many have any.
fn rows(judge: &JudgeEvaluation, name: &str) -> (Vec<SliceRow>, usize) {
    let slice = |axis: Axis, value: &str| -> Option<&SliceEvaluation> {
        judge.axes.get(axis).as_ref()?.slices.get(name)?.get(value)
    };
    let mut values: Vec<String> = Axis::ALL
        .iter()
        .filter_map(|axis| judge.axes.get(*axis).as_ref()?.slices.get(name))
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
        judge.axes.get(axis).as_ref().and_then(|numbers| numbers.framing.as_ref()).map(|framing| &framing.contrasts)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figure_says_what_it_leaves_out() {
        assert_eq!(left_out((2, 2), 8, false), "");
        assert_eq!(
            left_out((6, 9), 11, true),
            " Drawn: 6 of 9 judges, baselines last; 8 of 11 slices; the 20 values of a slice with the most harm; \
             tables/slices.csv has all."
        );
    }
}
