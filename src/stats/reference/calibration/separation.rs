//! Separation: AUC, average precision, thresholds.

use super::super::fields::{codes, interval, number, numbers, value};
use super::{confidence, labels};
use crate::auc::{
    LabelledScores, Threshold, auc_clustered, average_precision, average_precision_interval, delong, delong_paired,
    highest_recall_at_specificity, highest_youden_j, lowest_cost,
};
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
        _ => return None,
    })
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
