//! OpenAI chat completions, and Azure's form of them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::{Ending, Failure, Form, Question, Reply, check_strict, read};
use super::tokens::Token;

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    model: Option<String>,
    messages: Vec<Message>,
    #[serde(default)]
    stream: Option<bool>,
    #[serde(default)]
    temperature: Option<f64>,
    #[serde(default)]
    logprobs: Option<bool>,
    #[serde(default)]
    top_logprobs: Option<usize>,
    #[serde(default)]
    response_format: Option<ResponseFormat>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    #[serde(default)]
    content: Content,
}

/// What was said: text, or parts.
#[derive(Deserialize, Default)]
#[serde(untagged)]
pub(super) enum Content {
    /// Text.
    Text(String),
    /// Parts, of which some are text.
    Parts(Vec<Part>),
    /// Nothing.
    #[default]
    None,
}

/// A part of what was said.
#[derive(Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    text: Option<String>,
}

impl Part {
    /// Adds its text to a prompt.
    pub(super) fn add_to(&self, prompt: &mut String) {
        add(prompt, self.text.as_deref().unwrap_or_default());
    }
}

impl Content {
    /// Adds its text to a prompt.
    pub(super) fn add_to(&self, prompt: &mut String) {
        match self {
            Self::Text(text) => add(prompt, text),
            Self::Parts(parts) => parts.iter().for_each(|part| part.add_to(prompt)),
            Self::None => {}
        }
    }
}

fn add(prompt: &mut String, text: &str) {
    if !prompt.is_empty() {
        prompt.push('\n');
    }
    prompt.push_str(text);
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ResponseFormat {
    Text,
    JsonObject,
    JsonSchema { json_schema: NamedSchema },
}

#[derive(Deserialize)]
struct NamedSchema {
    name: String,
    #[serde(default)]
    strict: Option<bool>,
    #[serde(default)]
    schema: Option<Value>,
}

const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

pub(super) fn question(deployment: Option<String>, body: &[u8]) -> Result<Question, Failure> {
    let request: Request = read(body)?;
    let bad = |message: &str| Err(Failure::BadRequest(message.to_owned()));
    let Some(model) = deployment.or(request.model) else { return bad("you must provide a model parameter") };
    if request.messages.is_empty() {
        return bad("'messages' must contain at least one message");
    }
    if request.messages.iter().any(|message| !ROLES.contains(&message.role.as_str())) {
        return bad("invalid value of 'role' in messages");
    }
    if request.stream == Some(true) {
        return bad("this stub does not stream");
    }
    if request.temperature.is_some_and(|temperature| !(0.0..=2.0).contains(&temperature)) {
        return bad("'temperature' must be between 0 and 2");
    }
    if request.top_logprobs.is_some_and(|count| count > 20 || request.logprobs != Some(true)) {
        return bad("'top_logprobs' must be at most 20, and 'logprobs' must be true");
    }
    let mut prompt = String::new();
    for message in &request.messages {
        message.content.add_to(&mut prompt);
    }
    let form = form(request.response_format, &prompt)?;
    let top_tokens = (request.logprobs == Some(true)).then(|| request.top_logprobs.unwrap_or(0));
    Ok(Question { prompt, model, form, top_tokens })
}

fn form(format: Option<ResponseFormat>, prompt: &str) -> Result<Form, Failure> {
    match format {
        None | Some(ResponseFormat::Text) => Ok(Form::Text),
        Some(ResponseFormat::JsonObject) if !prompt.to_lowercase().contains("json") => Err(Failure::BadRequest(
            "'messages' must contain the word 'json' to use 'response_format' of type 'json_object'".to_owned(),
        )),
        Some(ResponseFormat::JsonObject) => Ok(Form::Text),
        Some(ResponseFormat::JsonSchema { json_schema }) => {
            let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if !(1..=64).contains(&json_schema.name.len()) || !json_schema.name.chars().all(allowed) {
                return Err(Failure::BadRequest("invalid 'response_format.json_schema.name'".to_owned()));
            }
            let Some(schema) = json_schema.schema else { return Ok(Form::Text) };
            if json_schema.strict == Some(true) {
                check_strict(&schema, true)?;
            }
            Ok(Form::Schema(schema))
        }
    }
}

pub(super) fn reply(reply: &Reply<'_>) -> Value {
    // With a schema a model refuses in a field of its own; without one it refuses in its text.
    let in_field = reply.ending == Ending::Refused && reply.question.form != Form::Text;
    let (content, refusal) = match reply.ending {
        Ending::Filtered => (Value::Null, Value::Null),
        _ if in_field => (Value::Null, json!(reply.text)),
        _ => (json!(reply.text), Value::Null),
    };
    let finish = match reply.ending {
        Ending::Done | Ending::Refused => "stop",
        Ending::Length => "length",
        Ending::Filtered => "content_filter",
    };
    let logprobs = reply.tokens.as_ref().filter(|_| !content.is_null()).map(|tokens| {
        let content: Vec<Value> = tokens.iter().map(token).collect();
        json!({"content": content, "refusal": null})
    });
    let (input, output) = (reply.input_tokens(), reply.output_tokens());
    json!({
        "id": format!("chatcmpl-{}", reply.id),
        "object": "chat.completion",
        "created": reply.created,
        "model": reply.model,
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": content, "refusal": refusal, "annotations": []},
            "logprobs": logprobs,
            "finish_reason": finish,
        }],
        "usage": {"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output},
        "system_fingerprint": "fp_stub",
    })
}

fn token(token: &Token) -> Value {
    let one = |text: &str, logprob: f64| json!({"token": text, "logprob": logprob, "bytes": text.as_bytes()});
    let mut chosen = one(&token.text, token.logprob);
    chosen["top_logprobs"] = token.top.iter().map(|(text, logprob)| one(text, *logprob)).collect();
    chosen
}

pub(super) fn failure(failure: &Failure) -> (u16, Value) {
    let (status, kind, code, message) = match failure {
        Failure::BadRequest(message) => (400, "invalid_request_error", Value::Null, message.clone()),
        Failure::BadKey => {
            (401, "invalid_request_error", json!("invalid_api_key"), "Incorrect API key provided.".into())
        }
        Failure::UnknownModel(model) => (
            404,
            "invalid_request_error",
            json!("model_not_found"),
            format!("The model `{model}` does not exist or you do not have access to it."),
        ),
        Failure::NoRoute => (404, "invalid_request_error", json!("unknown_url"), "Unknown request URL.".into()),
        Failure::TooLarge => (413, "invalid_request_error", Value::Null, "The request is too large.".into()),
        Failure::RateLimited(wait_ms) => (
            429,
            "requests",
            json!("rate_limit_exceeded"),
            format!("Rate limit reached for requests per min (RPM). Please try again in {wait_ms}ms."),
        ),
        Failure::OutOfQuota => (
            429,
            "insufficient_quota",
            json!("insufficient_quota"),
            "You exceeded your current quota, please check your plan and billing details.".into(),
        ),
        Failure::ServerError => {
            (500, "server_error", Value::Null, "The server had an error while processing your request.".into())
        }
        Failure::Overloaded => (503, "server_error", Value::Null, "The engine is currently overloaded.".into()),
    };
    (status, json!({"error": {"message": message, "type": kind, "param": null, "code": code}}))
}

/// The list of models.
pub(super) fn models(models: &[String], created: u64) -> Value {
    let one = |model: &String| json!({"id": model, "object": "model", "created": created, "owned_by": "lacuna"});
    json!({"object": "list", "data": models.iter().map(one).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &Value) -> Result<Question, Failure> {
        question(None, body.to_string().as_bytes())
    }

    #[test]
    fn a_request_is_read() {
        let body = json!({"model": "m", "logprobs": true, "top_logprobs": 5, "messages": [
            {"role": "system", "content": "a"}, {"role": "user", "content": [{"type": "text", "text": "b"}]}]});
        let question = of(&body).unwrap();
        assert_eq!((question.prompt.as_str(), question.model.as_str()), ("a\nb", "m"));
        assert_eq!((question.form, question.top_tokens), (Form::Text, Some(5)));
    }

    #[test]
    fn what_the_provider_refuses_is_refused() {
        let messages = json!([{"role": "user", "content": "a"}]);
        for body in [
            json!({"messages": messages}),
            json!({"model": "m", "messages": []}),
            json!({"model": "m", "messages": [{"role": "judge", "content": "a"}]}),
            json!({"model": "m", "messages": messages, "temperature": 3}),
            json!({"model": "m", "messages": messages, "top_logprobs": 5}),
            json!({"model": "m", "messages": messages, "response_format": {"type": "json_object"}}),
            json!({"model": "m", "messages": messages, "stream": true}),
        ] {
            assert!(matches!(of(&body), Err(Failure::BadRequest(_))), "{body}");
        }
        assert!(matches!(question(None, b"{"), Err(Failure::BadRequest(_))));
    }
}
