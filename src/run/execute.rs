//! Executes judges side by side on tokio: recorded verdicts are read, baselines computed, live judges asked, panels put
//! together.

use std::sync::Arc;

use super::ask::{AskOptions, AskOutcome, Ended, ask};
use super::ledger::{Ledger, LedgerError};
use super::replies::read_replies;
use super::trials::{Failures, LiveJudge};
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

/// What live judges need: where replies are kept, and where those come from.
pub struct LiveContext {
    /// Where replies are kept.
    pub ledger: Arc<Ledger>,
    /// Where they come from.
    pub replies: LiveReplies,
}

/// Where the replies of live judges come from.
pub enum LiveReplies {
    /// What the ledger lacks is asked for, held to time and money.
    Asked(AskOptions),
    /// From the ledger alone; nothing is sent.
    Kept {
        /// Trials that were asked elsewhere in vain.
        failures: Failures,
        /// Replies from before this moment count as none.
        oldest: Option<String>,
    },
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
    answer(gold, judges, seed, thresholds, live).await?.collect()
}

/// Lets all judges answer. Those that are asked leave their replies in the ledger, from which they are read when they are
/// wanted: however many there are, they are not all in memory.
pub async fn answer(
    gold: &Arc<GoldSet>,
    judges: Vec<JudgeSpec>,
    seed: u64,
    thresholds: PerAxis<Severity>,
    live: Option<LiveContext>,
) -> Result<Answers, RunError> {
    check_all(gold, &judges, live.is_some())?;
    let at_hand = run_at_hand(gold, &judges, seed, thresholds).await?;
    let live_judges = live_judges(gold, &judges);
    let mut answers = Answers { gold: Arc::clone(gold), judges, at_hand, live: live_judges, kept: None, asked: None };
    let Some(LiveContext { ledger, replies }) = live.filter(|_| !answers.live.is_empty()) else { return Ok(answers) };
    match replies {
        LiveReplies::Asked(options) => {
            let oldest = options.oldest.clone();
            let outcome = ask(gold, answers.live.clone(), &ledger, options).await?;
            ledger.flush()?;
            leave_out_what_was_not_asked(&mut answers.live, &outcome);
            answers.kept = Some(Kept { ledger, failures: outcome.failures.clone(), oldest });
            answers.asked = Some(outcome);
        }
        LiveReplies::Kept { failures, oldest } => answers.kept = Some(Kept { ledger, failures, oldest }),
    }
    Ok(answers)
}

/// A judge that was known well enough is read as far as it was asked, whatever an earlier run left in the ledger.
fn leave_out_what_was_not_asked(live: &mut [LiveJudge], outcome: &AskOutcome) {
    for (judge, known) in live.iter_mut().zip(&outcome.until) {
        if let Some(asked) = &known.asked {
            judge.asks.retain(|example| asked.binary_search(example).is_ok());
        }
    }
}

/// Replies in a ledger.
struct Kept {
    ledger: Arc<Ledger>,
    failures: Failures,
    oldest: Option<String>,
}

/// What judges answered, to be taken judge by judge.
pub struct Answers {
    gold: Arc<GoldSet>,
    judges: Vec<JudgeSpec>,
    /// By judge: the run of one that is not asked.
    at_hand: Vec<Option<JudgeRun>>,
    /// The judges that are asked, in order.
    live: Vec<LiveJudge>,
    kept: Option<Kept>,
    /// How asking ended; none where nothing was asked.
    pub asked: Option<AskOutcome>,
}

impl Answers {
    /// The judges, in the given order.
    pub fn judges(&self) -> &[JudgeSpec] {
        &self.judges
    }

    /// Takes the verdicts of one judge, one by one, in the order of the file or of the examples. Those of a panel's members
    /// are all in memory meanwhile.
    pub fn each<E: From<RunError>>(
        &self,
        position: usize,
        mut take: impl FnMut(Verdict) -> Result<(), E>,
    ) -> Result<(), E> {
        let judge = &self.judges[position];
        if let Some(run) = &self.at_hand[position] {
            return run.verdicts.iter().cloned().try_for_each(take);
        }
        if let JudgeKind::Panel(panel) = &judge.kind {
            return self.of_panel(judge, panel)?.into_iter().try_for_each(take);
        }
        let Some(kept) = &self.kept else { return Ok(()) };
        let index = self.live.iter().position(|live| live.judge.name == judge.name);
        let Some((index, live)) = index.map(|index| (index, &self.live[index])) else { return Ok(()) };
        let oldest = kept.oldest.as_deref();
        read_replies(live, index, &self.gold, &kept.ledger, &kept.failures, oldest, &mut take)
    }

    fn of_panel(&self, judge: &JudgeSpec, panel: &PanelSpec) -> Result<Vec<Verdict>, RunError> {
        let mut members: Vec<(&JudgeSpec, Vec<Verdict>)> = Vec::new();
        for (position, member) in self.judges.iter().enumerate() {
            if panel.members.contains(&member.name) {
                members.push((member, self.all(position)?));
            }
        }
        let members: Vec<(&JudgeSpec, &[Verdict])> =
            members.iter().map(|(judge, verdicts)| (*judge, verdicts.as_slice())).collect();
        Ok(panel_verdicts(judge, panel, &self.gold.card, &members))
    }

    fn all(&self, position: usize) -> Result<Vec<Verdict>, RunError> {
        let mut verdicts = Vec::new();
        self.each(position, |verdict| {
            verdicts.push(verdict);
            Ok::<(), RunError>(())
        })?;
        Ok(verdicts)
    }

    /// All verdicts of all judges. Where the user stopped the run, nothing is read.
    pub fn collect(mut self) -> Result<Executed, RunError> {
        let interrupted = self.asked.as_ref().is_some_and(|asked| asked.ended == Ended::Interrupted);
        let mut runs = vec![None; self.judges.len()];
        for (position, judge) in self.judges.iter().enumerate().filter(|_| !interrupted) {
            if matches!(judge.kind, JudgeKind::Live(_)) {
                let (spec, inputs) = (judge.clone(), judge.inputs.clone());
                runs[position] = Some(JudgeRun { spec, verdicts: self.all(position)?, inputs });
            }
        }
        for (run, at_hand) in runs.iter_mut().zip(std::mem::take(&mut self.at_hand)) {
            *run = run.take().or(at_hand);
        }
        put_panels_together(&self.gold, &self.judges, &mut runs);
        Ok(Executed { runs: runs.into_iter().flatten().collect(), asked: self.asked })
    }
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

/// Reads recorded verdicts and computes those of baselines, side by side.
async fn run_at_hand(
    gold: &Arc<GoldSet>,
    judges: &[JudgeSpec],
    seed: u64,
    thresholds: PerAxis<Severity>,
) -> Result<Vec<Option<JudgeRun>>, RunError> {
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
    Ok(problems.or(runs)?)
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
