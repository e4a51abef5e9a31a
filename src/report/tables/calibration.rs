//! `tables/calibration.csv` and `tables/operating.csv`: curves, cuts and errors in long form, one number a row.

use super::{Cell, TableError, each_axis, estimate_headings, estimate_row, write};
use crate::measure::{Calibration, CrossFittedCut, Evaluation, Operating, SeverityCalibration};
use crate::stats::{Estimate, Undefined};

/// Rows about one judge on one axis: what a number is at (a probability, a severity, a map, a cut), its name and its value.
struct Rows<'a> {
    judge: &'a str,
    axis: &'a str,
    rows: Vec<Vec<Cell>>,
}

impl Rows<'_> {
    fn estimate(&mut self, at: &str, metric: &str, estimate: &Estimate) {
        self.rows.push(estimate_row(&[self.judge, self.axis, at], metric, estimate));
    }

    /// A number without an interval of its own, from `n` examples.
    fn plain(&mut self, at: &str, metric: &str, value: Option<f64>, n: f64) {
        let mut estimate = Estimate::undefined(Undefined::NoData, 0.0, "");
        (estimate.value, estimate.n) = (value, n);
        estimate.undefined = value.is_none().then_some(Undefined::NoData);
        let mut row = estimate_row(&[self.judge, self.axis, at], metric, &estimate);
        // No interval, so no level of one.
        row[ABOUT.len() + 4] = Cell::Number(None);
        self.rows.push(row);
    }
}

const ABOUT: [&str; 3] = ["judge", "axis", "at"];

/// `tables/calibration.csv`.
pub(super) fn calibration(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    table(evaluation, |numbers, rows| {
        if let Some(found) = &numbers.calibration {
            scores(found, rows);
            curves(found, rows);
            maps(found, rows);
        }
        if let Some(found) = &numbers.severity_calibration {
            severities(found, rows);
        }
    })
}

/// `tables/operating.csv`.
pub(super) fn operating(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    table(evaluation, |numbers, rows| {
        if let Some(found) = &numbers.operating {
            cuts(found, rows);
        }
    })
}

fn table(
    evaluation: &Evaluation,
    fill: impl Fn(&crate::measure::AxisEvaluation, &mut Rows<'_>),
) -> Result<Vec<u8>, TableError> {
    let mut all = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        let mut rows = Rows { judge: &judge.judge, axis: axis.name(), rows: Vec::new() };
        fill(numbers, &mut rows);
        all.append(&mut rows.rows);
    }
    write(&estimate_headings(&ABOUT), all)
}

fn scores(found: &Calibration, rows: &mut Rows<'_>) {
    let (corp, line, n) = (&found.corp, &found.line, found.n.0);
    for (metric, estimate) in [
        ("brier", &found.brier),
        ("brier_missing_as_zero", &found.brier_missing_as_zero),
        ("brier_skill", &found.brier_skill),
        ("log_loss", &found.log_loss),
        ("miscalibration", &corp.miscalibration),
        ("discrimination", &corp.discrimination),
        ("uncertainty", &corp.uncertainty),
        ("intercept", &line.intercept),
        ("slope", &line.slope),
        ("in_the_large", &line.in_the_large),
        ("observed_over_expected", &line.observed_over_expected),
    ] {
        rows.estimate("", metric, estimate);
    }
    for (metric, value) in [
        ("log_loss_clipped", found.log_loss_clipped),
        ("consistency_p_value", found.consistency.p_value),
        ("spiegelhalter_t", found.spiegelhalter.t),
        ("spiegelhalter_p_value", found.spiegelhalter.p_value),
        ("smooth_error", found.smooth_error),
        ("evidence_log_e", found.evidence.log_e),
    ] {
        rows.plain("", metric, value, n);
    }
}

fn curves(found: &Calibration, rows: &mut Rows<'_>) {
    for error in &found.binned {
        let rule = name_of(&error.rule);
        for (metric, value) in [
            ("ece", error.ece),
            ("ece_debiased", error.ece_debiased),
            ("l2_debiased", error.l2_debiased),
            ("largest", error.largest),
        ] {
            rows.plain(&rule, metric, Some(value), found.n.0);
        }
    }
    for point in &found.curve {
        let at = format!("p {}", point.p);
        for (metric, value) in [
            ("recalibrated", Some(point.recalibrated)),
            ("observed", Some(point.observed)),
            ("consistent_lower", point.consistent_lower),
            ("consistent_upper", point.consistent_upper),
            ("honest_lower", point.honest_lower),
            ("honest_upper", point.honest_upper),
        ] {
            rows.plain(&at, metric, value, point.n.0);
        }
    }
    for at in &found.by_gold_severity {
        rows.estimate(&format!("gold severity {}", at.severity), "mean_probability", &at.mean_probability);
    }
}

fn maps(found: &Calibration, rows: &mut Rows<'_>) {
    let report = &found.recalibration;
    for map in &report.maps {
        let name = name_of(&map.family);
        rows.estimate(&name, "brier_gain", &map.brier_gain);
        for (metric, value) in [
            ("brier_after", map.after.brier),
            ("miscalibration_after", map.after.miscalibration),
            ("auc_after", map.after.auc),
        ] {
            rows.plain(&name, metric, value, found.n.0);
        }
        if let Some(cut) = &map.at_own_false_alarms {
            cross_fitted(&name, cut, rows);
        }
    }
    if let Some(own) = &report.at_own_false_alarms {
        rows.estimate("own false alarms", "recall_gain", &own.recall_gain);
        cross_fitted("own false alarms", &own.by_probability, rows);
    }
}

fn severities(found: &SeverityCalibration, rows: &mut Rows<'_>) {
    for given in &found.gold_given_judge {
        let at = format!("judge severity {}", given.severity);
        rows.estimate(&at, "mean_gold", &given.mean_gold);
        rows.estimate(&at, "positive_share", &given.positive_share);
    }
    for given in &found.judge_given_gold {
        rows.estimate(&format!("gold severity {}", given.severity), "mean_judge", &given.mean_judge);
    }
    rows.estimate("", "ranked_probability_score", &found.ranked_probability_score);
    rows.estimate("", "ranked_probability_skill", &found.ranked_probability_skill);
    for error in &found.cumulative {
        rows.plain(&format!("gold severity {} or above", error.severity), "ece", Some(error.ece), found.n.0);
    }
}

fn cuts(found: &Operating, rows: &mut Rows<'_>) {
    rows.estimate("", "average_precision", &found.average_precision);
    rows.plain("", "average_precision_baseline", found.average_precision_baseline, found.n.0);
    if let Some(auc) = &found.severity_auc {
        rows.estimate("", "severity_auc", auc);
    }
    for cut in &found.budgets {
        let budget = cut.false_alarm_budget.unwrap_or_default();
        cross_fitted(&format!("false-alarm budget {budget}"), cut, rows);
    }
    cross_fitted("highest Youden J", &found.best_youden, rows);
    if let Some(own) = &found.own {
        for (metric, value) in
            [("recall", own.recall), ("false_alarm_rate", own.false_alarm_rate), ("precision", own.precision)]
        {
            rows.plain("own rule", metric, value, found.n.0);
        }
    }
    for point in &found.points {
        let at = point.cut.map_or_else(|| "no flag".to_owned(), |cut| format!("cut {cut}"));
        for (metric, value) in
            [("recall", point.recall), ("false_alarm_rate", point.false_alarm_rate), ("precision", point.precision)]
        {
            rows.plain(&at, metric, value, point.flagged.0);
        }
    }
    if let Some(selective) = &found.selective {
        rows.estimate("", "error_rate", &selective.error_rate);
        rows.estimate("", "augrc", &selective.augrc);
        rows.plain("", "aurc", selective.aurc, found.n.0);
        for point in &selective.curve {
            let at = format!("confidence {}", point.confidence);
            rows.plain(&at, "coverage", Some(point.coverage), found.n.0);
            rows.plain(&at, "risk", Some(point.risk), found.n.0);
        }
    }
}

fn cross_fitted(at: &str, cut: &CrossFittedCut, rows: &mut Rows<'_>) {
    rows.estimate(at, "recall", &cut.recall);
    rows.estimate(at, "false_alarm_rate", &cut.false_alarm_rate);
    rows.estimate(at, "youden_j", &cut.youden_j);
}

/// The name that the evaluation has for a unit variant.
fn name_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}
