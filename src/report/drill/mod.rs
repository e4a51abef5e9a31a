//! The drill-down: examples on which a judge and the gold label part, one by one, with what either of them said.
//!
//! What is shown is chosen here and counted; the page only lays it out. Disagreements come first, those on the worst harm
//! before others, judge by judge in turn; agreements fill what room is left.

mod case;
mod data;
mod embed;

pub use case::Kind;
use case::{Case, cases};
use data::{Data, DrillExample, DrillVerdict, Selection};
pub(in crate::report) use embed::embedded;

use std::collections::{BTreeMap, HashMap};

use crate::gold::GoldSet;
use crate::measure::JudgeAnswers;
use crate::model::{Annotation, Axis, TextPolicy, Verdict};
use crate::run::JudgeRun;

/// Bytes of JSON that the page takes in for single examples.
const MOST_BYTES: usize = 16_000_000;

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
    /// Disagreements in all.
    pub disagreements: usize,
    /// Disagreements that the page has no room for.
    pub left_out: usize,
    /// Every disagreement by id, as a table.
    rows: Vec<DisagreementRow>,
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

impl DrillDown {
    /// Chooses the cases of every judge. `answers` are those of `runs`, in their order.
    pub fn new(gold: &GoldSet, runs: &[JudgeRun], answers: &[JudgeAnswers], texts: TextPolicy, notes: Notes) -> Self {
        let cases = cases(answers);
        let disagreements = cases.iter().filter(|case| case.kind.is_disagreement()).count();
        let selection = Selection { gold, texts, notes: notes == Notes::Shown };
        let mut chosen = Chosen::new(runs, gold, selection);
        let mut taken = 0;
        for case in &cases {
            if !chosen.take(case) {
                break;
            }
            taken += 1;
        }
        let shown = cases[..taken].iter().filter(|case| case.kind.is_disagreement()).count();
        let rows = cases
            .iter()
            .filter(|case| case.kind.is_disagreement())
            .map(|case| DisagreementRow {
                judge: answers[case.judge].judge.clone(),
                axis: case.axis.name(),
                example: gold.examples[case.answer.example].id.clone(),
                kind: case.kind,
                gold: case.answer.gold,
                trials: case.answer.trials,
                scored: case.answer.scored,
                flagged: case.answer.flagged,
            })
            .collect();
        let left_out = disagreements - shown;
        let all = cases.len();
        Self { data: chosen.finish(answers, left_out, all - taken), disagreements, left_out, rows }
    }

    /// The data as JSON.
    pub(in crate::report) fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&self.data)
    }

    pub(in crate::report) fn rows(&self) -> &[DisagreementRow] {
        &self.rows
    }

    /// Whether texts are kept back.
    pub(in crate::report) fn withheld(&self) -> bool {
        self.data.withheld
    }

    /// Cases that the page holds, agreements included.
    pub(in crate::report) fn held(&self) -> usize {
        self.data.cases.len()
    }
}

/// What was chosen so far, and what it weighs.
struct Chosen<'a> {
    selection: Selection<'a>,
    /// Trials of each judge by example.
    verdicts: Vec<HashMap<&'a str, Vec<&'a Verdict>>>,
    /// Axes that each judge answers on.
    answers_on: Vec<[bool; 2]>,
    annotations: HashMap<&'a str, Vec<&'a Annotation>>,
    bytes: usize,
    examples: Vec<DrillExample>,
    example_at: HashMap<usize, usize>,
    answers: Vec<Vec<DrillVerdict>>,
    answer_at: HashMap<(usize, usize), usize>,
    cases: Vec<[usize; 5]>,
}

impl<'a> Chosen<'a> {
    fn new(runs: &'a [JudgeRun], gold: &'a GoldSet, selection: Selection<'a>) -> Self {
        let verdicts = runs
            .iter()
            .map(|run| {
                let mut by_example: HashMap<&str, Vec<&Verdict>> = HashMap::with_capacity(run.verdicts.len());
                for verdict in &run.verdicts {
                    by_example.entry(verdict.example.as_str()).or_default().push(verdict);
                }
                by_example
            })
            .collect();
        let mut annotations: HashMap<&str, Vec<&Annotation>> = HashMap::with_capacity(gold.examples.len());
        for annotation in &gold.annotations {
            annotations.entry(annotation.example.as_str()).or_default().push(annotation);
        }
        Self {
            selection,
            verdicts,
            answers_on: runs.iter().map(|run| Axis::ALL.map(|axis| run.spec.axes.contains(&axis))).collect(),
            annotations,
            bytes: 0,
            examples: Vec::new(),
            example_at: HashMap::new(),
            answers: Vec::new(),
            answer_at: HashMap::new(),
            cases: Vec::new(),
        }
    }

    /// Takes a case in, or says that there is no room for it.
    fn take(&mut self, case: &Case) -> bool {
        /// A case is five small numbers.
        const CASE_BYTES: usize = 30;
        let position = case.answer.example;
        let id = self.selection.gold.examples[position].id.as_str();
        let example = (!self.example_at.contains_key(&position)).then(|| {
            let annotations = self.annotations.get(id).map(Vec::as_slice).unwrap_or_default();
            self.selection.example(position, annotations)
        });
        let key = (case.judge, position);
        let said: Option<Vec<DrillVerdict>> = (!self.answer_at.contains_key(&key)).then(|| {
            let verdicts = self.verdicts[case.judge].get(id).map(Vec::as_slice).unwrap_or_default();
            verdicts.iter().map(|verdict| self.selection.verdict(verdict)).collect()
        });
        let weight = CASE_BYTES
            + example.as_ref().map_or(0, DrillExample::weight)
            + said.iter().flatten().map(DrillVerdict::weight).sum::<usize>();
        if self.bytes + weight > MOST_BYTES {
            return false;
        }
        self.bytes += weight;
        if let Some(example) = example {
            self.example_at.insert(position, self.examples.len());
            self.examples.push(example);
        }
        if let Some(said) = said {
            self.answer_at.insert(key, self.answers.len());
            self.answers.push(said);
        }
        let at = (self.example_at[&position], self.answer_at[&key]);
        self.cases.push([at.0, case.judge, case.axis.index(), case.kind.index(), at.1]);
        true
    }

    fn finish(self, answers: &[JudgeAnswers], left_out: usize, left_out_in_all: usize) -> Data {
        let card = &self.selection.gold.card;
        let mut slices: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for example in &self.examples {
            for (name, value) in &example.slices {
                let values = slices.entry(name.clone()).or_default();
                if let Err(place) = values.binary_search(value) {
                    values.insert(place, value.clone());
                }
            }
        }
        Data {
            withheld: self.selection.texts == TextPolicy::Withhold,
            judges: answers.iter().map(|judge| data::visible(&judge.judge)).collect(),
            answers_on: self.answers_on,
            axes: Axis::ALL.map(|axis| data::DrillAxis::new(axis, card.axis(axis))).to_vec(),
            kinds: Kind::ALL.map(data::DrillKind::from).to_vec(),
            slices,
            examples: self.examples,
            answers: self.answers,
            cases: self.cases,
            left_out,
            agreements_left_out: left_out_in_all - left_out,
        }
    }
}
