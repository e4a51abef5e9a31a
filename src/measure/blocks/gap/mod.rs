//! The recall gap: at the thresholds of the audit, at every other pair with one band for all, scored only, bounded, within
//! systems, at equal severity, without any cut, and whether it is small enough to call it none.

mod context;
mod counts;
mod cut_free;
mod equivalence;
mod matched;
mod surface;
mod words;

pub(crate) use context::{AtThresholds, BothAxes, GapContext};
pub(crate) use words::in_words;

use std::collections::BTreeMap;

use crate::measure::answers::{Context, MidP, Subject};
use crate::measure::counts::{Missing, Slices};
use crate::measure::evaluation::{Bounds, GapOfSystem, RecallGap};
use crate::model::{PerAxis, SYSTEM_SLICE, Severity};
use crate::stats::gap::{MOVER_GUARDED, recall_gap};
use crate::stats::random::StreamKey;
use crate::stats::signflip::gap_test;
use crate::stats::{Estimate, Undefined};
use counts::{BOUNDS_METHOD, gap_bounds, gap_counts, missing, positives};

/// The gap of a judge that answers on both axes.
pub(crate) fn gap(axes: &BothAxes<'_>, slices: &PerAxis<&Slices>, context: &GapContext<'_>) -> RecallGap {
    let level = context.level();
    let counts = gap_counts(axes, context.cuts, Missing::Miss);
    let missing = missing(axes, context.cuts);
    let estimate = recall_gap(&counts, level).with_missing(missing);
    let key = StreamKey::new(context.context.options.seed, context.subject.name(), "both", "recall_gap_sign_flip");
    let test = MidP::of(gap_test(&counts, &key).map(|found| found.test));
    let (surface, surface_band) = surface::surface(context);
    let scored_only = recall_gap(&gap_counts(axes, context.cuts, Missing::LeftOut), level).with_missing(missing);
    // Two recalls of 0 for want of any verdict are no sign of equal eyesight.
    let equivalence = match scored_only.undefined {
        Some(_) => equivalence::undefined_equivalence(context.context.options, Undefined::NoData),
        None => equivalence::equivalence(&counts, &estimate, context.context.options),
    };
    let mut gap = RecallGap {
        p_value: test.value,
        p_value_undefined: test.undefined,
        p_value_method: test.method,
        adjusted: None,
        thresholds: PerAxis {
            omission: context.cuts.omission.gold as Severity,
            commission: context.cuts.commission.gold as Severity,
        },
        scored_only,
        bounds: gap_bounds(axes, context),
        equivalence,
        surface,
        surface_band,
        auc_gap: cut_free::auc_gap(context.subject, context.context),
        severity_matched: matched::severity_matched(context.subject, context.tops, context.context),
        severity_weighted: matched::severity_weighted(context.subject, context.tops, context.context),
        by_system: by_system(slices, context),
        in_words: String::new(),
        estimate,
    };
    gap.in_words = words::in_words(&gap);
    gap
}

/// The gap of a judge that has none: it answers on one axis only, or has no cut. One without a cut still has what needs
/// none.
pub(crate) fn undefined_gap(subject: &Subject<'_>, context: &Context<'_>, reason: Undefined) -> RecallGap {
    let level = context.options.level;
    let undefined = || Estimate::undefined(reason, level, MOVER_GUARDED);
    let mut gap = RecallGap {
        estimate: undefined(),
        p_value: None,
        p_value_undefined: Some(reason),
        p_value_method: "undefined".to_owned(),
        adjusted: None,
        thresholds: context.thresholds,
        scored_only: undefined(),
        bounds: Bounds {
            lower: None,
            upper: None,
            undefined: Some(reason),
            interval: None,
            level,
            method: BOUNDS_METHOD.to_owned(),
        },
        equivalence: equivalence::undefined_equivalence(context.options, reason),
        surface: Vec::new(),
        surface_band: surface::undefined_band(level, reason),
        auc_gap: match reason {
            Undefined::NoCut => cut_free::auc_gap(subject, context),
            _ => cut_free::undefined_auc_gap(level, reason),
        },
        severity_matched: matched::undefined_matched(level, reason),
        severity_weighted: Estimate::undefined(reason, level, crate::stats::jackknife::CLUSTER_JACKKNIFE_T),
        by_system: BTreeMap::new(),
        in_words: String::new(),
    };
    gap.in_words = words::in_words(&gap);
    gap
}

/// The gap within each system that has positives on both axes.
fn by_system(slices: &PerAxis<&Slices>, context: &GapContext<'_>) -> BTreeMap<String, GapOfSystem> {
    let (Some(omission), Some(commission)) = (slices.omission.get(SYSTEM_SLICE), slices.commission.get(SYSTEM_SLICE))
    else {
        return BTreeMap::new();
    };
    omission
        .iter()
        .filter_map(|(system, omission)| {
            let axes = BothAxes { omission, commission: commission.get(system)? };
            let counts = gap_counts(&axes, context.cuts, Missing::Miss);
            let gap = recall_gap(&counts, context.level()).with_missing(missing(&axes, context.cuts));
            gap.value.is_some().then(|| (system.clone(), GapOfSystem { positives: positives(&counts), gap }))
        })
        .collect()
}
