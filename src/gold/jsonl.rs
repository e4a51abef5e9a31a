//! JSON, read strictly: every bad line of a file of lines is reported with its number and key, and so is the first fault of a file
//! that is one JSON text.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wording::in_plain_words;
use crate::model::{Problem, Problems};

/// A record with the line it was read from, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// Line number.
    pub line: usize,
    /// The record.
    pub value: T,
}

/// What a line has to be, as a message says it.
const ONE_A_LINE: &str = "one JSON object a line";

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonFault {
    /// Its line within the text, counted from 1.
    pub line: usize,
    /// The key at fault, where there is one.
    pub key: Option<String>,
    /// What was found and what is allowed.
    pub message: String,
}

/// Keys whose values never stand in a message: they are long, and may be hostile.
const TEXT_KEYS: [&str; 8] = ["prompt", "response", "reference", "rationale", "raw", "note", "text", "content"];

/// Reads one record a line; blank lines are passed over. `skip` sees the text of a line first and may claim it, as a
/// header line is claimed.
///
/// All bad lines are collected into `problems`; the records returned are the good ones.
pub fn read_jsonl<T: DeserializeOwned>(
    file: &Path,
    bytes: &[u8],
    problems: &mut Problems,
    mut skip: impl FnMut(usize, &str, &mut Problems) -> bool,
) -> Vec<Located<T>> {
    let mut records = Vec::new();
    for (index, raw) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = index + 1;
        let raw = if index == 0 { without_mark(raw) } else { raw };
        let text = match std::str::from_utf8(raw) {
            Ok(text) => text.trim_ascii(),
            Err(error) => {
                let at = error.valid_up_to() + 1;
                problems.push(Problem::line(file, line, format!("byte {at} is not UTF-8; allowed: UTF-8 text")));
                continue;
            }
        };
        if text.is_empty() || skip(line, text, problems) {
            continue;
        }
        match read_line(file, line, text) {
            Ok(value) => records.push(Located { line, value }),
            Err(problem) => problems.push(problem),
        }
    }
    records
}

/// Reads the one record of a line.
pub(super) fn read_line<T: DeserializeOwned>(file: &Path, line: usize, text: &str) -> Result<T, Problem> {
    read_json(text, ONE_A_LINE).map_err(|JsonFault { key, message, .. }| Problem {
        file: file.to_owned(),
        line: Some(line),
        key,
        message,
    })
}

/// Reads a file that is one JSON text. `allowed` is what it has to be, for the message of one that is no JSON.
pub fn read_document<T: DeserializeOwned>(file: &Path, text: &str, allowed: &str) -> Result<T, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    read_json(text, allowed).map_err(|JsonFault { line, key, message }| Problem {
        file: file.to_owned(),
        line: Some(line),
        key,
        message,
    })
}

/// A file's beginning without the mark of its encoding.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// How many bytes of a file that grows line by line are whole lines. A last line without a line break counts where it is a whole JSON text:
/// the beginning of an object never is.
pub fn whole_lines(bytes: &[u8]) -> usize {
    let ended = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let rest = &bytes[ended..];
    let rest = if ended == 0 { without_mark(rest) } else { rest };
    let whole = rest.trim_ascii().is_empty() || serde_json::from_slice::<serde::de::IgnoredAny>(rest).is_ok();
    if whole { bytes.len() } else { ended }
}

/// Reads one JSON text. `allowed` is what it has to be, for the message of one that is no JSON.
///
/// Keeping track of the path costs more than reading does; only a text with a fault is read a second time for it. The message
/// never repeats a text that may be hostile.
pub fn read_json<T: DeserializeOwned>(text: &str, allowed: &str) -> Result<T, JsonFault> {
    serde_json::from_str(text).or_else(|_| read_tracking_path(text, allowed))
}

fn read_tracking_path<T: DeserializeOwned>(text: &str, allowed: &str) -> Result<T, JsonFault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        // The path of a text that is not JSON, or of the record itself, is no key.
        let key = (!["", ".", "?"].contains(&path.as_str())).then_some(path);
        let message = describe(error.inner(), key.as_deref(), allowed);
        // An empty text ends before its first line.
        JsonFault { line: error.inner().line().max(1), key, message }
    })?;
    let more = |error: serde_json::Error| JsonFault {
        line: error.line(),
        key: None,
        message: describe(&error, None, allowed),
    };
    reader.end().map_err(more)?;
    Ok(value)
}

/// The parser's message without its own line count, which the fault has, and without text that may be hostile.
fn describe(error: &serde_json::Error, key: Option<&str>, allowed: &str) -> String {
    let message = error.to_string();
    let column = error.column();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(start, _)| start);
    let leaf = key.map(|key| key.rsplit(['.', ']']).next().unwrap_or(key));
    let message = if key.is_some_and(|key| TEXT_KEYS.iter().any(|text| key.starts_with(text)))
        || leaf.is_some_and(|leaf| TEXT_KEYS.contains(&leaf))
    {
        without_quoted(message)
    } else {
        message.chars().take(400).collect()
    };
    match error.classify() {
        serde_json::error::Category::Data => in_plain_words(&message),
        _ => format!("not valid JSON at column {column}{}; allowed: {allowed}", syntax_fault(&message)),
    }
}

/// What the parser found wrong, where it says so in words that help.
fn syntax_fault(message: &str) -> &'static str {
    let known = [
        ("EOF", ": it ends too early"),
        ("trailing characters", ": more follows the object"),
        ("trailing comma", ": a comma before a closing bracket"),
        ("control character", ": a control character inside a text"),
        ("invalid escape", ": an unknown escape"),
        ("key must be a string", ": a key without quotes"),
        ("number out of range", ": a number out of range"),
        ("recursion limit", ": nested too deeply"),
        ("expected value", ": no JSON value (NaN and Infinity are none)"),
    ];
    known.iter().find_map(|(start, words)| message.starts_with(start).then_some(*words)).unwrap_or_default()
}

/// `string "…"` becomes `a string`.
fn without_quoted(message: &str) -> String {
    match (message.find("string \""), message.rfind('"')) {
        (Some(start), Some(end)) if end > start + 7 => {
            format!("{}a string{}", &message[..start], &message[end + 1..])
        }
        _ => message.to_owned(),
    }
}

/// Records as JSON texts, one a line.
pub(super) fn json_lines<T: Serialize>(records: &[T]) -> Vec<u8> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, record).expect("plain records without non-finite numbers or odd keys");
        lines.push(b'\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Annotation;

    fn read(text: &[u8]) -> (Vec<Located<Annotation>>, Vec<String>) {
        let mut problems = Problems::default();
        let records = read_jsonl(Path::new("a.jsonl"), text, &mut problems, |_, _, _| false);
        (records, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_bad_line_is_reported_with_its_key_and_the_good_ones_are_kept() {
        let text = concat!(
            r#"{"example":"a","rater":"r1","rater_kind":"human","omission":1}"#,
            "\n\n",
            r#"{"example":"a","rater":"r1","rater_kind":"human","omission":"two"}"#,
            "\n",
            r#"{"example":"a","rater":"r1","rater_kind":"human","sevrity":1}"#,
            "\n",
            r#"{"example":"a","rater":"r1""#,
            "\n",
            r#"{"example":"a","rater_kind":"human"}"#,
            "\n",
            r#"{"example":"a","rater":"r1","rater_kind":"human"} {}"#,
            "\n",
        );
        let (records, problems) = read(text.as_bytes());
        assert_eq!(records.len(), 1);
        assert_eq!(problems.len(), 5);
        assert_eq!(problems[0], "a.jsonl:3: omission: found string \"two\"; allowed: a whole number");
        assert!(
            problems[1].starts_with("a.jsonl:4: sevrity: unknown key; allowed: `example`, `rater`, "),
            "{}",
            problems[1]
        );
        assert!(problems[2].starts_with("a.jsonl:5: not valid JSON at column"), "{}", problems[2]);
        assert_eq!(problems[3], "a.jsonl:6: key `rater` is missing");
        assert!(problems[4].starts_with("a.jsonl:7: not valid JSON"), "{}", problems[4]);
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_are_read() {
        let text = b"\xef\xbb\xbf{\"example\":\"a\",\"rater\":\"r\",\"rater_kind\":\"model\"}\r\n";
        let (records, problems) = read(text);
        assert_eq!((records.len(), problems.len()), (1, 0));
    }

    #[test]
    fn broken_utf8_is_a_problem_of_its_line_alone() {
        let (records, problems) = read(b"\xff\xfe\n{\"example\":\"a\",\"rater\":\"r\",\"rater_kind\":\"model\"}");
        assert_eq!(records.len(), 1);
        assert_eq!(problems, ["a.jsonl:1: byte 1 is not UTF-8; allowed: UTF-8 text"]);
    }

    #[test]
    fn a_whole_file_is_told_by_its_line_and_not_as_one_of_lines() {
        let read = |text: &str| {
            let read: Result<Annotation, Problem> =
                read_document(Path::new("a.json"), text, "the file that was written");
            read.map_err(|problem| problem.to_string())
        };
        let good = "{\n  \"example\": \"a\",\n  \"rater\": \"r\",\n  \"rater_kind\": \"human\"\n}\n";
        assert_eq!(read(good).unwrap(), read(&format!("\u{feff}{good}")).unwrap());
        for (text, expected) in [
            ("", "a.json:1: not valid JSON at column 0: it ends too early; allowed: the file that was written"),
            (
                "{\n  \"example\": \"a\",\n}",
                "a.json:3: not valid JSON at column 1: a comma before a closing bracket; allowed: the file",
            ),
            (
                &format!("{good}\n{{}}"),
                "a.json:7: not valid JSON at column 1: more follows the object; allowed: the file",
            ),
            (&good.replace("\"r\"", "7"), "a.json:3: rater: found integer `7`; allowed: text"),
        ] {
            let told = read(text).unwrap_err();
            assert!(told.starts_with(expected), "{told}");
        }
    }

    #[test]
    fn a_message_never_repeats_a_text() {
        let line = r#"{"example":"a","rater":"r","rater_kind":"model","note":{"x":"secret words"}}"#;
        let (_, problems) = read(line.as_bytes());
        assert!(!problems[0].contains("secret"), "{}", problems[0]);
        let mut problems = Problems::default();
        let line = r#"{"id":"a","cluster":"c","prompt":"p","axes":"secret words"}"#;
        let _: Vec<Located<crate::model::Example>> =
            read_jsonl(Path::new("e.jsonl"), line.as_bytes(), &mut problems, |_, _, _| false);
        assert!(problems.to_string().contains("axes"));
    }
}
