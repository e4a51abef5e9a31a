//! Two runs on the same examples: drift of one judge, or one prompt against another. What changed, and on which examples.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gold::GoldSet;
use crate::measure::across::compare::{common_answers, comparison_of_two};
use crate::measure::answers::{Answered, Context, Subject};
use crate::measure::evaluation::{Comparison, ComparisonPlan};
use crate::measure::options::{Listing, MeasureOptions};
use crate::measure::trials::{FittedScale, Layout};
use crate::model::{Axis, PerAxis, Severity};
use crate::run::JudgeRun;
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Estimate, Tally, Undefined};

/// What changed from one run to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunChange {
    /// The run from which a change is counted.
    pub before: String,
    /// The run to which it is counted.
    pub after: String,
    /// The numbers: `first` is the run after, so that a difference is the change.
    pub comparison: Comparison,
    /// How many tests were made together.
    pub comparison_plan: ComparisonPlan,
    /// Severities and flags that changed; null on an axis that a run does not answer.
    pub axes: PerAxis<Option<AxisChange>>,
}

/// What changed on one axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisChange {
    /// Mean of the severity after less the severity before, on the examples with a verdict in both runs.
    pub severity_shift: Estimate,
    /// Share of those examples whose severity is another.
    pub severity_changed: Estimate,
    /// Flags on the positives.
    pub positives: Flips,
    /// Flags on the negatives on which both runs have a verdict.
    pub negatives: Flips,
    /// Examples without a verdict before and with one after, and the reverse.
    pub verdicts: Flips,
    /// The examples whose flag changed, in the order of the set; only where they were asked for.
    pub flips: Option<Vec<Flip>>,
}

/// Changes both ways; repeats are averaged, so a count may be fractional.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flips {
    /// Not before, but after.
    pub gained: Tally,
    /// Before, but not after.
    pub lost: Tally,
}

impl Flips {
    fn add(&mut self, before: f64, after: f64, weight: f64) {
        self.gained.0 += weight * (after - before).max(0.0);
        self.lost.0 += weight * (before - after).max(0.0);
    }
}

/// An example whose flag changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flip {
    /// The example.
    pub example: String,
    /// Its gold severity.
    pub gold: Severity,
    /// Share of its trials that flagged it before; null without a verdict.
    pub before: Option<f64>,
    /// And after.
    pub after: Option<f64>,
}

/// What changed from the run `before` to the run `after`, on the examples that both were asked.
pub fn run_change(
    gold: &GoldSet,
    [before, after]: [&JudgeRun; 2],
    options: &MeasureOptions,
    listing: Listing,
) -> RunChange {
    let layout = Layout::new(gold);
    let thresholds = options.thresholds_on(&gold.card);
    let context = Context { gold, layout: &layout, thresholds, options };
    let scales = [before, after].map(|run| FittedScale::of(run, gold, &layout, &thresholds));
    let [before, after] =
        [(before, &scales[0]), (after, &scales[1])].map(|(run, scale)| Subject::new(run, scale.as_ref(), &context));
    let (comparison, plan) = comparison_of_two(&after, &before, &context);
    RunChange {
        before: before.name().to_owned(),
        after: after.name().to_owned(),
        comparison,
        comparison_plan: plan,
        axes: PerAxis::from_fn(|axis| {
            let answered = before.axes.get(axis).as_deref().zip(after.axes.get(axis).as_deref());
            answered.map(|(before, after)| on_axis(before, after, &context, listing))
        }),
    }
}

fn on_axis(before: &[Answered], after: &[Answered], context: &Context<'_>, listing: Listing) -> AxisChange {
    let (mut positives, mut negatives, mut verdicts) = (Flips::default(), Flips::default(), Flips::default());
    let mut flips = Vec::new();
    for (old, new) in common_answers(before, after) {
        verdicts.add(1.0 - old.unscored(), 1.0 - new.unscored(), 1.0);
        let shares = if old.positive {
            positives.add(old.flagged_of_asked(), new.flagged_of_asked(), 1.0);
            Some((old.flagged_of_asked(), new.flagged_of_asked()))
        } else {
            let both = old.flagged_of_scored().zip(new.flagged_of_scored());
            let weight = old.scored_with(new);
            both.inspect(|(old, new)| negatives.add(*old, *new, weight))
        };
        if listing == Listing::Examples && shares.is_some_and(|(old, new)| old != new) {
            flips.push(Flip {
                example: context.gold.examples[old.example as usize].id.clone(),
                gold: old.gold,
                before: old.flagged_of_scored(),
                after: new.flagged_of_scored(),
            });
        }
    }
    let [severity_shift, severity_changed] = severities(before, after, context);
    AxisChange {
        severity_shift,
        severity_changed,
        positives,
        negatives,
        verdicts,
        flips: (listing == Listing::Examples).then_some(flips),
    }
}

/// The mean change of severity and the share that changed, over clusters.
fn severities(before: &[Answered], after: &[Answered], context: &Context<'_>) -> [Estimate; 2] {
    let level = context.options.level;
    let mut sums = vec![(0.0, ClusterCount::default()); context.layout.clusters.len()];
    let mut missing = 0.0;
    for (old, new) in common_answers(before, after) {
        let Some((from, to)) = old.severity.zip(new.severity) else {
            missing += 1.0;
            continue;
        };
        let (shift, changed) = &mut sums[old.cluster as usize];
        *shift += to - from;
        changed.hits += f64::from(u8::from(from != to));
        changed.total += 1.0;
    }
    let scale = before.iter().chain(after).any(|answered| answered.score.is_some());
    let none = if scale { Undefined::NoSeverities } else { Undefined::NoData };
    sums.retain(|(_, count)| count.total > 0.0);
    let total = |of: fn(&(f64, ClusterCount)) -> f64| sums.iter().map(of).sum::<f64>();
    let (shift, size) = (total(|(shift, _)| *shift), total(|(_, count)| count.total));
    let mean = |left_out: Option<usize>| {
        let (less, fewer) = left_out.map_or((0.0, 0.0), |at| (sums[at].0, sums[at].1.total));
        if size - fewer > 0.0 { Ok((shift - less) / (size - fewer)) } else { Err(none) }
    };
    let mut moved = jackknife(sums.len(), Scale::Identity, level, mean);
    moved.n = size;
    let counts: Vec<ClusterCount> = sums.iter().map(|(_, count)| *count).collect();
    [moved.with_missing(missing), clustered_proportion(&counts, level, none).with_missing(missing)]
}

/// Both axes in the order of reports.
impl RunChange {
    /// The axes that both runs answer.
    pub fn answered(&self) -> impl Iterator<Item = (Axis, &AxisChange)> {
        Axis::ALL.into_iter().filter_map(|axis| Some((axis, self.axes.get(axis).as_ref()?)))
    }
}
