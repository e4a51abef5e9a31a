//! Corrections and consequences: reference cases.

use super::fields::{codes, interval, number, numbers, rows, value};
use crate::Confidence;
use crate::correct::{
    Confusion, PpiTotals, SystemRates, Tuning, apparent_ranking, confusion_inversion, consequences, joint_mle,
    label_equivalent, post_stratified, ppi_mean, ppi_mean_clustered, rank_reversal, rogan_gladen,
};
use serde_json::{Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "rogan_gladen" => rogan_gladen_case(input),
        "ppi_mean" => ppi_case(input),
        "eif_poststratified" => post_stratified_case(input),
        "confusion_inversion" => {
            let found = confusion_inversion(&rows(input, "M"), &numbers(input, "a")).unwrap().unwrap();
            json!({ "raw": found.raw.clone().ok(), "cond": value(found.condition), "em": found.likely })
        }
        "rank_reversal" => {
            let found = rank_reversal(&numbers(input, "mu"), &rows(input, "V")).unwrap();
            let pairs = found.pairs.iter().map(|pair| json!([pair.first, pair.second, pair.probability]));
            json!({ "pairs": pairs.collect::<Vec<_>>(), "expected_kendall": found.expected_kendall })
        }
        "apparent_rank" => apparent_rank_case(input),
        "label_equivalent" => {
            let totals = PpiTotals::new(&numbers(input, "Y"), &numbers(input, "F"), &[]).unwrap();
            let found = label_equivalent(&totals, number(input, "n"), number(input, "N")).unwrap().unwrap();
            json!({
                "rho2": found.squared_correlation, "multiplier": value(found.multiplier),
                "extra_labels": value(found.extra_labels),
            })
        }
        "consequences" => consequences_case(input),
        _ => return None,
    })
}

fn confidence(input: &Value) -> Confidence {
    Confidence::new(number(input, "conf")).unwrap()
}

fn rogan_gladen_case(input: &Value) -> Value {
    let (tp, tn) = (number(input, "tp"), number(input, "tn"));
    let table = Confusion::new(tp, number(input, "positives") - tp, number(input, "negatives") - tn, tn).unwrap();
    let found = rogan_gladen(number(input, "flagged"), number(input, "n"), &table, confidence(input));
    let found = found.unwrap().unwrap();
    json!({
        "apparent": found.apparent, "J": found.youden_j, "raw": value(found.raw), "theta": value(found.value),
        "delta_se": value(found.se), "delta_ci": interval(found.delta),
        "lang_reiczigel": interval(found.lang_reiczigel),
    })
}

fn ppi_case(input: &Value) -> Value {
    let (y, f, pool) = (numbers(input, "Y"), numbers(input, "F"), numbers(input, "FU"));
    let totals = PpiTotals::new(&y, &f, &pool).unwrap();
    let of = |tuning| {
        let found = ppi_mean(&totals, tuning, Confidence::DEFAULT).unwrap();
        json!({ "lam": found.weight, "theta": found.value, "se": found.se, "ci": interval(found.interval) })
    };
    let mut fields = json!({ "ppi": of(Tuning::Full), "ppi_pp": of(Tuning::Best), "classical": of(Tuning::Labels) });
    if input.get("cluster_L").is_some() {
        let (labelled, others) = (codes(input, "cluster_L"), codes(input, "cluster_U"));
        let clusters = PpiTotals::by_cluster(&y, &f, &labelled, &pool, &others).unwrap();
        let found = ppi_mean_clustered(&clusters, Tuning::Full, Confidence::DEFAULT).unwrap();
        fields["cluster"] = json!({ "theta": found.value, "se": value(found.se), "G": found.clusters });
    }
    fields
}

fn post_stratified_case(input: &Value) -> Value {
    let (gold, flags) = (codes(input, "Y"), codes(input, "F"));
    let cell = |harmful: usize, flagged: usize| {
        gold.iter().zip(&flags).filter(|pair| *pair == (&harmful, &flagged)).count() as f64
    };
    let table = Confusion::new(cell(1, 1), cell(1, 0), cell(0, 1), cell(0, 0)).unwrap();
    let others = numbers(input, "FU");
    let flagged: f64 = others.iter().sum();
    let passed = others.len() as f64 - flagged;
    let found = post_stratified(&table, flagged, passed, confidence(input)).unwrap().unwrap();
    let joint = joint_mle(&table, flagged, passed).unwrap().unwrap();
    json!({
        "eif": { "theta": found.value, "se": found.se, "ci": interval(found.interval) },
        "mle": { "theta": joint.prevalence, "q1": value(joint.sensitivity), "q0": value(joint.specificity) },
    })
}

fn apparent_rank_case(input: &Value) -> Value {
    let (harm, sens, spec) = (numbers(input, "theta"), numbers(input, "sens"), numbers(input, "spec"));
    let system =
        |index: usize| SystemRates { harm_rate: harm[index], sensitivity: sens[index], specificity: spec[index] };
    let found = apparent_ranking(&(0..harm.len()).map(system).collect::<Vec<_>>()).unwrap();
    json!({ "apparent": found.apparent, "swapped": found.swapped })
}

fn consequences_case(input: &Value) -> Value {
    let count = |key| number(input, key);
    let table = Confusion::new(count("tp"), count("fn"), count("fp"), count("tn")).unwrap();
    let panel = consequences(&table).unwrap();
    json!({
        "undetected_per_1000": panel.undetected_per_1000, "false_omission_rate": value(panel.false_omission_rate),
        "true_prevalence": panel.true_prevalence, "apparent_prevalence": panel.apparent_prevalence,
        "J": value(panel.youden_j), "inflation": value(panel.sample_size_inflation),
    })
}
