//! Google Gemini `generateContent`.

use serde_json::Value;

use super::{Answered, Stop, TokenPlace, count_at, counts_at, list_at, text_at, token_chance};

/// Reads `{candidates: [{content, finishReason, logprobsResult}], promptFeedback, usageMetadata, modelVersion}`. A blocked
/// prompt has no candidate.
pub(super) fn read(body: &Value) -> Option<Answered> {
    let candidate = list_at(body, "candidates").first();
    let blocked = body.get("promptFeedback").and_then(|feedback| feedback.get("blockReason")).is_some();
    let stop = match candidate {
        None if !blocked => return None,
        None => Stop::Filtered,
        Some(candidate) => stop_of(candidate.get("finishReason").and_then(Value::as_str)),
    };
    let usage = body.get("usageMetadata").unwrap_or(&Value::Null);
    Some(Answered {
        text: candidate.and_then(|candidate| candidate.get("content")).map(words_of).unwrap_or_default(),
        model: text_at(body, "modelVersion"),
        input_tokens: count_at(usage, "promptTokenCount"),
        // The tokens of its thoughts are paid for and stand apart.
        output_tokens: counts_at(usage, &["candidatesTokenCount", "thoughtsTokenCount"]),
        stop,
        tokens: candidate.and_then(|candidate| candidate.get("logprobsResult")).and_then(tokens_of).unwrap_or_default(),
    })
}

fn stop_of(reason: Option<&str>) -> Stop {
    match reason {
        Some("MAX_TOKENS") => Stop::Truncated,
        Some(
            "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "IMAGE_SAFETY" | "MODEL_ARMOR",
        ) => Stop::Filtered,
        _ => Stop::Finished,
    }
}

/// The texts of the parts that are not thoughts.
fn words_of(content: &Value) -> String {
    let thought = |part: &&Value| part.get("thought").and_then(Value::as_bool) == Some(true);
    list_at(content, "parts").iter().filter(|part| !thought(part)).filter_map(|part| text_at(part, "text")).collect()
}

/// Chosen tokens and likeliest ones stand in two lists side by side.
fn tokens_of(result: &Value) -> Option<Vec<TokenPlace>> {
    let tops = list_at(result, "topCandidates");
    let chance = |value: &Value| token_chance(value, "logProbability");
    let place = |(index, value): (usize, &Value)| {
        let likeliest = tops.get(index).map_or(&[][..], |top| list_at(top, "candidates"));
        Some(TokenPlace { chosen: chance(value)?, likeliest: likeliest.iter().filter_map(chance).collect() })
    };
    list_at(result, "chosenCandidates").iter().enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::live::reply::answered;
    use crate::judge::live::spec::Provider;

    fn sample(text: &str) -> Answered {
        answered(Provider::Gemini, text).unwrap()
    }

    #[test]
    fn a_whole_reply() {
        let answer = sample(include_str!("samples/gemini_stop.json"));
        assert_eq!(answer.text, "{\"omission\": 0, \"commission\": 2, \"rationale\": \"A format sample.\"}");
        assert_eq!(answer.model.as_deref(), Some("example-model-001"));
        // 24 of the answer and 100 of the thoughts.
        assert_eq!((answer.input_tokens, answer.output_tokens), (Some(812), Some(124)));
        assert_eq!(answer.stop, Stop::Finished);
        let places: Vec<_> =
            answer.tokens.iter().map(|place| (place.chosen.text.as_str(), place.likeliest.len())).collect();
        assert_eq!(places, [("{\"omission\": ", 1), ("0", 2)]);
        assert_eq!(answer.tokens[1].likeliest[1].log_probability, -2.3);
    }

    #[test]
    fn a_blocked_prompt_has_no_candidate() {
        let answer = sample(include_str!("samples/gemini_blocked.json"));
        assert_eq!((answer.stop, answer.text.as_str(), answer.input_tokens), (Stop::Filtered, "", Some(812)));
        assert_eq!(answered(Provider::Gemini, r#"{"candidates":[],"promptFeedback":{}}"#), None);
    }

    #[test]
    fn why_it_stopped() {
        for (reason, stop) in [
            ("STOP", Stop::Finished),
            ("OTHER", Stop::Finished),
            ("MAX_TOKENS", Stop::Truncated),
            ("SAFETY", Stop::Filtered),
            ("RECITATION", Stop::Filtered),
            ("BLOCKLIST", Stop::Filtered),
            ("PROHIBITED_CONTENT", Stop::Filtered),
            ("SPII", Stop::Filtered),
            ("MODEL_ARMOR", Stop::Filtered),
        ] {
            assert_eq!(sample(&format!(r#"{{"candidates":[{{"finishReason":"{reason}"}}]}}"#)).stop, stop, "{reason}");
        }
    }

    #[test]
    fn thoughts_are_no_answer() {
        let parts = r#"[{"text":"a","thought":true},{"text":"b"},{"inlineData":{}},{"text":"c"}]"#;
        assert_eq!(sample(&format!(r#"{{"candidates":[{{"content":{{"parts":{parts}}}}}]}}"#)).text, "bc");
    }
}
