//! Names and versions of the file formats. A reader refuses any other version.

/// `card.toml` of a gold set.
pub const GOLD_FORMAT: &str = "lacuna-gold/1";
/// A judge file.
pub const JUDGE_FORMAT: &str = "lacuna-judge/1";
/// A file of verdicts.
pub const VERDICT_FORMAT: &str = "lacuna-verdict/1";
/// `evaluation.json`.
pub const EVALUATION_FORMAT: &str = "lacuna-evaluation/1";
/// `manifest.json`.
pub const MANIFEST_FORMAT: &str = "lacuna-manifest/1";
/// A prompt file.
pub const PROMPT_FORMAT: &str = "lacuna-prompt/1";
/// `lacuna.toml`.
pub const AUDIT_FORMAT: &str = "lacuna-audit/1";
/// A mapping of foreign tables to a gold set.
pub const MAPPING_FORMAT: &str = "lacuna-mapping/1";
/// A scenario of which probes are built.
pub const PROBE_FORMAT: &str = "lacuna-probe/1";
/// Opaque keys of examples that went out to be labelled.
pub const KEYS_FORMAT: &str = "lacuna-keys/1";
/// What the scenarios of a folder have in common.
pub const PROBE_SET_FORMAT: &str = "lacuna-probe-set/1";
/// The plan of who labels what.
pub const LABELLING_FORMAT: &str = "lacuna-labelling/1";
/// What came of gates.
pub const GATES_FORMAT: &str = "lacuna-gates/1";
/// `lacuna.lock`.
pub const LOCK_FORMAT: &str = "lacuna-lock/1";
/// What `lacuna compare --format json` prints.
pub const COMPARE_FORMAT: &str = "lacuna-compare/1";
