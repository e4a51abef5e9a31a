//! Agreement: reference cases.

use super::fields::{codes, count, interval, number, ratings, rows, value};
use crate::agreement::{
    BinaryTable, ConfusionTable, Metric, RatingCounts, Weighting, bowker, clustered_kappa_error, cohen_kappa,
    fleiss_kappa, gwet_coefficient_of_ratings, intraclass_correlations, krippendorff_alpha_of_ratings, ordinal_errors,
    paradox_panel, rank_association, stuart_maxwell,
};
use serde_json::{Map, Value, json};

const WEIGHTINGS: [(&str, Weighting); 3] =
    [("none", Weighting::Nominal), ("linear", Weighting::Linear), ("quadratic", Weighting::Quadratic)];

pub(super) fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "cohen_kappa" => kappas(input),
        "kappa_cluster_se" => clustered_kappa(input),
        "krippendorff_alpha" => alphas(input),
        "gwet_ac" => gwet(input),
        "fleiss_kappa" => json!({ "kappa": value(fleiss_kappa(&rows(input, "counts"))) }),
        "icc" => correlations(input),
        "rank_association" => associations(input),
        "ordinal_errors" => errors(input),
        "kappa_paradox" => paradox(input),
        "marginal_homogeneity" => margins(input),
        _ => return None,
    })
}

/// Tables of gold against judge, one a cluster in the order of the labels.
pub(super) fn tables(gold: &[usize], judge: &[usize], clusters: &[usize], levels: usize) -> Vec<ConfusionTable> {
    let mut labels = clusters.to_vec();
    labels.sort_unstable();
    labels.dedup();
    let mut tables = vec![ConfusionTable::new(levels).unwrap(); labels.len()];
    for ((&gold, &judge), cluster) in gold.iter().zip(judge).zip(clusters) {
        tables[labels.binary_search(cluster).unwrap()].add(gold, judge, 1.0);
    }
    tables
}

/// The table of two lists of severities, as long as the larger one.
fn table(input: &Value) -> ConfusionTable {
    let (gold, judge) = (codes(input, "gold"), codes(input, "judge"));
    let levels = gold.iter().chain(&judge).max().unwrap() + 1;
    tables(&gold, &judge, &vec![0; gold.len()], levels.max(2)).remove(0)
}

fn kappas(input: &Value) -> Value {
    let table = ConfusionTable::from_rows(&rows(input, "table")).unwrap();
    let answers = WEIGHTINGS.map(|(name, weighting)| {
        let found = cohen_kappa(&table, weighting, number(input, "conf"));
        let answer = json!({
            "kappa": value(found.map(|found| found.value)),
            "po": value(found.map(|found| found.observed)),
            "pe": value(found.map(|found| found.expected)),
            "se": value(found.map(|found| found.standard_error)),
            "se0": value(found.map(|found| found.null_standard_error)),
            "ci": interval(found.map(|found| found.interval)),
        });
        (name.to_owned(), answer)
    });
    Value::Object(Map::from_iter(answers))
}

fn clustered_kappa(input: &Value) -> Value {
    let (gold, judge, clusters) = (codes(input, "gold"), codes(input, "judge"), codes(input, "cluster"));
    let levels = count(input, "q");
    let weighting = WEIGHTINGS.iter().find(|(name, _)| input["weights"] == *name).unwrap().1;
    let clustered = tables(&gold, &judge, &clusters, levels);
    let singletons = tables(&gold, &judge, &(0..gold.len()).collect::<Vec<_>>(), levels);
    let all = ConfusionTable::sum_without(&clustered, None).unwrap();
    json!({
        "kappa": value(cohen_kappa(&all, weighting, 0.95).map(|found| found.value)),
        "se_cluster": value(clustered_kappa_error(&clustered, weighting)),
        "se_singletons": value(clustered_kappa_error(&singletons, weighting)),
    })
}

fn alphas(input: &Value) -> Value {
    let raters = ratings(input, "ratings");
    let unit = |unit: usize| raters.iter().map(|rater| rater[unit]).collect::<Vec<_>>();
    let units: Vec<_> = (0..raters[0].len()).map(unit).collect();
    let levels = units.iter().flatten().flatten().max().unwrap() + 1;
    let counts = RatingCounts::from_ratings(&units, levels.max(2)).unwrap();
    json!({
        "nominal": value(krippendorff_alpha_of_ratings(&counts, Metric::Nominal)),
        "ordinal": value(krippendorff_alpha_of_ratings(&counts, Metric::Ordinal)),
        "interval": value(krippendorff_alpha_of_ratings(&counts, Metric::Interval)),
    })
}

fn gwet(input: &Value) -> Value {
    let counts = RatingCounts::from_ratings(&ratings(input, "ratings_by_item"), count(input, "q")).unwrap();
    let answers = WEIGHTINGS.map(|(name, weighting)| {
        let found = gwet_coefficient_of_ratings(&counts, weighting, number(input, "conf"));
        let answer = json!({
            "coef": value(found.map(|found| found.value)),
            "pa": value(found.map(|found| found.observed)),
            "pe": value(found.map(|found| found.expected)),
            "se": value(found.and_then(|found| found.standard_error)),
            "ci": interval(found.and_then(|found| found.interval)),
        });
        (name.to_owned(), answer)
    });
    Value::Object(Map::from_iter(answers))
}

fn correlations(input: &Value) -> Value {
    let found = intraclass_correlations(&rows(input, "X"));
    json!({
        "icc1": value(found.and_then(|found| found.one_way)),
        "icc2": value(found.and_then(|found| found.agreement)),
        "icc3": value(found.and_then(|found| found.consistency)),
        "icc1k": value(found.and_then(|found| found.one_way_mean)),
        "icc2k": value(found.and_then(|found| found.agreement_mean)),
        "icc3k": value(found.and_then(|found| found.consistency_mean)),
    })
}

fn associations(input: &Value) -> Value {
    let found = rank_association(&table(input)).unwrap();
    json!({
        "tau_b": value(found.tau_b),
        "gamma": value(found.gamma),
        "somers_d_y_given_x": value(found.somers_d),
        "spearman": value(found.spearman),
    })
}

fn errors(input: &Value) -> Value {
    let found = ordinal_errors(&table(input)).unwrap();
    json!({
        "n": found.total,
        "exact": found.exact,
        "within1": found.within_one,
        "mae": found.mean_absolute,
        "rmse": found.root_mean_square,
        "mean_signed": found.mean_signed,
        "under": found.under,
        "over": found.over,
    })
}

fn paradox(input: &Value) -> Value {
    let [true_positive, false_negative, false_positive, true_negative] =
        ["a", "b", "c", "d"].map(|key| number(input, key));
    let found = paradox_panel(&BinaryTable { true_positive, false_negative, false_positive, true_negative }).unwrap();
    json!({
        "po": found.observed,
        "kappa": value(found.kappa),
        "pabak": found.pabak,
        "prevalence_index": found.prevalence_index,
        "bias_index": found.bias_index,
        "kappa_max": value(found.kappa_max),
        "p_pos": value(found.positive_agreement),
        "p_neg": value(found.negative_agreement),
    })
}

fn margins(input: &Value) -> Value {
    let table = ConfusionTable::from_rows(&rows(input, "table")).unwrap();
    let (symmetry, margins) = (bowker(&table), stuart_maxwell(&table));
    json!({
        "bowker": {
            "stat": value(symmetry.map(|found| found.statistic)),
            "df_nonempty": value(symmetry.map(|found| found.df)),
            "df_full": value(symmetry.map(|found| found.df_all_pairs)),
            "p_nonempty": value(symmetry.map(|found| found.p_value)),
            "p_full": value(symmetry.map(|found| found.p_all_pairs)),
        },
        "stuart_maxwell": {
            "stat": value(margins.map(|found| found.statistic)),
            "df": value(margins.map(|found| found.df)),
            "p": value(margins.map(|found| found.p_value)),
        },
    })
}
