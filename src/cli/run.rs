//! `lacuna run`: asks judges and writes what they answered, ready to be measured.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::config::AuditSettings;
use super::error::CliError;
use super::live::{LiveArgs, run_judges};
use super::staging::{Existing, check_target, write_folder};
use super::{Format, output};
use crate::gold::GoldSet;
use crate::judge::{load_judges, recorded_file};
use crate::model::{Outcome, PerAxis, VERDICT_FORMAT};
use crate::run::JudgeRun;

/// Arguments of `lacuna run`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every reply goes into the ledger as it comes: the same command again asks only what is missing.
`lacuna judge check` says beforehand what will be sent, and what that costs at most.

Examples:
  lacuna run --gold mine --judge judges/openai.toml --out recorded
  lacuna audit --gold mine --judge recorded/judges --out reports/mine")]
pub(super) struct RunArgs {
    /// Folder of the gold set.
    #[arg(long, value_name = "DIR")]
    gold: PathBuf,
    /// Judge file, or a folder of them; repeatable.
    #[arg(long, value_name = "FILE|DIR", required = true)]
    judge: Vec<PathBuf>,
    /// A new or empty folder for the judges and their verdicts.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Seed of the order of asking, and of baselines that draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    live: LiveArgs,
    /// How to print what was written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What a judge answered, counted.
#[derive(Serialize)]
struct Answers<'a> {
    judge: &'a str,
    verdicts: usize,
    /// Verdicts by outcome.
    outcomes: BTreeMap<&'static str, usize>,
    /// What they cost by the judge's price table, in US dollars.
    cost_usd: Option<f64>,
}

pub(super) fn run(args: &RunArgs) -> Result<(), CliError> {
    check_target(&args.out, Existing::Nothing)?;
    let gold = Arc::new(GoldSet::load(&args.gold)?);
    let judges = load_judges(&args.judge)?;
    let thresholds = PerAxis::from_fn(|axis| gold.card.axis(axis).threshold);
    let trusted = AuditSettings::trusted_keys()?;
    let (runs, early) = run_judges(&gold, judges, &args.live, &trusted, args.seed, thresholds)?;
    write_folder(&args.out, &files(&runs)?, Existing::Nothing)?;
    let answers: Vec<Answers<'_>> = runs.iter().map(answers).collect();
    match args.format {
        Format::Json => output::json(&answers)?,
        Format::Text => output::data(&answers.iter().map(line).collect::<String>())?,
    }
    let (gold, out) = (output::path(&args.gold), output::path(&args.out));
    output::say(&format!("next: lacuna audit --gold {gold} --judge {out}/judges"));
    early.map_or(Ok(()), Err)
}

/// A recorded judge and its verdicts for each judge that was run.
fn files(runs: &[JudgeRun]) -> Result<BTreeMap<PathBuf, Vec<u8>>, CliError> {
    let mut files = BTreeMap::new();
    for run in runs {
        let name = &run.spec.name;
        let mut lines = format!("{{\"format\": \"{VERDICT_FORMAT}\"}}\n").into_bytes();
        for verdict in &run.verdicts {
            serde_json::to_writer(&mut lines, verdict).map_err(CliError::unexpected)?;
            lines.push(b'\n');
        }
        files.insert(Path::new("verdicts").join(format!("{name}.jsonl")), lines);
        let judge = recorded_file(&run.spec).map_err(CliError::unexpected)?;
        files.insert(Path::new("judges").join(format!("{name}.toml")), judge.into_bytes());
    }
    Ok(files)
}

fn answers(run: &JudgeRun) -> Answers<'_> {
    let mut outcomes: BTreeMap<&'static str, usize> = BTreeMap::new();
    for verdict in &run.verdicts {
        *outcomes.entry(verdict.outcome.name()).or_default() += 1;
    }
    let costs: Vec<f64> = run.verdicts.iter().filter_map(|verdict| verdict.cost_usd).collect();
    Answers {
        judge: &run.spec.name,
        verdicts: run.verdicts.len(),
        outcomes,
        cost_usd: (!costs.is_empty()).then(|| costs.iter().sum()),
    }
}

fn line(answers: &Answers<'_>) -> String {
    let scored = answers.outcomes.get(Outcome::Scored.name()).copied().unwrap_or(0);
    let others: Vec<String> = answers
        .outcomes
        .iter()
        .filter(|(outcome, _)| **outcome != Outcome::Scored.name())
        .map(|(outcome, count)| format!(", {count} {outcome}"))
        .collect();
    let cost = answers.cost_usd.map(|cost| format!(", {cost:.4} USD")).unwrap_or_default();
    format!("{}: {} verdicts: {scored} scored{}{cost}\n", answers.judge, answers.verdicts, others.concat())
}
