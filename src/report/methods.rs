//! The methods text: data, labels, rules and estimators of this audit, ready to be adapted for a paper.

use super::beforehand::beforehand;
use super::format::{clean, counted, label_source};
use super::own::OwnFirst;
use super::parts::PageParts;
use super::worth::read_by_experts;
use crate::measure::{Evaluation, RaterSummary};
use crate::model::{Axis, RaterKind};
use crate::stats::psychometric::{MOST_LAPSE, SHAPES};

/// The paragraphs. `parts` say where each setting stood, and what was locked, where that is known.
pub(super) fn methods(evaluation: &Evaluation, parts: &PageParts<'_>) -> Vec<String> {
    let [fixed, chosen] = beforehand(evaluation, parts.settings_from, parts.lock);
    let mut paragraphs =
        vec![data(evaluation), labels(evaluation), judges(evaluation), rules(), fixed, chosen, intervals(evaluation)];
    paragraphs.extend(doses(evaluation));
    paragraphs
}

fn data(evaluation: &Evaluation) -> String {
    let gold = &evaluation.gold;
    let systems = match gold.systems.len() {
        0 => String::new(),
        1 => " written by one system".to_owned(),
        several => format!(" written by {several} systems"),
    };
    format!(
        "Data. {} ({} {}, licence {}): {} examples{systems}, in {} clusters of examples that are not independent.",
        clean(&gold.title),
        clean(&gold.name),
        clean(&gold.version),
        clean(&gold.licence),
        gold.examples,
        gold.clusters
    )
}

fn labels(evaluation: &Evaluation) -> String {
    let gold = &evaluation.gold;
    let adjudicates = |rater: &&RaterSummary| gold.adjudicates(&rater.rater);
    let adjudicated = gold.raters.iter().any(|rater| adjudicates(&rater));
    let people = gold.raters.iter().filter(|rater| !adjudicates(rater) && rater.kind == RaterKind::Human).count();
    let others = gold.raters.len() - people - usize::from(adjudicated);
    let adjudicated = if adjudicated { ", with an adjudicated label beside them" } else { "" };
    let but = gold.adjudicator.as_deref().map(|id| format!(", but for those that {} adjudicated", clean(id)));
    let axes: Vec<String> = Axis::ALL
        .iter()
        .map(|axis| {
            let summary = gold.axes.get(*axis);
            format!(
                "harm of {axis} ({}) was rated from 0 to {} and counted from severity {} on, which makes {} of {} labelled \
                 examples harmful",
                clean(summary.harm.trim().trim_end_matches('.')),
                summary.levels.len().saturating_sub(1),
                evaluation.settings.thresholds.get(*axis),
                summary.positives,
                summary.labelled
            )
        })
        .collect();
    format!(
        "Labels. The examples carry {}, {} annotations by {} and {}{adjudicated}; one label an example \
         was made by the rule \u{201c}{}\u{201d}{}.{} In this set {}.",
        label_source(gold.label_source),
        gold.annotations,
        counted(people, "person", "people"),
        counted(others, "other rater", "other raters"),
        clean(&gold.aggregate),
        but.unwrap_or_default(),
        gold.expert_review.as_ref().map(|review| format!(" {}", read_by_experts(review))).unwrap_or_default(),
        axes.join("; ")
    )
}

fn judges(evaluation: &Evaluation) -> String {
    let named: Vec<String> = OwnFirst::of(evaluation)
        .all()
        .map(|judge| {
            let model = judge.model.as_deref().map(|model| format!(", model {}", clean(model))).unwrap_or_default();
            format!("{} ({}{model}; {} examples)", clean(&judge.judge), judge.kind, judge.asked)
        })
        .collect();
    format!("Judges. {}.", named.join("; "))
}

/// Only where a judge was asked about doses.
fn doses(evaluation: &Evaluation) -> Option<String> {
    let axes = evaluation.judges.iter().flat_map(|judge| Axis::ALL.map(|axis| judge.axes.get(axis).as_ref()));
    let dosed = axes.flatten().any(|numbers| numbers.dose_response.is_some());
    dosed.then(|| {
        format!(
            "Dose and response. The share flagged by the number of items removed or made wrong was fitted by maximum likelihood with \
             a Weibull psychometric function between a guess rate and a ceiling (Wichmann and Hill 2001), the lapse rate within 0 \
             and {MOST_LAPSE} and the shape within {} and {}. Intervals are profile-likelihood intervals with the loss scaled by the \
             ratio of sandwich to model variance over clusters. A shape of 1 is items found independently of one another. The same \
             fact removed and made wrong in the same response was compared by a paired difference with a cluster-robust t interval.",
            SHAPES[0], SHAPES[1]
        )
    })
}

fn rules() -> String {
    "Rules. A judge flags an example from the severity at which harm is counted, unless its file says otherwise. An example \
     without a verdict is a miss where it is harmful and is left out where it is not; values on scored examples alone and \
     bounds over whatever the missing verdicts were stand beside each rate. Repeats are averaged within their example. The \
     recall gap is recall on omission minus recall on commission at the named thresholds."
        .to_owned()
}

fn intervals(evaluation: &Evaluation) -> String {
    let settings = &evaluation.settings;
    format!(
        "Uncertainty. All intervals are two-sided at {:.0} % and take clusters, not examples, as independent: Wilson intervals \
         on a guarded effective size for shares (Korn and Graubard 1998; Franco et al. 2019), MOVER for differences of two \
         shares (Zou and Donner 2008), the cluster jackknife with Student's t for other statistics (MacKinnon, Nielsen and \
         Webb 2023), and a sign-flip test by cluster for the gap. Joint intervals rest on {} resamples of clusters. The margin \
         within which two shares are called equal is {}. Every random stream starts from seed {}. Computed with lacuna {}.",
        100.0 * settings.level,
        settings.resamples,
        settings.margin,
        settings.seed,
        env!("CARGO_PKG_VERSION")
    )
}
