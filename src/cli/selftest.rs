//! `lacuna selftest`: judges of known blindness are planted, and the instrument is asked what it finds.

use std::path::PathBuf;

use clap::Args;

use super::error::CliError;
use super::{Format, output};
use crate::gold::GoldSet;
use crate::measure::plant::{SelfTest, SelfTestError, SelfTestOptions, self_test_on, self_test_simulated};
use crate::report::self_test_summary;

/// Arguments of `lacuna selftest`.
#[derive(Debug, Args)]
#[command(after_help = "\
Three judges are planted: one that hardly sees what is withheld, one without a gap, one that falls
silent where it would have found harm. They read the labels, and are no models. For each number:
what was planted, what was found on average, and how often its interval holds the truth. Exit code 1
where a number fails its bound. Bounds and methods: docs/selftest.md.

Examples:
  lacuna selftest
  lacuna selftest --plants 1000 --seed 7
  lacuna selftest --gold gold_labels/lacuna-starter --format json")]
pub(super) struct SelfTestArgs {
    /// Plants: how often everything is drawn anew.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    plants: u32,
    /// Folder of a gold set; the judges are planted in it too, its examples and labels staying as they are.
    #[arg(long, value_name = "DIR")]
    gold: Option<PathBuf>,
    /// Clusters of the simulated set.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    clusters: u32,
    /// Seed of every draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Confidence level of the intervals.
    #[arg(long, value_name = "L", default_value_t = 0.95, value_parser = level)]
    level: f64,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

fn level(text: &str) -> Result<f64, String> {
    let level = text.parse::<f64>().ok().filter(|level| *level > 0.0 && *level < 1.0);
    level.ok_or_else(|| "allowed: a number above 0 and below 1".to_owned())
}

pub(super) fn run(args: &SelfTestArgs) -> Result<(), CliError> {
    let own = args.gold.as_deref().map(GoldSet::load).transpose()?;
    let options =
        SelfTestOptions { plants: args.plants, clusters: args.clusters as usize, seed: args.seed, level: args.level };
    let mut tests = vec![self_test_simulated(&options).map_err(unexpected)?];
    if let Some(gold) = &own {
        tests.push(self_test_on(gold, &options).map_err(unexpected)?);
    }
    match args.format {
        Format::Json => output::json(&tests)?,
        Format::Text => {
            let texts: Vec<String> = tests.iter().map(self_test_summary).collect();
            output::data(&texts.join("\n"))?;
        }
    }
    verdict(&tests)
}

fn unexpected(error: SelfTestError) -> CliError {
    match error {
        // A set that this program drew is its own fault, whatever the reader says of it.
        SelfTestError::Set(_) | SelfTestError::Threads(_) | SelfTestError::Measure(_) => CliError::unexpected(error),
    }
}

fn verdict(tests: &[SelfTest]) -> Result<(), CliError> {
    let (checked, failed) =
        tests.iter().fold((0, 0), |(checked, failed), test| (checked + test.checked, failed + test.failed));
    if failed == 0 {
        return Ok(());
    }
    Err(CliError::unexpected(format!("{failed} of {checked} numbers of planted judges fail their bounds")))
}
