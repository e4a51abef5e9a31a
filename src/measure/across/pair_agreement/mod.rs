//! Who agrees with whom: judge with judge, judge with rater, rater with rater, on the examples that both answered about.

mod party;

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::measure::answers::{Context, Subject, share_of};
use crate::measure::counts::{left_over, whole};
use crate::measure::evaluation::{Comparison, PairAgreement, PairAgreements};
use crate::model::{Axis, PerAxis};
use crate::stats::agreement::{ConfusionTable, Weighting, cohen_kappa};
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::proportion::ClusterCount;
use crate::stats::{Estimate, Undefined};
use party::{Party, chosen_raters};

/// Raters held against judges and each other; a crowd of more would make the block larger than the rest of the evaluation.
const MOST_RATERS: usize = 20;

/// Every pair on both axes; judges with judges as they were compared.
pub(crate) fn pair_agreement(
    subjects: &[Subject<'_>],
    comparisons: &[Comparison],
    context: &Context<'_>,
) -> PerAxis<PairAgreements> {
    PerAxis::from_fn(|axis| on_axis(subjects, comparisons, axis, context))
}

fn on_axis(subjects: &[Subject<'_>], comparisons: &[Comparison], axis: Axis, context: &Context<'_>) -> PairAgreements {
    let mut judges: Vec<Party> = subjects.par_iter().map(|subject| Party::judge(subject, axis, context)).collect();
    judges.sort_by(|one, other| one.name.cmp(&other.name));
    let (chosen, raters_left_out) = chosen_raters(context.gold, axis, MOST_RATERS);
    let raters: Vec<Party> = chosen.par_iter().map(|rater| Party::rater(*rater, axis, context)).collect();
    let named = |name: &str| judges.binary_search_by(|judge| judge.name.as_str().cmp(name)).ok().map(|at| &judges[at]);
    let compared = comparisons.iter().filter_map(|pair| named(&pair.first).zip(named(&pair.second)));
    let with_raters = judges.iter().flat_map(|judge| raters.iter().map(move |rater| (judge, rater)));
    let of_raters = raters.iter().enumerate().flat_map(|(at, one)| raters[at + 1..].iter().map(move |two| (one, two)));
    let pairs: Vec<(&Party, &Party)> = compared.chain(with_raters).chain(of_raters).collect();
    let sizes = Sizes { clusters: context.layout.clusters.len(), levels: context.gold.card.axis(axis).levels.len() };
    let level = context.options.level;
    let pairs = pairs.into_par_iter().filter_map(|(first, second)| agreement(first, second, sizes, level)).collect();
    PairAgreements { pairs, raters_left_out }
}

/// Sizes of the set on one axis.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    clusters: usize,
    levels: usize,
}

/// One pair; none without an example that both were asked about.
fn agreement(first: &Party, second: &Party, sizes: Sizes, level: f64) -> Option<PairAgreement> {
    let flags = Sums::collect(first, second, sizes, Of::Flags);
    if flags.common == 0.0 && flags.missing == 0.0 {
        return None;
    }
    let (no_flags, no_severities) = (first.no_flags.or(second.no_flags), first.no_severities.or(second.no_severities));
    let severities = Sums::collect(first, second, sizes, Of::Severities);
    Some(PairAgreement {
        first: first.name.clone(),
        first_kind: first.kind,
        second: second.name.clone(),
        second_kind: second.kind,
        same_flag: flags.same(level).unless(no_flags),
        flag_kappa: flags.kappa(Weighting::Nominal, level).unless(no_flags),
        severity_kappa_quadratic: severities.kappa(Weighting::Quadratic, level).unless(no_severities),
    })
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Flags,
    Severities,
}

/// The table of two parties, by cluster.
///
/// Repeats of an example are independent trials: each trial of the one meets each of the other, so that a cell holds the
/// product of both shares and the diagonal is the chance that a trial of each says the same. Where trials have no verdict an
/// example weighs the share of these meetings in which both have one.
struct Sums {
    levels: usize,
    /// Tables of the clusters with a common example, row by row.
    clusters: Vec<Vec<f64>>,
    total: Vec<f64>,
    /// Examples on which both have a verdict, each by its weight.
    common: f64,
    /// What is left of the examples that both were asked about: there one or both have none.
    missing: f64,
}

impl Sums {
    fn collect(first: &Party, second: &Party, sizes: Sizes, of: Of) -> Self {
        let levels = if of == Of::Flags { 2 } else { sizes.levels };
        let mut clusters: Vec<Vec<f64>> = vec![Vec::new(); sizes.clusters];
        let (mut common, mut missing) = (0.0, 0.0);
        for (one, other) in both(first, second) {
            let weight = one.scored * other.scored;
            missing += 1.0 - weight;
            let Some((flag, other_flag)) = one.flag.zip(other.flag) else { continue };
            common += weight;
            let table = &mut clusters[one.cluster as usize];
            table.resize(levels * levels, 0.0);
            match of {
                Of::Flags => {
                    for (row, share) in [1.0 - flag, flag].into_iter().enumerate() {
                        table[row * levels] += weight * share * (1.0 - other_flag);
                        table[row * levels + 1] += weight * share * other_flag;
                    }
                }
                Of::Severities => first.each_severity(one, |row, share| {
                    second.each_severity(other, |column, part| table[row * levels + column] += weight * share * part);
                }),
            }
        }
        clusters.retain(|table| !table.is_empty());
        let mut total = vec![0.0; levels * levels];
        clusters.iter().for_each(|table| total.iter_mut().zip(table).for_each(|(sum, cell)| *sum += cell));
        Self { levels, clusters, total, common: whole(common), missing: whole(missing) }
    }

    /// Share on the diagonal.
    fn same(&self, level: f64) -> Estimate {
        let count = |table: &Vec<f64>| {
            let same = (0..self.levels).map(|at| table[at * self.levels + at]).sum();
            ClusterCount::new(same, table.iter().sum())
        };
        let counts: Vec<ClusterCount> = self.clusters.iter().map(count).collect();
        share_of(&counts, level, Undefined::NoData).with_missing(self.missing)
    }

    fn kappa(&self, weighting: Weighting, level: f64) -> Estimate {
        let mut estimate = jackknife(self.clusters.len(), Scale::Atanh, level, |left_out| {
            cohen_kappa(&self.without(left_out), weighting, level).map(|kappa| kappa.value)
        });
        (estimate.n, estimate.missing) = (self.common, self.missing);
        estimate
    }

    /// The sum of all tables, without one.
    fn without(&self, left_out: Option<usize>) -> ConfusionTable {
        let mut table = ConfusionTable::new(self.levels).expect("flags and cards have two levels or more");
        for (at, sum) in self.total.iter().enumerate() {
            let rest = sum - left_out.map_or(0.0, |cluster| self.clusters[cluster][at]);
            table.add(at / self.levels, at % self.levels, left_over(rest));
        }
        table
    }
}

/// What both said of the examples that both were asked about.
fn both<'a>(first: &'a Party, second: &'a Party) -> impl Iterator<Item = (&'a party::Said, &'a party::Said)> {
    let (mut one, mut other) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            let (left, right) = (first.said.get(one)?, second.said.get(other)?);
            match left.example.cmp(&right.example) {
                Ordering::Less => one += 1,
                Ordering::Greater => other += 1,
                Ordering::Equal => {
                    (one, other) = (one + 1, other + 1);
                    return Some((left, right));
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: Sizes = Sizes { clusters: 4, levels: 3 };

    fn close(found: &Estimate, expected: f64) {
        assert!((found.value.unwrap() - expected).abs() < 1e-12, "{found:?}");
    }

    /// Eight examples in four clusters. Flags: both 3, only the first 1, only the second 1, neither 3: 6/8 equal, chance
    /// 1/2, kappa (3/4 - 1/2)/(1/2). Severities: mean squared distance 3/8, by chance E(a^2) + E(b^2) - 2 E(a) E(b) =
    /// 10/8 + 7/8 - 2 (6/8)(5/8) = 19/16, so quadratic kappa 1 - (3/8)/(19/16) = 13/19.
    #[test]
    fn shares_and_kappas_by_hand() {
        let first = Party::of("a", 1, &[2, 1, 0, 0, 2, 0, 1, 0].map(Some));
        let second = Party::of("b", 1, &[2, 0, 0, 0, 1, 1, 1, 0].map(Some));
        let found = agreement(&first, &second, SIZES, 0.95).unwrap();
        close(&found.same_flag, 0.75);
        assert_eq!((found.same_flag.count, found.same_flag.n, found.same_flag.clusters), (Some(6.0), 8.0, 4));
        close(&found.flag_kappa, 0.5);
        close(&found.severity_kappa_quadratic, 13.0 / 19.0);
        assert_eq!((found.flag_kappa.n, found.flag_kappa.clusters, found.flag_kappa.missing), (8.0, 4, 0.0));
        assert!(found.same_flag.interval().is_some() && found.flag_kappa.lower < found.flag_kappa.value);
        // Who stands first does not matter.
        let turned = agreement(&second, &first, SIZES, 0.95).unwrap();
        assert_eq!((turned.same_flag, turned.flag_kappa), (found.same_flag, found.flag_kappa));
        close(&turned.severity_kappa_quadratic, 13.0 / 19.0);
    }

    #[test]
    fn each_keeps_its_own_cut() {
        // The first flags from 1, the second from 2: of severities 1 and 1 only one is a flag.
        let first = Party::of("a", 1, &[1, 0, 2, 0].map(Some));
        let second = Party::of("b", 2, &[1, 0, 2, 0].map(Some));
        let found = agreement(&first, &second, SIZES, 0.95).unwrap();
        close(&found.same_flag, 0.75);
        close(&found.severity_kappa_quadratic, 1.0);
    }

    /// Trials meet as if drawn at random: 2 of 3 against a certain flag agree in 2/3, two coins in 1/2.
    #[test]
    fn repeats_are_independent_trials() {
        let third = vec![1.0 / 3.0, 2.0 / 3.0, 0.0];
        let first = Party::of("a", 1, &[Some(1), Some(0)]).with_repeats(0, third);
        let second = Party::of("b", 1, &[Some(1), Some(0)]);
        close(&agreement(&first, &second, SIZES, 0.95).unwrap().same_flag, (2.0 / 3.0 + 1.0) / 2.0);
        let coin = || Party::of("c", 1, &[Some(1)]).with_repeats(0, vec![0.5, 0.0, 0.5]);
        let found = agreement(&coin(), &coin(), SIZES, 0.95).unwrap();
        close(&found.same_flag, 0.5);
        close(&found.severity_kappa_quadratic, 0.0);
        assert_eq!(found.severity_kappa_quadratic.interval_undefined, Some(Undefined::SingleCluster));
    }

    /// One of three trials has no verdict and the other two flag; a second party flags both examples, whose own two trials have one
    /// verdict: of six meetings both have one in two. The second example counts whole: (1/3 + 1) of (1/3 + 1) agree.
    #[test]
    fn a_trial_without_a_verdict_meets_nobody() {
        let some = |scored| Party::of("a", 1, &[Some(1), Some(1)]).with_scored(0, scored);
        let found = agreement(&some(2.0 / 3.0), &some(0.5), SIZES, 0.95).unwrap();
        assert!((found.same_flag.n - 4.0 / 3.0).abs() < 1e-12 && (found.same_flag.missing - 2.0 / 3.0).abs() < 1e-12);
        close(&found.same_flag, 1.0);
        let never = Party::of("b", 1, &[Some(0), Some(1)]);
        close(&agreement(&some(2.0 / 3.0), &never, SIZES, 0.95).unwrap().same_flag, 1.0 / (1.0 + 2.0 / 3.0));
    }

    #[test]
    fn missing_verdicts_are_counted_and_undefined_says_why() {
        let first = Party::of("a", 1, &[Some(1), None, Some(0), Some(0)]);
        let second = Party::of("b", 1, &[Some(1), Some(1), None, Some(0)]);
        let found = agreement(&first, &second, SIZES, 0.95).unwrap();
        assert_eq!((found.same_flag.n, found.same_flag.missing, found.flag_kappa.missing), (2.0, 2.0, 2.0));
        let silent = Party::of("c", 1, &[None, None]);
        let found = agreement(&first, &silent, SIZES, 0.95).unwrap();
        assert_eq!(found.same_flag.undefined, Some(Undefined::NoData));
        assert_eq!((found.flag_kappa.undefined, found.flag_kappa.missing), (Some(Undefined::NoData), 2.0));
        // Two that never flag agree on everything, which chance explains.
        let never =
            agreement(&Party::of("d", 1, &[Some(0); 4]), &Party::of("e", 1, &[Some(0); 4]), SIZES, 0.95).unwrap();
        assert_eq!((never.same_flag.value, never.flag_kappa.undefined), (Some(1.0), Some(Undefined::OneClass)));
        assert!(agreement(&first, &Party::of("f", 1, &[]), SIZES, 0.95).is_none());
        let mut score = Party::of("g", 1, &[Some(1), Some(0)]);
        (score.no_flags, score.no_severities) = (Some(Undefined::NoCut), Some(Undefined::NoSeverities));
        let found = agreement(&score, &first, SIZES, 0.95).unwrap();
        assert_eq!(found.same_flag.undefined, Some(Undefined::NoCut));
        assert_eq!(found.severity_kappa_quadratic.undefined, Some(Undefined::NoSeverities));
    }
}
