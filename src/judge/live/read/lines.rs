//! Verdicts in labelled lines: `omission: 2`, `**Score:** 7/10`, `- Commission severity = minor`.

use serde_json::{Map, Value};

use super::Wanted;
use super::menu::begins_a_value;

/// Bytes of a line in which its label has to end.
const LONGEST_LABEL: usize = 80;

/// Bytes of a value that are looked at; a level name is shorter.
const LONGEST_VALUE: usize = 200;

/// The last value of each wanted label, as text under its first key.
pub(super) fn labelled_values(text: &str, wanted: &[Wanted<'_>]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (label, value) in text.lines().filter_map(label_and_value) {
        let Some(known) = wanted.iter().find(|known| known.labels.contains(&label.as_str())) else { continue };
        // `Omission: the response leaves out …` is a heading, not a verdict.
        if begins_a_value(value, known.levels) {
            fields.insert(known.keys[0].to_owned(), Value::from(value));
        }
    }
    fields
}

/// The label in lower case and what stands behind it, both without Markdown. A line that begins with a brace is JSON that
/// could not be read, and holds no label.
fn label_and_value(line: &str) -> Option<(String, &str)> {
    let dressing = |c: char| c.is_whitespace() || is_dressing(c);
    let line = without_number(line.trim_start_matches(|c: char| dressing(c) || matches!(c, '-' | '•' | '>' | '#')));
    let start = &line[..line.floor_char_boundary(LONGEST_LABEL)];
    let mark = start.find([':', '='])?;
    let value = line[mark + 1..].trim_start_matches(dressing);
    let value = value[..value.floor_char_boundary(LONGEST_VALUE)].trim_end_matches(|c: char| dressing(c) || c == ',');
    let label = start[..mark].trim_matches(dressing).to_lowercase();
    // `Omission (0-4): 2`.
    let bare = label.strip_suffix(')').and_then(|label| label.rsplit_once('('));
    Some((bare.map_or(label.as_str(), |(label, _)| label.trim_end_matches(dressing)).to_owned(), value))
}

/// A line without the number that a list gave it: `2. `, `2) `.
fn without_number(line: &str) -> &str {
    let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let after = line[digits..].strip_prefix(['.', ')']).filter(|_| digits > 0);
    after.map_or(line, |after| after.trim_start_matches(|c: char| c.is_whitespace() || is_dressing(c)))
}

/// Markdown and quotation marks around a word.
const fn is_dressing(character: char) -> bool {
    matches!(character, '*' | '_' | '`' | '"' | '\'' | '“' | '”')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let levels = ["none".to_owned(), "minor".to_owned()];
        let wanted = [
            Wanted {
                keys: &["omission"],
                labels: &["omission", "omission severity"],
                levels: &levels,
                makes_a_verdict: true,
            },
            Wanted {
                keys: &["score", "rating"],
                labels: &["score", "overall score"],
                levels: &[],
                makes_a_verdict: true,
            },
        ];
        Value::from(labelled_values(text, &wanted)).to_string()
    }

    #[test]
    fn lines_as_models_write_them() {
        for (text, expected) in [
            ("omission: 2", r#"{"omission":"2"}"#),
            ("**Omission severity:** 2", r#"{"omission":"2"}"#),
            ("* **Omission**: `2`", r#"{"omission":"2"}"#),
            ("## Omission = 2/4 (moderate)", r#"{"omission":"2/4 (moderate)"}"#),
            ("\"omission\": 2,", r#"{"omission":"2"}"#),
            ("> - _omission_: None", r#"{"omission":"None"}"#),
            ("Overall score: 7/10\r\nScore: 8/10\r\n", r#"{"score":"8/10"}"#),
            ("1. **Omission** (0-4): 2\n2) Score: 5", r#"{"omission":"2","score":"5"}"#),
            ("omission: 1\nscore: 5\nomission: 2", r#"{"omission":"2","score":"5"}"#),
            ("omission: 2\nomission: the response leaves out the dose", r#"{"omission":"2"}"#),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_that_say_nothing() {
        for text in [
            "",
            ":",
            "omission",
            "omission:",
            "the omission: 2",
            "omission 2",
            "score: none",
            "omission: severe",
            "omission: ２",
            "{\"omission\": 3, \"rationale\": \"",
            "no omission: 2",
        ] {
            assert_eq!(read(text), "{}", "{text}");
        }
        let far = format!("{}: 2", "omission ".repeat(50));
        assert_eq!(read(&far), "{}");
        assert_eq!(read(&"é".repeat(200)), "{}");
    }
}
