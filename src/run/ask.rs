//! Asking: every trial once, in one order for all judges, through the gate of its account, into the ledger.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use tokio::sync::{Mutex as Turn, OwnedSemaphorePermit, watch};
use tokio::task::JoinSet;

use super::RunError;
use super::backoff::Backoff;
use super::budget::{Budget, worst_cost};
use super::client::{HttpReply, SendFault};
use super::gate::Gate;
use super::ledger::{Entry, Ledger, LedgerError};
use super::order::asking_order;
use super::secret::Secret;
use super::sender::Sender;
use super::trials::{Failure, Failures, LiveJudge};
use super::unreachable::Unreachable;
use super::until::{Replies, Tracker, Until, UntilOutcome};
use crate::gold::GoldSet;
use crate::judge::live::{Asked, Asker, Call, Disposition, StoredReply, wait_asked, wait_in_body};
use crate::model::{Outcome, Verdict};

/// What happened to a trial, for whoever draws progress.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The ledger had the reply.
    Cached,
    /// A reply came.
    Answered {
        /// What became of it.
        outcome: Outcome,
        /// Its price, where the judge's file states one.
        cost_usd: Option<f64>,
    },
    /// A request is sent again.
    Retried {
        /// Why.
        reason: String,
    },
    /// No reply will come in this run.
    Failed {
        /// Why.
        reason: String,
    },
    /// A judge is asked no more.
    JudgeStopped {
        /// The judge.
        judge: String,
        /// Why.
        reason: String,
    },
}

/// Hears of every event, from several threads.
pub trait Observer: Send + Sync {
    /// Takes note of one event.
    fn note(&self, event: &Event);
}

/// How a run is held to time and money.
#[derive(Clone)]
pub struct AskOptions {
    /// Seed of the order and of the waits.
    pub seed: u64,
    /// The most that the run may cost, in US dollars.
    pub most_cost_usd: Option<f64>,
    /// Replies from before this moment (RFC 3339 in UTC, to the second) are asked for again.
    pub oldest: Option<String>,
    /// Keys by the name of their variable.
    pub keys: BTreeMap<String, Secret>,
    /// The clock: RFC 3339 in UTC, to the second.
    pub now: fn() -> String,
    /// Turns true where the user wants to stop.
    pub stop: watch::Receiver<bool>,
    /// Stop asking a judge that is known so well.
    pub until: Option<Until>,
    /// Who hears of events.
    pub observer: Arc<dyn Observer>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every trial was asked.
    Done,
    /// The next request could have cost more than was allowed.
    Budget,
    /// The user stopped it.
    Interrupted,
}

/// What a run left behind, beside the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct AskOutcome {
    /// How it ended.
    pub ended: Ended,
    /// Trials that got no reply.
    pub failures: Failures,
    /// Judges that were stopped, and why.
    pub stopped: Vec<(String, String)>,
    /// What the replies of this run cost, where their judges' files state prices.
    pub spent_usd: f64,
    /// What was known of each judge, where the run was to stop when enough is.
    pub until: Vec<UntilOutcome>,
}

struct Shared {
    gold: Arc<GoldSet>,
    judges: Vec<LiveJudge>,
    gates: Vec<Arc<Gate>>,
    senders: Vec<Sender>,
    /// Why a judge is asked no more.
    stopped: Vec<OnceLock<String>>,
    /// Trials of each judge to whose server there was no connection.
    unreachable: Vec<Unreachable>,
    ledger: Arc<Ledger>,
    budget: Budget,
    /// Calls on their way, by digest: two judges or two examples may make the same one, and it is bought once. Only looked up.
    on_the_way: Mutex<HashMap<String, Arc<Turn<()>>>>,
    failures: Mutex<Failures>,
    /// The ledger cannot be written: nothing more may be bought.
    broken: OnceLock<LedgerError>,
    options: AskOptions,
}

/// Asks every judge about every example of its own, as far as the ledger has no reply.
pub async fn ask(
    gold: &Arc<GoldSet>,
    judges: Vec<LiveJudge>,
    ledger: &Arc<Ledger>,
    options: AskOptions,
) -> Result<AskOutcome, RunError> {
    let stop = options.stop.clone();
    let order = order_of(gold, options.seed);
    let shared = Arc::new(Shared::new(gold, judges, ledger, options)?);
    let judges = shared.judges.len();
    let mut tracker = shared.options.until.map(|until| Tracker::new(until, gold, &order, judges));
    let interrupted = ask_all(&shared, &order, stop.clone(), tracker.as_mut()).await?;
    // Interrupted while the last ones were in flight: some of them may have been cut short in their waits.
    let interrupted = interrupted || *stop.borrow();
    let known = tracker.as_mut().map(|tracker| shared.look(|replies| tracker.outcomes(replies))).transpose()?;
    shared.outcome(interrupted, known.unwrap_or_default())
}

/// The examples in the order in which they are asked about.
pub(super) fn order_of(gold: &GoldSet, seed: u64) -> Vec<usize> {
    let clusters: Vec<&str> = gold.examples.iter().map(|example| example.cluster.as_str()).collect();
    asking_order(&clusters, seed)
}

/// Starts every trial when there is room for it and waits for all of them; whether the user stopped it before its end.
async fn ask_all(
    shared: &Arc<Shared>,
    order: &[usize],
    mut stop: watch::Receiver<bool>,
    mut tracker: Option<&mut Tracker>,
) -> Result<bool, RunError> {
    let asked: Vec<Vec<bool>> = shared.judges.iter().map(|judge| asked_of(judge, order.len())).collect();
    // Templates are parsed once, and prompts rendered here, while the replies to earlier ones are on their way.
    let askers: Vec<Asker<'_>> = shared.judges.iter().map(|judge| judge.live.asker()).collect();
    let mut tasks: JoinSet<()> = JoinSet::new();
    let mut interrupted = false;
    'asking: for (place, &example) in order.iter().enumerate() {
        if let Some(tracker) = tracker.as_deref_mut()
            && let Some(clusters) = tracker.due(place)
        {
            finish(&mut tasks).await?;
            shared.look(|replies| tracker.look(clusters, replies))?;
        }
        for (index, judge) in shared.judges.iter().enumerate().filter(|(index, _)| asked[*index][example]) {
            for repeat in 0..judge.live.samples {
                if shared.stopped[index].get().is_some() || tracker.as_ref().is_some_and(|known| known.reached(index)) {
                    break;
                }
                let permit = tokio::select! {
                    biased;
                    () = stopped(&mut stop) => { interrupted = true; break 'asking; }
                    permit = shared.gates[index].permit() => permit,
                };
                if shared.budget.refused() || shared.broken.get().is_some() {
                    break 'asking;
                }
                while let Some(ended) = tasks.try_join_next() {
                    ended.map_err(|error| RunError::Runner(error.to_string()))?;
                }
                let one = Trial { judge: index, example, repeat };
                match askers[index].call(&shared.asked(one)) {
                    Ok(call) => drop(tasks.spawn(trial(Arc::clone(shared), one, call, permit))),
                    Err(fault) => shared.fail(one, Outcome::RequestFailed, fault.to_string(), 0),
                }
            }
        }
    }
    finish(&mut tasks).await?;
    Ok(interrupted)
}

/// Waits for all trials that were started.
async fn finish(tasks: &mut JoinSet<()>) -> Result<(), RunError> {
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(|error| RunError::Runner(error.to_string()))?;
    }
    Ok(())
}

/// Comes back when the user wants to stop; never where nobody can say so any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn asked_of(judge: &LiveJudge, examples: usize) -> Vec<bool> {
    let mut asked = vec![false; examples];
    judge.asks.iter().for_each(|example| asked[*example] = true);
    asked
}

impl Shared {
    fn new(
        gold: &Arc<GoldSet>,
        judges: Vec<LiveJudge>,
        ledger: &Arc<Ledger>,
        options: AskOptions,
    ) -> Result<Self, RunError> {
        let mut by_account: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, judge) in judges.iter().enumerate() {
            by_account.entry(judge.live.account()).or_default().push(index);
        }
        let mut gates: Vec<Option<Arc<Gate>>> = vec![None; judges.len()];
        for members in by_account.values() {
            let gate = Arc::new(Gate::new(members.iter().map(|index| &judges[*index].live.limits)));
            members.iter().for_each(|index| gates[*index] = Some(Arc::clone(&gate)));
        }
        let senders: Result<Vec<Sender>, String> = judges.iter().map(|judge| Sender::new(&judge.live)).collect();
        Ok(Self {
            gold: Arc::clone(gold),
            gates: gates.into_iter().flatten().collect(),
            senders: senders.map_err(RunError::Runner)?,
            stopped: judges.iter().map(|_| OnceLock::new()).collect(),
            unreachable: judges.iter().map(|_| Unreachable::default()).collect(),
            judges,
            ledger: Arc::clone(ledger),
            budget: Budget::new(options.most_cost_usd),
            on_the_way: Mutex::default(),
            failures: Mutex::new(BTreeMap::new()),
            broken: OnceLock::new(),
            options,
        })
    }

    /// Looks at the replies so far, all of which are in the ledger.
    fn look<T>(&self, look: impl FnOnce(&Replies<'_>) -> Result<T, RunError>) -> Result<T, RunError> {
        self.ledger.flush()?;
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner).clone();
        look(&Replies {
            gold: &self.gold,
            judges: &self.judges,
            ledger: &self.ledger,
            failures: &failures,
            oldest: self.options.oldest.as_deref(),
        })
    }

    fn outcome(&self, interrupted: bool, until: Vec<UntilOutcome>) -> Result<AskOutcome, RunError> {
        if let Some(error) = self.broken.get() {
            return Err(RunError::Runner(error.to_string()));
        }
        let stopped = self.judges.iter().zip(&self.stopped);
        Ok(AskOutcome {
            ended: match (interrupted, self.budget.refused()) {
                (true, _) => Ended::Interrupted,
                (false, true) => Ended::Budget,
                (false, false) => Ended::Done,
            },
            failures: self.failures_of_the_reached(),
            stopped: stopped.filter_map(|(judge, why)| Some((judge.judge.name.clone(), why.get()?.clone()))).collect(),
            spent_usd: self.budget.spent(),
            until,
        })
    }

    fn note(&self, event: &Event) {
        self.options.observer.note(event);
    }

    fn fail(&self, trial: Trial, outcome: Outcome, reason: String, attempts: u32) {
        self.note(&Event::Failed { reason: reason.clone() });
        let failure = Failure { outcome, reason, attempts };
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.insert((trial.judge, trial.example, trial.repeat), failure);
    }

    /// What failed, without the trials that a server which could not be reached never saw: they are unasked like those
    /// that would have followed.
    fn failures_of_the_reached(&self) -> Failures {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (judge, unreachable) in self.unreachable.iter().enumerate() {
            for (example, repeat) in unreachable.given_up() {
                failures.remove(&(judge, example, repeat));
            }
        }
        failures
    }

    /// Takes note of a trial that ended without a connection; the judge is stopped where too many did so in a row.
    fn no_connection(&self, trial: Trial, reason: &str) {
        let unreachable = &self.unreachable[trial.judge];
        if unreachable.add(trial.example, trial.repeat) {
            self.stop_judge(trial.judge, &Unreachable::reason(reason));
        }
    }

    fn stop_judge(&self, judge: usize, reason: &str) {
        if self.stopped[judge].set(reason.to_owned()).is_ok() {
            let name = self.judges[judge].judge.name.clone();
            self.note(&Event::JudgeStopped { judge: name, reason: reason.to_owned() });
        }
    }

    /// Whether the ledger has a reply that is not too old. Where it cannot be read, nothing more is asked.
    fn bought(&self, call: &Call) -> bool {
        self.ledger.has(&call.sha256, self.options.oldest.as_deref()).unwrap_or_else(|error| {
            let _ = self.broken.set(error);
            true
        })
    }

    /// The turn of everybody who makes this call; whoever has it asks, and the next finds the reply in the ledger.
    fn turn(&self, sha256: &str) -> Arc<Turn<()>> {
        let mut on_the_way = self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(on_the_way.entry(sha256.to_owned()).or_default())
    }

    /// Gives a turn back; the last one forgets the call.
    fn leave(&self, sha256: &str, turn: Arc<Turn<()>>) {
        let mut on_the_way = self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner);
        drop(turn);
        if on_the_way.get(sha256).is_some_and(|turn| Arc::strong_count(turn) == 1) {
            on_the_way.remove(sha256);
        }
    }

    fn asked(&self, trial: Trial) -> Asked<'_> {
        Asked { card: &self.gold.card, example: &self.gold.examples[trial.example], repeat: trial.repeat }
    }
}

/// One judge, one example, one repeat.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    pub(super) judge: usize,
    pub(super) example: usize,
    pub(super) repeat: u32,
}

/// One trial from its place in the gate to its reply in the ledger.
async fn trial(shared: Arc<Shared>, trial: Trial, call: Call, _permit: OwnedSemaphorePermit) {
    let turn = shared.turn(&call.sha256);
    let taken = turn.lock().await;
    buy(&shared, trial, &call).await;
    drop(taken);
    shared.leave(&call.sha256, turn);
}

/// Makes a call that nobody else is making, unless the ledger has its reply.
async fn buy(shared: &Shared, trial: Trial, call: &Call) {
    if shared.bought(call) {
        return shared.note(&Event::Cached);
    }
    let live = &shared.judges[trial.judge].live;
    let worst = live.price.as_ref().map_or(0.0, |price| worst_cost(call, price));
    let Some(reservation) = shared.budget.reserve(worst) else { return };
    let spent = attempts(shared, trial, call).await;
    shared.budget.settle(&reservation, spent);
}

/// Sends a call until it is answered, refused for good, or out of attempts; returns what it cost.
async fn attempts(shared: &Shared, trial: Trial, call: &Call) -> f64 {
    let LiveJudge { judge, live, .. } = &shared.judges[trial.judge];
    let gate = &shared.gates[trial.judge];
    let key = call.key.as_ref().and_then(|slot| shared.options.keys.get(&slot.variable));
    let mut backoff = Backoff::new(shared.options.seed, &judge.name, &call.sha256);
    let mut stop = shared.options.stop.clone();
    let mut reason = String::new();
    let mut connected = true;
    for attempt in 1..=live.limits.attempts {
        let tokens = call.input_tokens.saturating_add(call.most_output_tokens);
        tokio::select! {
            biased;
            // What waits at the gate is not in flight: a limit of a few requests a minute would hold the end up for minutes.
            () = stopped(&mut stop) => {
                shared.fail(trial, Outcome::Cancelled, "stopped before it was sent".to_owned(), attempt - 1);
                return 0.0;
            }
            () = gate.pass(tokens, backoff.spread()) => {}
        }
        if let Some(why) = shared.stopped[trial.judge].get() {
            if shared.unreachable[trial.judge].is_given_up() {
                return 0.0;
            }
            shared.fail(trial, Outcome::Cancelled, format!("not asked: {why}"), attempt - 1);
            return 0.0;
        }
        let start = Instant::now();
        let asked_to_wait = match shared.senders[trial.judge].send(call, key, &live.limits).await {
            Ok(HttpReply { status, headers, body }) => {
                connected = true;
                shared.unreachable[trial.judge].reached();
                let body = match key {
                    Some(key) => key.redact(&body),
                    None => body,
                };
                let wait = wait_asked(&headers, status, &(shared.options.now)());
                match live.disposition(status, &body) {
                    Disposition::Keep => {
                        // Told in advance that the next requests will be refused.
                        wait.into_iter().for_each(|wait| gate.rest_for(wait));
                        let latency_ms = start.elapsed().as_secs_f64() * 1000.0;
                        let at = (shared.options.now)();
                        let reply = StoredReply { status, body, latency_ms, attempts: attempt, at };
                        return keep(shared, trial, call, reply);
                    }
                    Disposition::Fail(why) => {
                        shared.fail(trial, Outcome::RequestFailed, why, attempt);
                        return 0.0;
                    }
                    Disposition::StopJudge(why) => {
                        shared.stop_judge(trial.judge, &why);
                        shared.fail(trial, Outcome::Cancelled, why, attempt);
                        return 0.0;
                    }
                    Disposition::Retry => {
                        reason = format!("HTTP status {status}");
                        wait.or_else(|| wait_in_body(&body))
                    }
                }
            }
            Err(fault) => {
                connected = !matches!(fault, SendFault::Connect(_));
                reason = fault.to_string();
                None
            }
        };
        if attempt == live.limits.attempts {
            break;
        }
        let Some(wait) = backoff.wait(asked_to_wait) else {
            reason.push_str("; asked to wait for longer than ten minutes");
            break;
        };
        if let Some(asked) = asked_to_wait {
            gate.rest_for(asked);
        }
        shared.note(&Event::Retried { reason: reason.clone() });
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stopped(&mut stop) => {
                shared.fail(trial, Outcome::Cancelled, format!("stopped while waiting after {reason}"), attempt);
                return 0.0;
            }
        }
    }
    if !connected {
        shared.no_connection(trial, &reason);
    }
    shared.fail(trial, Outcome::RequestFailed, reason, live.limits.attempts);
    0.0
}

/// Puts a reply into the ledger and returns what it cost.
fn keep(shared: &Shared, trial: Trial, call: &Call, reply: StoredReply) -> f64 {
    let LiveJudge { judge, live, .. } = &shared.judges[trial.judge];
    let verdict: Verdict = live.verdict(judge, &shared.asked(trial), &reply, &call.prompt_sha256);
    let entry = Entry {
        sha256: call.sha256.clone(),
        judge: judge.name.clone(),
        example: shared.gold.examples[trial.example].id.clone(),
        repeat: trial.repeat,
        reply,
    };
    if let Err(error) = shared.ledger.record(entry) {
        let _ = shared.broken.set(error);
    }
    shared.note(&Event::Answered { outcome: verdict.outcome, cost_usd: verdict.cost_usd });
    verdict.cost_usd.unwrap_or(0.0)
}
