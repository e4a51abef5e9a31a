//! What a provider's error says, whatever its shape.

use serde_json::Value;

use crate::model::is_deceptive;

/// Characters of a provider's message that a message of ours repeats.
const MESSAGE_CHARACTERS: usize = 200;

/// A word that begins so is a key.
const KEY_PREFIXES: [&str; 11] =
    ["sk-", "AIza", "gsk_", "xai-", "hf_", "pplx-", "nvapi-", "r8_", "AKIA", "ya29.", "eyJ"];

/// Any other word of letters and digits from this length on may be one.
const KEY_LENGTH: usize = 32;

/// What an error body holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ProviderError {
    /// The provider's words, cleaned and cut.
    pub(super) message: Option<String>,
    /// Its codes, types and reasons.
    pub(super) codes: Vec<String>,
    /// A status that it names itself: OpenRouter sends errors under HTTP 200.
    pub(super) status: Option<u16>,
    /// Names of exhausted quotas (Gemini).
    pub(super) quotas: Vec<String>,
    /// Seconds after which to try again (Gemini).
    pub(super) retry_delay: Option<String>,
    /// Whether the input was flagged by a moderator (OpenRouter).
    pub(super) flagged: bool,
}

impl ProviderError {
    /// Reads a body; none where it names no error.
    pub(super) fn read(body: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(body.trim_start_matches('\u{feff}')).ok()?;
        // Gemini wraps some errors in a list.
        let value = value.as_array().and_then(|list| list.first()).unwrap_or(&value);
        let mut found = Self::default();
        match value.get("error") {
            Some(Value::String(message)) => found.message = Some(clean(message)),
            Some(error @ Value::Object(_)) => found.take(error),
            // vLLM and Mistral: the error is the body. FastAPI calls the message `detail`.
            _ if value.get("choices").is_some() => return None,
            _ => found.take(value),
        }
        found.message.get_or_insert_with(String::new);
        let told = found != Self { message: Some(String::new()), ..Self::default() };
        if found.message.as_deref() == Some("") {
            found.message = None;
        }
        (told || value.get("error").is_some_and(|error| !error.is_null())).then_some(found)
    }

    fn take(&mut self, error: &Value) {
        let text = |key: &str| error.get(key).and_then(Value::as_str);
        self.message = text("message").or_else(|| text("detail")).map(clean);
        self.codes = ["code", "type", "status"].iter().filter_map(|key| text(key)).map(str::to_owned).collect();
        self.status = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        for (outer, key) in [("innererror", "code"), ("details", "error_code"), ("metadata", "error_type")] {
            let inner = error.get(outer).and_then(|inner| inner.get(key)).and_then(Value::as_str);
            self.codes.extend(inner.map(str::to_owned));
        }
        self.flagged = error.get("metadata").is_some_and(|metadata| metadata.get("flagged_input").is_some());
        for detail in error.get("details").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| detail.get(key).and_then(Value::as_str).map(str::to_owned);
            self.codes.extend(text("reason"));
            self.retry_delay = self.retry_delay.take().or_else(|| text("retryDelay"));
            let violations = detail.get("violations").and_then(Value::as_array).into_iter().flatten();
            self.quotas.extend(violations.filter_map(|violation| Some(violation.get("quotaId")?.as_str()?.to_owned())));
        }
    }

    /// Whether one of its codes is one of these, whatever their case.
    pub(super) fn has_code(&self, codes: &[&str]) -> bool {
        self.codes.iter().any(|own| codes.iter().any(|code| own.eq_ignore_ascii_case(code)))
    }

    /// Whether its message holds one of these, whatever their case.
    pub(super) fn says(&self, phrases: &[&str]) -> bool {
        let message = self.message.as_deref().unwrap_or_default().to_lowercase();
        phrases.iter().any(|phrase| message.contains(phrase))
    }
}

/// A foreign text fit for a message: one line, nothing that drives a terminal, no keys, cut short.
pub(super) fn clean(text: &str) -> String {
    // Four bytes a character, and room for what the redaction takes away; a message may be a whole page.
    let start: String = text.chars().take(4 * MESSAGE_CHARACTERS).collect();
    let words: Vec<&str> =
        start.split(|c: char| c.is_whitespace() || is_deceptive(c)).filter(|w| !w.is_empty()).collect();
    let line = without_keys(&words.join(" "));
    let mut cut: String = line.chars().take(MESSAGE_CHARACTERS).collect();
    if cut.len() < line.len() || start.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// The text with whatever looks like a key replaced by `[key]`.
fn without_keys(text: &str) -> String {
    let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*');
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| in_word(c) != in_word(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        clean.push_str(if in_word(first) && is_key(run) { "[key]" } else { run });
        rest = after;
    }
    clean
}

fn is_key(word: &str) -> bool {
    /// Shorter than this, a prefix is the beginning of a word.
    const SHORTEST: usize = 8;
    let prefixed = KEY_PREFIXES.iter().any(|prefix| word.starts_with(prefix)) && word.len() >= SHORTEST;
    prefixed || (word.len() >= KEY_LENGTH && word.bytes().any(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> ProviderError {
        ProviderError::read(body).unwrap()
    }

    #[test]
    fn the_shapes_of_errors() {
        for (body, message, codes) in [
            (r#"{"error":{"message":"m","type":"t","code":"c"}}"#, Some("m"), vec!["c", "t"]),
            (
                r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#,
                Some("m"),
                vec!["overloaded_error"],
            ),
            (
                r#"{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}"#,
                Some("m"),
                vec!["RESOURCE_EXHAUSTED"],
            ),
            (r#"[{"error":{"code":400,"message":"m","status":"S"}}]"#, Some("m"), vec!["S"]),
            (r#"{"error":"m"}"#, Some("m"), vec![]),
            (r#"{"error":{}}"#, None, vec![]),
            (r#"{"object":"error","message":"m","type":"NotFoundError","code":404}"#, Some("m"), vec!["NotFoundError"]),
            (r#"{"detail":"m"}"#, Some("m"), vec![]),
        ] {
            let error = read(body);
            assert_eq!(
                (error.message.as_deref(), error.codes),
                (message, codes.iter().map(|c| (*c).to_owned()).collect()),
                "{body}"
            );
        }
        for body in ["", "<html>", "{}", "[]", "null", r#"{"choices":[]}"#, r#"{"error":null}"#] {
            assert_eq!(ProviderError::read(body), None, "{body}");
        }
        assert_eq!(read(r#"{"error":{"code":502,"message":"m"}}"#).status, Some(502));
    }

    #[test]
    fn quotas_and_delays() {
        let error = read(include_str!("reply/samples/gemini_day.json"));
        assert_eq!(error.quotas, ["GenerateRequestsPerDayPerProjectPerModel-FreeTier"]);
        assert_eq!(error.retry_delay.as_deref(), Some("36s"));
        let error = read(include_str!("reply/samples/azure_filter.json"));
        assert!(error.has_code(&["responsibleaipolicyviolation"]) && error.has_code(&["content_filter"]));
    }

    #[test]
    fn a_message_is_one_clean_line_without_keys() {
        assert_eq!(clean("a\n\u{1b}[31mb\u{202e}c\t d"), "a [31mb c d");
        for key in [
            "sk-proj-abcdef123456",
            "AIzaSyA-0123456789",
            "sk-abc***xyz",
            "0123456789abcdef0123456789abcdef",
            "eyJhbGciOi.eyJzdWIi.c2ln",
        ] {
            assert_eq!(clean(&format!("bad key: {key}, or \"{key}\" ({key})")), "bad key: [key], or \"[key]\" ([key])");
            assert_eq!(clean(&format!("?key={key}&x")), "?key=[key]&x");
        }
        for plain in [
            "a task-based limit",
            "sk-",
            "key-value",
            "claude-sonnet-4-5-20250929",
            "generate_content_free_tier_requests",
        ] {
            assert_eq!(clean(plain), plain);
        }
    }

    #[test]
    fn a_message_is_cut_after_its_keys_are_gone() {
        let long = format!("{} sk-{}", "x".repeat(190), "a1".repeat(500));
        let shown = clean(&long);
        assert!(shown.chars().count() <= 201 && !shown.contains("a1"), "{shown}");
        assert_eq!(clean(&"é".repeat(5000)).chars().count(), 201);
        assert_eq!(clean(&"é".repeat(200)), "é".repeat(200));
    }
}
