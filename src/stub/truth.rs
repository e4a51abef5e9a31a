//! Which example a prompt is about: its response stands in the prompt, word for word.

use std::collections::HashMap;

use crate::gold::GoldSet;
use crate::model::Text;

/// Where an example was found in a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// Its position in the set.
    pub(super) example: usize,
    /// Where its response ends in the prompt.
    pub(super) end: usize,
}

/// A gold set that can be looked up by the text of a response.
pub(super) struct Truth {
    /// The set.
    pub(super) gold: GoldSet,
    /// Texts of each response, one for each message.
    responses: Vec<Vec<String>>,
    /// Examples by the first line of their response; only looked up, so that its order reaches nothing.
    by_first_line: HashMap<String, Vec<usize>>,
    /// Examples whose response is there and empty.
    silent: Vec<usize>,
}

/// How sure it is that a text in a prompt is the response under test; a later field decides between equals of the former.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Evidence {
    label: Label,
    prompt_too: bool,
    length: usize,
}

/// What the lines before a text call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    /// A good response, which is often the clean twin of the one under test.
    Reference,
    /// Nothing.
    None,
    /// The response.
    Response,
}

impl Truth {
    pub(super) fn new(gold: GoldSet) -> Self {
        let responses: Vec<Vec<String>> =
            gold.examples.iter().map(|example| example.response.as_ref().map_or_else(Vec::new, pieces)).collect();
        let mut by_first_line: HashMap<String, Vec<usize>> = HashMap::new();
        let mut silent = Vec::new();
        for (position, texts) in responses.iter().enumerate() {
            if let Some(line) = texts.first().and_then(|text| text.lines().next()) {
                by_first_line.entry(line.trim_end().to_owned()).or_default().push(position);
            } else if gold.examples[position].response.is_some() {
                silent.push(position);
            }
        }
        Self { gold, responses, by_first_line, silent }
    }

    /// The example whose response stands in a prompt.
    pub(super) fn find(&self, prompt: &str) -> Option<Found> {
        let matches = self.matches(prompt);
        if matches.is_empty() {
            return self.with_silence(prompt).or_else(|| self.anywhere(prompt));
        }
        let under_test: Vec<(Found, Label)> =
            matches.into_iter().filter(|(_, label)| *label != Label::Reference).collect();
        match under_test.as_slice() {
            [] => self.with_silence(prompt),
            [(found, _)] => Some(*found),
            several => {
                let ranked = several.iter().map(|(found, label)| (self.evidence(prompt, *found, *label), *found));
                // The first of equals: two examples that no prompt can tell apart are one to this judge.
                ranked.reduce(|best, other| if other.0 > best.0 { other } else { best }).map(|(_, found)| found)
            }
        }
    }

    /// Responses that begin on a line of their own: all that a rendered prompt holds, and the quick way to it.
    fn matches(&self, prompt: &str) -> Vec<(Found, Label)> {
        let mut matches = Vec::new();
        let mut before = [""; 2];
        let mut at = 0;
        for line in prompt.split_inclusive('\n') {
            let words = line.trim();
            if let Some(examples) = self.by_first_line.get(words) {
                let start = at + (line.len() - line.trim_start().len());
                let found = examples.iter().filter_map(|example| {
                    let end = self.end(prompt, start, *example)?;
                    Some((Found { example: *example, end }, label(before)))
                });
                matches.extend(found);
            }
            if !words.is_empty() {
                before = [words, before[0]];
            }
            at += line.len();
        }
        matches
    }

    /// Where the response of an example ends, if it begins at `start`: its messages in order, the last one up to a line's end.
    fn end(&self, prompt: &str, start: usize, example: usize) -> Option<usize> {
        let (first, others) = self.responses[example].split_first()?;
        if !prompt[start..].starts_with(first.as_str()) {
            return None;
        }
        let mut end = start + first.len();
        for text in others {
            end += prompt[end..].find(text.as_str())? + text.len();
        }
        let rest = prompt[end..].trim_start_matches([' ', '\t', '\r']);
        (rest.is_empty() || rest.starts_with('\n')).then_some(end)
    }

    /// The longest response that stands anywhere in a prompt; slow, and only for prompts of a form of their own.
    fn anywhere(&self, prompt: &str) -> Option<Found> {
        let mut best: Option<(usize, Found)> = None;
        for (example, texts) in self.responses.iter().enumerate() {
            let length: usize = texts.iter().map(String::len).sum();
            if texts.is_empty() || length > prompt.len() || best.is_some_and(|(longest, _)| length <= longest) {
                continue;
            }
            let mut end = 0;
            let all = texts.iter().all(|text| {
                let at = prompt[end..].find(text.as_str());
                end += at.map_or(0, |at| at + text.len());
                at.is_some()
            });
            if all {
                best = Some((length, Found { example, end }));
            }
        }
        best.map(|(_, found)| found)
    }

    /// An example that was answered with nothing is known by its prompt.
    fn with_silence(&self, prompt: &str) -> Option<Found> {
        let example = *self.silent.iter().find(|example| self.asks(prompt, **example))?;
        Some(Found { example, end: 0 })
    }

    fn evidence(&self, prompt: &str, found: Found, label: Label) -> Evidence {
        let length = self.responses[found.example].iter().map(String::len).sum();
        Evidence { label, prompt_too: self.asks(prompt, found.example), length }
    }

    /// Whether a prompt holds what an example was asked.
    fn asks(&self, prompt: &str, example: usize) -> bool {
        pieces(&self.gold.examples[example].prompt).iter().all(|text| prompt.contains(text.as_str()))
    }
}

/// The texts of a prompt or response, without the blanks around them.
fn pieces(text: &Text) -> Vec<String> {
    let texts: Vec<&str> = match text {
        Text::Plain(text) => vec![text],
        Text::Chat(messages) => messages.iter().map(|message| message.content.as_str()).collect(),
    };
    texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// What the two lines before a text call it; the nearer one first.
fn label(before: [&str; 2]) -> Label {
    for line in before {
        let line = line.to_lowercase();
        if ["reference", "good response", "good answer", "ideal"].iter().any(|word| line.contains(word)) {
            return Label::Reference;
        }
        if ["response", "answer", "reply"].iter().any(|word| line.contains(word)) {
            return Label::Response;
        }
    }
    Label::None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::starter_set;

    fn truth() -> Truth {
        Truth::new(GoldSet::from_files(&starter_set()).unwrap())
    }

    fn response(truth: &Truth, position: usize) -> String {
        truth.gold.examples[position].response.as_ref().unwrap().plain()
    }

    #[test]
    fn every_example_of_the_starter_set_is_found_by_its_response() {
        let truth = truth();
        for position in 0..truth.gold.examples.len() {
            let text = response(&truth, position);
            let question = truth.gold.examples[position].prompt.plain();
            let prompt = format!("Judge this.\n\n{question}\n\nResponse:\n<<<\n{text}\n>>>\nAnswer in JSON.");
            let found = truth.find(&prompt).unwrap();
            let (ours, its) = (&truth.gold.examples[position], &truth.gold.examples[found.example]);
            assert_eq!((&ours.response, &ours.prompt), (&its.response, &its.prompt));
            assert!(prompt[..found.end].ends_with(text.trim()));
        }
    }

    /// A degraded response beside a reference that is itself the response of another example.
    #[test]
    fn a_reference_is_not_taken_for_the_response() {
        let truth = truth();
        let (clean, degraded) = (response(&truth, 0), response(&truth, 1));
        assert_ne!(clean, degraded);
        let prompt = format!("Reference answer:\n```\n{clean}\n```\nResponse under test:\n```\n{degraded}\n```\n");
        assert_eq!(truth.find(&prompt).unwrap().example, 1);
        let prompt = format!("Response under test:\n```\n{degraded}\n```\nReference answer:\n```\n{clean}\n```\n");
        assert_eq!(truth.find(&prompt).unwrap().example, 1);
    }

    #[test]
    fn a_response_within_a_line_is_found_and_an_unknown_one_is_not() {
        let truth = truth();
        let text = response(&truth, 3);
        assert_eq!(truth.find(&format!("<response>{text}</response>")).unwrap().example, 3);
        assert_eq!(truth.find("<response>something else</response>"), None);
        // A response that the set does not have, beside a reference that is one of its responses.
        assert_eq!(truth.find(&format!("Reference:\n```\n{text}\n```\nResponse:\n```\nnew\n```\n")), None);
    }

    #[test]
    fn an_answer_of_nothing_is_known_by_what_was_asked() {
        let mut gold = GoldSet::from_files(&starter_set()).unwrap();
        gold.examples[5].response = Some(Text::Plain(" \n".to_owned()));
        let (asked, twin) = (gold.examples[5].prompt.plain(), gold.examples[0].response.as_ref().unwrap().plain());
        let truth = Truth::new(gold);
        let prompt = format!("<<<prompt>>>\n{asked}\n<<<reference>>>\n{twin}\n<<<end>>>\n<<<response>>>\n\n<<<end>>>");
        assert_eq!(truth.find(&prompt).unwrap().example, 5);
    }
}
