//! The cases that the page takes in, with everything that they refer to.

use std::collections::{BTreeMap, HashMap};

use super::case::{Case, Kind};
use super::data::{Data, DrillAxis, DrillKind, Head, Selection, visible};
use super::shelf::Shelf;
use crate::measure::JudgeAnswers;
use crate::model::{Annotation, Axis, TextPolicy, Verdict};
use crate::run::JudgeRun;

/// Bytes of a case: five numbers of up to six digits.
const CASE_BYTES: usize = 30;

/// What was chosen so far, and what it weighs.
pub(super) struct Chosen<'a> {
    selection: Selection<'a>,
    /// Trials of each judge by example.
    verdicts: Vec<HashMap<&'a str, Vec<&'a Verdict>>>,
    /// Axes that each judge answers on.
    answers_on: Vec<[bool; 2]>,
    annotations: HashMap<&'a str, Vec<&'a Annotation>>,
    shelf: Shelf,
    /// Positions on the shelf of what was taken in: by example, and by judge and example.
    example_at: HashMap<usize, usize>,
    answer_at: HashMap<(usize, usize), usize>,
    cases: usize,
}

impl<'a> Chosen<'a> {
    pub(super) fn new(runs: &'a [JudgeRun], selection: Selection<'a>) -> Self {
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
        let gold = selection.gold;
        let mut annotations: HashMap<&str, Vec<&Annotation>> = HashMap::with_capacity(gold.examples.len());
        for annotation in &gold.annotations {
            annotations.entry(annotation.example.as_str()).or_default().push(annotation);
        }
        Self {
            selection,
            verdicts,
            answers_on: runs.iter().map(|run| Axis::ALL.map(|axis| run.spec.axes.contains(&axis))).collect(),
            annotations,
            shelf: Shelf::default(),
            example_at: HashMap::new(),
            answer_at: HashMap::new(),
            cases: 0,
        }
    }

    /// Bytes on the page so far.
    pub(super) fn bytes(&self) -> usize {
        self.shelf.bytes() + self.cases * CASE_BYTES
    }

    /// Takes a case in, or says that it does not fit into so many bytes.
    pub(super) fn take(&mut self, case: &Case, limit: usize) -> bool {
        let before = self.shelf.mark();
        let position = case.answer.example;
        let key = (case.judge, position);
        let id = self.selection.gold.examples[position].id.as_str();
        let example = self.example_at.get(&position).copied().unwrap_or_else(|| {
            let annotations = self.annotations.get(id).map(Vec::as_slice).unwrap_or_default();
            let example = self.selection.example(position, annotations, &mut self.shelf);
            self.shelf.example(&example)
        });
        let answer = self.answer_at.get(&key).copied().unwrap_or_else(|| {
            let verdicts = self.verdicts[case.judge].get(id).map(Vec::as_slice).unwrap_or_default();
            let verdicts: Vec<_> = verdicts.iter().map(|verdict| self.selection.verdict(verdict)).collect();
            self.shelf.answer(&verdicts)
        });
        if self.bytes() + CASE_BYTES > limit {
            self.shelf.back_to(&before);
            return false;
        }
        self.example_at.insert(position, example);
        self.answer_at.insert(key, answer);
        self.cases += 1;
        true
    }

    /// The data of the page: the cases taken in, in the order in which they are shown, and how many are not here.
    pub(super) fn finish<'c>(
        self,
        answers: &[JudgeAnswers],
        cases: impl Iterator<Item = &'c Case>,
        left_out: Vec<[usize; 4]>,
    ) -> Data {
        let place = |case: &Case| {
            let position = case.answer.example;
            let (example, answer) = (self.example_at[&position], self.answer_at[&(case.judge, position)]);
            [example, case.judge, case.axis.index(), case.kind.index(), answer]
        };
        let cases = cases.map(place).collect();
        let mut slices: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for position in self.example_at.keys() {
            for (name, value) in self.selection.slices(*position) {
                let values = slices.entry(name).or_default();
                if let Err(place) = values.binary_search(&value) {
                    values.insert(place, value);
                }
            }
        }
        let card = &self.selection.gold.card;
        Data {
            head: Head {
                withheld: self.selection.texts == TextPolicy::Withhold,
                judges: answers.iter().map(|judge| visible(&judge.judge)).collect(),
                answers_on: self.answers_on,
                axes: Axis::ALL.map(|axis| DrillAxis::new(axis, card.axis(axis))).to_vec(),
                kinds: Kind::ALL.map(DrillKind::from).to_vec(),
                slices,
            },
            texts: self.shelf.texts.all,
            items: self.shelf.items.all,
            examples: self.shelf.examples.all,
            answers: self.shelf.answers.all,
            cases,
            left_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::{GoldSet, starter_set};
    use crate::judge::bundled_judges;
    use crate::measure::CountedAnswer;
    use crate::model::PerAxis;
    use crate::report::drill::case::cases;

    #[test]
    fn what_does_not_fit_leaves_nothing_behind() {
        const LIMIT: usize = 50_000;
        let gold = GoldSet::from_files(&starter_set()).unwrap();
        let runs = [JudgeRun { spec: bundled_judges().remove(0), verdicts: Vec::new(), inputs: Vec::new() }];
        let miss = |example| CountedAnswer { example, gold: 1, positive: true, trials: 1, scored: 1, flagged: 0 };
        let omission = (0..gold.examples.len()).map(miss).collect();
        let axes = PerAxis { omission, commission: Vec::new() };
        let answers = [JudgeAnswers { judge: "a".to_owned(), flags: true, axes }];
        let all = cases(&answers, &vec![0; gold.examples.len()]);
        let mut chosen = Chosen::new(&runs, Selection { gold: &gold, texts: TextPolicy::Show, notes: false });
        let taken: Vec<&Case> = all.iter().take_while(|case| chosen.take(case, LIMIT)).collect();
        assert!(taken.len() > 10 && taken.len() < all.len(), "{}", taken.len());
        assert!(chosen.bytes() <= LIMIT && chosen.bytes() > LIMIT * 3 / 4, "{}", chosen.bytes());
        let data = chosen.finish(&answers, taken.into_iter(), Vec::new());
        assert_eq!((data.examples.len(), data.answers.len()), (data.cases.len(), 1), "an empty answer stands once");
        // Names of judges, levels, kinds and slices stand beside what was weighed.
        let json = data.json().unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        assert!(json.len() < LIMIT + 2_000, "{}", json.len());
    }
}
