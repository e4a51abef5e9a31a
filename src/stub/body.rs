//! A body that ends in its middle, as when a connection breaks.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use http_body::Frame;
use tokio::time::{Sleep, sleep};

/// How long a connection stays open after the part that is sent, so that the part leaves.
const PAUSE: Duration = Duration::from_millis(5);

/// Sends a part and breaks off.
pub(super) struct CutBody {
    part: Option<Bytes>,
    pause: Pin<Box<Sleep>>,
}

impl CutBody {
    pub(super) fn new(part: Bytes) -> Self {
        Self { part: Some(part), pause: Box::pin(sleep(PAUSE)) }
    }
}

impl HttpBody for CutBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(part) = self.part.take() {
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        let cut = || Some(Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut by the script")));
        self.pause.as_mut().poll(context).map(|()| cut())
    }
}
