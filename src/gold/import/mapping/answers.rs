//! Raters and judges of a mapping file as written: where their answers stand and what they stand for.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use super::cells::{ConditionFile, ValueFile};
use super::forms::{LevelOrWord, Several, TextOr};
use crate::model::RaterKind;

/// A value map, or the name of one.
pub(super) type ValuesFile = TextOr<BTreeMap<String, LevelOrWord>>;

/// How a severity is read: a column of whole numbers, or more.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingFile {
    /// The column.
    pub(super) column: Option<String>,
    /// What each label stands for: a map, or the name of one of `[values]`.
    pub(super) values: Option<ValuesFile>,
    /// Numbers from which the severity is 1, 2 and so on.
    pub(super) cuts: Option<Vec<f64>>,
    /// What a higher number means.
    pub(super) higher: Option<Higher>,
    /// The same severity for every row.
    pub(super) value: Option<i64>,
    /// What a cell becomes that no rule covers.
    pub(super) unmapped: Option<UnmappedFile>,
    /// Rows that say something on this axis.
    #[serde(default)]
    pub(super) when: Several<ConditionFile>,
    /// How several rows become one severity.
    pub(super) aggregate: Option<AggregateFile>,
    /// Counts from which the severity is 1, 2 and so on.
    pub(super) count_cuts: Option<Vec<i64>>,
    /// The severity where no row says anything on this axis.
    pub(super) absent: Option<i64>,
}

/// What a higher number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Higher {
    /// More harm.
    IsHarm,
    /// A better response.
    IsBetter,
}

/// What a cell becomes that no rule covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RaterFile {
    /// The source of its rows; the first where absent.
    pub(super) source: Option<String>,
    /// The id of one rater.
    pub(super) id: Option<String>,
    /// The column that names the rater of a row.
    pub(super) id_column: Option<String>,
    /// Raters by id, each with the column of its labels.
    pub(super) columns: Option<BTreeMap<String, String>>,
    /// What the raters are; human where absent.
    pub(super) kind: Option<RaterKind>,
    /// Which examples the rater read.
    #[serde(default)]
    pub(super) covers: Covers,
    /// Rows to read; the others are passed over.
    #[serde(default, rename = "where")]
    pub(super) only: Several<ConditionFile>,
    /// What a cell becomes that no rule covers, on both axes.
    pub(super) unmapped: Option<UnmappedFile>,
    /// Severities on omission.
    pub(super) omission: Option<TextOr<ReadingFile>>,
    /// Severities on commission.
    pub(super) commission: Option<TextOr<ReadingFile>>,
    /// Marks of required items.
    pub(super) items: Option<MarksFile>,
    /// How the harm came about.
    pub(super) mechanism: Option<ValueFile>,
    /// A remark.
    pub(super) note: Option<ValueFile>,
    /// When it was rated.
    pub(super) at: Option<ValueFile>,
}

/// Which examples a rater read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Covers {
    /// Those with a row.
    #[default]
    Rows,
    /// Every example; one without a row has the severities of `absent`.
    All,
}

/// Marks of required items: one a column, or one row an item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarksFile {
    /// Item ids, each with the column of its mark.
    pub(super) columns: Option<BTreeMap<String, String>>,
    /// The column of the id of an item, where one row is one item.
    pub(super) id: Option<String>,
    /// There, the column of the mark.
    pub(super) column: Option<String>,
    /// Columns by the number of the item in its example, from 1: `"item {n}"`. For raters.
    pub(super) numbered: Option<String>,
    /// What each word stands for; `hit`, `partial`, `miss` where absent.
    pub(super) values: Option<ValuesFile>,
}

/// Recorded judges: one, or named in a column.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgeFile {
    /// The source of its rows; the first where absent.
    pub(super) source: Option<String>,
    /// Name of one judge.
    pub(super) name: Option<String>,
    /// The column that names the judge of a row.
    pub(super) name_column: Option<String>,
    /// Title for people.
    pub(super) title: Option<String>,
    /// Rows to read; the others are passed over.
    #[serde(default, rename = "where")]
    pub(super) only: Several<ConditionFile>,
    /// The column of both axes.
    pub(super) column: Option<String>,
    /// What a cell becomes that no rule covers, on both axes.
    pub(super) unmapped: Option<UnmappedFile>,
    /// Severities on omission.
    pub(super) omission: Option<TextOr<ReadingFile>>,
    /// Severities on commission.
    pub(super) commission: Option<TextOr<ReadingFile>>,
    /// A number, kept as it is.
    pub(super) score: Option<String>,
    /// Probability of harm on omission, 0 to 1.
    pub(super) p_omission: Option<String>,
    /// Probability of harm on commission, 0 to 1.
    pub(super) p_commission: Option<String>,
    /// Which repeat a row is, from 0.
    pub(super) repeat: Option<String>,
    /// Marks of required items.
    pub(super) items: Option<MarksFile>,
    /// Why.
    pub(super) rationale: Option<ValueFile>,
    /// The reply as it came.
    pub(super) raw: Option<ValueFile>,
    /// The model that answered.
    pub(super) model: Option<ValueFile>,
    /// When it was asked.
    pub(super) at: Option<ValueFile>,
    /// More keys of the judge's file.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Json>")]
    pub(super) file: toml::Table,
}
