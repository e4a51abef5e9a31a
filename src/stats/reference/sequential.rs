//! Confidence sequences, sample sizes and allocation: reference cases.

use super::fields::{count, interval, number, numbers, value};
use crate::Confidence;
use crate::power::{Power, active_mean, design_effect, pairs_for_mcnemar, size_per_arm};
use crate::sequential::{
    BetaMixture, UnitStream, asymptotic_sequence, beta_binomial_interval, empirical_bernstein_sequence,
    hedged_sequence, mcnemar_log_evidence,
};
use serde_json::{Value, json};
use std::num::NonZeroUsize;

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "betabinomial_cs" => {
            let (s, t) = (number(input, "s"), number(input, "t"));
            let mixture = BetaMixture::new(number(input, "a"), number(input, "b")).unwrap();
            let found = beta_binomial_interval(s, t, mixture, confidence(input)).unwrap();
            json!({ "ci": interval(found), "e_mcnemar": mcnemar_log_evidence(s, t - s).unwrap().exp() })
        }
        "eb_cs" => {
            let values = numbers(input, "x");
            let found = empirical_bernstein_sequence(&UnitStream::new(&values).unwrap(), confidence(input));
            json!({ "lower": found.lower, "upper": found.upper })
        }
        "hedged_cs" => {
            let (values, grid) = (numbers(input, "x"), NonZeroUsize::new(count(input, "breaks")).unwrap());
            let found = hedged_sequence(&UnitStream::new(&values).unwrap(), confidence(input), grid);
            json!({ "lower": found.lower, "upper": found.upper })
        }
        "asymptotic_cs" => {
            let found = asymptotic_sequence(&numbers(input, "x"), confidence(input), number(input, "t_star"));
            json!({ "ci": interval(found.unwrap()) })
        }
        "sample_size" => {
            let power = Power::new(confidence(input), number(input, "power")).unwrap();
            let of = |key| number(input, key);
            json!({
                "n_per_arm": size_per_arm(of("p1"), of("p2"), power).unwrap(),
                "n_pairs": pairs_for_mcnemar(of("p10"), of("p01"), power).unwrap(),
                "deff": design_effect(of("m_mean"), of("cv"), of("rho")).unwrap(),
            })
        }
        "label_allocation" => active_case(input),
        _ => return None,
    })
}

fn confidence(input: &Value) -> Confidence {
    Confidence::new(1.0 - number(input, "alpha")).unwrap()
}

fn active_case(input: &Value) -> Value {
    let drawn = numbers(input, "xi");
    let label = |(index, value): (usize, &Value)| if drawn[index] == 1.0 { value.as_f64() } else { None };
    let labels: Vec<Option<f64>> = input["y"].as_array().unwrap().iter().enumerate().map(label).collect();
    let (f, pi) = (numbers(input, "f"), numbers(input, "pi"));
    let found = active_mean(&f, &pi, &labels, Confidence::DEFAULT).unwrap();
    json!({
        "active": {
            "theta": value(found.map(|found| found.value)), "se": value(found.map(|found| found.se)),
            "ci": interval(found.and_then(|found| found.interval)),
        },
    })
}
