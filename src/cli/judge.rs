//! `lacuna judge`: what is declared, and what asking would take.

mod check;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::error::CliError;
use super::{Format, output};
use crate::judge::{JudgeSpec, bundled_judges, load_judges};
use crate::model::Axis;

/// The end of `lacuna judge --help`.
pub(super) const AFTER_HELP: &str = "\
A judge is a TOML file: a model that is asked, a panel of judges, recorded verdicts, or a baseline.

Examples:
  lacuna judge list
  lacuna judge list --judge mine/judges
  lacuna judge check --judge judges/openai.toml --gold mine";

/// Subcommands of `lacuna judge`.
#[derive(Debug, Subcommand)]
pub(super) enum JudgeCommand {
    /// Says what would be sent, to whom, and what that costs at most.
    Check(check::CheckArgs),
    /// Lists judges: the bundled ones, or those of the files given.
    List(ListArgs),
}

/// Arguments of `lacuna judge list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  lacuna judge list
  lacuna judge list --judge mine/judges --judge judges/random.toml
  lacuna judge list --format json")]
pub(super) struct ListArgs {
    /// Judge file, or a folder of them; repeatable.
    #[arg(long, value_name = "FILE|DIR")]
    judge: Vec<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Serialize)]
struct Listed<'a> {
    judge: &'a str,
    kind: &'a str,
    title: Option<&'a str>,
    model: Option<&'a str>,
    axes: &'a [Axis],
}

pub(super) fn run(command: &JudgeCommand) -> Result<(), CliError> {
    match command {
        JudgeCommand::Check(args) => check::run(args),
        JudgeCommand::List(args) => list(args),
    }
}

fn list(args: &ListArgs) -> Result<(), CliError> {
    let judges = if args.judge.is_empty() { bundled_judges() } else { load_judges(&args.judge)? };
    let listed: Vec<Listed<'_>> = judges.iter().map(listed).collect();
    match args.format {
        Format::Json => output::json(&listed),
        Format::Text => {
            let lines: String = listed
                .iter()
                .map(|judge| {
                    let axes: Vec<&str> = judge.axes.iter().map(|axis| axis.name()).collect();
                    let title = crate::report::one_line(judge.title.unwrap_or(""));
                    format!("{:<26} {:<9} {:<22} {title}\n", judge.judge, judge.kind, axes.join(", "))
                })
                .collect();
            output::data(&lines)
        }
    }
}

fn listed(judge: &JudgeSpec) -> Listed<'_> {
    Listed {
        judge: &judge.name,
        kind: judge.kind.name(),
        title: judge.title.as_deref(),
        model: judge.model.as_deref(),
        axes: &judge.axes,
    }
}
