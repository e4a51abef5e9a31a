//! The tables that stand open on the page: the headline numbers, the gaps, and people measured like judges.

use serde::Serialize;

use crate::measure::{AxisEvaluation, CeilingReference, Evaluation, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{
    clean, difference, flowing, fraction, number, p_value, percent, plain, share, signed, tally,
};
use crate::stats::Estimate;

/// A table with a heading a column.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct NumberTable {
    title: &'static str,
    headings: Vec<&'static str>,
    rows: Vec<Vec<NumberCell>>,
}

/// A cell, and what it sorts by where that is not its text; empty where there is no value.
#[derive(Debug, PartialEq, Serialize)]
struct NumberCell {
    text: String,
    sort: Option<String>,
}

impl NumberCell {
    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), sort: None }
    }

    fn value(text: String, value: Option<f64>) -> Self {
        Self { text: flowing(&text), sort: Some(value.map_or_else(String::new, |value| value.to_string())) }
    }

    fn share(estimate: &Estimate) -> Self {
        Self::value(share(estimate), estimate.value)
    }

    fn count(estimate: &Estimate) -> Self {
        Self::value(fraction(estimate), estimate.count)
    }

    fn difference(estimate: &Estimate) -> Self {
        Self::value(difference(estimate), estimate.value)
    }
}

/// The tables in the order in which they are read.
pub(super) fn number_tables(evaluation: &Evaluation) -> Vec<NumberTable> {
    let mut tables = vec![headline(evaluation), gaps(evaluation)];
    let people = people(evaluation);
    if !people.rows.is_empty() {
        tables.push(people);
    }
    tables
}

const HEADLINE: [&str; 14] = [
    "Judge",
    "Axis",
    "Recall",
    "hits",
    "Scored only",
    "Bounds",
    "False alarms",
    "of",
    "Flag rate (chance)",
    "Youden J",
    "AUC",
    "Precision here",
    "Kappa (quadratic)",
    "Unscored",
];

fn headline(evaluation: &Evaluation) -> NumberTable {
    let mut rows = Vec::new();
    for judge in &evaluation.judges {
        for axis in Axis::ALL {
            if let Some(numbers) = judge.axes.get(axis) {
                rows.push(headline_row(judge, axis, numbers));
            }
        }
    }
    NumberTable { title: "Each judge on each axis", headings: HEADLINE.to_vec(), rows }
}

fn headline_row(judge: &JudgeEvaluation, axis: Axis, numbers: &AxisEvaluation) -> Vec<NumberCell> {
    let bounds = match (numbers.recall_bounds.lower, numbers.recall_bounds.upper) {
        (Some(lower), Some(upper)) => format!("{} to {}", percent(lower), percent(upper)),
        _ => "-".to_owned(),
    };
    let unscored: Vec<String> =
        numbers.unscored.iter().map(|(reason, count)| format!("{} {}", tally(*count), reason.name())).collect();
    let unscored_in_all: f64 = numbers.unscored.values().map(|count| count.0).sum();
    let auc = numbers.auc.as_ref();
    vec![
        NumberCell::text(clean(&judge.judge)),
        NumberCell::text(axis.name()),
        NumberCell::share(&numbers.recall),
        NumberCell::count(&numbers.recall),
        NumberCell::share(&numbers.recall_scored_only),
        NumberCell::value(bounds, numbers.recall_bounds.lower),
        NumberCell::share(&numbers.false_alarm_rate),
        NumberCell::count(&numbers.false_alarm_rate),
        NumberCell::share(&numbers.flag_rate),
        NumberCell::difference(&numbers.youden_j),
        NumberCell::value(auc.map_or_else(|| "-".to_owned(), number), auc.and_then(|auc| auc.value)),
        NumberCell::share(&numbers.precision),
        NumberCell::difference(&numbers.agreement.kappa_quadratic),
        NumberCell::value(
            if unscored.is_empty() { "0".to_owned() } else { unscored.join(", ") },
            Some(unscored_in_all),
        ),
    ]
}

fn gaps(evaluation: &Evaluation) -> NumberTable {
    let rows = evaluation
        .judges
        .iter()
        .map(|judge| {
            let gap = &judge.recall_gap;
            let bounds = match (gap.bounds.lower, gap.bounds.upper) {
                (Some(lower), Some(upper)) => format!("{} to {}", signed(lower), signed(upper)),
                _ => "-".to_owned(),
            };
            vec![
                NumberCell::text(clean(&judge.judge)),
                NumberCell::difference(&gap.estimate),
                NumberCell::text(format!("{} and {}", gap.thresholds.omission, gap.thresholds.commission)),
                NumberCell::value(p_value(gap.p_value), gap.p_value),
                NumberCell::difference(&gap.scored_only),
                NumberCell::value(bounds, gap.bounds.lower),
            ]
        })
        .collect();
    let headings =
        vec!["Judge", "Omission minus commission", "Thresholds", "p (no gap)", "Scored only", "Whatever was missing"];
    NumberTable { title: "Recall gap", headings, rows }
}

fn people(evaluation: &Evaluation) -> NumberTable {
    let mut rows = Vec::new();
    for axis in Axis::ALL {
        for entry in evaluation.human_ceiling.get(axis) {
            let against = match entry.against {
                CeilingReference::Others => "the other raters",
                CeilingReference::Gold => "the gold label (not independent)",
            };
            let kappa = entry.axis.agreement.kappa_quadratic.value;
            rows.push(vec![
                NumberCell::text(clean(&entry.rater)),
                NumberCell::text(axis.name()),
                NumberCell::text(against),
                NumberCell::share(&entry.axis.recall),
                NumberCell::count(&entry.axis.recall),
                NumberCell::share(&entry.axis.false_alarm_rate),
                NumberCell::count(&entry.axis.false_alarm_rate),
                NumberCell::value(plain(kappa), kappa),
            ]);
        }
    }
    let headings = vec!["Rater", "Axis", "Against", "Recall", "hits", "False alarms", "of", "Kappa (quadratic)"];
    NumberTable { title: "People measured like judges", headings, rows }
}
