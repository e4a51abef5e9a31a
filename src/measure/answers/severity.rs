//! Equal severity: classes of severity, and what is flagged beyond what is expected of them.

use std::collections::BTreeMap;

use super::sums::Part;
use super::table::{Answered, Context};
use crate::model::Severity;

/// Per cluster and group: hits less those expected if every group were hit alike at equal severity.
///
/// The expected share is estimated from the same examples, so that an example of a group also counts against every other
/// group of its severity, in proportion to their size: the scores of a group then sum to its excess.
pub(crate) fn severity_matched_scores(
    groups: &[&[&Answered]],
    part: &dyn Fn(&Answered) -> Part,
    context: &Context<'_>,
) -> Vec<Vec<f64>> {
    let mut pooled: BTreeMap<Severity, (f64, f64, Vec<f64>)> = BTreeMap::new();
    for (group, examples) in groups.iter().enumerate() {
        for one in *examples {
            let Some((hits, total)) = part(one) else { continue };
            let own = pooled.entry(one.gold).or_insert_with(|| (0.0, 0.0, vec![0.0; groups.len()]));
            own.0 += hits;
            own.1 += total;
            own.2[group] += total;
        }
    }
    let mut scores = vec![vec![0.0; groups.len()]; context.layout.clusters.len()];
    let mut shared: Vec<BTreeMap<Severity, f64>> = vec![BTreeMap::new(); scores.len()];
    for (group, examples) in groups.iter().enumerate() {
        for one in *examples {
            let Some((hits, total)) = part(one) else { continue };
            let (all_hits, all, _) = &pooled[&one.gold];
            let residual = hits - total * all_hits / all;
            scores[one.cluster as usize][group] += residual;
            *shared[one.cluster as usize].entry(one.gold).or_default() += residual;
        }
    }
    for (cluster, residuals) in scores.iter_mut().zip(&shared) {
        for (severity, residual) in residuals {
            let (_, all, sizes) = &pooled[severity];
            cluster.iter_mut().zip(sizes).for_each(|(score, size)| *score -= residual * size / all);
        }
        // What is left of scores that cancel is rounding.
        cluster.iter_mut().filter(|score| score.abs() < 1e-12).for_each(|score| *score = 0.0);
    }
    scores
}

/// The class of a severity among `classes` equal parts of the scale, from 0.
pub(crate) fn class_of(severity: Severity, top: Severity, classes: usize) -> usize {
    (usize::from(severity) * classes).div_ceil(usize::from(top)).max(1) - 1
}
