//! Blind or noisy: whether repeats miss the same harms.

use std::num::NonZeroU32;

use crate::measure::answers::{Answered, Context, grouped};
use crate::measure::evaluation::{MajorityRecall, RepeatNoiseOnPositives};
use crate::stats::bias::{RepeatNoise, repeat_noise};
use crate::stats::jackknife::{CLUSTER_JACKKNIFE_T, Scale, jackknife};
use crate::stats::proportion::ClusterCount;
use crate::stats::{Estimate, Undefined};

/// Numbers of runs for which a majority is worked out.
const RUNS: [u32; 4] = [1, 3, 5, 9];

/// The split of hits on positives; an unscored run is a miss.
pub(super) fn noise(answered: &[Answered], no_cut: Option<Undefined>, context: &Context<'_>) -> RepeatNoiseOnPositives {
    let positives: Vec<&Answered> = answered.iter().filter(|one| one.positive).collect();
    let of = |kept: &dyn Fn(&Answered) -> bool| -> Result<RepeatNoise, Undefined> {
        let items: Vec<ClusterCount> = positives
            .iter()
            .filter(|one| kept(one))
            .map(|one| ClusterCount::new(f64::from(one.flagged), f64::from(one.trials)))
            .collect();
        repeat_noise(&items)
    };
    let found = no_cut.map_or_else(|| of(&|_| true), Err);
    let groups = grouped(positives.iter().map(|one| one.cluster), positives.len(), context);
    let mut run_correlation = match no_cut {
        Some(reason) => Estimate::undefined(reason, context.options.level, CLUSTER_JACKKNIFE_T),
        None => jackknife(groups.count, Scale::Logit, context.options.level, |left_out| {
            of(&|one| Some(groups.of[one.cluster as usize]) != left_out)?.correlation
        }),
    };
    run_correlation.n = positives.len() as f64;
    groups.name(&mut run_correlation);
    let majority_recall: Vec<MajorityRecall> = match &found {
        Ok(noise) => RUNS
            .iter()
            .filter_map(|runs| {
                Some(MajorityRecall { runs: *runs, expected_recall: noise.majority_recall(NonZeroU32::new(*runs)?) })
            })
            .collect(),
        Err(_) => Vec::new(),
    };
    let in_words = found.as_ref().ok().and_then(|noise| words(noise, &majority_recall)).unwrap_or_default();
    RepeatNoiseOnPositives {
        run_correlation,
        between_examples: found.as_ref().ok().map(|noise| noise.between_items),
        within_examples: found.as_ref().ok().map(|noise| noise.within_items),
        noise_undefined: found.err(),
        majority_recall,
        in_words,
    }
}

fn words(noise: &RepeatNoise, majorities: &[MajorityRecall]) -> Option<String> {
    let correlation = noise.correlation.ok()?;
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let five = majorities.iter().find(|majority| majority.runs == 5)?.expected_recall;
    let kind = if correlation >= 0.5 { "mostly blind to the same harms" } else { "mostly wavering" };
    Some(format!(
        "Asked again it is {kind}: {} of the variance of its hits lies between harms, {} between repeats of one. A majority of \
         five runs would find {} where one finds {}.",
        percent(correlation),
        percent(1.0 - correlation),
        percent(five),
        percent(noise.recall)
    ))
}
