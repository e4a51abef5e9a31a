//! The request log: one line a request, written when the request ends.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::draw::BodyDigest;

/// Status of a request whose client left before it was answered.
const CLIENT_LEFT: u16 = 499;

/// Where lines go; none where nobody asked for them.
pub(super) struct Journal(Option<Mutex<Box<dyn Write + Send>>>);

/// What a line says.
#[derive(Serialize)]
struct Line<'a> {
    /// When the request ended, in milliseconds since 1970.
    time_ms: u64,
    path: &'a str,
    /// Digest of the request's body.
    sha256: String,
    status: u16,
    /// Whether a whole reply of the protocol was sent: what a provider bills and nobody should ask for again.
    paid: bool,
    fault: Option<&'static str>,
    /// The example that the prompt was about.
    example: Option<&'a str>,
}

impl Journal {
    pub(super) fn new(log: Option<Box<dyn Write + Send>>) -> Self {
        Self(log.map(Mutex::new))
    }

    fn write(&self, line: &Line<'_>) {
        let Some(log) = &self.0 else { return };
        let Ok(mut text) = serde_json::to_vec(line) else { return };
        text.push(b'\n');
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        // A log that cannot be written does not stop the stub: a test that reads it misses the line.
        let _ = log.write_all(&text).and_then(|()| log.flush());
    }
}

/// One request on its way: whatever becomes of it, one line is written.
pub(super) struct Entry<'a> {
    journal: &'a Journal,
    now_ms: fn() -> u64,
    path: String,
    body: BodyDigest,
    /// The fault that it met.
    pub(super) fault: Option<&'static str>,
    /// The example that it is about.
    pub(super) example: Option<String>,
    outcome: (u16, bool),
}

impl<'a> Entry<'a> {
    pub(super) fn new(journal: &'a Journal, now_ms: fn() -> u64, path: &str, body: BodyDigest) -> Self {
        let path = path.to_owned();
        Self { journal, now_ms, path, body, fault: None, example: None, outcome: (CLIENT_LEFT, false) }
    }

    /// The request is answered.
    pub(super) fn answered(mut self, status: u16, paid: bool) {
        self.outcome = (status, paid);
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if self.journal.0.is_none() {
            return;
        }
        let (status, paid) = self.outcome;
        self.journal.write(&Line {
            time_ms: (self.now_ms)(),
            path: &self.path,
            sha256: hex::encode(self.body),
            status,
            paid,
            fault: self.fault,
            example: self.example.as_deref(),
        });
    }
}
