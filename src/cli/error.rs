//! What a command can fail with, and the exit code of each.

use std::path::PathBuf;

use crate::measure::MeasureError;
use crate::model::{Problem, Problems, shown_path};
use crate::report::{FigureError, PageError, TableError};
use crate::run::{LedgerError, RunError};

/// A failure of a command.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// The user's files or settings are at fault.
    #[error(transparent)]
    Input(#[from] Problems),
    /// A set has findings, and the user asked for none.
    #[error("{0} {warnings}, and --strict allows none", warnings = if *.0 == 1 { "warning" } else { "warnings" })]
    Warned(usize),
    /// The reader of our output went away; nothing is wrong.
    #[error("the output was closed")]
    ClosedPipe,
    /// A file could not be written.
    #[error("{path}: cannot be written: {source}", path = shown_path(path))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not every trial was asked, for want of money or because a judge was stopped.
    #[error("{0}")]
    Stopped(String),
    /// Gates that were not met, and how many there are.
    #[error("{unmet} of {all} gates not met")]
    Gates {
        /// Gates that were not met, judge by judge.
        unmet: usize,
        /// All of them.
        all: usize,
    },
    /// The user stopped the run; the ledger is safe.
    #[error("stopped; what was answered is in the ledger, and the same command goes on from there")]
    Interrupted,
    /// Anything else.
    #[error("{0}")]
    Unexpected(String),
}

impl CliError {
    /// The exit code of a run that the user stopped.
    pub(super) const INTERRUPTED: u8 = 130;

    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::Write { .. } | Self::Unexpected(_) => 1,
            Self::Input(_) | Self::Warned(_) => 3,
            Self::Stopped(_) => 4,
            Self::Gates { .. } => 5,
            Self::Interrupted => Self::INTERRUPTED,
        }
    }

    /// A ledger that is in use or no ledger is the user's to mend; a disk that fails is not.
    fn of_ledger(error: LedgerError) -> Self {
        let path = match &error {
            LedgerError::InUse(path) | LedgerError::Foreign(path) | LedgerError::Version { path, .. } => path.clone(),
            LedgerError::Storage { .. } => return Self::Unexpected(error.to_string()),
        };
        let text = error.to_string();
        let named = format!("{}: ", path.display());
        Problem::file(&path, text.strip_prefix(&named).unwrap_or(&text)).into()
    }

    /// A failure that no input explains.
    pub(super) fn unexpected(error: impl std::fmt::Display) -> Self {
        Self::Unexpected(error.to_string())
    }
}

impl From<Problem> for CliError {
    fn from(problem: Problem) -> Self {
        Self::Input(problem.into())
    }
}

impl From<RunError> for CliError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Input(problems) => Self::Input(problems),
            RunError::Ledger(error) => Self::of_ledger(error),
            RunError::Runner(message) => Self::Unexpected(message),
        }
    }
}

impl From<MeasureError> for CliError {
    fn from(error: MeasureError) -> Self {
        Self::unexpected(error)
    }
}

impl From<PageError> for CliError {
    fn from(error: PageError) -> Self {
        Self::unexpected(error)
    }
}

impl From<FigureError> for CliError {
    fn from(error: FigureError) -> Self {
        Self::unexpected(error)
    }
}

impl From<TableError> for CliError {
    fn from(error: TableError) -> Self {
        Self::unexpected(error)
    }
}
