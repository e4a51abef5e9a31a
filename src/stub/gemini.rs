//! Gemini `generateContent`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::{Ending, Failure, Form, Question, Reply, read};
use super::openai::Part;
use super::tokens::Token;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    contents: Vec<Content>,
    #[serde(default, alias = "system_instruction")]
    system_instruction: Option<Content>,
    #[serde(default, alias = "generation_config")]
    generation_config: Config,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(default)]
    temperature: Option<f64>,
    #[serde(default, alias = "response_mime_type")]
    response_mime_type: Option<String>,
    #[serde(default, alias = "response_schema")]
    response_schema: Option<Value>,
    #[serde(default, alias = "response_json_schema")]
    response_json_schema: Option<Value>,
    #[serde(default, alias = "response_logprobs")]
    response_logprobs: Option<bool>,
    #[serde(default)]
    logprobs: Option<usize>,
}

pub(super) fn question(model: Option<String>, body: &[u8]) -> Result<Question, Failure> {
    let request: Request = read(body)?;
    let bad = |message: &str| Err(Failure::BadRequest(message.to_owned()));
    if request.contents.is_empty() {
        return bad("* GenerateContentRequest.contents: contents is not specified");
    }
    let roles = ["user", "model"];
    if request.contents.iter().filter_map(|content| content.role.as_deref()).any(|role| !roles.contains(&role)) {
        return bad("Please use a valid role: user, model.");
    }
    let config = request.generation_config;
    if config.temperature.is_some_and(|temperature| !(0.0..=2.0).contains(&temperature)) {
        return bad("temperature must be in the range [0.0, 2.0]");
    }
    if config.logprobs.is_some_and(|count| count > 20 || config.response_logprobs != Some(true)) {
        return bad("Logprobs is at most 20 and needs response_logprobs to be true");
    }
    let schema = config.response_json_schema.or(config.response_schema);
    if schema.is_some() && config.response_mime_type.as_deref() != Some("application/json") {
        return bad("Response schema needs response mime type application/json");
    }
    let mut prompt = String::new();
    for content in request.system_instruction.iter().chain(&request.contents) {
        for part in &content.parts {
            part.add_to(&mut prompt);
        }
    }
    let form = schema.map_or(Form::Text, Form::Schema);
    let top_tokens = (config.response_logprobs == Some(true)).then(|| config.logprobs.unwrap_or(0));
    Ok(Question { prompt, model: model.unwrap_or_default(), form, top_tokens })
}

pub(super) fn reply(reply: &Reply<'_>) -> Value {
    let (input, output) = (reply.input_tokens(), reply.output_tokens());
    let mut whole = json!({
        "usageMetadata": {"promptTokenCount": input, "candidatesTokenCount": output, "totalTokenCount": input + output},
        "modelVersion": reply.model,
        "responseId": reply.id,
    });
    if reply.ending == Ending::Filtered {
        whole["promptFeedback"] = json!({"blockReason": "PROHIBITED_CONTENT"});
        whole["usageMetadata"] = json!({"promptTokenCount": input, "totalTokenCount": input});
        return whole;
    }
    let reason = if reply.ending == Ending::Length { "MAX_TOKENS" } else { "STOP" };
    let mut candidate = json!({
        "content": {"parts": [{"text": reply.text}], "role": "model"},
        "finishReason": reason,
        "index": 0,
    });
    if let Some(tokens) = &reply.tokens {
        candidate["logprobsResult"] = logprobs(tokens);
        #[expect(clippy::cast_precision_loss, reason = "a reply has few tokens")]
        let mean = tokens.iter().map(|token| token.logprob).sum::<f64>() / tokens.len().max(1) as f64;
        candidate["avgLogprobs"] = json!(mean);
    }
    whole["candidates"] = json!([candidate]);
    whole
}

fn logprobs(tokens: &[Token]) -> Value {
    let one = |text: &str, logprob: f64| json!({"token": text, "tokenId": 1, "logProbability": logprob});
    let top = |token: &Token| {
        let candidates: Vec<Value> = token.top.iter().map(|(text, logprob)| one(text, *logprob)).collect();
        json!({"candidates": candidates})
    };
    json!({
        "topCandidates": tokens.iter().map(top).collect::<Vec<_>>(),
        "chosenCandidates": tokens.iter().map(|token| one(&token.text, token.logprob)).collect::<Vec<_>>(),
    })
}

const QUOTA: &str = "You exceeded your current quota, please check your plan and billing details.";

pub(super) fn failure(failure: &Failure) -> (u16, Value) {
    let plain = |message: &str| (message.to_owned(), json!([]));
    let (code, status, (message, details)) = match failure {
        Failure::BadRequest(message) => (400, "INVALID_ARGUMENT", plain(message)),
        // A bad key is status 400 here, told apart by its reason.
        Failure::BadKey => (400, "INVALID_ARGUMENT", bad_key()),
        Failure::UnknownModel(model) => {
            let message = format!("models/{model} is not found, or is not supported for generateContent.");
            (404, "NOT_FOUND", plain(&message))
        }
        Failure::NoRoute => (404, "NOT_FOUND", plain("Requested entity was not found.")),
        Failure::TooLarge => (400, "INVALID_ARGUMENT", plain("Request payload size exceeds the limit.")),
        // Both limits speak of the quota; the violated one has a minute or a day in its name.
        Failure::RateLimited(wait_ms) => (429, "RESOURCE_EXHAUSTED", over_a_minute(*wait_ms)),
        Failure::OutOfQuota => (429, "RESOURCE_EXHAUSTED", (QUOTA.to_owned(), json!([violation("Day")]))),
        Failure::ServerError => (500, "INTERNAL", plain("An internal error has occurred. Please retry.")),
        Failure::Overloaded => (503, "UNAVAILABLE", plain("The model is overloaded. Please try again later.")),
    };
    (code, json!({"error": {"code": code, "message": message, "status": status, "details": details}}))
}

fn bad_key() -> (String, Value) {
    let info = json!({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
        "domain": "googleapis.com", "metadata": {"service": "generativelanguage.googleapis.com"}});
    ("API key not valid. Please pass a valid API key.".to_owned(), json!([info]))
}

#[expect(clippy::cast_precision_loss, reason = "a wait is short")]
fn over_a_minute(wait_ms: u64) -> (String, Value) {
    let seconds = wait_ms as f64 / 1000.0;
    let retry = json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": format!("{seconds}s")});
    (format!("{QUOTA} Please retry in {seconds}s."), json!([violation("Minute"), retry]))
}

fn violation(period: &str) -> Value {
    json!({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_requests",
        "quotaId": format!("GenerateRequestsPer{period}PerProjectPerModel"),
    }]})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &Value) -> Result<Question, Failure> {
        question(Some("m".to_owned()), body.to_string().as_bytes())
    }

    #[test]
    fn a_request_is_read_in_either_spelling() {
        let camel = json!({"contents": [{"role": "user", "parts": [{"text": "b"}]}],
            "systemInstruction": {"parts": [{"text": "a"}]},
            "generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}}});
        let snake = json!({"contents": [{"parts": [{"text": "b"}]}], "system_instruction": {"parts": [{"text": "a"}]},
            "generation_config": {"response_mime_type": "application/json", "response_json_schema": {"type": "OBJECT"}}});
        let question = of(&camel).unwrap();
        assert_eq!((question.prompt.as_str(), question.model.as_str()), ("a\nb", "m"));
        assert_eq!(question.form, Form::Schema(json!({"type": "OBJECT"})));
        assert_eq!(of(&snake).unwrap(), question);
    }

    #[test]
    fn what_the_provider_refuses_is_refused() {
        let contents = json!([{"parts": [{"text": "b"}]}]);
        for body in [
            json!({}),
            json!({"contents": [{"role": "assistant", "parts": []}]}),
            json!({"contents": contents, "generationConfig": {"responseSchema": {}}}),
            json!({"contents": contents, "generationConfig": {"logprobs": 5}}),
        ] {
            assert!(matches!(of(&body), Err(Failure::BadRequest(_))), "{body}");
        }
    }
}
