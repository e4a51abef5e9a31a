//! Judges: what their files say, verdicts recorded elsewhere, and baselines computed here.

mod baseline;
mod bundled;
mod coverage;
mod faults;
mod file;
mod lexical;
pub mod live;
mod phrases;
mod record;
mod recorded;
mod score;
mod spec;
mod split;

pub use baseline::{BaselineContext, baseline_verdicts, can_be_asked};
pub use bundled::bundled_judges;
pub use file::{Baseline, JudgeFile};
pub use record::recorded_file;
pub use recorded::{check_verdicts, read_recorded, recorded_of};
pub use score::{CutRule, ScoreDirection, ScoreFile, ScoreSpec};
pub use spec::{JudgeKind, JudgeSpec, load_judges};
pub use split::{SplitJudges, split_judges};
