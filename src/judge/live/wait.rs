//! How long a provider says to wait before the next request.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};

use super::provider_error::ProviderError;

/// Pairs of headers: what is left of a limit, and when it is whole again.
const LIMITS: [(&str, &str); 6] = [
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
];

/// The wait that the headers of a reply ask for; none where they ask for none.
///
/// In this order, the first that can be read: `retry-after-ms`; `retry-after` (seconds, or an HTTP date); the longest time
/// until a limit is whole again of which nothing is left. A limit of which something is left says nothing: the request
/// may still have been larger. Of a reply that succeeded only spent limits count: they tell that the next request will be
/// refused. `now` is RFC 3339; a moment that has passed is a wait of zero. Nothing is capped here.
pub fn wait_asked(headers: &[(String, String)], status: u16, now: &str) -> Option<Duration> {
    let header =
        |name: &str| headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
    let milliseconds = || number(header("retry-after-ms")?).and_then(|count| seconds(count / 1000.0));
    let retry_after = || {
        let value = header("retry-after")?;
        number(value).map_or_else(|| until(DateTime::parse_from_rfc2822(value).ok()?, now), seconds)
    };
    let until_whole = || {
        let spent = |(left, _): &&(&str, &str)| header(left).and_then(number) == Some(0.0);
        let reset = |(_, reset): &(&str, &str)| {
            let value = header(reset)?;
            duration(value).or_else(|| until(DateTime::parse_from_rfc3339(value).ok()?, now))
        };
        LIMITS.iter().filter(spent).filter_map(reset).max()
    };
    if (200..300).contains(&status) {
        return until_whole();
    }
    milliseconds().or_else(retry_after).or_else(until_whole)
}

/// The wait that the body of an error asks for: Gemini's `retryDelay`. Headers say nothing of it.
pub fn wait_in_body(body: &str) -> Option<Duration> {
    duration(&ProviderError::read(body)?.retry_delay?)
}

/// A plain decimal number; not the `inf`, `nan` and `1e9` that a parser of doubles also takes.
fn number(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.parse().ok() } else { None }
}

fn seconds(count: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(count).ok()
}

/// `1h2m3.5s`, `250ms`; a bare number is seconds (Azure).
fn duration(text: &str) -> Option<Duration> {
    if let Some(count) = number(text) {
        return seconds(count);
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (count, after) = rest.split_at(digits);
        let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let factor = match unit {
            "d" => 86_400.0,
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        total = total.checked_add(seconds(number(count)? * factor)?)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

fn until(moment: DateTime<FixedOffset>, now: &str) -> Option<Duration> {
    let now = DateTime::parse_from_rfc3339(now).ok()?;
    let wait_ms = moment.timestamp_millis().saturating_sub(now.timestamp_millis());
    Some(Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2015-10-21T07:28:00Z";

    fn wait(headers: &[(&str, &str)]) -> Option<f64> {
        wait_of(headers, 429)
    }

    fn wait_of(headers: &[(&str, &str)], status: u16) -> Option<f64> {
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        wait_asked(&headers, status, NOW).map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn one_header_at_a_time() {
        let spent = |reset: &str, value: &str| {
            let left = LIMITS.iter().find(|(_, own)| *own == reset).unwrap().0;
            wait(&[(left, "0"), (reset, value)])
        };
        assert_eq!(wait(&[]), None);
        assert_eq!(wait(&[("retry-after", "7")]), Some(7.0));
        assert_eq!(wait(&[("Retry-After", " 1.5 ")]), Some(1.5));
        assert_eq!(wait(&[("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT")]), Some(30.0));
        assert_eq!(wait(&[("retry-after", "Wed, 21 Oct 2015 07:27:30 GMT")]), Some(0.0));
        assert_eq!(wait(&[("retry-after-ms", "250")]), Some(0.25));
        assert_eq!(spent("x-ratelimit-reset-requests", "1m30s"), Some(90.0));
        assert_eq!(spent("x-ratelimit-reset-requests", "250ms"), Some(0.25));
        assert_eq!(spent("x-ratelimit-reset-tokens", "1h0m0.5s"), Some(3600.5));
        assert_eq!(spent("x-ratelimit-reset-tokens", "12"), Some(12.0));
        assert_eq!(spent("anthropic-ratelimit-requests-reset", "2015-10-21T07:28:10Z"), Some(10.0));
        assert_eq!(spent("anthropic-ratelimit-input-tokens-reset", "2015-10-21T09:28:10+02:00"), Some(10.0));
    }

    #[test]
    fn what_cannot_be_read_states_nothing() {
        for value in
            ["", "soon", "-1", "1e9", "inf", "nan", "１", "5 minutes", "9999999999999999999999999", "1m", "\u{0}"]
        {
            assert_eq!(wait(&[("retry-after", value)]), None, "{value}");
        }
        for value in ["", "s", "1", "1x", "m30", "1..2s", "1s2", "99999999999999999999999h", "µ"] {
            let read = wait(&[("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", value)]);
            assert_eq!(read, if value == "1" { Some(1.0) } else { None }, "{value}");
        }
        assert_eq!(
            wait_asked(&[("retry-after".to_owned(), "Wed, 21 Oct 2015 07:28:30 GMT".to_owned())], 429, "now"),
            None
        );
    }

    #[test]
    fn the_order_of_the_sources() {
        let headers = [
            ("retry-after-ms", "100"),
            ("retry-after", "7"),
            ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "20s"),
        ];
        assert_eq!(wait(&headers), Some(0.1));
        assert_eq!(wait(&headers[1..]), Some(7.0));
        assert_eq!(wait(&headers[2..]), Some(20.0));
        assert_eq!(wait(&[("retry-after-ms", "x"), ("retry-after", "7")]), Some(7.0));
        // An answer tells of spent limits alone.
        assert_eq!(wait_of(&headers, 200), Some(20.0));
        assert_eq!(wait_of(&headers[..2], 200), None);
    }

    #[test]
    fn the_body_of_an_error() {
        let wait = wait_in_body(include_str!("reply/samples/gemini_minute.json"));
        assert_eq!(wait, Some(Duration::from_millis(46_500)));
        assert_eq!(wait_in_body("{\"error\":{\"details\":[{\"retryDelay\":7}]}}"), None);
        assert_eq!(wait_in_body("<html>"), None);
    }

    #[test]
    fn only_a_spent_limit_is_waited_for_and_the_longest_of_them() {
        let resets = [("x-ratelimit-reset-requests", "20s"), ("x-ratelimit-reset-tokens", "9s")];
        let with = |left: &[(&'static str, &'static str)]| wait(&[left, &resets].concat());
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[("x-ratelimit-remaining-requests", "5")]), None);
        // Azure writes -1 where it does not know.
        assert_eq!(with(&[("x-ratelimit-remaining-requests", "-1")]), None);
        assert_eq!(with(&[("x-ratelimit-remaining-tokens", "0")]), Some(9.0));
        let both = [("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-remaining-requests", "0")];
        assert_eq!(with(&both), Some(20.0));
    }
}
