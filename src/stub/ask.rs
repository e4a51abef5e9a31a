//! What a request wants in its reply: the keys of its JSON Schema, or of the JSON that its prompt shows at the end.

use serde_json::Value;

use crate::model::Axis;

/// Bytes at the end of a prompt that are searched where no known response says where the instructions begin.
const TAIL_BYTES: usize = 4000;

/// A key that the reply has to have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    /// The key.
    pub(super) name: String,
    /// Its JSON Schema, where the request has one; null otherwise.
    pub(super) schema: Value,
    /// What stands beside the key in the JSON that the prompt shows; empty where it shows none.
    pub(super) hint: String,
}

/// What a key is for, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A severity on an axis.
    Severity(Axis),
    /// A probability of harm on an axis.
    Probability(Axis),
    /// One score.
    Score,
    /// Marks of the required items.
    Required,
    /// Which prohibited items are there.
    Prohibited,
    /// Whether the person has a way forward.
    Path,
    /// Something else.
    Other,
}

impl Role {
    pub(super) fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let holds = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if let Some(axis) = Axis::ALL.into_iter().find(|axis| name.contains(axis.name())) {
            let probability = name.starts_with("p_") || holds(&["prob", "confidence"]);
            return if probability { Self::Probability(axis) } else { Self::Severity(axis) };
        }
        match () {
            () if holds(&["prohibited", "forbidden"]) => Self::Prohibited,
            () if holds(&["items", "required", "checklist", "marks"]) => Self::Required,
            () if holds(&["score", "rating", "grade"]) => Self::Score,
            () if holds(&["path", "viable"]) => Self::Path,
            () => Self::Other,
        }
    }
}

/// The keys wanted by a schema, or by the end of a prompt where there is none; `after` is where the response ends in the prompt,
/// since a response may hold JSON of its own.
pub(super) fn wanted(schema: Option<&Value>, prompt: &str, after: Option<usize>) -> Vec<Wanted> {
    let start = after.unwrap_or_else(|| prompt.floor_char_boundary(prompt.len().saturating_sub(TAIL_BYTES)));
    let shown = last_object(&prompt[start..]).map(keys).unwrap_or_default();
    if let Some(properties) = schema.and_then(|schema| schema.get("properties")).and_then(Value::as_object) {
        let hint = |name: &str| shown.iter().find(|wanted| wanted.name == name).map(|wanted| wanted.hint.clone());
        let of = |(name, schema): (&String, &Value)| Wanted {
            name: name.clone(),
            schema: schema.clone(),
            hint: hint(name).unwrap_or_default(),
        };
        return properties.iter().map(of).collect();
    }
    if shown.is_empty() { both_severities() } else { shown }
}

/// The score that a prompt calls the best: "where 10 is the best".
pub(super) fn best_score(prompt: &str) -> Option<f64> {
    let before = &prompt[..prompt.rfind(" is the best")?];
    before.rsplit(char::is_whitespace).next()?.parse().ok()
}

/// What is answered where nothing legible was asked for.
fn both_severities() -> Vec<Wanted> {
    let of = |axis: Axis| Wanted { name: axis.name().to_owned(), schema: Value::Null, hint: String::new() };
    Axis::ALL.into_iter().map(of).collect()
}

/// The inside of the last pair of outermost braces with a key in it.
fn last_object(text: &str) -> Option<&str> {
    let (mut depth, mut start, mut last) = (0usize, 0, None);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => {
                if depth == 0 {
                    start = at + 1;
                }
                depth += 1;
            }
            b'}' if depth > 0 => {
                depth -= 1;
                if depth == 0 && !keys(&text[start..at]).is_empty() {
                    last = Some(&text[start..at]);
                }
            }
            _ => {}
        }
    }
    last
}

/// The keys of an object that is shown with placeholders for its values, hence not JSON: quoted names before a colon, those
/// within inner braces and brackets left to the hint of their key.
pub(super) fn keys(object: &str) -> Vec<Wanted> {
    let mut found: Vec<(String, usize, usize)> = Vec::new();
    let (mut depth, mut at) = (0i32, 0);
    while let Some(byte) = object.as_bytes().get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let Some(length) = object[at + 1..].find('"') else { break };
                let (name, end) = (&object[at + 1..at + 1 + length], at + 2 + length);
                let rest = object[end..].trim_start();
                if depth == 0 && rest.starts_with(':') {
                    found.push((name.to_owned(), at, object.len() - rest.len() + 1));
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    let ends: Vec<usize> = found.iter().skip(1).map(|(_, start, _)| *start).chain([object.len()]).collect();
    let with_hint = |((name, _, value), end): ((String, usize, usize), usize)| Wanted {
        name,
        schema: Value::Null,
        hint: object[value..end].trim().trim_end_matches(',').to_owned(),
    };
    found.into_iter().zip(ends).map(with_hint).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(wanted: &[Wanted]) -> Vec<&str> {
        wanted.iter().map(|wanted| wanted.name.as_str()).collect()
    }

    #[test]
    fn the_keys_of_a_schema_come_first() {
        let schema =
            json!({"type": "object", "properties": {"commission": {"type": "integer"}, "why": {"type": "string"}}});
        let found = wanted(Some(&schema), "End with {\"score\": 1}", None);
        assert_eq!(names(&found), ["commission", "why"]);
        assert_eq!(found[0].schema, json!({"type": "integer"}));
        let hinted = wanted(Some(&schema), "End with {\"commission\": <0 to 3>}", None);
        assert_eq!(hinted[0].hint, "<0 to 3>", "a schema may leave out the bounds that the prompt shows");
    }

    #[test]
    fn the_last_object_of_the_prompt_is_read_with_its_placeholders() {
        let prompt = "For example {x}. Answer with\n{\"rationale\": \"<one, two>\", \"omission\": <0-4>,\n \"items\": {\"<id>\": \"hit|miss\"}}";
        let found = wanted(None, prompt, Some(0));
        assert_eq!(names(&found), ["rationale", "omission", "items"]);
        assert_eq!(found[1].hint, "<0-4>");
        assert_eq!(found[2].hint, "{\"<id>\": \"hit|miss\"}");
    }

    #[test]
    fn json_in_the_response_is_not_what_is_asked_for() {
        let prompt = "{\"score\": 3}\nAnswer: {\"p_commission\": 0.5}";
        assert_eq!(names(&wanted(None, prompt, Some(12))), ["p_commission"]);
        assert_eq!(names(&wanted(None, "no braces", None)), ["omission", "commission"]);
    }

    #[test]
    fn a_key_is_known_by_its_name() {
        for (name, role) in [
            ("omission", Role::Severity(Axis::Omission)),
            ("p_commission", Role::Probability(Axis::Commission)),
            ("commission_probability", Role::Probability(Axis::Commission)),
            ("score", Role::Score),
            ("items", Role::Required),
            ("prohibited_items", Role::Prohibited),
            ("viable_path", Role::Path),
            ("rationale", Role::Other),
        ] {
            assert_eq!(Role::of(name), role, "{name}");
        }
    }
}
