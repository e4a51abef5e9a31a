//! Every number of one pair of judges, before its tests are adjusted.

use super::common::{AxisPair, common_positions, double};
use super::separating::Ranks;
use crate::measure::answers::{Context, Subject};
use crate::measure::counts::whole;
use crate::measure::evaluation::{AxisComparison, Comparison, PairedDifference, SeparatingScore};
use crate::model::{Axis, PerAxis};
use crate::stats::auc::auc_clustered_difference_of_ranks;
use crate::stats::compare::{
    CLUSTER_ROBUST_T, DifferenceTest, double_difference, double_difference_test, paired_difference,
    paired_difference_test,
};
use crate::stats::random::StreamKey;
use crate::stats::{Confidence, Estimate, Undefined};

/// Two judges and the set they are compared on.
pub(super) struct Pair<'a> {
    pub(super) first: &'a Subject<'a>,
    pub(super) second: &'a Subject<'a>,
    /// What separates the examples of either.
    pub(super) ranks: [&'a PerAxis<Option<Ranks>>; 2],
    pub(super) context: &'a Context<'a>,
}

impl Pair<'_> {
    /// Every number; the words are still to come.
    pub(super) fn compare(&self) -> Comparison {
        let clusters = self.context.layout.clusters.len();
        let pairs: PerAxis<Option<AxisPair>> = PerAxis::from_fn(|axis| {
            let both = self.first.axes.get(axis).as_deref().zip(self.second.axes.get(axis).as_deref());
            both.map(|(first, second)| AxisPair::new(first, second, clusters))
        });
        Comparison {
            first: self.first.name().to_owned(),
            second: self.second.name().to_owned(),
            axes: PerAxis::from_fn(|axis| pairs.get(axis).as_ref().map(|pair| self.on_axis(pair, axis))),
            recall_gap: self.recall_gap(&pairs),
            in_words: String::new(),
        }
    }

    /// Why there is no flag to compare.
    fn no_cut(&self) -> Option<Undefined> {
        self.first.no_cut().or(self.second.no_cut())
    }

    fn level(&self) -> f64 {
        self.context.options.level
    }

    fn key(&self, axis: &str, statistic: &str) -> StreamKey {
        let names = format!("{}\n{}", self.first.name(), self.second.name());
        StreamKey::new(self.context.options.seed, &names, axis, statistic)
    }

    fn on_axis(&self, pair: &AxisPair, axis: Axis) -> AxisComparison {
        let no_cut = self.no_cut();
        let share = |flags: &super::common::FlagPairs, statistic: &str, none: Undefined| {
            if let Some(reason) = no_cut {
                return undefined(reason, self.level());
            }
            let test = paired_difference_test(&flags.clusters, &self.key(axis.name(), statistic));
            let difference = paired_difference(&flags.clusters, self.level()).with_missing(flags.missing);
            tested(flags.shares(), difference, test, none)
        };
        let (auc, auc_of) = self.auc(axis);
        AxisComparison {
            examples: pair.examples,
            positives: pair.of_class[1],
            negatives: pair.of_class[0],
            recall: share(&pair.positives, "recall_difference", Undefined::NoPositives),
            false_alarm_rate: share(&pair.negatives, "false_alarm_difference", Undefined::NoNegatives),
            youden_j: self.youden_j(pair, axis),
            auc,
            auc_of,
            positives_flagged: pair.positives.flags().filter(|_| no_cut.is_none()),
            negatives_flagged: pair.negatives.flags().filter(|_| no_cut.is_none()),
        }
    }

    fn youden_j(&self, pair: &AxisPair, axis: Axis) -> PairedDifference {
        if let Some(reason) = self.no_cut() {
            return undefined(reason, self.level());
        }
        let (recalls, alarms) = (pair.positives.shares(), pair.negatives.shares());
        let youden = |judge: usize| Some(recalls[judge]? - alarms[judge]?);
        let counts = pair.youden();
        let none = if recalls[0].is_none() { Undefined::NoPositives } else { Undefined::NoNegatives };
        let missing = pair.positives.missing + pair.negatives.missing;
        let difference = double_difference(&counts, self.level()).with_missing(missing);
        let test = double_difference_test(&counts, &self.key(axis.name(), "youden_j_difference"));
        tested([youden(0), youden(1)], difference, test, none)
    }

    /// The difference of the recall gaps, on the positives that both were asked.
    fn recall_gap(&self, pairs: &PerAxis<Option<AxisPair>>) -> PairedDifference {
        let both = pairs.omission.as_ref().zip(pairs.commission.as_ref());
        let (omission, commission) = match (self.no_cut(), both) {
            (Some(reason), _) => return undefined(reason, self.level()),
            (None, None) => return undefined(Undefined::NotAnswered, self.level()),
            (None, Some(both)) => both,
        };
        let (first, second) = (omission.positives.shares(), commission.positives.shares());
        let gap = |judge: usize| Some(first[judge]? - second[judge]?);
        let counts = double(&omission.positives, &commission.positives);
        let missing = omission.positives.missing + commission.positives.missing;
        let difference = double_difference(&counts, self.level()).with_missing(missing);
        let test = double_difference_test(&counts, &self.key("both", "recall_gap_difference"));
        tested([gap(0), gap(1)], difference, test, Undefined::NoPositives)
    }

    /// The difference of the areas under the ROC curves, on the examples for which both have a score.
    fn auc(&self, axis: Axis) -> (PairedDifference, [Option<SeparatingScore>; 2]) {
        let ranked = self.ranks.map(|ranks| ranks.get(axis).as_ref());
        let of = ranked.map(|ranks| ranks.map(|ranks| ranks.of));
        let [Some(one), Some(other)] = ranked else { return (undefined(Undefined::NoData, self.level()), of) };
        let (mut labels, mut clusters) = (Vec::new(), Vec::new());
        let (mut ranks, mut missing) = ([Vec::new(), Vec::new()], 0.0);
        let first = self.first.on(axis);
        for (at, other_at) in common_positions(first, self.second.on(axis)) {
            let Some((a, b)) = one.ranks[at].zip(other.ranks[other_at]) else {
                missing += 1.0;
                continue;
            };
            labels.push(first[at].positive);
            clusters.push(first[at].cluster as usize);
            ranks[0].push(a);
            ranks[1].push(b);
        }
        let found = areas(&labels, &ranks, &clusters, self.level(), missing);
        (found.unwrap_or_else(|reason| undefined(reason, self.level())), of)
    }
}

fn areas(
    labels: &[bool],
    ranks: &[Vec<u32>; 2],
    clusters: &[usize],
    level: f64,
    missing: f64,
) -> Result<PairedDifference, Undefined> {
    let confidence = Confidence::new(level).map_err(|_| Undefined::Incompatible)?;
    let found = auc_clustered_difference_of_ranks(labels, [&ranks[0], &ranks[1]], clusters, confidence)
        .map_err(|_| Undefined::Incompatible)??;
    let mut difference = Estimate::undefined(Undefined::NoData, level, AUC_METHOD);
    (difference.value, difference.undefined) = (Some(found.difference), None);
    (difference.n, difference.clusters) = (labels.len() as f64, found.clusters);
    match found.interval {
        Ok(interval) => (difference.lower, difference.upper) = (Some(interval.lower), Some(interval.upper)),
        Err(reason) => difference.interval_undefined = Some(reason),
    }
    let test = found.p.map(|p_value| DifferenceTest { p_value, method: AUC_METHOD });
    Ok(tested(found.areas.map(Some), difference.with_missing(missing), test, Undefined::OneClass))
}

/// Name of the interval and the test of a difference of AUCs.
const AUC_METHOD: &str = "obuchowski_t";

/// A difference with its test; `none` is why there is none where the class is empty.
fn tested(
    values: [Option<f64>; 2],
    mut difference: Estimate,
    test: Result<DifferenceTest, Undefined>,
    none: Undefined,
) -> PairedDifference {
    let named = |reason: Undefined| if reason == Undefined::NoPositives { none } else { reason };
    difference.undefined = difference.undefined.map(named);
    (difference.n, difference.missing) = (whole(difference.n), whole(difference.missing));
    PairedDifference {
        first: values[0],
        second: values[1],
        difference,
        p_value: test.ok().map(|test| test.p_value),
        p_value_undefined: test.err().map(named),
        p_value_method: test.map_or("undefined", |test| test.method).to_owned(),
        adjusted: None,
    }
}

/// A difference that there is none of.
fn undefined(reason: Undefined, level: f64) -> PairedDifference {
    let difference = Estimate::undefined(reason, level, CLUSTER_ROBUST_T);
    tested([None, None], difference, Err(reason), Undefined::NoPositives)
}
