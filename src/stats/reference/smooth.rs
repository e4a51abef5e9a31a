//! The jackknife of smooth statistics: reference cases, with statistics written out plainly so that only the engine is on trial.

use super::agreement::tables;
use super::fields::{codes, count, number, numbers};
use crate::Undefined;
use crate::agreement::{ConfusionTable, Weighting, cohen_kappa, ordinal_errors};
use crate::jackknife::{Jackknife, Scale};
use serde_json::{Value, json};

/// A probability, an outcome and a cluster.
type Forecast = (f64, f64, usize);

pub(super) fn jackknives(input: &Value) -> Value {
    let clusters = codes(input, "cluster");
    let mut labels = clusters.clone();
    labels.sort_unstable();
    labels.dedup();
    let tables = tables(&codes(input, "gold"), &codes(input, "judge"), &clusters, count(input, "q"));
    let forecasts: Vec<Forecast> = numbers(input, "prob")
        .into_iter()
        .zip(numbers(input, "y"))
        .zip(&clusters)
        .map(|((p, y), &g)| (p, y, g))
        .collect();
    let level = number(input, "conf");
    let of_table = |statistic: fn(&ConfusionTable) -> Result<f64, Undefined>| {
        answer(labels.len(), level, |without| statistic(&ConfusionTable::sum_without(&tables, without).unwrap()))
    };
    let of_forecasts = |statistic: fn(&[Forecast]) -> Result<f64, Undefined>| {
        answer(labels.len(), level, |without| {
            let left_out = without.map(|index: usize| labels[index]);
            let kept: Vec<Forecast> =
                forecasts.iter().filter(|forecast| Some(forecast.2) != left_out).copied().collect();
            statistic(&kept)
        })
    };
    json!({
        "kappa_quadratic": of_table(|table| cohen_kappa(table, Weighting::Quadratic, 0.95).map(|found| found.value)),
        "mean_signed_error": of_table(|table| ordinal_errors(table).map(|found| found.mean_signed)),
        "auc": of_forecasts(area),
        "brier": of_forecasts(|forecasts| Ok(brier(forecasts))),
        "mcb": of_forecasts(miscalibration),
    })
}

fn answer(clusters: usize, level: f64, statistic: impl Fn(Option<usize>) -> Result<f64, Undefined>) -> Value {
    let found = Jackknife::new(clusters, statistic).unwrap();
    let interval = found.interval(Scale::Identity, level).unwrap();
    json!({
        "est": found.value,
        "se": found.standard_error,
        "ci": [interval.lower, interval.upper],
        "G": found.leave_one_out.len(),
    })
}

/// Share of the pairs of a positive and a negative that the probability orders rightly.
fn area(forecasts: &[Forecast]) -> Result<f64, Undefined> {
    let (mut won, mut pairs) = (0.0, 0.0);
    for positive in forecasts.iter().filter(|forecast| forecast.1 == 1.0) {
        for negative in forecasts.iter().filter(|forecast| forecast.1 == 0.0) {
            pairs += 1.0;
            won += if positive.0 > negative.0 { 1.0 } else { 0.5 * f64::from(u8::from(positive.0 == negative.0)) };
        }
    }
    if pairs == 0.0 { Err(Undefined::OneClass) } else { Ok(won / pairs) }
}

fn brier(forecasts: &[Forecast]) -> f64 {
    forecasts.iter().map(|(p, y, _)| (p - y).powi(2)).sum::<f64>() / forecasts.len() as f64
}

/// Brier score less that of the isotonic recalibration.
fn miscalibration(forecasts: &[Forecast]) -> Result<f64, Undefined> {
    let mut sorted = forecasts.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Blocks of (last probability, outcomes, examples); equal probabilities pool, and so do blocks out of order.
    let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
    for (p, y, _) in sorted {
        match blocks.last_mut() {
            Some(last) if last.0 == p => *last = (p, last.1 + y, last.2 + 1.0),
            _ => blocks.push((p, y, 1.0)),
        }
    }
    let mut pooled: Vec<(f64, f64)> = Vec::new();
    for (_, outcomes, examples) in blocks {
        pooled.push((outcomes, examples));
        while let [.., (s1, n1), (s2, n2)] = pooled[..] {
            if s1 * n2 < s2 * n1 {
                break;
            }
            pooled.truncate(pooled.len() - 2);
            pooled.push((s1 + s2, n1 + n2));
        }
    }
    let recalibrated: f64 = pooled.iter().map(|(sum, count)| sum * (1.0 - sum / count)).sum();
    Ok(brier(forecasts) - recalibrated / forecasts.len() as f64)
}
