//! Bias diagnostics: reference cases.

use super::fields::{codes, count, numbers, ratings, rows, value};
use crate::Confidence;
use crate::bias::{
    HitRegression, LinearRegression, OddsInterval, Stratum, WorkingCorrelation, cr2_satterthwaite, firth_logistic, gee,
    logistic_clustered, logistic_dif, mantel_haenszel, matched_pairs_odds_ratio, partial_spearman, test_retest,
};
use serde_json::{Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "logit_cluster" => match logistic_clustered(&regression(input)) {
            Ok(found) => json!({
                "coef": found.coefficients, "se_model": found.se_model, "se_cr0": found.se_cr0.unwrap(),
                "se_cr1": found.se_cr1.unwrap(), "se_cr1s": found.se_cr1s.unwrap(),
            }),
            Err(_) => json!({ "coef": null }),
        },
        "gee" => {
            let of = |working| {
                let found = gee(&regression(input), working).unwrap();
                json!({ "coef": found.coefficients, "se": found.se, "alpha": value(found.correlation) })
            };
            json!({
                "independence": of(WorkingCorrelation::Independence),
                "exchangeable": of(WorkingCorrelation::Exchangeable),
            })
        }
        "cr2_satterthwaite" => {
            let regression = LinearRegression::new(&rows(input, "X"), &numbers(input, "y"), &codes(input, "cluster"));
            let found = cr2_satterthwaite(&regression.unwrap(), count(input, "j")).unwrap().unwrap();
            json!({ "coef": found.coefficient, "se": found.se, "df": found.df, "p": found.p })
        }
        "firth_logit" => {
            let found = firth_logistic(&regression(input)).unwrap();
            json!({ "coef": found.coefficients, "se": found.se })
        }
        _ => return diagnostics(method, input),
    })
}

/// Methods that fit no covariates.
fn diagnostics(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "mantel_haenszel" => mantel_haenszel_case(input),
        "logistic_dif" => {
            let found = logistic_dif(&hits(input), &numbers(input, "severity"), &numbers(input, "group"));
            let found = found.unwrap().unwrap();
            json!({
                "lr_uniform": found.uniform, "lr_nonuniform": found.nonuniform, "lr_total": found.total,
                "p_total": found.p_total,
            })
        }
        "test_retest" => {
            let found = test_retest(&ratings(input, "repeats")).unwrap();
            json!({
                "n": found.n, "pairwise": found.pairwise, "unanimous": found.unanimous,
                "modal_share": found.modal_share,
            })
        }
        "matched_pairs_or" => matched_pairs_case(input),
        "partial_spearman" => {
            let found = partial_spearman(&numbers(input, "x"), &numbers(input, "y"), &rows(input, "z"));
            json!({ "r": value(found.unwrap()) })
        }
        _ => return None,
    })
}

fn hits(input: &Value) -> Vec<bool> {
    numbers(input, "y").into_iter().map(|hit| hit == 1.0).collect()
}

fn regression(input: &Value) -> HitRegression {
    let (rows, hits) = (rows(input, "X"), hits(input));
    let clusters = input.get("cluster").map_or_else(|| (0..hits.len()).collect(), |_| codes(input, "cluster"));
    HitRegression::new(&rows, &hits, &clusters).unwrap()
}

fn mantel_haenszel_case(input: &Value) -> Value {
    let pair = |row: &Value| [row[0].as_f64().unwrap(), row[1].as_f64().unwrap()];
    let tables = input["tables"].as_array().unwrap();
    let strata: Vec<Stratum> =
        tables.iter().map(|table| Stratum::new(pair(&table[0]), pair(&table[1])).unwrap()).collect();
    let found = mantel_haenszel(&strata);
    json!({
        "or_mh": value(found.odds_ratio), "log_or": value(found.log_odds_ratio), "se": value(found.se),
        "delta_mh": value(found.delta), "chi2": value(found.chi_squared), "p": value(found.p),
        "chi2_cc": value(found.chi_squared_corrected), "p_cc": value(found.p_corrected),
    })
}

fn matched_pairs_case(input: &Value) -> Value {
    let level = Confidence::new(input["conf"].as_f64().unwrap()).unwrap();
    let found = matched_pairs_odds_ratio(count(input, "b") as u64, count(input, "c") as u64, level);
    let limits = |limits: OddsInterval| json!([value(limits.lower), value(limits.upper)]);
    json!({
        "or_": value(found.odds_ratio), "ci": found.interval.map_or(Value::Null, limits), "p_exact": found.test.exact,
    })
}
