//! Dose-response curves.

use super::fields::{number, numbers, rows, value};
use crate::Estimate;
use crate::proportion::ClusterCount;
use crate::psychometric::{DoseCounts, fit_psychometric};
use serde_json::{Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    (method == "psychometric").then(|| psychometric(input))
}

fn psychometric(input: &Value) -> Value {
    let counts: Vec<Vec<ClusterCount>> = rows(input, "hits")
        .into_iter()
        .zip(rows(input, "scored"))
        .map(|(hits, scored)| hits.into_iter().zip(scored).map(|(h, n)| ClusterCount::new(h, n)).collect())
        .collect();
    let counts = DoseCounts::new(&numbers(input, "doses"), &counts).unwrap();
    let found = fit_psychometric(&counts, number(input, "level"));
    let goodness = found.goodness.unwrap();
    let limits = |estimate: &Estimate| json!([estimate.lower, estimate.upper]);
    json!({
        "guess": found.guess.value,
        "lapse": found.lapse.value,
        "threshold": found.threshold.value,
        "shape": found.shape.value,
        "slope": found.slope.value,
        "threshold_limits": limits(&found.threshold),
        "slope_limits": limits(&found.slope),
        "per_item": found.independent.per_item.value,
        "shape_one_p": value(found.independent.p_value),
        "deviance": goodness.deviance,
        "degrees": goodness.degrees,
        "scale": goodness.scale,
        "fit_p": goodness.p_value,
    })
}
