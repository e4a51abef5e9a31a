//! Distribution functions, proportions, gaps, resampling, missing verdicts: reference cases.

use super::fields::{codes, interval, number, numbers, rows, value};
use super::smooth;
use crate::gap::{
    GapCount, PairedCounts, agresti_min_paired, describe_gap, newcombe_independent, newcombe_paired, tango_paired,
    tango_score, two_one_sided_tests,
};
use crate::missing::{MissingCount, imbens_manski, missing_bounds};
use crate::proportion::{
    ClusterCount, Guarded, agresti_coull, anova_icc, clopper_pearson, describe_proportion, jeffreys, wilson,
};
use crate::random::StreamKey;
use crate::resample::{Bca, ClusterResample, bootstrap_ratio};
use crate::signflip::{gap_test, sign_flip};
use crate::{Interval, Undefined, special};
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
        "newcombe_independent" => independent(input),
        "newcombe_paired" => paired(input),
        "tango_paired" => tango(input),
        "agresti_min_paired" => {
            json!({ "ci": interval(agresti_min_paired(&discordant(input), number(input, "conf"))) })
        }
        "recall_gap_cluster" => gap(input),
        "tost" => tost(input),
        "bootstrap_intervals" => bootstrap(input),
        "signflip_exact" => flips(input),
        "gap_signflip" => gap_flips(input),
        "cluster_jackknife" => smooth::jackknives(input),
        "manski_bounds" => manski(input),
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

fn independent(input: &Value) -> Value {
    let [hits, totals] = [["k1", "k2"], ["n1", "n2"]].map(|keys| keys.map(|key| number(input, key)));
    let found = newcombe_independent(hits, totals, number(input, "conf"));
    json!({ "diff": hits[0] / totals[0] - hits[1] / totals[1], "ci": interval(found) })
}

fn paired(input: &Value) -> Value {
    let [both, only_first, only_second, neither] = ["a", "b", "c", "d"].map(|key| number(input, key));
    let counts = PairedCounts { both, only_first, only_second, neither };
    let found = newcombe_paired(&counts, number(input, "conf")).unwrap();
    json!({ "diff": found.difference, "phi": found.phi, "ci": interval(Ok(found.interval)) })
}

/// Pairs of which only the discordant ones and the total are given; the others are put with the misses.
fn discordant(input: &Value) -> PairedCounts {
    let [only_first, only_second, total] = ["b", "c", "n"].map(|key| number(input, key));
    PairedCounts { both: 0.0, only_first, only_second, neither: total - only_first - only_second }
}

fn tango(input: &Value) -> Value {
    let counts = discordant(input);
    json!({
        "diff": (counts.only_first - counts.only_second) / counts.total(),
        "ci": interval(tango_paired(&counts, number(input, "conf"))),
        "z_at_0": value(tango_score(&counts, 0.0)),
    })
}

/// Counts a cluster on both sides of a gap.
fn gap_cells(input: &Value) -> Vec<GapCount> {
    let [h1, n1, h2, n2] = ["h1", "n1", "h2", "n2"].map(|key| numbers(input, key));
    let cell = |g: usize| GapCount { first: ClusterCount::new(h1[g], n1[g]), second: ClusterCount::new(h2[g], n2[g]) };
    (0..n1.len()).map(cell).collect()
}

fn gap(input: &Value) -> Value {
    let Ok(gap) = describe_gap(&gap_cells(input), number(input, "conf")) else {
        return json!({ "gap": null });
    };
    json!({
        "p1": gap.first,
        "p2": gap.second,
        "gap": gap.value,
        "v1": value(gap.variance.map(|variance| variance.first)),
        "v2": value(gap.variance.map(|variance| variance.second)),
        "cov": value(gap.variance.map(|variance| variance.covariance)),
        "corr": value(gap.variance.map(|variance| variance.correlation)),
        "se": value(gap.variance.map(|variance| variance.standard_error)),
        "G": gap.clusters,
        "t_ci": interval(gap.t_interval),
        "mover": interval(gap.unguarded.difference),
        "ci1": interval(gap.unguarded.first),
        "ci2": interval(gap.unguarded.second),
        "mover_guarded": interval(gap.guarded.difference),
        "guarded_ci1": interval(gap.guarded.first),
        "guarded_ci2": interval(gap.guarded.second),
    })
}

fn tost(input: &Value) -> Value {
    let [difference, error, df, margin, level] = ["diff", "se", "df", "margin", "conf"].map(|key| number(input, key));
    let found = two_one_sided_tests(difference, error, df, margin, level);
    json!({
        "p": value(found.map(|found| found.p_value)),
        "p_lower": value(found.map(|found| found.p_lower)),
        "p_upper": value(found.map(|found| found.p_upper)),
        "equivalent": found.ok().map(|found| found.equivalent),
    })
}

fn flips(input: &Value) -> Value {
    let found = sign_flip(&numbers(input, "d"), &StreamKey::new(0, "", "", "reference")).unwrap();
    json!({ "p": found.p_value, "p_mid": found.p_mid })
}

fn gap_flips(input: &Value) -> Value {
    let found = gap_test(&gap_cells(input), &StreamKey::new(0, "", "", "reference"));
    let read = |read: fn(&crate::signflip::GapTest) -> f64| found.as_ref().ok().map(read);
    json!({
        "gap": read(|found| found.value),
        "d": found.as_ref().ok().map(|found| found.scores.clone()),
        "p": read(|found| found.test.p_value),
        "p_mid": read(|found| found.test.p_mid),
    })
}

fn manski(input: &Value) -> Value {
    let [hits, misses, missing] = ["hits", "misses", "missing"].map(|key| number(input, key));
    let Ok(bounds) = missing_bounds(&MissingCount { hits, misses, missing }) else {
        return json!({ "lower": null, "upper": null, "complete_case": null, "itt": null });
    };
    let binomial = |share: f64| (share * (1.0 - share) / (hits + misses + missing)).sqrt();
    let ends = Interval { lower: bounds.lower, upper: bounds.upper };
    let found = imbens_manski(ends, [binomial(ends.lower), binomial(ends.upper)], number(input, "conf")).unwrap();
    json!({
        "lower": bounds.lower,
        "upper": bounds.upper,
        "complete_case": value(bounds.complete_case),
        "itt": bounds.intention_to_treat,
        "imbens_manski": { "c": value(found.critical), "ci": interval(Ok(found.interval)) },
    })
}

fn bootstrap(input: &Value) -> Value {
    let (num, den) = (numbers(input, "num"), numbers(input, "den"));
    let cells: Vec<ClusterCount> = num.iter().zip(&den).map(|(&hits, &total)| ClusterCount { hits, total }).collect();
    let counts: Vec<Vec<u32>> =
        rows(input, "counts").iter().map(|row| row.iter().map(|count| *count as u32).collect()).collect();
    let resample = ClusterResample::from_counts(&counts).unwrap();
    let found = bootstrap_ratio(&cells, &resample, number(input, "conf")).unwrap();
    let columns = std::num::NonZeroUsize::new(2).unwrap();
    let table: Vec<f64> = num.iter().zip(&den).flat_map(|(num, den)| [*num, *den]).collect();
    let sums = resample.sums(&table, columns, std::num::NonZeroUsize::MIN).unwrap();
    let first: Vec<f64> = sums.chunks(2).take(10).map(|sum| sum[0] / sum[1]).collect();
    let bca = |read: fn(Bca) -> f64| value(found.bca.map(read));
    json!({
        "theta": found.value,
        "percentile": interval(found.percentile),
        "basic": interval(found.basic),
        "se": value(found.replicates.standard_error()),
        "z0": bca(|bca| bca.bias),
        "acc": bca(|bca| bca.acceleration),
        "alpha1": bca(|bca| bca.tails[0]),
        "alpha2": bca(|bca| bca.tails[1]),
        "bca": interval(found.bca.map(|bca| bca.interval)),
        "studentised": interval(found.studentised.map(|studentised| studentised.interval)),
        "studentised_dropped": found.studentised.ok().map(|studentised| studentised.dropped),
        "reps_first10": first,
    })
}
