//! Annotations in their files: `annotations.jsonl`, where each rater and example stands once, and raters' own files, where a
//! later line takes the place of an earlier one.

use std::collections::BTreeMap;
use std::path::Path;

use super::files::SetFiles;
use super::jsonl::{Located, read_jsonl, read_line, whole_lines};
use crate::model::{Annotation, Problem, Problems, Withdrawal, shown};

/// An annotation and where it stands.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) file: &'a Path,
    pub(super) line: usize,
    pub(super) value: Annotation,
}

/// What a line of a rater's own file says.
#[derive(Debug, Clone, PartialEq)]
pub enum RaterLine {
    /// What the rater says of an example, in place of what was said of it before.
    Said(Annotation),
    /// Nothing any more.
    Withdrawn(Withdrawal),
}

impl RaterLine {
    /// The example that it is about.
    pub fn example(&self) -> &str {
        match self {
            Self::Said(annotation) => &annotation.example,
            Self::Withdrawn(withdrawal) => &withdrawal.example,
        }
    }

    fn rater(&self) -> &str {
        match self {
            Self::Said(annotation) => &annotation.rater,
            Self::Withdrawn(withdrawal) => &withdrawal.rater,
        }
    }
}

/// All annotations that hold: those of `annotations.jsonl`, then those of each rater's file.
pub(super) fn read_annotations<'a>(files: &'a SetFiles, problems: &mut Problems) -> Vec<Placed<'a>> {
    let (path, bytes) = &files.annotations;
    let shared: Vec<Located<Annotation>> = read_jsonl(path, bytes, problems, |_, _, _| false);
    let mut placed: Vec<Placed<'_>> =
        shared.into_iter().map(|Located { line, value }| Placed { file: path, line, value }).collect();
    for (path, bytes) in &files.by_rater {
        let lines = read_rater_lines(path, bytes, problems);
        placed.extend(holding(lines).into_iter().map(|Located { line, value }| Placed { file: path, line, value }));
    }
    placed
}

/// Reads a rater's own file, every line of it.
///
/// All faults are collected into `problems`: a line that is neither an annotation nor a withdrawal, one of another rater than
/// the file is called after, and a last line that was cut off.
pub fn read_rater_lines(file: &Path, bytes: &[u8], problems: &mut Problems) -> Vec<Located<RaterLine>> {
    let (whole, rest) = bytes.split_at(whole_lines(bytes));
    if !rest.is_empty() {
        let line = whole.iter().filter(|byte| **byte == b'\n').count() + 1;
        problems.push(Problem::line(
            file,
            line,
            "was cut off while it was written; allowed: whole lines (it is set aside when this rater goes on: `lacuna label`, or \
             `lacuna gold adjudicate`)",
        ));
    }
    let mut withdrawn = Vec::new();
    let said: Vec<Located<Annotation>> = read_jsonl(file, whole, problems, |line, text, problems| {
        if !is_withdrawal(text) {
            return false;
        }
        match read_line::<Withdrawal>(file, line, text) {
            Ok(value) if value.withdrawn => withdrawn.push(Located { line, value: RaterLine::Withdrawn(value) }),
            Ok(_) => problems.push(Problem::key(file, line, "withdrawn", "found `false`; allowed: `true`")),
            Err(problem) => problems.push(problem),
        }
        true
    });
    let mut lines = withdrawn;
    lines.extend(said.into_iter().map(|Located { line, value }| Located { line, value: RaterLine::Said(value) }));
    lines.sort_by_key(|located| located.line);
    let own = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    for Located { line, value } in lines.iter().filter(|located| located.value.rater() != own) {
        let message = format!("found {}; allowed: {}, as the file is called", shown(value.rater()), shown(own));
        problems.push(Problem::key(file, *line, "rater", message));
    }
    lines
}

/// Whether a line is an object with the key `withdrawn`, which no annotation has.
fn is_withdrawal(text: &str) -> bool {
    // The word alone may stand in a note.
    text.contains("\"withdrawn\"")
        && serde_json::from_str::<BTreeMap<String, serde::de::IgnoredAny>>(text)
            .is_ok_and(|object| object.contains_key("withdrawn"))
}

/// The last word on each example, in the order of the lines, without what was taken back.
pub fn holding(lines: Vec<Located<RaterLine>>) -> Vec<Located<Annotation>> {
    let mut last: BTreeMap<String, Located<RaterLine>> = BTreeMap::new();
    for located in lines {
        last.insert(located.value.example().to_owned(), located);
    }
    let mut held: Vec<Located<Annotation>> = last
        .into_values()
        .filter_map(|Located { line, value }| match value {
            RaterLine::Said(value) => Some(Located { line, value }),
            RaterLine::Withdrawn(_) => None,
        })
        .collect();
    held.sort_by_key(|located| located.line);
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Located<RaterLine>>, Vec<String>) {
        let mut problems = Problems::default();
        let lines = read_rater_lines(Path::new("annotations/ann.jsonl"), text.as_bytes(), &mut problems);
        (lines, problems.iter().map(ToString::to_string).collect())
    }

    fn said(example: &str, omission: u8) -> String {
        format!(r#"{{"example":"{example}","rater":"ann","rater_kind":"human","omission":{omission}}}"#) + "\n"
    }

    fn withdrawn(example: &str) -> String {
        format!(r#"{{"example":"{example}","rater":"ann","rater_kind":"human","withdrawn":true}}"#) + "\n"
    }

    /// Example, severity and line of what holds.
    fn held(text: &str) -> Vec<(String, i64, usize)> {
        let (lines, problems) = read(text);
        assert_eq!(problems, Vec::<String>::new());
        let held = holding(lines).into_iter();
        held.map(|Located { line, value }| (value.example, value.omission.unwrap(), line)).collect()
    }

    #[test]
    fn the_last_word_on_an_example_holds_unless_it_was_taken_back() {
        let (a, b) = ("a".to_owned(), "b".to_owned());
        assert_eq!(held(&(said("a", 1) + &said("b", 2))), [(a.clone(), 1, 1), (b.clone(), 2, 2)]);
        assert_eq!(held(&(said("a", 1) + &said("b", 2) + &said("a", 3))), [(b.clone(), 2, 2), (a.clone(), 3, 3)]);
        assert_eq!(held(&(said("a", 1) + &said("b", 2) + &withdrawn("a"))), [(b, 2, 2)]);
        assert_eq!(held(&(said("a", 1) + &withdrawn("a") + &said("a", 0))), [(a, 0, 3)]);
        assert_eq!(held(""), []);
    }

    /// A clock that goes backwards: what stands later was said later.
    #[test]
    fn the_order_of_the_lines_counts_whatever_the_clock_said() {
        let at = |omission: u8, at: &str| said("a", omission).replacen('}', &format!(r#","at":"{at}"}}"#), 1);
        let text = at(1, "2031-01-01T00:00:00Z") + &at(2, "1970-01-01T00:00:00Z");
        assert_eq!(held(&text), [("a".to_owned(), 2, 2)]);
    }

    #[test]
    fn a_note_may_hold_the_word_that_takes_back() {
        let line = r#"{"example":"a","rater":"ann","rater_kind":"human","omission":1,"note":"\"withdrawn\": true"}"#;
        assert_eq!(held(line), [("a".to_owned(), 1, 1)]);
    }

    #[test]
    fn a_line_that_was_cut_off_is_a_fault_and_one_without_a_line_break_is_none() {
        let whole = said("a", 1);
        assert_eq!(held(whole.trim_end()).len(), 1);
        for cut in 1..whole.len() - 1 {
            let (lines, problems) = read(&(said("b", 0) + &whole[..cut]));
            assert_eq!(lines.len(), 1);
            assert_eq!(problems.len(), 1, "{cut}");
            assert!(problems[0].starts_with("annotations/ann.jsonl:2: was cut off"), "{problems:?}");
        }
    }

    #[test]
    fn faults_of_withdrawals_and_of_raters_name_their_keys() {
        let told = |line: &str| read(line).1.join("\n");
        let line = r#"{"example":"a","rater":"ann","rater_kind":"human","withdrawn":false}"#;
        assert_eq!(told(line), "annotations/ann.jsonl:1: withdrawn: found `false`; allowed: `true`");
        let line = r#"{"example":"a","rater":"ann","rater_kind":"human","withdrawn":true,"omission":1}"#;
        assert!(told(line).contains("annotations/ann.jsonl:1: omission: unknown key"), "{}", told(line));
        let line = r#"{"example":"a","rater":"bob","rater_kind":"human","omission":1}"#;
        let expected = "annotations/ann.jsonl:1: rater: found \"bob\"; allowed: \"ann\", as the file is called";
        assert_eq!(told(line), expected);
        assert!(told("{\"example\"}\n").contains("not valid JSON"), "{}", told("{\"example\"}\n"));
    }
}
