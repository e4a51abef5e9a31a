//! Opens a set for labelling: the set is checked, the plan made or read, each rater's file locked, and what was answered before
//! taken up again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::answer::Answer;
use super::desk::{Desk, DeskFiles, Mechanisms};
use super::plan::{Plan, can_be_read, fault_of_names};
use super::plan_file::{hold, plan, write_plan};
use super::practice::PracticeTask;
use super::rater_file::{Opened, RaterFile};
use super::request::{LabelError, LabelRequest};
use super::session::{Mode, PracticeLabel, Session, Task};
use crate::gold::{AggregateRule, GoldSet, RATERS_FOLDER, RaterLine, SetFiles, line_of_key, read_rater_lines};
use crate::model::{Axis, Example, LabelSource, Problem, Problems, RaterKind, shown};

/// Folder of the answers of practice rounds.
const PRACTICE_FOLDER: &str = "practice";

/// A set that is open for labelling.
#[derive(Debug)]
pub struct Labelling {
    /// One desk a rater, in the order asked for.
    pub desks: Vec<Desk>,
    /// Where lines went that were cut off when they were written.
    pub set_aside: Vec<PathBuf>,
    /// Examples that nobody can read, since the set has no response.
    pub without_response: usize,
    /// Title of the set, which raters read.
    pub title: String,
    /// Readable examples that ask for one axis alone, where others ask for both: raters see the difference.
    pub one_axis: usize,
    plan: Plan,
}

impl Labelling {
    /// Name of the set that the practice round was taken from, and how many examples it has; none where there is no round.
    pub fn practice(&self) -> Option<(&str, usize)> {
        self.plan.practice.as_ref().map(|round| (round.name.as_str(), round.tasks.len()))
    }
}

/// Opens a set.
pub fn open(request: &LabelRequest<'_>) -> Result<Labelling, LabelError> {
    let (gold, files) = GoldSet::load_in_the_making(request.folder)?;
    check_raters(request)?;
    check_set(&gold, &files, request.raters)?;
    let folder = request.folder.join(RATERS_FOLDER);
    let _held = hold(&folder)?;
    let (plan, is_new) = plan(&gold, &files, &folder, request)?;
    check_tie(&gold, &files, &plan)?;
    let mechanisms = mechanisms_of(&gold);
    let card = Arc::new(gold.card.clone());
    // Raters share what they read: a hundred copies of a set are a lot of memory.
    let examples: Vec<Arc<Example>> = gold.examples.iter().cloned().map(Arc::new).collect();
    let practice = practice_tasks(&plan);
    let mut desks = Vec::new();
    for rater in request.raters {
        let ids = plan.of(rater).map(|own| own.examples.as_slice()).unwrap_or_default();
        let own = ids.iter().filter_map(|id| gold.position(id)).map(|position| Arc::clone(&examples[position]));
        let own = own.map(|example| Task { example, practice: None, others: Vec::new() });
        let tasks = practice.iter().cloned().chain(own).collect();
        let session = Session::new(rater, Mode::Label, Arc::clone(&card), tasks);
        desks.push(Desk::open(request.folder, session, mechanisms.clone(), request.now)?);
    }
    if is_new {
        write_plan(&folder, &plan)?;
    }
    // Last, so that no refusal comes between a line that is set aside and the word of it.
    let mut set_aside = Vec::new();
    for desk in &mut desks {
        set_aside.extend(desk.settle()?);
    }
    let (title, one_axis) = (gold.card.title.clone(), one_axis(&gold));
    let without_response = gold.examples.iter().filter(|example| !can_be_read(example)).count();
    Ok(Labelling { desks, set_aside, without_response, title, one_axis, plan })
}

impl Desk {
    /// Opens and locks a rater's files in the folder of a set, and takes up what they hold of the session's tasks. What is in them
    /// stays as it is until [`Desk::settle`].
    pub fn open(
        set: &Path,
        mut session: Session,
        mechanisms: Mechanisms,
        now: fn() -> String,
    ) -> Result<Self, LabelError> {
        let name = format!("{}.jsonl", session.rater());
        let folder = set.join(RATERS_FOLDER);
        let has_practice = session.progress().practice.total > 0;
        let mut take_up = |path: PathBuf, practice: bool| {
            let Opened { file, bytes } = RaterFile::open(&path)?;
            restore(&mut session, &path, &bytes, practice)?;
            Ok::<_, LabelError>(file)
        };
        let practice = has_practice.then(|| take_up(folder.join(PRACTICE_FOLDER).join(&name), true)).transpose()?;
        let labels = take_up(folder.join(&name), false)?;
        Ok(Self { session, files: DeskFiles { labels, practice }, mechanisms, now })
    }
}

/// Readable examples to which one axis applies, where both apply to others.
fn one_axis(gold: &GoldSet) -> usize {
    let readable = || gold.examples.iter().filter(|example| can_be_read(example));
    let one = readable().filter(|example| example.axes.len() < Axis::ALL.len()).count();
    if one < readable().count() { one } else { 0 }
}

/// The mechanisms that a set names already.
pub fn mechanisms_of(gold: &GoldSet) -> Mechanisms {
    Mechanisms::new(gold.annotations.iter().filter_map(|annotation| annotation.mechanism.clone()).collect())
}

/// Takes up what a rater answered before. An annotation that leaves an axis open, as one from elsewhere may, has still to be
/// answered; it holds until then.
fn restore(session: &mut Session, path: &Path, bytes: &[u8], practice: bool) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let lines = read_rater_lines(path, bytes, &mut problems);
    problems.or(())?;
    for located in lines {
        let Some(position) = session.position_of(located.value.example(), practice) else { continue };
        match located.value {
            RaterLine::Said(annotation) => session.take_up(position, &annotation),
            RaterLine::Withdrawn(_) => drop(session.take_back(position)),
        }
    }
    Ok(())
}

impl Session {
    fn take_up(&mut self, position: usize, annotation: &crate::model::Annotation) {
        let Some(task) = self.task(position) else { return };
        let answer = Answer::from_annotation(annotation, &task.example);
        if self.accepts(position, &answer) {
            self.record(position, answer);
        }
    }
}

fn check_raters(request: &LabelRequest<'_>) -> Result<(), Problem> {
    let fault = |message: String| Err(Problem::file(Path::new("--rater"), message));
    if request.raters.is_empty() {
        return fault("is missing; allowed: one rater or more".to_owned());
    }
    match fault_of_names(request.raters.iter().map(String::as_str)) {
        Some(message) => fault(message),
        None => Ok(()),
    }
}

/// Labels of different kinds must not mix in one gold label, and people's labels must not be called anything else.
fn check_set(gold: &GoldSet, files: &SetFiles, raters: &[String]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let (card, text) = (&files.card.0, String::from_utf8_lossy(&files.card.1));
    let mut of_card =
        |key: &str, message: String| problems.push(Problem::key(card, line_of_key(&text, "", key), key, message));
    let elsewhere = "or `--out DEST`, which labels the same examples in a new set";
    if gold.card.label_source != LabelSource::Human {
        of_card("label_source", format!("is not \"human\", but people label here; allowed: \"human\", {elsewhere}"));
    }
    for rater in gold.raters.iter().filter(|rater| rater.kind != RaterKind::Human) {
        let message = format!(
            "holds labels of {}, who is no person; allowed: people's labels alone, {elsewhere}",
            shown(&rater.id)
        );
        problems.push(Problem::file(&files.annotations.0, message));
    }
    // Of a rater with labels there, a second line on an example would be a fault of the set.
    let shared = shared_raters(files);
    for rater in raters.iter().filter(|rater| shared.contains(*rater)) {
        let message = format!(
            "holds labels of {} already, and is not added to; allowed: another `--rater`, {elsewhere}",
            shown(rater)
        );
        problems.push(Problem::file(&files.annotations.0, message));
    }
    if !gold.examples.iter().any(can_be_read) {
        problems
            .push(Problem::file(&files.examples.0, "has no response to read; allowed: at least one example with one"));
    }
    problems.or(())
}

/// Raters of `annotations.jsonl`. The set has been read, so each of its lines is an annotation.
fn shared_raters(files: &SetFiles) -> BTreeSet<String> {
    let lines = files.annotations.1.split(|byte| *byte == b'\n');
    lines
        .filter_map(|line| serde_json::from_slice::<crate::model::Annotation>(line).ok())
        .map(|line| line.rater)
        .collect()
}

fn check_tie(gold: &GoldSet, files: &SetFiles, plan: &Plan) -> Result<(), Problem> {
    let decides = matches!(AggregateRule::from_card(&gold.card.aggregate), AggregateRule::Adjudicator(_));
    if decides || gold.card.tie.is_some() || !plan.has_two_raters_for_an_example() {
        return Ok(());
    }
    let message = "is missing, and raters of one example can tie; allowed: \"higher\", \"lower\" or \"exclude\"";
    Err(Problem::key(&files.card.0, 1, "tie", message))
}

/// The tasks of the practice round, which come first.
fn practice_tasks(plan: &Plan) -> Vec<Task> {
    let tasks = plan.practice.iter().flat_map(|round| round.tasks.iter().map(move |task| (round.label_source, task)));
    let task = |(label_source, task): (LabelSource, &PracticeTask)| Task {
        example: Arc::new(task.example.clone()),
        practice: Some(PracticeLabel { label_source, task: task.clone() }),
        others: Vec::new(),
    };
    tasks.map(task).collect()
}
