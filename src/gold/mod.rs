//! Gold sets: strict reading, aggregation of raters, import of published sets, calibration and test parts, probes.

mod adjudicator;
mod aggregate;
mod annotations;
mod bundled;
mod card;
mod check;
mod dispute;
mod files;
mod jsonl;
mod lint;
mod names;
mod people;
mod probe;
mod select;
mod set;
mod split;
mod spread;
mod wording;

pub mod exchange;
pub mod import;
pub mod init;

pub use adjudicator::card_with_adjudicator;
pub use aggregate::{AggregateRule, Label, Labels, aggregate_items, aggregate_severities};
pub use annotations::{RaterLine, holding, read_rater_lines};
pub use bundled::bundled_set;
#[cfg(test)]
pub(crate) use bundled::starter_set;
pub use card::{line_of_key, read_toml};
pub use dispute::{AxisAnswers, Dispute, DisputeFilter, IndependentAnswers, ItemMarks, disputes, mark_difference};
pub use files::{RATERS_FOLDER, SetFiles, read_file, read_text};
pub use jsonl::{JsonFault, Located, read_document, read_json, read_jsonl, whole_lines};
pub use lint::{Lint, LintCode, LintLevel, lint, looks_like_a_person};
pub use names::{MOST_VALUES, fault_of as fault_of_name};
pub use people::people_set;
pub use probe::{ProbeOptions, ProbeSetFile, Probes, ScenarioFile, build_probes};
pub use select::{Agreement, Facet, Selection, SeverityRange, facet_values};
pub use set::{GoldSet, Rater};
pub use split::{Part, PartSet, Split, SplitOptions, split_set, tied_examples, verdict_lines};
pub use spread::spread;
