//! `lacuna completions`: what a shell needs to complete commands and flags.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::error::CliError;
use super::{Cli, output};

/// Arguments of `lacuna completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
The script goes to standard output; put it where your shell looks for completions.

Examples:
  lacuna completions bash > ~/.local/share/bash-completion/completions/lacuna
  lacuna completions zsh > ~/.zfunc/_lacuna
  lacuna completions fish > ~/.config/fish/completions/lacuna.fish")]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "lacuna", &mut script);
    output::data(&String::from_utf8_lossy(&script))
}
