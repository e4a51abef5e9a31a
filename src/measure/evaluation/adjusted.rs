//! A p-value among the tests of its family.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which tests were made together, and what that does to a p-value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestFamily {
    /// The tests that were named beforehand; Holm's method.
    Confirmatory,
    /// All others; Benjamini and Hochberg's method.
    Exploratory,
}

/// A p-value after the other tests of its family are reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustedTest {
    /// The adjusted p-value.
    pub p_value: f64,
    /// The family.
    pub family: TestFamily,
    /// Tests in it.
    pub family_size: usize,
}
