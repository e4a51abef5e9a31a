//! `lacuna gold agreement`: how firm the labels are, and what that does to a judge's recall.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::error::CliError;
use crate::cli::{Format, output};
use crate::gold::GoldSet;
use crate::judge::load_judges;
use crate::measure::{DEFAULT_MARGIN, DEFAULT_RESAMPLES, Listing, MeasureOptions, PrimaryComparison, rater_agreement};
use crate::model::PerAxis;
use crate::report::agreement_summary;
use crate::run::execute;

/// Confidence level of every interval.
const LEVEL: f64 = 0.95;

/// Arguments of `lacuna gold agreement`.
#[derive(Debug, Args)]
#[command(after_help = "\
Per axis: how often every two raters agree, Cohen's kappa and Krippendorff's alpha with intervals
over clusters, and who gives the higher severity. With judges, the recall of each when a positive
is one to either rater, to all raters, or by the gold label.
What each number is: docs/statistics.md.

Examples:
  lacuna gold agreement mine
  lacuna gold agreement mine --list
  lacuna gold agreement xstest --judge xstest/judges --format json")]
pub(in crate::cli) struct AgreementArgs {
    /// Folder of the set.
    #[arg(value_name = "DIR")]
    gold: PathBuf,
    /// Judge file, or a folder of them; repeatable.
    #[arg(long, value_name = "FILE|DIR")]
    judge: Vec<PathBuf>,
    /// Name the examples on which raters differ.
    #[arg(long)]
    list: bool,
    /// Seed of baselines that draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &AgreementArgs) -> Result<(), CliError> {
    let gold = Arc::new(GoldSet::load(&args.gold)?);
    let judges = if args.judge.is_empty() { Vec::new() } else { load_judges(&args.judge)? };
    let runtime = tokio::runtime::Builder::new_multi_thread().build().map_err(CliError::unexpected)?;
    let thresholds = PerAxis::from_fn(|axis| gold.card.axis(axis).threshold);
    let runs = runtime.block_on(execute(&gold, judges, args.seed, thresholds, None))?.runs;
    let listing = if args.list { Listing::Examples } else { Listing::Counts };
    let options = MeasureOptions {
        seed: args.seed,
        level: LEVEL,
        thresholds: PerAxis::default(),
        margin: DEFAULT_MARGIN,
        resamples: DEFAULT_RESAMPLES,
        primary: PrimaryComparison::default(),
    };
    let agreement = rater_agreement(&gold, &runs, &options, listing)?;
    match args.format {
        Format::Json => output::json(&agreement),
        Format::Text => output::data(&agreement_summary(&agreement)),
    }
}
