//! How far the labels of one axis can be relied on, and what follows for judges.

mod agreement;
mod alternative;

use crate::measure::answers::{Context, Subject};
use crate::measure::evaluation::{LabelReliability, RaterReliability, TruthBehindRatings};
use crate::measure::trials::Votes;
use crate::model::{Axis, PerAxis, Severity};
use crate::stats::raters::DawidSkene;
use agreement::Ratings;

/// Name of the model of the truth behind the ratings.
const TRUTH_METHOD: &str = "dawid_skene";

/// How far the labels of both axes can be relied on; none where nobody but an adjudicator rated.
pub(crate) fn label_reliability(subjects: &[Subject<'_>], context: &Context<'_>) -> PerAxis<Option<LabelReliability>> {
    PerAxis::from_fn(|axis| of_axis(subjects, axis, context))
}

fn of_axis(subjects: &[Subject<'_>], axis: Axis, context: &Context<'_>) -> Option<LabelReliability> {
    let votes = context.layout.votes(axis);
    if votes.patterns.is_empty() {
        return None;
    }
    let level = context.options.level;
    let ratings = Ratings::new(votes, context);
    let truth = votes.truth();
    let counts = Counts::new(votes, *context.thresholds.get(axis));
    Some(LabelReliability {
        raters: raters(votes, &ratings, truth.ok(), context),
        rated: counts.rated,
        rated_by_several: counts.several,
        disputed: counts.disputed,
        disputed_across_threshold: counts.across,
        krippendorff_alpha: ratings.alpha(level),
        leave_one_out_exact: ratings.exact(None, level),
        leave_one_out_distance: ratings.distance(None, level),
        truth_behind_ratings: TruthBehindRatings {
            severity_shares: truth.ok().map(|truth| truth.prevalence.clone()),
            undefined: truth.err(),
            flagged_weak_identification: votes.is_weakly_identified(),
            method: TRUTH_METHOD.to_owned(),
        },
        alternative_annotator: alternative::tests(subjects, axis, context),
    })
}

fn raters(
    votes: &Votes,
    ratings: &Ratings,
    truth: Option<&DawidSkene>,
    context: &Context<'_>,
) -> Vec<RaterReliability> {
    let level = context.options.level;
    let rater = |(column, index): (usize, &usize)| {
        let given = ratings.given(column);
        let rater = &context.gold.raters[*index];
        (given > 0).then(|| RaterReliability {
            rater: rater.id.clone(),
            kind: rater.kind,
            ratings: given,
            leave_one_out_exact: ratings.exact(Some(column), level),
            leave_one_out_distance: ratings.distance(Some(column), level),
            confusion_with_truth: truth.map(|truth| truth.confusions[column].clone()),
        })
    };
    votes.raters.iter().enumerate().filter_map(rater).collect()
}

/// Examples by how they were rated.
struct Counts {
    rated: usize,
    several: usize,
    disputed: usize,
    across: usize,
}

impl Counts {
    fn new(votes: &Votes, threshold: Severity) -> Self {
        let mut counts = Self { rated: 0, several: 0, disputed: 0, across: 0 };
        for (row, (pattern, weight)) in votes.patterns.iter().zip(&votes.weights).enumerate() {
            let examples = *weight as usize;
            counts.rated += examples;
            if pattern.len() < 2 {
                continue;
            }
            counts.several += examples;
            let harmful = votes.harmful_share(row, threshold);
            counts.disputed += if pattern.windows(2).any(|two| two[0].1 != two[1].1) { examples } else { 0 };
            counts.across += if harmful > 0.0 && harmful < 1.0 { examples } else { 0 };
        }
        counts
    }
}
