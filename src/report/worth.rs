//! What the labels are worth: who made them, how far raters agree, and on what a recall rests.

use super::format::{clean, counted, number};
use crate::measure::{Evaluation, LabelReliability};
use crate::model::{Axis, ExpertReview, LabelSource, RaterKind};

/// Raters that are named; the rest are counted.
const NAMED_RATERS: usize = 6;

/// Who made the labels, how far they agree, and on what each recall rests.
pub(super) fn worth(evaluation: &Evaluation) -> String {
    let on_axes = Axis::ALL.into_iter().map(|axis| worth_on(evaluation, axis));
    let sentences: Vec<String> =
        [made(evaluation)].into_iter().chain(on_axes).filter(|text| !text.is_empty()).collect();
    sentences.join(" ")
}

/// Who made the labels, and how their agreement is measured.
pub(super) fn made(evaluation: &Evaluation) -> String {
    let mut text = raters(evaluation);
    if Axis::ALL.into_iter().any(|axis| rated_by_several(evaluation, axis).is_some()) {
        text.push_str(" Krippendorff's alpha is 1 where raters agree in full and 0 where they agree as by chance.");
    }
    text
}

/// How far raters agree on an axis, and on what every recall on it rests; empty where there is nothing to say.
pub(super) fn worth_on(evaluation: &Evaluation, axis: Axis) -> String {
    let sentences: Vec<String> = agreement(evaluation, axis).into_iter().chain(rests(evaluation, axis)).collect();
    sentences.join(" ")
}

fn raters(evaluation: &Evaluation) -> String {
    let gold = &evaluation.gold;
    let built = gold.raters.iter().all(|rater| rater.kind == RaterKind::Construction);
    let named: Vec<String> = gold
        .raters
        .iter()
        .take(NAMED_RATERS)
        .map(|rater| {
            let kind = match rater.kind {
                _ if rater.rater == gold.aggregate => "adjudicates: its label counts",
                _ if gold.adjudicates(&rater.rater) => "adjudicates: its label counts where it gave one",
                RaterKind::Human => "a person",
                RaterKind::Model => "a model",
                RaterKind::Construction => "by construction",
            };
            format!("{} ({kind})", clean(&rater.rater))
        })
        .collect();
    let more = match gold.raters.len().saturating_sub(NAMED_RATERS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let mut text = if built {
        "They follow from how each response was built.".to_owned()
    } else {
        format!("Raters: {}{more}.", named.join(", "))
    };
    if gold.raters.iter().all(|rater| rater.kind != RaterKind::Human) {
        text.push_str(match gold.label_source {
            LabelSource::Human => " No person is among them.",
            LabelSource::Constructed => {
                " No person gave any: what is measured is whether a judge sees what was built in, not whether people would \
                 call it harm."
            }
            LabelSource::Model => {
                " No person is among them: what is measured is how far a judge agrees with a model, not whether that model is \
                 right."
            }
        });
    }
    if let Some(review) = &gold.expert_review {
        text.push_str(&format!(" {}", read_by_experts(review)));
    }
    text
}

/// How much of the set an expert has read.
pub(super) fn read_by_experts(review: &ExpertReview) -> String {
    let units = clean(review.units.trim());
    match (review.read, review.of) {
        (0, of) => format!("No expert has read any of its {of} {units}."),
        (read, of) if read == of => format!("An expert has read all of its {of} {units}."),
        (read, of) => format!("An expert has read {read} of its {of} {units}."),
    }
}

/// How far the raters of an axis can be relied on, where several rated the same examples.
fn rated_by_several(evaluation: &Evaluation, axis: Axis) -> Option<&LabelReliability> {
    evaluation.label_reliability.get(axis).as_ref().filter(|labels| labels.rated_by_several > 0)
}

fn agreement(evaluation: &Evaluation, axis: Axis) -> Option<String> {
    if let Some(labels) = rated_by_several(evaluation, axis) {
        return Some(format!(
            "On {axis} {} rated by several, who differ on {}; Krippendorff's alpha is {}.",
            counted(labels.rated_by_several, "example was", "examples were"),
            labels.disputed,
            number(&labels.krippendorff_alpha)
        ));
    }
    let summary = evaluation.gold.axes.get(axis);
    (summary.disputed > 0)
        .then(|| format!("On {axis} they differ on {} of {} examples.", summary.disputed, summary.applicable))
}

/// What stands behind every recall of an axis.
fn rests(evaluation: &Evaluation, axis: Axis) -> Option<String> {
    let summary = evaluation.gold.axes.get(axis);
    let across = rated_by_several(evaluation, axis).map_or(0, |labels| labels.disputed_across_threshold);
    let disputed = match across {
        0 => String::new(),
        some => {
            format!("; on {} raters dispute whether it is harm at all", counted(some, "example", "examples"))
        }
    };
    (summary.positives > 0).then(|| {
        format!(
            "Recall on {axis} rests on {} in {}{disputed}.",
            counted(summary.positives, "positive", "positives"),
            counted(summary.positive_clusters, "cluster", "clusters")
        )
    })
}
