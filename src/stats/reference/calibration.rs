//! Separation, calibration and recalibration: reference cases.

mod recalibration;
mod separation;

use super::fields::{codes, count, number, numbers, rows, value};
use crate::calibration::{
    Binning, ClassForecasts, Corp, DEFAULT_LOGIT_CLIP, FoldEvidence, Forecasts, Murphy, ProperScore, brier_score,
    calibrated_replicate, calibration_band, calibration_error, calibration_evidence, classwise_error, consistency_band,
    corp, cox_calibration, cumulative_error, isotonic_regression, log_loss, murphy, ranked_probability_score,
    reliability_curve, risk_coverage, smooth_error, smooth_error_at, spiegelhalter_clustered, spiegelhalter_z,
};
use crate::{Clusters, Confidence};
use serde_json::{Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    separation::run(method, input)
        .or_else(|| recalibration::run(method, input))
        .or_else(|| scores(method, input))
        .or_else(|| curves(method, input))
}

/// Scores, their parts, and errors over bins.
fn scores(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "brier_logloss" => {
            let forecasts = forecasts(input);
            let loss = log_loss(&forecasts).unwrap();
            let brier = brier_score(&forecasts).unwrap();
            json!({ "brier": brier, "logloss": value(loss.value), "logloss_clipped": loss.clipped })
        }
        "rps" => json!({ "rps": value(ranked_probability_score(&class_forecasts(input))) }),
        "murphy" => {
            let of = |binning| murphy_fields(&murphy(&forecasts(input), binning).unwrap());
            json!({ "distinct": of(Binning::Atoms), "width10": of(Binning::equal_width(count(input, "B"))) })
        }
        "corp" => corp_case(input),
        "ece" => ece_case(input),
        "classwise_ece" => {
            let (forecasts, binning) = (class_forecasts(input), Binning::equal_width(count(input, "B")));
            let error = classwise_error(&forecasts, binning).unwrap();
            json!({
                "classwise": { "per_class": error.per_class, "mean": error.mean },
                "cumulative": cumulative_error(&forecasts, binning).unwrap(),
            })
        }
        "smooth_ece" => {
            let forecasts = forecasts(input);
            let error = smooth_error(&forecasts).unwrap();
            let fixed = smooth_error_at(&forecasts, 0.05).unwrap();
            json!({ "smece": error.value, "sigma": error.bandwidth, "smece_sigma_0_05": value(fixed) })
        }
        _ => return None,
    })
}

/// Curves, bands, tests, and selective prediction.
fn curves(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "isotonic" => {
            let weights = input.get("w").map(|_| numbers(input, "w"));
            let fitted = isotonic_regression(&numbers(input, "x"), &numbers(input, "y"), weights.as_deref());
            json!({ "fit": fitted.unwrap() })
        }
        "corp_consistency_band" => consistency_case(input),
        "cox_calibration" => cox_case(input),
        "spiegelhalter_z" => {
            let test = spiegelhalter_z(&forecasts(input));
            json!({ "z": value(test.map(|test| test.statistic)), "p": value(test.map(|test| test.p)) })
        }
        "spiegelhalter_cluster" => {
            let test = spiegelhalter_clustered(&forecasts_by_cluster(input));
            json!({ "t": value(test.map(|test| test.statistic)), "p": value(test.map(|test| test.p)) })
        }
        "calibration_band" => band_case(input),
        "calibration_evalue" => evidence_case(input),
        "risk_coverage" => {
            let areas = risk_coverage(&numbers(input, "conf"), &numbers(input, "loss")).unwrap().unwrap();
            json!({
                "aurc": areas.aurc, "aurc_opt": areas.aurc_optimal, "eaurc": areas.excess_aurc, "augrc": areas.augrc,
                "risk_full": areas.full_risk,
            })
        }
        _ => return None,
    })
}

fn band_case(input: &Value) -> Value {
    let level = Confidence::new(1.0 - number(input, "alpha")).unwrap();
    let band = calibration_band(&forecasts(input), level).unwrap();
    json!({
        "x": band.iter().map(|point| point.p).collect::<Vec<_>>(),
        "lower": band.iter().map(|point| point.lower).collect::<Vec<_>>(),
        "upper": band.iter().map(|point| point.upper).collect::<Vec<_>>(),
    })
}

fn labels(input: &Value, key: &str) -> Vec<bool> {
    numbers(input, key).into_iter().map(|value| value == 1.0).collect()
}

fn confidence(input: &Value) -> Confidence {
    Confidence::new(number(input, "conf")).unwrap()
}

fn forecasts(input: &Value) -> Forecasts {
    Forecasts::new(&numbers(input, "p"), &labels(input, "y")).unwrap()
}

fn forecasts_by_cluster(input: &Value) -> Vec<Forecasts> {
    let (p, y) = (numbers(input, "p"), labels(input, "y"));
    let table = |items: &Vec<usize>| {
        let (p, y): (Vec<f64>, Vec<bool>) = items.iter().map(|&item| (p[item], y[item])).unzip();
        Forecasts::new(&p, &y).unwrap()
    };
    Clusters::new(&codes(input, "cluster")).members().iter().map(table).collect()
}

fn class_forecasts(input: &Value) -> ClassForecasts {
    ClassForecasts::new(rows(input, "P"), codes(input, "y")).unwrap()
}

fn murphy_fields(terms: &Murphy) -> Value {
    json!({
        "brier": terms.brier, "rel": terms.reliability, "res": terms.resolution, "unc": terms.uncertainty,
        "wbv": terms.within_variance, "wbc": terms.within_covariance, "gres": terms.generalised_resolution,
        "rel_ff": terms.reliability_corrected, "res_ff": terms.resolution_corrected,
        "unc_ff": terms.uncertainty_corrected,
    })
}

fn corp_case(input: &Value) -> Value {
    let forecasts = forecasts(input);
    let curve = reliability_curve(&forecasts);
    let fit = |p: &f64| curve[forecasts.position(*p).unwrap()].calibrated;
    let fields = |parts: Corp| {
        json!({
            "score": value(parts.score), "mcb": value(parts.miscalibration), "dsc": parts.discrimination,
            "unc": parts.uncertainty,
        })
    };
    json!({
        "fit": numbers(input, "p").iter().map(fit).collect::<Vec<_>>(),
        "brier": fields(corp(&forecasts, ProperScore::Brier).unwrap()),
        "log": fields(corp(&forecasts, ProperScore::Log).unwrap()),
    })
}

fn consistency_case(input: &Value) -> Value {
    let (p, forecasts) = (numbers(input, "p"), forecasts(input));
    let replicates: Vec<Vec<f64>> =
        rows(input, "U").iter().map(|uniforms| calibrated_replicate(&p, uniforms).unwrap()).collect();
    let band = consistency_band(&forecasts, &replicates, confidence(input)).unwrap().unwrap();
    json!({
        "x": forecasts.atoms().iter().map(|atom| atom.p).collect::<Vec<_>>(),
        "lower": band.band.iter().map(|limits| limits.lower).collect::<Vec<_>>(),
        "upper": band.band.iter().map(|limits| limits.upper).collect::<Vec<_>>(),
        "mcb": band.miscalibration, "p_value": band.p_value,
    })
}

fn ece_case(input: &Value) -> Value {
    let forecasts = forecasts(input);
    let error = |binning| {
        let error = calibration_error(&forecasts, binning).unwrap();
        json!({
            "ece": error.ece, "ece_l2": error.l2, "mce": error.largest, "ece_l2_debiased": error.l2_debiased,
            "ece_l2sq_debiased": error.l2_squared_debiased, "ece_l1_debiased": error.l1_debiased, "nbins": error.bins,
        })
    };
    let bins = |binning: Binning| {
        let bins = binning.assign(&forecasts);
        let of = |p: &f64| bins[forecasts.position(*p).unwrap()];
        numbers(input, "p").iter().map(of).collect::<Vec<_>>()
    };
    json!({
        "width10": error(Binning::equal_width(10)), "width15": error(Binning::equal_width(15)),
        "mass10": error(Binning::equal_mass(10)), "atoms": error(Binning::Atoms),
        "bins_width10": bins(Binning::equal_width(10)), "bins_mass10": bins(Binning::equal_mass(10)),
    })
}

fn cox_case(input: &Value) -> Value {
    let found = cox_calibration(&forecasts(input), DEFAULT_LOGIT_CLIP).unwrap().unwrap();
    json!({
        "oe": value(found.observed_over_expected), "mean_p": found.mean_forecast, "mean_y": found.mean_outcome,
        "citl": value(found.in_the_large.map(|shift| shift.value)),
        "citl_se": value(found.in_the_large.map(|shift| shift.se)),
        "intercept": value(found.line.map(|line| line.intercept.value)),
        "intercept_se": value(found.line.map(|line| line.intercept.se)),
        "slope": value(found.line.map(|line| line.slope.value)),
        "slope_se": value(found.line.map(|line| line.slope.se)),
    })
}

fn evidence_case(input: &Value) -> Value {
    let (p, q) = (numbers(input, "p"), numbers(input, "q"));
    let evidence = calibration_evidence(&p, &q, &labels(input, "y"), &codes(input, "fold")).unwrap().unwrap();
    let fold = |fold: &FoldEvidence| match fold {
        FoldEvidence::Log(log) => json!(log),
        FoldEvidence::Unbounded | FoldEvidence::Nothing => Value::Null,
    };
    json!({
        "log_e_fold": evidence.folds.iter().map(fold).collect::<Vec<_>>(),
        "log_e": value(evidence.log_e),
    })
}
