//! What checking a mapping file needs throughout: its name, its lines, and the faults found so far.

use std::path::{Path, PathBuf};

use super::lines::Lines;
use super::row::Column;
use crate::model::{Problem, Problems, shown};

/// A key of the mapping file and where it stands: what is found in the tables can be mended there.
#[derive(Debug, Clone)]
pub(super) struct Place {
    file: PathBuf,
    line: usize,
    key: String,
}

impl Place {
    /// A fault of the key.
    pub(super) fn fault(&self, message: impl Into<String>) -> Problem {
        Problem::key(&self.file, self.line, &self.key, message)
    }

    /// The key and its place, as a message about a row says them.
    pub(super) fn told(&self) -> String {
        format!("`{}`, {}:{}", self.key, self.file.display(), self.line)
    }
}

/// A mapping file being checked.
pub(super) struct Context<'a> {
    /// The mapping file.
    pub(super) file: &'a Path,
    /// Lines of its keys.
    pub(super) lines: &'a Lines,
    /// Names of its sources, in order.
    pub(super) sources: Vec<String>,
    /// Positions of the joined ones: their rows are parts of other rows.
    pub(super) joined: Vec<usize>,
    /// What is wrong so far.
    pub(super) problems: Problems,
    /// Every column that it names, with the position of the source that must have it.
    pub(super) uses: Vec<(usize, Column)>,
}

impl<'a> Context<'a> {
    pub(super) fn new(file: &'a Path, lines: &'a Lines) -> Self {
        Self { file, lines, sources: Vec::new(), joined: Vec::new(), problems: Problems::default(), uses: Vec::new() }
    }

    /// A fault of a key of the mapping file, said once: several raters may share the key.
    pub(super) fn fault(&mut self, key: &str, message: impl Into<String>) {
        let problem = Problem::key(self.file, self.lines.line(key), key, message);
        if !self.problems.iter().any(|known| *known == problem) {
            self.problems.push(problem);
        }
    }

    /// Where a key stands.
    pub(super) fn place(&self, key: &str) -> Place {
        Place { file: self.file.to_owned(), line: self.lines.line(key), key: key.to_owned() }
    }

    /// A column that a source must have.
    pub(super) fn column(&mut self, source: usize, key: &str, path: &str) -> Column {
        if path.is_empty() {
            self.fault(key, "found nothing; allowed: the name of a column");
        }
        let column = Column { path: path.to_owned(), key: key.to_owned() };
        self.uses.push((source, column.clone()));
        column
    }

    /// Position of a source by its name; the first one where none is named.
    pub(super) fn source(&mut self, key: &str, name: Option<&str>) -> usize {
        let Some(name) = name else { return 0 };
        match self.sources.iter().position(|source| source == name) {
            Some(position) if self.joined.contains(&position) => {
                let message = format!("found {}, whose rows are joined to the first source", shown(name));
                self.fault(key, format!("{message}; allowed: no `source`, and columns as `{name}.<column>`"));
                0
            }
            Some(position) => position,
            None => {
                let allowed = self.sources.join(", ");
                self.fault(key, format!("found {}; allowed: a source: {allowed}", shown(name)));
                0
            }
        }
    }
}
