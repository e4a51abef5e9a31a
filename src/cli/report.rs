//! `lacuna report`: draws the report again from an evaluation.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::audit::report_files;
use super::error::CliError;
use super::output;
use super::staging::{Existing, write_folder};
use crate::gold::read_file;
use crate::measure::Evaluation;
use crate::model::{EVALUATION_FORMAT, Problem};

/// Arguments of `lacuna report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  lacuna report --evaluation reports/xstest/evaluation.json --out page")]
pub(super) struct ReportArgs {
    /// An evaluation.json.
    #[arg(long, value_name = "FILE")]
    evaluation: PathBuf,
    /// A new or empty folder for page, figures and tables.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(args: &ReportArgs) -> Result<(), CliError> {
    let file = &args.evaluation;
    let bytes = read_file(file)?;
    let evaluation: Evaluation = serde_json::from_slice(&bytes).map_err(|error| {
        let message = format!("is not an evaluation ({EVALUATION_FORMAT}): {error}");
        Problem::line(file, error.line(), message)
    })?;
    if evaluation.format != EVALUATION_FORMAT {
        let message = format!("found {}; allowed: \"{EVALUATION_FORMAT}\"", crate::model::shown(&evaluation.format));
        return Err(Problem::key(file, 1, "format", message).into());
    }
    let mut files: BTreeMap<PathBuf, Vec<u8>> = report_files(&evaluation, None)?;
    // The evaluation goes along as it was read, to the byte.
    files.insert(PathBuf::from("evaluation.json"), bytes);
    write_folder(&args.out, &files, Existing::Nothing)?;
    output::say(&format!("report: {}", output::path(&args.out.join("index.html"))));
    Ok(())
}
