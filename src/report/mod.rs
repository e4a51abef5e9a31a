//! The report: view model, figures, page, tables, terminal. It formats numbers and computes none.

mod example;
mod figures;
mod format;
mod page;
mod sentence;
mod tables;
mod terminal;
mod view;

pub use example::{Detail, ShownExample};
pub use figures::{Figure, figures};
pub use format::clean as one_line;
pub use page::{PageError, page};
pub use tables::{TableError, tables};
pub use terminal::{summary, wrapped};
