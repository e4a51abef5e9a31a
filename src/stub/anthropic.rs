//! Anthropic Messages.

use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::{Ending, Failure, Form, Question, Reply, check_strict, read};
use super::openai::Content;

#[derive(Deserialize)]
struct Request {
    model: String,
    max_tokens: u64,
    messages: Vec<Message>,
    #[serde(default)]
    system: Content,
    #[serde(default)]
    stream: Option<bool>,
    #[serde(default)]
    temperature: Option<f64>,
    #[serde(default)]
    tools: Vec<Tool>,
    #[serde(default)]
    tool_choice: Option<ToolChoice>,
    #[serde(default)]
    output_config: Option<OutputConfig>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: Content,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
    #[serde(default)]
    input_schema: Value,
}

#[derive(Deserialize)]
struct ToolChoice {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct OutputConfig {
    #[serde(default)]
    format: Option<OutputFormat>,
}

#[derive(Deserialize)]
struct OutputFormat {
    #[serde(rename = "type")]
    kind: String,
    schema: Value,
}

pub(super) fn question(headers: &HeaderMap, body: &[u8]) -> Result<Question, Failure> {
    let bad = |message: &str| Err(Failure::BadRequest(message.to_owned()));
    if !headers.contains_key("anthropic-version") {
        return bad("anthropic-version: header is required");
    }
    let request: Request = read(body)?;
    if request.max_tokens == 0 {
        return bad("max_tokens: must be greater than or equal to 1");
    }
    if request.messages.first().is_none_or(|message| message.role != "user") {
        return bad("messages: first message must use the \"user\" role");
    }
    if request.messages.iter().any(|message| !["user", "assistant"].contains(&message.role.as_str())) {
        return bad("messages: unexpected role; allowed: user, assistant");
    }
    if request.stream == Some(true) {
        return bad("this stub does not stream");
    }
    if request.temperature.is_some_and(|temperature| !(0.0..=1.0).contains(&temperature)) {
        return bad("temperature: range: 0..1");
    }
    let mut prompt = String::new();
    request.system.add_to(&mut prompt);
    for message in &request.messages {
        message.content.add_to(&mut prompt);
    }
    let form = form(request.tools, request.tool_choice, request.output_config)?;
    Ok(Question { prompt, model: request.model, form, top_tokens: None })
}

fn form(tools: Vec<Tool>, choice: Option<ToolChoice>, config: Option<OutputConfig>) -> Result<Form, Failure> {
    if let Some(format) = config.and_then(|config| config.format) {
        if format.kind != "json_schema" {
            return Err(Failure::BadRequest("output_config.format.type: allowed: json_schema".to_owned()));
        }
        check_strict(&format.schema, false)?;
        return Ok(Form::Schema(format.schema));
    }
    let Some(choice) = choice else { return Ok(Form::Text) };
    let chosen = match choice.kind.as_str() {
        "auto" | "none" => return Ok(Form::Text),
        "any" => tools.into_iter().next(),
        _ => tools.into_iter().find(|tool| Some(&tool.name) == choice.name.as_ref()),
    };
    match chosen {
        Some(tool) => Ok(Form::Tool(tool.name, tool.input_schema)),
        None => Err(Failure::BadRequest("tool_choice: tool not found in provided tools".to_owned())),
    }
}

pub(super) fn reply(reply: &Reply<'_>) -> Value {
    let text = json!([{"type": "text", "text": reply.text, "citations": null}]);
    let (content, reason) = match (reply.ending, &reply.question.form, &reply.verdict) {
        // A refusal has a word of its own and, before anything was said, no content.
        (Ending::Refused | Ending::Filtered, ..) => (json!([]), "refusal"),
        (Ending::Done, Form::Tool(name, _), Some(verdict)) => {
            let id = format!("toolu_{}", reply.id);
            (json!([{"type": "tool_use", "id": id, "name": name, "input": verdict}]), "tool_use")
        }
        (Ending::Length, ..) => (text, "max_tokens"),
        (Ending::Done, ..) => (text, "end_turn"),
    };
    json!({
        "id": format!("msg_{}", reply.id),
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": content,
        "stop_reason": reason,
        "stop_sequence": null,
        "usage": {"input_tokens": reply.input_tokens(), "output_tokens": reply.output_tokens()},
    })
}

/// What a content filter makes of a request here: no reply but a bad request.
pub(super) fn filtered() -> Failure {
    Failure::BadRequest("Output blocked by content filtering policy".to_owned())
}

pub(super) fn failure(failure: &Failure) -> (u16, Value) {
    let (status, kind, message) = match failure {
        Failure::BadRequest(message) => (400, "invalid_request_error", message.clone()),
        Failure::BadKey => (401, "authentication_error", "invalid x-api-key".to_owned()),
        Failure::UnknownModel(model) => (404, "not_found_error", format!("model: {model}")),
        Failure::NoRoute => (404, "not_found_error", "Not found".to_owned()),
        Failure::TooLarge => (413, "request_too_large", "Request exceeds the maximum size".to_owned()),
        Failure::RateLimited(_) => {
            (429, "rate_limit_error", "This request would exceed the rate limit of requests per minute".to_owned())
        }
        Failure::OutOfQuota => (
            400,
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.".to_owned(),
        ),
        Failure::ServerError => (500, "api_error", "Internal server error".to_owned()),
        Failure::Overloaded => (529, "overloaded_error", "Overloaded".to_owned()),
    };
    (status, json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_stub"}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &Value) -> Result<Question, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert("anthropic-version", "2023-06-01".parse().unwrap());
        question(&headers, body.to_string().as_bytes())
    }

    #[test]
    fn a_forced_tool_and_an_output_format_are_read() {
        let schema =
            json!({"type": "object", "properties": {"omission": {"type": "integer"}}, "additionalProperties": false});
        let mut body =
            json!({"model": "m", "max_tokens": 9, "system": "a", "messages": [{"role": "user", "content": "b"}]});
        assert_eq!(of(&body).unwrap().form, Form::Text);
        assert_eq!(of(&body).unwrap().prompt, "a\nb");
        body["output_config"] = json!({"format": {"type": "json_schema", "schema": schema}});
        assert_eq!(of(&body).unwrap().form, Form::Schema(schema.clone()));
        body["output_config"] = Value::Null;
        body["tools"] = json!([{"name": "other", "input_schema": {}}, {"name": "verdict", "input_schema": schema}]);
        body["tool_choice"] = json!({"type": "tool", "name": "verdict"});
        assert_eq!(of(&body).unwrap().form, Form::Tool("verdict".to_owned(), schema));
        body["tool_choice"]["name"] = json!("absent");
        assert!(of(&body).is_err());
    }

    #[test]
    fn what_the_provider_refuses_is_refused() {
        let messages = json!([{"role": "user", "content": "a"}]);
        for body in [
            json!({"model": "m", "messages": messages}),
            json!({"max_tokens": 9, "messages": messages}),
            json!({"model": "m", "max_tokens": 9, "messages": [{"role": "system", "content": "a"}]}),
            json!({"model": "m", "max_tokens": 9, "messages": messages, "temperature": 1.5}),
        ] {
            assert!(matches!(of(&body), Err(Failure::BadRequest(_))), "{body}");
        }
        let body = json!({"model": "m", "max_tokens": 9, "messages": messages}).to_string();
        assert!(question(&HeaderMap::new(), body.as_bytes()).is_err(), "no version");
    }
}
