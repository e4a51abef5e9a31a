//! The provider on a socket.

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::serve::ListenerExt;
use sha2::{Digest, Sha256};

use super::body::CutBody;
use super::dialect::Dialect;
use super::draw::BodyDigest;
use super::exchange::Failure;
use super::journal::{Entry, Journal};
use super::options::StubOptions;
use super::provider::{Delivery, Outcome, Provider};

/// The longest body of a request: responses under test may have megabytes.
const MOST_BODY_BYTES: usize = 64 << 20;

struct Server {
    provider: Provider,
    journal: Journal,
    now_ms: fn() -> u64,
}

/// Serves until `shutdown` ends. Requests on their way are then left without an answer, as by a provider that breaks down.
pub async fn serve(
    mut options: StubOptions,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // Replies are small and whole: to wait for more to send with them would only delay them.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let (journal, now_ms) = (Journal::new(options.request_log.take()), options.now_ms);
    let server = Arc::new(Server { provider: Provider::new(options), journal, now_ms });
    let router = Router::new().fallback(answer).with_state(server);
    tokio::select! {
        served = axum::serve(listener, router) => served,
        () = shutdown => Ok(()),
    }
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let Ok(body) = to_bytes(body, MOST_BODY_BYTES).await else {
        Entry::new(&server.journal, server.now_ms, path, BodyDigest::default()).answered(413, false);
        let (status, body) = Dialect::OpenAi.failure(&Failure::TooLarge);
        return response(status, Body::from(body.to_string()));
    };
    let digest: BodyDigest = Sha256::digest(&body).into();
    let mut entry = Entry::new(&server.journal, server.now_ms, path, digest);
    let outcome = server.provider.outcome(&parts, &body, &digest);
    let Outcome { status, headers, delivery, paid, fault, example, delay_ms } = outcome;
    (entry.fault, entry.example) = (fault, example);
    if delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
    let mut response = match delivery {
        Delivery::Whole(body) => response(status, Body::from(body)),
        Delivery::Cut(body) => cut(status, body),
        Delivery::Never => std::future::pending().await,
    };
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    entry.answered(status, paid);
    response
}

fn response(status: u16, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Half a body under the length of the whole.
fn cut(status: u16, body: Vec<u8>) -> Response {
    let length = body.len();
    let body = Bytes::from(body).slice(..length / 2);
    let mut response = response(status, Body::new(CutBody::new(body)));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}
