//! The three protocols: which path speaks which, and each one's way with a question, a reply and a failure.

use axum::http::{HeaderMap, Method};
use serde_json::Value;

use super::exchange::{Failure, Question, Reply};
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

#[cfg(test)]
mod tests {
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
}
