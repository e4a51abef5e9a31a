//! The mapping file as written (`lacuna-mapping/1`). `docs/mapping.md` has every key.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use super::answers::{JudgeFile, RaterFile};
use super::cells::{ConditionFile, ValueFile};
use super::forms::{LevelOrWord, Several, TextOr};
use crate::model::Card;

/// A mapping file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingFile {
    /// `lacuna-mapping/1`.
    #[expect(dead_code, reason = "checked before the rest is read; named here because every other key is refused")]
    pub(super) format: String,
    /// What the set is: the keys of card.toml.
    #[schemars(schema_with = "card_schema")]
    pub(super) card: toml::Table,
    /// The tables.
    pub(super) sources: Vec<SourceFile>,
    /// What an example is made of.
    pub(super) example: ExampleFile,
    /// When an axis applies to an example; always where nothing is said.
    #[serde(default)]
    pub(super) axes: AxesFile,
    /// Value maps by name, for use in several places.
    #[serde(default)]
    pub(super) values: BTreeMap<String, BTreeMap<String, LevelOrWord>>,
    /// Who labelled the examples.
    #[serde(default)]
    pub(super) raters: Vec<RaterFile>,
    /// Judges whose verdicts stand in the tables.
    #[serde(default)]
    pub(super) judges: Vec<JudgeFile>,
}

/// A table: one or several files with the same columns.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceFile {
    /// Its name; `rows` for the first one where absent.
    pub(super) name: Option<String>,
    /// File names below the folder of the tables; `*` and `{name}` stand for any characters.
    pub(super) files: Several<String>,
    /// Layout of files whose extension does not tell.
    pub(super) format: Option<TableFormat>,
    /// Character between the cells of CSV; a comma, or a tab in `.tsv`, where absent.
    pub(super) delimiter: Option<String>,
    /// Rows to read; the others are left out and counted.
    #[serde(default, rename = "where")]
    pub(super) only: Several<ConditionFile>,
    /// Which example a row is about, where that is not written as in `[example] id`.
    pub(super) example: Option<ValueFile>,
    /// Makes its rows parts of the rows of the first source.
    pub(super) join: Option<JoinFile>,
}

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinFile {
    /// The key of a row.
    pub(super) key: ValueFile,
    /// The same key in a row of the first source; written as `key` where absent.
    pub(super) to: Option<ValueFile>,
    /// Columns that have to be equal in both.
    #[serde(default)]
    pub(super) agree: Vec<String>,
    /// What becomes of a row of the first source without a partner.
    #[serde(default)]
    pub(super) unmatched: Unmatched,
}

/// What a row without its partner becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unmatched {
    /// A fault.
    #[default]
    Error,
    /// A row whose joined cells are empty.
    Empty,
}

/// What an example is made of.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleFile {
    /// Unique id; rows with the same id are one example.
    pub(super) id: ValueFile,
    /// Another unique name, by which the rows of the other sources name the example; the id where absent.
    pub(super) key: Option<ValueFile>,
    /// Examples that are not independent share it; the id where absent.
    pub(super) cluster: Option<ValueFile>,
    /// What the system was asked.
    pub(super) prompt: ValueFile,
    /// What it answered; withheld where absent.
    pub(super) response: Option<ValueFile>,
    /// Who answered.
    pub(super) system: Option<ValueFile>,
    /// A good response.
    pub(super) reference: Option<ValueFile>,
    /// Id of the clean response that this one was degraded from.
    pub(super) twin_of: Option<ValueFile>,
    /// The same facts put in two ways.
    pub(super) pair: Option<PairFile>,
    /// What a good response contains.
    pub(super) required: Option<TextOr<ItemsFile>>,
    /// What a good response does not contain.
    pub(super) prohibited: Option<TextOr<ItemsFile>>,
    /// Named subgroups.
    #[serde(default)]
    pub(super) slices: BTreeMap<String, ValueFile>,
}

/// The same facts put in two ways.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PairFile {
    /// Id of the pair.
    pub(super) id: ValueFile,
    /// Which of the two this is.
    pub(super) role: ValueFile,
}

/// Items: a list in one column, several columns, or one row an item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemsFile {
    /// A column that holds a list of items.
    pub(super) column: Option<String>,
    /// What stands between two items where the list is text.
    pub(super) split: Option<String>,
    /// Columns with one item each; the names are the ids.
    pub(super) columns: Option<Vec<String>>,
    /// The source that has one row an item.
    pub(super) source: Option<String>,
    /// There, the column of the id of the item.
    pub(super) id: Option<String>,
    /// There, the column of the text of the item.
    pub(super) text: Option<String>,
}

/// Conditions under which an axis applies; without one it always does.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AxesFile {
    /// When omission applies.
    pub(super) omission: Option<Several<ConditionFile>>,
    /// When commission applies.
    pub(super) commission: Option<Several<ConditionFile>>,
}

/// The schema of a card, whose `format` a mapping may leave out.
fn card_schema(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = Card::json_schema(generator);
    if let Some(required) = schema.get_mut("required").and_then(|required| required.as_array_mut()) {
        required.retain(|key| key != "format");
    }
    schema
}
