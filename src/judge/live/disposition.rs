//! What a status and a body mean for the runner.

use super::call::Disposition;
use super::provider_error::ProviderError;
use super::reply::answered;
use super::spec::{LiveSpec, Provider};

/// Codes of a filter that read the prompt: Azure, OpenAI, LiteLLM.
const FILTER_CODES: [&str; 3] = ["content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"];
/// The same in words (Anthropic, whose code is that of any bad request).
const FILTER_PHRASES: [&str; 1] = ["blocked by content filtering policy"];

/// Codes of an account that has nothing left to spend: waiting a minute changes nothing.
const SPENT_CODES: [&str; 11] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_not_active",
    "billing_error",
    "account_deactivated",
    "enforced_spend_limit_reached",
    "payment_required",
];
/// The same in words (Anthropic, as an `invalid_request_error`).
const SPENT_PHRASES: [&str; 3] =
    ["credit balance is too low", "specified api usage limits", "specified workspace api usage limits"];

/// Codes of a request that is wrong for every example alike: key, model, place or parameters.
const WRONG_CODES: [&str; 10] = [
    "invalid_api_key",
    "API_KEY_INVALID",
    "authentication_error",
    "permission_error",
    "FAILED_PRECONDITION",
    "model_not_found",
    "DeploymentNotFound",
    "unsupported_parameter",
    "unsupported_value",
    "unknown_parameter",
];

/// Codes and words of a prompt that is too long: this example's fault alone, whatever the status.
const LONG_CODES: [&str; 3] = ["context_length_exceeded", "string_above_max_length", "request_too_large"];
const LONG_PHRASES: [&str; 4] =
    ["maximum context length", "context length", "prompt is too long", "exceeds the maximum number of tokens"];

impl LiveSpec {
    /// What a reply means: an answer to keep, a fault that passes, one of this example, or one of every example.
    ///
    /// Messages hold the status and the provider's own words, never the prompt and never more of the body.
    pub fn disposition(&self, status: u16, body: &str) -> Disposition {
        if (200..300).contains(&status) {
            return self.of_success(body);
        }
        let error = ProviderError::read(body).unwrap_or_default();
        if is_filtered(status, &error) { Disposition::Keep } else { of_error(status, &error) }
    }

    /// A reply is kept, readable or not. A body that is none is not: the page of a proxy, a body cut on the way, an error
    /// that came under HTTP 200.
    fn of_success(&self, body: &str) -> Disposition {
        // A body as long as the limit was cut here: asked again it would be as long.
        if body.len() >= self.limits.most_reply_bytes || answered(self.provider, body).is_some() {
            return Disposition::Keep;
        }
        match ProviderError::read(body) {
            Some(error) if is_filtered(200, &error) => Disposition::Keep,
            Some(error) if self.provider == Provider::Command => Disposition::Fail(told("the command", &error)),
            Some(error) => of_error(error.status.unwrap_or(500), &error),
            None => Disposition::Retry,
        }
    }
}

/// Whether a content filter refused the prompt: that is this judge's answer to it.
pub(super) fn is_filtered(status: u16, error: &ProviderError) -> bool {
    (status < 500 && (error.has_code(&FILTER_CODES) || error.says(&FILTER_PHRASES))) || error.flagged
}

fn of_error(status: u16, error: &ProviderError) -> Disposition {
    let message = || told(&format!("HTTP {status}"), error);
    // Gemini's daily quotas carry `PerDay` in their name and often a delay of seconds that does not help.
    let day_is_spent = error.quotas.iter().any(|quota| quota.contains("PerDay"));
    if status < 500 && (error.has_code(&SPENT_CODES) || error.says(&SPENT_PHRASES) || day_is_spent) {
        return Disposition::StopJudge(message());
    }
    if status < 500 && status != 429 && (error.has_code(&LONG_CODES) || error.says(&LONG_PHRASES)) {
        return Disposition::Fail(message());
    }
    match status {
        408 | 409 | 425 | 429 => Disposition::Retry,
        // Not implemented, and a version of HTTP that is not spoken: neither passes.
        501 | 505 => Disposition::StopJudge(message()),
        500.. => Disposition::Retry,
        401..=404 | 407 | 410 => Disposition::StopJudge(message()),
        400.. if error.has_code(&WRONG_CODES) => Disposition::StopJudge(message()),
        400.. => Disposition::Fail(message()),
        // A redirection is not followed: the key would follow it.
        _ => Disposition::StopJudge(message()),
    }
}

fn told(source: &str, error: &ProviderError) -> String {
    match &error.message {
        Some(message) => format!("{source}: {message}"),
        None => format!("{source}: no message"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::live::examples::live_spec;

    fn of(status: u16, body: &str) -> Disposition {
        live_spec().disposition(status, body)
    }

    fn kind(disposition: &Disposition) -> &'static str {
        match disposition {
            Disposition::Keep => "keep",
            Disposition::Retry => "retry",
            Disposition::Fail(_) => "fail",
            Disposition::StopJudge(_) => "stop",
        }
    }

    #[test]
    fn statuses_without_a_word() {
        for (statuses, expected) in [
            (&[408, 409, 425, 429, 500, 502, 503, 504, 520, 524, 529, 599, u16::MAX][..], "retry"),
            (&[401, 402, 403, 404, 407, 410, 501, 505, 301, 307, 308, 100, 0][..], "stop"),
            (&[400, 405, 406, 413, 414, 415, 422, 431, 451][..], "fail"),
        ] {
            for (status, body) in statuses.iter().flat_map(|status| ["", "<html>", "{}"].map(|body| (*status, body))) {
                assert_eq!(kind(&of(status, body)), expected, "{status} {body}");
            }
        }
    }

    #[test]
    fn what_the_provider_says_counts_for_more() {
        let error = |code: &str, message: &str| format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
        for (status, body, expected) in [
            (400, include_str!("reply/samples/azure_filter.json").to_owned(), "keep"),
            (400, error("content_policy_violation", "m"), "keep"),
            (400, error("invalid_request_error", "Output blocked by content filtering policy"), "keep"),
            (403, r#"{"error":{"code":403,"message":"m","metadata":{"flagged_input":"x","reasons":["y"]}}}"#.to_owned(), "keep"),
            (500, error("content_filter", "m"), "retry"),
            (429, include_str!("reply/samples/openai_quota.json").to_owned(), "stop"),
            (429, r#"{"error":{"type":"insufficient_quota","message":"m"}}"#.to_owned(), "stop"),
            (429, r#"{"error":{"type":"rate_limit_error","details":{"error_code":"enforced_spend_limit_reached"}}}"#.to_owned(), "stop"),
            (429, error("rate_limit_exceeded", "Rate limit reached"), "retry"),
            (429, error("rate_limit_exceeded", "Request too large: context length"), "retry"),
            (429, include_str!("reply/samples/gemini_day.json").to_owned(), "stop"),
            (429, include_str!("reply/samples/gemini_minute.json").to_owned(), "retry"),
            (400, include_str!("reply/samples/anthropic_credit.json").to_owned(), "stop"),
            (400, error("invalid_request_error", "You have reached your specified API usage limits."), "stop"),
            (400, r#"{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"API key not valid.","details":[{"reason":"API_KEY_INVALID"}]}}"#.to_owned(), "stop"),
            (400, error("unsupported_value", "m"), "stop"),
            (400, error("context_length_exceeded", "m"), "fail"),
            (400, error("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"), "fail"),
            (403, error("x", "tokens must be less than the context length of the model"), "fail"),
            (404, error("model_not_found", "m"), "stop"),
            (529, error("overloaded_error", "Overloaded"), "retry"),
        ] {
            assert_eq!(kind(&of(status, &body)), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_reply_is_kept_and_a_body_that_is_none_is_not() {
        let cut = "{\"choices\":[{\"message\":{\"content\":\"omission: 2";
        for (body, expected) in [
            (include_str!("reply/samples/openai_stop.json"), "keep"),
            (include_str!("reply/samples/openai_refusal.json"), "keep"),
            (r#"{"choices":[{"message":{"content":"no verdict at all"}}]}"#, "keep"),
            (cut, "retry"),
            ("<html>a proxy</html>", "retry"),
            ("", "retry"),
            (r#"{"error":{"code":502,"message":"m"}}"#, "retry"),
            (r#"{"error":{"code":402,"message":"m"}}"#, "stop"),
            (r#"{"error":{"message":"m"}}"#, "retry"),
        ] {
            assert_eq!(kind(&of(200, body)), expected, "{body}");
        }
        let mut spec = live_spec();
        spec.limits.most_reply_bytes = cut.len();
        assert_eq!(spec.disposition(200, cut), Disposition::Keep);
    }

    #[test]
    fn a_command_says_why_it_failed() {
        let spec = LiveSpec { provider: Provider::Command, ..live_spec() };
        assert_eq!(spec.disposition(200, r#"{"text":"a"}"#), Disposition::Keep);
        assert_eq!(
            spec.disposition(200, r#"{"error":"out of memory"}"#),
            Disposition::Fail("the command: out of memory".to_owned())
        );
        assert_eq!(spec.disposition(200, "Segmentation fault"), Disposition::Retry);
    }

    #[test]
    fn a_message_holds_the_status_and_the_providers_words() {
        let body = r#"{"error":{"message":"Incorrect API key provided: sk-proj-0123456789.\nSee \u001b[2J","code":"invalid_api_key"},"prompt":"p"}"#;
        assert_eq!(
            of(401, body),
            Disposition::StopJudge("HTTP 401: Incorrect API key provided: [key] See [2J".to_owned())
        );
        assert_eq!(of(413, "<html>the prompt again</html>"), Disposition::Fail("HTTP 413: no message".to_owned()));
    }
}
