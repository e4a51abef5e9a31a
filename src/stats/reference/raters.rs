//! Raters and uncertain gold: reference cases.

use super::fields::{count, number, ratings, value};
use crate::correct::Confusion;
use crate::raters::{
    AltTestSettings, Closeness, RatingTable, UnscoredNegatives, alternative_annotator_test, dawid_skene, human_ceiling,
    imperfect_gold, soft_rates,
};
use serde_json::{Value, json};

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "dawid_skene" => {
            let table = RatingTable::new(ratings(input, "labels"), count(input, "q")).unwrap();
            let found = dawid_skene(&table, count(input, "iters")).unwrap();
            json!({ "probas": found.posteriors, "priors": found.prevalence })
        }
        "alt_test" => alt_test_case(input),
        "human_ceiling" => {
            let found = human_ceiling(&RatingTable::new(ratings(input, "labels"), 100).unwrap());
            json!({
                "n": found.map_or(0, |found| found.n), "loo_exact": value(found.map(|found| found.exact)),
                "loo_mae": value(found.map(|found| found.mean_distance)),
            })
        }
        "soft_recall" => soft_case(input),
        "imperfect_gold" => imperfect_gold_case(input),
        _ => return None,
    })
}

fn soft_case(input: &Value) -> Value {
    let share = |votes: &Vec<Option<usize>>| votes.iter().flatten().sum::<usize>() as f64 / votes.len() as f64;
    let shares: Vec<f64> = ratings(input, "votes").iter().map(share).collect();
    let flags: Vec<Option<bool>> =
        input["judge"].as_array().unwrap().iter().map(|flag| flag.as_u64().map(|flag| flag == 1)).collect();
    let found = soft_rates(&shares, &flags, UnscoredNegatives::CorrectRejection).unwrap();
    json!({ "recall": value(found.recall), "specificity": value(found.specificity) })
}

fn imperfect_gold_case(input: &Value) -> Value {
    let cell = |key| number(input, key);
    let table = Confusion::new(cell("n11"), cell("n01"), cell("n10"), cell("n00")).unwrap();
    let found = imperfect_gold(&table, cell("se_gold"), cell("sp_gold")).unwrap().unwrap();
    json!({
        "raw_sens": value(found.observed_sensitivity), "raw_spec": value(found.observed_specificity),
        "sens": value(found.sensitivity), "spec": value(found.specificity), "prevalence": value(found.prevalence),
    })
}

fn alt_test_case(input: &Value) -> Value {
    let raters: Vec<&String> = input["humans"].as_object().unwrap().keys().collect();
    let mut items: Vec<&String> =
        input["humans"].as_object().unwrap().values().flat_map(|given| given.as_object().unwrap().keys()).collect();
    items.sort();
    items.dedup();
    let level = |given: &Value, item: &str| given.get(item).and_then(Value::as_u64).map(|level| level as usize);
    let row = |item: &&String| raters.iter().map(|rater| level(&input["humans"][*rater], item)).collect();
    let table = RatingTable::new(items.iter().map(row).collect(), 100).unwrap();
    let judge: Vec<Option<usize>> = items.iter().map(|item| level(&input["llm"], item)).collect();
    let clusters: Option<Vec<usize>> =
        input.get("cluster").map(|ids| items.iter().map(|item| level(ids, item).unwrap()).collect());
    let of = |closeness, clusters: Option<&[usize]>| {
        let settings = AltTestSettings {
            epsilon: number(input, "eps"),
            q: number(input, "q"),
            closeness,
            min_items: count(input, "min_items"),
            min_raters: count(input, "min_humans"),
        };
        let Ok(found) = alternative_annotator_test(&judge, &table, clusters, &settings).unwrap() else {
            return json!({ "omega": null, "rho": null, "raters": [] });
        };
        json!({
            "omega": found.winning_rate, "rho": found.advantage,
            "p": found.raters.iter().map(|rater| rater.p).collect::<Vec<_>>(),
            "p_by": found.raters.iter().map(|rater| rater.p_adjusted).collect::<Vec<_>>(),
            "rho_h": found.raters.iter().map(|rater| rater.judge_wins).collect::<Vec<_>>(),
            "reject": found.raters.iter().map(|rater| rater.rejected).collect::<Vec<_>>(),
            "raters": found.raters.iter().map(|rater| raters[rater.rater]).collect::<Vec<_>>(),
        })
    };
    json!({
        "accuracy": of(Closeness::Accuracy, None), "neg_rmse": of(Closeness::NegativeRmse, None),
        "cluster_accuracy": of(Closeness::Accuracy, clusters.as_deref()),
    })
}
