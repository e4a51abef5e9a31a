//! The drill-down: examples on which a judge and the gold label part, one by one, with what either of them said.
//!
//! What is shown is chosen here and counted; the page only lays it out.

mod case;
mod chosen;
mod data;
mod embed;
mod shelf;

use case::Case;
pub use case::Kind;
use chosen::Chosen;
use data::{Data, Selection};
pub(in crate::report) use embed::embedded;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::gold::GoldSet;
use crate::measure::{Evaluation, JudgeAnswers};
use crate::model::{Axis, TextPolicy};
use crate::report::own::is_baseline;
use crate::run::JudgeRun;

/// Bytes of JSON that the page takes in for the disagreements of judges that are no baselines.
const MOST_BYTES: usize = 16_000_000;
/// Bytes that it takes in, on top of that, for the disagreements of baselines and for agreements.
const OTHER_BYTES: usize = 1_000_000;

/// Whether remarks of raters are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notes {
    /// They are, where texts are.
    Shown,
    /// They are not.
    Left,
}

/// Everything that the drill-down shows, and what of it did not fit.
#[derive(Debug, Clone, PartialEq)]
pub struct DrillDown {
    data: Data,
    /// Disagreements of judges that are no baselines.
    pub(in crate::report) own: Parted,
    /// Disagreements of baselines.
    pub(in crate::report) baselines: Parted,
    /// Every disagreement by id, as a table.
    rows: Vec<DisagreementRow>,
}

/// How many disagreements there are, and how many of them the page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct Parted {
    pub(in crate::report) all: usize,
    pub(in crate::report) here: usize,
}

/// A disagreement by its ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct DisagreementRow {
    pub(in crate::report) judge: String,
    pub(in crate::report) axis: &'static str,
    pub(in crate::report) example: String,
    pub(in crate::report) kind: Kind,
    pub(in crate::report) gold: u8,
    pub(in crate::report) trials: u32,
    pub(in crate::report) scored: u32,
    pub(in crate::report) flagged: u32,
}

/// What a drill-down is made from.
#[derive(Debug, Clone, Copy)]
pub struct DrillSources<'a> {
    /// The set.
    pub gold: &'a GoldSet,
    /// The runs, which hold what was said.
    pub runs: &'a [JudgeRun],
    /// Their answers, in the order of the runs.
    pub answers: &'a [JudgeAnswers],
    /// The evaluation, which knows what is a baseline.
    pub evaluation: &'a Evaluation,
}

impl DrillDown {
    /// Chooses the cases of every judge.
    pub fn new(sources: &DrillSources<'_>, texts: TextPolicy, notes: Notes) -> Self {
        let DrillSources { gold, runs, answers, evaluation } = *sources;
        let cases = case::cases(answers, &clusters(gold));
        let baseline = |name: &str| evaluation.judges.iter().any(|judge| judge.judge == name && is_baseline(judge));
        let baselines: Vec<bool> = answers.iter().map(|judge| baseline(&judge.judge)).collect();
        let mut chosen = Chosen::new(runs, Selection { gold, texts, notes: notes == Notes::Shown });
        let mut shown = vec![false; cases.len()];
        let own = |case: &Case| case.kind.is_disagreement() && !baselines[case.judge];
        for (first, most) in [(true, MOST_BYTES), (false, OTHER_BYTES)] {
            let places = (0..cases.len()).filter(|place| own(&cases[*place]) == first);
            // Of many cases few fit: a heap hands them out in turn without putting all of them in order.
            let mut line: BinaryHeap<_> = places.map(|place| Reverse((cases[place].choice(), place))).collect();
            let limit = chosen.bytes() + most;
            while let Some(Reverse((_, place))) = line.pop() {
                if !chosen.take(&cases[place], limit) {
                    break;
                }
                shown[place] = true;
            }
        }
        let of = |baseline: bool| {
            let of_them = |case: &Case| case.kind.is_disagreement() && baselines[case.judge] == baseline;
            let places = (0..cases.len()).filter(|place| of_them(&cases[*place]));
            Parted { all: places.clone().count(), here: places.filter(|place| shown[*place]).count() }
        };
        let part =
            |here: bool| cases.iter().zip(&shown).filter(move |(_, shown)| **shown == here).map(|(case, _)| case);
        Self {
            own: of(false),
            baselines: of(true),
            rows: rows(&cases, gold, answers),
            data: chosen.finish(answers, part(true), counted(answers.len(), part(false))),
        }
    }

    /// The data as JSON that is inert inside a page.
    pub(in crate::report) fn json(&self) -> Result<String, serde_json::Error> {
        self.data.json()
    }

    pub(in crate::report) fn rows(&self) -> &[DisagreementRow] {
        &self.rows
    }

    /// Whether texts are kept back.
    pub(in crate::report) fn withheld(&self) -> bool {
        self.data.head.withheld
    }

    /// Cases that the page holds, agreements included.
    pub(in crate::report) fn held(&self) -> usize {
        self.data.cases.len()
    }
}

/// The cluster of each example, by a number.
fn clusters(gold: &GoldSet) -> Vec<usize> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    gold.examples
        .iter()
        .map(|example| {
            let next = numbers.len();
            *numbers.entry(example.cluster.as_str()).or_insert(next)
        })
        .collect()
}

/// How many cases there are of each judge, axis and kind, where there is any.
fn counted<'a>(judges: usize, cases: impl Iterator<Item = &'a Case>) -> Vec<[usize; 4]> {
    let (axes, kinds) = (Axis::ALL.len(), Kind::ALL.len());
    let mut counts = vec![0; judges * axes * kinds];
    for case in cases {
        counts[(case.judge * axes + case.axis.index()) * kinds + case.kind.index()] += 1;
    }
    let named = |(at, count): (usize, usize)| [at / kinds / axes, at / kinds % axes, at % kinds, count];
    counts.into_iter().enumerate().filter(|(_, count)| *count > 0).map(named).collect()
}

fn rows(cases: &[Case], gold: &GoldSet, answers: &[JudgeAnswers]) -> Vec<DisagreementRow> {
    let row = |case: &Case| DisagreementRow {
        judge: answers[case.judge].judge.clone(),
        axis: Axis::name(case.axis),
        example: gold.examples[case.answer.example].id.clone(),
        kind: case.kind,
        gold: case.answer.gold,
        trials: case.answer.trials,
        scored: case.answer.scored,
        flagged: case.answer.flagged,
    };
    cases.iter().filter(|case| case.kind.is_disagreement()).map(row).collect()
}
