//! Judges that are asked: what is sent to them and how their replies are read. Pure; `run` does the sending.

mod address;
mod answer;
mod anthropic;
mod call;
mod command;
mod endpoint;
mod file;
mod gemini;
mod json;
mod keys;
mod openai;
mod prompt;
mod render;
mod request;
mod spec;
mod tables;
#[cfg(test)]
mod tests;

pub use call::{Asked, Call, Disposition, KeySlot, StoredReply};
pub(super) use file::{Context, live_of, panel_of};
pub use keys::key_is_bound;
pub(super) use keys::without_key;
pub use render::{Asker, PromptFault};
pub use request::asks;
pub use spec::{
    ConfidenceSource, Endpoint, Limits, LiveSpec, Need, PanelRule, PanelSpec, Price, Prompt, Provider, ReplyShape,
    Sampling,
};
pub use tables::{LimitsFile, PriceFile, SamplingFile};
