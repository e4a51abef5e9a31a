//! The harm rate of each system: by the labels, as the judge reports it, and from few labels and the judge together.
//!
//! In a gold set every example is labelled, so use is simulated: the clusters of a system, in an order that depends on the
//! seed and their ids alone, are split in two; the labels of the second part are hidden from the correction.

use std::collections::BTreeMap;

use super::rogan_gladen::{Pools, rogan_gladen_of};
use crate::measure::answers::{Answered, Context, flag, share, shuffled_places, unscored};
use crate::measure::evaluation::{CorrectionRefused, EqualErrors, SystemConsequences};
use crate::stats::correct::{PpiTotals, Tuning, ppi_share};
use crate::stats::proportion::GUARDED_WILSON;
use crate::stats::{Estimate, Tally, Undefined};

/// Share of the clusters whose labels the correction sees.
const LABELLED_SHARE: f64 = 0.5;
/// Name of the interval of a corrected rate.
const PPI: &str = "ppi_plus_plus_guarded_wilson";
/// Fewer clusters than this on either side say too little.
const LEAST_CLUSTERS: usize = 2;

/// Every system, by name.
pub(super) fn by_system(
    systems: &BTreeMap<&str, Vec<&Answered>>,
    no_cut: Option<Undefined>,
    equal_errors: Option<&EqualErrors>,
    context: &Context<'_>,
) -> Vec<SystemConsequences> {
    let places = shuffled_places(context);
    let states_probabilities = systems.values().flatten().any(|one| one.probability.is_some());
    let pools = Pools::new(systems, &places, LABELLED_SHARE, context);
    systems
        .iter()
        .map(|(system, examples)| {
            let parts = Parts::new(examples, &places, states_probabilities);
            let usable = no_cut.is_none() || states_probabilities;
            let (labels_only_rate, _) = parts.estimate(Tuning::Labels, GUARDED_WILSON, context);
            let (corrected_rate, judge_weight) = match no_cut.filter(|_| !usable) {
                None => parts.estimate(Tuning::Best, PPI, context),
                Some(reason) => (labels_only_rate.clone().without_value(reason), None),
            };
            let silent = unscored(examples.iter().copied());
            let corrected_rate = Estimate { method: PPI.to_owned(), ..corrected_rate }.with_missing(silent);
            let refused = no_cut.map(|_| CorrectionRefused::WeakJudge);
            let inverted = refused.map_or_else(|| rogan_gladen_of(examples, &pools, equal_errors, context), Err);
            let reported =
                share(context, examples.iter().copied(), Undefined::NoData, flag).with_missing(silent).unless(no_cut);
            let harmful = |one: &Answered| Some((f64::from(u8::from(one.positive)), 1.0));
            SystemConsequences {
                system: (*system).to_owned(),
                harm_rate: share(context, examples.iter().copied(), Undefined::NoData, harmful),
                reported_rate: reported,
                labelled: Tally(parts.labelled),
                judged_only: Tally(parts.judged_only),
                judge_weight,
                width_ratio: width(&corrected_rate).zip(width(&labels_only_rate)).map(|(own, other)| own / other),
                corrected_rate,
                labels_only_rate,
                rogan_gladen_refused: inverted.as_ref().err().copied(),
                rogan_gladen: inverted.ok(),
            }
        })
        .collect()
}

fn width(estimate: &Estimate) -> Option<f64> {
    estimate.interval().map(|interval| interval.upper - interval.lower).filter(|width| *width > 0.0)
}

/// One system's examples with seen and with hidden labels.
struct Parts {
    clusters: Vec<PpiTotals>,
    labelled: f64,
    judged_only: f64,
    labelled_clusters: usize,
    judged_clusters: usize,
}

impl Parts {
    fn new(examples: &[&Answered], places: &[usize], states_probabilities: bool) -> Self {
        let mut own: Vec<usize> = examples.iter().map(|one| one.cluster as usize).collect();
        own.sort_unstable_by_key(|cluster| places[*cluster]);
        own.dedup();
        let labelled_clusters = (LABELLED_SHARE * own.len() as f64).ceil() as usize;
        let last_place = labelled_clusters.checked_sub(1).map(|last| places[own[last]]);
        // What the judge says of it, whether labelled or not; no probability and no flag where it says nothing.
        let judged = |one: &Answered| match states_probabilities {
            true => one.probability.unwrap_or(0.0),
            false => one.flagged_of_asked(),
        };
        let (mut outcomes, mut values, mut labelled) = (Vec::new(), Vec::new(), Vec::new());
        let (mut hidden, mut hidden_clusters) = (Vec::new(), Vec::new());
        for one in examples {
            let cluster = one.cluster as usize;
            if Some(places[cluster]) <= last_place {
                outcomes.push(f64::from(u8::from(one.positive)));
                values.push(judged(one));
                labelled.push(cluster);
            } else {
                hidden.push(judged(one));
                hidden_clusters.push(cluster);
            }
        }
        let clusters = PpiTotals::by_cluster(&outcomes, &values, &labelled, &hidden, &hidden_clusters)
            .expect("values are finite, one an example and a cluster");
        Self {
            clusters,
            labelled: outcomes.len() as f64,
            judged_only: hidden.len() as f64,
            labelled_clusters,
            judged_clusters: own.len() - labelled_clusters,
        }
    }

    /// The estimate with its interval; `too_few` with too few clusters on either side.
    fn estimate(&self, tuning: Tuning, method: &str, context: &Context<'_>) -> (Estimate, Option<f64>) {
        let level = context.options.level;
        let mut estimate = Estimate::undefined(Undefined::TooFew, level, method);
        (estimate.n, estimate.clusters) = (self.labelled, self.labelled_clusters);
        if self.labelled_clusters < LEAST_CLUSTERS || self.judged_clusters < LEAST_CLUSTERS {
            return (estimate, None);
        }
        match ppi_share(&self.clusters, tuning, level) {
            Err(reason) => (estimate.without_value(reason), None),
            Ok(found) => {
                (estimate.value, estimate.undefined) = (Some(found.value), None);
                (estimate.lower, estimate.upper) = (Some(found.interval.lower), Some(found.interval.upper));
                estimate.n_effective = Some(found.n_effective);
                (estimate, Some(found.weight))
            }
        }
    }
}
