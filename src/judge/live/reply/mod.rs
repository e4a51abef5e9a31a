//! From a provider's reply to its answer: one pure reader a dialect.
//!
//! A reader takes what it knows and passes over the rest, since servers that speak the same dialect differ in what they
//! add. It gives nothing where the body is not a reply of its dialect at all: a page of a proxy, a cut body, an error.

mod anthropic;
mod command;
mod gemini;
mod openai;

use serde_json::Value;

use super::spec::Provider;

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It said what it had to say.
    Finished,
    /// It ran into a limit of tokens.
    Truncated,
    /// A content filter stood in between.
    Filtered,
    /// It declined, and the provider says so.
    Refused,
}

/// A token that could stand at one place of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenChance {
    /// The token as text.
    pub text: String,
    /// Natural logarithm of its probability.
    pub log_probability: f64,
}

/// One place of a reply: the token that stands there, and the likeliest ones that could.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenPlace {
    /// The token that stands there.
    pub chosen: TokenChance,
    /// The likeliest tokens; most providers count the chosen one among them.
    pub likeliest: Vec<TokenChance>,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// Its words, without its reasoning; empty where it gave none.
    pub text: String,
    /// The model that the provider names.
    pub model: Option<String>,
    /// Tokens sent, cached ones included.
    pub input_tokens: Option<u64>,
    /// Tokens received, those of its reasoning included.
    pub output_tokens: Option<u64>,
    /// Why it stopped.
    pub stop: Stop,
    /// Log-probabilities, one entry a token; empty where the provider gives none.
    pub tokens: Vec<TokenPlace>,
}

/// Reads a body; none where it is not a reply of the dialect.
pub fn answered(provider: Provider, body: &str) -> Option<Answered> {
    let body: Value = serde_json::from_str(body.trim_start_matches('\u{feff}')).ok()?;
    match provider {
        Provider::OpenAi => openai::read(&body),
        Provider::Anthropic => anthropic::read(&body),
        Provider::Gemini => gemini::read(&body),
        Provider::Command => command::read(&body),
    }
}

/// The text at a key.
fn text_at(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

/// The count at a key; some servers write it as a double.
fn count_at(value: &Value, key: &str) -> Option<u64> {
    /// Above this a double no longer holds every whole number; no reply has as many tokens.
    const MOST: f64 = 9e15;
    let value = value.get(key)?;
    value.as_u64().or_else(|| value.as_f64().filter(|count| (0.0..=MOST).contains(count)).map(|count| count as u64))
}

/// The sum of the counts at several keys; none where none of them is there.
fn counts_at(value: &Value, keys: &[&str]) -> Option<u64> {
    keys.iter().filter_map(|key| count_at(value, key)).reduce(u64::saturating_add)
}

/// The list at a key; empty where there is none.
fn list_at<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A token and its log-probability, under the provider's name for the latter. A rounding error above 0 becomes 0.
fn token_chance(value: &Value, log_probability: &str) -> Option<TokenChance> {
    Some(TokenChance {
        text: text_at(value, "token")?,
        log_probability: value.get(log_probability)?.as_f64()?.min(0.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Provider; 4] = [Provider::OpenAi, Provider::Anthropic, Provider::Gemini, Provider::Command];

    #[test]
    fn what_is_not_a_reply_gives_nothing() {
        let bodies = ["", "   ", "<html>502</html>", "{", "[]", "{}", "null", "\"text\"", "1e400", "{\"choices\":1}"];
        for (provider, body) in ALL.iter().flat_map(|provider| bodies.map(|body| (*provider, body))) {
            assert_eq!(answered(provider, body), None, "{provider:?} {body}");
        }
        for error in ["{\"error\":{\"message\":\"no\"}}", "{\"type\":\"error\",\"error\":{\"type\":\"api_error\"}}"] {
            assert_eq!(answered(Provider::OpenAi, error), None);
            assert_eq!(answered(Provider::Anthropic, error), None);
            assert_eq!(answered(Provider::Gemini, error), None);
        }
    }

    #[test]
    fn nesting_is_limited_and_a_byte_order_mark_is_passed_over() {
        let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        for provider in ALL {
            assert_eq!(answered(provider, &deep), None);
        }
        assert!(answered(Provider::Command, "\u{feff}{\"text\":\"a\"}").is_some());
    }

    #[test]
    fn counts_may_be_doubles_but_not_nonsense() {
        let value: Value = serde_json::from_str(r#"{"a":3,"b":4.0,"c":-1,"d":1e300,"e":"5","f":null}"#).unwrap();
        assert_eq!((count_at(&value, "a"), count_at(&value, "b")), (Some(3), Some(4)));
        for key in ["c", "d", "e", "f", "g"] {
            assert_eq!(count_at(&value, key), None, "{key}");
        }
        assert_eq!(counts_at(&value, &["a", "b", "c"]), Some(7));
        assert_eq!(counts_at(&value, &["c", "g"]), None);
    }
}
