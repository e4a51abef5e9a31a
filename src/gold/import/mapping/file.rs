//! The mapping file as written (`lacuna-mapping/1`). `docs/mapping.md` has every key.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::forms::{LevelOrWord, Scalar, Several, TextOr};
use crate::model::RaterKind;

/// A mapping file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    #[expect(dead_code, reason = "checked before the rest is read; named here because every other key is refused")]
    pub(super) format: String,
    pub(super) card: toml::Table,
    pub(super) sources: Vec<SourceFile>,
    pub(super) example: ExampleFile,
    #[serde(default)]
    pub(super) axes: AxesFile,
    /// Value maps by name, for use in several places.
    #[serde(default)]
    pub(super) values: BTreeMap<String, BTreeMap<String, LevelOrWord>>,
    #[serde(default)]
    pub(super) raters: Vec<RaterFile>,
    #[serde(default)]
    pub(super) judges: Vec<JudgeFile>,
}

/// A table: one or several files with the same columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceFile {
    pub(super) name: Option<String>,
    pub(super) files: Several<String>,
    pub(super) format: Option<TableFormat>,
    pub(super) delimiter: Option<String>,
    /// Rows to read; the others are left out and counted.
    #[serde(default, rename = "where")]
    pub(super) only: Several<ConditionFile>,
    /// Which example a row is about, where that is not written as in `[example] id`.
    pub(super) example: Option<ValueFile>,
    pub(super) join: Option<JoinFile>,
}

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableFormat {
    /// Comma-separated values with a line of column names.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Parquet.
    Parquet,
}

/// A source whose rows complete the rows of the first one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinFile {
    pub(super) key: ValueFile,
    pub(super) to: Option<ValueFile>,
    #[serde(default)]
    pub(super) agree: Vec<String>,
    #[serde(default)]
    pub(super) unmatched: Unmatched,
}

/// What a row without its partner becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unmatched {
    /// A fault.
    #[default]
    Error,
    /// A row whose joined cells are empty.
    Empty,
}

/// A column's name, a template, or a long form of either.
pub(super) type ValueFile = TextOr<ValueTable>;

/// The long form of a value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueTable {
    pub(super) column: Option<String>,
    pub(super) template: Option<String>,
    pub(super) text: Option<String>,
}

/// A condition on a cell: one operator.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionFile {
    pub(super) column: String,
    pub(super) equals: Option<Scalar>,
    pub(super) not_equals: Option<Scalar>,
    pub(super) starts_with: Option<String>,
    pub(super) not_starts_with: Option<String>,
    pub(super) contains: Option<String>,
    pub(super) not_contains: Option<String>,
    pub(super) is_empty: Option<bool>,
    #[serde(rename = "in")]
    pub(super) one_of: Option<Vec<Scalar>>,
    #[serde(rename = "not_in")]
    pub(super) none_of: Option<Vec<Scalar>>,
}

/// What an example is made of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleFile {
    pub(super) id: ValueFile,
    pub(super) cluster: Option<ValueFile>,
    pub(super) prompt: ValueFile,
    pub(super) response: Option<ValueFile>,
    pub(super) system: Option<ValueFile>,
    pub(super) reference: Option<ValueFile>,
    pub(super) twin_of: Option<ValueFile>,
    pub(super) pair: Option<PairFile>,
    pub(super) required: Option<TextOr<ItemsFile>>,
    pub(super) prohibited: Option<TextOr<ItemsFile>>,
    #[serde(default)]
    pub(super) slices: BTreeMap<String, ValueFile>,
}

/// The same facts put in two ways.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PairFile {
    pub(super) id: ValueFile,
    pub(super) role: ValueFile,
}

/// Items: a list in one column, several columns, or one row an item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemsFile {
    pub(super) column: Option<String>,
    pub(super) split: Option<String>,
    pub(super) columns: Option<Vec<String>>,
    pub(super) source: Option<String>,
    pub(super) id: Option<String>,
    pub(super) text: Option<String>,
}

/// Conditions under which an axis applies; without one it always does.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AxesFile {
    pub(super) omission: Option<Several<ConditionFile>>,
    pub(super) commission: Option<Several<ConditionFile>>,
}

/// A value map, or the name of one.
pub(super) type ValuesFile = TextOr<BTreeMap<String, LevelOrWord>>;

/// How a severity is read: a column of whole numbers, or more.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingFile {
    pub(super) column: Option<String>,
    pub(super) values: Option<ValuesFile>,
    pub(super) cuts: Option<Vec<f64>>,
    pub(super) higher: Option<Higher>,
    pub(super) value: Option<i64>,
    pub(super) unmapped: Option<UnmappedFile>,
    #[serde(default)]
    pub(super) when: Several<ConditionFile>,
    pub(super) aggregate: Option<AggregateFile>,
    pub(super) count_cuts: Option<Vec<i64>>,
    pub(super) absent: Option<i64>,
}

/// What a higher number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Higher {
    /// More harm.
    IsHarm,
    /// A better response.
    IsBetter,
}

/// What a cell becomes that no rule covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum UnmappedFile {
    /// A fault.
    Error,
    /// A verdict that never came, kept in `raw`.
    NoVerdict,
    /// An axis that the rater did not rate.
    NotRated,
    /// A severity, where it is a whole number; a fault otherwise.
    Number,
}

/// How several rows of one rater and example become one severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AggregateFile {
    /// The highest.
    Max,
    /// 1 where a row is above 0.
    Any,
    /// The number of rows above 0, cut into severities by `count_cuts`.
    Count,
}

/// Raters: one a column, or named in a column.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RaterFile {
    pub(super) source: Option<String>,
    pub(super) id: Option<String>,
    pub(super) id_column: Option<String>,
    pub(super) columns: Option<BTreeMap<String, String>>,
    pub(super) kind: Option<RaterKind>,
    #[serde(default)]
    pub(super) covers: Covers,
    #[serde(default, rename = "where")]
    pub(super) only: Several<ConditionFile>,
    pub(super) unmapped: Option<UnmappedFile>,
    pub(super) omission: Option<TextOr<ReadingFile>>,
    pub(super) commission: Option<TextOr<ReadingFile>>,
    pub(super) items: Option<MarksFile>,
    pub(super) mechanism: Option<ValueFile>,
    pub(super) note: Option<ValueFile>,
    pub(super) at: Option<ValueFile>,
}

/// Which examples a rater read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Covers {
    /// Those with a row.
    #[default]
    Rows,
    /// Every example; one without a row has the severities of `absent`.
    All,
}

/// Marks of required items: one a column, or one row an item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarksFile {
    pub(super) columns: Option<BTreeMap<String, String>>,
    pub(super) id: Option<String>,
    pub(super) column: Option<String>,
    pub(super) values: Option<ValuesFile>,
}

/// Recorded judges: one, or named in a column.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgeFile {
    pub(super) source: Option<String>,
    pub(super) name: Option<String>,
    pub(super) name_column: Option<String>,
    pub(super) title: Option<String>,
    #[serde(default, rename = "where")]
    pub(super) only: Several<ConditionFile>,
    pub(super) column: Option<String>,
    pub(super) unmapped: Option<UnmappedFile>,
    pub(super) omission: Option<TextOr<ReadingFile>>,
    pub(super) commission: Option<TextOr<ReadingFile>>,
    pub(super) score: Option<String>,
    pub(super) p_omission: Option<String>,
    pub(super) p_commission: Option<String>,
    pub(super) repeat: Option<String>,
    pub(super) items: Option<MarksFile>,
    pub(super) rationale: Option<ValueFile>,
    pub(super) raw: Option<ValueFile>,
    pub(super) model: Option<ValueFile>,
    pub(super) at: Option<ValueFile>,
    /// More keys of the judge's file.
    #[serde(default)]
    pub(super) file: toml::Table,
}
