//! Anthropic Messages.

use super::address::joined;
use super::answer::json_schema;
use super::json::{Json, Object};
use super::question::{Question, Request};

/// The version of the protocol that is spoken here.
const PROTOCOL_VERSION: &str = "2023-06-01";

/// The request. A schema goes to `output_config.format`; the protocol has no seed and no log-probabilities.
pub(super) fn request(question: &Question<'_>) -> Request {
    let (spec, rendered) = (question.spec, question.rendered);
    let message = Object::default().with("role", Json::text("user")).with("content", Json::text(&rendered.user));
    let body = Object::default()
        .with("model", Json::text(&spec.model))
        .with("max_tokens", Json::Whole(u64::from(spec.sampling.max_tokens)))
        .with_some("system", (!rendered.system.is_empty()).then(|| Json::text(&rendered.system)))
        .with("messages", Json::List(vec![message.into()]))
        .with_some("temperature", spec.sampling.temperature.map(Json::Number))
        .with_some("top_p", spec.sampling.top_p.map(Json::Number))
        .with_some("output_config", spec.structured.then(|| output_config(question)));
    Request {
        url: joined(&spec.endpoint.base_url, &["v1", "messages"], &spec.endpoint.query),
        headers: vec![("anthropic-version", PROTOCOL_VERSION)],
        body: body.to_body(),
        key: ("x-api-key", ""),
    }
}

fn output_config(question: &Question<'_>) -> Json {
    let format = Object::default().with("type", Json::text("json_schema")).with("schema", json_schema(question.keys));
    Object::default().with("format", format).into()
}
