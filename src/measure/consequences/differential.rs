//! Does the judge err alike on all systems? The condition under which blindness turns no ranking.

use std::collections::BTreeMap;

use super::result::EqualErrors;
use crate::measure::answers::{Answered, Context};
use crate::measure::by_cluster::Part;
use crate::model::Severity;
use crate::stats::Undefined;
use crate::stats::random::StreamKey;
use crate::stats::signflip::joint_sign_flip;

/// Name of the method.
const METHOD: &str = "severity_matched_sign_flip";

/// Recall and false alarms compared over systems at equal gold severity.
pub(super) fn equal_errors(
    systems: &BTreeMap<&str, Vec<&Answered>>,
    names: (&str, &str),
    no_cut: Option<Undefined>,
    hit: impl Fn(&Answered) -> Part,
    alarm: impl Fn(&Answered) -> Part,
    context: &Context<'_>,
) -> EqualErrors {
    let groups: Vec<&[&Answered]> = systems.values().map(Vec::as_slice).collect();
    let (judge, axis) = names;
    let test = |statistic: &str, part: &dyn Fn(&Answered) -> Part| match no_cut {
        Some(reason) => Err(reason),
        None => {
            let key = StreamKey::new(context.options.seed, judge, axis, statistic);
            joint_sign_flip(&scores(&groups, part, context), &key)
        }
    };
    let (recall, alarms) = (test("equal_recall_by_system", &hit), test("equal_false_alarms_by_system", &alarm));
    EqualErrors {
        recall_p_value: recall.ok(),
        recall_p_value_undefined: recall.err(),
        false_alarm_p_value: alarms.ok(),
        false_alarm_p_value_undefined: alarms.err(),
        method: METHOD.to_owned(),
    }
}

/// Per cluster and group: hits less those expected if every group were hit alike at equal severity.
///
/// The expected share is estimated from the same examples, so that an example of a group also counts against every other
/// group of its severity, in proportion to their size: the scores of a group then sum to its excess.
pub(in crate::measure) fn scores(
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
