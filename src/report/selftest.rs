//! A self-test as a terminal shows it.

use super::format::clean;
use super::terminal::{hanging, table};
use crate::measure::plant::{PlantedQuantity, SelfTest};
use crate::model::Axis;

/// Plants with which a coverage of 90 % is told from one of 95 %: the least that passes is 90 %.
const ENOUGH_PLANTS: u32 = 200;

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
    text.push_str(&few_plants(test));
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

/// What so few plants leave open; nothing where there are enough.
fn few_plants(test: &SelfTest) -> String {
    if test.plants >= ENOUGH_PLANTS {
        return String::new();
    }
    let needed = test.quantities.iter().filter(|quantity| quantity.coverage.is_some_and(|coverage| coverage > 0.0));
    let least = needed.filter_map(|quantity| quantity.coverage_needed).fold(f64::INFINITY, f64::min);
    let passes = match least.is_finite() {
        true => format!(" an interval passes here that holds the truth in {:.0} % of the plants;", 100.0 * least),
        false => String::new(),
    };
    let words = format!(
        "Warning: {} plants show little:{passes} brackets are what they leave open (95 %). --plants {ENOUGH_PLANTS} tells 90 % \
         from 95 %.",
        test.plants
    );
    hanging("", &words, "  ")
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
    let with_limits = |value: Option<f64>| match (value, quantity.coverage_lower.zip(quantity.coverage_upper)) {
        (Some(value), Some((lower, upper))) => format!("{value:.3} [{lower:.3}, {upper:.3}]"),
        _ => number(value),
    };
    vec![
        name(quantity),
        format!("{:.3}", quantity.planted),
        number(quantity.mean),
        signed(quantity.bias),
        with_limits(quantity.coverage),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of_plants(plants: u32) -> String {
        let quantity = PlantedQuantity {
            judge: "planted-blind".to_owned(),
            axis: Some(Axis::Omission),
            quantity: "recall".to_owned(),
            planted: 0.35,
            mean: Some(0.36),
            bias: Some(0.01),
            bias_error: Some(0.02),
            bias_allowed: Some(0.07),
            coverage: Some(1.0),
            coverage_error: Some(0.0),
            coverage_lower: Some(0.478),
            coverage_upper: Some(1.0),
            coverage_needed: Some(0.6),
            undefined: 0,
            passed: Some(true),
        };
        let (set, clusters) = ("simulated".to_owned(), 40);
        let quantities = vec![quantity];
        self_test_summary(&SelfTest { set, plants, clusters, level: 0.95, quantities, checked: 1, failed: 0 })
    }

    #[test]
    fn few_plants_are_said_to_show_little() {
        let text = of_plants(5);
        assert!(text.contains("Warning: 5 plants show little"), "{text}");
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains("in 60 % of the plants"), "{text}");
        assert!(text.contains("1.000 [0.478, 1.000]"), "{text}");
        assert!(!of_plants(200).contains("Warning"));
    }
}
