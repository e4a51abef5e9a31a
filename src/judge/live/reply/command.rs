//! A local program: one JSON line a reply.

use serde_json::Value;

use super::{Answered, Stop, count_at, text_at};

/// Reads `{text}`; `model`, `input_tokens` and `output_tokens` may stand beside it. `{error}` is no reply.
pub(super) fn read(body: &Value) -> Option<Answered> {
    Some(Answered {
        text: text_at(body, "text")?,
        model: text_at(body, "model"),
        input_tokens: count_at(body, "input_tokens"),
        output_tokens: count_at(body, "output_tokens"),
        stop: Stop::Finished,
        tokens: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use crate::judge::live::reply::answered;
    use crate::judge::live::spec::Provider;

    #[test]
    fn a_line_with_text_or_an_error() {
        let answer = answered(Provider::Command, "{\"text\":\"omission: 1\",\"input_tokens\":5}\n").unwrap();
        assert_eq!((answer.text.as_str(), answer.input_tokens, answer.model), ("omission: 1", Some(5), None));
        assert_eq!(answered(Provider::Command, "{\"error\":\"out of memory\"}"), None);
        assert_eq!(answered(Provider::Command, "{\"text\":7}"), None);
    }
}
