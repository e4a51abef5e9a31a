//! What a stub provider is told to be.

use std::io::Write;

use crate::gold::GoldSet;

/// How well the stub sees, as shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blindness {
    /// Share of the omission positives that it flags.
    pub omission_recall: f64,
    /// Share of the commission positives that it flags.
    pub commission_recall: f64,
    /// Share of the negatives of an axis that it flags.
    pub false_alarm_rate: f64,
}

/// Scripted faults, as shares.
///
/// The first six break a request and are drawn anew at each attempt; the others are answers, drawn once for each request body, so
/// that a request that is sent again gets the answer that it would have got.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Faults {
    /// Status 429, with a wait in one of several spellings or in none.
    pub rate_limited: f64,
    /// Status 500.
    pub server_error: f64,
    /// Status 503, or 529 in Anthropic's protocol.
    pub overloaded: f64,
    /// No answer until the client leaves.
    pub timeout: f64,
    /// A body that ends in its middle.
    pub cut: f64,
    /// Status 200 and a body that is not the protocol's JSON.
    pub bad_json: f64,
    /// Words without a verdict.
    pub nonsense: f64,
    /// A refusal.
    pub refusal: f64,
    /// A reply that ran out of tokens.
    pub truncation: f64,
    /// A reply withheld by a content filter.
    pub filter: f64,
    /// A verdict that is not on the menu.
    pub off_menu: f64,
    /// A verdict among terminal escapes, invalid UTF-8 or ten megabytes of text.
    pub hostile: f64,
}

impl Faults {
    /// Shares of the faults that break a request.
    pub const fn of_requests(&self) -> [f64; 6] {
        [self.rate_limited, self.server_error, self.overloaded, self.timeout, self.cut, self.bad_json]
    }

    /// Shares of the faults that are answers.
    pub const fn of_answers(&self) -> [f64; 6] {
        [self.nonsense, self.refusal, self.truncation, self.filter, self.off_menu, self.hostile]
    }
}

/// How fast the stub answers, and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// Wait before each reply, in milliseconds.
    pub latency_ms: u64,
    /// At most so much more, evenly drawn.
    pub jitter_ms: u64,
    /// Requests a minute; more get status 429.
    pub requests_per_minute: Option<u32>,
    /// Requests at once within that limit; a whole minute's where absent.
    pub burst: Option<u32>,
    /// The wait that a scripted 429 asks for, in milliseconds.
    pub retry_after_ms: u64,
    /// Replies before the account is out of money.
    pub quota: Option<u64>,
}

/// Everything about a stub provider. It has no `Debug`: it may hold a key.
pub struct StubOptions {
    /// Where it knows the truth from; without it, every example is a negative.
    pub gold: Option<GoldSet>,
    /// Seed of every draw.
    pub seed: u64,
    /// How well it sees.
    pub blindness: Blindness,
    /// Scripted faults.
    pub faults: Faults,
    /// How fast and how much it answers.
    pub pace: Pace,
    /// The key that a request has to carry.
    pub require_key: Option<String>,
    /// Models that it has; any where empty.
    pub models: Vec<String>,
    /// Model that replies name in place of the one asked for.
    pub served_model: Option<String>,
    /// One JSON line a request; each line is written whole, at once.
    pub request_log: Option<Box<dyn Write + Send>>,
    /// Milliseconds since 1970.
    pub now_ms: fn() -> u64,
}
