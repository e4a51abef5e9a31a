//! Gold sets: strict reading, aggregation of raters, import of published sets.

mod aggregate;
mod card;
mod check;
mod files;
mod jsonl;
mod set;
mod starter;
mod wording;

pub mod import;
pub mod init;

pub use aggregate::{AggregateRule, Label, Labels, aggregate_items, aggregate_severities};
pub use card::{line_of_key, read_toml};
pub use files::{SetFiles, read_file, read_text};
pub use jsonl::{Located, read_jsonl};
pub use set::{GoldSet, Rater};
pub use starter::starter_set;
