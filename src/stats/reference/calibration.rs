//! Separation, calibration and recalibration: reference cases.

use super::fields::{codes, count, interval, number, numbers, rows, value};
use crate::stats::auc::{
    LabelledScores, Threshold, auc_clustered, average_precision, average_precision_interval, delong, delong_paired,
    highest_recall_at_specificity, highest_youden_j, lowest_cost,
};
use crate::stats::calibration::{
    Binning, ClassForecasts, Corp, DEFAULT_LOGIT_CLIP, FoldEvidence, Forecasts, Murphy, ProperScore, brier_score,
    calibrated_replicate, calibration_band, calibration_error, calibration_evidence, classwise_error, consistency_band,
    corp, cox_calibration, cumulative_error, isotonic_regression, log_loss, murphy, ranked_probability_score,
    reliability_curve, risk_coverage, smooth_error, smooth_error_at, spiegelhalter_clustered, spiegelhalter_z,
};
use crate::stats::recalibrate::{
    PlattMap, PlattTargets, Recalibration, beta_calibration, crossfit, platt_scaling, temperature_scaling, venn_abers,
};
use crate::stats::{Clusters, Confidence, Undefined};
use serde_json::{Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "delong" => delong_case(input),
        "auc_clustered" => auc_clustered_case(input),
        "average_precision" => average_precision_case(input),
        "ap_ci" => {
            let found = average_precision_interval(number(input, "ap"), number(input, "npos"), confidence(input));
            json!({ "ci": interval(found.unwrap()) })
        }
        "thresholds" => thresholds_case(input),
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
        "corp_consistency_band" => consistency_case(input),
        "isotonic" => {
            let weights = input.get("w").map(|_| numbers(input, "w"));
            let fitted = isotonic_regression(&numbers(input, "x"), &numbers(input, "y"), weights.as_deref());
            json!({ "fit": fitted.unwrap() })
        }
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
        "cox_calibration" => cox_case(input),
        "spiegelhalter_z" => {
            let test = spiegelhalter_z(&forecasts(input));
            json!({ "z": value(test.map(|test| test.statistic)), "p": value(test.map(|test| test.p)) })
        }
        "spiegelhalter_cluster" => {
            let test = spiegelhalter_clustered(&forecasts_by_cluster(input));
            json!({ "t": value(test.map(|test| test.statistic)), "p": value(test.map(|test| test.p)) })
        }
        "calibration_band" => {
            let level = Confidence::new(1.0 - number(input, "alpha")).unwrap();
            let band = calibration_band(&forecasts(input), level).unwrap();
            json!({
                "x": band.iter().map(|point| point.p).collect::<Vec<_>>(),
                "lower": band.iter().map(|point| point.lower).collect::<Vec<_>>(),
                "upper": band.iter().map(|point| point.upper).collect::<Vec<_>>(),
            })
        }
        "calibration_evalue" => evidence_case(input),
        "risk_coverage" => {
            let areas = risk_coverage(&numbers(input, "conf"), &numbers(input, "loss")).unwrap().unwrap();
            json!({
                "aurc": areas.aurc, "aurc_opt": areas.aurc_optimal, "eaurc": areas.excess_aurc, "augrc": areas.augrc,
                "risk_full": areas.full_risk,
            })
        }
        "platt" => platt_case(input),
        "temperature" => {
            let (labels, logits) = (labels(input, "y"), numbers(input, "logit"));
            let found = temperature_scaling(&LabelledScores::new(&labels, &logits).unwrap());
            json!({
                "beta": value(found.map(|found| found.inverse)),
                "T": value(found.and_then(|found| found.temperature)),
            })
        }
        "beta_calibration" => {
            let map = beta_calibration(&forecasts(input)).unwrap();
            json!({ "a": map.a, "b": map.b, "c": map.c })
        }
        "crossfit_recalibration" => crossfit_case(input),
        "venn_abers" => {
            let (labels, scores) = (labels(input, "y_cal"), numbers(input, "p_cal"));
            let items = LabelledScores::new(&labels, &scores).unwrap();
            let found = venn_abers(&items, &numbers(input, "p_test")).unwrap().unwrap();
            json!({
                "p0": found.iter().map(|one| one.lower).collect::<Vec<_>>(),
                "p1": found.iter().map(|one| one.upper).collect::<Vec<_>>(),
                "p": found.iter().map(|one| one.merged).collect::<Vec<_>>(),
            })
        }
        _ => return None,
    })
}

fn platt_case(input: &Value) -> Value {
    let (labels, scores) = (labels(input, "y"), numbers(input, "score"));
    let items = LabelledScores::new(&labels, &scores).unwrap();
    let fields =
        |map: Result<PlattMap, Undefined>| map.map_or(Value::Null, |map| json!({ "a": map.slope, "b": map.intercept }));
    json!({
        "smooth": fields(platt_scaling(&items, PlattTargets::Smoothed)),
        "mle": fields(platt_scaling(&items, PlattTargets::Observed)),
    })
}

fn crossfit_case(input: &Value) -> Value {
    let (labels, scores) = (labels(input, "y"), numbers(input, "score"));
    let items = LabelledScores::new(&labels, &scores).unwrap();
    let of = |family| crossfit(&items, &codes(input, "fold"), family).unwrap().unwrap();
    let (platt, isotonic) = (of(Recalibration::Platt), of(Recalibration::Isotonic));
    let brier = |p: &[f64]| value(brier_score(&Forecasts::new(p, &labels).unwrap()));
    json!({
        "brier_platt": brier(&platt), "brier_isotonic": brier(&isotonic), "platt": platt, "isotonic": isotonic,
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

fn delong_case(input: &Value) -> Value {
    let labels = labels(input, "y");
    let (first, second) = (numbers(input, "s1"), numbers(input, "s2"));
    let Ok(both) = delong_paired(&labels, &first, &second, confidence(input)).unwrap() else {
        return json!({ "auc": null });
    };
    // Each alone must give what it gives in the pair.
    let alone = delong(&LabelledScores::new(&labels, &second).unwrap(), confidence(input)).unwrap();
    assert_eq!(alone, both.second);
    json!({
        "auc": [both.first.auc, both.second.auc],
        "var": [value(both.first.variance), value(both.second.variance)],
        "ci": [interval(both.first.wald), interval(both.second.wald)],
        "ci_logit": [interval(both.first.logit), interval(both.second.logit)],
        "cov": value(both.covariance), "z": value(both.z), "p": value(both.p),
    })
}

fn auc_clustered_case(input: &Value) -> Value {
    let (labels, scores) = (labels(input, "y"), numbers(input, "s"));
    let items = LabelledScores::new(&labels, &scores).unwrap();
    let estimate = auc_clustered(&items, &codes(input, "cluster")).unwrap().unwrap();
    json!({ "auc": estimate.auc, "se": value(estimate.se), "se_ij": value(estimate.se_infinitesimal_jackknife) })
}

fn average_precision_case(input: &Value) -> Value {
    let (labels, scores) = (labels(input, "y"), numbers(input, "s"));
    let levels = LabelledScores::new(&labels, &scores).unwrap().levels();
    let prevalence = levels.positives() / (levels.positives() + levels.negatives());
    json!({ "ap": value(average_precision(&levels)), "prevalence": prevalence })
}

fn thresholds_case(input: &Value) -> Value {
    let (labels, scores) = (labels(input, "y"), numbers(input, "s"));
    let levels = LabelledScores::new(&labels, &scores).unwrap().levels();
    let at = |threshold| match threshold {
        Threshold::At(value) => json!(value),
        Threshold::Never => Value::Null,
    };
    let youden = highest_youden_j(&levels).unwrap();
    let recall = highest_recall_at_specificity(&levels, number(input, "min_spec")).unwrap().unwrap();
    let cost = lowest_cost(&levels, number(input, "c_fn"), number(input, "c_fp")).unwrap().unwrap();
    json!({
        "youden": { "t": at(youden.threshold), "j": youden.youden_j },
        "max_recall_at_spec": { "t": at(recall.threshold), "recall": recall.recall, "spec": recall.specificity },
        "cost": { "t": at(cost.threshold), "cost": cost.cost },
    })
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
