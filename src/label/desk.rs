//! A session together with the files that keep it: an answer counts when its line is on the disk.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::answer::{Answer, AnswerFault};
use super::rater_file::{RaterFile, StorageError};
use super::session::{AnswerView, Session, UndoView};
use crate::gold::MOST_VALUES;
use crate::model::{Example, RaterKind, Withdrawal};

/// One rater's session and files.
#[derive(Debug)]
pub struct Desk {
    pub(super) session: Session,
    pub(super) files: DeskFiles,
    pub(super) mechanisms: Mechanisms,
    /// The time, RFC 3339.
    pub(super) now: fn() -> String,
}

/// Where a rater's answers go.
#[derive(Debug)]
pub(super) struct DeskFiles {
    pub(super) labels: RaterFile,
    /// Answers of the practice round, which never reach the gold.
    pub(super) practice: Option<RaterFile>,
}

/// Mechanisms that somebody named, shared by the raters of a process: a set has room for so many.
#[derive(Debug, Clone, Default)]
pub struct Mechanisms(Arc<Mutex<BTreeSet<String>>>);

impl Mechanisms {
    pub(super) fn new(named: BTreeSet<String>) -> Self {
        Self(Arc::new(Mutex::new(named)))
    }

    /// Adds a mechanism, or says that there is no room.
    fn add(&self, mechanism: Option<&String>) -> Result<(), AnswerFault> {
        let Some(mechanism) = mechanism else { return Ok(()) };
        let mut named = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if named.len() >= MOST_VALUES && !named.contains(mechanism) {
            let message = format!(
                "mechanism: {MOST_VALUES} are named in this set already; allowed: one of those, or words in the note"
            );
            return Err(AnswerFault(message));
        }
        named.insert(mechanism.clone());
        Ok(())
    }
}

/// Why an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeskError {
    /// No task has that position.
    #[error("no such position; allowed: a position of this session")]
    NoPosition,
    /// There is nothing to take back.
    #[error("there is no answer to take back; allowed: once something was answered")]
    NothingToUndo,
    /// The answer is none.
    #[error(transparent)]
    Answer(#[from] AnswerFault),
    /// It could not be written.
    #[error("the answer is not saved: {why}", why = in_words(.0))]
    Storage(#[from] StorageError),
}

/// Why an answer could not be written, in words for the rater: whoever set it up knows which file it is.
fn in_words(error: &StorageError) -> String {
    match error {
        StorageError::Changed(_) | StorageError::InUse(_) => {
            "another program changed the file of your answers; allowed: an end and a new start of this one".to_owned()
        }
        StorageError::Disk { source, .. } => format!("the disk did not take it ({source}); allowed: sending it again"),
    }
}

impl Desk {
    /// The session.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Makes the files ready for the next answer, and says where lines went that had been cut off.
    pub fn settle(&mut self) -> Result<Vec<PathBuf>, StorageError> {
        let mut set_aside = Vec::new();
        for file in self.files.practice.iter_mut().chain([&mut self.files.labels]) {
            set_aside.extend(file.settle()?);
        }
        Ok(set_aside)
    }

    /// Takes an answer: checks it, writes it, and only then counts it. An answer that holds already is not written again, so
    /// that one may be sent a second time where the reply got lost.
    pub(super) fn answer(&mut self, position: usize, body: &[u8]) -> Result<AnswerView, DeskError> {
        if self.session.task(position).is_none() {
            return Err(DeskError::NoPosition);
        }
        let answer = self.session.read(position, body)?;
        if self.session.answer(position) != Some(&answer) {
            self.write(position, &answer)?;
            self.session.record(position, answer);
        }
        Ok(self.session.answer_view(position))
    }

    fn write(&mut self, position: usize, answer: &Answer) -> Result<(), DeskError> {
        let (example, practice) = self.place(position)?;
        if !practice {
            self.mechanisms.add(answer.mechanism.as_ref())?;
        }
        let record = answer.annotation(&example, self.session.rater(), &(self.now)());
        self.file(practice)?.append(&record)?;
        Ok(())
    }

    /// Takes the last answer back, and returns to it.
    pub(super) fn undo(&mut self) -> Result<UndoView, DeskError> {
        let position = self.session.last().ok_or(DeskError::NothingToUndo)?;
        let (example, practice) = self.place(position)?;
        let record = Withdrawal {
            example: example.id.clone(),
            rater: self.session.rater().to_owned(),
            rater_kind: RaterKind::Human,
            withdrawn: true,
            at: Some((self.now)()),
        };
        self.file(practice)?.append(&record)?;
        let answer = self.session.take_back(position).ok_or(DeskError::NothingToUndo)?;
        Ok(UndoView { position, answer, progress: self.session.progress() })
    }

    /// The example at a position, and whether it is one of the practice round.
    fn place(&self, position: usize) -> Result<(Arc<Example>, bool), DeskError> {
        let task = self.session.task(position).ok_or(DeskError::NoPosition)?;
        Ok((Arc::clone(&task.example), task.practice.is_some()))
    }

    fn file(&mut self, practice: bool) -> Result<&mut RaterFile, DeskError> {
        if practice { self.files.practice.as_mut().ok_or(DeskError::NoPosition) } else { Ok(&mut self.files.labels) }
    }
}
