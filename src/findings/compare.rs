//! Findings on judges side by side: which are told apart, on how many examples, and how sure their order is.

use super::{FindingCode, finding};
use crate::measure::{Comparison, Evaluation, Finding, FindingLevel, RankedMetric, Ranking};
use crate::model::Axis;

/// Share of the labelled examples from which a smaller common part is a note, not a warning.
const ALMOST_ALL: f64 = 0.9;
/// Judges that a message names.
const NAMED: usize = 5;

pub(super) fn findings(evaluation: &Evaluation) -> Vec<Finding> {
    let mut found = Vec::new();
    for axis in Axis::ALL {
        let ranked = |ranking: &&Ranking| ranking.metric == RankedMetric::YoudenJ && ranking.axis == Some(axis);
        let Some(ranking) = evaluation.rankings.iter().find(ranked) else { continue };
        found.extend(fewer_common(evaluation, ranking, axis));
        if axis == Axis::Omission {
            found.extend(not_distinguishable(evaluation, ranking));
            found.extend(uncertain(ranking));
        }
    }
    found
}

/// All judges together were asked a part of what each could have been asked.
fn fewer_common(evaluation: &Evaluation, ranking: &Ranking, axis: Axis) -> Option<Finding> {
    let labelled = evaluation.gold.axes.get(axis).labelled;
    if ranking.examples >= labelled {
        return None;
    }
    if ranking.examples == 0 {
        let message =
            format!("no {axis} example was asked of all {} judges: they cannot be ranked", ranking.judges.len());
        return Some(finding(FindingCode::FewerCommonExamples, FindingLevel::Warning, None, Some(axis), message));
    }
    let message = format!(
        "the {} judges are ranked on the {} {axis} examples that all of them were asked, of {labelled} in the set",
        ranking.judges.len(),
        ranking.examples
    );
    let level = match (ranking.examples as f64) < ALMOST_ALL * labelled as f64 {
        true => FindingLevel::Warning,
        false => FindingLevel::Note,
    };
    Some(finding(FindingCode::FewerCommonExamples, level, None, Some(axis), message))
}

/// The first two in order are not told apart.
fn not_distinguishable(evaluation: &Evaluation, ranking: &Ranking) -> Option<Finding> {
    let [best, next, ..] = ranking.judges.as_slice() else { return None };
    let (one, other) = best.estimate.value.zip(next.estimate.value)?;
    if next.with_best != Some(true) {
        return None;
    }
    let between = |comparison: &&Comparison| {
        [(&comparison.first, &comparison.second), (&comparison.second, &comparison.first)]
            .contains(&(&best.judge, &next.judge))
    };
    let difference = evaluation.comparisons.iter().find(between).and_then(|comparison| {
        let axis = comparison.axes.omission.as_ref()?;
        let difference = &axis.youden_j.difference;
        let (lower, upper) = difference.lower.zip(difference.upper)?;
        let turned = comparison.first != best.judge;
        let (value, lower, upper) = match turned {
            true => (-difference.value?, -upper, -lower),
            false => (difference.value?, lower, upper),
        };
        let alone = match lower > 0.0 || upper < 0.0 {
            true => "; taken alone it would leave out zero, but not among all the pairs that were compared",
            false => "",
        };
        Some(format!(
            ": on the {} examples that both were asked their difference is {value:+.2}, between {lower:+.2} and \
             {upper:+.2}{alone}",
            axis.examples
        ))
    });
    let message = format!(
        "{} ({one:.2}) and {} ({other:.2}), the first two by how much more often they flag an omission than a harmless \
         response (Youden J), are not told apart{}",
        best.judge,
        next.judge,
        difference.unwrap_or_default()
    );
    let code = FindingCode::JudgesNotDistinguishable;
    Some(finding(code, FindingLevel::Note, None, Some(Axis::Omission), message))
}

/// Of three judges or more, some could stand elsewhere.
fn uncertain(ranking: &Ranking) -> Option<Finding> {
    let open: Vec<String> = ranking
        .judges
        .iter()
        .filter_map(|judge| {
            let (lower, upper) = judge.rank_lower.zip(judge.rank_upper)?;
            (lower < upper).then(|| format!("{} {lower} to {upper}", judge.judge))
        })
        .collect();
    if ranking.judges.len() < 3 || open.is_empty() {
        return None;
    }
    let more = if open.len() > NAMED { format!(" and {} more", open.len() - NAMED) } else { String::new() };
    let message = format!(
        "the order by omission Youden J is not settled: places that cannot be excluded are {}{more}",
        open[..open.len().min(NAMED)].join(", ")
    );
    Some(finding(FindingCode::RankUncertain, FindingLevel::Note, None, Some(Axis::Omission), message))
}
