//! Executes judges side by side on tokio: recorded verdicts are read, baselines computed.

use std::sync::Arc;

use crate::gold::GoldSet;
use crate::judge::{BaselineContext, JudgeKind, JudgeSpec, baseline_verdicts, read_recorded};
use crate::model::{Axis, InputFile, PerAxis, Problem, Problems, Severity, Verdict};

/// A judge with everything it answered.
#[derive(Debug, Clone)]
pub struct JudgeRun {
    /// The judge.
    pub spec: JudgeSpec,
    /// Its verdicts, in the order of the file or of the examples.
    pub verdicts: Vec<Verdict>,
    /// Files that were read for it.
    pub inputs: Vec<InputFile>,
}

/// Why a run did not finish.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Bad input.
    #[error(transparent)]
    Input(#[from] Problems),
    /// The runtime could not start, or a judge's task died.
    #[error("the runner failed: {0}")]
    Runner(String),
}

/// Runs all judges and returns them in the given order. All problems of all judges are reported together.
/// `thresholds` are the audit's: a baseline that flags does so from there.
pub async fn execute(
    gold: &Arc<GoldSet>,
    judges: Vec<JudgeSpec>,
    seed: u64,
    thresholds: PerAxis<Severity>,
) -> Result<Vec<JudgeRun>, RunError> {
    let tasks: Vec<_> = judges
        .into_iter()
        .map(|judge| {
            let gold = Arc::clone(gold);
            tokio::task::spawn_blocking(move || run_judge(judge, BaselineContext { gold: &gold, seed, thresholds }))
        })
        .collect();
    let mut runs = Vec::new();
    let mut problems = Problems::default();
    for task in tasks {
        match task.await.map_err(|error| RunError::Runner(error.to_string()))? {
            Ok(run) => runs.push(run),
            Err(found) => problems.append(found),
        }
    }
    Ok(problems.or(runs)?)
}

fn run_judge(spec: JudgeSpec, context: BaselineContext<'_>) -> Result<JudgeRun, Problems> {
    let gold = context.gold;
    check_flag_levels(&spec, gold)?;
    check_is_not_asked(&spec)?;
    let mut inputs = spec.inputs.clone();
    let verdicts = if let JudgeKind::Recorded { verdicts: file } = &spec.kind {
        let (verdicts, input) = read_recorded(&spec, file, gold)?;
        inputs.push(input);
        verdicts
    } else {
        baseline_verdicts(&spec, context).unwrap_or_default()
    };
    Ok(JudgeRun { spec, verdicts, inputs })
}

/// A judge that is asked needs a runner that asks.
fn check_is_not_asked(spec: &JudgeSpec) -> Result<(), Problems> {
    if !matches!(spec.kind, JudgeKind::Live(_) | JudgeKind::Panel(_)) {
        return Ok(());
    }
    let file = spec.inputs.first().map_or("", |input| input.path.as_str());
    let message = format!("found \"{}\": such a judge is asked by `lacuna run`", spec.kind.name());
    Err(Problem { file: file.into(), line: None, key: Some("kind".to_owned()), message }.into())
}

/// A judge cannot flag from a level that the gold set's scale does not have.
fn check_flag_levels(spec: &JudgeSpec, gold: &GoldSet) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for axis in Axis::ALL {
        let top = gold.card.axis(axis).top();
        if let Some(level) = spec.flag_at.get(&axis).filter(|level| **level > top) {
            let file = spec.inputs.first().map_or("", |input| input.path.as_str());
            let message = format!("found {axis} = {level}; allowed: 1 to {top} on the scale of {}", gold.card.name);
            problems.push(Problem { file: file.into(), line: None, key: Some("flag_at".to_owned()), message });
        }
    }
    problems.or(())
}
