//! Standard output is data; everything else goes to standard error.

use std::io::{ErrorKind, Write, stderr, stdout};

use serde::Serialize;

use super::error::CliError;
pub(super) use crate::model::shown_path as path;
use crate::model::{harmless, is_deceptive};

/// Writes data. A reader that went away ends the command without complaint.
pub(super) fn data(text: &str) -> Result<(), CliError> {
    let mut out = stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(CliError::ClosedPipe),
        Err(error) => Err(CliError::unexpected(format!("standard output: {error}"))),
    }
}

/// Writes data as JSON. What could drive or deceive a terminal is written as its escape, which reads back as the same text.
pub(super) fn json(value: &impl Serialize) -> Result<(), CliError> {
    json_text(&String::from_utf8_lossy(&pretty(value)?))
}

/// Writes a JSON text in the same way.
pub(super) fn json_text(json: &str) -> Result<(), CliError> {
    data(&escaped(json))
}

/// Escapes characters of a JSON text that stand inside its strings, and so anywhere but between its lines.
fn escaped(json: &str) -> String {
    let deceptive = |character: char| is_deceptive(character) && character != '\n';
    if !json.contains(deceptive) {
        return json.to_owned();
    }
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if deceptive(character) {
            let mut units = [0; 2];
            character.encode_utf16(&mut units).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        } else {
            text.push(character);
        }
    }
    text
}

/// Says something that is not data, on lines that nothing in it can reorder or hide. Where nobody listens, nothing is
/// lost.
pub(super) fn say(text: &str) {
    let lines: Vec<String> = text.split('\n').map(harmless).collect();
    let _ = writeln!(stderr().lock(), "{}", lines.join("\n"));
}

pub(super) fn report_error(error: &CliError) {
    let text = error.to_string();
    if matches!(error, CliError::Input(_)) && text.contains('\n') {
        say(&format!("error: bad input\n{text}"));
    } else {
        say(&format!("error: {text}"));
    }
}

/// JSON with a line break at the end.
pub(super) fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>, CliError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(CliError::unexpected)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_json_reads_back_as_the_same_text() {
        let text = "a\u{202e}b\u{9b}c\u{e0041}d\n\u{1b}";
        let json = serde_json::to_string_pretty(&[text]).expect("text");
        let written = escaped(&json);
        assert!(written.is_ascii(), "{written}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&written).expect("JSON"), [text]);
        assert_eq!(escaped("{\n  \"a\": \"\u{e9}\"\n}\n"), "{\n  \"a\": \"\u{e9}\"\n}\n");
    }
}
