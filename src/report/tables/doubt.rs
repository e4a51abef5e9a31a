//! Tables on doubt: about labels, and about verdicts that never came.

use super::{Cell, TableError, each_axis, estimate_headings, estimate_row, write};
use crate::measure::{AlternativeAnnotator, Evaluation};
use crate::model::Axis;
use crate::stats::Estimate;

/// A row of an estimate with one more number behind it.
fn row_with(about: &[&str], metric: &str, estimate: &Estimate, number: Option<f64>) -> Vec<Cell> {
    let mut row = estimate_row(about, metric, estimate);
    row.push(Cell::Number(number));
    row
}

/// A row of a number that is no estimate.
fn number_row(about: &[&str], metric: &str, value: Option<f64>, p_value: Option<f64>) -> Vec<Cell> {
    let headings = estimate_headings(&[]).len();
    let mut row: Vec<Cell> = about.iter().map(Cell::text).collect();
    row.extend([Cell::text(metric), Cell::Number(value)]);
    row.extend((0..headings - 2).map(|_| Cell::text("")));
    row.push(Cell::Number(p_value));
    row
}

/// Agreement of the raters, each rater against the others, and the alternative annotator test.
pub(super) fn label_reliability(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for axis in Axis::ALL {
        let Some(labels) = evaluation.label_reliability.get(axis) else { continue };
        let about = [axis.name(), "", ""];
        for (metric, estimate) in [
            ("krippendorff_alpha", &labels.krippendorff_alpha),
            ("leave_one_out_exact", &labels.leave_one_out_exact),
            ("leave_one_out_distance", &labels.leave_one_out_distance),
        ] {
            rows.push(row_with(&about, metric, estimate, None));
        }
        for (metric, count) in [
            ("rated", labels.rated),
            ("rated_by_several", labels.rated_by_several),
            ("disputed", labels.disputed),
            ("disputed_across_threshold", labels.disputed_across_threshold),
        ] {
            rows.push(number_row(&about, metric, Some(count as f64), None));
        }
        for rater in &labels.raters {
            let about = [axis.name(), rater.rater.as_str(), ""];
            rows.push(row_with(&about, "leave_one_out_exact", &rater.leave_one_out_exact, None));
            rows.push(row_with(&about, "leave_one_out_distance", &rater.leave_one_out_distance, None));
        }
        labels.alternative_annotator.iter().for_each(|test| alternative(axis, test, &mut rows));
    }
    let mut headings = estimate_headings(&["axis", "rater", "judge"]);
    headings.push("p_value");
    write(&headings, rows)
}

fn alternative(axis: Axis, test: &AlternativeAnnotator, rows: &mut Vec<Vec<Cell>>) {
    let about = [axis.name(), "", test.judge.as_str()];
    rows.push(number_row(&about, "winning_rate", test.winning_rate, None));
    rows.push(number_row(&about, "winning_rate_all_judges", test.winning_rate_all_judges, None));
    rows.push(number_row(&about, "advantage", test.advantage, None));
    for duel in &test.comparisons_with_raters {
        let about = [axis.name(), duel.rater.as_str(), test.judge.as_str()];
        rows.push(number_row(&about, "judge_wins", Some(duel.judge_wins), Some(duel.p_adjusted_all_judges)));
        rows.push(number_row(&about, "rater_wins", Some(duel.rater_wins), None));
    }
}

/// Recall under every doubt about the labels.
pub(super) fn gold_uncertainty(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        let Some(doubt) = &numbers.gold_uncertainty else { continue };
        let about = [judge.judge.as_str(), axis.name()];
        for (metric, estimate) in [
            ("soft_recall", &doubt.soft_recall),
            ("soft_false_alarm_rate", &doubt.soft_false_alarm_rate),
            ("recall_unanimous", &doubt.recall_unanimous),
            ("recall_split", &doubt.recall_split),
            ("unanimity_gap", &doubt.unanimity_gap),
            ("recall_with_rater_doubt", &doubt.recall_with_rater_doubt.recall),
        ] {
            rows.push(row_with(&about, metric, estimate, None));
        }
        for at in &doubt.imperfect_gold.recall_if_gold_errs {
            rows.push(row_with(&about, "recall_if_gold_errs", &at.recall, Some(at.gold_error)));
        }
    }
    let mut headings = estimate_headings(&["judge", "axis"]);
    headings.push("gold_error");
    write(&headings, rows)
}

/// Verdicts that never came, by gold severity.
pub(super) fn missingness(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        let Some(missing) = &numbers.missingness else { continue };
        let about = [judge.judge.as_str(), axis.name()];
        for at in &missing.by_severity {
            rows.push(row_with(&about, &format!("unscored_at_severity_{}", at.severity), &at.share_unscored, None));
        }
        for (metric, estimate) in [
            ("unscored_positives", &missing.unscored_positives),
            ("unscored_negatives", &missing.unscored_negatives),
            ("unscored_difference", &missing.unscored_difference),
        ] {
            rows.push(row_with(&about, metric, estimate, None));
        }
        rows.push(number_row(&about, "trend_statistic", missing.trend.statistic, missing.trend.p_value));
    }
    let mut headings = estimate_headings(&["judge", "axis"]);
    headings.push("p_value");
    write(&headings, rows)
}
