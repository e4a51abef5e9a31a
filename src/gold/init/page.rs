//! Lines of a TOML file with their comments. Names and values come from a stranger's table: whatever they hold, the file
//! stays TOML and cannot drive a terminal.

use std::fmt::Write;

use crate::model::is_deceptive;

/// What marks a line that a person has to check.
pub(super) const MARK: &str = "# CORRECT: ";

/// Characters of a value that a comment repeats.
const SHOWN: usize = 40;

/// A file under construction.
#[derive(Debug, Default)]
pub(super) struct Page(String);

impl Page {
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// A line as it is: a table's header, or nothing.
    pub(super) fn plain(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A comment of its own.
    pub(super) fn comment(&mut self, text: &str) {
        self.plain(&format!("# {text}"));
    }

    /// A key whose value is known.
    pub(super) fn key(&mut self, key: &str, value: &str) {
        self.plain(&format!("{key} = {value}"));
    }

    /// A key with the reason for its value.
    pub(super) fn guess(&mut self, key: &str, value: &str, why: &str) {
        self.plain(&format!("{key} = {value}  # {why}"));
    }

    /// A key that a person has to check.
    pub(super) fn correct(&mut self, key: &str, value: &str, what: &str) {
        self.plain(&format!("{key} = {value}  {MARK}{what}"));
    }

    /// A key with its reason, or with what to check.
    pub(super) fn either(&mut self, key: &str, value: &str, why: &str, doubt: Option<&str>) {
        match doubt {
            Some(doubt) => self.correct(key, value, &format!("{why}; {doubt}")),
            None => self.guess(key, value, why),
        }
    }
}

/// Text in quotes, as TOML reads it back to the same text.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            character if is_deceptive(character) => {
                // Writing to a text cannot fail.
                let _ = write!(quoted, "\\U{:08X}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A key: bare where TOML allows it.
pub(super) fn key(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !text.is_empty() && text.chars().all(bare) { text.to_owned() } else { quoted(text) }
}

/// A column where a text with braces would be a template.
pub(super) fn column(path: &str) -> String {
    if path.contains(['{', '}']) { format!("{{ column = {} }}", quoted(path)) } else { quoted(path) }
}

/// A list of texts.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", texts.into_iter().map(quoted).collect::<Vec<_>>().join(", "))
}

/// A number as TOML writes it.
pub(super) fn decimal(number: f64) -> String {
    format!("{number:?}")
}

/// A name or value in a comment: cut short, and harmless.
pub(super) fn told(text: &str) -> String {
    let start: String = text.chars().take(SHOWN).collect();
    quoted(&if start.len() < text.len() { format!("{start}…") } else { start })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_name_holds_is_read_back() {
        for text in
            ["a\"b\\c", "\n\r\t\u{0}\u{7f}\u{1b}", "\u{202e}x\u{feff}", "é 日本 {x} [y] = #", "'''", "", "\u{85}"]
        {
            let read: toml::Table =
                toml::from_str(&format!("{} = {}  # {}", key(text), quoted(text), told(text))).unwrap();
            assert_eq!(read[text].as_str(), Some(text));
        }
        for number in [0.5, 1e300, -3.0, 1e-7] {
            let read: toml::Table = toml::from_str(&format!("a = {}", decimal(number))).unwrap();
            assert_eq!(read["a"].as_float(), Some(number));
        }
    }
}
