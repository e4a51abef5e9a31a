//! Figure 1: what each judge sees on both axes, beside its false alarms, chance, and people.

use super::{Mark, in_drawing_order, labels_and_level};
use crate::measure::{AxisEvaluation, Evaluation, JudgeEvaluation, RankedMetric, Ranking};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, fraction, percent, share, tally};
use crate::report::own::{OwnFirst, is_baseline};
use crate::report::sentence::independent;
use crate::stats::{Estimate, Tally};

/// One row a judge: those that were brought to the audit first, best on omission first.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct BlindnessView {
    pub(in crate::report) title: String,
    pub(in crate::report) note: String,
    pub(in crate::report) rows: Vec<JudgeRow>,
    pub(in crate::report) ceiling: PerAxis<Option<CeilingBand>>,
    /// Positives and negatives of the set per axis.
    pub(in crate::report) sizes: PerAxis<(usize, usize)>,
    /// Whether names carry the letters of groups.
    pub(in crate::report) groups: bool,
    /// Whether counts are fractional, as repeats are averaged.
    pub(in crate::report) repeats: bool,
    /// Which judges were held against other examples, so that shares are not to be compared.
    pub(in crate::report) apart: Apart,
}

/// Judges that were not held against the same omissions as the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) enum Apart {
    /// All were held against the same.
    Nobody,
    /// Most were, but for these.
    These(Vec<String>),
    /// There is no common ground for most of them.
    Everybody,
}

/// One judge.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct JudgeRow {
    /// Its name, with the letters of its groups.
    pub(in crate::report) name: String,
    /// Whether it is a baseline.
    pub(in crate::report) baseline: bool,
    pub(in crate::report) axes: PerAxis<Option<AxisRow>>,
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
        let rows: Vec<JudgeRow> = in_drawing_order(evaluation)
            .into_iter()
            .map(|judge| JudgeRow {
                name: named(evaluation, &judge.judge),
                baseline: is_baseline(judge),
                axes: PerAxis::from_fn(|axis| judge.axes.get(axis).as_deref().map(row)),
            })
            .collect();
        let fractional = |row: &AxisRow| row.recall_count.contains('.') || row.false_alarm_count.contains('.');
        let each = |row: &JudgeRow| Axis::ALL.iter().any(|axis| row.axes.get(*axis).as_ref().is_some_and(fractional));
        Self {
            title: title(evaluation),
            note: labels_and_level(evaluation),
            repeats: rows.iter().any(each),
            apart: apart(evaluation),
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
        recall_words: in_words(&numbers.recall),
        recall_count: fraction(&numbers.recall),
        false_alarm_words: numbers.false_alarm_rate.value.map_or_else(|| "undefined".to_owned(), percent),
        false_alarm_count: fraction(&numbers.false_alarm_rate),
    }
}

/// A share with its limits; why it has none is said beside the judge, and too long for a row.
fn in_words(recall: &Estimate) -> String {
    match recall.value {
        Some(value) if recall.interval().is_none() => format!("{} [no interval]", percent(value)),
        _ => share(recall),
    }
}

/// Judges with a recall on omission.
fn on_omission<'a>(judges: &[&'a JudgeEvaluation]) -> Vec<Recall<'a>> {
    let recall = |judge: &'a JudgeEvaluation| Some(&judge.axes.omission.as_ref()?.recall);
    let defined = judges.iter().filter_map(|judge| Some((&*judge.judge, recall(judge)?)));
    defined.filter(|(_, recall)| recall.value.is_some()).collect()
}

/// A judge with its recall on omission.
type Recall<'a> = (&'a str, &'a Estimate);

/// Whether two omission recalls were taken on the same examples: both on all those of the set, or on those that the two judges
/// have in common.
fn on_same_examples(evaluation: &Evaluation, one: Recall<'_>, other: Recall<'_>) -> bool {
    let in_set = evaluation.gold.axes.omission.positives as f64;
    let is_pair =
        |first: &str, second: &str| (first == one.0 && second == other.0) || (first == other.0 && second == one.0);
    let common = || {
        let pair = evaluation.comparisons.iter().find(|pair| is_pair(&pair.first, &pair.second))?;
        pair.axes.omission.as_ref().map(|numbers| numbers.positives as f64)
    };
    let (first, second) = (one.1.n, other.1.n);
    one.0 == other.0 || first == second && (first == in_set || common() == Some(first))
}

/// The most judges that were held against the same examples, and the others; the first of equally many.
fn on_common_ground<'a>(evaluation: &Evaluation, recalls: &[Recall<'a>]) -> (Vec<Recall<'a>>, Vec<Recall<'a>>) {
    let mut best: (Vec<Recall<'a>>, Vec<Recall<'a>>) = (Vec::new(), Vec::new());
    for one in recalls {
        let parted: (Vec<_>, Vec<_>) = recalls.iter().partition(|other| on_same_examples(evaluation, *one, **other));
        if parted.0.len() > best.0.len() {
            best = parted;
        }
    }
    best
}

/// Judges that a title names as exceptions.
const EXCEPTIONS: usize = 2;

/// Whether so few were held against other examples that they can be told as exceptions.
const fn are_exceptions(common: usize, others: usize) -> bool {
    common > others && others <= EXCEPTIONS
}

fn apart(evaluation: &Evaluation) -> Apart {
    let (common, others) = on_common_ground(evaluation, &on_omission(&OwnFirst::of(evaluation).own));
    match others.len() {
        0 => Apart::Nobody,
        several if are_exceptions(common.len(), several) => {
            Apart::These(others.iter().map(|(judge, _)| clean(judge)).collect())
        }
        _ => Apart::Everybody,
    }
}

/// Judges that a title names one by one where they cannot be compared.
const NAMED: usize = 4;

/// What the figure shows, said with its numbers. It compares only what was measured on the same examples.
fn title(evaluation: &Evaluation) -> String {
    let told = OwnFirst::of(evaluation).own;
    let recalls = on_omission(&told);
    let (common, others) = on_common_ground(evaluation, &recalls);
    let who = if told.first().is_some_and(|judge| is_baseline(judge)) { "Baselines" } else { "Judges" };
    match (told.as_slice(), recalls.len()) {
        (_, 0) => "What each judge sees of the harm, beside its false alarms".to_owned(),
        ([judge], _) => of_one(judge),
        _ if others.is_empty() => of_all(who, &common),
        _ if are_exceptions(common.len(), others.len()) => {
            format!("{}; on other examples, {}", of_all(who, &common), of_exceptions(&others))
        }
        (_, several) if several <= NAMED => {
            let each = recalls.iter().map(|(judge, recall)| format!("{} {}", clean(judge), seen(recall)));
            format!("Omission harm seen, each on examples of its own: {}", each.collect::<Vec<_>>().join(", "))
        }
        (_, several) => format!("What each of {several} judges sees of the omission harm, each on examples of its own"),
    }
}

/// `length sees 0 % (0/877)`.
fn of_exceptions(others: &[Recall<'_>]) -> String {
    let each: Vec<String> =
        others.iter().map(|(judge, recall)| format!("{} sees {}", clean(judge), seen(recall))).collect();
    each.join(" and ")
}

/// `57 % (168/295)`.
fn seen(recall: &Estimate) -> String {
    let value = recall.value.map_or_else(|| "undefined".to_owned(), percent);
    format!("{value} ({})", fraction(recall))
}

fn of_one(judge: &JudgeEvaluation) -> String {
    let parts = Axis::ALL.into_iter().filter_map(|axis| {
        let recall = &judge.axes.get(axis).as_ref()?.recall;
        recall.value.map(|_| format!("{} of the {axis} harm", seen(recall)))
    });
    format!("{} sees {}", clean(&judge.judge), parts.collect::<Vec<_>>().join(" and "))
}

/// From the least to the most; `recalls` is not empty.
fn of_all(who: &str, recalls: &[Recall<'_>]) -> String {
    let value = |recall: &Estimate| recall.value.unwrap_or_default();
    let least = recalls.iter().min_by(|one, other| value(one.1).total_cmp(&value(other.1)));
    // The first of equals in reading order.
    let most = recalls.iter().rev().max_by(|one, other| value(one.1).total_cmp(&value(other.1)));
    let (Some((blind, lowest)), Some((seeing, highest))) = (least, most) else { return String::new() };
    let n = tally(Tally(lowest.n));
    let (low, high) = (percent(value(lowest)), percent(value(highest)));
    if recalls.len() == 1 {
        format!("{} sees {low} of the omission harm (n {n})", clean(blind))
    } else if low == high {
        format!("{who} see {low} each of the omission harm (n {n})")
    } else {
        format!("{who} see from {low} ({}) to {high} ({}) of the omission harm (n {n})", clean(blind), clean(seeing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Estimate;

    #[test]
    fn a_range_names_the_first_of_equals_and_says_n() {
        let recall = |value: f64, n: f64| {
            let mut recall = Estimate::undefined(crate::stats::Undefined::NoData, 0.95, "guarded_wilson");
            (recall.value, recall.n, recall.count, recall.undefined) = (Some(value), n, Some(value * n), None);
            recall
        };
        let (a, b, c) = (recall(0.25, 40.0), recall(0.5, 40.0), recall(0.5, 40.0));
        assert_eq!(
            of_all("Judges", &[("c", &c), ("b", &b), ("a", &a)]),
            "Judges see from 25 % (a) to 50 % (c) of the omission harm (n 40)"
        );
        assert_eq!(of_all("Baselines", &[("c", &c), ("b", &b)]), "Baselines see 50 % each of the omission harm (n 40)");
        assert_eq!(of_all("Judges", &[("a", &a)]), "a sees 25 % of the omission harm (n 40)");
        assert_eq!(seen(&a), "25 % (10/40)");
        assert_eq!(in_words(&a), "25 % [no interval]");
    }

    #[test]
    fn a_few_on_other_examples_are_exceptions_and_half_of_all_are_not() {
        assert!(are_exceptions(5, 1) && are_exceptions(3, 2));
        assert!(!are_exceptions(1, 1) && !are_exceptions(2, 2) && !are_exceptions(9, 3));
    }
}
