//! The report: view model, figures, page, tables, terminal. It formats numbers and computes none.

mod agreement;
mod card;
mod compare;
mod compared;
mod drill;
mod example;
mod figures;
mod format;
mod latex;
mod lint;
mod markdown;
mod methods;
mod page;
mod planning;
mod replication;
mod selftest;
mod sentence;
mod tables;
mod terminal;
mod view;
mod worth;

pub use agreement::agreement_summary;
pub use card::{AuditCard, PromptDigests};
pub use compare::{Compared, change_summary, comparison_summary, detectable_summary};
pub use drill::{DrillDown, DrillSources, Kind as CaseKind, Notes};
pub use example::{Detail, ShownExample};
pub use figures::{Figure, figures};
pub use format::clean as one_line;
pub use lint::lint_summary;
pub use markdown::{methods_markdown, report_markdown};
pub use page::{PageError, PageParts, page};
pub use planning::plan_summary;
pub use replication::{Sources, replication};
pub use selftest::self_test_summary;
pub use tables::{TableError, tables};
pub use terminal::{summary, wrapped};
