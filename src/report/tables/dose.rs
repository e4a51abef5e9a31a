//! `tables/dose_response.csv`: flags by dose, what is read off the curve, and the same fact in both forms.

use super::consequences::{ABOUT, Rows};
use super::{TableError, each_axis, estimate_headings, write};
use crate::measure::{DoseResponse, Evaluation, SameFactContrast};
use crate::stats::Undefined;

pub(super) fn dose_response(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut all = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        let mut rows = Rows { judge: &judge.judge, axis: axis.name(), rows: Vec::new() };
        if let Some(found) = &numbers.dose_response {
            curve(found, &mut rows);
        }
        all.append(&mut rows.rows);
    }
    for judge in &evaluation.judges {
        let mut rows = Rows { judge: &judge.judge, axis: "both", rows: Vec::new() };
        if let Some(found) = &judge.same_fact {
            contrast(&found.both_positive, "both positive", &mut rows);
            contrast(&found.equal_severity, "equal severity", &mut rows);
        }
        all.append(&mut rows.rows);
    }
    write(&estimate_headings(&ABOUT), all)
}

fn curve(found: &DoseResponse, rows: &mut Rows<'_>) {
    for point in &found.doses {
        let at = format!("dose {}", point.dose);
        rows.estimate(&at, "flagged", &point.flagged);
        if let Some(mean) = &point.mean_severity {
            rows.estimate(&at, "mean_severity", mean);
        }
    }
    for (metric, estimate) in [
        ("rise", &found.rise),
        ("threshold", &found.threshold),
        ("slope", &found.slope),
        ("shape", &found.shape),
        ("half_dose", &found.half_dose),
        ("guess_rate", &found.guess_rate),
        ("lapse_rate", &found.lapse_rate),
    ] {
        rows.estimate("curve", metric, estimate);
    }
    let fit = |read: fn(&crate::measure::CurveFit) -> f64| found.fit.as_ref().map(read);
    rows.plain("curve", "deviance", fit(|fit| fit.deviance), found.fit_undefined);
    rows.plain("curve", "degrees_of_freedom", fit(|fit| fit.degrees_of_freedom), found.fit_undefined);
    rows.plain("curve", "fit_p_value", fit(|fit| fit.p_value), found.fit_undefined);
    rows.estimate("independent", "per_item", &found.independent.per_item);
    let independent = &found.independent;
    rows.plain("independent", "p_value", independent.p_value, independent.p_value_undefined);
}

fn contrast(found: &SameFactContrast, at: &str, rows: &mut Rows<'_>) {
    rows.estimate(at, "removed_found", &found.removed_found);
    rows.estimate(at, "altered_found", &found.altered_found);
    rows.estimate(at, "found_difference", &found.found_difference);
    rows.plain(at, "p_value", found.p_value, found.p_value_undefined);
    let table = &found.found;
    for (metric, count) in [
        ("both", table.both),
        ("only_removed", table.only_removed),
        ("only_altered", table.only_altered),
        ("neither", table.neither),
    ] {
        rows.plain(at, metric, Some(count.0), None);
    }
    let none = (found.facts == 0).then_some(Undefined::NoData);
    rows.plain(at, "mcnemar_mid_p", none.is_none().then_some(table.mcnemar_mid_p), none);
}
