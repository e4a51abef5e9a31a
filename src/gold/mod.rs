//! Gold sets: strict reading, aggregation of raters, import of published sets, calibration and test parts, probes.

mod aggregate;
mod bundled;
mod card;
mod check;
mod files;
mod jsonl;
mod lint;
mod names;
mod probe;
mod select;
mod set;
mod split;
mod wording;

pub mod import;
pub mod init;

pub use aggregate::{AggregateRule, Label, Labels, aggregate_items, aggregate_severities};
pub use bundled::bundled_set;
#[cfg(test)]
pub(crate) use bundled::starter_set;
pub use card::{line_of_key, read_toml};
pub use files::{SetFiles, read_file, read_text};
pub use jsonl::{Located, read_jsonl};
pub use lint::{Lint, LintCode, LintLevel, lint};
pub use probe::{ProbeOptions, ProbeSetFile, Probes, ScenarioFile, build_probes};
pub use select::{Agreement, Facet, Selection, SeverityRange, facet_values};
pub use set::{GoldSet, Rater};
pub use split::{Part, PartSet, Split, SplitOptions, split_set, verdict_lines};
