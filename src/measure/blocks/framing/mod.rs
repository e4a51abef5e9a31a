//! Pairs of framings: the same facts in two roles.

mod matching;
#[cfg(test)]
mod tests;
mod words;

use crate::measure::answers::{
    Answered, Context, MidP, Part, Subject, counts, difference, flag, hit, jackknife_of_sums, share, share_of, unscored,
};
use crate::measure::counts::whole;
use crate::measure::evaluation::{Framing, FramingContrast, FramingDiscordance};
use crate::model::Axis;
use crate::stats::bias::matched_pairs_odds_ratio;
use crate::stats::compare::{CLUSTER_ROBUST_T, paired_difference, paired_test};
use crate::stats::gap::GapCount;
use crate::stats::jackknife::Scale;
use crate::stats::proportion::ClusterCount;
use crate::stats::random::StreamKey;
use crate::stats::{Confidence, Estimate, Tally, Undefined};
use matching::{Matched, match_roles};

/// Framings of one judge on one axis; none where no two asked responses belong together.
pub(crate) fn framing(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<Framing> {
    if context.gold.examples.iter().all(|example| example.pair.is_none()) {
        return None;
    }
    let answered = subject.axes.get(axis).as_deref()?;
    let contrasts: Vec<FramingContrast> = match_roles(answered, context.gold)
        .into_iter()
        .map(|(roles, matched)| contrast(subject, axis, roles, &matched, context))
        .collect();
    (!contrasts.is_empty()).then_some(Framing { contrasts })
}

fn contrast(
    subject: &Subject<'_>,
    axis: Axis,
    roles: (&str, &str),
    matched: &[Matched<'_>],
    context: &Context<'_>,
) -> FramingContrast {
    let threshold = *context.thresholds.get(axis);
    let (clusters, level) = (context.layout.clusters.len(), context.options.level);
    let harmful: Vec<Matched<'_>> =
        matched.iter().filter(|(first, second)| first.positive && second.positive).copied().collect();
    let no_cut = subject.no_cut();
    let flagged = |estimate: Estimate| estimate.unless(no_cut);
    let hits = |side: Side| sides(&harmful, side, |one| hit(one, threshold), clusters);
    let (first_hits, second_hits) = (hits(Side::First), hits(Side::Second));
    let both: Vec<GapCount> = first_hits
        .iter()
        .zip(&second_hits)
        .map(|(first, second)| GapCount { first: *first, second: *second })
        .collect();
    let key = format!("framing {} {}", roles.0, roles.1);
    let key = StreamKey::new(context.options.seed, subject.name(), axis.name(), &key);
    let test = MidP::of(no_cut.map_or_else(|| paired_test(&both, &key), Err));
    let recall_difference = match no_cut {
        Some(reason) => Estimate::undefined(reason, level, CLUSTER_ROBUST_T),
        None => paired_difference(&both, level),
    };
    let recall_difference = recall_difference.with_missing(unscored_in_either(&harmful));
    let silent = |pairs: &[Matched<'_>], side: Side| unscored(pairs.iter().map(|pair| side.of(pair)));
    let recall = |counts: &[ClusterCount], side: Side| {
        flagged(share_of(counts, level, Undefined::NoPositives)).with_missing(silent(&harmful, side))
    };
    let flag_rate = |side: Side| {
        let of_side = matched.iter().map(|pair| side.of(pair));
        flagged(share(context, of_side, Undefined::NoData, flag)).with_missing(silent(matched, side))
    };
    let positives = |side: Side| {
        counts(clusters, matched.iter().map(|pair| side.of(pair)), |one| Some((f64::from(u8::from(one.positive)), 1.0)))
    };
    let mut contrast = FramingContrast {
        first: roles.0.to_owned(),
        second: roles.1.to_owned(),
        matched: matched.len(),
        gold_shift: gold_shift(matched, context),
        gold_positive_shift: difference(
            &positives(Side::First),
            &positives(Side::Second),
            level,
            [Undefined::NoData; 2],
        ),
        first_flag_rate: flag_rate(Side::First),
        second_flag_rate: flag_rate(Side::Second),
        both_positive: harmful.len(),
        first_recall: recall(&first_hits, Side::First),
        second_recall: recall(&second_hits, Side::Second),
        more_lenient_towards: lenient(&recall_difference, roles),
        recall_difference,
        p_value: test.value,
        p_value_undefined: test.undefined,
        p_value_method: test.method,
        discordant: discordance(&harmful, level),
        in_words: String::new(),
    };
    contrast.in_words = words::contrast(&contrast);
    contrast
}

/// One of the two responses of a matched pair.
#[derive(Clone, Copy)]
enum Side {
    First,
    Second,
}

impl Side {
    fn of<'a>(self, pair: &Matched<'a>) -> &'a Answered {
        match self {
            Self::First => pair.0,
            Self::Second => pair.1,
        }
    }
}

/// Pairs of which one or both responses have no verdict; of repeats, the share of pairs of trials.
fn unscored_in_either(pairs: &[Matched<'_>]) -> f64 {
    whole(pairs.iter().map(|(first, second)| 1.0 - first.scored_with(second)).sum())
}

/// Sums of one side; both sides of a pair stand in the cluster of the first.
fn sides(pairs: &[Matched<'_>], side: Side, part: impl Fn(&Answered) -> Part, clusters: usize) -> Vec<ClusterCount> {
    let mut counts = vec![ClusterCount::default(); clusters];
    for pair in pairs {
        if let Some((hits, total)) = part(side.of(pair)) {
            let own = &mut counts[pair.0.cluster as usize];
            own.hits += hits;
            own.total += total;
        }
    }
    counts
}

/// Mean difference of gold severities, first minus second.
fn gold_shift(matched: &[Matched<'_>], context: &Context<'_>) -> Estimate {
    let mut parts = vec![vec![0.0, 0.0]; context.layout.clusters.len()];
    for (first, second) in matched {
        let own = &mut parts[first.cluster as usize];
        own[0] += f64::from(first.gold) - f64::from(second.gold);
        own[1] += 1.0;
    }
    let mean = |sums: &[f64]| if sums[1] > 0.0 { Ok(sums[0] / sums[1]) } else { Err(Undefined::NoData) };
    let mut estimate = jackknife_of_sums(&parts, Scale::Identity, context.options.level, mean);
    estimate.n = matched.len() as f64;
    estimate
}

/// The role with the lower recall, where that is shown.
fn lenient(recall_difference: &Estimate, (first, second): (&str, &str)) -> Option<String> {
    let interval = recall_difference.interval()?;
    match (interval.upper < 0.0, interval.lower > 0.0) {
        (true, _) => Some(first.to_owned()),
        (_, true) => Some(second.to_owned()),
        _ => None,
    }
}

fn discordance(harmful: &[Matched<'_>], level: f64) -> FramingDiscordance {
    let count = |first: bool, second: bool| {
        harmful.iter().filter(|(one, other)| one.mostly_flagged() == first && other.mostly_flagged() == second).count()
            as u64
    };
    let (first_only, second_only) = (count(true, false), count(false, true));
    let confidence = Confidence::new(level).unwrap_or(Confidence::DEFAULT);
    let odds = matched_pairs_odds_ratio(first_only, second_only, confidence);
    FramingDiscordance {
        first_only: Tally(first_only as f64),
        second_only: Tally(second_only as f64),
        odds_ratio: odds.odds_ratio.ok(),
        odds_ratio_undefined: odds.odds_ratio.err().map(|_| Undefined::ZeroDiscordant),
        odds_ratio_lower: odds.interval.and_then(|interval| interval.lower).ok(),
        odds_ratio_upper: odds.interval.and_then(|interval| interval.upper).ok(),
        mcnemar_mid_p: odds.test.mid_p,
    }
}
