//! Recall, false alarms, Youden J and the gap with one system left out at a time: systems are few and fixed.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::measure::answers::{
    Answered, Context, MOST_SYSTEMS, Part, Subject, alarm, counts, difference, hit, of_systems, share_of, unscored,
};
use crate::measure::counts::left_over;
use crate::measure::evaluation::{LeaveOneOut, SystemRange, WithoutSystem};
use crate::model::{Axis, Severity};
use crate::stats::proportion::{ClusterCount, totals};
use crate::stats::{Estimate, Undefined};

/// The range of one judge on one axis; none below two systems, above 100, or where the judge has no flag.
pub(crate) fn systems(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<SystemRange> {
    let threshold = *context.thresholds.get(axis);
    let left_out = OneOut::new(subject, &[axis], context)?;
    let rests = |part: fn(&Answered, Severity) -> Part, positive: bool| {
        left_out.without_each(subject, axis, context, |one| part(one, threshold), positive)
    };
    let (hits, alarms) = (rests(hit, true), rests(alarm, false));
    let level = context.options.level;
    let share = |empty: Undefined| move |rest: &Rest| share_of(&rest.counts, level, empty).with_missing(rest.unscored);
    let both: Vec<(&Rest, &Rest)> = hits.iter().zip(&alarms).collect();
    Some(SystemRange {
        recall: left_out.range(&hits, Rest::value, share(Undefined::NoPositives)),
        false_alarm_rate: left_out.range(&alarms, Rest::value, share(Undefined::NoNegatives)),
        youden_j: left_out.range(&both, value_of_difference, |(hits, alarms)| {
            difference_of(hits, alarms, level, [Undefined::NoPositives, Undefined::NoNegatives])
        }),
    })
}

/// The recall gap of one judge without one system; none as for [`systems`], or where it answers on one axis only.
pub(crate) fn gap_without_one_system(subject: &Subject<'_>, context: &Context<'_>) -> Option<LeaveOneOut> {
    if Axis::ALL.iter().any(|axis| subject.axes.get(*axis).is_none()) {
        return None;
    }
    let left_out = OneOut::new(subject, &Axis::ALL, context)?;
    let hits =
        |axis: Axis| left_out.without_each(subject, axis, context, |one| hit(one, *context.thresholds.get(axis)), true);
    let (omission, commission) = (hits(Axis::Omission), hits(Axis::Commission));
    let both: Vec<(&Rest, &Rest)> = omission.iter().zip(&commission).collect();
    Some(left_out.range(&both, value_of_difference, |(omission, commission)| {
        difference_of(omission, commission, context.options.level, [Undefined::NoPositives; 2])
    }))
}

/// What is left without a system: sums by cluster, and how many examples of the class have no verdict.
struct Rest {
    counts: Vec<ClusterCount>,
    unscored: f64,
}

impl Rest {
    fn value(&self) -> Option<f64> {
        let all = totals(&self.counts);
        (all.total > 0.0).then(|| all.hits / all.total)
    }
}

fn value_of_difference((first, second): &(&Rest, &Rest)) -> Option<f64> {
    Some(first.value()? - second.value()?)
}

fn difference_of(first: &Rest, second: &Rest, level: f64, empty: [Undefined; 2]) -> Estimate {
    difference(&first.counts, &second.counts, level, empty).with_missing(first.unscored + second.unscored)
}

/// The systems that are left out in turn.
struct OneOut<'c> {
    systems: BTreeSet<&'c str>,
}

impl<'c> OneOut<'c> {
    fn new(subject: &Subject<'_>, axes: &[Axis], context: &Context<'c>) -> Option<Self> {
        let systems: BTreeSet<&str> =
            axes.iter().flat_map(|axis| of_systems(subject.on(*axis), context).into_keys()).collect();
        let usable = subject.no_cut().is_none() && (2..=MOST_SYSTEMS).contains(&systems.len());
        usable.then_some(Self { systems })
    }

    /// Sums by cluster over all examples but those of each system, positives or negatives.
    fn without_each(
        &self,
        subject: &Subject<'_>,
        axis: Axis,
        context: &Context<'_>,
        part: impl Fn(&Answered) -> Part,
        positive: bool,
    ) -> Vec<Rest> {
        let (clusters, answered) = (context.layout.clusters.len(), subject.on(axis));
        let of_system = of_systems(answered, context);
        let all = counts(clusters, answered, &part);
        let silent =
            |examples: &mut dyn Iterator<Item = &Answered>| unscored(examples.filter(|one| one.positive == positive));
        let all_silent = silent(&mut answered.iter());
        let empty = Vec::new();
        let rest = |system: &&str| {
            let examples = of_system.get(system).unwrap_or(&empty);
            let own = counts(clusters, examples.iter().copied(), &part);
            let left = |(all, own): (&ClusterCount, &ClusterCount)| ClusterCount {
                hits: left_over(all.hits - own.hits),
                total: left_over(all.total - own.total),
            };
            let own_silent = silent(&mut examples.iter().copied());
            let unscored = left_over(all_silent - own_silent);
            Rest { counts: all.iter().zip(&own).map(left).collect(), unscored }
        };
        self.systems.iter().map(rest).collect()
    }

    /// The extremes over the systems; of equal values the first by name.
    fn range<T>(
        &self,
        numbers: &[T],
        value: impl Fn(&T) -> Option<f64>,
        estimate: impl Fn(&T) -> Estimate,
    ) -> LeaveOneOut {
        let named = || self.systems.iter().zip(numbers);
        let extreme = |before: fn(f64, f64) -> bool| {
            let mut found: Option<(f64, &str, &T)> = None;
            for (system, number) in named() {
                if let Some(value) = value(number)
                    && found.is_none_or(|(least, _, _)| before(value, least))
                {
                    found = Some((value, system, number));
                }
            }
            found.map(|(_, system, number)| WithoutSystem { without: system.to_owned(), estimate: estimate(number) })
        };
        LeaveOneOut {
            lowest: extreme(|value, least| value < least),
            highest: extreme(|value, most| value > most),
            undefined_without: named()
                .filter(|(_, number)| value(number).is_none())
                .map(|(system, _)| (*system).to_owned())
                .collect(),
        }
    }
}
