//! `lacuna run`: asks judges and writes what they answered, ready to be measured.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::config::AuditSettings;
use super::error::CliError;
use super::live::{LiveArgs, answer_judges};
use super::staging::{Existing, Staged, check_target};
use super::{Format, batch, output};
use crate::gold::GoldSet;
use crate::judge::{load_judges, recorded_file};
use crate::model::{Outcome, PerAxis, VERDICT_FORMAT, Verdict};
use crate::run::{Answers, Until};

/// Arguments of `lacuna run`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every reply goes into the ledger as it comes: the same command again asks only what is missing.
`lacuna judge check` says beforehand what will be sent, and what that costs at most.

A batch is the same in two halves: --batch-out writes the requests that the ledger has no reply to
into files for the provider's batch service, and sends nothing; --batch-in files what came back.

Examples:
  lacuna run --gold mine --judge judges/openai.toml --out recorded
  lacuna audit --gold mine --judge recorded/judges --out reports/mine
  lacuna run --gold mine --judge judges/openai.toml --out recorded --until recall_gap+-0.1
  lacuna run --gold mine --judge judges/openai.toml --batch-out batch
  lacuna run --gold mine --judge judges/openai.toml --batch-in results.jsonl --batch-in errors.jsonl
  lacuna run --gold mine --judge judges/openai.toml --batch-in results.jsonl --out recorded")]
pub(super) struct RunArgs {
    /// Folder of the gold set.
    #[arg(long, value_name = "DIR")]
    pub(super) gold: PathBuf,
    /// Judge file, or a folder of them; repeatable.
    #[arg(long, value_name = "FILE|DIR", required = true)]
    pub(super) judge: Vec<PathBuf>,
    /// A new or empty folder for the judges and their verdicts.
    #[arg(long, value_name = "DIR", required_unless_present_any = ["batch_out", "batch_in"], conflicts_with = "batch_out")]
    pub(super) out: Option<PathBuf>,
    /// Seed of the order of asking, and of baselines that draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) live: LiveArgs,
    /// Ask each judge only until this is known so well, such as 'recall_gap +-0.1', 'recall omission +-0.1' or
    /// 'recall commission +-0.1'.
    #[arg(long, value_name = "WHAT", value_parser = until, conflicts_with_all = ["batch_out", "batch_in"], help_heading = "Live judges")]
    pub(super) until: Option<Until>,
    /// Write the requests into a new or empty folder, for the provider's batch service; nothing is sent, no key is read.
    #[arg(long, value_name = "DIR", conflicts_with = "batch_in", help_heading = "Batches")]
    pub(super) batch_out: Option<PathBuf>,
    /// File the replies of a batch in the ledger: the files of results and of errors that came back; nothing is sent,
    /// no key is read. Repeatable.
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Batches")]
    pub(super) batch_in: Vec<PathBuf>,
    /// How to print what was written.
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

fn until(text: &str) -> Result<Until, String> {
    text.parse()
}

/// What a judge answered, counted.
#[derive(Serialize)]
struct Counted<'a> {
    judge: &'a str,
    verdicts: usize,
    /// Verdicts by outcome.
    outcomes: BTreeMap<&'static str, usize>,
    /// What they cost by the judge's price table, in US dollars.
    cost_usd: Option<f64>,
}

pub(super) fn run(args: &RunArgs) -> Result<(), CliError> {
    if let Some(folder) = &args.batch_out {
        return batch::write(args, folder);
    }
    if !args.batch_in.is_empty() {
        return batch::read(args);
    }
    let Some(out) = &args.out else { return Err(CliError::unexpected("--out is missing")) };
    check_target(out, Existing::Nothing)?;
    let gold = Arc::new(GoldSet::load(&args.gold)?);
    let judges = load_judges(&args.judge)?;
    let thresholds = PerAxis::from_fn(|axis| gold.card.axis(axis).threshold);
    let trusted = AuditSettings::trusted_keys()?;
    if let Some(until) = &args.until {
        until.check(&gold, &judges)?;
    }
    let live = LiveArgs { until: args.until, ..args.live.clone() };
    let (answers, early) = answer_judges(&gold, judges, &live, &trusted, args.seed, thresholds)?;
    write_answers(args, &answers, out)?;
    early.map_or(Ok(()), Err)
}

/// Writes a recorded judge and its verdicts for each judge, and says what they were. Verdicts pass through one by one.
pub(super) fn write_answers(args: &RunArgs, answers: &Answers, out: &Path) -> Result<(), CliError> {
    let staged = Staged::new(out, Existing::Nothing)?;
    let mut counted = Vec::new();
    for (position, judge) in answers.judges().iter().enumerate() {
        let place = Path::new("verdicts").join(format!("{}.jsonl", judge.name));
        let mut file = staged.file(&place)?;
        file.write(format!("{{\"format\": \"{VERDICT_FORMAT}\"}}\n").as_bytes())?;
        let mut counts = Counted { judge: &judge.name, verdicts: 0, outcomes: BTreeMap::new(), cost_usd: None };
        let mut line = Vec::new();
        answers.each(position, |verdict| {
            counts.add(&verdict);
            line.clear();
            serde_json::to_writer(&mut line, &verdict).map_err(CliError::unexpected)?;
            line.push(b'\n');
            file.write(&line)
        })?;
        file.finish()?;
        counted.push(counts);
        let mut file = staged.file(&Path::new("judges").join(format!("{}.toml", judge.name)))?;
        file.write(recorded_file(judge, place).map_err(CliError::unexpected)?.as_bytes())?;
        file.finish()?;
    }
    staged.place()?;
    match args.format {
        Format::Json => output::json(&counted)?,
        Format::Text => output::data(&counted.iter().map(line).collect::<String>())?,
    }
    let (gold, out) = (output::path(&args.gold), output::path(out));
    output::say(&format!("next: lacuna audit --gold {gold} --judge {out}/judges"));
    Ok(())
}

impl Counted<'_> {
    fn add(&mut self, verdict: &Verdict) {
        self.verdicts += 1;
        *self.outcomes.entry(verdict.outcome.name()).or_default() += 1;
        if let Some(cost) = verdict.cost_usd {
            *self.cost_usd.get_or_insert(0.0) += cost;
        }
    }
}

fn line(counted: &Counted<'_>) -> String {
    let scored = counted.outcomes.get(Outcome::Scored.name()).copied().unwrap_or(0);
    let others: Vec<String> = counted
        .outcomes
        .iter()
        .filter(|(outcome, _)| **outcome != Outcome::Scored.name())
        .map(|(outcome, count)| format!(", {count} {outcome}"))
        .collect();
    let cost = counted.cost_usd.map(|cost| format!(", {cost:.4} USD")).unwrap_or_default();
    format!("{}: {} verdicts: {scored} scored{}{cost}\n", counted.judge, counted.verdicts, others.concat())
}
