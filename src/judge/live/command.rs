//! A local program that reads one JSON object a line and answers each with one.

use super::answer::json_schema;
use super::json::{Json, Object};
use super::question::{Question, Request};

/// Name and version of the line that the program reads.
const LINE_FORMAT: &str = "lacuna-ask/1";

/// The request: one line, without a line end.
pub(super) fn request(question: &Question<'_>) -> Request {
    let (spec, rendered) = (question.spec, question.rendered);
    let body = Object::default()
        .with("format", Json::text(LINE_FORMAT))
        .with_some("model", (!spec.model.is_empty()).then(|| Json::text(&spec.model)))
        .with("system", Json::text(&rendered.system))
        .with("user", Json::text(&rendered.user))
        .with_some("schema", spec.structured.then(|| json_schema(question.keys).into()))
        .with_some("temperature", spec.sampling.temperature.map(Json::Number))
        .with_some("top_p", spec.sampling.top_p.map(Json::Number))
        .with("max_tokens", Json::Whole(u64::from(spec.sampling.max_tokens)))
        .with_some("seed", question.seed().map(Json::Whole))
        .with("repeat", Json::Whole(u64::from(question.repeat)));
    // No header carries a key: a judge file that names a variable for a command is refused.
    Request { url: String::new(), headers: Vec::new(), body: body.to_body(), key: ("", "") }
}
