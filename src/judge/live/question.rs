//! What an adapter is given and what it makes of it.

use super::answer::AnswerKey;
use super::render::Rendered;
use super::spec::LiveSpec;

/// What an adapter makes a request of.
pub(super) struct Question<'a> {
    /// The judge.
    pub(super) spec: &'a LiveSpec,
    /// The messages.
    pub(super) rendered: &'a Rendered,
    /// The keys of the answer.
    pub(super) keys: &'a [AnswerKey],
    /// Which repeat it is.
    pub(super) repeat: u32,
}

impl Question<'_> {
    /// The seed of this repeat.
    pub(super) fn seed(&self) -> Option<u64> {
        self.spec.sampling.seed.map(|seed| seed.saturating_add(u64::from(self.repeat)))
    }
}

/// What an adapter makes.
pub(super) struct Request {
    /// Where to send it; empty for a local command.
    pub(super) url: String,
    /// Headers that the protocol asks for; the judge file may set them otherwise.
    pub(super) headers: Vec<(&'static str, &'static str)>,
    /// The body.
    pub(super) body: String,
    /// The header that carries the key, and what stands before the key.
    pub(super) key: (&'static str, &'static str),
}
