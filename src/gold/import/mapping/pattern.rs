//! File names with gaps: `results_{system}.csv` matches every system and keeps which one it was.

use std::collections::BTreeMap;

/// A file name in which `{name}` captures one character or more, and `*` passes over any number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

/// Gaps that a pattern can have: each one multiplies the ways to match a name.
const MOST_GAPS: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Capture(String),
    Anything,
}

impl Pattern {
    /// Reads a pattern; the error says what is allowed.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        const ALLOWED: &str =
            "found a `{` or `}` without its partner or an empty name; allowed: `{name}`, `*` and plain text";
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}', '*']) {
            if at > 0 {
                parts.push(Part::Words(rest[..at].to_owned()));
            }
            let after = &rest[at + 1..];
            rest = match &rest[at..=at] {
                "*" => {
                    parts.push(Part::Anything);
                    after
                }
                "{" => {
                    let (name, after) = after.split_once('}').ok_or(ALLOWED)?;
                    if name.is_empty() || name.contains(['{', '*']) {
                        return Err(ALLOWED);
                    }
                    parts.push(Part::Capture(name.to_owned()));
                    after
                }
                _ => return Err(ALLOWED),
            };
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest.to_owned()));
        }
        if parts.iter().filter(|part| !matches!(part, Part::Words(_))).count() > MOST_GAPS {
            return Err("found too many gaps; allowed: up to 4 of `{name}` and `*`");
        }
        Ok(Self(parts))
    }

    /// Whether the name has no gap.
    pub(super) fn is_plain(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Words(_)))
    }

    /// Names of the captures.
    pub(super) fn captures(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Capture(name) => Some(name.as_str()),
            Part::Words(_) | Part::Anything => None,
        })
    }

    /// What the captures hold where the name matches; a gap takes as little as it can.
    pub(super) fn matches(&self, name: &str) -> Option<BTreeMap<String, String>> {
        let mut found = BTreeMap::new();
        matches_from(&self.0, name, &mut found).then_some(found)
    }
}

fn matches_from(parts: &[Part], name: &str, found: &mut BTreeMap<String, String>) -> bool {
    let Some((part, rest)) = parts.split_first() else { return name.is_empty() };
    let (capture, least) = match part {
        Part::Words(words) => {
            return name.strip_prefix(words.as_str()).is_some_and(|after| matches_from(rest, after, found));
        }
        Part::Capture(capture) => (Some(capture), 1),
        Part::Anything => (None, 0),
    };
    let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]).skip(least);
    for end in ends {
        if matches_from(rest, &name[end..], found) {
            if let Some(capture) = capture {
                found.insert(capture.clone(), name[..end].to_owned());
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_kept_and_every_other_name_is_passed_over() {
        let pattern = Pattern::read("v2_{system}_*eval.csv").unwrap();
        assert_eq!(pattern.captures().collect::<Vec<_>>(), ["system"]);
        assert_eq!(pattern.matches("v2_llama_new_gpteval.csv").unwrap()["system"], "llama");
        for name in ["v2__gpteval.csv", "v2_a_gpteval.csv.bak", "a.csv", ""] {
            assert_eq!(pattern.matches(name), None, "{name}");
        }
        assert!(Pattern::read("plain.csv").unwrap().is_plain());
        assert_eq!(Pattern::read("é{a}").unwrap().matches("éü").unwrap()["a"], "ü");
    }

    #[test]
    fn broken_patterns_are_refused() {
        for text in ["{", "a}b", "{}", "{a{b}}", "{a*}", "*a*b*c*d*"] {
            assert!(Pattern::read(text).is_err(), "{text}");
        }
    }
}
