//! Distribution functions, proportions, gaps, resampling, missing verdicts: reference cases.

use super::fields::{number, numbers};
use crate::stats::special;
use serde_json::{Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "special_functions" => special_functions(input),
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
