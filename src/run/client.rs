//! One request over HTTP: what was sent, and what came back in time and in size.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;

use super::secret::Secret;
use crate::judge::live::{Call, Limits};

/// A reply as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpReply {
    pub(super) status: u16,
    /// Names in lower case; values that are no text are left out.
    pub(super) headers: Vec<(String, String)>,
    /// Invalid UTF-8 replaced; cut at the most bytes that a reply may have.
    pub(super) body: String,
}

/// Why there is no reply. Any of these may be otherwise the next time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SendFault {
    /// Nothing came, or not all of it, within the time allowed.
    #[error("timed out waiting for {0}")]
    Timeout(&'static str),
    /// No connection.
    #[error("could not connect: {0}")]
    Connect(String),
    /// The connection broke before the reply was whole.
    #[error("the reply broke off: {0}")]
    Broken(String),
}

/// Sends requests, and keeps connections open between them.
#[derive(Debug, Clone)]
pub(super) struct Client(reqwest::Client);

impl Client {
    /// A client that connects within the limits' time and follows no redirect: a key must not travel on.
    pub(super) fn new(limits: &Limits) -> Result<Self, String> {
        let client = reqwest::Client::builder()
            .connect_timeout(seconds(limits.connect_timeout_s))
            .redirect(Policy::none())
            .pool_max_idle_per_host(limits.concurrency)
            .tcp_nodelay(true)
            .user_agent(concat!("lacuna/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(Self).map_err(|error| chain(&error))
    }

    /// Sends one call and reads its reply.
    pub(super) async fn send(
        &self,
        call: &Call,
        key: Option<&Secret>,
        limits: &Limits,
    ) -> Result<HttpReply, SendFault> {
        let request = self.0.post(&call.url).headers(headers(call, key)).body(call.body.clone());
        let whole = tokio::time::timeout(seconds(limits.timeout_s), async {
            let first = tokio::time::timeout(seconds(limits.first_byte_timeout_s), request.send()).await;
            let response =
                first.map_err(|_| SendFault::Timeout("the first byte"))?.map_err(|error| fault(&error, key))?;
            let status = response.status().as_u16();
            let headers = texts(response.headers());
            let body = body(response, limits.most_reply_bytes).await.map_err(|error| fault(&error, key))?;
            Ok(HttpReply { status, headers, body })
        });
        whole.await.map_err(|_| SendFault::Timeout("the last byte"))?
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

fn headers(call: &Call, key: Option<&Secret>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in &call.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    if let (Some(slot), Some(key)) = (&call.key, key)
        && let Ok(mut value) = HeaderValue::try_from(format!("{}{}", slot.prefix, key.expose()))
    {
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static(slot.header), value);
    }
    headers
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text =
        |(name, value): (&HeaderName, &HeaderValue)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()));
    headers.iter().filter_map(text).collect()
}

/// The body up to a number of bytes; what comes after them is not read.
async fn body(mut response: reqwest::Response, most: usize) -> Result<String, reqwest::Error> {
    let mut bytes: Vec<u8> = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = most.saturating_sub(bytes.len());
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if bytes.len() >= most {
            break;
        }
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

fn fault(error: &reqwest::Error, key: Option<&Secret>) -> SendFault {
    let text = chain(error);
    let text = key.map_or_else(|| text.clone(), |key| key.redact(&text));
    match error {
        error if error.is_connect() => SendFault::Connect(text),
        error if error.is_timeout() => SendFault::Timeout("the reply"),
        _ => SendFault::Broken(text),
    }
}

/// The innermost cause, which says most; never the address, which may hold a key in its query.
fn chain(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
