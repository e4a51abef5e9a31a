//! Gold sets: strict reading, aggregation of raters, import of published sets, calibration and test parts.

mod aggregate;
mod card;
mod check;
mod files;
mod jsonl;
mod lint;
mod set;
mod split;
mod starter;
mod wording;

pub mod import;

pub use aggregate::{AggregateRule, Label, Labels, aggregate_items, aggregate_severities};
pub use card::{line_of_key, read_toml};
pub use files::{SetFiles, read_file, read_text};
pub use jsonl::{Located, read_jsonl};
pub use lint::{Lint, LintCode, LintLevel, lint};
pub use set::{GoldSet, Rater};
pub use split::{Part, PartSet, Split, SplitOptions, split_set, verdict_lines};
pub use starter::starter_set;
