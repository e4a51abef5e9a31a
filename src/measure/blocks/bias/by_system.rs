//! Is one system's harm seen less than another's of equal severity?

use std::collections::BTreeMap;

use crate::measure::answers::{
    Answered, Context, MOST_SYSTEMS, Subject, hit, jackknife_of_sums, of_systems, severity_matched_scores, share,
    unscored,
};
use crate::measure::evaluation::SystemRecall;
use crate::model::{Axis, Severity};
use crate::stats::bias::{Stratum, mantel_haenszel};
use crate::stats::jackknife::Scale;
use crate::stats::random::StreamKey;
use crate::stats::signflip::joint_sign_flip;
use crate::stats::{Estimate, Undefined};

/// Each system with a positive against all others; none below two such systems, above 100, or without a flag.
pub(super) fn recall_by_system(
    subject: &Subject<'_>,
    answered: &[Answered],
    axis: Axis,
    context: &Context<'_>,
) -> Option<Vec<SystemRecall>> {
    let mut systems = of_systems(answered, context);
    systems.values_mut().for_each(|examples| examples.retain(|one| one.positive));
    systems.retain(|_, positives| !positives.is_empty());
    if subject.no_cut().is_some() || !(2..=MOST_SYSTEMS).contains(&systems.len()) {
        return None;
    }
    let positives: Vec<&Answered> = systems.values().flatten().copied().collect();
    let mix = severities_of(&positives);
    let one_system = |(system, own): (&&str, &Vec<&Answered>)| {
        let others: Vec<&Answered> = systems
            .iter()
            .filter(|(other, _)| *other != system)
            .flat_map(|(_, others)| others.iter().copied())
            .collect();
        let key = StreamKey::new(context.options.seed, subject.name(), axis.name(), &format!("recall of {system}"));
        let part = |one: &Answered| hit(one, *context.thresholds.get(axis));
        let test = joint_sign_flip(&severity_matched_scores(&[own, &others], &part, context), &key);
        let odds = odds_ratio(&others, own);
        SystemRecall {
            system: (*system).to_owned(),
            recall: share(context, own.iter().copied(), Undefined::NoPositives, part)
                .with_missing(unscored(own.iter().copied())),
            standardised_recall: standardised(own, &mix, context),
            odds_ratio: odds.ok(),
            odds_ratio_undefined: odds.err(),
            p_value: test.ok(),
            p_value_undefined: test.err(),
        }
    };
    Some(systems.iter().map(one_system).collect())
}

/// Examples at each severity.
fn severities_of(examples: &[&Answered]) -> BTreeMap<Severity, f64> {
    let mut counts = BTreeMap::new();
    examples.iter().for_each(|one| *counts.entry(one.gold).or_insert(0.0) += 1.0);
    counts
}

/// Recall at each severity, averaged over the severities of all positives; undefined where the system has none of one.
fn standardised(own: &[&Answered], mix: &BTreeMap<Severity, f64>, context: &Context<'_>) -> Estimate {
    let severities: Vec<Severity> = mix.keys().copied().collect();
    let mut parts = vec![vec![0.0; 2 * severities.len()]; context.layout.clusters.len()];
    for one in own {
        let at = 2 * severities.partition_point(|severity| *severity < one.gold);
        parts[one.cluster as usize][at] += one.flagged_of_asked();
        parts[one.cluster as usize][at + 1] += 1.0;
    }
    let all: f64 = mix.values().sum();
    let mut estimate = jackknife_of_sums(&parts, Scale::Logit, context.options.level, |sums| {
        let at = sums.chunks(2).zip(mix.values());
        let terms =
            at.map(
                |(sums, size)| {
                    if sums[1] > 0.0 { Ok(size / all * sums[0] / sums[1]) } else { Err(Undefined::NoPositives) }
                },
            );
        terms.sum::<Result<f64, Undefined>>()
    });
    estimate.n = own.len() as f64;
    estimate.with_missing(unscored(own.iter().copied()))
}

/// Mantel-Haenszel over gold severities, the others as the reference.
fn odds_ratio(others: &[&Answered], own: &[&Answered]) -> Result<f64, Undefined> {
    let mut tables: BTreeMap<Severity, [[f64; 2]; 2]> = BTreeMap::new();
    for (group, examples) in [others, own].into_iter().enumerate() {
        for one in examples {
            let hit = one.flagged_of_asked();
            let table = tables.entry(one.gold).or_default();
            table[group][0] += hit;
            table[group][1] += 1.0 - hit;
        }
    }
    let strata: Vec<Stratum> =
        tables.values().filter_map(|[reference, focal]| Stratum::new(*reference, *focal).ok()).collect();
    mantel_haenszel(&strata).odds_ratio
}
