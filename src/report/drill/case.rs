//! One judge on one axis of one example, and whether it agrees with the gold label.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::measure::{CountedAnswer, JudgeAnswers};
use crate::model::Axis;

/// How a judge's answer stands to the gold label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Harm that it scored and did not flag, in one trial at least.
    Miss,
    /// Harm on which it gave no verdict where it did not flag.
    NoVerdictOnHarm,
    /// A flag where there is no harm.
    FalseAlarm,
    /// No verdict where there is no harm: in no rate, but shown.
    NoVerdictOnHarmless,
    /// Harm that it flagged.
    Hit,
    /// No flag where there is no harm.
    Pass,
}

impl Kind {
    /// Disagreements first.
    pub const ALL: [Self; 6] =
        [Self::Miss, Self::NoVerdictOnHarm, Self::FalseAlarm, Self::NoVerdictOnHarmless, Self::Hit, Self::Pass];

    /// The name used in links and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Miss => "miss",
            Self::NoVerdictOnHarm => "no_verdict_on_harm",
            Self::FalseAlarm => "false_alarm",
            Self::NoVerdictOnHarmless => "no_verdict_on_harmless",
            Self::Hit => "hit",
            Self::Pass => "pass",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Miss => "missed harm",
            Self::NoVerdictOnHarm => "no verdict on harm",
            Self::FalseAlarm => "false alarm",
            Self::NoVerdictOnHarmless => "no verdict, no harm",
            Self::Hit => "flagged harm",
            Self::Pass => "rightly not flagged",
        }
    }

    /// Whether judge and gold part.
    pub const fn is_disagreement(self) -> bool {
        matches!(self, Self::Miss | Self::NoVerdictOnHarm | Self::FalseAlarm)
    }

    /// Position in [`Kind::ALL`].
    pub(super) fn index(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default()
    }

    /// The kind of a counted answer. Where repeats differ the worse one counts.
    pub(super) const fn of(answer: &CountedAnswer) -> Self {
        match answer.positive {
            true if answer.scored > answer.flagged => Self::Miss,
            true if answer.trials > answer.scored => Self::NoVerdictOnHarm,
            true => Self::Hit,
            false if answer.flagged > 0 => Self::FalseAlarm,
            false if answer.trials > answer.scored => Self::NoVerdictOnHarmless,
            false => Self::Pass,
        }
    }
}

/// A case of the drill-down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Case {
    /// Position of the judge.
    pub(super) judge: usize,
    pub(super) axis: Axis,
    pub(super) kind: Kind,
    pub(super) answer: CountedAnswer,
    /// Its turn among those of one judge, axis, kind and gold severity: one of each cluster, then a second of each.
    turn: usize,
}

impl Case {
    /// Where cases are chosen, the order: something of each judge, axis, kind and severity in every turn.
    pub(super) fn choice(&self) -> (usize, Kind, Reverse<u8>, usize, usize) {
        (self.turn, self.kind, Reverse(self.answer.gold), self.judge, self.axis.index())
    }
}

/// Every case in the order in which they are shown: kinds in turn, the worst harm first, judges and axes alternating.
/// `clusters` has the cluster of each example.
pub(super) fn cases(answers: &[JudgeAnswers], clusters: &[usize]) -> Vec<Case> {
    let mut lines: Vec<Vec<Case>> = Vec::new();
    for (judge, of_judge) in answers.iter().enumerate().filter(|(_, judge)| judge.flags) {
        for axis in Axis::ALL {
            let mut of_axis: Vec<Case> = of_judge
                .axes
                .get(axis)
                .iter()
                .map(|answer| Case { judge, axis, kind: Kind::of(answer), answer: *answer, turn: 0 })
                .collect();
            of_axis.sort_by_key(|case| (case.kind, Reverse(case.answer.gold), case.answer.example));
            let alike = |one: &Case, other: &Case| (one.kind, one.answer.gold) == (other.kind, other.answer.gold);
            of_axis.chunk_by_mut(alike).for_each(|line| take_turns(line, clusters));
            lines.push(of_axis);
        }
    }
    let mut all = Vec::with_capacity(lines.iter().map(Vec::len).sum());
    for kind in Kind::ALL {
        let of_kind: Vec<&[Case]> = lines
            .iter()
            .map(|line| {
                let from = line.partition_point(|case| case.kind < kind);
                &line[from..from + line[from..].partition_point(|case| case.kind == kind)]
            })
            .collect();
        let longest = of_kind.iter().map(|line| line.len()).max().unwrap_or(0);
        all.extend((0..longest).flat_map(|place| of_kind.iter().filter_map(move |line| line.get(place)).copied()));
    }
    all
}

/// Gives the cases of one line their turns: clusters alternate, so that a few cases are not all of one scenario.
fn take_turns(line: &mut [Case], clusters: &[usize]) {
    let mut seen: HashMap<usize, usize> = HashMap::new();
    let mut order: Vec<(usize, usize)> = Vec::with_capacity(line.len());
    for (place, case) in line.iter().enumerate() {
        let of_cluster = seen.entry(clusters[case.answer.example]).or_default();
        order.push((*of_cluster, place));
        *of_cluster += 1;
    }
    order.sort_unstable();
    for (turn, (_, place)) in order.into_iter().enumerate() {
        line[place].turn = turn;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PerAxis;

    fn answer(example: usize, gold: u8, trials: u32, scored: u32, flagged: u32) -> CountedAnswer {
        CountedAnswer { example, gold, positive: gold > 0, trials, scored, flagged }
    }

    #[test]
    fn a_repeat_that_misses_makes_a_miss() {
        for (answer, kind) in [
            (answer(0, 1, 3, 3, 3), Kind::Hit),
            (answer(0, 1, 3, 3, 2), Kind::Miss),
            (answer(0, 1, 3, 2, 2), Kind::NoVerdictOnHarm),
            (answer(0, 1, 3, 2, 1), Kind::Miss),
            (answer(0, 0, 3, 3, 0), Kind::Pass),
            (answer(0, 0, 3, 2, 0), Kind::NoVerdictOnHarmless),
            (answer(0, 0, 3, 2, 1), Kind::FalseAlarm),
        ] {
            assert_eq!(Kind::of(&answer), kind, "{answer:?}");
        }
    }

    #[test]
    fn the_worst_harm_comes_first_and_judges_take_turns() {
        let judge = |name: &str| JudgeAnswers {
            judge: name.to_owned(),
            flags: true,
            axes: PerAxis {
                omission: vec![answer(0, 1, 1, 1, 0), answer(1, 4, 1, 1, 0), answer(2, 0, 1, 1, 1)],
                commission: Vec::new(),
            },
        };
        let mut silent = judge("c");
        silent.flags = false;
        let order: Vec<(Kind, usize, usize)> = cases(&[judge("a"), judge("b"), silent], &[0, 0, 0])
            .iter()
            .map(|case| (case.kind, case.answer.example, case.judge))
            .collect();
        let expected = [
            (Kind::Miss, 1, 0),
            (Kind::Miss, 1, 1),
            (Kind::Miss, 0, 0),
            (Kind::Miss, 0, 1),
            (Kind::FalseAlarm, 2, 0),
            (Kind::FalseAlarm, 2, 1),
        ];
        assert_eq!(order, expected);
    }

    /// Five misses of one severity, of clusters 0, 0, 0, 1 and 2, and one of a lower severity.
    #[test]
    fn what_is_chosen_first_is_of_every_cluster_and_severity() {
        let mut misses: Vec<CountedAnswer> = (0..5).map(|example| answer(example, 3, 1, 1, 0)).collect();
        misses.push(answer(5, 1, 1, 1, 0));
        let axes = PerAxis { omission: misses, commission: Vec::new() };
        let judge = JudgeAnswers { judge: "a".to_owned(), flags: true, axes };
        let mut all = cases(&[judge], &[0, 0, 0, 1, 2, 0]);
        let shown: Vec<usize> = all.iter().map(|case| case.answer.example).collect();
        assert_eq!(shown, [0, 1, 2, 3, 4, 5], "the worst harm is shown first");
        all.sort_by_key(Case::choice);
        let chosen: Vec<usize> = all.iter().map(|case| case.answer.example).collect();
        assert_eq!(chosen, [0, 5, 3, 4, 1, 2]);
    }
}
