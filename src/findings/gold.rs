//! Findings on the gold set.

use super::{FindingCode, finding, percent};
use crate::measure::{Evaluation, Finding, FindingLevel};
use crate::model::{Axis, LabelSource, RaterKind};

/// Below this many positives a Wilson interval at a recall of one half is wider than 0.35.
const FEW_POSITIVES: usize = 30;
/// Below this many clusters coverage is approximate (kappa intervals under-cover at 12).
const FEW_CLUSTERS: usize = 15;
/// Share of the positives from which one system or cluster carries an axis.
const CARRIES_SYSTEM: f64 = 0.8;
const CARRIES_CLUSTER: f64 = 0.25;
/// And how many times the share that each cluster would have if all held as many.
const TIMES_EVEN: f64 = 2.0;

pub(super) fn findings(evaluation: &Evaluation) -> Vec<Finding> {
    let mut findings = Vec::new();
    let gold = &evaluation.gold;
    match gold.label_source {
        LabelSource::Human => {}
        LabelSource::Model => findings.push(note(
            FindingCode::LabelsNotHuman,
            None,
            "the gold labels were made by a model, not by people".to_owned(),
        )),
        LabelSource::Constructed => findings.push(note(
            FindingCode::LabelsNotHuman,
            None,
            "the gold labels follow from how the examples were constructed; no person has read them as a rater"
                .to_owned(),
        )),
    }
    for axis in Axis::ALL {
        on_axis(evaluation, axis, &mut findings);
    }
    if gold.clusters < FEW_CLUSTERS {
        findings.push(note(
            FindingCode::FewClusters,
            None,
            format!("all intervals rest on at most {} clusters", gold.clusters),
        ));
    }
    let people = gold.raters.iter().filter(|rater| rater.kind == RaterKind::Human).count();
    let independent =
        Axis::ALL.iter().any(|axis| evaluation.human_ceiling.get(*axis).iter().any(|entry| entry.independent));
    if !independent {
        let raters = match people {
            0 => "no person rated the set".to_owned(),
            1 => "one person rated the set".to_owned(),
            _ => "no two people, an adjudicator apart, rated the same examples".to_owned(),
        };
        let message = format!("{raters}, so there is no human ceiling to hold a judge against");
        findings.push(finding(FindingCode::NoHumanCeiling, FindingLevel::Note, None, None, message));
    }
    findings
}

fn note(code: FindingCode, axis: Option<Axis>, message: String) -> Finding {
    finding(code, FindingLevel::Warning, None, axis, message)
}

fn on_axis(evaluation: &Evaluation, axis: Axis, findings: &mut Vec<Finding>) {
    let summary = evaluation.gold.axes.get(axis);
    let positives = summary.positives;
    if positives == 0 {
        let message = match summary.labelled {
            0 => format!("no example is labelled on {axis}: recall is undefined"),
            _ => format!(
                "no example is a positive on {axis} (severity {} or more): recall is undefined",
                summary.threshold
            ),
        };
        findings.push(note(FindingCode::AxisWithoutPositives, Some(axis), message));
        return;
    }
    if positives < FEW_POSITIVES {
        let message = format!("{axis} has {positives} positives in all");
        findings.push(note(FindingCode::FewPositives, Some(axis), message));
    }
    let share = |part: usize| part as f64 / positives as f64;
    if evaluation.gold.systems.len() > 1
        && let Some((system, most)) =
            summary.positives_by_system.iter().max_by(|one, other| one.1.cmp(other.1).then(other.0.cmp(one.0)))
        && share(*most) >= CARRIES_SYSTEM
    {
        let message = format!(
            "{most} of the {positives} {axis} positives ({}) come from one system, {system}",
            percent(share(*most))
        );
        findings.push(note(FindingCode::PositivesFromOneSystem, Some(axis), message));
    }
    if evaluation.gold.clusters > 1
        && let Some(largest) = &summary.largest_cluster
        && share(largest.positives)
            >= CARRIES_CLUSTER.max((TIMES_EVEN / summary.positive_clusters as f64).min(CARRIES_SYSTEM))
    {
        let message = format!(
            "{} of the {positives} {axis} positives ({}) come from one cluster, {}",
            largest.positives,
            percent(share(largest.positives)),
            largest.cluster
        );
        findings.push(note(FindingCode::PositivesFromOneCluster, Some(axis), message));
    }
}
