//! The command line: the only code that knows clap, the environment, the clock and the file system it writes to.

mod args;
mod audit;
mod config;
mod error;
mod gold;
mod judge;
mod output;
mod report;
mod schema;
mod staging;
mod stub;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use error::CliError;

/// Audits automated judges: recall on omission harm beside recall on commission harm.
#[derive(Debug, Parser)]
#[command(name = "lacuna", version, max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done, 1 unexpected failure, 2 usage, 3 bad input or configuration.

Examples:
  lacuna audit
  lacuna gold import xstest --from exaggerated-safety --out xstest
  lacuna audit --gold xstest --judge xstest/judges --out reports/xstest";

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole path: gold set and judges in, report out.
    Audit(args::AuditArgs),
    /// Gold sets: check one, import a published one.
    #[command(subcommand)]
    Gold(gold::GoldCommand),
    /// Judges: list what is declared.
    #[command(subcommand)]
    Judge(judge::JudgeCommand),
    /// Draws the report again from an evaluation.json.
    Report(report::ReportArgs),
    /// Prints the JSON Schema of a file format.
    Schema(schema::SchemaArgs),
    /// A provider on a local socket whose blindness is known, for tests and trials.
    #[command(hide = true)]
    StubServer(Box<stub::StubArgs>),
}

/// How data are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Runs the program on the process's own arguments. A panic, which is a bug, ends with the code of an unexpected failure.
pub fn main() -> ExitCode {
    let command = Cli::parse().command;
    match std::panic::catch_unwind(|| run(&command)) {
        Ok(Ok(()) | Err(CliError::ClosedPipe)) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            output::report_error(&error);
            ExitCode::from(error.exit_code())
        }
        Err(_) => {
            output::say("error: this is a bug in lacuna; nothing was written");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), CliError> {
    match command {
        Command::Audit(args) => audit::run(args),
        Command::Gold(command) => gold::run(command),
        Command::Judge(command) => judge::run(command),
        Command::Report(args) => report::run(args),
        Command::Schema(args) => schema::run(args),
        Command::StubServer(args) => stub::run(args),
    }
}
