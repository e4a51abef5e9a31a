//! Figure 5: recall by subgroup.

use std::cmp::Ordering;

use super::{Mark, drawn_in_words, drawn_judges, drawn_of, labels_and_level};
use crate::measure::{Evaluation, JudgeEvaluation, SliceEvaluation};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, fraction};
use crate::stats::Estimate;

/// Judges, and subgroups of a judge, that are drawn, so that the figure fits on a page; the table has all.
const MOST_JUDGES: usize = 6;
const MOST_ROWS: usize = 10;
/// What paired framings are called beside the slices.
const FRAMINGS: &str = "paired framings";

/// A panel for each judge.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SlicesView {
    pub(in crate::report) note: String,
    pub(in crate::report) panels: Vec<SlicePanel>,
    /// Whether subgroups were picked because they lie far from the recall over all.
    pub(in crate::report) picked: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SlicePanel {
    /// The judge.
    pub(in crate::report) name: String,
    /// Its recall over all examples.
    pub(in crate::report) overall: PerAxis<Option<f64>>,
    pub(in crate::report) groups: Vec<SliceGroup>,
}

/// The subgroups of one slice.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SliceGroup {
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
        let found: Vec<(&JudgeEvaluation, Vec<Subgroup<'_>>)> =
            judges.iter().map(|judge| (*judge, subgroups(judge))).collect();
        let most = found.iter().map(|(_, subgroups)| subgroups.len()).max().unwrap_or(0);
        let picked = most > MOST_ROWS;
        let mut even = Vec::new();
        let mut panels = Vec::new();
        for (judge, mut subgroups) in found {
            if subgroups.len() > MOST_ROWS {
                subgroups.retain(|subgroup| subgroup.away.arms > 0.0);
                subgroups.sort_by(|one, other| one.away.farthest_first(other.away));
                subgroups.truncate(MOST_ROWS);
                if subgroups.is_empty() {
                    even.push(clean(&judge.judge));
                    continue;
                }
            }
            panels.extend(panel(judge, &subgroups));
        }
        let mut parts: Vec<String> = drawn_in_words(evaluation, judges.len()).into_iter().collect();
        if picked {
            let which = "that lie farthest from its recall over all for the width of their intervals";
            parts.push(format!("of each judge at most {MOST_ROWS} of {most} subgroups, those {which}"));
        }
        if !even.is_empty() {
            parts.push(format!("no subgroup of {}: none differs and has an interval", even.join(", ")));
        }
        let drawn = drawn_of("slices", &parts);
        let note = format!("{}. Counts: harm seen of harm.{drawn}", labels_and_level(evaluation));
        Self { note, panels, picked }
    }
}

/// A subgroup that holds harm.
#[derive(Debug, Clone, Copy)]
struct Subgroup<'a> {
    slice: &'a str,
    value: &'a str,
    recall: PerAxis<Option<&'a Estimate>>,
    away: Away,
}

/// How far the recall in a subgroup lies from the recall over all.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Away {
    /// In units of the arm of its interval on that side: from 1 on the interval does not hold the recall over all. Without
    /// an interval nothing is known of it.
    arms: f64,
    difference: f64,
}

impl Away {
    fn of(recall: &Estimate, overall: &Estimate) -> Self {
        let (Some(value), Some(all)) = (recall.value, overall.value) else { return Self::default() };
        let difference = (value - all).abs();
        let arm =
            recall.interval().map(|interval| if all > value { interval.upper - value } else { value - interval.lower });
        let arms = arm.map_or(0.0, |arm| if difference > 0.0 { difference / arm.max(f64::EPSILON) } else { 0.0 });
        Self { arms, difference }
    }

    fn farthest_first(self, other: Self) -> Ordering {
        other.arms.total_cmp(&self.arms).then(other.difference.total_cmp(&self.difference))
    }
}

/// The subgroups of a judge, slice by slice, those of a slice with the most harm first. A slice in which one value alone
/// holds harm tells nothing.
fn subgroups(judge: &JudgeEvaluation) -> Vec<Subgroup<'_>> {
    let axes = || Axis::ALL.into_iter().filter_map(|axis| judge.axes.get(axis).as_deref());
    let mut slices: Vec<&str> = axes().flat_map(|numbers| numbers.slices.keys().map(String::as_str)).collect();
    slices.sort_unstable();
    slices.dedup();
    let mut all = Vec::new();
    for slice in slices {
        let mut values: Vec<&str> = axes()
            .filter_map(|numbers| numbers.slices.get(slice))
            .flat_map(|values| values.keys().map(String::as_str))
            .collect();
        values.sort_unstable();
        values.dedup();
        let mut with_harm: Vec<(f64, Subgroup<'_>)> =
            values.into_iter().filter_map(|value| subgroup(judge, slice, value)).collect();
        with_harm.sort_by(|one, other| other.0.total_cmp(&one.0));
        if with_harm.len() > 1 {
            all.extend(with_harm.into_iter().map(|(_, subgroup)| subgroup));
        }
    }
    all
}

/// A subgroup with the number of its positives; none where it holds no harm.
fn subgroup<'a>(judge: &'a JudgeEvaluation, slice: &'a str, value: &'a str) -> Option<(f64, Subgroup<'a>)> {
    let on = |axis: Axis| -> Option<(&SliceEvaluation, &Estimate)> {
        let numbers = judge.axes.get(axis).as_deref()?;
        Some((numbers.slices.get(slice)?.get(value)?, &numbers.recall))
    };
    let found: Vec<(&SliceEvaluation, &Estimate)> = Axis::ALL.into_iter().filter_map(on).collect();
    let positives: f64 = found.iter().map(|(numbers, _)| numbers.positives.0).sum();
    let away = found.iter().map(|(numbers, overall)| Away::of(&numbers.recall, overall));
    let away = away.min_by(|one, other| one.farthest_first(*other)).unwrap_or_default();
    let recall = PerAxis::from_fn(|axis| on(axis).map(|(numbers, _)| &numbers.recall));
    (positives > 0.0).then_some((positives, Subgroup { slice, value, recall, away }))
}

/// The subgroups in their slices, which stand in the order of their first ones, and paired framings; none without either.
fn panel(judge: &JudgeEvaluation, subgroups: &[Subgroup<'_>]) -> Option<SlicePanel> {
    let mut groups: Vec<SliceGroup> = Vec::new();
    for subgroup in subgroups {
        let recall = PerAxis::from_fn(|axis| {
            let recall = (*subgroup.recall.get(axis))?;
            Some((Mark::of(recall)?, fraction(recall)))
        });
        let row = SliceRow { value: clean(subgroup.value), recall };
        let name = clean(subgroup.slice);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.rows.push(row),
            None => groups.push(SliceGroup { name, rows: vec![row] }),
        }
    }
    groups.extend(framing(judge));
    let overall =
        PerAxis::from_fn(|axis: Axis| judge.axes.get(axis).as_deref().and_then(|numbers| numbers.recall.value));
    (!groups.is_empty()).then(|| SlicePanel { name: clean(&judge.judge), overall, groups })
}

/// The paired framings of a judge: recall in either role on responses that are harmful in both.
fn framing(judge: &JudgeEvaluation) -> Option<SliceGroup> {
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
    (!rows.is_empty()).then(|| SliceGroup { name: FRAMINGS.to_owned(), rows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Undefined;

    fn recall(value: f64, limits: Option<(f64, f64)>) -> Estimate {
        let mut recall = Estimate::undefined(Undefined::NoData, 0.95, "guarded_wilson");
        (recall.value, recall.undefined, recall.n, recall.count) = (Some(value), None, 10.0, Some(10.0 * value));
        match limits {
            Some((lower, upper)) => (recall.lower, recall.upper) = (Some(lower), Some(upper)),
            None => recall.interval_undefined = Some(Undefined::SingleCluster),
        }
        recall
    }

    #[test]
    fn what_the_interval_rules_out_is_farther_than_what_it_holds() {
        let all = recall(0.6, Some((0.5, 0.7)));
        // 0.3 away with an arm of 0.1 above: 3 arms; 0.3 away with one of 0.15 below: 2; 0.6 of 0.65; none known.
        let wide = Away::of(&recall(0.3, Some((0.1, 0.4))), &all);
        let above = Away::of(&recall(0.9, Some((0.75, 0.97))), &all);
        let held = Away::of(&recall(0.0, Some((0.0, 0.65))), &all);
        let alone = Away::of(&recall(0.1, None), &all);
        assert!((wide.arms - 3.0).abs() < 1e-9 && (above.arms - 2.0).abs() < 1e-9, "{wide:?} {above:?}");
        assert!(held.arms < 1.0 && alone.arms == 0.0 && (alone.difference - 0.5).abs() < 1e-9);
        let mut order = [(1, alone), (2, held), (3, above), (4, wide)];
        order.sort_by(|one, other| one.1.farthest_first(other.1));
        assert_eq!(order.map(|(name, _)| name), [4, 3, 2, 1]);
        let undefined = Estimate::undefined(Undefined::NoPositives, 0.95, "guarded_wilson");
        assert_eq!(Away::of(&undefined, &all), Away::default());
        assert_eq!(Away::of(&all, &all), Away::default());
    }
}
