//! OpenAI chat completions, and the many servers that speak them.

use super::address::{host_of, joined};
use super::answer::json_schema;
use super::json::{Json, Object};
use super::question::{Question, Request};
use super::spec::ConfidenceSource;

/// Alternatives asked for at each token: the most that the protocol allows, more than any menu has.
const TOP_LOG_PROBABILITIES: u64 = 20;

/// Name of the answer's schema.
const SCHEMA_NAME: &str = "verdict";

/// The request.
pub(super) fn request(question: &Question<'_>) -> Request {
    let spec = question.spec;
    let host = host_of(&spec.endpoint.base_url).unwrap_or_default();
    let azure = host.ends_with(".openai.azure.com");
    // The provider itself refuses `max_tokens` for its newer models; many other servers know no other name.
    let most_tokens = if azure || host.ends_with("api.openai.com") { "max_completion_tokens" } else { "max_tokens" };
    let log_probabilities = spec.confidence == ConfidenceSource::LogProbabilities;
    let body = Object::default()
        .with("model", Json::text(&spec.model))
        .with("messages", messages(question))
        .with_some("temperature", spec.sampling.temperature.map(Json::Number))
        .with_some("top_p", spec.sampling.top_p.map(Json::Number))
        .with(most_tokens, Json::Whole(u64::from(spec.sampling.max_tokens)))
        .with_some("seed", question.seed().map(Json::Whole))
        .with_some("logprobs", log_probabilities.then_some(Json::Flag(true)))
        .with_some("top_logprobs", log_probabilities.then_some(Json::Whole(TOP_LOG_PROBABILITIES)))
        .with_some("response_format", spec.structured.then(|| response_format(question)));
    Request {
        url: joined(&spec.endpoint.base_url, &["chat", "completions"], &spec.endpoint.query),
        headers: Vec::new(),
        body: body.to_body(),
        key: if azure { ("api-key", "") } else { ("authorization", "Bearer ") },
    }
}

fn messages(question: &Question<'_>) -> Json {
    let message = |role: &str, content: &str| {
        Json::from(Object::default().with("role", Json::text(role)).with("content", Json::text(content)))
    };
    let rendered = question.rendered;
    let system = (!rendered.system.is_empty()).then(|| message("system", &rendered.system));
    Json::List(system.into_iter().chain([message("user", &rendered.user)]).collect())
}

fn response_format(question: &Question<'_>) -> Json {
    let schema = Object::default()
        .with("name", Json::text(SCHEMA_NAME))
        .with("strict", Json::Flag(true))
        .with("schema", json_schema(question.keys));
    Object::default().with("type", Json::text("json_schema")).with("json_schema", schema).into()
}
