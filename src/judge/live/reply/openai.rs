//! OpenAI chat completions, and the servers that speak them: vLLM, llama.cpp, Ollama, LiteLLM, OpenRouter, Azure.

use serde_json::Value;

use super::{Answered, Stop, TokenPlace, count_at, list_at, text_at, token_chance};

/// Reads `{choices: [{message, finish_reason, logprobs}], usage, model}`. Reasoning, under whatever name, is no answer.
pub(super) fn read(body: &Value) -> Option<Answered> {
    let choice = list_at(body, "choices").first()?;
    // OpenRouter: the model broke off with an error in the middle of its answer.
    if choice.get("error").is_some_and(Value::is_object) {
        return None;
    }
    let message = choice.get("message")?.as_object().map(|_| &choice["message"])?;
    let refusal = refusal_of(message);
    let stop = match (choice.get("finish_reason").and_then(Value::as_str), &refusal) {
        (Some("content_filter"), _) => Stop::Filtered,
        (_, Some(_)) => Stop::Refused,
        (Some("length" | "model_length"), None) => Stop::Truncated,
        _ => Stop::Finished,
    };
    let usage = body.get("usage").unwrap_or(&Value::Null);
    Some(Answered {
        text: refusal.unwrap_or_else(|| words_of(message)),
        model: text_at(body, "model"),
        input_tokens: count_at(usage, "prompt_tokens"),
        output_tokens: count_at(usage, "completion_tokens"),
        stop,
        tokens: choice.get("logprobs").map(tokens_of).unwrap_or_default(),
    })
}

/// A refusal stands beside the content or as one of its parts.
fn refusal_of(message: &Value) -> Option<String> {
    let part = || list_at(message, "content").iter().find_map(|part| text_at(part, "refusal"));
    text_at(message, "refusal").or_else(part).filter(|text| !text.is_empty())
}

/// The content: text, or parts of which those of type `text` count. Where it is empty, the arguments of a tool call: some
/// servers turn a JSON Schema into one.
fn words_of(message: &Value) -> String {
    let content = match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        _ => list_at(message, "content").iter().filter_map(|part| text_at(part, "text")).collect(),
    };
    if !content.is_empty() {
        return content;
    }
    let arguments = |call: &Value| text_at(call.get("function")?, "arguments");
    list_at(message, "tool_calls").iter().filter_map(arguments).collect::<Vec<_>>().join("\n")
}

fn tokens_of(logprobs: &Value) -> Vec<TokenPlace> {
    let place = |value: &Value| {
        let likeliest = list_at(value, "top_logprobs").iter().filter_map(|other| token_chance(other, "logprob"));
        Some(TokenPlace { chosen: token_chance(value, "logprob")?, likeliest: likeliest.collect() })
    };
    // A place that cannot be read would shift all that follow: then there are none.
    list_at(logprobs, "content").iter().map(place).collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::live::reply::answered;
    use crate::judge::live::spec::Provider;

    fn sample(text: &str) -> Answered {
        answered(Provider::OpenAi, text).unwrap()
    }

    #[test]
    fn a_whole_reply() {
        let answer = sample(include_str!("samples/openai_stop.json"));
        assert_eq!(answer.text, "{\"omission\": 2, \"commission\": 0, \"rationale\": \"A format sample.\"}");
        assert_eq!(answer.model.as_deref(), Some("example-model-2025-01-01"));
        assert_eq!((answer.input_tokens, answer.output_tokens), (Some(812), Some(24)));
        assert_eq!((answer.stop, answer.tokens.len()), (Stop::Finished, 0));
    }

    #[test]
    fn log_probabilities() {
        let answer = sample(include_str!("samples/openai_logprobs.json"));
        let joined: String = answer.tokens.iter().map(|place| place.chosen.text.as_str()).collect();
        assert_eq!(joined, answer.text);
        let value = &answer.tokens[3];
        assert_eq!((value.chosen.text.as_str(), value.chosen.log_probability), ("2", -0.5));
        assert_eq!(value.likeliest.iter().map(|other| other.text.as_str()).collect::<Vec<_>>(), ["2", "1", " 2", "x"]);
        // The provider's rounding error.
        assert_eq!(answer.tokens[0].chosen.log_probability, 0.0);
    }

    #[test]
    fn why_it_stopped() {
        let reply = |message: &str, reason: &str| {
            sample(&format!(r#"{{"choices":[{{"message":{message},"finish_reason":{reason}}}]}}"#))
        };
        let text = r#"{"content":"a"}"#;
        for (message, reason, stop) in [
            (text, "\"stop\"", Stop::Finished),
            (text, "null", Stop::Finished),
            (text, "\"length\"", Stop::Truncated),
            (text, "\"model_length\"", Stop::Truncated),
            (text, "\"content_filter\"", Stop::Filtered),
            (r#"{"content":"a","refusal":null}"#, "\"stop\"", Stop::Finished),
            (r#"{"content":"a","refusal":""}"#, "\"stop\"", Stop::Finished),
            (r#"{"content":null,"refusal":"no"}"#, "\"stop\"", Stop::Refused),
            (r#"{"content":null,"refusal":"no"}"#, "\"content_filter\"", Stop::Filtered),
        ] {
            assert_eq!(reply(message, reason).stop, stop, "{message} {reason}");
        }
        let refused = sample(include_str!("samples/openai_refusal.json"));
        assert_eq!((refused.stop, refused.text.as_str()), (Stop::Refused, "I cannot help with that."));
    }

    #[test]
    fn content_in_parts_and_reasoning() {
        let words = |message: &str| sample(&format!(r#"{{"choices":[{{"message":{message}}}]}}"#)).text;
        assert_eq!(words(r#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#), "ab");
        assert_eq!(words(r#"{"content":[{"type":"thinking","thinking":[]},{"type":"text","text":"b"}]}"#), "b");
        assert_eq!(words(r#"{"content":[{"type":"refusal","refusal":"no"}]}"#), "no");
        assert_eq!(words(r#"{"content":"a","reasoning_content":"b","reasoning":"c"}"#), "a");
        assert_eq!(words(r#"{"content":null}"#), "");
        let call =
            r#"{"content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}"#;
        assert_eq!(words(call), "{\"a\":1}");
    }

    #[test]
    fn an_error_in_the_middle_is_no_reply() {
        let body =
            r#"{"choices":[{"message":{"content":"{"},"finish_reason":"error","error":{"code":502,"message":"m"}}]}"#;
        assert_eq!(answered(Provider::OpenAi, body), None);
        assert_eq!(answered(Provider::OpenAi, r#"{"choices":[]}"#), None);
        assert_eq!(answered(Provider::OpenAi, r#"{"choices":[{"message":"a"}]}"#), None);
    }

    #[test]
    fn a_broken_place_leaves_no_tokens() {
        let places = r#"[{"token":"a","logprob":-1},{"token":"b","logprob":null}]"#;
        let body = format!(r#"{{"choices":[{{"message":{{"content":"ab"}},"logprobs":{{"content":{places}}}}}]}}"#);
        assert!(sample(&body).tokens.is_empty());
    }
}
