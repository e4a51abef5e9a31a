//! What ranking systems by this judge would do.

use std::collections::BTreeMap;

use super::words;
use crate::measure::answers::{Answered, Context, Part, counts, flag, jackknife_of_sums};
use crate::measure::evaluation::{EqualErrors, SmallestSwap, SystemPair, SystemRanking};
use crate::stats::agreement::{ConfusionTable, rank_association};
use crate::stats::correct::{rank_reversal, swapping_difference};
use crate::stats::jackknife::Scale;
use crate::stats::proportion::{ClusterCount, totals};
use crate::stats::{Estimate, Undefined};

/// Pairs that are listed.
const LISTED: usize = 50;
/// Rates closer than this are equal: what is left is rounding.
const EQUAL: f64 = 1e-12;

/// Rates of the systems by one of two readers, with their sums by cluster.
struct Rates {
    counts: Vec<Vec<ClusterCount>>,
    values: Vec<f64>,
}

impl Rates {
    /// None where a system has nothing in the denominator.
    fn new(groups: &[&Vec<&Answered>], part: impl Fn(&Answered) -> Part, context: &Context<'_>) -> Option<Self> {
        let clusters = context.layout.clusters.len();
        let counts: Vec<Vec<ClusterCount>> =
            groups.iter().map(|examples| counts(clusters, examples.iter().copied(), &part)).collect();
        let value = |counts: &Vec<ClusterCount>| {
            let all = totals(counts);
            (all.total > 0.0).then(|| all.hits / all.total)
        };
        let values = counts.iter().map(value).collect::<Option<Vec<f64>>>()?;
        Some(Self { counts, values })
    }

    /// Joint linearised covariance over clusters; none below two clusters.
    fn covariance(&self) -> Option<Vec<Vec<f64>>> {
        let systems = self.values.len();
        let sizes: Vec<f64> = self.counts.iter().map(|counts| totals(counts).total).collect();
        let mut covariance = vec![vec![0.0; systems]; systems];
        let mut used = 0.0;
        for cluster in 0..self.counts.first()?.len() {
            let of_cluster = (0..systems).map(|system| self.counts[system][cluster]);
            let parts: Vec<f64> = of_cluster
                .enumerate()
                .map(|(system, count)| (count.hits - self.values[system] * count.total) / sizes[system])
                .collect();
            if (0..systems).any(|system| self.counts[system][cluster].total > 0.0) {
                used += 1.0;
            }
            for (row, one) in covariance.iter_mut().zip(&parts) {
                row.iter_mut().zip(&parts).for_each(|(cell, other)| *cell += one * other);
            }
        }
        if used < 2.0 {
            return None;
        }
        covariance.iter_mut().flatten().for_each(|cell| *cell *= used / (used - 1.0));
        Some(covariance)
    }

    /// Probability that sampling turns the observed order of each pair, by (first, second).
    fn reversals(&self) -> BTreeMap<(usize, usize), f64> {
        let found = self.covariance().and_then(|covariance| rank_reversal(&self.values, &covariance).ok());
        let pairs = found.map(|found| found.pairs).unwrap_or_default();
        pairs.into_iter().map(|pair| ((pair.first, pair.second), pair.probability)).collect()
    }

    fn order(&self, names: &[&str]) -> Vec<String> {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|one, other| {
            self.values[*one].total_cmp(&self.values[*other]).then(names[*one].cmp(names[*other]))
        });
        order.into_iter().map(|system| names[system].to_owned()).collect()
    }
}

/// The ranking; none where a system has no verdict at all.
pub(super) fn ranking_of_systems(
    systems: &BTreeMap<&str, Vec<&Answered>>,
    youden_j: Option<f64>,
    equal_errors: EqualErrors,
    context: &Context<'_>,
) -> Option<SystemRanking> {
    let names: Vec<&str> = systems.keys().copied().collect();
    let groups: Vec<&Vec<&Answered>> = systems.values().collect();
    let gold = Rates::new(&groups, |one| Some((f64::from(u8::from(one.positive)), 1.0)), context)?;
    let apparent = Rates::new(&groups, flag, context)?;
    let mut pairs = all_pairs(&names, &gold, &apparent);
    let system_pairs = pairs.len();
    let flipped_pairs = pairs.iter().filter(|pair| pair.flips).count();
    let wrong: Vec<f64> = pairs.iter().filter_map(|pair| pair.probability_wrong).collect();
    pairs.sort_by(|one, other| {
        let chance = |pair: &SystemPair| pair.probability_wrong.unwrap_or(-1.0);
        chance(other)
            .total_cmp(&chance(one))
            .then_with(|| (&one.better, &one.worse).cmp(&(&other.better, &other.worse)))
    });
    pairs.truncate(LISTED);
    let mut ranking = SystemRanking {
        gold_order: gold.order(&names),
        apparent_order: apparent.order(&names),
        system_pairs,
        flipped_pairs,
        tau_b: tau_b(&gold, &apparent, context.options.level),
        expected_wrong_pairs: (!wrong.is_empty()).then(|| wrong.iter().sum()),
        smallest_swap: youden_j.and_then(|youden_j| smallest_swap(&names, &gold.values, youden_j)),
        equal_errors,
        pairs,
        in_words: String::new(),
    };
    ranking.in_words = words::ranking(&ranking);
    Some(ranking)
}

fn all_pairs(names: &[&str], gold: &Rates, apparent: &Rates) -> Vec<SystemPair> {
    let (doubts, reversals) = (gold.reversals(), apparent.reversals());
    let mut pairs = Vec::new();
    for first in 0..names.len() {
        for second in first + 1..names.len() {
            // The first is the better one unless the labels say otherwise.
            let turned = gold.values[first] > gold.values[second] + EQUAL;
            let (better, worse) = if turned { (second, first) } else { (first, second) };
            let difference = |rates: &Rates| {
                let difference = rates.values[worse] - rates.values[better];
                if difference.abs() <= EQUAL { 0.0 } else { difference }
            };
            let (gold_difference, apparent_difference) = (difference(gold), difference(apparent));
            let flips = gold_difference > 0.0 && apparent_difference < 0.0;
            let reversal = reversals.get(&(first, second)).copied();
            pairs.push(SystemPair {
                better: names[better].to_owned(),
                worse: names[worse].to_owned(),
                gold_difference,
                apparent_difference,
                flips,
                gold_doubt: doubts.get(&(first, second)).copied(),
                probability_wrong: reversal
                    .filter(|_| gold_difference > 0.0)
                    .map(|reversal| if flips { 1.0 - reversal } else { reversal }),
            });
        }
    }
    pairs
}

/// Tau-b of the two lists of rates, with the jackknife over clusters.
fn tau_b(gold: &Rates, apparent: &Rates, level: f64) -> Estimate {
    let systems = gold.values.len();
    let parts: Vec<Vec<f64>> = (0..gold.counts[0].len())
        .map(|cluster| {
            let of = |rates: &Rates, system: usize| rates.counts[system][cluster];
            let sums = |system: usize| [of(gold, system), of(apparent, system)];
            (0..systems).flat_map(sums).flat_map(|count| [count.hits, count.total]).collect()
        })
        .collect();
    let mut estimate = jackknife_of_sums(&parts, Scale::Atanh, level, |sums| {
        let rate = |at: usize| if sums[at + 1] > 0.0 { Ok(sums[at] / sums[at + 1]) } else { Err(Undefined::NoData) };
        let gold = (0..systems).map(|system| rate(4 * system)).collect::<Result<Vec<f64>, _>>()?;
        let apparent = (0..systems).map(|system| rate(4 * system + 2)).collect::<Result<Vec<f64>, _>>()?;
        let mut table = ConfusionTable::new(systems).map_err(|_| Undefined::TooFew)?;
        for (gold, apparent) in ranks(&gold).into_iter().zip(ranks(&apparent)) {
            table.add(gold, apparent, 1.0);
        }
        rank_association(&table)?.tau_b
    });
    estimate.n = systems as f64;
    estimate
}

/// How many values are lower; equal values share a rank.
fn ranks(values: &[f64]) -> Vec<usize> {
    values.iter().map(|own| values.iter().filter(|other| **other < own - EQUAL).count()).collect()
}

fn smallest_swap(names: &[&str], rates: &[f64], youden_j: f64) -> Option<SmallestSwap> {
    let mut least: Option<SmallestSwap> = None;
    for (better, low) in rates.iter().enumerate() {
        for (worse, high) in rates.iter().enumerate().filter(|(_, high)| **high > low + EQUAL) {
            let found = swapping_difference(youden_j, *low, *high).ok().and_then(Result::ok)?;
            if least.as_ref().is_none_or(|least| found < least.recall_difference) {
                let (better, worse) = (names[better].to_owned(), names[worse].to_owned());
                least = Some(SmallestSwap { better, worse, recall_difference: found });
            }
        }
    }
    least
}
