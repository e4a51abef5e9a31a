//! Judges that are asked: what is sent to them and how their replies are read. Pure; `run` does the sending.

mod address;
mod answer;
mod anthropic;
mod batch;
mod call;
mod command;
mod disposition;
mod endpoint;
#[cfg(test)]
mod examples;
mod file;
mod flag;
mod gemini;
mod json;
mod keys;
mod openai;
mod panel;
mod prompt;
mod provider_error;
mod question;
mod read;
mod render;
mod reply;
mod request;
mod samples;
mod spec;
mod tables;
#[cfg(test)]
mod tests;
mod verdict;
#[cfg(test)]
mod verdict_tests;
mod wait;

pub use batch::{BatchForm, BatchLine, BatchResult, batch_line};
pub use call::{Asked, Call, Disposition, KeySlot, StoredReply};
pub(super) use file::{Context, live_of, panel_of};
pub use keys::key_is_bound;
pub(super) use keys::without_key;
pub use panel::panel_verdicts;
pub use read::Reader;
pub use render::{Asker, PromptFault};
pub use reply::{Answered, Stop, TokenChance, TokenPlace, answered};
pub use request::asks;
pub use samples::share_of_samples;
pub use spec::{
    ConfidenceSource, Endpoint, Limits, LiveSpec, Need, PanelRule, PanelSpec, Price, Prompt, Provider, ReplyShape,
    Sampling,
};
pub use tables::{LimitsFile, PriceFile, SamplingFile};
pub use verdict::{ReadReply, ReadingNotes};
pub use wait::{wait_asked, wait_in_body};
