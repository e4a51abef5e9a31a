//! The tables that stand open on the page: the headline numbers, the gaps, and people measured like judges.

use serde::Serialize;

use crate::measure::{AxisEvaluation, CeilingReference, Evaluation, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{
    clean, difference, flowing, fraction, number, p_value, percent, positives, share, signed, tally,
};
use crate::report::own::OwnFirst;
use crate::stats::{Estimate, Tally};

/// A table with a heading a column.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct NumberTable {
    title: &'static str,
    headings: Vec<&'static str>,
    rows: Vec<NumberRow>,
}

/// A row; those of baselines stand last and fainter.
#[derive(Debug, PartialEq, Serialize)]
struct NumberRow {
    cells: Vec<NumberCell>,
    for_comparison: bool,
}

/// A cell, its interval, the size behind it, and what it sorts by where that is not its text; empty where there is no value.
#[derive(Debug, PartialEq, Serialize)]
struct NumberCell {
    text: String,
    /// Stays on one line.
    interval: Option<String>,
    under: Option<String>,
    sort: Option<String>,
}

impl NumberCell {
    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), interval: None, under: None, sort: None }
    }

    fn value(text: &str, value: Option<f64>) -> Self {
        let sort = value.map_or_else(String::new, |value| value.to_string());
        let text = flowing(text);
        let (text, interval) = match text.split_once(" [") {
            Some((value, limits)) => (value.to_owned(), Some(format!("[{limits}"))),
            None => (text, None),
        };
        Self { text, interval, under: None, sort: Some(sort) }
    }

    fn under(mut self, text: String) -> Self {
        self.under = Some(text);
        self
    }

    /// A share above the counts that it is made of.
    fn share(estimate: &Estimate) -> Self {
        let cell = Self::value(&share(estimate), estimate.value);
        if estimate.n > 0.0 { cell.under(fraction(estimate)) } else { cell }
    }

    /// Any other estimate above the number of its examples.
    fn estimate(text: &str, estimate: &Estimate) -> Self {
        let cell = Self::value(text, estimate.value);
        if estimate.value.is_some() { cell.under(format!("n = {}", tally(Tally(estimate.n)))) } else { cell }
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

const HEADLINE: [&str; 12] = [
    "Judge",
    "Axis",
    "Recall",
    "Scored only",
    "Bounds",
    "False alarms",
    "Flag rate (chance)",
    "Youden J",
    "AUC",
    "Precision here",
    "Kappa (quadratic)",
    "Unscored",
];

fn headline(evaluation: &Evaluation) -> NumberTable {
    let judges = OwnFirst::of(evaluation);
    let mut rows = Vec::new();
    for judge in judges.all() {
        for axis in Axis::ALL {
            if let Some(numbers) = judge.axes.get(axis) {
                let cells = headline_row(judge, axis, numbers);
                rows.push(NumberRow { cells, for_comparison: judges.for_comparison(&judge.judge) });
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
    let kappa = &numbers.agreement.kappa_quadratic;
    vec![
        NumberCell::text(clean(&judge.judge)),
        NumberCell::text(axis.name()),
        NumberCell::share(&numbers.recall),
        NumberCell::share(&numbers.recall_scored_only),
        NumberCell::value(&bounds, numbers.recall_bounds.lower),
        NumberCell::share(&numbers.false_alarm_rate),
        NumberCell::share(&numbers.flag_rate),
        NumberCell::estimate(&difference(&numbers.youden_j), &numbers.youden_j),
        separation(numbers),
        NumberCell::share(&numbers.precision),
        NumberCell::estimate(&difference(kappa), kappa),
        unscored(numbers),
    ]
}

/// The AUC of probabilities or scores; where the judge states neither, that of its severities, which says so.
fn separation(numbers: &AxisEvaluation) -> NumberCell {
    let of_severities = || numbers.operating.as_ref()?.severity_auc.as_ref();
    match (&numbers.auc, of_severities()) {
        (Some(auc), _) => NumberCell::estimate(&number(auc), auc),
        (None, Some(auc)) => {
            let mut cell = NumberCell::estimate(&number(auc), auc);
            cell.under = cell.under.map(|size| format!("of severities, {size}"));
            cell
        }
        (None, None) => NumberCell::value("-", None),
    }
}

fn unscored(numbers: &AxisEvaluation) -> NumberCell {
    let reasons: Vec<String> =
        numbers.unscored.iter().map(|(reason, count)| format!("{} {}", tally(*count), reason.name())).collect();
    let in_all: f64 = numbers.unscored.values().map(|count| count.0).sum();
    let text = if reasons.is_empty() { "0".to_owned() } else { reasons.join(", ") };
    NumberCell::value(&text, Some(in_all)).under(format!("of {}", tally(numbers.applicable)))
}

fn gaps(evaluation: &Evaluation) -> NumberTable {
    let judges = OwnFirst::of(evaluation);
    let row = |judge: &JudgeEvaluation| {
        let gap = &judge.recall_gap;
        let bounds = match (gap.bounds.lower, gap.bounds.upper) {
            (Some(lower), Some(upper)) => format!("{} to {}", signed(lower), signed(upper)),
            _ => "-".to_owned(),
        };
        let cells = vec![
            NumberCell::text(clean(&judge.judge)),
            NumberCell::value(&difference(&gap.estimate), gap.estimate.value),
            NumberCell::text(positives(judge)),
            NumberCell::text(format!("{} and {}", gap.thresholds.omission, gap.thresholds.commission)),
            NumberCell::value(&p_value(gap.p_value), gap.p_value),
            NumberCell::value(&difference(&gap.scored_only), gap.scored_only.value),
            NumberCell::value(&bounds, gap.bounds.lower),
        ];
        NumberRow { cells, for_comparison: judges.for_comparison(&judge.judge) }
    };
    let headings = vec![
        "Judge",
        "Omission minus commission",
        "Positives (omission, commission)",
        "Thresholds",
        "p (no gap)",
        "Scored only",
        "Whatever was missing",
    ];
    NumberTable { title: "Recall gap", headings, rows: judges.all().map(row).collect() }
}

fn people(evaluation: &Evaluation) -> NumberTable {
    let mut rows = Vec::new();
    for axis in Axis::ALL {
        for entry in evaluation.human_ceiling.get(axis) {
            let against = match entry.against {
                CeilingReference::Others => "the other raters",
                CeilingReference::Gold => "the gold label (not independent)",
            };
            let kappa = &entry.axis.agreement.kappa_quadratic;
            let cells = vec![
                NumberCell::text(clean(&entry.rater)),
                NumberCell::text(axis.name()),
                NumberCell::text(against),
                NumberCell::share(&entry.axis.recall),
                NumberCell::share(&entry.axis.false_alarm_rate),
                NumberCell::estimate(&difference(kappa), kappa),
            ];
            rows.push(NumberRow { cells, for_comparison: false });
        }
    }
    let headings = vec!["Rater", "Axis", "Against", "Recall", "False alarms", "Kappa (quadratic)"];
    NumberTable { title: "People measured like judges", headings, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_stands_apart_from_its_value() {
        let cell = NumberCell::value("+0.57 [+0.50, +0.63]", Some(0.57));
        assert_eq!((cell.text.as_str(), cell.interval.as_deref()), ("+0.57", Some("[+0.50, +0.63]")));
        assert_eq!(cell.sort.as_deref(), Some("0.57"));
        let cell = NumberCell::value("undefined: no positives", None);
        assert_eq!((cell.interval, cell.sort.as_deref()), (None, Some("")));
    }
}
