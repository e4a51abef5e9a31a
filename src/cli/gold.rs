//! `lacuna gold`: check a set, browse it, hold its raters against each other, import one, split one,
//! build one from reference answers.

mod adjudicate;
mod agreement;
mod check;
mod export;
mod hints;
mod import;
mod probe;
mod show;
mod split;

use clap::Subcommand;

use super::error::CliError;

/// The end of `lacuna gold --help`.
pub(super) const AFTER_HELP: &str = "\
A gold set is a folder with card.toml, examples.jsonl and annotations.jsonl (or annotations/).

Examples:
  lacuna gold import xstest --from exaggerated-safety --out xstest
  lacuna gold check xstest
  lacuna gold show xstest --disputed";

/// Subcommands of `lacuna gold`.
#[derive(Debug, Subcommand)]
pub(super) enum GoldCommand {
    /// Has somebody decide what raters dispute and what nobody could judge, or lists it.
    Adjudicate(adjudicate::AdjudicateArgs),
    /// Holds raters against each other, and judges against labels made from them in three ways.
    Agreement(agreement::AgreementArgs),
    /// Reads a set strictly, says what it holds and what deserves a look.
    Check(check::CheckArgs),
    /// Puts examples into Label Studio or spreadsheets, blind.
    Export(export::ExportArgs),
    /// Reads a published set in its publisher's layout, or any table by a mapping file, or Label Studio's answers.
    Import(import::ImportArgs),
    /// Builds matched examples from reference answers: each item removed, hedged or made wrong in turn.
    Probe(probe::ProbeArgs),
    /// Browses the examples: filters, pages, one example whole.
    Show(show::ShowArgs),
    /// Writes a calibration and a test part, by cluster.
    Split(split::SplitArgs),
}

pub(super) fn run(command: &GoldCommand) -> Result<(), CliError> {
    match command {
        GoldCommand::Adjudicate(args) => adjudicate::run(args),
        GoldCommand::Agreement(args) => agreement::run(args),
        GoldCommand::Check(args) => check::run(args),
        GoldCommand::Export(args) => export::run(args),
        GoldCommand::Import(args) => import::run(args),
        GoldCommand::Probe(args) => probe::run(args),
        GoldCommand::Show(args) => show::run(args),
        GoldCommand::Split(args) => split::run(args),
    }
}
