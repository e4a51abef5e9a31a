//! Recalibration maps.

use super::super::fields::{codes, numbers, value};
use super::{forecasts, labels};
use crate::Undefined;
use crate::auc::LabelledScores;
use crate::calibration::{Forecasts, brier_score};
use crate::recalibrate::{
    PlattMap, PlattTargets, Recalibration, beta_calibration, crossfit, platt_scaling, temperature_scaling, venn_abers,
};
use serde_json::{Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "platt" => platt_case(input),
        "temperature" => temperature_case(input),
        "beta_calibration" => {
            let map = beta_calibration(&forecasts(input)).unwrap();
            json!({ "a": map.a, "b": map.b, "c": map.c })
        }
        "crossfit_recalibration" => crossfit_case(input),
        "venn_abers" => venn_abers_case(input),
        _ => return None,
    })
}

fn temperature_case(input: &Value) -> Value {
    let (labels, logits) = (labels(input, "y"), numbers(input, "logit"));
    let found = temperature_scaling(&LabelledScores::new(&labels, &logits).unwrap());
    json!({
        "beta": value(found.map(|found| found.inverse)),
        "T": value(found.and_then(|found| found.temperature)),
    })
}

fn venn_abers_case(input: &Value) -> Value {
    let (labels, scores) = (labels(input, "y_cal"), numbers(input, "p_cal"));
    let items = LabelledScores::new(&labels, &scores).unwrap();
    let found = venn_abers(&items, &numbers(input, "p_test")).unwrap().unwrap();
    json!({
        "p0": found.iter().map(|one| one.lower).collect::<Vec<_>>(),
        "p1": found.iter().map(|one| one.upper).collect::<Vec<_>>(),
        "p": found.iter().map(|one| one.merged).collect::<Vec<_>>(),
    })
}

fn platt_case(input: &Value) -> Value {
    let (labels, scores) = (labels(input, "y"), numbers(input, "score"));
    let items = LabelledScores::new(&labels, &scores).unwrap();
    let fields =
        |map: Result<PlattMap, Undefined>| map.map_or(Value::Null, |map| json!({ "a": map.slope, "b": map.intercept }));
    json!({
        "smooth": fields(platt_scaling(&items, PlattTargets::Smoothed)),
        "mle": fields(platt_scaling(&items, PlattTargets::Observed)),
    })
}

fn crossfit_case(input: &Value) -> Value {
    let (labels, scores) = (labels(input, "y"), numbers(input, "score"));
    let items = LabelledScores::new(&labels, &scores).unwrap();
    let of = |family| crossfit(&items, &codes(input, "fold"), family).unwrap().unwrap();
    let (platt, isotonic) = (of(Recalibration::Platt), of(Recalibration::Isotonic));
    let brier = |p: &[f64]| value(brier_score(&Forecasts::new(p, &labels).unwrap()));
    json!({
        "brier_platt": brier(&platt), "brier_isotonic": brier(&isotonic), "platt": platt, "isotonic": isotonic,
    })
}
