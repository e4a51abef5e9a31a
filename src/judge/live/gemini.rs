//! Google Gemini `generateContent`.

use super::address::joined;
use super::answer::gemini_schema;
use super::json::{Json, Object};
use super::question::{Question, Request};
use super::spec::ConfidenceSource;

/// Alternatives asked for at each token: the most that the protocol allows, more than any menu has.
const TOP_LOG_PROBABILITIES: u64 = 20;

/// The request. The model stands in the address.
pub(super) fn request(question: &Question<'_>) -> Request {
    let (spec, rendered) = (question.spec, question.rendered);
    let system = (!rendered.system.is_empty()).then(|| Object::default().with("parts", parts(&rendered.system)).into());
    let user = Object::default().with("role", Json::text("user")).with("parts", parts(&rendered.user));
    let body = Object::default()
        .with_some("systemInstruction", system)
        .with("contents", Json::List(vec![user.into()]))
        .with("generationConfig", generation_config(question));
    let model = spec.model.strip_prefix("models/").unwrap_or(&spec.model);
    let action = format!("{model}:generateContent");
    Request {
        url: joined(&spec.endpoint.base_url, &["models", &action], &spec.endpoint.query),
        headers: Vec::new(),
        body: body.to_body(),
        key: ("x-goog-api-key", ""),
    }
}

fn parts(text: &str) -> Json {
    Json::List(vec![Object::default().with("text", Json::text(text)).into()])
}

fn generation_config(question: &Question<'_>) -> Object {
    let spec = question.spec;
    let log_probabilities = spec.confidence == ConfidenceSource::LogProbabilities;
    Object::default()
        .with_some("temperature", spec.sampling.temperature.map(Json::Number))
        .with_some("topP", spec.sampling.top_p.map(Json::Number))
        .with("maxOutputTokens", Json::Whole(u64::from(spec.sampling.max_tokens)))
        .with_some("seed", question.seed().map(Json::Whole))
        .with_some("responseLogprobs", log_probabilities.then_some(Json::Flag(true)))
        .with_some("logprobs", log_probabilities.then_some(Json::Whole(TOP_LOG_PROBABILITIES)))
        .with_some("responseMimeType", spec.structured.then(|| Json::text("application/json")))
        .with_some("responseSchema", spec.structured.then(|| gemini_schema(question.keys).into()))
}
