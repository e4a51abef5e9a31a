//! Judges that are asked: what is sent to them and how their replies are read. Pure; `run` does the sending.

mod call;
mod pending;
mod spec;
pub use pending::{wait_asked, share_of_samples};

pub use call::{Asked, Call, Disposition, KeySlot, StoredReply};
pub use spec::{
    ConfidenceSource, Endpoint, Limits, LiveSpec, PanelRule, PanelSpec, Price, Prompt, Provider, ReplyShape, Sampling,
};
