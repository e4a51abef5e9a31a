//! The command line: the only code that knows clap, the environment, the clock and the file system it writes to.

mod args;
mod audit;
mod batch;
mod chosen;
mod compare;
mod completions;
mod config;
mod error;
mod evaluation_file;
mod figures;
mod gate;
mod gold;
mod init;
mod judge;
mod label;
mod live;
mod lock;
mod made;
mod man;
mod output;
mod plan;
mod progress;
mod report;
mod run;
mod run_args;
mod schema;
mod selftest;
mod staging;
mod stub;
mod write_answers;

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
Exit codes: 0 done, 1 unexpected failure, 2 usage, 3 bad input or configuration, 4 stopped before
every trial was asked, 5 a gate was not met, 130 interrupted.

Examples:
  lacuna audit
  lacuna init ratings.csv
  lacuna gold import xstest --from exaggerated-safety --out xstest
  lacuna audit --gold xstest --judge xstest/judges --out reports/xstest";

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole path: gold set and judges in, report out.
    Audit(args::AuditArgs),
    /// Looks at a table of labels and drafts a mapping and an audit file for it.
    Init(init::InitArgs),
    /// Gold sets: check one, browse it, hold its raters against each other, import one, split one.
    #[command(subcommand, after_help = gold::AFTER_HELP)]
    Gold(gold::GoldCommand),
    /// Judges: list what is declared, plan what asking takes.
    #[command(subcommand, after_help = judge::AFTER_HELP)]
    Judge(judge::JudgeCommand),
    /// Asks live judges and writes what they answered as recorded judges.
    Run(run_args::RunArgs),
    /// Blind labelling by people, in the browser.
    Label(label::LabelArgs),
    /// How many examples, positives and clusters it takes, and what a set can show as it is.
    Plan(Box<plan::PlanArgs>),
    /// Judge against judge, or run against run, and which judge to choose.
    Compare(Box<compare::CompareArgs>),
    /// Writes down the analysis before the verdicts are there, so that an audit can be held to it.
    Lock(lock::LockArgs),
    /// Holds limits against the intervals of an evaluation; exit code 5 where one is not met.
    Gate(gate::GateArgs),
    /// Draws the report again from an evaluation.json.
    Report(report::ReportArgs),
    /// Plants judges of known blindness and says how well they are measured.
    Selftest(selftest::SelfTestArgs),
    /// Prints the JSON Schema of a file format.
    Schema(schema::SchemaArgs),
    /// Prints a completion script for a shell.
    Completions(completions::CompletionsArgs),
    /// Prints a man page, or writes all of them.
    Man(man::ManArgs),
    /// A provider on a local socket whose blindness is known, for tests and trials.
    #[command(hide = true)]
    StubServer(Box<stub::StubArgs>),
}

/// How data are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Runs the program on the process's own arguments. A panic, which is a bug, ends with the code of an unexpected failure.
pub fn main() -> ExitCode {
    quiet_about_damaged_files();
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

/// polars panics at some damaged Parquet files; that is caught and said as a fault of the file. The panic's own words are
/// kept off the terminal, those of any other panic are not.
fn quiet_about_damaged_files() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|location| location.file().contains("polars")) {
            usual(panic);
        }
    }));
}

fn run(command: &Command) -> Result<(), CliError> {
    match command {
        Command::Audit(args) => audit::run(args),
        Command::Init(args) => init::run(args),
        Command::Gold(command) => gold::run(command),
        Command::Judge(command) => judge::run(command),
        Command::Run(args) => run::run(args),
        Command::Label(args) => label::run(args),
        Command::Plan(args) => plan::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Lock(args) => lock::run(args),
        Command::Gate(args) => gate::run(args),
        Command::Report(args) => report::run(args),
        Command::Selftest(args) => selftest::run(args),
        Command::Schema(args) => schema::run(args),
        Command::StubServer(args) => stub::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;

    /// A command and all below it.
    fn commands(command: &Command) -> Vec<Command> {
        let below = command.get_subcommands().filter(|below| below.get_name() != "help");
        std::iter::once(command.clone()).chain(below.flat_map(commands)).collect()
    }

    /// The commands of this program on an example line, without what is for the shell.
    fn lines_of(example: &str) -> Vec<&str> {
        let ours = |part: &&str| part.starts_with("lacuna ");
        example.split(" && ").flat_map(|part| part.split(" | ").next()).map(str::trim).filter(ours).collect()
    }

    /// The words of a line as a shell parts them: what stands in single quotes is one.
    fn words_of(line: &str) -> Vec<String> {
        let line = line.split(" > ").next().unwrap_or(line);
        let parts = line.split('\'').enumerate();
        let words = |(place, part): (usize, &str)| match place % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        };
        parts.flat_map(words).collect()
    }

    #[test]
    fn the_help_of_every_command_has_examples_and_each_of_them_is_read() {
        let all = commands(&Cli::command());
        assert!(all.len() > 12, "only {} commands were found", all.len());
        for command in all {
            let name = command.get_name();
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > 100).collect();
            // The lines of a paragraph are broken for the terminal; an example has to stand on one.
            let examples = help.split("Examples:\n").nth(1).unwrap_or("");
            assert!(examples.lines().all(|line| !wide.contains(&line)), "{name}: wider than 100 columns: {wide:?}");
            let lines: Vec<&str> = examples.lines().flat_map(|line| lines_of(line.trim())).collect();
            assert!(!lines.is_empty(), "{name}: no example in its help");
            for line in lines {
                if let Err(error) = Cli::try_parse_from(words_of(line)) {
                    panic!("{line}: {error}");
                }
            }
        }
    }

    #[test]
    fn the_definition_of_the_command_line_holds_together() {
        Cli::command().debug_assert();
    }
}
