//! Agreement of severities over repeats.

use crate::measure::answers::{Answered, Context, jackknife_of_sums, place_of, share_of};
use crate::measure::trials::answer_of;
use crate::model::{Axis, Verdict};
use crate::stats::agreement::{ConfusionTable, Metric, krippendorff_alpha};
use crate::stats::jackknife::Scale;
use crate::stats::proportion::ClusterCount;
use crate::stats::{Estimate, Undefined};
use crate::table::Answer;

/// Probability that two repeats agree, and Krippendorff's alpha over them.
pub(super) fn agreement(
    verdicts: &[Verdict],
    answered: &[Answered],
    axis: Axis,
    context: &Context<'_>,
) -> (Estimate, Estimate) {
    let levels = context.gold.card.axis(axis).levels.len();
    let given = severities_of(verdicts, answered, axis, levels, context);
    let clusters = context.layout.clusters.len();
    let mut shares = vec![ClusterCount::default(); clusters];
    let mut coincidences = vec![vec![0.0; levels * levels]; clusters];
    let mut repeated = 0.0;
    for (one, counts) in answered.iter().zip(given.chunks(levels)) {
        let verdicts: u32 = counts.iter().sum();
        if verdicts < 2 {
            continue;
        }
        repeated += 1.0;
        let share = &mut shares[one.cluster as usize];
        share.hits += agreeing_pairs(counts);
        share.total += 1.0;
        add_pairs(&mut coincidences[one.cluster as usize], counts, verdicts);
    }
    let level = context.options.level;
    let mut alpha = jackknife_of_sums(&coincidences, Scale::Atanh, level, |cells| {
        let mut table = ConfusionTable::new(levels).map_err(|_| Undefined::TooFew)?;
        for (at, weight) in cells.iter().enumerate() {
            table.add(at / levels, at % levels, *weight);
        }
        krippendorff_alpha(&table, Metric::Ordinal)
    });
    alpha.n = repeated;
    (share_of(&shares, level, Undefined::NoData), alpha)
}

/// Every two verdicts of an example, each pair at one over the others: Krippendorff's coincidences once the table is
/// added to its mirror.
fn add_pairs(cells: &mut [f64], counts: &[u32], verdicts: u32) {
    let levels = counts.len();
    let weight = 1.0 / (f64::from(verdicts) - 1.0);
    for (low, own) in counts.iter().enumerate() {
        let own = f64::from(*own);
        cells[low * levels + low] += weight * own * (own - 1.0) / 2.0;
        for (high, other) in counts.iter().enumerate().skip(low + 1) {
            cells[low * levels + high] += weight * own * f64::from(*other);
        }
    }
}

/// How often each example was given each severity, one run of `levels` counts an example.
fn severities_of(
    verdicts: &[Verdict],
    answered: &[Answered],
    axis: Axis,
    levels: usize,
    context: &Context<'_>,
) -> Vec<u32> {
    let mut given = vec![0; answered.len() * levels];
    for verdict in verdicts {
        let Some(position) = context.gold.position(&verdict.example) else { continue };
        let Some(at) = place_of(answered, position) else { continue };
        if let Answer::Severity(severity) = answer_of(verdict, axis)
            && usize::from(severity) < levels
        {
            given[at * levels + usize::from(severity)] += 1;
        }
    }
    given
}

/// Share of the pairs of an example's verdicts that agree, from how many verdicts there are of each kind (two or more in
/// all): unbiased at any number of repeats (Fleiss 1971).
pub(super) fn agreeing_pairs(kinds: &[u32]) -> f64 {
    let pairs = |count: u32| f64::from(count) * (f64::from(count) - 1.0);
    kinds.iter().map(|count| pairs(*count)).sum::<f64>() / pairs(kinds.iter().sum())
}
