//! Executes judges side by side on tokio: recorded verdicts are read, baselines computed, live judges asked, panels put
//! together.

use std::sync::Arc;

use super::ask::{AskOptions, AskOutcome, Ended, LiveJudge, ask};
use super::ledger::{Ledger, LedgerError};
use super::replies::read_replies;
use crate::gold::GoldSet;
use crate::judge::live::{PanelSpec, asks, panel_verdicts};
use crate::judge::{BaselineContext, JudgeKind, JudgeSpec, baseline_verdicts, read_recorded};
use crate::model::{Axis, InputFile, PerAxis, Problems, Severity, Verdict};

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
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The runtime could not start, or a judge's task died.
    #[error("the runner failed: {0}")]
    Runner(String),
}

/// What asking live judges needs.
pub struct LiveContext {
    /// Where replies are kept.
    pub ledger: Arc<Ledger>,
    /// How the run is held to time and money.
    pub options: AskOptions,
}

/// What a run made.
#[derive(Debug)]
pub struct Executed {
    /// One run a judge, in the given order.
    pub runs: Vec<JudgeRun>,
    /// How asking ended; none where no judge had to be asked.
    pub asked: Option<AskOutcome>,
}

/// Runs all judges and returns them in the given order. All problems of all judges are reported together.
/// `thresholds` are the audit's: a baseline that flags does so from there. Without a context a live judge is a problem.
pub async fn execute(
    gold: &Arc<GoldSet>,
    judges: Vec<JudgeSpec>,
    seed: u64,
    thresholds: PerAxis<Severity>,
    live: Option<LiveContext>,
) -> Result<Executed, RunError> {
    check_all(gold, &judges, live.is_some())?;
    let mut runs: Vec<Option<JudgeRun>> = vec![None; judges.len()];
    let tasks: Vec<_> = judges
        .iter()
        .enumerate()
        .filter(|(_, judge)| !matches!(judge.kind, JudgeKind::Live(_) | JudgeKind::Panel(_)))
        .map(|(position, judge)| {
            let (gold, judge) = (Arc::clone(gold), judge.clone());
            let task = move || run_judge(judge, BaselineContext { gold: &gold, seed, thresholds });
            (position, tokio::task::spawn_blocking(task))
        })
        .collect();
    let mut problems = Problems::default();
    for (position, task) in tasks {
        match task.await.map_err(|error| RunError::Runner(error.to_string()))? {
            Ok(run) => runs[position] = Some(run),
            Err(found) => problems.append(found),
        }
    }
    problems.or(())?;
    let asked = match live {
        Some(context) => ask_live(gold, &judges, context, &mut runs).await?,
        None => None,
    };
    put_panels_together(gold, &judges, &mut runs);
    Ok(Executed { runs: runs.into_iter().flatten().collect(), asked })
}

/// The judges that have to be asked, with the examples that each can be asked about.
pub fn live_judges(gold: &GoldSet, judges: &[JudgeSpec]) -> Vec<LiveJudge> {
    judges
        .iter()
        .filter_map(|judge| match &judge.kind {
            JudgeKind::Live(live) => {
                Some(LiveJudge { judge: judge.clone(), live: (**live).clone(), asks: asks(judge, gold) })
            }
            _ => None,
        })
        .collect()
}

/// Asks the live judges and reads what the ledger then has. Where the user stopped the run, nothing is read.
async fn ask_live(
    gold: &Arc<GoldSet>,
    judges: &[JudgeSpec],
    context: LiveContext,
    runs: &mut [Option<JudgeRun>],
) -> Result<Option<AskOutcome>, RunError> {
    let LiveContext { ledger, options } = context;
    let live = live_judges(gold, judges);
    if live.is_empty() {
        return Ok(None);
    }
    let oldest = options.oldest.clone();
    let outcome = ask(gold, live.clone(), &ledger, options).await?;
    ledger.flush()?;
    if outcome.ended == Ended::Interrupted {
        return Ok(Some(outcome));
    }
    for (index, judge) in live.iter().enumerate() {
        let mut verdicts = Vec::new();
        let take = |verdict| verdicts.push(verdict);
        read_replies(judge, index, gold, &ledger, &outcome.failures, oldest.as_deref(), take)?;
        let position = judges.iter().position(|other| other.name == judge.judge.name);
        let run = JudgeRun { spec: judge.judge.clone(), verdicts, inputs: judge.judge.inputs.clone() };
        if let Some(position) = position {
            runs[position] = Some(run);
        }
    }
    Ok(Some(outcome))
}

fn put_panels_together(gold: &GoldSet, judges: &[JudgeSpec], runs: &mut [Option<JudgeRun>]) {
    for (position, judge) in judges.iter().enumerate() {
        let JudgeKind::Panel(panel) = &judge.kind else { continue };
        let members: Vec<(&JudgeSpec, &[Verdict])> = runs
            .iter()
            .flatten()
            .filter(|run| panel.members.contains(&run.spec.name))
            .map(|run| (&run.spec, run.verdicts.as_slice()))
            .collect();
        let verdicts = panel_verdicts(judge, panel, &gold.card, &members);
        runs[position] = Some(JudgeRun { spec: judge.clone(), verdicts, inputs: judge.inputs.clone() });
    }
}

fn run_judge(spec: JudgeSpec, context: BaselineContext<'_>) -> Result<JudgeRun, Problems> {
    let mut inputs = spec.inputs.clone();
    let verdicts = if let JudgeKind::Recorded { verdicts: file } = &spec.kind {
        let (verdicts, input) = read_recorded(&spec, file, context.gold)?;
        inputs.push(input);
        verdicts
    } else {
        baseline_verdicts(&spec, context).unwrap_or_default()
    };
    Ok(JudgeRun { spec, verdicts, inputs })
}

/// What only shows beside the set and the other judges.
fn check_all(gold: &GoldSet, judges: &[JudgeSpec], may_ask: bool) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for judge in judges {
        check_flag_levels(judge, gold, &mut problems);
        match &judge.kind {
            JudgeKind::Live(_) if !may_ask => {
                problems.push(judge.fault("kind", "is a live judge, which this command does not ask"));
            }
            JudgeKind::Panel(panel) => check_members(judge, panel, judges, &mut problems),
            _ => {}
        }
    }
    problems.or(())
}

fn check_members(judge: &JudgeSpec, panel: &PanelSpec, judges: &[JudgeSpec], problems: &mut Problems) {
    for member in &panel.members {
        let found = judges.iter().find(|other| other.name == *member);
        match found.map(|other| &other.kind) {
            None => {
                let names: Vec<&str> = judges.iter().map(|other| other.name.as_str()).collect();
                let message = format!("found {member}; allowed: judges of this audit: {}", names.join(", "));
                problems.push(judge.fault("members", message));
            }
            Some(JudgeKind::Panel(_)) => {
                problems.push(judge.fault("members", format!("found {member}, a panel; allowed: no panels")));
            }
            Some(_) => {}
        }
    }
}

/// A judge cannot flag from a level that the gold set's scale does not have.
fn check_flag_levels(spec: &JudgeSpec, gold: &GoldSet, problems: &mut Problems) {
    for axis in Axis::ALL {
        let top = gold.card.axis(axis).top();
        if let Some(level) = spec.flag_at.get(&axis).filter(|level| **level > top) {
            let message = format!("found {axis} = {level}; allowed: 1 to {top} on the scale of {}", gold.card.name);
            problems.push(spec.fault("flag_at", message));
        }
    }
}
