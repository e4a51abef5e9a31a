//! Asking live judges: keys from the environment, the ledger, progress, and stopping.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat};
use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::error::CliError;
use super::output;
use super::progress::{Counts, Progress};
use crate::gold::GoldSet;
use crate::judge::live::{LiveSpec, Provider, key_is_bound};
use crate::judge::{JudgeKind, JudgeSpec};
use crate::model::{PerAxis, Problems, Severity, shown};
use crate::run::{
    Answers, AskOptions, AskOutcome, Ended, JudgePlan, JudgeRun, Ledger, LiveContext, LiveReplies, Secret, Until,
    UntilOutcome,
};
use crate::run::{answer, live_judges, plan};

/// Where replies are kept unless the user says otherwise.
const DEFAULT_LEDGER: &str = "lacuna-ledger.sqlite";

/// Arguments of the commands that ask live judges.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct LiveArgs {
    /// File that keeps every reply of a live judge, so that none is bought twice [default: lacuna-ledger.sqlite].
    #[arg(long, value_name = "FILE", help_heading = "Live judges")]
    pub(super) ledger: Option<PathBuf>,
    /// Stop before asking costs more than this, in US dollars.
    #[arg(long, value_name = "USD", value_parser = dollars, help_heading = "Live judges")]
    pub(super) max_cost: Option<f64>,
    /// Ask again where the ledger's reply is older than this, such as 90m, 12h or 30d.
    #[arg(long, value_name = "AGE", value_parser = age, help_heading = "Live judges")]
    pub(super) max_age: Option<Duration>,
    /// Ask everything again, whatever the ledger holds.
    #[arg(long, conflicts_with = "max_age", help_heading = "Live judges")]
    pub(super) fresh: bool,
    /// Allow judges that are programs on this machine; their files say which program is started.
    #[arg(long, help_heading = "Live judges")]
    pub(super) allow_commands: bool,
    /// Set by the commands that can stop early.
    #[arg(skip)]
    pub(super) until: Option<Until>,
}

fn dollars(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(amount) if amount.is_finite() && amount > 0.0 => Ok(amount),
        _ => Err("allowed: a number above 0".to_owned()),
    }
}

fn age(text: &str) -> Result<Duration, String> {
    let allowed = || "allowed: a whole number and s, m, h or d, such as 12h".to_owned();
    let unit = text.chars().last().ok_or_else(allowed)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(allowed()),
    };
    let count: u64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| allowed())?;
    count.checked_mul(seconds).map(Duration::from_secs).ok_or_else(allowed)
}

/// A host that the user trusts with a key (`[[keys]]` in `lacuna.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrustedKey {
    /// Name of the variable that holds the key.
    pub(super) variable: String,
    /// The host that it may be sent to.
    pub(super) host: String,
}

/// The time, RFC 3339 in UTC, to the second.
pub(super) fn now() -> String {
    rfc3339(SystemTime::now())
}

fn rfc3339(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let time = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Fills in addresses from the environment and checks what has to hold before a live judge is asked: its program is
/// allowed, its key belongs to its host and is there. Returns the keys.
fn prepare(
    judges: &mut [JudgeSpec],
    args: &LiveArgs,
    trusted: &[TrustedKey],
) -> Result<BTreeMap<String, Secret>, CliError> {
    let mut problems = Problems::default();
    let mut keys = BTreeMap::new();
    for judge in judges {
        let JudgeKind::Live(live) = &mut judge.kind else { continue };
        let mut faults = Vec::new();
        if live.provider == Provider::Command && !args.allow_commands {
            let program = live.endpoint.command.join(" ");
            faults.push(("command", format!("starts {}; allowed: only with --allow-commands", shown(&program))));
        }
        faults.extend(fill_in_address(live).map(|message| ("base_url_env", message)));
        match key_of(live, trusted) {
            Ok(key) => keys.extend(key),
            Err(message) => faults.push(("api_key_env", message)),
        }
        faults.into_iter().for_each(|(key, message)| problems.push(judge.fault(key, message)));
    }
    Ok(problems.or(keys)?)
}

/// Fills in addresses from the environment: what a batch needs, which is sent by others and needs no key.
pub(super) fn fill_in_addresses(judges: &mut [JudgeSpec]) -> Result<(), CliError> {
    let mut problems = Problems::default();
    for judge in judges {
        let JudgeKind::Live(live) = &mut judge.kind else { continue };
        if let Some(message) = fill_in_address(live) {
            problems.push(judge.fault("base_url_env", message));
        }
    }
    Ok(problems.or(())?)
}

/// Moves a judge to the address in its variable; says what is wrong with that.
fn fill_in_address(live: &mut LiveSpec) -> Option<String> {
    let variable = live.endpoint.base_url_env.as_ref()?;
    let url = std::env::var(variable).ok().filter(|url| !url.trim().is_empty())?;
    match live.clone().at_base_url(url.trim()) {
        Ok(moved) => {
            *live = moved;
            None
        }
        Err(message) => Some(format!("{variable}: {message}")),
    }
}

/// The variable and the key of a judge that needs one.
fn key_of(live: &LiveSpec, trusted: &[TrustedKey]) -> Result<Option<(String, Secret)>, String> {
    let (Some(variable), Some(host)) = (live.endpoint.api_key_env.clone(), live.host()) else { return Ok(None) };
    let own = trusted.iter().any(|key| key.variable == variable && key.host.eq_ignore_ascii_case(&host));
    if !own && !key_is_bound(&variable, &host) {
        return Err(unbound(&variable, &host));
    }
    match std::env::var(&variable).map(|key| Secret::new(&key)) {
        Ok(key) if !key.is_empty() => Ok(Some((variable, key))),
        _ => Err(format!("the variable {variable} is not set; allowed: one that holds the key")),
    }
}

fn unbound(variable: &str, host: &str) -> String {
    format!(
        "would send the key in {variable} to {}, which is not known to be its own service; allowed: its own service, or a \
         pair that you trust in your lacuna.toml: [[keys]] with variable = \"{variable}\" and host = {}",
        shown(host),
        shown(host)
    )
}

/// Whether any judge has to be asked.
pub(super) fn any_live(judges: &[JudgeSpec]) -> bool {
    judges.iter().any(|judge| matches!(judge.kind, JudgeKind::Live(_)))
}

/// A cost limit is worth nothing where a price is not known.
pub(super) fn check_prices(judges: &[JudgeSpec], args: &LiveArgs) -> Result<(), CliError> {
    let mut problems = Problems::default();
    for judge in judges.iter().filter(|_| args.max_cost.is_some()) {
        let JudgeKind::Live(live) = &judge.kind else { continue };
        if live.price.is_none() && live.provider != Provider::Command {
            let message = "is missing, and --max-cost needs it; allowed: [price] with input_per_million_usd and \
                           output_per_million_usd (0 where nothing is charged)";
            problems.push(judge.fault("price", message));
        }
    }
    Ok(problems.or(())?)
}

/// Opens the ledger.
pub(super) fn open_ledger(args: &LiveArgs) -> Result<Arc<Ledger>, CliError> {
    let path = args.ledger.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_LEDGER));
    Ok(Arc::new(Ledger::open(&path).map_err(crate::run::RunError::from)?))
}

/// Replies from before this moment are asked for again. Call it once a run.
pub(super) fn oldest(args: &LiveArgs) -> Option<String> {
    if args.fresh {
        // Replies are dated to the second: only from the next one on are all older replies older, and all new ones not.
        let into = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
        std::thread::sleep(Duration::from_secs(1).saturating_sub(Duration::from_nanos(u64::from(into))));
        return Some(now());
    }
    args.max_age.map(|age| rfc3339(SystemTime::now().checked_sub(age).unwrap_or(UNIX_EPOCH)))
}

/// Runs all judges: those that have to be asked by the ledger, with their plan said first. The error of an early end is
/// returned beside what was made, which is whole as far as it goes.
pub(super) fn run_judges(
    gold: &Arc<GoldSet>,
    judges: Vec<JudgeSpec>,
    args: &LiveArgs,
    trusted: &[TrustedKey],
    seed: u64,
    thresholds: PerAxis<Severity>,
) -> Result<(Vec<JudgeRun>, Option<CliError>), CliError> {
    let (answers, early) = answer_judges(gold, judges, args, trusted, seed, thresholds)?;
    Ok((answers.collect()?.runs, early))
}

/// The same, with the verdicts of the judges that were asked still in the ledger.
pub(super) fn answer_judges(
    gold: &Arc<GoldSet>,
    mut judges: Vec<JudgeSpec>,
    args: &LiveArgs,
    trusted: &[TrustedKey],
    seed: u64,
    thresholds: PerAxis<Severity>,
) -> Result<(Answers, Option<CliError>), CliError> {
    let runtime = runtime()?;
    if !any_live(&judges) {
        return Ok((runtime.block_on(answer(gold, judges, seed, thresholds, None))?, None));
    }
    let keys = prepare(&mut judges, args, trusted)?;
    check_prices(&judges, args)?;
    let ledger = open_ledger(args)?;
    let oldest = oldest(args);
    let plans = plan(gold, &live_judges(gold, &judges), Some(&ledger), oldest.as_deref())?;
    say_plan(&plans);
    let answers = runtime.block_on(async {
        let (context, progress) = context(&ledger, args, oldest, keys, seed, &plans);
        let answers = answer(gold, judges, seed, thresholds, Some(context)).await;
        progress.finish();
        answers.inspect(|answers| answers.asked.iter().for_each(|outcome| say_outcome(outcome, &progress)))
    })?;
    let early = answers.asked.as_ref().and_then(early_end);
    if let Some(CliError::Interrupted) = early {
        return Err(CliError::Interrupted);
    }
    Ok((answers, early))
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::unexpected)
}

/// What the runner needs to ask, with progress drawn and Ctrl-C heard. Call it inside the runtime.
fn context(
    ledger: &Arc<Ledger>,
    args: &LiveArgs,
    oldest: Option<String>,
    keys: BTreeMap<String, Secret>,
    seed: u64,
    plans: &[JudgePlan],
) -> (LiveContext, Arc<Progress>) {
    let (sender, stop) = watch::channel(false);
    tokio::spawn(hear_interrupts(sender));
    let trials = plans.iter().map(|plan| plan.requests + plan.in_ledger).sum();
    let progress = Arc::new(Progress::new(trials));
    let options = AskOptions {
        seed,
        most_cost_usd: args.max_cost,
        oldest,
        keys,
        now,
        stop,
        until: args.until,
        observer: Arc::clone(&progress) as Arc<dyn crate::run::Observer>,
    };
    (LiveContext { ledger: Arc::clone(ledger), replies: LiveReplies::Asked(options) }, progress)
}

/// The first Ctrl-C stops the asking; the second ends the program, and the ledger is as it was at its last commit.
async fn hear_interrupts(stop: watch::Sender<bool>) {
    if tokio::signal::ctrl_c().await.is_err() {
        // No signal can be heard; the sender has to live, or the runner would take its end for a wish to stop.
        return std::future::pending().await;
    }
    output::say("stopping: requests in flight are finished and kept; press Ctrl-C again to leave them");
    let _ = stop.send(true);
    let _ = tokio::signal::ctrl_c().await;
    std::process::exit(i32::from(CliError::INTERRUPTED));
}

/// Says what will be sent, before anything is.
fn say_plan(plans: &[JudgePlan]) {
    for plan in plans {
        output::say(&plan_line(plan));
    }
}

/// One judge's plan on a line.
pub(super) fn plan_line(plan: &JudgePlan) -> String {
    let cost = match plan.most_cost_usd {
        Some(cost) => format!(", at most about {cost:.2} USD by its price table"),
        None => String::new(),
    };
    let host = plan.host.as_deref().map_or_else(|| "this machine".to_owned(), crate::report::one_line);
    format!(
        "{}: {} requests to {host} ({}), {} replies in the ledger; about {} tokens sent, at most {} received{cost}",
        plan.judge,
        plan.requests,
        crate::report::one_line(&plan.model),
        plan.in_ledger,
        plan.input_tokens,
        plan.most_output_tokens
    )
}

/// Says how asking went, judge by judge where one was stopped.
fn say_outcome(outcome: &AskOutcome, progress: &Progress) {
    let counts = progress.counts();
    output::say(&counts_line(&counts, outcome.failures.len()));
    outcome.until.iter().for_each(|known| output::say(&known_line(known)));
    for (judge, reason) in &outcome.stopped {
        output::say(&format!("{judge}: stopped: {}", crate::report::one_line(reason)));
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for failure in outcome.failures.values() {
        *reasons.entry(&failure.reason).or_default() += 1;
    }
    for (reason, count) in reasons {
        output::say(&format!("{count} without a reply: {}", crate::report::one_line(reason)));
    }
    if outcome.spent_usd > 0.0 {
        output::say(&format!("spent about {:.4} USD by the judges' price tables", outcome.spent_usd));
    }
}

/// What was sent and what came of it. Replies of the ledger are not read again here: of those nothing is said.
fn counts_line(counts: &Counts, without_reply: usize) -> String {
    let line = format!(
        "{} replies bought, {} from the ledger, {} requests sent again, {without_reply} trials without a reply",
        counts.answered, counts.cached, counts.retried
    );
    if counts.answered == 0 {
        return line;
    }
    let without: Vec<String> = counts.unscored.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    let without = if without.is_empty() { "none" } else { &without.join(", ") };
    format!("{line}; without a verdict among those bought: {without}")
}

/// What is known of a judge that was to be asked until enough was.
fn known_line(known: &UntilOutcome) -> String {
    let end = if known.reached {
        format!("known after {} of {} clusters", known.clusters, known.of)
    } else {
        format!("not known so well after {} of {} clusters", known.clusters, known.of)
    };
    let limits = match known.interval {
        Some(limits) => {
            format!(
                "{} between {:.3} and {:.3}, 95 % for all judges at every time",
                known.until.quantity, limits.lower, limits.upper
            )
        }
        None => "nothing to tell yet".to_owned(),
    };
    format!("{}: until {}: {end}: {limits}", known.judge, known.until)
}

/// The error that the exit code of an early end needs.
fn early_end(outcome: &AskOutcome) -> Option<CliError> {
    match outcome.ended {
        Ended::Done if outcome.stopped.is_empty() => None,
        Ended::Done => Some(CliError::Stopped("a judge was stopped before every trial was asked".to_owned())),
        Ended::Budget => Some(CliError::Stopped("--max-cost was reached before every trial was asked".to_owned())),
        Ended::Interrupted => Some(CliError::Interrupted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the ledger holds was not read, so nothing may be said of its verdicts.
    #[test]
    fn only_what_was_bought_is_said_to_have_a_verdict_or_none() {
        let mut counts = Counts { cached: 192, ..Counts::default() };
        let line = counts_line(&counts, 0);
        assert_eq!(line, "0 replies bought, 192 from the ledger, 0 requests sent again, 0 trials without a reply");
        (counts.answered, counts.cached) = (2, 190);
        assert!(
            counts_line(&counts, 3).ends_with("3 trials without a reply; without a verdict among those bought: none")
        );
        counts.unscored.insert("refused", 1);
        assert!(counts_line(&counts, 0).ends_with("among those bought: 1 refused"));
    }

    #[test]
    fn ages_and_times() {
        assert_eq!(age("90m"), Ok(Duration::from_secs(5400)));
        assert_eq!(age("30d"), Ok(Duration::from_secs(2_592_000)));
        for text in ["", "d", "-1d", "1w", "1.5h", "1\u{e9}", "99999999999999999999d", "18446744073709551615d"] {
            assert!(age(text).is_err(), "{text}");
        }
        let time = UNIX_EPOCH + Duration::from_secs(1_767_323_045);
        assert_eq!(rfc3339(time), "2026-01-02T03:04:05Z");
        assert_eq!(dollars("2.5"), Ok(2.5));
        assert!(dollars("0").is_err() && dollars("inf").is_err() && dollars("x").is_err());
    }
}
