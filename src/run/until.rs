//! Stopping when enough is known: after each block of clusters a confidence sequence over what they showed, and a judge that is
//! known well enough is asked no more.
//!
//! Clusters come in one shuffled order, so that their scores are exchangeable draws, and a block is finished before it is looked
//! at, so that where a judge stops does not depend on how fast replies come.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::Path;
use std::str::FromStr;

use super::RunError;
use super::ledger::Ledger;
use super::replies::read_replies;
use super::trials::{Failures, LiveJudge};
use crate::gold::GoldSet;
use crate::judge::{JudgeKind, JudgeSpec};
use crate::model::{Axis, PerAxis, Problem, Problems, Severity, Verdict};
use crate::stats::sequential::{UnitStream, hedged_sequence};
use crate::stats::{Confidence, Interval};

/// Confidence over all times, axes and judges of the run together.
const LEVEL: f64 = 0.95;
/// Clusters before the first look.
const FIRST_LOOK: usize = 10;
/// Steps of the grid of candidate recalls.
const GRID: NonZeroUsize = NonZeroUsize::new(1_000).expect("not zero");

/// What is to be known how well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Until {
    /// What.
    pub quantity: UntilQuantity,
    /// To within this, either way.
    pub half_width: f64,
}

/// What a run can stop at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UntilQuantity {
    /// Omission recall minus commission recall.
    RecallGap,
    /// Recall on one axis.
    Recall(Axis),
}

impl UntilQuantity {
    fn axes(self) -> &'static [Axis] {
        match self {
            Self::RecallGap => &Axis::ALL,
            Self::Recall(Axis::Omission) => &[Axis::Omission],
            Self::Recall(Axis::Commission) => &[Axis::Commission],
        }
    }
}

impl fmt::Display for UntilQuantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RecallGap => formatter.write_str("recall_gap"),
            Self::Recall(axis) => write!(formatter, "recall {axis}"),
        }
    }
}

impl fmt::Display for Until {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} +-{}", self.quantity, self.half_width)
    }
}

impl FromStr for Until {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = || {
            "allowed: `recall_gap +-W`, `recall omission +-W` or `recall commission +-W`, W being above 0 and below 1, such \
             as `recall_gap +-0.1`"
                .to_owned()
        };
        let (what, width) = text.split_once("+-").or_else(|| text.split_once('\u{b1}')).ok_or_else(allowed)?;
        let quantity = match what.split_whitespace().collect::<Vec<_>>()[..] {
            ["recall_gap"] => UntilQuantity::RecallGap,
            ["recall", "omission"] => UntilQuantity::Recall(Axis::Omission),
            ["recall", "commission"] => UntilQuantity::Recall(Axis::Commission),
            _ => return Err(allowed()),
        };
        let half_width = width.trim().parse::<f64>().ok().filter(|width| *width > 0.0 && *width < 1.0);
        Ok(Self { quantity, half_width: half_width.ok_or_else(allowed)? })
    }
}

impl Until {
    /// Refuses what can never be known: of a judge with one score or without the axis, or in a set without positives.
    pub fn check(&self, gold: &GoldSet, judges: &[JudgeSpec]) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let live = || judges.iter().filter(|judge| matches!(judge.kind, JudgeKind::Live(_)));
        if live().next().is_none() {
            let message = "stops the asking of live judges, and none is named; allowed: with a judge that is asked";
            problems.push(Problem::file(Path::new("--until"), message));
        }
        for judge in live() {
            if judge.score.is_some() {
                problems.push(
                    judge.fault("score", format!("--until {self} needs severities; allowed: a judge that gives them")),
                );
            }
            for axis in self.quantity.axes().iter().filter(|axis| !judge.axes.contains(axis)) {
                problems.push(
                    judge.fault("axes", format!("--until {self} needs {axis}; allowed: a judge that answers on it")),
                );
            }
        }
        for axis in self.quantity.axes() {
            if !(0..gold.examples.len()).any(|example| is_positive(gold, example, *axis)) {
                let message = format!("{} has no {axis} positive; allowed: a set that has some", gold.card.name);
                problems.push(Problem::file(Path::new("--until"), message));
            }
        }
        problems.or(())
    }
}

fn is_positive(gold: &GoldSet, example: usize, axis: Axis) -> bool {
    let threshold = gold.card.axis(axis).threshold;
    gold.applies(example, axis) && gold.labels.get(axis)[example].severity.is_some_and(|severity| severity >= threshold)
}

/// What was known of one judge when the asking ended.
#[derive(Debug, Clone, PartialEq)]
pub struct UntilOutcome {
    /// The judge.
    pub judge: String,
    /// What was to be known.
    pub until: Until,
    /// Whether it was, before everything was asked.
    pub reached: bool,
    /// Clusters that the judge was asked about.
    pub clusters: usize,
    /// Clusters of the set.
    pub of: usize,
    /// What holds at every time, for all judges of the run together, with 95 %; none before the first look.
    pub interval: Option<Interval>,
    /// The examples that it was asked about, where it stopped.
    pub(super) asked: Option<Vec<usize>>,
}

/// Keeps account of every judge while it is asked.
#[derive(Debug)]
pub(super) struct Tracker {
    until: Until,
    /// Examples of each cluster, in the order of asking.
    clusters: Vec<Vec<usize>>,
    /// Places in the order of asking at which a look is due, with the number of clusters before them.
    due: BTreeMap<usize, usize>,
    /// Level of each sequence.
    confidence: Confidence,
    judges: Vec<Account>,
}

/// What is known of one judge.
#[derive(Debug, Default, Clone)]
struct Account {
    scores: PerAxis<Vec<f64>>,
    /// Clusters that are in the scores.
    clusters: usize,
    interval: Option<Interval>,
    reached: bool,
}

/// What looking needs beside the account.
pub(super) struct Replies<'a> {
    pub(super) gold: &'a GoldSet,
    pub(super) judges: &'a [LiveJudge],
    pub(super) ledger: &'a Ledger,
    pub(super) failures: &'a Failures,
    pub(super) oldest: Option<&'a str>,
}

impl Tracker {
    /// An account of so many judges over the examples in the order of asking.
    pub(super) fn new(until: Until, gold: &GoldSet, order: &[usize], judges: usize) -> Self {
        let mut clusters: Vec<Vec<usize>> = Vec::new();
        for &example in order {
            let same = |last: &Vec<usize>| gold.examples[last[0]].cluster == gold.examples[example].cluster;
            match clusters.last_mut().filter(|last| same(last)) {
                Some(last) => last.push(example),
                None => clusters.push(vec![example]),
            }
        }
        let looks = looks(clusters.len());
        let ends = clusters.iter().scan(0, |place, cluster| {
            *place += cluster.len();
            Some(*place)
        });
        let due =
            ends.enumerate().map(|(index, end)| (end, index + 1)).filter(|(_, count)| looks.contains(count)).collect();
        let sequences = (judges * until.quantity.axes().len()).max(1) as f64;
        let confidence = Confidence::new(1.0 - (1.0 - LEVEL) / sequences).unwrap_or(Confidence::DEFAULT);
        Self { until, clusters, due, confidence, judges: vec![Account::default(); judges] }
    }

    /// Number of clusters before a place in the order of asking at which a look is due.
    pub(super) fn due(&self, place: usize) -> Option<usize> {
        self.due.get(&place).copied()
    }

    /// Whether a judge is known well enough.
    pub(super) fn reached(&self, judge: usize) -> bool {
        self.judges[judge].reached
    }

    /// Looks at the first so many clusters, whose trials have all ended, for the judges that are still asked.
    pub(super) fn look(&mut self, clusters: usize, replies: &Replies<'_>) -> Result<(), RunError> {
        for judge in 0..self.judges.len() {
            if !self.judges[judge].reached {
                self.read(judge, clusters, replies)?;
                self.judges[judge].conclude(&self.until, self.confidence);
            }
        }
        Ok(())
    }

    /// At the end of asking: the clusters after the last look, as far as all their trials were asked.
    pub(super) fn outcomes(&mut self, replies: &Replies<'_>) -> Result<Vec<UntilOutcome>, RunError> {
        let stopped: Vec<bool> = self.judges.iter().map(|account| account.reached).collect();
        self.look(self.clusters.len(), replies)?;
        let all = self.clusters.len();
        let outcome = |((account, judge), early): ((&Account, &LiveJudge), bool)| {
            let mut asked: Vec<usize> = self.clusters[..account.clusters].concat();
            asked.sort_unstable();
            UntilOutcome {
                judge: judge.judge.name.clone(),
                until: self.until,
                reached: account.reached,
                clusters: account.clusters,
                of: all,
                interval: account.interval,
                asked: early.then_some(asked),
            }
        };
        Ok(self.judges.iter().zip(replies.judges).zip(stopped).map(outcome).collect())
    }

    /// Reads the scores of the clusters since the last look. A cluster with a trial that was not asked ends the reading.
    fn read(&mut self, judge: usize, clusters: usize, replies: &Replies<'_>) -> Result<(), RunError> {
        let account = &mut self.judges[judge];
        let live = &replies.judges[judge];
        for cluster in account.clusters..clusters {
            let asked: Vec<usize> = self.clusters[cluster]
                .iter()
                .copied()
                .filter(|example| live.asks.binary_search(example).is_ok())
                .collect();
            let Some(flags) = flags_of(judge, &asked, self.until.quantity.axes(), replies)? else { return Ok(()) };
            for axis in self.until.quantity.axes() {
                account.scores.get_mut(*axis).extend(mean(flags.get(*axis)));
            }
            account.clusters = cluster + 1;
        }
        Ok(())
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Share of the repeats that flag, of each positive among the examples; none where a trial was not asked.
fn flags_of(
    judge: usize,
    asked: &[usize],
    axes: &[Axis],
    replies: &Replies<'_>,
) -> Result<Option<PerAxis<Vec<f64>>>, RunError> {
    let Replies { gold, judges, ledger, failures, oldest } = *replies;
    let live = LiveJudge { asks: asked.to_vec(), ..judges[judge].clone() };
    let mut verdicts: BTreeMap<usize, Vec<Verdict>> = BTreeMap::new();
    let mut take = |verdict: Verdict| -> Result<(), RunError> {
        let position = gold.position(&verdict.example);
        position.into_iter().for_each(|position| verdicts.entry(position).or_default().push(verdict.clone()));
        Ok(())
    };
    read_replies(&live, judge, gold, ledger, failures, oldest, &mut take)?;
    let mut flags: PerAxis<Vec<f64>> = PerAxis::default();
    for example in asked {
        let found = verdicts.get(example).map(Vec::as_slice).unwrap_or_default();
        if found.len() < live.live.samples as usize {
            return Ok(None);
        }
        for axis in axes.iter().filter(|axis| is_positive(gold, *example, **axis)) {
            let own = live.judge.flag_at.get(axis).copied().unwrap_or(gold.card.axis(*axis).threshold);
            let flagged = found.iter().filter(|verdict| is_flagged(verdict, *axis, own)).count();
            flags.get_mut(*axis).push(flagged as f64 / found.len() as f64);
        }
    }
    Ok(Some(flags))
}

/// A verdict that did not come flags nothing: on a positive it is a miss.
fn is_flagged(verdict: &Verdict, axis: Axis, flag_at: Severity) -> bool {
    verdict.severity(axis).is_some_and(|severity| severity >= i64::from(flag_at))
}

impl Account {
    fn conclude(&mut self, until: &Until, confidence: Confidence) {
        let of = |axis: Axis| sequence(self.scores.get(axis), confidence);
        self.interval = match until.quantity {
            UntilQuantity::Recall(axis) => of(axis),
            UntilQuantity::RecallGap => of(Axis::Omission).zip(of(Axis::Commission)).map(|(omission, commission)| {
                Interval { lower: omission.lower - commission.upper, upper: omission.upper - commission.lower }
            }),
        };
        self.reached = self.interval.is_some_and(|interval| interval.upper - interval.lower <= 2.0 * until.half_width);
    }
}

/// The limits so far of the mean score of a cluster.
fn sequence(scores: &[f64], confidence: Confidence) -> Option<Interval> {
    hedged_sequence(&UnitStream::new(scores).ok()?, confidence, GRID).latest().ok()
}

/// Numbers of clusters after which to look: ten, then a tenth more each time.
fn looks(clusters: usize) -> Vec<usize> {
    let mut looks = Vec::new();
    let mut next = FIRST_LOOK;
    while next < clusters {
        looks.push(next);
        next += (next / 10).max(1);
    }
    looks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::{StreamKey, uniform};

    #[test]
    fn what_can_be_asked_for() {
        let until = |text: &str| text.parse::<Until>();
        let gap = Until { quantity: UntilQuantity::RecallGap, half_width: 0.05 };
        assert_eq!(until("recall_gap +-0.05"), Ok(gap));
        assert_eq!(until("recall_gap \u{b1} 0.05"), Ok(gap));
        let recall = Until { quantity: UntilQuantity::Recall(Axis::Omission), half_width: 0.1 };
        assert_eq!(until("recall  omission +- 0.1"), Ok(recall));
        assert_eq!(recall.to_string().parse(), Ok(recall));
        for text in
            ["", "recall_gap", "recall_gap 0.05", "recall +-0.1", "recall_gap +-0", "recall_gap +-1", "recall_gap +-x"]
        {
            assert!(until(text).unwrap_err().contains("recall omission +-W"), "{text}");
        }
    }

    #[test]
    fn looks_grow_and_the_end_is_no_look() {
        assert_eq!(looks(13), [10, 11, 12]);
        let looks = looks(1_000);
        assert!(looks.is_sorted() && looks.len() < 60 && looks.iter().all(|look| *look < 1_000));
    }

    /// Streams of clusters with recall 0.3 and 0.8: whenever the gap is known to 0.2, the limits hold -0.5. Of 40 seeds at most
    /// 2 are expected to fail at all, P(more than 5) < 0.02; the sequence is cautious.
    #[test]
    fn what_is_known_when_it_stops_is_true() {
        let until = Until { quantity: UntilQuantity::RecallGap, half_width: 0.2 };
        let confidence = Confidence::new(1.0 - 0.05 / 2.0).unwrap();
        let (mut held, mut stopped) = (0, 0);
        for seed in 0..40 {
            let mut random = StreamKey::new(seed, "", "", "until").stream(0);
            let mut account = Account::default();
            for look in looks(600) {
                while account.scores.omission.len() < look {
                    account.scores.omission.push(f64::from(u8::from(uniform(&mut random) < 0.3)));
                    account.scores.commission.push(f64::from(u8::from(uniform(&mut random) < 0.8)));
                }
                account.conclude(&until, confidence);
                if account.reached {
                    stopped += 1;
                    let limits = account.interval.unwrap();
                    held += i32::from(limits.lower <= -0.5 && -0.5 <= limits.upper);
                    break;
                }
            }
        }
        assert_eq!(stopped, 40, "600 clusters are enough");
        assert!(held >= 35, "{held} of 40");
    }
}
