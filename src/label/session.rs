//! One rater's way through the examples: a state machine without files, clock or network.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::answer::{Answer, AnswerFault, numbered};
use super::practice::PracticeTask;
use crate::model::{Axis, Card, Example, ItemMark, LabelSource, Severity, Text};

/// What a rater is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// To label, without seeing what others said.
    Label,
    /// To decide where others differ, and to see what they said.
    Adjudicate,
}

impl Mode {
    /// The command that asks for it, by which a message names it.
    pub(super) const fn command(self) -> &'static str {
        match self {
            Self::Label => "lacuna label",
            Self::Adjudicate => "lacuna gold adjudicate",
        }
    }
}

/// One example to be labelled.
#[derive(Debug, Clone)]
pub struct Task {
    /// The example. The page gets its texts, axes and items without ids, and nothing else of it.
    pub(super) example: Arc<Example>,
    /// The label that is told after the answer, in a practice round.
    pub(super) practice: Option<PracticeLabel>,
    /// What others said, in adjudication.
    pub(super) others: Vec<OtherAnswer>,
}

/// The label of a practice example.
#[derive(Debug, Clone)]
pub(super) struct PracticeLabel {
    /// Who made it.
    pub(super) label_source: LabelSource,
    /// The label.
    pub(super) task: PracticeTask,
}

/// What another rater said, under a name that does not tell who.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct OtherAnswer {
    /// Such as `rater A`.
    pub(super) name: String,
    /// What was said.
    #[serde(flatten)]
    pub(super) answer: Answer,
}

/// One rater's tasks and answers.
#[derive(Debug)]
pub struct Session {
    rater: String,
    mode: Mode,
    card: Arc<Card>,
    tasks: Vec<Task>,
    given: Vec<Option<Given>>,
    turns: u64,
}

/// An answer that holds, and when in the order of answers it was given.
#[derive(Debug, Clone)]
struct Given {
    answer: Answer,
    turn: u64,
}

/// How far a rater is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The practice round.
    pub practice: Done,
    /// The labels.
    pub labelling: Done,
    /// Labels with an axis that the rater could not judge.
    pub cannot_judge: usize,
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Answered.
    pub done: usize,
    /// In all.
    pub total: usize,
}

/// What the page is told of a session.
#[derive(Debug, Serialize)]
pub(super) struct SessionView<'a> {
    rater: &'a str,
    mode: Mode,
    set: SetView<'a>,
    axes: BTreeMap<&'static str, AxisView<'a>>,
    mechanisms: &'a [String],
    progress: Progress,
    position: Option<usize>,
}

#[derive(Debug, Serialize)]
struct SetView<'a> {
    title: &'a str,
    language: &'a str,
}

#[derive(Debug, Serialize)]
struct AxisView<'a> {
    harm: &'a str,
    levels: &'a [String],
}

/// What the page is told of a task.
#[derive(Debug, Serialize)]
pub(super) struct TaskView<'a> {
    position: usize,
    practice: bool,
    axes: Vec<Axis>,
    prompt: &'a Text,
    response: Option<&'a Text>,
    required: Vec<ItemView<'a>>,
    answer: Option<&'a Answer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<&'a [OtherAnswer]>,
}

#[derive(Debug, Serialize)]
struct ItemView<'a> {
    id: String,
    text: &'a str,
}

/// What the page is told after an answer.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct AnswerView {
    pub(super) progress: Progress,
    pub(super) position: Option<usize>,
    pub(super) feedback: Option<Feedback>,
}

/// An answer that holds, as the rater's own list shows it.
#[derive(Debug, Serialize)]
pub(super) struct GivenView<'a> {
    position: usize,
    practice: bool,
    answer: &'a Answer,
}

/// The label of a practice example beside the rater's answer.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Feedback {
    label_source: LabelSource,
    omission: Option<Severity>,
    commission: Option<Severity>,
    items: BTreeMap<String, ItemMark>,
    same: bool,
}

/// What the page is told after an answer was taken back.
#[derive(Debug, Serialize)]
pub(super) struct UndoView {
    pub(super) position: usize,
    pub(super) answer: Answer,
    pub(super) progress: Progress,
}

impl Session {
    /// A session without answers. Tasks are shown in the given order; their positions are counted from 1.
    pub fn new(rater: &str, mode: Mode, card: Arc<Card>, tasks: Vec<Task>) -> Self {
        let given = vec![None; tasks.len()];
        Self { rater: rater.to_owned(), mode, card, tasks, given, turns: 0 }
    }

    /// The rater's pseudonym.
    pub fn rater(&self) -> &str {
        &self.rater
    }

    /// What the rater is asked to do.
    pub(super) const fn mode(&self) -> Mode {
        self.mode
    }

    /// The task at a position.
    pub(super) fn task(&self, position: usize) -> Option<&Task> {
        self.tasks.get(position.checked_sub(1)?)
    }

    /// The position of an example among the tasks of the practice round, or among the others.
    pub(super) fn position_of(&self, example: &str, practice: bool) -> Option<usize> {
        let is_it = |task: &Task| task.practice.is_some() == practice && task.example.id == example;
        self.tasks.iter().position(is_it).map(|place| place + 1)
    }

    /// Whether an answer would be taken at a position.
    pub(super) fn accepts(&self, position: usize, answer: &Answer) -> bool {
        self.task(position).is_some_and(|task| answer.check(&task.example, &self.card).is_ok())
    }

    /// Reads an answer to the task at a position, and checks it.
    pub(super) fn read(&self, position: usize, body: &[u8]) -> Result<Answer, AnswerFault> {
        let answer = Answer::read(body)?.tidied();
        let task = self.task(position).ok_or_else(|| AnswerFault("no such position".to_owned()))?;
        answer.check(&task.example, &self.card).map(|()| answer)
    }

    /// The answer that holds at a position.
    pub(super) fn answer(&self, position: usize) -> Option<&Answer> {
        self.given.get(position.checked_sub(1)?)?.as_ref().map(|given| &given.answer)
    }

    /// Takes an answer, in place of an earlier one at that position.
    pub(super) fn record(&mut self, position: usize, answer: Answer) {
        self.turns += 1;
        if let Some(given) = position.checked_sub(1).and_then(|place| self.given.get_mut(place)) {
            *given = Some(Given { answer, turn: self.turns });
        }
    }

    /// Takes the answer at a position back.
    pub(super) fn take_back(&mut self, position: usize) -> Option<Answer> {
        let given = self.given.get_mut(position.checked_sub(1)?)?;
        given.take().map(|given| given.answer)
    }

    /// The position of the last answer that holds.
    pub(super) fn last(&self) -> Option<usize> {
        let given = self.given.iter().enumerate().filter_map(|(place, given)| Some((given.as_ref()?.turn, place + 1)));
        given.max().map(|(_, position)| position)
    }

    /// How far the rater is.
    pub fn progress(&self) -> Progress {
        let mut progress = Progress { practice: Done::default(), labelling: Done::default(), cannot_judge: 0 };
        for (task, given) in self.tasks.iter().zip(&self.given) {
            let part = if task.practice.is_some() { &mut progress.practice } else { &mut progress.labelling };
            part.total += 1;
            part.done += usize::from(given.is_some());
            let unclear = given.as_ref().is_some_and(|given| !given.answer.cannot_judge.is_empty());
            progress.cannot_judge += usize::from(unclear && task.practice.is_none());
        }
        progress
    }

    /// The first position without an answer after the given one, or else the first of all; none where all are answered.
    pub(super) fn next_after(&self, position: usize) -> Option<usize> {
        let open = |mut places: std::ops::Range<usize>| places.find(|place| self.given[*place].is_none());
        open(position.min(self.given.len())..self.given.len())
            .or_else(|| open(0..self.given.len()))
            .map(|place| place + 1)
    }

    pub(super) fn view(&self) -> SessionView<'_> {
        let Card { title, language, mechanisms, .. } = &*self.card;
        let axis = |axis: Axis| {
            let card = self.card.axis(axis);
            (axis.name(), AxisView { harm: &card.harm, levels: &card.levels })
        };
        SessionView {
            rater: &self.rater,
            mode: self.mode,
            set: SetView { title, language },
            axes: Axis::ALL.into_iter().map(axis).collect(),
            mechanisms,
            progress: self.progress(),
            position: self.next_after(0),
        }
    }

    pub(super) fn task_view(&self, position: usize) -> Option<TaskView<'_>> {
        let task = self.task(position)?;
        let Example { axes, prompt, response, required, .. } = &*task.example;
        let items = required.iter().zip(1_usize..);
        Some(TaskView {
            position,
            practice: task.practice.is_some(),
            axes: Axis::ALL.into_iter().filter(|axis| axes.contains(axis)).collect(),
            prompt,
            response: response.as_ref(),
            required: items.map(|(item, number)| ItemView { id: number.to_string(), text: &item.text }).collect(),
            answer: self.answer(position),
            others: (self.mode == Mode::Adjudicate).then_some(task.others.as_slice()),
        })
    }

    /// The rater's answers that hold, in the order of their positions.
    pub(super) fn given_view(&self) -> Vec<GivenView<'_>> {
        let view = |(place, task): (usize, &Task)| {
            let (position, practice) = (place + 1, task.practice.is_some());
            self.answer(position).map(|answer| GivenView { position, practice, answer })
        };
        self.tasks.iter().enumerate().filter_map(view).collect()
    }

    /// What is told after the answer at a position.
    pub(super) fn answer_view(&self, position: usize) -> AnswerView {
        AnswerView {
            progress: self.progress(),
            position: self.next_after(position),
            feedback: self.task(position).zip(self.answer(position)).and_then(|(task, answer)| feedback(task, answer)),
        }
    }
}

fn feedback(task: &Task, answer: &Answer) -> Option<Feedback> {
    let PracticeLabel { label_source, task: label } = task.practice.as_ref()?;
    let agrees = |axis: &Axis| answer.severity(*axis) == label.severity(*axis).map(i64::from);
    Some(Feedback {
        label_source: *label_source,
        omission: label.omission,
        commission: label.commission,
        items: numbered(&label.items, &task.example),
        same: task.example.axes.iter().all(agrees),
    })
}

#[cfg(test)]
mod tests;
