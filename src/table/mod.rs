//! Columns: the group-by that makes the counts table, and Parquet in and out. The only code that knows polars.

mod counts;
mod parquet;
mod rows;
mod verdicts;

pub use counts::{Answer, Count, TrialRow, count};
pub use parquet::MOST_DECODED_BYTES;
pub use rows::{Rows, read_rows};
pub use verdicts::{TextColumns, read_verdicts, write_verdicts};
