//! When the replies behind a judge's verdicts were made.

use chrono::{DateTime, FixedOffset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The earliest and the latest reply, in the words of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepliesMade {
    /// When the earliest reply was made, RFC 3339.
    pub first: String,
    /// When the latest reply was made, RFC 3339.
    pub last: String,
}

impl RepliesMade {
    /// Whole days from the first reply to the last; none where the record was changed by hand and holds no dates.
    pub fn days(&self) -> Option<i64> {
        Some((moment(&self.last)? - moment(&self.first)?).num_days())
    }
}

pub(crate) fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok()
}
