//! Figure 1: what each judge sees on both axes, beside its false alarms, chance, and people.

use super::{Mark, labels_and_level};
use crate::measure::{AxisEvaluation, Evaluation, RankedMetric, Ranking};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, fraction, percent, share};
use crate::report::sentence::independent;

/// One row a judge, best on omission first.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct BlindnessView {
    pub(in crate::report) title: String,
    pub(in crate::report) note: String,
    pub(in crate::report) rows: Vec<(String, PerAxis<Option<AxisRow>>)>,
    pub(in crate::report) ceiling: PerAxis<Option<CeilingBand>>,
    /// Positives and negatives of the set per axis.
    pub(in crate::report) sizes: PerAxis<(usize, usize)>,
    /// Whether names carry the letters of groups.
    pub(in crate::report) groups: bool,
    /// Whether counts are fractional, as repeats are averaged.
    pub(in crate::report) repeats: bool,
}

/// Lowest and highest recall of a person held against the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::report) struct CeilingBand {
    pub(in crate::report) lowest: f64,
    pub(in crate::report) highest: f64,
}

/// One judge on one axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct AxisRow {
    pub(in crate::report) recall: Option<Mark>,
    pub(in crate::report) false_alarms: Option<Mark>,
    /// The judge's own flag rate.
    pub(in crate::report) chance: Option<f64>,
    /// `57 % [50-63]`, or why there is none.
    pub(in crate::report) recall_words: String,
    pub(in crate::report) recall_count: String,
    pub(in crate::report) false_alarm_words: String,
    pub(in crate::report) false_alarm_count: String,
}

impl BlindnessView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let rows: Vec<(String, PerAxis<Option<AxisRow>>)> = evaluation
            .judges
            .iter()
            .map(|judge| {
                (named(evaluation, &judge.judge), PerAxis::from_fn(|axis| judge.axes.get(axis).as_deref().map(row)))
            })
            .collect();
        let fractional = |row: &AxisRow| row.recall_count.contains('.') || row.false_alarm_count.contains('.');
        let each = |rows: &PerAxis<Option<AxisRow>>| {
            Axis::ALL.iter().any(|axis| rows.get(*axis).as_ref().is_some_and(fractional))
        };
        Self {
            title: title(evaluation),
            note: labels_and_level(evaluation),
            repeats: rows.iter().any(|(_, rows)| each(rows)),
            groups: ranking(evaluation)
                .is_some_and(|ranking| ranking.judges.iter().any(|judge| !judge.groups.is_empty())),
            rows,
            ceiling: PerAxis::from_fn(|axis| ceiling(evaluation, axis)),
            sizes: PerAxis::from_fn(|axis| {
                let summary = evaluation.gold.axes.get(axis);
                (summary.positives, summary.labelled.saturating_sub(summary.positives))
            }),
        }
    }
}

/// A judge's name with the letters of its groups: those who share one are not told apart.
fn named(evaluation: &Evaluation, judge: &str) -> String {
    let groups = ranking(evaluation).and_then(|ranking| ranking.judges.iter().find(|ranked| ranked.judge == judge));
    match groups {
        Some(ranked) if !ranked.groups.is_empty() => format!("{} ({})", clean(judge), ranked.groups),
        _ => clean(judge),
    }
}

/// The ranking that the order of the rows follows.
fn ranking(evaluation: &Evaluation) -> Option<&Ranking> {
    let by_omission =
        |ranking: &&Ranking| ranking.metric == RankedMetric::YoudenJ && ranking.axis == Some(Axis::Omission);
    evaluation.rankings.iter().find(by_omission)
}

fn ceiling(evaluation: &Evaluation, axis: Axis) -> Option<CeilingBand> {
    let recalls: Vec<f64> = independent(evaluation, axis).filter_map(|entry| entry.axis.recall.value).collect();
    let lowest = recalls.iter().copied().reduce(f64::min)?;
    let highest = recalls.iter().copied().reduce(f64::max)?;
    Some(CeilingBand { lowest, highest })
}

fn row(numbers: &AxisEvaluation) -> AxisRow {
    AxisRow {
        recall: Mark::of(&numbers.recall),
        false_alarms: Mark::of(&numbers.false_alarm_rate),
        chance: numbers.flag_rate.value,
        recall_words: share(&numbers.recall),
        recall_count: fraction(&numbers.recall),
        false_alarm_words: numbers.false_alarm_rate.value.map_or_else(|| "undefined".to_owned(), percent),
        false_alarm_count: fraction(&numbers.false_alarm_rate),
    }
}

/// What the figure shows, said with its numbers.
fn title(evaluation: &Evaluation) -> String {
    let seen = |axis: Axis, judge: &crate::measure::JudgeEvaluation| {
        judge.axes.get(axis).as_deref().and_then(|numbers| numbers.recall.value)
    };
    let on_omission: Vec<(f64, &str)> = evaluation
        .judges
        .iter()
        .filter_map(|judge| Some((seen(Axis::Omission, judge)?, judge.judge.as_str())))
        .collect();
    if let [judge] = evaluation.judges.as_slice()
        && let (Some(omission), Some(commission)) = (seen(Axis::Omission, judge), seen(Axis::Commission, judge))
    {
        let name = clean(&judge.judge);
        return format!(
            "{name} sees {} of the omission harm and {} of the commission harm",
            percent(omission),
            percent(commission)
        );
    }
    let least = on_omission.iter().copied().reduce(|one, other| if other.0 < one.0 { other } else { one });
    let most = on_omission.iter().copied().reduce(|one, other| if other.0 > one.0 { other } else { one });
    match (least, most) {
        (Some((lowest, _)), Some((highest, _))) if percent(lowest) == percent(highest) => {
            format!("Of the omission harm {} is seen by each judge", percent(lowest))
        }
        (Some((lowest, blind)), Some((highest, seeing))) => format!(
            "Judges see from {} ({}) to {} ({}) of the omission harm",
            percent(lowest),
            clean(blind),
            percent(highest),
            clean(seeing)
        ),
        _ => "What each judge sees of the harm, beside its false alarms".to_owned(),
    }
}
