//! The stub's own limit of requests a minute, and the ways in which providers say how long to wait.

use super::dialect::Dialect;
use super::draw::pick;

/// A bucket that holds a burst of requests and fills evenly.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bucket {
    a_minute: f64,
    burst: f64,
    left: f64,
    at_ms: u64,
}

/// How a request stands with the limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Standing {
    /// Requests a minute.
    pub(super) a_minute: u64,
    /// Requests left at once.
    pub(super) left: u64,
    /// Milliseconds until the bucket is full.
    pub(super) full_in_ms: u64,
    /// Milliseconds until a request is let in; 0 where this one was.
    pub(super) wait_ms: u64,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "small counts"
)]
impl Bucket {
    pub(super) fn new(a_minute: u32, burst: u32, now_ms: u64) -> Self {
        let burst = f64::from(burst.max(1));
        Self { a_minute: f64::from(a_minute.max(1)), burst, left: burst, at_ms: now_ms }
    }

    /// Takes one request out, if one is left.
    pub(super) fn take(&mut self, now_ms: u64) -> Standing {
        let per_ms = self.a_minute / 60_000.0;
        self.left = (self.left + now_ms.saturating_sub(self.at_ms) as f64 * per_ms).min(self.burst);
        self.at_ms = self.at_ms.max(now_ms);
        let admitted = self.left >= 1.0;
        if admitted {
            self.left -= 1.0;
        }
        Standing {
            a_minute: self.a_minute as u64,
            left: self.left as u64,
            full_in_ms: ((self.burst - self.left) / per_ms).ceil() as u64,
            wait_ms: if admitted { 0 } else { ((1.0 - self.left) / per_ms).ceil() as u64 },
        }
    }
}

/// A header of a reply.
pub(super) type Header = (&'static str, String);

/// The headers that tell how a request stands; with a wait, the wait in seconds and in milliseconds too.
pub(super) fn standing_headers(dialect: Dialect, standing: Standing) -> Vec<Header> {
    let Standing { a_minute, left, full_in_ms, wait_ms } = standing;
    let mut headers = match dialect {
        Dialect::OpenAi => vec![
            ("x-ratelimit-limit-requests", a_minute.to_string()),
            ("x-ratelimit-remaining-requests", left.to_string()),
            ("x-ratelimit-reset-requests", duration(full_in_ms)),
        ],
        Dialect::Anthropic => vec![
            ("anthropic-ratelimit-requests-limit", a_minute.to_string()),
            ("anthropic-ratelimit-requests-remaining", left.to_string()),
        ],
        Dialect::Gemini => Vec::new(),
    };
    if wait_ms > 0 && dialect != Dialect::Gemini {
        headers.push(("retry-after", wait_ms.div_ceil(1000).to_string()));
        headers.push(("retry-after-ms", wait_ms.to_string()));
    }
    headers
}

/// A wait in one of the spellings that are met in the wild, or in none. Gemini's stands in the body.
pub(super) fn wait_headers(dialect: Dialect, wait_ms: u64, now_ms: u64, draw: f64) -> Vec<Header> {
    if dialect == Dialect::Gemini {
        return Vec::new();
    }
    match pick(draw, 6) {
        0 => vec![("retry-after", wait_ms.div_ceil(1000).to_string())],
        1 => vec![("retry-after", format!("{}.{:03}", wait_ms / 1000, wait_ms % 1000))],
        2 => vec![("retry-after", http_date((now_ms + wait_ms).div_ceil(1000)))],
        3 => vec![("retry-after-ms", wait_ms.to_string())],
        4 => {
            vec![("x-ratelimit-remaining-requests", "0".to_owned()), ("x-ratelimit-reset-requests", duration(wait_ms))]
        }
        _ => Vec::new(),
    }
}

/// A duration as OpenAI writes it: `120ms`, `1.5s`, `6m0s`.
fn duration(ms: u64) -> String {
    match (ms / 60_000, ms % 60_000) {
        (0, rest) if rest < 1000 => format!("{rest}ms"),
        (0, rest) => format!("{}s", seconds(rest)),
        (minutes, rest) => format!("{minutes}m{}s", seconds(rest)),
    }
}

fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A moment as HTTP writes it (RFC 9110 section 5.6.7), from seconds since 1970; the days of a civil date by the algorithm of
/// Hinnant (2021), "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
fn http_date(seconds: u64) -> String {
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months are counted from March.
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let year = era * 400 + year_of_era + u64::from(march_month >= 10);
    let names = ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"];
    let months = names.iter().skip(usize::try_from(march_month).unwrap_or(0));
    let month = months.copied().next().unwrap_or("Jan");
    let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let weekday = weekdays[usize::try_from(days % 7).unwrap_or(0)];
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} GMT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_lets_in_its_burst_and_then_its_rate() {
        let mut bucket = Bucket::new(60, 2, 1000);
        let waits: Vec<u64> = [1000, 1000, 1000, 1500, 2000, 2000].map(|now| bucket.take(now).wait_ms).to_vec();
        assert_eq!(waits, [0, 0, 1000, 500, 0, 1000]);
        assert_eq!(bucket.take(100_000).left, 1, "never more than the burst");
    }

    #[test]
    fn waits_are_spelled_in_many_ways() {
        assert_eq!(duration(120), "120ms");
        assert_eq!(duration(1500), "1.5s");
        assert_eq!(duration(360_000), "6m0s");
        // The example of RFC 9110, and a leap day.
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(1_709_164_800), "Thu, 29 Feb 2024 00:00:00 GMT");
        let spelled = |draw| wait_headers(Dialect::OpenAi, 1500, 784_111_775_000, draw);
        assert_eq!(spelled(0.0), [("retry-after", "2".to_owned())]);
        assert_eq!(spelled(0.2), [("retry-after", "1.500".to_owned())]);
        assert_eq!(spelled(0.4), [("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT".to_owned())]);
        assert_eq!(spelled(0.6), [("retry-after-ms", "1500".to_owned())]);
        assert_eq!(spelled(0.99), []);
    }
}
