//! The same fact once removed and once made wrong: a paired comparison of both axes.

use std::collections::BTreeMap;

use super::series::dose;
use super::words;
use crate::gold::GoldSet;
use crate::measure::answers::{Answered, Context, MidP, Subject, class_of, place_of, share_of};
use crate::measure::counts::whole;
use crate::measure::evaluation::{SameFact, SameFactContrast, SameFactTable};
use crate::model::{Axis, ItemMark};
use crate::stats::compare::{CLUSTER_ROBUST_T, mcnemar, paired_difference, paired_test};
use crate::stats::gap::GapCount;
use crate::stats::proportion::ClusterCount;
use crate::stats::random::StreamKey;
use crate::stats::{Estimate, Tally, Undefined};

/// Both forms of one fact: removed, and made wrong.
type Pair<'a> = (&'a Answered, &'a Answered);
/// The clean response that a form was made from, and the item.
type Fact<'a> = (&'a str, &'a str);

/// Pairs of one judge; none where the set has none or the judge does not answer on both axes.
pub(crate) fn same_fact(subject: &Subject<'_>, context: &Context<'_>) -> Option<SameFact> {
    let gold = context.gold;
    let (omission, commission) = (subject.axes.omission.as_deref()?, subject.axes.commission.as_deref()?);
    let facts = |axis: Axis| {
        let mut first: BTreeMap<Fact<'_>, usize> = BTreeMap::new();
        for at in 0..gold.examples.len() {
            if let Some(fact) = fact(gold, at, axis) {
                // The first in the order of the set, where a fact was removed twice.
                first.entry(fact).or_insert(at);
            }
        }
        first
    };
    let (removed, altered) = (facts(Axis::Omission), facts(Axis::Commission));
    let both: Vec<(usize, usize)> = removed.iter().filter_map(|(fact, at)| Some((*at, *altered.get(fact)?))).collect();
    if both.is_empty() {
        return None;
    }
    let pairs: Vec<Pair<'_>> = both
        .into_iter()
        .filter_map(|(one, other)| {
            Some((&omission[place_of(omission, one)?], &commission[place_of(commission, other)?]))
        })
        .filter(|(removed, altered)| removed.positive && altered.positive)
        .collect();
    let tops = [Axis::Omission, Axis::Commission].map(|axis| gold.card.axis(axis).top());
    let classes = usize::from(tops[0].min(tops[1]));
    let alike = |(removed, altered): &&Pair<'_>| {
        class_of(removed.gold, tops[0], classes) == class_of(altered.gold, tops[1], classes)
    };
    let equal: Vec<Pair<'_>> = pairs.iter().filter(alike).copied().collect();
    let both_positive = contrast(subject, &pairs, "same_fact", context);
    Some(SameFact {
        in_words: words::same_fact(&both_positive),
        both_positive,
        equal_severity: contrast(subject, &equal, "same_fact_equal_severity", context),
    })
}

/// The fact that an example lacks, or has wrong in its own place: exactly one item is marked as missed, and it was made from a
/// named response by that alone.
fn fact(gold: &GoldSet, at: usize, axis: Axis) -> Option<Fact<'_>> {
    let of_one = dose(gold, at, axis) == Some(1);
    let mut missed = gold.items[at].iter().filter(|(_, mark)| **mark == ItemMark::Miss).map(|(item, _)| item.as_str());
    let (item, no_other) = (missed.next()?, missed.next().is_none());
    let twin = gold.examples[at].twin_of.as_deref()?;
    (of_one && no_other).then_some((twin, item))
}

fn contrast(subject: &Subject<'_>, pairs: &[Pair<'_>], what: &str, context: &Context<'_>) -> SameFactContrast {
    let level = context.options.level;
    let mut cells = vec![GapCount::default(); context.layout.clusters.len()];
    for (removed, altered) in pairs {
        let own = &mut cells[removed.cluster as usize];
        for (side, one) in [(&mut own.first, removed), (&mut own.second, altered)] {
            side.hits += one.flagged_of_asked();
            side.total += 1.0;
        }
    }
    let no_cut = subject.no_cut();
    let found = |side: fn(&GapCount) -> ClusterCount, of: fn(&Pair<'_>) -> f64| {
        let counts: Vec<ClusterCount> = cells.iter().map(side).collect();
        share_of(&counts, level, Undefined::NoData).with_missing(whole(pairs.iter().map(of).sum())).unless(no_cut)
    };
    let why = no_cut.or_else(|| pairs.is_empty().then_some(Undefined::NoData));
    let key = StreamKey::new(context.options.seed, subject.name(), "both", what);
    let test = MidP::of(why.map_or_else(|| paired_test(&cells, &key), Err));
    SameFactContrast {
        facts: pairs.len(),
        removed_found: found(|cell| cell.first, |(removed, _)| removed.unscored()),
        altered_found: found(|cell| cell.second, |(_, altered)| altered.unscored()),
        found_difference: match why {
            Some(reason) => Estimate::undefined(reason, level, CLUSTER_ROBUST_T),
            None => paired_difference(&cells, level),
        }
        .with_missing(whole(pairs.iter().map(|(removed, altered)| 1.0 - removed.scored_with(altered)).sum())),
        p_value: test.value,
        p_value_undefined: test.undefined,
        p_value_method: test.method,
        found: table(pairs),
    }
}

fn table(pairs: &[Pair<'_>]) -> SameFactTable {
    let count = |removed: bool, altered: bool| {
        pairs.iter().filter(|(one, other)| one.mostly_flagged() == removed && other.mostly_flagged() == altered).count()
    };
    let (only_removed, only_altered) = (count(true, false), count(false, true));
    SameFactTable {
        both: Tally(count(true, true) as f64),
        only_removed: Tally(only_removed as f64),
        only_altered: Tally(only_altered as f64),
        neither: Tally(count(false, false) as f64),
        mcnemar_mid_p: mcnemar(only_removed as u64, only_altered as u64).mid_p,
    }
}
