//! What is wrong with an input: file, line, key, what was found, what is allowed.

use std::fmt;
use std::path::{Path, PathBuf};

/// How many problems a report of bad input spells out before it only counts.
const SPELLED_OUT: usize = 20;

/// Characters of a key that a message repeats.
const KEY_CHARACTERS: usize = 80;

/// Characters of a found value that a message repeats.
const SHOWN_CHARACTERS: usize = 48;

/// One fault in an input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file at fault.
    pub file: PathBuf,
    /// Its line, counted from 1, where the fault has one.
    pub line: Option<usize>,
    /// The key at fault, where there is one.
    pub key: Option<String>,
    /// What was found and what is allowed, as a lower-case fragment.
    pub message: String,
}

impl Problem {
    /// A fault of a file as a whole.
    pub fn file(file: &Path, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, key: None, message: message.into() }
    }

    /// A fault on a line.
    pub fn line(file: &Path, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: Some(line), key: None, message: message.into() }
    }

    /// A fault of a key on a line.
    pub fn key(file: &Path, line: usize, key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: Some(line), key: Some(key.into()), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", shown_path(&self.file))?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if let Some(key) = &self.key {
            write!(formatter, ": {}", harmless(&cut(key, KEY_CHARACTERS)))?;
        }
        write!(formatter, ": {}", harmless(&self.message))
    }
}

/// A text that cannot drive the terminal or reorder the line: whatever could is written as its escape.
pub fn harmless(text: &str) -> String {
    if !text.contains(is_deceptive) {
        return text.to_owned();
    }
    text.chars().map(|c| if is_deceptive(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// A path as a message names it.
pub fn shown_path(path: &Path) -> String {
    harmless(&path.display().to_string())
}

/// A character that could drive a terminal, reorder a line or hide in it: control, bidirectional and zero-width ones,
/// line and paragraph separators, fillers and tags.
pub fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}')
}

/// The beginning of a text, with a mark where it was cut.
fn cut(text: &str, characters: usize) -> String {
    let mut start: String = text.chars().take(characters).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// All faults of one reading, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds a fault.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Adds the faults of another reading.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// The value if nothing is wrong, otherwise these problems.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().take(SPELLED_OUT).enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            write!(formatter, "{problem}")?;
        }
        if self.0.len() > SPELLED_OUT {
            write!(formatter, "\nand {} more", self.0.len() - SPELLED_OUT)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// A found value as a message may repeat it: quoted, control characters escaped, cut short.
///
/// Prompts and responses never pass through here: they are hostile and long.
pub fn shown(value: &str) -> String {
    format!("{:?}", cut(value, SHOWN_CHARACTERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_problems_are_spelled_out_and_the_rest_counted() {
        let mut problems = Problems::default();
        for line in 1..=23 {
            problems.push(Problem::key(Path::new("a.jsonl"), line, "id", "found nothing; allowed: text"));
        }
        let text = problems.to_string();
        assert_eq!(text.lines().count(), 21);
        assert!(text.starts_with("a.jsonl:1: id: found nothing"));
        assert!(text.ends_with("and 3 more"));
    }

    #[test]
    fn a_key_cannot_drive_the_terminal_and_is_cut() {
        let problem = Problem::key(Path::new("a"), 1, "\u{1b}[2J\u{202e}", "unknown key");
        assert_eq!(problem.to_string(), "a:1: \\u{1b}[2J\\u{202e}: unknown key");
        assert!(Problem::key(Path::new("a"), 1, "[0]".repeat(5000), "x").to_string().chars().count() < 100);
    }

    #[test]
    fn a_found_value_cannot_drive_the_terminal() {
        assert_eq!(shown("a\u{1b}[31mb"), "\"a\\u{1b}[31mb\"");
        assert!(shown(&"x".repeat(500)).chars().count() < 60);
    }
}
