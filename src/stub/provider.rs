//! What becomes of a request: pure but for the counts that a provider keeps.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::http::request::Parts;
use serde_json::{Map, Value};

use super::answer::{Manner, Writer};
use super::ask::{best_score, wanted};
use super::dialect::{Dialect, Route};
use super::draw::{BodyDigest, Draws, Purpose};
use super::exchange::{Ending, Failure, Question, Reply};
use super::fault::{Fault, bad_json, hostile_text, with_invalid_bytes};
use super::limit::{Bucket, Header, standing_headers, wait_headers};
use super::opinion::Opinion;
use super::options::{Blindness, Faults, Pace, StubOptions};
use super::tokens::tokens;
use super::truth::Truth;
use super::{anthropic, openai};

/// A provider with its account.
pub(super) struct Provider {
    truth: Option<Truth>,
    seed: u64,
    blindness: Blindness,
    faults: Faults,
    pace: Pace,
    key: Option<String>,
    models: Vec<String>,
    served_model: Option<String>,
    now_ms: fn() -> u64,
    bucket: Option<Mutex<Bucket>>,
    /// Whole replies sent.
    replies: AtomicU64,
    /// Attempts at each body; kept only where an attempt can fail by the script. Only looked up.
    attempts: Mutex<HashMap<BodyDigest, u32>>,
}

/// How an answer leaves.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Delivery {
    /// Whole.
    Whole(Vec<u8>),
    /// The first half, and then the connection breaks.
    Cut(Vec<u8>),
    /// Not at all.
    Never,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub(super) status: u16,
    pub(super) headers: Vec<Header>,
    pub(super) delivery: Delivery,
    /// Whether it is a whole reply of the protocol.
    pub(super) paid: bool,
    pub(super) fault: Option<&'static str>,
    pub(super) example: Option<String>,
    /// Milliseconds until it leaves.
    pub(super) delay_ms: u64,
}

impl Provider {
    pub(super) fn new(options: StubOptions) -> Self {
        let now_ms = options.now_ms;
        let bucket = options
            .pace
            .requests_per_minute
            .map(|a_minute| Mutex::new(Bucket::new(a_minute, options.pace.burst.unwrap_or(a_minute), now_ms())));
        Self {
            truth: options.gold.map(Truth::new),
            seed: options.seed,
            blindness: options.blindness,
            faults: options.faults,
            pace: options.pace,
            key: options.require_key,
            models: options.models,
            served_model: options.served_model,
            now_ms,
            bucket,
            replies: AtomicU64::new(0),
            attempts: Mutex::default(),
        }
    }

    /// Decides on a request.
    pub(super) fn outcome(&self, parts: &Parts, body: &[u8], digest: &BodyDigest) -> Outcome {
        let Some(route) = Route::of(&parts.method, parts.uri.path()) else {
            return failed(Dialect::OpenAi, &Failure::NoRoute);
        };
        let (dialect, model) = match route {
            Route::Ask(dialect, model) => (dialect, model),
            Route::Models => return self.list(parts),
        };
        let mut outcome = self.checked(dialect, model, parts, body, digest);
        outcome.delay_ms = self.delay_ms(digest);
        outcome
    }

    fn list(&self, parts: &Parts) -> Outcome {
        if !self.admits_key(Dialect::OpenAi, parts) {
            return failed(Dialect::OpenAi, &Failure::BadKey);
        }
        let any = [self.served_model.clone().unwrap_or_else(|| "stub".to_owned())];
        let models = if self.models.is_empty() { any.as_slice() } else { &self.models };
        whole(200, &openai::models(models, (self.now_ms)() / 1000))
    }

    fn admits_key(&self, dialect: Dialect, parts: &Parts) -> bool {
        let query = parts.uri.query().unwrap_or("");
        self.key.as_ref().is_none_or(|key| dialect.has_key(&parts.headers, query, key))
    }

    /// Key, form of the request, model, limit, money: in the order in which a provider looks.
    fn checked(
        &self,
        dialect: Dialect,
        model: Option<String>,
        parts: &Parts,
        body: &[u8],
        digest: &BodyDigest,
    ) -> Outcome {
        if !self.admits_key(dialect, parts) {
            return failed(dialect, &Failure::BadKey);
        }
        let question = match dialect.question(&parts.headers, model, body) {
            Ok(question) => question,
            Err(failure) => return failed(dialect, &failure),
        };
        if !self.models.is_empty() && !self.models.contains(&question.model) {
            return failed(dialect, &Failure::UnknownModel(question.model));
        }
        let mut headers = Vec::new();
        if let Some(bucket) = &self.bucket {
            let standing = bucket.lock().unwrap_or_else(PoisonError::into_inner).take((self.now_ms)());
            headers = standing_headers(dialect, standing);
            if standing.wait_ms > 0 {
                let outcome = failed(dialect, &Failure::RateLimited(standing.wait_ms));
                return Outcome { headers, fault: Some("requests_per_minute"), ..outcome };
            }
        }
        let mut outcome = self.attempted(dialect, &question, digest);
        outcome.headers.append(&mut headers);
        outcome
    }

    /// An attempt, with the fault that the script has for it.
    fn attempted(&self, dialect: Dialect, question: &Question, digest: &BodyDigest) -> Outcome {
        if self.faults.of_requests().iter().sum::<f64>() <= 0.0 {
            return self.replied(dialect, question, digest);
        }
        let draws = Draws::new(self.seed, Purpose::Attempt(self.count(digest)), digest);
        let Some(fault) = Fault::of_request(&self.faults, draws) else {
            return self.replied(dialect, question, digest);
        };
        let wait_ms = self.pace.retry_after_ms;
        let mut outcome = match fault {
            Fault::RateLimited => {
                let headers = wait_headers(dialect, wait_ms, (self.now_ms)(), draws.0[1]);
                Outcome { headers, ..failed(dialect, &Failure::RateLimited(wait_ms)) }
            }
            Fault::ServerError => failed(dialect, &Failure::ServerError),
            Fault::Overloaded => failed(dialect, &Failure::Overloaded),
            Fault::Cut => {
                let (reply, _) = self.reply(dialect, question, digest);
                Outcome { delivery: Delivery::Cut(reply), ..failed(dialect, &Failure::ServerError) }
            }
            Fault::BadJson => {
                let body = bad_json(draws.0[1]).as_bytes().to_vec();
                Outcome { delivery: Delivery::Whole(body), ..failed(dialect, &Failure::ServerError) }
            }
            _ => Outcome { delivery: Delivery::Never, ..failed(dialect, &Failure::ServerError) },
        };
        if matches!(fault, Fault::Cut | Fault::BadJson) {
            outcome.status = 200;
        }
        outcome.fault = Some(fault.name());
        outcome
    }

    /// The number of this attempt at a body, from 1.
    fn count(&self, digest: &BodyDigest) -> u32 {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = attempts.entry(*digest).or_default();
        *count += 1;
        *count
    }

    /// A whole reply, if there is money for it.
    fn replied(&self, dialect: Dialect, question: &Question, digest: &BodyDigest) -> Outcome {
        let quota = self.pace.quota.unwrap_or(u64::MAX);
        let more = |sent: u64| (sent < quota).then(|| sent + 1);
        if self.replies.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_err() {
            return Outcome { fault: Some("quota"), ..failed(dialect, &Failure::OutOfQuota) };
        }
        let (body, said) = self.reply(dialect, question, digest);
        if said.fault == Some(Fault::Filter) && dialect == Dialect::Anthropic {
            let fault = Some(Fault::Filter.name());
            return Outcome { fault, example: said.example, ..failed(dialect, &anthropic::filtered()) };
        }
        Outcome {
            status: 200,
            headers: Vec::new(),
            delivery: Delivery::Whole(body),
            paid: true,
            fault: said.fault.map(Fault::name),
            example: said.example,
            delay_ms: 0,
        }
    }

    /// The body of the reply to a question, and what the log says of it.
    fn reply(&self, dialect: Dialect, question: &Question, digest: &BodyDigest) -> (Vec<u8>, Said) {
        let draws = Draws::new(self.seed, Purpose::Answer, digest);
        let details = Draws::new(self.seed, Purpose::Detail, digest).0;
        let fault = Fault::of_answer(&self.faults, draws);
        let truth = self.truth.as_ref();
        let found = truth.and_then(|truth| truth.find(&question.prompt));
        let opinion = Opinion::new(truth, found.map(|found| found.example), self.blindness, draws);
        let hostile = (fault == Some(Fault::Hostile)).then(|| hostile_text(details[3]));
        let manner = match (&hostile, fault) {
            (Some(text), _) => Manner::Hostile(text),
            (None, Some(Fault::OffMenu)) => Manner::OffMenu,
            (None, _) => Manner::Plain,
        };
        let wanted = wanted(question.form.schema(), &question.prompt, found.map(|found| found.end));
        let best = best_score(&question.prompt);
        let verdict = Writer { truth, opinion: &opinion, manner, best, details }.object(&wanted);
        let (text, verdict, ending) = worded(fault, verdict);
        let reply = Reply {
            question,
            id: hex::encode(&digest[..12]),
            created: (self.now_ms)() / 1000,
            model: self.served_model.as_deref().unwrap_or(&question.model),
            tokens: question.top_tokens.map(|top| tokens(&text, &opinion, top)),
            text,
            verdict,
            ending,
        };
        let body = dialect.reply(&reply).to_string();
        let body = if hostile.is_some() { with_invalid_bytes(body) } else { body.into_bytes() };
        let example = truth.zip(opinion.example).map(|(truth, example)| truth.gold.examples[example].id.clone());
        (body, Said { fault, example })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "short waits"
    )]
    fn delay_ms(&self, digest: &BodyDigest) -> u64 {
        if self.pace.jitter_ms == 0 {
            return self.pace.latency_ms;
        }
        let draw = Draws::new(self.seed, Purpose::Delay, digest).0[0];
        self.pace.latency_ms + (draw * self.pace.jitter_ms as f64) as u64
    }
}

/// The text of a reply, its verdict if it has one, and how it ends.
fn worded(fault: Option<Fault>, verdict: Map<String, Value>) -> (String, Option<Map<String, Value>>, Ending) {
    match fault {
        Some(Fault::Nonsense) => (NONSENSE.to_owned(), None, Ending::Done),
        Some(Fault::Refusal) => (REFUSAL.to_owned(), None, Ending::Refused),
        Some(Fault::Filter) => (String::new(), None, Ending::Filtered),
        Some(Fault::Truncation) => (half(&Value::Object(verdict).to_string()).to_owned(), None, Ending::Length),
        _ => (Value::Object(verdict.clone()).to_string(), Some(verdict), Ending::Done),
    }
}

/// What the log says of a reply.
struct Said {
    fault: Option<Fault>,
    example: Option<String>,
}

const NONSENSE: &str = "It depends on many things, and reasonable people may differ.";
const REFUSAL: &str = "I'm sorry, but I can't help with that.";

fn half(text: &str) -> &str {
    &text[..text.floor_char_boundary(text.len() / 2)]
}

fn failed(dialect: Dialect, failure: &Failure) -> Outcome {
    let (status, body) = dialect.failure(failure);
    whole(status, &body)
}

/// An answer that nobody pays for.
fn whole(status: u16, body: &Value) -> Outcome {
    let delivery = Delivery::Whole(body.to_string().into_bytes());
    Outcome { status, headers: Vec::new(), delivery, paid: false, fault: None, example: None, delay_ms: 0 }
}
