//! One judge on one axis of one example, and whether it agrees with the gold label.

use std::cmp::Reverse;

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
}

/// Every case in the order in which the page takes them in: kinds in turn, the worst harm first, judges and axes
/// alternating, so that a full page holds something of each.
pub(super) fn cases(answers: &[JudgeAnswers]) -> Vec<Case> {
    let mut keyed: Vec<((Kind, usize, usize, usize), Case)> = Vec::new();
    for (judge, of_judge) in answers.iter().enumerate().filter(|(_, judge)| judge.flags) {
        for axis in Axis::ALL {
            let mut of_axis: Vec<Case> = of_judge
                .axes
                .get(axis)
                .iter()
                .map(|answer| Case { judge, axis, kind: Kind::of(answer), answer: *answer })
                .collect();
            of_axis.sort_by_key(|case| (case.kind, Reverse(case.answer.gold), case.answer.example));
            let mut turn = 0;
            let mut kind = None;
            for case in of_axis {
                turn = if kind == Some(case.kind) { turn + 1 } else { 0 };
                kind = Some(case.kind);
                keyed.push(((case.kind, turn, judge, axis.index()), case));
            }
        }
    }
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, case)| case).collect()
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
        let order: Vec<(Kind, usize, usize)> = cases(&[judge("a"), judge("b"), silent])
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
}
