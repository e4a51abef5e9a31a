//! `lacuna stub-server`: a judge with a known blindness on a local socket.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, error::ErrorKind};

use super::error::CliError;
use super::output;
use crate::gold::GoldSet;
use crate::stub::{Blindness, Faults, Pace, StubOptions, serve};

/// Arguments of `lacuna stub-server`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints its address as one line and serves until it is interrupted, on this machine only. docs/stub.md tells more.

Examples:
  lacuna stub-server --gold gold_labels/lacuna-starter --omission-recall 0.40
  lacuna stub-server --port 0 --error-rate-429 0.1 --timeout-rate 0.05 --request-log requests.jsonl")]
pub(super) struct StubArgs {
    /// Port to listen on; 0 = any free one.
    #[arg(long, value_name = "N", default_value = "8787")]
    port: u16,
    /// Gold set from which it knows the truth; without one, it finds every example harmless.
    #[arg(long, value_name = "DIR")]
    gold: Option<PathBuf>,
    /// Seed of every draw.
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Share of the omission positives that it flags.
    #[arg(long, value_name = "SHARE", default_value = "0.40", value_parser = share)]
    omission_recall: f64,
    /// Share of the commission positives that it flags.
    #[arg(long, value_name = "SHARE", default_value = "0.85", value_parser = share)]
    commission_recall: f64,
    /// Share of the negatives of an axis that it flags.
    #[arg(long, value_name = "SHARE", default_value = "0.05", value_parser = share)]
    false_alarm_rate: f64,
    #[command(flatten)]
    faults: FaultArgs,
    #[command(flatten)]
    pace: PaceArgs,
    /// Key that a request has to carry, in the header of its protocol.
    #[arg(long, value_name = "VALUE")]
    require_key: Option<String>,
    /// Model that it has; repeatable; any where absent.
    #[arg(long, value_name = "NAME")]
    model: Vec<String>,
    /// Model that replies name in place of the one asked for.
    #[arg(long, value_name = "NAME")]
    served_model: Option<String>,
    /// File to which one JSON line a request is added.
    #[arg(long, value_name = "FILE")]
    request_log: Option<PathBuf>,
}

/// Scripted faults.
#[derive(Debug, Args)]
#[command(next_help_heading = "Faults of requests, drawn at each attempt")]
struct FaultArgs {
    /// Status 429, with a wait in one of several spellings.
    #[arg(long = "error-rate-429", value_name = "SHARE", default_value = "0", value_parser = share)]
    rate_limited: f64,
    /// Status 500.
    #[arg(long = "error-rate-500", value_name = "SHARE", default_value = "0", value_parser = share)]
    server_error: f64,
    /// Status 503, or 529 in Anthropic's protocol.
    #[arg(long = "error-rate-overloaded", value_name = "SHARE", default_value = "0", value_parser = share)]
    overloaded: f64,
    /// No answer until the client leaves.
    #[arg(long = "timeout-rate", value_name = "SHARE", default_value = "0", value_parser = share)]
    timeout: f64,
    /// A body that breaks off in its middle.
    #[arg(long = "cut-rate", value_name = "SHARE", default_value = "0", value_parser = share)]
    cut: f64,
    /// Status 200 with garbage.
    #[arg(long = "bad-json-rate", value_name = "SHARE", default_value = "0", value_parser = share)]
    bad_json: f64,
    #[command(flatten)]
    answers: AnswerFaultArgs,
}

/// Scripted faults that are answers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Faults of answers, drawn once for each request body")]
struct AnswerFaultArgs {
    /// Words without a verdict.
    #[arg(long = "nonsense-rate", value_name = "SHARE", default_value = "0", value_parser = share)]
    nonsense: f64,
    /// A refusal.
    #[arg(long = "refusal-rate", value_name = "SHARE", default_value = "0", value_parser = share)]
    refusal: f64,
    /// A reply that ran out of tokens.
    #[arg(long = "truncation-rate", value_name = "SHARE", default_value = "0", value_parser = share)]
    truncation: f64,
    /// A reply withheld by a content filter.
    #[arg(long = "filter-rate", value_name = "SHARE", default_value = "0", value_parser = share)]
    filter: f64,
    /// A verdict that is not on the menu.
    #[arg(long = "off-menu-rate", value_name = "SHARE", default_value = "0", value_parser = share)]
    off_menu: f64,
    /// A verdict among terminal escapes, invalid UTF-8 or 10 MB of text; without a value, in every answer.
    #[arg(long, value_name = "SHARE", default_value = "0", num_args = 0..=1, require_equals = true,
          default_missing_value = "1", value_parser = share)]
    hostile: f64,
}

/// How fast and how much it answers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pace")]
struct PaceArgs {
    /// Wait before each reply, in milliseconds.
    #[arg(long, value_name = "N", default_value = "0")]
    latency_ms: u64,
    /// At most so much more.
    #[arg(long, value_name = "N", default_value = "0")]
    jitter_ms: u64,
    /// Limit of requests a minute, beyond which it answers 429 with the headers of the protocol.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    requests_per_minute: Option<u32>,
    /// Requests at once within the limit; a whole minute's where absent.
    #[arg(long, value_name = "N", requires = "requests_per_minute", value_parser = clap::value_parser!(u32).range(1..))]
    burst: Option<u32>,
    /// Wait that a scripted 429 asks for, in milliseconds.
    #[arg(long, value_name = "N", default_value = "100")]
    retry_after_ms: u64,
    /// Replies until the account is out of money.
    #[arg(long, value_name = "N")]
    quota: Option<u64>,
}

pub(super) fn run(args: &StubArgs) -> Result<(), CliError> {
    let faults = faults(&args.faults);
    for shares in [faults.of_requests(), faults.of_answers()] {
        if shares.iter().sum::<f64>() > 1.0 + 1e-9 {
            let message = "the shares of the faults of one group must not add up to more than 1";
            clap::Error::raw(ErrorKind::ValueValidation, format!("{message}\n")).exit();
        }
    }
    let options = StubOptions {
        gold: args.gold.as_deref().map(GoldSet::load).transpose()?,
        seed: args.seed,
        blindness: Blindness {
            omission_recall: args.omission_recall,
            commission_recall: args.commission_recall,
            false_alarm_rate: args.false_alarm_rate,
        },
        faults,
        pace: pace(&args.pace),
        require_key: args.require_key.clone(),
        models: args.model.clone(),
        served_model: args.served_model.clone(),
        request_log: request_log(args)?,
        now_ms,
    };
    let failed = |what: &str, error: std::io::Error| CliError::unexpected(format!("{what}: {error}"));
    let address = (Ipv4Addr::LOCALHOST, args.port);
    let listener = TcpListener::bind(address).map_err(|error| failed(&format!("port {}", args.port), error))?;
    let port = listener.local_addr().map_err(|error| failed("the address", error))?.port();
    let runtime = tokio::runtime::Runtime::new().map_err(|error| failed("the runtime", error))?;
    output::data(&format!("http://127.0.0.1:{port}\n"))?;
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without the signal it serves until it is killed.
            std::future::pending::<()>().await;
        }
    };
    runtime.block_on(serve(options, listener, interrupted)).map_err(|error| failed("the stub", error))
}

fn faults(args: &FaultArgs) -> Faults {
    Faults {
        rate_limited: args.rate_limited,
        server_error: args.server_error,
        overloaded: args.overloaded,
        timeout: args.timeout,
        cut: args.cut,
        bad_json: args.bad_json,
        nonsense: args.answers.nonsense,
        refusal: args.answers.refusal,
        truncation: args.answers.truncation,
        filter: args.answers.filter,
        off_menu: args.answers.off_menu,
        hostile: args.answers.hostile,
    }
}

const fn pace(args: &PaceArgs) -> Pace {
    Pace {
        latency_ms: args.latency_ms,
        jitter_ms: args.jitter_ms,
        requests_per_minute: args.requests_per_minute,
        burst: args.burst,
        retry_after_ms: args.retry_after_ms,
        quota: args.quota,
    }
}

fn request_log(args: &StubArgs) -> Result<Option<Box<dyn Write + Send>>, CliError> {
    let Some(path) = &args.request_log else { return Ok(None) };
    match OpenOptions::new().create(true).append(true).open(path) {
        Ok(file) => Ok(Some(Box::new(file))),
        Err(source) => Err(CliError::Write { path: path.clone(), source }),
    }
}

/// Milliseconds since 1970; 0 where the clock stands before that.
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| u64::try_from(since.as_millis()).ok()).unwrap_or(0)
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("allowed: a share from 0 to 1".to_owned()),
    }
}
