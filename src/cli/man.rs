//! `lacuna man`: man pages, from the same definitions as `--help`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::error::CliError;
use super::staging::{Existing, write_folder};
use super::{Cli, output};
use crate::model::{Problem, shown};

/// Arguments of `lacuna man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  lacuna man > lacuna.1
  lacuna man gold show | man -l -
  lacuna man --out man1")]
pub(super) struct ManArgs {
    /// The command, such as `gold show`; the program itself where absent.
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    command: Vec<String>,
    /// A new or empty folder for the pages of every command.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs) -> Result<(), CliError> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(out) = &args.out else {
        let (_, page) = page(named(&program, &args.command)?)?;
        return output::data(&String::from_utf8_lossy(&page));
    };
    let mut pages = BTreeMap::new();
    collect(&program, &mut pages)?;
    write_folder(out, &pages, Existing::Nothing)?;
    output::say(&format!("{} pages: {}", pages.len(), output::path(out)));
    Ok(())
}

/// The command that the words lead to.
fn named<'a>(program: &'a Command, words: &[String]) -> Result<&'a Command, Problem> {
    words.iter().try_fold(program, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let allowed: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            let allowed = if allowed.is_empty() { "nothing more".to_owned() } else { allowed.join(", ") };
            Problem::file("COMMAND".as_ref(), format!("found {}; allowed: {allowed}", shown(word)))
        })
    })
}

fn collect(command: &Command, pages: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<(), CliError> {
    let (name, bytes) = page(command)?;
    pages.insert(PathBuf::from(name), bytes);
    command.get_subcommands().try_for_each(|below| collect(below, pages))
}

/// A page with its file name.
fn page(command: &Command) -> Result<(String, Vec<u8>), CliError> {
    let man = Man::new(command.clone()).source(concat!("lacuna ", env!("CARGO_PKG_VERSION"))).manual("lacuna");
    let mut bytes = Vec::new();
    man.render(&mut bytes).map_err(CliError::unexpected)?;
    Ok((man.get_filename(), bytes))
}
