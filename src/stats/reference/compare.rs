//! Comparison of judges: reference cases.

use super::fields::{number, numbers, rows, value};
use crate::Undefined;
use crate::compare::{
    Adjustment, ChiSquared, ClusteredMcNemar, DiscordantCount, adjust_p_values, bradley_terry, clustered_mcnemar,
    cochran_q, max_t_intervals, mcnemar, rank_sets,
};
use serde_json::{Map, Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "mcnemar" => pairs(input),
        "clustered_mcnemar" => clustered(input),
        "cochran_q" => omnibus(input),
        "p_adjust" => adjusted(input),
        "bradley_terry" => strengths(input),
        "rank_ci_holm" => ranks(input),
        "max_t" => simultaneous(input),
        _ => return None,
    })
}

fn statistic(found: Result<ChiSquared, Undefined>) -> Value {
    value(found.map(|found| found.statistic))
}

fn p_value(found: Result<ChiSquared, Undefined>) -> Value {
    value(found.map(|found| found.p_value))
}

fn pairs(input: &Value) -> Value {
    let found = mcnemar(number(input, "b") as u64, number(input, "c") as u64);
    json!({
        "exact": found.exact,
        "midp": found.mid_p,
        "chi2": statistic(found.chi_squared),
        "chi2_p": p_value(found.chi_squared),
        "chi2_cc": statistic(found.corrected),
        "chi2_cc_p": p_value(found.corrected),
    })
}

fn clustered(input: &Value) -> Value {
    let (b, c, n) = (numbers(input, "b"), numbers(input, "c"), numbers(input, "n"));
    let cell = |k: usize| DiscordantCount { only_first: b[k], only_second: c[k], pairs: n[k] };
    let found = clustered_mcnemar(&(0..n.len()).map(cell).collect::<Vec<_>>());
    let test = |read: fn(ClusteredMcNemar) -> ChiSquared| found.map(read);
    json!({
        "obuchowski": statistic(test(|found| found.obuchowski)),
        "obuchowski_p": p_value(test(|found| found.obuchowski)),
        "durkalski": statistic(test(|found| found.durkalski)),
        "durkalski_p": p_value(test(|found| found.durkalski)),
        "yang": statistic(test(|found| found.yang)),
        "yang_p": p_value(test(|found| found.yang)),
    })
}

fn omnibus(input: &Value) -> Value {
    let hits: Vec<Vec<bool>> =
        rows(input, "X").into_iter().map(|row| row.iter().map(|hit| *hit == 1.0).collect()).collect();
    let found = cochran_q(&hits).map(|found| found.test);
    json!({ "stat": statistic(found), "df": hits[0].len() - 1, "p": p_value(found) })
}

fn adjusted(input: &Value) -> Value {
    let methods = [
        ("bonferroni", Adjustment::Bonferroni),
        ("holm", Adjustment::Holm),
        ("hochberg", Adjustment::Hochberg),
        ("bh", Adjustment::BenjaminiHochberg),
        ("by", Adjustment::BenjaminiYekutieli),
    ];
    let p_values = numbers(input, "p");
    let answers = methods.map(|(name, method)| (name.to_owned(), json!(adjust_p_values(&p_values, method).unwrap())));
    Value::Object(Map::from_iter(answers))
}

fn strengths(input: &Value) -> Value {
    let found = bradley_terry(&rows(input, "wins")).ok();
    json!({
        "theta": found.as_ref().map(|found| &found.strengths),
        "se": found.as_ref().map(|found| &found.standard_errors),
    })
}

fn ranks(input: &Value) -> Value {
    let found = rank_sets(&numbers(input, "est"), &rows(input, "V"), number(input, "conf")).unwrap();
    json!({ "lower": found.lower, "upper": found.upper, "p_holm": found.p_adjusted })
}

fn simultaneous(input: &Value) -> Value {
    let level = input["conf"].as_f64().unwrap_or(0.95);
    let errors = input.get("rep_se").filter(|errors| !errors.is_null()).map(|_| rows(input, "rep_se"));
    let (estimates, ses) = (numbers(input, "est"), numbers(input, "se"));
    let found = max_t_intervals(&estimates, &ses, &rows(input, "reps"), errors.as_deref(), level).unwrap();
    json!({
        "c": found.critical,
        "lower": found.intervals.iter().map(|interval| interval.lower).collect::<Vec<_>>(),
        "upper": found.intervals.iter().map(|interval| interval.upper).collect::<Vec<_>>(),
    })
}
