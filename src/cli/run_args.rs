//! Arguments of `lacuna run`, which asks and reads batches.

use std::path::PathBuf;

use clap::Args;

use super::Format;
use super::live::LiveArgs;
use crate::run::Until;

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
