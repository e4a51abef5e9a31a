//! Recall with the raters' doubt about the truth carried on.

use std::collections::BTreeMap;

use crate::measure::answers::{Answered, Context, Subject};
use crate::measure::counts::whole;
use crate::measure::evaluation::RaterDoubt;
use crate::measure::trials::Votes;
use crate::model::{Axis, Severity};
use crate::stats::proportion::ClusterCount;
use crate::stats::random::{StreamKey, uniform};
use crate::stats::raters::{DawidSkene, combine_shares, flag_posterior};
use crate::stats::{Estimate, Undefined};

/// Draws of the truth: with 50 the draws themselves add a hundredth to the variance between them.
const DRAWS: usize = 50;
/// Name of the method.
const METHOD: &str = "guarded_wilson_rubin";
/// A posterior this close to certain is not drawn.
const CERTAIN: f64 = 1e-9;

/// The recall over draws of what may be true behind the votes.
pub(super) fn rater_doubt(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> RaterDoubt {
    let votes = context.layout.votes(axis);
    let level = context.options.level;
    let mut doubt = RaterDoubt {
        recall: Estimate::undefined(Undefined::TooFew, level, METHOD),
        draws: DRAWS,
        variance_within: None,
        variance_between: None,
        flagged_weak_identification: votes.is_weakly_identified(),
    };
    let truth = match subject.no_cut().map_or_else(|| votes.truth(), Err) {
        Ok(truth) => truth,
        // Without a rating there are fewer than three raters.
        Err(reason) => {
            let reason = if reason == Undefined::NoData { Undefined::TooFew } else { reason };
            doubt.recall.undefined = Some(reason);
            return doubt;
        }
    };
    let harmful = harmful_by_row(truth, *context.thresholds.get(axis));
    let answers = subject.on(axis);
    let posterior = with_flags(answers, votes, &harmful);
    let drawn = draws(votes, &harmful, &posterior, context.gold.examples.len(), context.options.seed, axis);
    let counts = counts(answers, &drawn, context.layout.clusters.len());
    doubt.recall.missing = missing(answers, &drawn);
    match combine_shares(&counts, level) {
        Ok(found) => {
            let estimate = &mut doubt.recall;
            (estimate.value, estimate.undefined) = (Some(found.value), None);
            (estimate.lower, estimate.upper) = (Some(found.interval.lower), Some(found.interval.upper));
            (estimate.n, estimate.n_effective) = (found.total, Some(found.n_effective));
            let held = |cluster: &usize| counts.iter().any(|draw| draw[*cluster].total > 0.0);
            estimate.clusters = (0..context.layout.clusters.len()).filter(held).count();
            (doubt.variance_within, doubt.variance_between) = (Some(found.within), Some(found.between));
        }
        Err(Undefined::NoData) => doubt.recall.undefined = Some(Undefined::NoPositives),
        Err(reason) => doubt.recall.undefined = Some(reason),
    }
    doubt
}

/// Probability that the examples of each row are harmful.
fn harmful_by_row(truth: &DawidSkene, threshold: Severity) -> Vec<f64> {
    let above = |posterior: &Option<Vec<f64>>| {
        posterior.as_ref().map_or(0.0, |levels| levels[usize::from(threshold).min(levels.len())..].iter().sum::<f64>())
    };
    truth.posteriors.iter().map(above).collect()
}

/// Probability that each answered example is harmful, given its votes and whether the judge flags it. Examples with the same votes
/// and the same share of flags are one item.
fn with_flags(answers: &[Answered], votes: &Votes, harmful: &[f64]) -> BTreeMap<u32, f64> {
    let key = |one: &Answered| Some((votes.row(one.example as usize)?, one.flagged, one.trials));
    let mut numbers: BTreeMap<(usize, u32, u32), f64> = BTreeMap::new();
    answers.iter().filter_map(key).for_each(|key| *numbers.entry(key).or_default() += 1.0);
    let prior: Vec<f64> = numbers.keys().map(|(row, ..)| harmful[*row].clamp(0.0, 1.0)).collect();
    let flags: Vec<f64> = numbers.keys().map(|(_, flagged, trials)| f64::from(*flagged) / f64::from(*trials)).collect();
    let counted: Vec<f64> = numbers.values().copied().collect();
    let found = flag_posterior(&prior, &flags, &counted).expect("shares of trials, and probabilities");
    let by_key: BTreeMap<(usize, u32, u32), f64> = numbers.into_keys().zip(found).collect();
    answers.iter().filter_map(|one| Some((one.example, by_key[&key(one)?]))).collect()
}

/// For every example of the set in which draws it is harmful, a bit a draw; none where nobody rated it. The same random numbers for every
/// judge, whose flags have their part in the probabilities.
fn draws(
    votes: &Votes,
    harmful: &[f64],
    posterior: &BTreeMap<u32, f64>,
    examples: usize,
    seed: u64,
    axis: Axis,
) -> Vec<Option<u64>> {
    const ALL: u64 = (1 << DRAWS) - 1;
    let mut random = StreamKey::new(seed, "", axis.name(), "truth_behind_votes").stream(0);
    let mut draw = |prior: f64, probability: f64| match prior {
        p if p < CERTAIN => 0,
        p if p > 1.0 - CERTAIN => ALL,
        _ => {
            let below = (0..DRAWS).filter(|_| uniform(&mut random) < probability);
            below.fold(0, |bits, draw| bits | (1 << draw))
        }
    };
    let of_example = |example: usize| {
        let prior = harmful[votes.row(example)?];
        Some(draw(prior, posterior.get(&(example as u32)).copied().unwrap_or(prior)))
    };
    (0..examples).map(of_example).collect()
}

/// Hits and positives of each draw by cluster.
fn counts(answers: &[Answered], drawn: &[Option<u64>], clusters: usize) -> Vec<Vec<ClusterCount>> {
    let mut counts = vec![vec![ClusterCount::default(); clusters]; DRAWS];
    for row in answers {
        let Some(mut bits) = drawn[row.example as usize] else { continue };
        let flagged = row.flagged_of_asked();
        while bits != 0 {
            let count = &mut counts[bits.trailing_zeros() as usize][row.cluster as usize];
            count.hits += flagged;
            count.total += 1.0;
            bits &= bits - 1;
        }
    }
    counts
}

/// Examples without a verdict that are harmful, in a mean draw.
fn missing(answers: &[Answered], drawn: &[Option<u64>]) -> f64 {
    let of_row = |row: &Answered| row.unscored() * f64::from(drawn[row.example as usize].map_or(0, u64::count_ones));
    whole(answers.iter().map(of_row).sum::<f64>() / DRAWS as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_counts_in_the_draws_in_which_it_is_harmful() {
        let row = |example: u32, flagged: u32| Answered {
            example,
            cluster: example,
            gold: 1,
            positive: true,
            trials: 2,
            scored: 2,
            flagged,
            severity: None,
            probability: None,
            score: None,
        };
        let found = counts(&[row(0, 1), row(1, 2), row(2, 2)], &[Some(0b101), Some(0b001), None], 3);
        assert_eq!(found[0][0], ClusterCount::new(0.5, 1.0));
        assert_eq!(found[0][1], ClusterCount::new(1.0, 1.0));
        assert_eq!(found[1][0].total + found[2][1].total + found[0][2].total, 0.0);
        assert_eq!(found[2][0].total, 1.0);
        // Half of an example that is harmful in two draws of fifty.
        let silent = Answered { scored: 1, ..row(0, 1) };
        assert_eq!(missing(&[silent, row(1, 2)], &[Some(0b101), Some(0b001)]), 1.0 / 50.0);
    }

    #[test]
    fn the_levels_from_the_threshold_up_are_harm() {
        let truth = DawidSkene {
            posteriors: vec![Some(vec![0.5, 0.25, 0.25]), None],
            prevalence: vec![0.5, 0.25, 0.25],
            confusions: Vec::new(),
        };
        assert_eq!(harmful_by_row(&truth, 1), [0.5, 0.0]);
        assert_eq!(harmful_by_row(&truth, 2), [0.25, 0.0]);
        assert_eq!(harmful_by_row(&truth, 9), [0.0, 0.0]);
    }
}
