//! `lacuna judge check`: what would be sent, to whom, and what it costs at most, without sending anything.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::live::{any_live, plan_line};
use crate::cli::{Format, output};
use crate::gold::{GoldSet, bundled_set};
use crate::judge::live::Asked;
use crate::judge::load_judges;
use crate::run::{JudgePlan, Ledger, LiveJudge, RunError, live_judges, plan};

/// Arguments of `lacuna judge check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is sent and no key is read. Tokens are counted roughly, at four bytes each, and costs follow
from the judge's own price table: neither is exact.

Examples:
  lacuna judge check --judge judges/openai.toml --gold mine
  lacuna judge check --judge judges/openai.toml --gold mine --prompt
  lacuna judge check --judge judges/openai.toml --gold mine --ledger lacuna-ledger.sqlite")]
pub(in crate::cli) struct CheckArgs {
    /// Judge file, or a folder of them; repeatable.
    #[arg(long, value_name = "FILE|DIR", required = true)]
    judge: Vec<PathBuf>,
    /// Folder of a gold set. The bundled set where absent.
    #[arg(long, value_name = "DIR")]
    gold: Option<PathBuf>,
    /// Leave out what this ledger has.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// Print each judge's request about one example, whole.
    #[arg(long)]
    prompt: bool,
    /// The example of --prompt; the first that the judge is asked about where absent.
    #[arg(long, value_name = "ID", requires = "prompt")]
    example: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Serialize)]
struct Checked {
    #[serde(flatten)]
    plan: JudgePlan,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Request>,
}

/// One request as it would be sent, without the key.
#[derive(Serialize)]
struct Request {
    example: String,
    url: String,
    body: serde_json::Value,
}

pub(super) fn run(args: &CheckArgs) -> Result<(), CliError> {
    let gold = match &args.gold {
        Some(folder) => GoldSet::load(folder)?,
        None => GoldSet::from_files(&bundled_set())?,
    };
    let judges = load_judges(&args.judge)?;
    if !any_live(&judges) {
        output::say("no judge here has to be asked: recorded judges, baselines and panels cost nothing");
    }
    let ledger = match &args.ledger {
        Some(path) if path.exists() => Some(Ledger::open(path).map_err(RunError::from)?),
        _ => None,
    };
    let live = live_judges(&gold, &judges);
    let plans = plan(&gold, &live, ledger.as_ref(), None)?;
    let checked: Vec<Checked> = plans
        .into_iter()
        .zip(&live)
        .map(|(plan, judge)| Ok(Checked { plan, request: request(args, judge, &gold)? }))
        .collect::<Result<_, CliError>>()?;
    match args.format {
        Format::Json => output::json(&checked),
        Format::Text => output::data(&checked.iter().map(text).collect::<Result<String, CliError>>()?),
    }
}

fn request(args: &CheckArgs, judge: &LiveJudge, gold: &GoldSet) -> Result<Option<Request>, CliError> {
    if !args.prompt {
        return Ok(None);
    }
    let position = match &args.example {
        None => judge.asks.first().copied(),
        Some(id) => {
            let found = gold.position(id).filter(|position| judge.asks.contains(position));
            if found.is_none() {
                let message = format!("{} is not asked about {}", judge.judge.name, crate::model::shown(id));
                let allowed = "an example of the set that the judge can be asked about";
                return Err(crate::model::Problem::file(
                    std::path::Path::new("--example"),
                    format!("{message}; allowed: {allowed}"),
                )
                .into());
            }
            found
        }
    };
    let Some(position) = position else { return Ok(None) };
    let example = &gold.examples[position];
    let asked = Asked { card: &gold.card, example, repeat: 0 };
    let call = judge.live.call(&asked).map_err(CliError::unexpected)?;
    let body = serde_json::from_str(&call.body).map_err(CliError::unexpected)?;
    Ok(Some(Request { example: example.id.clone(), url: call.url, body }))
}

fn text(checked: &Checked) -> Result<String, CliError> {
    let mut text = format!("{}\n", plan_line(&checked.plan));
    text.push_str(&format!("  prompt {}, {} verdicts an example\n", checked.plan.prompt, checked.plan.samples));
    if let Some(request) = &checked.request {
        let body = serde_json::to_string_pretty(&request.body).map_err(CliError::unexpected)?;
        // Line breaks of the body are its own; everything else that could drive a terminal is made harmless.
        let body: String = body.lines().map(|line| format!("{}\n", crate::report::one_line(line))).collect();
        text.push_str(&format!("about {}:\nPOST {}\n{body}", crate::report::one_line(&request.example), request.url));
    }
    Ok(text)
}
