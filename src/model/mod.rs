//! Plain records: what the files hold. No reading, no rules beyond what a value can be.

mod format;
mod gold;
mod manifest;
mod problem;
mod scale;
mod spreadsheet;
mod unique;
mod verdict;

pub use format::{
    AUDIT_FORMAT, COMPARE_FORMAT, EVALUATION_FORMAT, GATES_FORMAT, GOLD_FORMAT, JUDGE_FORMAT, KEYS_FORMAT,
    LABELLING_FORMAT, LOCK_FORMAT, MANIFEST_FORMAT, MAPPING_FORMAT, PROBE_FORMAT, PROBE_SET_FORMAT, PROMPT_FORMAT,
    VERDICT_FORMAT,
};
pub use gold::{
    Annotation, AxisCard, Card, CardAxes, ChatMessage, Example, ExpertReview, Item, ItemMark, LabelSource,
    MECHANISM_SLICE, Pair, RaterKind, SYSTEM_SLICE, Text, TextPolicy, Tie, Withdrawal,
};
pub use manifest::{InputFile, LockRecord, Manifest, SettingSource, SettingSources};
pub use problem::{Problem, Problems, harmless, is_deceptive, shown, shown_path};
pub use scale::{Axis, PerAxis, Severity};
pub use spreadsheet::spreadsheet_text;
pub use unique::unique_keys;
pub use verdict::{Outcome, Verdict};
