//! What the three protocols share: a question, a reply, a failure, and which path speaks which.

use axum::http::{HeaderMap, Method};
use serde_json::{Map, Value};

use super::tokens::Token;
use super::{anthropic, gemini, openai};

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// OpenAI chat completions, also in the form that Azure gives it.
    OpenAi,
    /// Anthropic Messages.
    Anthropic,
    /// Gemini `generateContent`.
    Gemini,
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// A question, with the model where the path names it.
    Ask(Dialect, Option<String>),
    /// The list of models.
    Models,
}

impl Route {
    /// The route of a path; a service may be mounted below any prefix.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        if method == Method::GET {
            return path.ends_with("/models").then_some(Self::Models);
        }
        if method != Method::POST {
            return None;
        }
        if let Some(before) = path.strip_suffix("/chat/completions") {
            let deployment = before.split_once("/deployments/").map(|(_, name)| name.to_owned());
            return Some(Self::Ask(Dialect::OpenAi, deployment));
        }
        if path.ends_with("/messages") {
            return Some(Self::Ask(Dialect::Anthropic, None));
        }
        let (_, model) = path.strip_suffix(":generateContent")?.split_once("/models/")?;
        Some(Self::Ask(Dialect::Gemini, Some(model.to_owned())))
    }
}

/// In which form a verdict is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    /// Text that holds JSON.
    Text,
    /// Text that is JSON of this schema.
    Schema(Value),
    /// A call of this tool, whose input has this schema.
    Tool(String, Value),
}

impl Form {
    pub(super) const fn schema(&self) -> Option<&Value> {
        match self {
            Self::Text => None,
            Self::Schema(schema) | Self::Tool(_, schema) => Some(schema),
        }
    }
}

/// What a request asks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    /// All its text, system message first.
    pub(super) prompt: String,
    /// The model asked for.
    pub(super) model: String,
    /// The form of the verdict.
    pub(super) form: Form,
    /// How many likeliest tokens are wanted at each place, where log-probabilities are.
    pub(super) top_tokens: Option<usize>,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It was done.
    Done,
    /// It ran out of tokens.
    Length,
    /// A filter withheld it.
    Filtered,
    /// The model refused.
    Refused,
}

/// A reply before it is put into a protocol.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reply<'a> {
    /// The question.
    pub(super) question: &'a Question,
    /// Hexadecimal digits, the same for the same body.
    pub(super) id: String,
    /// Seconds since 1970.
    pub(super) created: u64,
    /// The model that it names.
    pub(super) model: &'a str,
    /// Its text; that of the verdict, where it has one.
    pub(super) text: String,
    /// The verdict.
    pub(super) verdict: Option<Map<String, Value>>,
    /// Why it ended.
    pub(super) ending: Ending,
    /// Its tokens, where log-probabilities are wanted.
    pub(super) tokens: Option<Vec<Token>>,
}

impl Reply<'_> {
    /// A rough count of the tokens sent.
    pub(super) const fn input_tokens(&self) -> usize {
        self.question.prompt.len().div_ceil(4)
    }

    /// A rough count of the tokens received.
    pub(super) const fn output_tokens(&self) -> usize {
        self.text.len().div_ceil(4)
    }
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Failure {
    /// The request is not what the protocol allows.
    BadRequest(String),
    /// No key or a wrong one.
    BadKey,
    /// No such model.
    UnknownModel(String),
    /// No such path.
    NoRoute,
    /// The body is too long.
    TooLarge,
    /// Too many requests; milliseconds to wait.
    RateLimited(u64),
    /// The account is out of money.
    OutOfQuota,
    /// Something broke.
    ServerError,
    /// Too much to do.
    Overloaded,
}

impl Dialect {
    /// Reads a request. The fault of a body is named without its text.
    pub(super) fn question(self, headers: &HeaderMap, model: Option<String>, body: &[u8]) -> Result<Question, Failure> {
        match self {
            Self::OpenAi => openai::question(model, body),
            Self::Anthropic => anthropic::question(headers, body),
            Self::Gemini => gemini::question(model, body),
        }
    }

    /// The body of a reply.
    pub(super) fn reply(self, reply: &Reply<'_>) -> Value {
        match self {
            Self::OpenAi => openai::reply(reply),
            Self::Anthropic => anthropic::reply(reply),
            Self::Gemini => gemini::reply(reply),
        }
    }

    /// Status and body of a failure.
    pub(super) fn failure(self, failure: &Failure) -> (u16, Value) {
        match self {
            Self::OpenAi => openai::failure(failure),
            Self::Anthropic => anthropic::failure(failure),
            Self::Gemini => gemini::failure(failure),
        }
    }

    /// Whether a request carries a key in a place of this protocol.
    pub(super) fn has_key(self, headers: &HeaderMap, query: &str, key: &str) -> bool {
        let header = |name: &str| headers.get(name).map(axum::http::HeaderValue::as_bytes);
        let bearer = header("authorization").and_then(|value| value.strip_prefix(b"Bearer "));
        let parameter = query.split('&').find_map(|pair| pair.strip_prefix("key=")).map(str::as_bytes);
        let carried = match self {
            Self::OpenAi => [bearer, header("api-key")],
            Self::Anthropic => [bearer, header("x-api-key")],
            Self::Gemini => [parameter, header("x-goog-api-key")],
        };
        carried.contains(&Some(key.as_bytes()))
    }
}

/// Reads a body as the type of a protocol.
pub(super) fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        let what = if error.is_data() { "the body is not of the protocol's form" } else { "the body is not JSON" };
        Failure::BadRequest(format!("{what}: line {} column {}", error.line(), error.column()))
    })
}

/// Refuses a schema that a strict provider refuses: every object has to close itself and to require all its properties.
pub(super) fn check_strict(schema: &Value, all_required: bool) -> Result<(), Failure> {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
            return Err(Failure::BadRequest(
                "'additionalProperties' is required to be supplied and to be false".to_owned(),
            ));
        }
        let required = schema.get("required").and_then(Value::as_array);
        let is_required =
            |name: &String| required.is_some_and(|names| names.iter().any(|other| other == name.as_str()));
        if all_required && !properties.keys().all(is_required) {
            return Err(Failure::BadRequest("'required' has to include every key in properties".to_owned()));
        }
        properties.values().try_for_each(|property| check_strict(property, all_required))?;
    }
    schema.get("items").map_or(Ok(()), |items| check_strict(items, all_required))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_speaks_one_protocol() {
        let post = |path| Route::of(&Method::POST, path);
        assert_eq!(post("/v1/chat/completions"), Some(Route::Ask(Dialect::OpenAi, None)));
        let azure = post("/openai/deployments/grader/chat/completions");
        assert_eq!(azure, Some(Route::Ask(Dialect::OpenAi, Some("grader".to_owned()))));
        assert_eq!(post("/v1/messages"), Some(Route::Ask(Dialect::Anthropic, None)));
        let gemini = post("/v1beta/models/flash:generateContent");
        assert_eq!(gemini, Some(Route::Ask(Dialect::Gemini, Some("flash".to_owned()))));
        assert_eq!(Route::of(&Method::GET, "/v1/models"), Some(Route::Models));
        assert_eq!(post("/v1/embeddings"), None);
        assert_eq!(Route::of(&Method::GET, "/v1/messages"), None);
    }

    #[test]
    fn a_key_has_its_place() {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", "k".parse().unwrap());
        assert!(Dialect::Anthropic.has_key(&headers, "", "k"));
        assert!(!Dialect::Anthropic.has_key(&headers, "", "other"));
        assert!(!Dialect::OpenAi.has_key(&headers, "", "k"));
        assert!(Dialect::Gemini.has_key(&HeaderMap::new(), "alt=json&key=k", "k"));
    }

    #[test]
    fn a_strict_schema_closes_every_object() {
        let inner = json!({"type": "object", "properties": {"b": {}}, "required": ["b"]});
        let outer = |inner: &Value| json!({"properties": {"a": {"type": "array", "items": inner}}, "required": ["a"], "additionalProperties": false});
        assert!(check_strict(&outer(&inner), true).is_err());
        let mut closed = inner;
        closed["additionalProperties"] = json!(false);
        assert!(check_strict(&outer(&closed), true).is_ok());
        closed["required"] = json!([]);
        assert!(check_strict(&outer(&closed), true).is_err());
        assert!(check_strict(&outer(&closed), false).is_ok());
    }
}
