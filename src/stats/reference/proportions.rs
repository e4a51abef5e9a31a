//! Distribution functions, proportions, gaps, resampling, missing verdicts: reference cases.

use super::fields::{codes, interval, number, numbers, value};
use crate::stats::proportion::{
    ClusterCount, Guarded, agresti_coull, anova_icc, clopper_pearson, describe_proportion, jeffreys, wilson,
};
use crate::stats::{Interval, Undefined, special};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "special_functions" => special_functions(input),
        "wilson_ci" => binomial(input, wilson),
        "clopper_pearson_ci" => binomial(input, clopper_pearson),
        "agresti_coull_ci" => binomial(input, agresti_coull),
        "jeffreys_ci" => binomial(input, jeffreys),
        "cluster_proportion" => cluster_proportion(input),
        "cluster_icc_anova" => cluster_icc(input),
        _ => return None,
    })
}

fn special_functions(input: &Value) -> Value {
    let args = numbers(input, "args");
    let value = match (input["fn"].as_str().unwrap(), args.as_slice()) {
        ("norm_sf", &[x]) => special::normal_sf(x),
        ("norm_ppf", &[p]) => special::normal_quantile(p),
        ("t_sf", &[t, df]) => special::t_sf(t, df),
        ("t_ppf", &[p, df]) => special::t_quantile(p, df),
        ("chi2_sf", &[x, df]) => special::chi_squared_sf(x, df),
        ("beta_cdf", &[a, b, x]) => special::beta_cdf(x, a, b),
        ("beta_ppf", &[p, a, b]) => special::beta_quantile(p, a, b),
        ("binom_cdf", &[k, n, p]) => special::binomial_cdf(k, n, p),
        ("lgamma", &[x]) => special::ln_gamma(x),
        (other, _) => panic!("no function {other}"),
    };
    json!({ "value": value })
}

fn binomial(input: &Value, method: fn(f64, f64, f64) -> Result<Interval, Undefined>) -> Value {
    json!({ "ci": interval(method(number(input, "k"), number(input, "n"), number(input, "conf"))) })
}

/// Counts a cluster from an outcome and a label an example, in the order of the labels.
fn tally(outcomes: &[f64], clusters: &[usize]) -> Vec<ClusterCount> {
    let mut cells: BTreeMap<usize, ClusterCount> = BTreeMap::new();
    for (&outcome, &cluster) in outcomes.iter().zip(clusters) {
        let cell = cells.entry(cluster).or_default();
        cell.hits += outcome;
        cell.total += 1.0;
    }
    cells.into_values().collect()
}

fn cluster_proportion(input: &Value) -> Value {
    let cells = tally(&numbers(input, "hit"), &codes(input, "cluster"));
    let found = describe_proportion(&cells, number(input, "conf")).unwrap();
    let guarded = |read: fn(Guarded) -> f64| value(found.guarded.map(read));
    json!({
        "p": found.linearised.value,
        "se": value(found.linearised.standard_error),
        "deff": value(found.linearised.design_effect),
        "G": found.linearised.clusters,
        "n": found.linearised.total,
        "guarded": {
            "ci": interval(found.guarded.map(|guarded| guarded.interval)),
            "neff": guarded(|guarded| guarded.n_effective),
            "deff": guarded(|guarded| guarded.design_effect),
            "icc": value(found.guarded.and_then(|guarded| guarded.icc)),
        },
        "se_jackknife": value(found.jackknife_error),
        "neff_raw": value(found.effective.map(|size| size.raw)),
        "neff_t": value(found.effective.map(|size| size.adjusted)),
        "neff_trunc": value(found.effective.map(|size| size.truncated)),
        "wilson_neff": interval(found.wilson_effective),
        "korn_graubard": interval(found.korn_graubard),
        "logit_t": interval(found.logit_t),
    })
}

fn cluster_icc(input: &Value) -> Value {
    let found = anova_icc(&tally(&numbers(input, "y"), &codes(input, "cluster")));
    json!({
        "icc": value(found.map(|found| found.icc)),
        "msb": value(found.map(|found| found.between)),
        "msw": value(found.map(|found| found.within)),
        "n0": value(found.map(|found| found.mean_size)),
    })
}
