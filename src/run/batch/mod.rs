//! Batches: the requests of a run written for a provider to work through in its own time, and their results filed in the
//! ledger as if they had been asked for one by one.

mod read;
mod write;

pub use read::{BatchFiled, BatchReader};
pub use write::{BatchCount, BatchLimits, batch_calls};
