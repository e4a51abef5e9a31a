//! A self-test as a terminal shows it.

use super::format::clean;
use super::terminal::{hanging, table};
use crate::measure::plant::{PlantedQuantity, SelfTest};
use crate::model::Axis;

/// A table for each planted judge, and what failed in words.
pub fn self_test_summary(test: &SelfTest) -> String {
    let mut text = hanging(
        "",
        &format!(
            "{}: {} plants in {} clusters each; {} quantities checked, {} failed.",
            clean(&test.set),
            test.plants,
            test.clusters,
            test.checked,
            test.failed
        ),
        "  ",
    );
    let mut judges: Vec<&str> = test.quantities.iter().map(|quantity| quantity.judge.as_str()).collect();
    judges.dedup();
    for judge in judges {
        let mut of_judge = table(&[judge, "planted", "found", "bias", "coverage", "needed", ""]);
        for quantity in test.quantities.iter().filter(|quantity| quantity.judge == judge) {
            of_judge.add_row(row(quantity));
        }
        text.push_str(&format!("\n{}\n", of_judge.trim_fmt()));
    }
    let failures: String = test
        .quantities
        .iter()
        .filter(|quantity| quantity.passed == Some(false))
        .map(|quantity| hanging("", &failure(quantity), "  "))
        .collect();
    if !failures.is_empty() {
        text.push_str(&format!("\n{failures}"));
    }
    text
}

fn name(quantity: &PlantedQuantity) -> String {
    let axis = quantity.axis.map_or(String::new(), |axis: Axis| format!("{axis} "));
    format!("{axis}{}", quantity.quantity)
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.3}"))
}

fn row(quantity: &PlantedQuantity) -> Vec<String> {
    let signed = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:+.4}"));
    let with_error = |value: Option<f64>, error: Option<f64>| match (value, error) {
        (Some(value), Some(error)) => format!("{value:.3} (se {error:.3})"),
        _ => number(value),
    };
    vec![
        name(quantity),
        format!("{:.3}", quantity.planted),
        number(quantity.mean),
        signed(quantity.bias),
        with_error(quantity.coverage, quantity.coverage_error),
        number(quantity.coverage_needed),
        match (quantity.passed, quantity.undefined) {
            (None, _) => "undefined".to_owned(),
            (Some(true), 0) => "PASS".to_owned(),
            (Some(true), undefined) => format!("PASS, {undefined} undefined"),
            (Some(false), _) => "FAIL".to_owned(),
        },
    ]
}

fn failure(quantity: &PlantedQuantity) -> String {
    let biased = quantity.bias.zip(quantity.bias_allowed).filter(|(bias, allowed)| bias.abs() > *allowed);
    let short = quantity.coverage.zip(quantity.coverage_needed).filter(|(coverage, needed)| coverage < needed);
    let biased = biased.map(|(bias, allowed)| format!("is off by {bias:+.4} on average, allowed {allowed:.4}"));
    let short = short.map(|(coverage, needed)| {
        format!(
            "its interval holds the truth in {:.1} % of the plants, needed {:.1} %",
            100.0 * coverage,
            100.0 * needed
        )
    });
    let why: Vec<String> = biased.into_iter().chain(short).collect();
    format!("FAIL: {} {}: {}.", quantity.judge, name(quantity), why.join("; "))
}
