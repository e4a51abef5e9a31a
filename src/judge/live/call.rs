//! What is sent to a judge and what comes back: the records that an adapter, the runner and the ledger share.

use crate::model::{Card, Example};

/// One question: what a judge is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The card of the set, for the names of the levels.
    pub card: &'a Card,
    /// The example.
    pub example: &'a Example,
    /// Which repeat of the question, from 0.
    pub repeat: u32,
}

/// The name of the variable that holds a key, and the header that carries it. The key itself is never in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySlot {
    /// Name of the environment variable.
    pub variable: String,
    /// Name of the header, in lower case.
    pub header: &'static str,
    /// What stands before the key in the header: `Bearer ` or nothing.
    pub prefix: &'static str,
}

/// One request, whole but for the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Where to send it, query included; empty for a local command.
    pub url: String,
    /// Headers beside the content type, without any key.
    pub headers: Vec<(String, String)>,
    /// The body: JSON.
    pub body: String,
    /// Where the key goes, if there is one.
    pub key: Option<KeySlot>,
    /// Digest of everything that can change the reply, and of nothing else: the ledger's key, 64 hexadecimal digits.
    pub sha256: String,
    /// Digest of the rendered prompt, 64 hexadecimal digits.
    pub prompt_sha256: String,
    /// A rough count of the tokens sent, for limits and the plan; never presented as exact.
    pub input_tokens: u32,
    /// The most tokens that the reply may have.
    pub most_output_tokens: u32,
}

/// A reply as the ledger keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredReply {
    /// HTTP status; 200 for a local command.
    pub status: u16,
    /// The body as it came; invalid UTF-8 replaced.
    pub body: String,
    /// From sending to the last byte of the reply that counts, in milliseconds.
    pub latency_ms: f64,
    /// Requests that it took, from 1.
    pub attempts: u32,
    /// When it came, RFC 3339.
    pub at: String,
}

/// What a reply means for the runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// It is the answer, readable or not: it is kept and never asked for again.
    Keep,
    /// It may be otherwise in a while.
    Retry,
    /// It will not be otherwise for this example: the trial is unscored, and asked again in the next run.
    Fail(String),
    /// It will not be otherwise for any example (a bad key, an exhausted quota, an unknown model): the judge stops.
    StopJudge(String),
}
