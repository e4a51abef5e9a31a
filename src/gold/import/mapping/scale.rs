//! A judge with one scale of its own: what `file.score` says, held against the rest of the judge and against its scores.

use super::answers::JudgeFile;
use super::context::{Context, Place};
use crate::model::{Problem, Verdict};

/// The scale that a mapping gives a judge.
#[derive(Debug)]
pub(super) struct DeclaredScale {
    low: f64,
    high: f64,
    place: Place,
}

impl DeclaredScale {
    /// Reads `file.score`, and refuses severities beside it: an audit would refuse every row of the judge. What else may
    /// be wrong with the table is found where all judge files are read.
    pub(super) fn check(context: &mut Context<'_>, at: &str, file: &JudgeFile) -> Option<Self> {
        let score = file.file.get("score")?.as_table()?;
        for (axis, reading) in [("omission", &file.omission), ("commission", &file.commission)] {
            if reading.is_some() {
                let table = context.place(&format!("{at}.file.score"));
                let message = format!("found severities beside a scale ({})", table.told());
                context.fault(
                    &format!("{at}.{axis}"),
                    format!("{message}; allowed: one of them: delete this line or the table"),
                );
            }
        }
        if file.score.is_none() {
            let message = "found a scale, but the judge has no `score`; allowed: beside `score = \"a column\"`";
            context.fault(&format!("{at}.file.score"), message);
        }
        let number = |value: &toml::Value| value.as_float().or_else(|| Some(value.as_integer()? as f64));
        let [low, high] = score.get("scale")?.as_array()?.as_slice() else { return None };
        let (low, high) = (number(low)?, number(high)?);
        (low < high).then(|| Self { low, high, place: context.place(&format!("{at}.file.score.scale")) })
    }

    /// What is wrong with the scale if scores lie outside of it; each verdict comes with the place of its row.
    pub(super) fn fault_of<'v>(
        &self,
        judge: &str,
        verdicts: impl Iterator<Item = &'v (Verdict, String)>,
    ) -> Option<Problem> {
        let Self { low, high, place } = self;
        let outside = |score: &f64| !(*low..=*high).contains(score);
        let mut found = verdicts.filter_map(|(verdict, row)| Some((verdict.score.filter(outside)?, row)));
        let (first, row) = found.next()?;
        let count = 1 + found.count();
        let scores = if count == 1 { "1 score lies" } else { &format!("{count} scores lie") };
        let message = format!("found [{low}, {high}], and {scores} outside, as {first} of {judge} does ({row})");
        Some(place.fault(format!("{message}; allowed: the lowest and the highest score that the judge can give")))
    }
}
