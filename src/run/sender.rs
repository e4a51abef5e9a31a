//! How a call reaches its judge: over HTTP, or to a local program.

use super::client::{Client, HttpReply, SendFault};
use super::program::Programs;
use super::secret::Secret;
use crate::judge::live::{Call, Limits, LiveSpec, Provider};

/// The way to one judge.
#[derive(Debug)]
pub(super) enum Sender {
    /// Over HTTP.
    Http(Client),
    /// To programs on this machine.
    Program(Programs),
}

impl Sender {
    pub(super) fn new(live: &LiveSpec) -> Result<Self, String> {
        match live.provider {
            Provider::Command => Ok(Self::Program(Programs::new(&live.endpoint.command))),
            Provider::OpenAi | Provider::Anthropic | Provider::Gemini => Client::new(&live.limits).map(Self::Http),
        }
    }

    pub(super) async fn send(
        &self,
        call: &Call,
        key: Option<&Secret>,
        limits: &Limits,
    ) -> Result<HttpReply, SendFault> {
        match self {
            Self::Http(client) => client.send(call, key, limits).await,
            Self::Program(programs) => programs.send(call, limits).await,
        }
    }
}
