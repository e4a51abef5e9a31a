//! `tables/*.csv`: every number of the evaluation in long form, one estimate a row.

mod calibration;
mod consequences;
mod cost;
mod dose;
mod doubt;
mod pairs;

use std::collections::BTreeMap;

use serde::Serialize;

use super::drill::{DisagreementRow, DrillDown};
use super::format::against;
use crate::gate::{GateReading, GateResult, Gates};
use crate::measure::{
    AxisEvaluation, Bounds, Evaluation, FindingLevel, JudgeEvaluation, PairedDifference, RankedMetric, TestFamily,
};
use crate::model::{Axis, spreadsheet_text};
use crate::stats::{Estimate, Interval};

/// Why a table could not be made.
#[derive(Debug, thiserror::Error)]
#[error("a table could not be written: {0}")]
pub struct TableError(String);

/// A cell of a table: text is guarded against formulas, a number is not.
enum Cell {
    Text(String),
    Number(Option<f64>),
}

impl Cell {
    fn text(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().to_owned())
    }

    /// A word of a list of words, as the files have it; nothing for none.
    fn word(word: Option<&impl Serialize>) -> Self {
        let word = word.and_then(|word| serde_json::to_value(word).ok());
        Self::text(word.as_ref().and_then(|word| word.as_str()).unwrap_or_default())
    }

    /// An apostrophe stops a spreadsheet from running a cell.
    fn written(&self) -> String {
        match self {
            Self::Number(Some(value)) => format!("{value}"),
            Self::Number(None) => String::new(),
            Self::Text(text) => spreadsheet_text(text),
        }
    }
}

/// Contents by file name.
pub fn tables(
    evaluation: &Evaluation,
    drill: Option<&DrillDown>,
    gates: Option<&Gates>,
) -> Result<BTreeMap<&'static str, Vec<u8>>, TableError> {
    let mut tables = BTreeMap::from([
        ("metrics.csv", metrics(evaluation)?),
        ("gaps.csv", gaps(evaluation)?),
        ("calibration.csv", calibration::calibration(evaluation)?),
        ("operating.csv", calibration::operating(evaluation)?),
        ("confusion.csv", confusion(evaluation)?),
        ("slices.csv", slices(evaluation)?),
        ("unscored.csv", unscored(evaluation)?),
        ("human_ceiling.csv", human_ceiling(evaluation)?),
        ("comparisons.csv", comparisons(evaluation)?),
        ("rankings.csv", rankings(evaluation)?),
        ("findings.csv", findings(evaluation)?),
        ("consequences.csv", consequences::consequences(evaluation)?),
        ("systems.csv", consequences::systems(evaluation)?),
        ("twins.csv", consequences::twins(evaluation)?),
        ("framing.csv", consequences::framing(evaluation)?),
        ("stability.csv", consequences::stability(evaluation)?),
        ("bias.csv", consequences::bias(evaluation)?),
        ("label_reliability.csv", doubt::label_reliability(evaluation)?),
        ("gold_uncertainty.csv", doubt::gold_uncertainty(evaluation)?),
        ("missingness.csv", doubt::missingness(evaluation)?),
        ("pair_agreement.csv", pairs::pair_agreement(evaluation)?),
        ("costs.csv", cost::costs(evaluation)?),
        ("dose_response.csv", dose::dose_response(evaluation)?),
    ]);
    tables.insert("headline.tex", super::latex::headline(evaluation));
    tables.insert("gaps.tex", super::latex::gaps(evaluation));
    if let Some(gates) = gates {
        tables.insert("gates.csv", gate_results(gates)?);
    }
    if let Some(drill) = drill {
        tables.insert("disagreements.csv", disagreements(drill)?);
    }
    Ok(tables)
}

/// One row a gate and judge.
fn gate_results(gates: &Gates) -> Result<Vec<u8>, TableError> {
    let headings = [
        "judge",
        "estimate",
        "at_least",
        "at_most",
        "outcome",
        "value",
        "lower",
        "upper",
        "undefined",
        "level",
        "n",
        "clusters",
        "missing",
        "method",
    ];
    let row = |result: &GateResult| {
        let found = result.found.as_ref();
        let number = |of: fn(&GateReading) -> Option<f64>| Cell::Number(found.and_then(of));
        vec![
            Cell::text(result.judge.as_deref().unwrap_or_default()),
            Cell::text(&result.estimate),
            Cell::Number(result.at_least),
            Cell::Number(result.at_most),
            Cell::word(Some(&result.outcome)),
            number(|found| found.value),
            number(|found| found.lower),
            number(|found| found.upper),
            Cell::word(found.and_then(|found| found.undefined.as_ref())),
            number(|found| found.level),
            number(|found| found.n.map(|n| n.0)),
            number(|found| found.clusters.map(|clusters| clusters as f64)),
            number(|found| found.missing.map(|missing| missing.0)),
            Cell::text(found.and_then(|found| found.method.as_deref()).unwrap_or_default()),
        ]
    };
    write(&headings, gates.gates.iter().map(row).collect())
}

fn write(headings: &[&str], rows: Vec<Vec<Cell>>) -> Result<Vec<u8>, TableError> {
    let fault = |error: csv::Error| TableError(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headings).map_err(fault)?;
    for row in rows {
        writer.write_record(row.iter().map(Cell::written)).map_err(fault)?;
    }
    writer.into_inner().map_err(|error| TableError(error.to_string()))
}

const ESTIMATE: [&str; 13] = [
    "value",
    "lower",
    "upper",
    "level",
    "n",
    "count",
    "clusters",
    "n_effective",
    "missing",
    "method",
    "undefined",
    "interval_undefined",
    "metric",
];

/// Headings of a table of estimates: what it is about, then the estimate.
fn estimate_headings(about: &[&'static str]) -> Vec<&'static str> {
    about.iter().copied().chain([ESTIMATE[12]]).chain(ESTIMATE[..12].iter().copied()).collect()
}

fn estimate_row(about: &[&str], metric: &str, estimate: &Estimate) -> Vec<Cell> {
    let mut row: Vec<Cell> = about.iter().map(Cell::text).collect();
    row.push(Cell::text(metric));
    row.extend([
        Cell::Number(estimate.value),
        Cell::Number(estimate.lower),
        Cell::Number(estimate.upper),
        Cell::Number(Some(estimate.level)),
        Cell::Number(Some(estimate.n)),
        Cell::Number(estimate.count),
        Cell::Number(Some(estimate.clusters as f64)),
        Cell::Number(estimate.n_effective),
        Cell::Number(Some(estimate.missing)),
        Cell::text(&estimate.method),
        Cell::word(estimate.undefined.as_ref()),
        Cell::word(estimate.interval_undefined.as_ref()),
    ]);
    row
}

/// A bound as a row: the value without an interval of its own.
fn bound_row(about: &[&str], metric: &str, bounds: &Bounds, value: Option<f64>) -> Vec<Cell> {
    let mut estimate = match bounds.undefined {
        Some(reason) => Estimate::undefined(reason, bounds.level, &bounds.method),
        None => Estimate::undefined(crate::stats::Undefined::NoData, bounds.level, &bounds.method),
    };
    estimate.value = value;
    if value.is_some() {
        estimate.undefined = None;
    }
    estimate_row(about, metric, &estimate)
}

fn each_axis(evaluation: &Evaluation) -> impl Iterator<Item = (&JudgeEvaluation, Axis, &AxisEvaluation)> {
    evaluation.judges.iter().flat_map(|judge| {
        Axis::ALL.into_iter().filter_map(move |axis| Some((judge, axis, judge.axes.get(axis).as_deref()?)))
    })
}

/// The estimates of an axis block by name.
fn estimates(numbers: &AxisEvaluation) -> [(&'static str, &Estimate); 30] {
    let agreement = &numbers.agreement;
    [
        ("recall", &numbers.recall),
        ("recall_scored_only", &numbers.recall_scored_only),
        ("false_alarm_rate", &numbers.false_alarm_rate),
        ("flag_rate", &numbers.flag_rate),
        ("specificity", &numbers.specificity),
        ("youden_j", &numbers.youden_j),
        ("precision", &numbers.precision),
        ("f1", &numbers.f1),
        ("balanced_accuracy", &numbers.balanced_accuracy),
        ("mcc", &numbers.mcc),
        ("cohen_kappa", &agreement.cohen_kappa),
        ("kappa_linear", &agreement.kappa_linear),
        ("kappa_quadratic", &agreement.kappa_quadratic),
        ("krippendorff_alpha", &agreement.krippendorff_alpha),
        ("gwet_ac1", &agreement.gwet_ac1),
        ("gwet_ac", &agreement.gwet_ac),
        ("icc_agreement", &agreement.icc_agreement),
        ("kendall_tau_b", &agreement.kendall_tau_b),
        ("somers_d", &agreement.somers_d),
        ("spearman", &agreement.spearman),
        ("exact", &agreement.exact),
        ("within_one", &agreement.within_one),
        ("mean_error", &agreement.mean_error),
        ("mean_absolute_error", &agreement.mean_absolute_error),
        ("under_called", &agreement.under_called),
        ("over_called", &agreement.over_called),
        ("flag_kappa", &agreement.at_threshold.kappa),
        ("pabak", &agreement.at_threshold.pabak),
        ("positive_agreement", &agreement.at_threshold.positive_agreement),
        ("negative_agreement", &agreement.at_threshold.negative_agreement),
    ]
}

fn metrics(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        let about = [judge.judge.as_str(), axis.name()];
        rows.extend(estimates(numbers).map(|(name, estimate)| estimate_row(&about, name, estimate)));
        if let Some(auc) = &numbers.auc {
            rows.push(estimate_row(&about, "auc", auc));
        }
        let (recall, alarms) = (&numbers.recall_bounds, &numbers.false_alarm_rate_bounds);
        rows.push(bound_row(&about, "recall_lower_bound", recall, recall.lower));
        rows.push(bound_row(&about, "recall_upper_bound", recall, recall.upper));
        rows.push(bound_row(&about, "false_alarm_rate_lower_bound", alarms, alarms.lower));
        rows.push(bound_row(&about, "false_alarm_rate_upper_bound", alarms, alarms.upper));
        for point in &numbers.severity_response {
            rows.push(estimate_row(&about, &format!("flagged_at_severity_{}", point.severity), &point.flagged));
        }
        for point in &numbers.blindness {
            let name = format!("scored_zero_from_severity_{}", point.severity);
            rows.push(estimate_row(&about, &name, &point.share_scored_zero));
        }
    }
    for judge in &evaluation.judges {
        if let Some(items) = &judge.items {
            let about = [judge.judge.as_str(), "items"];
            rows.push(estimate_row(&about, "recall", &items.recall));
            rows.push(estimate_row(&about, "false_alarm_rate", &items.false_alarm_rate));
        }
    }
    write(&estimate_headings(&["judge", "axis"]), rows)
}

fn gaps(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for judge in &evaluation.judges {
        let gap = &judge.recall_gap;
        let (omission, commission) = (gap.thresholds.omission.to_string(), gap.thresholds.commission.to_string());
        let about = [judge.judge.as_str(), &omission, &commission, ""];
        let mut add = |mut row: Vec<Cell>, p_value: Option<f64>, band: Option<Interval>| {
            let band = [band.map(|band| band.lower), band.map(|band| band.upper)];
            row.extend([p_value, band[0], band[1]].map(Cell::Number));
            rows.push(row);
        };
        add(estimate_row(&about, "recall_gap", &gap.estimate), gap.p_value, None);
        for (metric, estimate) in [
            ("recall_gap_scored_only", &gap.scored_only),
            ("severity_matched", &gap.severity_matched.gap),
            ("severity_weighted", &gap.severity_weighted),
        ] {
            add(estimate_row(&about, metric, estimate), None, None);
        }
        add(estimate_row(&[&judge.judge, "", "", ""], "auc_gap", &gap.auc_gap.gap), None, None);
        for at in &gap.surface {
            let (omission, commission) = (at.omission.to_string(), at.commission.to_string());
            let about = [judge.judge.as_str(), &omission, &commission, ""];
            add(estimate_row(&about, "recall_gap_surface", &at.gap), None, at.band);
        }
        for (system, of_system) in &gap.by_system {
            let about = [judge.judge.as_str(), &omission, &commission, system];
            add(estimate_row(&about, "recall_gap_by_system", &of_system.gap), None, None);
        }
        for (metric, value) in
            [("recall_gap_lower_bound", gap.bounds.lower), ("recall_gap_upper_bound", gap.bounds.upper)]
        {
            add(bound_row(&about, metric, &gap.bounds, value), None, None);
        }
    }
    let mut headings = estimate_headings(&["judge", "omission_threshold", "commission_threshold", "system"]);
    headings.extend(["p_value", "band_lower", "band_upper"]);
    write(&headings, rows)
}

fn confusion(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        for (gold, cells) in numbers.confusion.iter().enumerate() {
            for (severity, count) in cells.iter().enumerate() {
                rows.push(vec![
                    Cell::text(&judge.judge),
                    Cell::text(axis.name()),
                    Cell::Number(Some(gold as f64)),
                    Cell::Number(Some(severity as f64)),
                    Cell::Number(Some(count.0)),
                ]);
            }
        }
    }
    write(&["judge", "axis", "gold_severity", "judge_severity", "examples"], rows)
}

fn slices(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        for (name, values) in &numbers.slices {
            for (value, slice) in values {
                let about = [judge.judge.as_str(), axis.name(), name, value];
                rows.push(estimate_row(&about, "recall", &slice.recall));
                rows.push(estimate_row(&about, "false_alarm_rate", &slice.false_alarm_rate));
            }
        }
    }
    write(&estimate_headings(&["judge", "axis", "slice", "slice_value"]), rows)
}

fn unscored(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        for (reason, count) in &numbers.unscored {
            rows.push(vec![
                Cell::text(&judge.judge),
                Cell::text(axis.name()),
                Cell::text(reason.name()),
                Cell::Number(Some(count.0)),
                Cell::Number(Some(numbers.applicable.0)),
            ]);
        }
    }
    write(&["judge", "axis", "reason", "examples", "applicable"], rows)
}

/// Every disagreement by id; texts are in the gold set and in `verdicts.parquet`.
fn disagreements(drill: &DrillDown) -> Result<Vec<u8>, TableError> {
    let row = |row: &DisagreementRow| {
        vec![
            Cell::text(&row.judge),
            Cell::text(row.axis),
            Cell::text(&row.example),
            Cell::text(row.kind.name()),
            Cell::Number(Some(f64::from(row.gold))),
            Cell::Number(Some(f64::from(row.trials))),
            Cell::Number(Some(f64::from(row.scored))),
            Cell::Number(Some(f64::from(row.flagged))),
        ]
    };
    let headings = ["judge", "axis", "example", "kind", "gold_severity", "trials", "scored", "flagged"];
    write(&headings, drill.rows().iter().map(row).collect())
}

fn human_ceiling(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for axis in Axis::ALL {
        for entry in evaluation.human_ceiling.get(axis) {
            let about = [entry.rater.as_str(), axis.name(), against(entry.against)];
            rows.extend(estimates(&entry.axis).map(|(name, estimate)| estimate_row(&about, name, estimate)));
        }
    }
    write(&estimate_headings(&["rater", "axis", "against"]), rows)
}

/// One row for each difference of two judges, with its test.
fn comparisons(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for comparison in &evaluation.comparisons {
        let mut add = |axis: &str, metric: &str, found: &PairedDifference| {
            let mut row = estimate_row(&[&comparison.first, &comparison.second, axis], metric, &found.difference);
            row.extend([found.first, found.second, found.p_value].map(Cell::Number));
            row.push(Cell::text(&found.p_value_method));
            let adjusted = found.adjusted;
            row.push(Cell::Number(adjusted.map(|adjusted| adjusted.p_value)));
            row.push(Cell::text(adjusted.map_or("", |adjusted| match adjusted.family {
                TestFamily::Confirmatory => "confirmatory",
                TestFamily::Exploratory => "exploratory",
            })));
            row.push(Cell::Number(adjusted.map(|adjusted| adjusted.family_size as f64)));
            rows.push(row);
        };
        for axis in Axis::ALL {
            let Some(numbers) = comparison.axes.get(axis) else { continue };
            add(axis.name(), "recall", &numbers.recall);
            add(axis.name(), "false_alarm_rate", &numbers.false_alarm_rate);
            add(axis.name(), "youden_j", &numbers.youden_j);
            add(axis.name(), "auc", &numbers.auc);
        }
        add("both", "recall_gap", &comparison.recall_gap);
    }
    let mut headings = estimate_headings(&["first", "second", "axis"]);
    headings.extend([
        "first_value",
        "second_value",
        "p_value",
        "p_value_method",
        "p_adjusted",
        "family",
        "family_size",
    ]);
    write(&headings, rows)
}

/// One row for each judge of a ranking.
fn rankings(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for ranking in &evaluation.rankings {
        let metric = match ranking.metric {
            RankedMetric::Recall => "recall",
            RankedMetric::YoudenJ => "youden_j",
            RankedMetric::RecallGap => "recall_gap",
        };
        for judge in &ranking.judges {
            let axis = ranking.axis.map_or("both", Axis::name);
            let mut row = estimate_row(&[&judge.judge, axis], metric, &judge.estimate);
            let place = |place: Option<usize>| Cell::Number(place.map(|place| place as f64));
            row.extend([place(judge.rank), place(judge.rank_lower), place(judge.rank_upper)]);
            row.push(Cell::text(&judge.groups));
            row.push(Cell::Number(judge.simultaneous.map(|interval| interval.lower)));
            row.push(Cell::Number(judge.simultaneous.map(|interval| interval.upper)));
            rows.push(row);
        }
    }
    let mut headings = estimate_headings(&["judge", "axis"]);
    headings.extend(["rank", "rank_lower", "rank_upper", "groups", "simultaneous_lower", "simultaneous_upper"]);
    write(&headings, rows)
}

fn findings(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let rows = evaluation
        .findings
        .iter()
        .map(|finding| {
            let level = if finding.level == FindingLevel::Warning { "warning" } else { "note" };
            vec![
                Cell::text(&finding.code),
                Cell::text(level),
                Cell::text(finding.judge.as_deref().unwrap_or("")),
                Cell::text(finding.axis.map_or("", Axis::name)),
                Cell::text(&finding.message),
            ]
        })
        .collect();
    write(&["code", "level", "judge", "axis", "message"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_cell_starts_a_formula_and_numbers_keep_their_sign() {
        let full_width = ["\u{ff1d}1", "\u{ff0b}1", "\u{ff0d}1", "\u{ff20}x"];
        let hidden =
            ["  =1", "\u{a0}=1", "\u{3000}+1", "\u{200b}@x", "\u{feff}=1", "\r=1", "\nx", "\tx", "|calc", " |x"];
        for text in ["=1+1", "+1", "-1", "@x", "\t=1"].into_iter().chain(full_width).chain(hidden) {
            assert!(Cell::text(text).written().starts_with('\''), "{text}");
        }
        assert_eq!(Cell::Number(Some(-0.5)).written(), "-0.5");
        for text in ["gpt4", "", " ", "a=1", "1-2", "a|b"] {
            assert_eq!(Cell::text(text).written(), text);
        }
        let bytes = write(&["a"], vec![vec![Cell::text("x\",=1")]]).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "a\n\"x\"\",=1\"\n");
    }
}
