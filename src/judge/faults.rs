//! The faults of one judge file, each with its key and line.

use std::path::Path;

use crate::gold::line_of_key;
use crate::model::{Problem, Problems};

/// Collects what is wrong with a judge file.
pub(super) struct Faults<'a> {
    path: &'a Path,
    text: &'a str,
    problems: Problems,
}

impl<'a> Faults<'a> {
    /// Nothing is wrong yet.
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        Self { path, text, problems: Problems::default() }
    }

    /// A fault of a key at the top of the file.
    pub(super) fn push(&mut self, key: &str, message: impl Into<String>) {
        self.problems.push(Problem::key(self.path, line_of_key(self.text, "", key), key, message));
    }

    /// A fault of a key in a table.
    pub(super) fn push_in(&mut self, table: &str, key: &str, message: impl Into<String>) {
        let line = line_in_table(self.text, table, key);
        self.problems.push(Problem::key(self.path, line, format!("{table}.{key}"), message));
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Faults of another file that this one names.
    pub(super) fn append(&mut self, problems: Problems) {
        self.problems.append(problems);
    }

    /// What was found.
    pub(super) fn into_problems(self) -> Problems {
        self.problems
    }
}

/// Line of a key however its table is written: `[table]` and `key`, `table.key`, or `table = { key = … }`; the line of the
/// table where the key is not there.
fn line_in_table(text: &str, table: &str, key: &str) -> usize {
    let quoted = format!("\"{key}\"");
    let dotted = format!("{table}.{key}");
    let heading = || text.lines().position(|line| line.trim() == format!("[{table}]")).map(|index| index + 1);
    [(table, key), (table, quoted.as_str()), ("", dotted.as_str()), ("", table)]
        .into_iter()
        .map(|(table, key)| line_of_key(text, table, key))
        // The first line holds no key of a table, and stands for one that was not found.
        .find(|line| *line > 1)
        .or_else(heading)
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_however_its_table_is_written() {
        for (text, line) in [
            ("a = 1\n[t]\nb = 1\nk = 2\n", 4),
            ("a = 1\n[t]\n\"k\" = 2\n", 3),
            ("a = 1\nt.k = 2\n", 2),
            ("a = 1\nt = { k = 2 }\n", 2),
            ("a = 1\n[t]\nb = 1\n", 2),
            ("k = 1\n", 1),
        ] {
            assert_eq!(line_in_table(text, "t", "k"), line, "{text}");
        }
    }
}
