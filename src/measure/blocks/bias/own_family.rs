//! The judge's own family: among those who made the labels, and among the systems.

use std::collections::BTreeSet;

use super::family::families_of;
use crate::gold::GoldSet;
use crate::measure::answers::{
    Answered, Context, Subject, counts, difference, hit, jackknife_of_sums, of_systems, share_of, unscored,
};
use crate::measure::counts::whole;
use crate::measure::evaluation::{FamilyBias, SelfPreference};
use crate::model::{Axis, RaterKind};
use crate::run::JudgeRun;
use crate::stats::bias::{TwoWayCell, two_way_effect};
use crate::stats::jackknife::Scale;
use crate::stats::{Estimate, Undefined};

/// More systems than these make the regression over all judges dear, and are no leaderboard.
const MOST_SYSTEMS: usize = 30;

/// Families of a judge: of its model, as its file or the provider names it; else of its own name and title. A baseline has
/// none.
fn judge_families(run: &JudgeRun) -> BTreeSet<&'static str> {
    if run.spec.kind.is_baseline() {
        return BTreeSet::new();
    }
    let said: BTreeSet<&str> = run.verdicts.iter().filter_map(|verdict| verdict.model.as_deref()).collect();
    let models: BTreeSet<&'static str> =
        run.spec.model.as_deref().into_iter().chain(said).flat_map(families_of).collect();
    if !models.is_empty() {
        return models;
    }
    let title = run.spec.title.as_deref();
    std::iter::once(run.spec.name.as_str()).chain(title).flat_map(families_of).collect()
}

/// Families of the models that made labels.
fn label_families(gold: &GoldSet) -> BTreeSet<&'static str> {
    let models = gold.raters.iter().filter(|rater| rater.kind == RaterKind::Model);
    models.flat_map(|rater| families_of(&rater.id)).collect()
}

/// None where no name says what the judge's family is.
pub(super) fn family(
    subject: &Subject<'_>,
    answered: &[Answered],
    axis: Axis,
    context: &Context<'_>,
) -> Option<FamilyBias> {
    let judge = judge_families(subject.run);
    if judge.is_empty() {
        return None;
    }
    let labels = label_families(context.gold);
    let systems = of_systems(answered, context);
    let is_own = |system: &str| families_of(system).intersection(&judge).next().is_some();
    let own_systems: Vec<String> =
        systems.keys().filter(|system| is_own(system)).map(|system| (*system).to_owned()).collect();
    let (clusters, level) = (context.layout.clusters.len(), context.options.level);
    let side = |own: bool| {
        let examples = || {
            let of_side = systems.iter().filter(|(system, _)| is_own(system) == own);
            of_side.flat_map(|(_, examples)| examples.iter().copied())
        };
        let hits = counts(clusters, examples(), |one| hit(one, *context.thresholds.get(axis)));
        (hits, unscored(examples().filter(|one| one.positive)))
    };
    let ((own, own_unscored), (other, other_unscored)) = (side(true), side(false));
    let no_cut = |estimate: Estimate| estimate.unless(subject.no_cut());
    let recall = |counts: &[_]| no_cut(share_of(counts, level, Undefined::NoPositives));
    let named = |families: &BTreeSet<&str>| families.iter().map(|family| (*family).to_owned()).collect();
    Some(FamilyBias {
        judge_families: named(&judge),
        label_families: named(&labels),
        labels_by_own_family: labels.intersection(&judge).next().is_some(),
        own_systems,
        own_recall: recall(&own).with_missing(own_unscored),
        other_recall: recall(&other).with_missing(other_unscored),
        own_minus_other: no_cut(difference(&own, &other, level, [Undefined::NoPositives; 2]))
            .with_missing(own_unscored + other_unscored),
    })
}

/// Do judges spare the systems of their own family, beside what each judge and each system brings? None below two judges of
/// known family or two systems, above 30 systems, or where no judge meets a system of its own.
pub(crate) fn self_preference(subjects: &[Subject<'_>], axis: Axis, context: &Context<'_>) -> Option<SelfPreference> {
    let judges: Vec<(&Subject<'_>, BTreeSet<&str>)> = subjects
        .iter()
        .filter(|subject| subject.no_cut().is_none() && subject.axes.get(axis).is_some())
        .map(|subject| (subject, judge_families(subject.run)))
        .filter(|(_, families)| !families.is_empty())
        .collect();
    let names: BTreeSet<&str> = context.gold.examples.iter().filter_map(|example| example.system.as_deref()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if judges.len() < 2 || !(2..=MOST_SYSTEMS).contains(&names.len()) {
        return None;
    }
    let own = |judge: usize, system: usize| families_of(names[system]).intersection(&judges[judge].1).next().is_some();
    let pairs: Vec<(usize, usize, bool)> = (0..judges.len())
        .flat_map(|judge| (0..names.len()).map(move |system| (judge, system)))
        .map(|(judge, system)| (judge, system, own(judge, system)))
        .collect();
    let own_pairs = pairs.iter().filter(|(_, _, own)| *own).count();
    if own_pairs == 0 {
        return None;
    }
    let mut parts = vec![vec![0.0; 2 * pairs.len()]; context.layout.clusters.len()];
    let (mut positives, mut silent) = (0.0, 0.0);
    for (judge, (subject, _)) in judges.iter().enumerate() {
        for one in subject.on(axis).iter().filter(|one| one.positive) {
            let name = context.gold.examples[one.example as usize].system.as_deref();
            let Some(system) = name.and_then(|name| names.binary_search(&name).ok()) else { continue };
            let at = 2 * (judge * names.len() + system);
            parts[one.cluster as usize][at] += one.flagged_of_asked();
            parts[one.cluster as usize][at + 1] += 1.0;
            positives += 1.0;
            silent += one.unscored();
        }
    }
    let mut effect = jackknife_of_sums(&parts, Scale::Identity, context.options.level, |sums| {
        let cell = |(sums, pair): (&[f64], &(usize, usize, bool))| TwoWayCell {
            row: pair.0,
            column: pair.1,
            marked: pair.2,
            n: sums[1],
            sum: sums[0],
        };
        two_way_effect(&sums.chunks(2).zip(&pairs).map(cell).collect::<Vec<_>>())
    });
    (effect.n, effect.missing) = (positives, whole(silent));
    Some(SelfPreference { judges_compared: judges.len(), systems_compared: names.len(), own_pairs, effect })
}
