//! When a report is made: the clock, or what stands in its place.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::DateTime;

use super::error::CliError;
use crate::model::{Problem, shown};

/// The variable that fixes the time for whoever wants the same bytes again (reproducible-builds.org).
const FIXED: &str = "SOURCE_DATE_EPOCH";

/// Now, or what `SOURCE_DATE_EPOCH` says: seconds since 1970-01-01 UTC.
pub(super) fn made_unix_s() -> Result<u64, CliError> {
    let Some(fixed) = std::env::var_os(FIXED) else {
        return Ok(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs()));
    };
    let fixed = fixed.to_string_lossy();
    fixed.parse().ok().filter(|seconds| day(*seconds).is_some()).ok_or_else(|| {
        let message = format!("found {}; allowed: seconds since 1970-01-01 UTC, or no such variable", shown(&fixed));
        Problem::file(std::path::Path::new(FIXED), message).into()
    })
}

/// The day in UTC, `2026-01-02`; none where the calendar ends before it.
pub(super) fn day(unix_s: u64) -> Option<String> {
    let time = DateTime::from_timestamp(i64::try_from(unix_s).ok()?, 0)?;
    Some(time.format("%Y-%m-%d").to_string()).filter(|day| day.len() == "2026-01-02".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_utc() {
        assert_eq!(day(0).as_deref(), Some("1970-01-01"));
        // 2026-01-02 begins after 20,455 days.
        assert_eq!(day(20_455 * 86_400 - 1).as_deref(), Some("2026-01-01"));
        assert_eq!(day(20_455 * 86_400).as_deref(), Some("2026-01-02"));
        assert_eq!(day(u64::MAX), None);
    }
}
