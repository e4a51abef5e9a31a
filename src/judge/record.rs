//! The file of a recorded judge: what a judge that was run leaves behind.

use std::path::PathBuf;

use super::file::JudgeFile;
use super::score::{CutRule, ScoreFile};
use super::spec::JudgeSpec;
use crate::model::JUDGE_FORMAT;

/// `judges/<name>.toml` for the verdicts of a judge in `verdicts`, a path from the folder that holds `judges/`.
///
/// **Errors**: none that a judge which passed its checks can bring about.
pub fn recorded_file(judge: &JudgeSpec, verdicts: PathBuf) -> Result<String, toml::ser::Error> {
    let file = JudgeFile {
        format: JUDGE_FORMAT.to_owned(),
        name: judge.name.clone(),
        title: judge.title.clone(),
        kind: "recorded".to_owned(),
        model: judge.model.clone(),
        axes: Some(judge.axes.clone()),
        flag_at: judge.flag_at.clone(),
        verdicts: Some(verdicts),
        score: judge.score.map(|score| ScoreFile {
            scale: score.scale.map(|(low, high)| [low, high]),
            direction: score.direction,
            flag_at: if let CutRule::Fixed(cut) = score.cut { Some(cut) } else { None },
            false_alarm_budget: if let CutRule::Budget(budget) = score.cut { Some(budget) } else { None },
        }),
        ..JudgeFile::default()
    };
    toml::to_string(&file)
}
