//! The labelling page and its requests, on a socket of this machine.

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::serve::ListenerExt;
use serde::Serialize;

use super::desk::{Desk, DeskError};
use super::guard::{Place, Token, seat_of};
use super::page::{Page, page};
use super::session::{Mode, Progress};

/// The longest body of a request.
const MOST_BODY_BYTES: usize = 64 << 10;
/// How long replies on their way may take once the server is to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// A rater's desk and the token that leads to it.
#[derive(Debug)]
pub struct Seat {
    /// The token.
    pub token: Token,
    /// The desk.
    pub desk: Desk,
}

/// The server of one or more raters.
#[derive(Debug)]
pub struct LabelServer {
    tokens: Vec<Token>,
    desks: Vec<Mutex<Desk>>,
    place: Place,
    page: Page,
    /// The command that serves, as messages name it.
    command: &'static str,
}

/// A reply: its status and its JSON.
type Reply = (StatusCode, Vec<u8>);

impl LabelServer {
    /// A server whose page is asked for on the given port.
    pub fn new(seats: Vec<Seat>, port: u16) -> Arc<Self> {
        // All seats of a server are there for the same.
        let command = seats.first().map_or(Mode::Label, |seat| seat.desk.session().mode()).command();
        let (tokens, desks) = seats.into_iter().map(|seat| (seat.token, Mutex::new(seat.desk))).unzip();
        Arc::new(Self { tokens, desks, place: Place::new(port), page: page(command), command })
    }

    /// Serves until `shutdown` ends; replies on their way are finished.
    pub async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let router = Router::new().fallback(answer).with_state(self);
        let (told, ends) = tokio::sync::oneshot::channel();
        let graceful = async move {
            shutdown.await;
            let _ = told.send(());
        };
        let impatient = async move {
            if ends.await.is_ok() {
                // A browser may keep a connection open without asking anything.
                tokio::time::sleep(PATIENCE).await;
            }
        };
        tokio::select! {
            served = axum::serve(listener, router).with_graceful_shutdown(graceful) => served,
            () = impatient => Ok(()),
        }
    }

    /// How far each rater is, in the order of the seats.
    pub fn progress(&self) -> Vec<(String, Progress)> {
        let of = |desk: &Mutex<Desk>| {
            let desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
            (desk.session().rater().to_owned(), desk.session().progress())
        };
        self.desks.iter().map(of).collect()
    }

    /// Answers a request to the API.
    fn api(&self, seat: usize, method: &Method, path: &str, body: &[u8]) -> Reply {
        let mut desk = self.desks[seat].lock().unwrap_or_else(PoisonError::into_inner);
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let known = match parts.as_slice() {
            ["api", "session" | "answers"] => Method::GET,
            ["api", "task", _] => Method::GET,
            ["api", "answer", _] | ["api", "undo"] => Method::POST,
            _ => return error(StatusCode::NOT_FOUND, "no such path; allowed: the paths of the page"),
        };
        if method != known {
            return error(StatusCode::METHOD_NOT_ALLOWED, &format!("wrong method; allowed: {known}"));
        }
        match parts.as_slice() {
            ["api", "session"] => reply(&desk.session().view()),
            ["api", "answers"] => reply(&desk.session().given_view()),
            ["api", "undo"] => of_desk(desk.undo()),
            ["api", "task", position] => {
                let task = position_of(position).and_then(|position| desk.session().task_view(position));
                task.map_or_else(|| failure(&DeskError::NoPosition), |task| reply(&task))
            }
            [.., position] => {
                let Some(position) = position_of(position) else { return failure(&DeskError::NoPosition) };
                of_desk(desk.answer(position, body))
            }
            [] => failure(&DeskError::NoPosition),
        }
    }
}

/// A position as this program writes it: digits alone.
fn position_of(text: &str) -> Option<usize> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn of_desk<T: Serialize>(result: Result<T, DeskError>) -> Reply {
    match result {
        Ok(value) => reply(&value),
        Err(fault) => failure(&fault),
    }
}

fn failure(fault: &DeskError) -> Reply {
    let status = match fault {
        DeskError::NoPosition => StatusCode::NOT_FOUND,
        DeskError::NothingToUndo => StatusCode::CONFLICT,
        DeskError::Answer(_) => StatusCode::UNPROCESSABLE_ENTITY,
        DeskError::Storage(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    error(status, &fault.to_string())
}

fn reply(value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(json) => (StatusCode::OK, json),
        Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "the reply could not be written"),
    }
}

fn error(status: StatusCode, message: &str) -> Reply {
    (status, serde_json::json!({ "error": message }).to_string().into_bytes())
}

async fn answer(State(server): State<Arc<LabelServer>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let seat = seat_of(&parts.uri, &parts.headers, server.tokens.iter());
    let Some(seat) = seat.filter(|_| server.place.admits(&parts.uri, &parts.headers)) else {
        let message = format!("not allowed; open the address that `{}` printed", server.command);
        return json(error(StatusCode::FORBIDDEN, &message));
    };
    if parts.uri.path() == "/" {
        return match parts.method {
            Method::GET => html(&server.page),
            _ => json(error(StatusCode::METHOD_NOT_ALLOWED, "wrong method; allowed: GET")),
        };
    }
    let Ok(body) = to_bytes(body, MOST_BODY_BYTES).await else {
        let message = format!("the request is too long; allowed: at most {MOST_BODY_BYTES} bytes");
        return json(error(StatusCode::PAYLOAD_TOO_LARGE, &message));
    };
    // An answer waits for the disk; what began is finished even where the client has left.
    let asked = tokio::task::spawn_blocking(move || server.api(seat, &parts.method, parts.uri.path(), &body));
    let failed = |_| error(StatusCode::INTERNAL_SERVER_ERROR, "the server failed; the answer may not be saved");
    json(asked.await.unwrap_or_else(failed))
}

fn json((status, body): Reply) -> Response {
    response(status, "application/json", "default-src 'none'; frame-ancestors 'none'", body.into())
}

fn html(page: &Page) -> Response {
    response(StatusCode::OK, "text/html; charset=utf-8", &page.policy, page.html.clone().into())
}

fn response(status: StatusCode, content_type: &'static str, policy: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Made of digests and fixed words.
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
