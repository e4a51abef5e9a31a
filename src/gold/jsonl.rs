//! JSON lines, read strictly: every bad line is reported with its number and key.

use std::path::Path;

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
        let raw = if index == 0 { raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw) } else { raw };
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
        match read_record(text) {
            Ok(value) => records.push(Located { line, value }),
            Err((key, message)) => problems.push(Problem { file: file.to_owned(), line: Some(line), key, message }),
        }
    }
    records
}

/// Reads one JSON text; the error is the key at fault, if any, and a message.
///
/// Keeping track of the path costs more than reading does; only a text with a fault is read a second time for it. The message
/// never repeats a text that may be hostile.
pub fn read_record<T: DeserializeOwned>(text: &str) -> Result<T, (Option<String>, String)> {
    serde_json::from_str(text).or_else(|_| read_tracking_path(text))
}

fn read_tracking_path<T: DeserializeOwned>(text: &str) -> Result<T, (Option<String>, String)> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        // The path of a text that is not JSON, or of the record itself, is no key.
        let key = (!["", ".", "?"].contains(&path.as_str())).then_some(path);
        let message = describe(error.inner(), key.as_deref());
        (key, message)
    })?;
    reader.end().map_err(|error| (None, describe(&error, None)))?;
    Ok(value)
}

/// The parser's message without its own line count (each record is one line) and without text that may be hostile.
fn describe(error: &serde_json::Error, key: Option<&str>) -> String {
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
        _ => format!("not valid JSON at column {column}{}; allowed: one JSON object a line", syntax_fault(&message)),
    }
}

/// What the parser found wrong, where it says so in words that help.
fn syntax_fault(message: &str) -> &'static str {
    let known = [
        ("EOF", ": the line ends too early"),
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
