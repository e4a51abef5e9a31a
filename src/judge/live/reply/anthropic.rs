//! Anthropic Messages.

use serde_json::Value;

use super::{Answered, Stop, counts_at, text_at};

/// Kinds of token that are sent; the first one leaves out those that a cache held or took in.
const INPUT: [&str; 3] = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"];

/// Reads `{content: [block], stop_reason, usage, model}`.
pub(super) fn read(body: &Value) -> Option<Answered> {
    let blocks = body.get("content")?.as_array()?;
    let stop = match body.get("stop_reason").and_then(Value::as_str) {
        Some("max_tokens" | "model_context_window_exceeded") => Stop::Truncated,
        Some("refusal") => Stop::Refused,
        _ => Stop::Finished,
    };
    let usage = body.get("usage").unwrap_or(&Value::Null);
    Some(Answered {
        text: words_of(blocks),
        model: text_at(body, "model"),
        input_tokens: counts_at(usage, &INPUT),
        output_tokens: counts_at(usage, &["output_tokens"]),
        stop,
        tokens: Vec::new(),
    })
}

/// Texts as they follow each other; the input of a tool, which is how a model is held to a schema, on a line of its own.
/// Thinking is no answer.
fn words_of(blocks: &[Value]) -> String {
    let mut words = String::new();
    for block in blocks {
        match block.get("type").and_then(Value::as_str) {
            Some("text") => words.push_str(block.get("text").and_then(Value::as_str).unwrap_or_default()),
            Some("tool_use") => {
                if !words.is_empty() {
                    words.push('\n');
                }
                words.push_str(&block.get("input").map(Value::to_string).unwrap_or_default());
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::live::reply::answered;
    use crate::judge::live::spec::Provider;

    fn sample(text: &str) -> Answered {
        answered(Provider::Anthropic, text).unwrap()
    }

    #[test]
    fn a_whole_reply() {
        let answer = sample(include_str!("samples/anthropic_text.json"));
        assert_eq!(answer.text, "{\"omission\": 1, \"commission\": 0, \"rationale\": \"A format sample.\"}");
        assert_eq!(answer.model.as_deref(), Some("example-model-20250101"));
        // 790 sent plainly, 20 read from a cache, 2 written to it.
        assert_eq!((answer.input_tokens, answer.output_tokens), (Some(812), Some(31)));
        assert_eq!(answer.stop, Stop::Finished);
    }

    #[test]
    fn the_input_of_a_tool_is_the_answer() {
        let answer = sample(include_str!("samples/anthropic_tool.json"));
        assert_eq!(answer.text, "I will give the verdict.\n{\"commission\":0,\"omission\":3}");
        assert_eq!(answer.stop, Stop::Finished);
    }

    #[test]
    fn why_it_stopped() {
        for (reason, stop) in [
            ("\"end_turn\"", Stop::Finished),
            ("\"tool_use\"", Stop::Finished),
            ("null", Stop::Finished),
            ("\"max_tokens\"", Stop::Truncated),
            ("\"model_context_window_exceeded\"", Stop::Truncated),
            ("\"refusal\"", Stop::Refused),
        ] {
            let answer = sample(&format!(r#"{{"content":[],"stop_reason":{reason}}}"#));
            assert_eq!((answer.stop, answer.text.as_str(), answer.input_tokens), (stop, "", None), "{reason}");
        }
    }

    #[test]
    fn thinking_is_no_answer() {
        let blocks =
            r#"[{"type":"thinking","thinking":"a"},{"type":"redacted_thinking","data":"b"},{"type":"text"},7]"#;
        assert_eq!(sample(&format!(r#"{{"content":{blocks}}}"#)).text, "");
        assert_eq!(answered(Provider::Anthropic, r#"{"content":"text"}"#), None);
    }
}
