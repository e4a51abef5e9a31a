//! Batches: requests in the files that providers take in at half the price, and the lines of results that they give back.
//! Pure; `run` decides what is written and filed.
//!
//! The id of a request is the ledger's key: 64 hexadecimal digits, which every provider allows as an id.

use serde_json::Value;

use super::call::Call;
use super::provider_error::{ProviderError, clean};
use super::spec::Provider;

/// Whose batches they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchForm {
    /// OpenAI's, which Azure, vLLM and others read too: one request a line.
    OpenAi,
    /// Anthropic's Message Batches: one JSON object with all requests, the body of the request that makes a batch.
    Anthropic,
    /// Google's: one request a line, the model named where the batch is made.
    Gemini,
}

impl BatchForm {
    /// The form of a provider's batches; a local program has none.
    pub const fn of(provider: Provider) -> Option<Self> {
        match provider {
            Provider::OpenAi => Some(Self::OpenAi),
            Provider::Anthropic => Some(Self::Anthropic),
            Provider::Gemini => Some(Self::Gemini),
            Provider::Command => None,
        }
    }

    /// The kind of judge whose batches have this form.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
        }
    }

    /// The most requests of one file, by the providers' own pages of 2026.
    pub const fn most_requests(self) -> usize {
        match self {
            Self::OpenAi => 50_000,
            Self::Anthropic => 100_000,
            // Google limits the bytes of a file alone.
            Self::Gemini => usize::MAX,
        }
    }

    /// The most bytes of one file: 200 MB, 256 MB and 2 GB, counted so that they hold either way of counting a megabyte.
    pub const fn most_bytes(self) -> usize {
        match self {
            Self::OpenAi => 200_000_000,
            Self::Anthropic => 256_000_000,
            Self::Gemini => 2_000_000_000,
        }
    }

    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::OpenAi | Self::Gemini => "jsonl",
            Self::Anthropic => "json",
        }
    }

    /// What stands before the first request, between two, and after the last.
    pub const fn around(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::OpenAi | Self::Gemini => ("", "\n", "\n"),
            Self::Anthropic => ("{\"requests\":[\n", ",\n", "\n]}\n"),
        }
    }

    /// One request, on one line. It holds no key: a call has none.
    pub fn request(self, call: &Call) -> String {
        let Call { sha256: id, body, .. } = call;
        match self {
            Self::OpenAi => {
                format!(r#"{{"custom_id":"{id}","method":"POST","url":"/v1/chat/completions","body":{body}}}"#)
            }
            Self::Anthropic => format!(r#"{{"custom_id":"{id}","params":{body}}}"#),
            Self::Gemini => format!(r#"{{"key":"{id}","request":{body}}}"#),
        }
    }
}

/// A line of a batch's results.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchLine {
    /// Whose form it has.
    pub form: BatchForm,
    /// The id of the request.
    pub id: String,
    /// What became of it.
    pub result: BatchResult,
}

/// What became of a request of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum BatchResult {
    /// A body came back.
    Body {
        /// The HTTP status that goes with it.
        status: u16,
        /// The body, as JSON.
        body: String,
        /// When it was made, in seconds since 1970, where the body says so.
        made_unix_s: Option<i64>,
    },
    /// None did; why, in words fit for a message.
    Nothing(String),
}

/// Reads a line of results. The error says what it is instead; it repeats nothing of the line.
pub fn batch_line(text: &str) -> Result<BatchLine, String> {
    let line: Value = serde_json::from_str(text).map_err(|error| format!("is no JSON: {}", place_of(&error)))?;
    let of = |key: &str| line.get(key).filter(|value| !value.is_null());
    let has = |key: &str| line.get(key).is_some();
    let (key, form) = match () {
        () if has("custom_id") && has("result") => ("custom_id", BatchForm::Anthropic),
        () if has("custom_id") && (has("response") || has("error")) => ("custom_id", BatchForm::OpenAi),
        () if has("key") && (has("response") || has("error") || has("status")) => ("key", BatchForm::Gemini),
        () if has("params") || has("body") || has("request") || has("requests") => {
            return Err(format!("is a request and no result; {ALLOWED}"));
        }
        () => return Err(format!("is no result of a batch; {ALLOWED}")),
    };
    let id = of(key).and_then(Value::as_str).ok_or_else(|| format!("{key} is no text; {ALLOWED}"))?.to_owned();
    let result = match form {
        BatchForm::OpenAi => openai(of("response"), of("error"))?,
        BatchForm::Anthropic => anthropic(&line["result"])?,
        BatchForm::Gemini => gemini(of("response"), of("error").or_else(|| of("status"))),
    };
    Ok(BatchLine { form, id, result })
}

/// What a line of results may be.
const ALLOWED: &str = "allowed: a line of the files that the provider gave back, with `custom_id` and `response`, \
                       `error` or `result` (Google: `key` and `response` or `error`)";

/// Where a text stops being JSON, without its words.
fn place_of(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => format!("it ends too early, at column {}", error.column()),
        _ => format!("at column {}", error.column()),
    }
}

fn body_of(status: u16, body: &Value) -> BatchResult {
    let made_unix_s = body.get("created").and_then(Value::as_i64);
    BatchResult::Body { status, body: body.to_string(), made_unix_s }
}

/// What an error object says.
fn said(error: &Value) -> String {
    match error {
        Value::String(message) => clean(message),
        error => {
            let message = ProviderError::read(&error.to_string()).and_then(|error| error.message);
            message.unwrap_or_else(|| "an error without a message".to_owned())
        }
    }
}

fn openai(response: Option<&Value>, error: Option<&Value>) -> Result<BatchResult, String> {
    let Some(response) = response else {
        return Ok(BatchResult::Nothing(error.map_or_else(|| "neither a reply nor an error".to_owned(), said)));
    };
    let status = response.get("status_code").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let status = status.ok_or_else(|| format!("response.status_code is no HTTP status; {ALLOWED}"))?;
    Ok(match response.get("body").filter(|body| !body.is_null()) {
        Some(body) => body_of(status, body),
        None => BatchResult::Nothing(format!("HTTP {status}: no body")),
    })
}

fn anthropic(result: &Value) -> Result<BatchResult, String> {
    match result.get("type").and_then(Value::as_str) {
        Some("succeeded") => match result.get("message").filter(|message| message.is_object()) {
            Some(message) => Ok(body_of(200, message)),
            None => Err(format!("result.message is no message; {ALLOWED}")),
        },
        Some("errored") => {
            let error = result.get("error").unwrap_or(&Value::Null);
            // The status is not repeated here. A fault of the request has one of its own, since a content filter's refusal
            // comes as one.
            let bad = error.pointer("/error/type").and_then(Value::as_str) == Some("invalid_request_error");
            Ok(body_of(if bad { 400 } else { 500 }, error))
        }
        Some(ended @ ("canceled" | "expired")) => Ok(BatchResult::Nothing(format!("the request was {ended}"))),
        _ => Err("result.type is unknown; allowed: succeeded, errored, canceled, expired".to_owned()),
    }
}

fn gemini(response: Option<&Value>, error: Option<&Value>) -> BatchResult {
    match response {
        Some(response) => body_of(200, response),
        None => BatchResult::Nothing(error.map_or_else(|| "neither a reply nor an error".to_owned(), said)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        Call {
            url: String::new(),
            headers: Vec::new(),
            body: r#"{"model":"m"}"#.to_owned(),
            key: None,
            sha256: "ab".repeat(32),
            prompt_sha256: String::new(),
            input_tokens: 1,
            most_output_tokens: 1,
        }
    }

    #[test]
    fn each_form_of_a_request() {
        let id = "ab".repeat(32);
        for (form, expected) in [
            (
                BatchForm::OpenAi,
                format!(
                    r#"{{"custom_id":"{id}","method":"POST","url":"/v1/chat/completions","body":{{"model":"m"}}}}"#
                ),
            ),
            (BatchForm::Anthropic, format!(r#"{{"custom_id":"{id}","params":{{"model":"m"}}}}"#)),
            (BatchForm::Gemini, format!(r#"{{"key":"{id}","request":{{"model":"m"}}}}"#)),
        ] {
            assert_eq!(form.request(&call()), expected);
            let refused = batch_line(&form.request(&call())).unwrap_err();
            assert!(refused.starts_with("is a request and no result"), "{refused}");
        }
    }

    fn body(line: &str) -> (BatchForm, u16, String, Option<i64>) {
        match batch_line(line).unwrap() {
            BatchLine { form, result: BatchResult::Body { status, body, made_unix_s }, .. } => {
                (form, status, body, made_unix_s)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn bodies_of_each_provider() {
        let openai = r#"{"id":"b","custom_id":"x","response":{"status_code":200,"request_id":"r","body":{"created":7,"choices":[]}},"error":null}"#;
        assert_eq!(body(openai), (BatchForm::OpenAi, 200, r#"{"choices":[],"created":7}"#.to_owned(), Some(7)));
        let refused =
            r#"{"custom_id":"x","response":{"status_code":400,"body":{"error":{"message":"m"}}},"error":null}"#;
        assert_eq!(body(refused), (BatchForm::OpenAi, 400, r#"{"error":{"message":"m"}}"#.to_owned(), None));
        let anthropic = r#"{"custom_id":"x","result":{"type":"succeeded","message":{"content":[]}}}"#;
        assert_eq!(body(anthropic), (BatchForm::Anthropic, 200, r#"{"content":[]}"#.to_owned(), None));
        let errored = |kind: &str| {
            format!(
                r#"{{"custom_id":"x","result":{{"type":"errored","error":{{"type":"error","error":{{"type":"{kind}"}}}}}}}}"#
            )
        };
        assert_eq!(body(&errored("invalid_request_error")).1, 400);
        assert_eq!(body(&errored("overloaded_error")).1, 500);
        let gemini = r#"{"key":"x","response":{"candidates":[]}}"#;
        assert_eq!(body(gemini), (BatchForm::Gemini, 200, r#"{"candidates":[]}"#.to_owned(), None));
    }

    #[test]
    fn where_nothing_came_the_reason_is_kept() {
        for (line, expected) in [
            (r#"{"custom_id":"x","response":null,"error":{"code":"batch_expired","message":"too late"}}"#, "too late"),
            (r#"{"custom_id":"x","response":null,"error":null}"#, "neither a reply nor an error"),
            (r#"{"custom_id":"x","response":{"status_code":500,"body":null}}"#, "HTTP 500: no body"),
            (r#"{"custom_id":"x","result":{"type":"expired"}}"#, "the request was expired"),
            (r#"{"key":"x","error":{"code":8,"message":"no room"}}"#, "no room"),
            (r#"{"key":"x","error":{}}"#, "an error without a message"),
        ] {
            assert_eq!(batch_line(line).unwrap().result, BatchResult::Nothing(expected.to_owned()), "{line}");
        }
    }

    #[test]
    fn what_is_no_line_of_results_is_told_apart() {
        for (line, expected) in [
            ("{\"custom_id\":\"x\"", "is no JSON: it ends too early"),
            ("hello", "is no JSON: at column 1"),
            ("[]", "is no result of a batch"),
            (r#"{"custom_id":"x"}"#, "is no result of a batch"),
            (r#"{"custom_id":7,"response":null,"error":null}"#, "custom_id is no text"),
            (r#"{"custom_id":"x","response":{"body":{}}}"#, "response.status_code is no HTTP status"),
            (
                r#"{"custom_id":"x","response":{"status_code":70000,"body":{}}}"#,
                "response.status_code is no HTTP status",
            ),
            (r#"{"custom_id":"x","result":{"type":"done"}}"#, "result.type is unknown"),
            (r#"{"custom_id":"x","result":{"type":"succeeded"}}"#, "result.message is no message"),
        ] {
            let found = batch_line(line).unwrap_err();
            assert!(found.starts_with(expected), "{line}: {found}");
        }
    }
}
