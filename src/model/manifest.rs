//! What an audit was made from and when: everything that must not be in the evaluation.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A file that was read, with its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// Path as the user gave it; `(embedded)` names a file inside the program.
    pub path: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// Where a setting stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingSource {
    /// `lacuna.toml`.
    AuditFile,
    /// A flag.
    CommandLine,
    /// Nobody said otherwise: the program's default, for a threshold the card of the set.
    Default,
}

/// Settings by their key in `lacuna.toml`, `thresholds.omission` for one in a table.
pub type SettingSources = BTreeMap<String, SettingSource>;

/// The lock that an audit was held to, and what deviates from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LockRecord {
    /// SHA-256 of `lacuna.lock`.
    pub sha256: String,
    /// The day on which it was written, as it says, in UTC.
    pub locked: String,
    /// Judges whose verdicts were recorded when it was written.
    pub recorded_before: Vec<String>,
    /// What differs from it, in words.
    pub deviations: Vec<String>,
}

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `lacuna-manifest/1`.
    pub format: String,
    /// Version of the program.
    pub lacuna: String,
    /// When the audit ended, seconds since 1970-01-01 UTC.
    pub created_unix_s: u64,
    /// The seed of every random stream.
    pub seed: u64,
    /// Where each setting stood.
    #[serde(default)]
    pub settings_from: SettingSources,
    /// The lock beside the audit file, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<LockRecord>,
    /// The command line.
    pub command: Vec<String>,
    /// Everything that was read.
    pub inputs: Vec<InputFile>,
    /// SHA-256 of `evaluation.json`.
    pub evaluation_sha256: String,
}
