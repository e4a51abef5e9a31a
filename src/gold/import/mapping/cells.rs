//! Cells of a mapping file as written: the value that is made of them, and the condition on one.

use schemars::JsonSchema;
use serde::Deserialize;

use super::forms::{Scalar, TextOr};

/// A column's name, a template, or a long form of either.
pub(super) type ValueFile = TextOr<ValueTable>;

/// The long form of a value.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueTable {
    /// A column.
    pub(super) column: Option<String>,
    /// Words with columns in braces.
    pub(super) template: Option<String>,
    /// The same text for every row.
    pub(super) text: Option<String>,
    /// A column whose text is too long for a name, such as a prompt: the beginning of its SHA-256.
    pub(super) digest: Option<String>,
}

/// A condition on a cell: one operator.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionFile {
    /// The column whose cell is tested.
    pub(super) column: String,
    /// The cell is this.
    pub(super) equals: Option<Scalar>,
    /// The cell is anything else.
    pub(super) not_equals: Option<Scalar>,
    /// The cell begins with this.
    pub(super) starts_with: Option<String>,
    /// The cell begins with anything else.
    pub(super) not_starts_with: Option<String>,
    /// This stands in the cell.
    pub(super) contains: Option<String>,
    /// This does not stand in the cell.
    pub(super) not_contains: Option<String>,
    /// Whether the cell is empty.
    pub(super) is_empty: Option<bool>,
    /// The cell is one of these.
    #[serde(rename = "in")]
    pub(super) one_of: Option<Vec<Scalar>>,
    /// The cell is none of these.
    #[serde(rename = "not_in")]
    pub(super) none_of: Option<Vec<Scalar>>,
}
