//! Where an estimate stands in an evaluation: `omission.recall`, `omission.slices.framing."first person".recall`.

use std::fmt;
use std::str::FromStr;

/// What a path may be.
const ALLOWED: &str = "allowed: keys joined by dots, as docs/statistics.md names them, such as `omission.recall`; a place in \
                       a list as `severity_response[2].flagged`; a key that holds a dot or a blank in double quotes";

/// One step down a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into an object, by key.
    Key(String),
    /// Into a list, from 0.
    Place(usize),
}

/// A path to an estimate: below a judge, or from the top of the document where its first key stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstimatePath(Vec<Step>);

impl EstimatePath {
    pub(super) fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// Writes steps as a path is written.
pub(super) fn written(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Place(place) => text.push_str(&format!("[{place}]")),
            Step::Key(key) => {
                let dot = if text.is_empty() { "" } else { "." };
                let bare = !key.is_empty() && key.chars().all(is_bare);
                text.push_str(&if bare { format!("{dot}{key}") } else { format!("{dot}\"{key}\"") });
            }
        }
    }
    text
}

/// Characters of a key that need no quotes.
fn is_bare(character: char) -> bool {
    character.is_alphanumeric() || "_-/".contains(character)
}

impl fmt::Display for EstimatePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&written(&self.0))
    }
}

impl FromStr for EstimatePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        steps(text.trim()).map(Self).ok_or_else(|| ALLOWED.to_owned())
    }
}

fn steps(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        let (key, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find(|character| !is_bare(character)).unwrap_or(rest.len())),
        };
        if key.is_empty() {
            return None;
        }
        steps.push(Step::Key(key.to_owned()));
        rest = after;
        while let Some(open) = rest.strip_prefix('[') {
            let (place, after) = open.split_once(']')?;
            steps.push(Step::Place(place.parse().ok()?));
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(steps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_and_written_back() {
        for text in [
            "recall_gap",
            "omission.recall",
            "omission.severity_response[2].flagged",
            "omission.slices.framing.\"first person\".recall",
            "omission.slices.model.\"gpt-4.1\".recall",
            "human_ceiling.omission[0].axis.recall",
            "label_reliability.omission.a[0][1]",
        ] {
            assert_eq!(text.parse::<EstimatePath>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", ".", "a.", ".a", "a..b", "a b", "a[", "a[x]", "a[-1]", "a[1]b", "\"a", "a.\"\"", "[0]"] {
            assert!(text.parse::<EstimatePath>().is_err(), "{text:?} was read");
        }
    }
}
