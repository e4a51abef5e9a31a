//! Two judges side by side: the examples that both were asked, summed by cluster.

use std::cmp::Ordering;

use crate::measure::answers::Answered;
use crate::measure::counts::whole;
use crate::measure::evaluation::{Discordance, PairedFlags, ReferenceTests};
use crate::stats::Tally;
use crate::stats::compare::{DiscordantCount, DoubleCount, clustered_mcnemar, mcnemar};
use crate::stats::gap::GapCount;

/// Where in both lists the examples stand that both hold; each list is in the order of the examples.
pub(super) fn common_positions<'a>(
    first: &'a [Answered],
    second: &'a [Answered],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let (mut one, mut other) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            match first.get(one)?.example.cmp(&second.get(other)?.example) {
                Ordering::Less => one += 1,
                Ordering::Greater => other += 1,
                Ordering::Equal => {
                    (one, other) = (one + 1, other + 1);
                    return Some((one - 1, other - 1));
                }
            }
        }
    })
}

/// The examples that both lists hold.
pub(crate) fn common_answers<'a>(
    first: &'a [Answered],
    second: &'a [Answered],
) -> impl Iterator<Item = (&'a Answered, &'a Answered)> {
    common_positions(first, second).map(|(one, other)| (&first[one], &second[other]))
}

/// Flags of two judges on examples of one class.
#[derive(Debug, Clone, Default)]
pub(super) struct FlagPairs {
    /// By position of the cluster in the layout.
    pub(super) clusters: Vec<GapCount>,
    discordant: Vec<DiscordantCount>,
    total: Discordance,
    /// Examples that the first alone, and the second alone, flags in half of its trials or more.
    alone: [u64; 2],
    /// Examples of the class on which a judge has no verdict: of repeats, the share of pairs of trials in which one has none.
    pub(super) missing: f64,
}

impl FlagPairs {
    fn new(clusters: usize) -> Self {
        let (count, discordant) = (GapCount::default(), DiscordantCount::default());
        Self { clusters: vec![count; clusters], discordant: vec![discordant; clusters], ..Self::default() }
    }

    /// Shares that flag, of an example that weighs so much.
    fn add(&mut self, cluster: u32, [first, second]: [f64; 2], weight: f64) {
        let at = cluster as usize;
        let count = &mut self.clusters[at];
        count.first.hits += weight * first;
        count.first.total += weight;
        count.second.hits += weight * second;
        count.second.total += weight;
        let (only_first, only_second) = (weight * (first - second).max(0.0), weight * (second - first).max(0.0));
        let discordant = &mut self.discordant[at];
        discordant.only_first += only_first;
        discordant.only_second += only_second;
        discordant.pairs += weight;
        self.total.both.0 += weight * first.min(second);
        self.total.only_first.0 += only_first;
        self.total.only_second.0 += only_second;
        self.total.neither.0 += weight * (1.0 - first.max(second));
        let (flagged, other) = (first >= 0.5, second >= 0.5);
        self.alone[0] += u64::from(flagged && !other);
        self.alone[1] += u64::from(other && !flagged);
    }

    /// Examples of the class.
    fn examples(&self) -> f64 {
        self.clusters.iter().map(|count| count.first.total).sum()
    }

    /// Share that each judge flags.
    pub(super) fn shares(&self) -> [Option<f64>; 2] {
        let total = self.examples();
        let share = |of: fn(&GapCount) -> f64| {
            let hits: f64 = self.clusters.iter().map(of).sum();
            (total > 0.0).then(|| (hits / total).clamp(0.0, 1.0))
        };
        [share(|count| count.first.hits), share(|count| count.second.hits)]
    }

    /// Counts and reference tests; none without examples.
    pub(super) fn flags(&self) -> Option<PairedFlags> {
        if self.examples() == 0.0 {
            return None;
        }
        // What rounding leaves of nothing may lie below zero.
        let tally = |sum: Tally| Tally(whole(sum.0).max(0.0));
        let clustered = clustered_mcnemar(&self.discordant);
        let p_value = |of: fn(&crate::stats::compare::ClusteredMcNemar) -> f64| clustered.as_ref().ok().map(of);
        Some(PairedFlags {
            examples: Discordance {
                both: tally(self.total.both),
                only_first: tally(self.total.only_first),
                only_second: tally(self.total.only_second),
                neither: tally(self.total.neither),
            },
            tests: ReferenceTests {
                mcnemar_mid_p_independent: mcnemar(self.alone[0], self.alone[1]).mid_p,
                obuchowski_p: p_value(|found| found.obuchowski.p_value),
                durkalski_p: p_value(|found| found.durkalski.p_value),
                yang_p: p_value(|found| found.yang.p_value),
                undefined: clustered.err(),
            },
        })
    }
}

/// Two judges on one axis.
#[derive(Debug, Clone)]
pub(super) struct AxisPair {
    pub(super) examples: usize,
    pub(super) of_class: [usize; 2],
    /// Positives; an unscored trial does not flag.
    pub(super) positives: FlagPairs,
    /// Negatives on which both have a verdict; an example weighs the share of pairs of trials in which both have one.
    pub(super) negatives: FlagPairs,
}

impl AxisPair {
    pub(super) fn new(first: &[Answered], second: &[Answered], clusters: usize) -> Self {
        let mut pair = Self {
            examples: 0,
            of_class: [0; 2],
            positives: FlagPairs::new(clusters),
            negatives: FlagPairs::new(clusters),
        };
        for (one, other) in common_answers(first, second) {
            pair.examples += 1;
            pair.of_class[usize::from(one.positive)] += 1;
            let scored = one.scored_with(other);
            if one.positive {
                pair.positives.add(one.cluster, [one, other].map(Answered::flagged_of_asked), 1.0);
                pair.positives.missing += 1.0 - scored;
            } else {
                if let Some((flagged, other)) = one.flagged_of_scored().zip(other.flagged_of_scored()) {
                    pair.negatives.add(one.cluster, [flagged, other], scored);
                }
                pair.negatives.missing += 1.0 - scored;
            }
        }
        pair
    }

    /// Counts behind the difference of Youden J: that of recall less that of false alarms.
    pub(super) fn youden(&self) -> Vec<DoubleCount> {
        double(&self.positives, &self.negatives)
    }
}

/// Counts behind a difference of two paired differences.
pub(super) fn double(plus: &FlagPairs, minus: &FlagPairs) -> Vec<DoubleCount> {
    plus.clusters.iter().zip(&minus.clusters).map(|(plus, minus)| DoubleCount { plus: *plus, minus: *minus }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(example: u32, positive: bool, [trials, scored, flagged]: [u32; 3]) -> Answered {
        Answered {
            example,
            cluster: example,
            gold: u8::from(positive),
            positive,
            trials,
            scored,
            flagged,
            severity: None,
            probability: None,
            score: None,
        }
    }

    /// Two negatives; of the first judge's three trials on one of them one has no verdict and one flags. False alarms 1/3 of 2/3, and 0
    /// of 1: 1/5, its headline, since the other judge has every verdict. On the positive the missing trial is a miss.
    #[test]
    fn an_example_weighs_what_was_scored_of_it() {
        let first = [answered(0, false, [3, 2, 1]), answered(1, false, [1, 1, 0]), answered(2, true, [3, 2, 2])];
        let second = [answered(0, false, [2, 2, 2]), answered(1, false, [1, 1, 0]), answered(2, true, [1, 1, 1])];
        let pair = AxisPair::new(&first, &second, 3);
        let shares = pair.negatives.shares().map(Option::unwrap);
        assert!((shares[0] - 0.2).abs() < 1e-12 && (shares[1] - 0.4).abs() < 1e-12, "{shares:?}");
        assert!(
            (pair.negatives.missing - 1.0 / 3.0).abs() < 1e-12 && (pair.positives.missing - 1.0 / 3.0).abs() < 1e-12
        );
        assert_eq!(pair.positives.shares()[0], Some(2.0 / 3.0));
        let flags = pair.negatives.flags().unwrap().examples;
        // Of the 2/3 that meet: both flag half, the second alone half; and one example that neither flags.
        assert!((flags.both.0 - 1.0 / 3.0).abs() < 1e-12 && (flags.only_second.0 - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((flags.only_first.0, flags.neither.0), (0.0, 1.0));
    }

    #[test]
    fn a_negative_without_a_verdict_of_either_is_missing() {
        let first = [answered(0, false, [2, 0, 0]), answered(1, false, [2, 1, 0])];
        let second = [answered(0, false, [1, 1, 1]), answered(1, false, [2, 1, 1])];
        let pair = AxisPair::new(&first, &second, 2);
        // One trial in two of either: they meet with a verdict each in one of four.
        assert_eq!((pair.negatives.missing, pair.negatives.examples()), (1.75, 0.25));
        assert_eq!(pair.negatives.shares(), [Some(0.0), Some(1.0)]);
    }
}
