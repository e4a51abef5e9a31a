//! Judges that are asked: what is sent to them and how their replies are read. Pure; `run` does the sending.

mod call;
mod disposition;
#[cfg(test)]
mod examples;
mod flag;
mod panel;
mod pending;
mod provider_error;
mod read;
mod reply;
mod samples;
mod spec;
mod verdict;
#[cfg(test)]
mod verdict_tests;
mod wait;

pub use call::{Asked, Call, Disposition, KeySlot, StoredReply};
pub use panel::panel_verdicts;
pub use read::Reader;
pub use reply::{Answered, Stop, TokenChance, TokenPlace, answered};
pub use samples::share_of_samples;
pub use spec::{
    ConfidenceSource, Endpoint, Limits, LiveSpec, PanelRule, PanelSpec, Price, Prompt, Provider, ReplyShape, Sampling,
};
pub use verdict::{ReadReply, ReadingNotes};
pub use wait::{wait_asked, wait_in_body};
